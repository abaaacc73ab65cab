"""Whatever stops mecra, or a request, is said in Turkish too: every `raise` in the code is looked at."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from collectors.base import Refused, Unavailable
from reports.failure_words import CURES, WHAT
from reports.failures import failure_said, gap_said
from tests.test_architecture import named, sources, tree
from words import _, speaking

COLLECTING = {"CollectError", "Unavailable", "RateLimited", "OverBudget", "Expired", "Refused", "Gone", "Unsupported", "Malformed"}
STOPPING = {"MecraError", "ConfigError", "StorageError", "Overtaken", "PlanError", "FileError", "Damaged"}
# What is not ours to translate, and why.
PASSED_ON = {
    "{}, or {}": "two cures, which stand in the list as one text",
    "{} [code {}{}]": "Meta's own words",
    "dialect = {}": "a setting and its value",
    "{}": "the platform's own words",
}
TOGETHER = "consent again with `mecra auth youtube`"  # goes on with another text


def template(node: ast.expr) -> list[str]:
    """The texts that an expression can be, with {} for what is put in; nothing for what is not a text of this place."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)]
    if isinstance(node, ast.IfExp):
        return template(node.body) + template(node.orelse)
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "_with":
        return [text + more for text in template(node.args[1]) for more in ("", "{}")]
    return []


def raised() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(where, text, the list that it has to be in) of every error of collecting."""
    for path in sources():
        texts = {
            target.id: template(node.value)
            for node in tree(path).body if isinstance(node, ast.Assign)
            for target in node.targets if isinstance(target, ast.Name)
        }  # fmt: skip
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in COLLECTING:
                said: list[tuple[ast.expr, tuple[str, ...]]] = [(argument, WHAT) for argument in node.args[:1]]
                said += [(k.value, CURES) for k in node.keywords if k.arg == "cure"]
                for expression, known in said:
                    found = texts.get(expression.id, []) if isinstance(expression, ast.Name) else template(expression)
                    yield from ((f"{named(path)}:{node.lineno}", text, known) for text in found)


def plain(text: str) -> str:
    return re.sub(r"\{\w*\}", "{}", text)


def test_what_collectors_say_can_be_said_in_turkish() -> None:
    found = list(raised())
    assert len(found) > 150
    unknown = [(where, text) for where, text, known in found if text not in PASSED_ON and text not in {plain(one) for one in known}]
    assert unknown == [], "reports/failure_words.py"
    with speaking("tr"):
        assert [text for text in (*WHAT, *CURES) if _(text) == text] == []


def test_no_text_is_kept_that_nobody_says() -> None:
    written = {
        text
        for path in sources() if named(path) != "reports/failure_words.py"
        for node in ast.walk(tree(path)) if isinstance(node, (ast.Constant, ast.JoinedStr))
        for text in template(node)
    }  # fmt: skip
    written |= {text for _where, text, _known in raised()}
    assert [text for text in (*WHAT, *CURES) if plain(text) not in written and not text.startswith(TOGETHER)] == []


def test_what_stops_mecra_is_in_the_catalogue() -> None:
    """A text that is put together without `_` would be English on every screen."""
    wrong = []
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in STOPPING and node.args:
                literal = re.sub(r"\{\}|--[\w-]+", "", "".join(template(node.args[0])))
                if re.search(r"[A-Za-z]{3}", literal):
                    wrong.append(f"{named(path)}:{node.lineno}: {literal}")
    assert wrong == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            Refused("the token was refused: (#190) Session has expired [code 190]", at="GET /v26.0/me", cure="the token was revoked: consent again with `mecra auth`"),
            "GET /v26.0/me: anahtar reddedildi: (#190) Session has expired [code 190] -> anahtar geri alınmış: `mecra auth` ile yeniden izin veriniz",
        ),
        (Unavailable("the platform answers 503", cure="tried again by itself later"), "platform 503 yanıtını veriyor -> sonra kendiliğinden yeniden denenir"),
        (Unavailable("Ünlü bir söz {0}", at="x", cure="no cure of ours"), "x: Ünlü bir söz {0} -> no cure of ours"),
    ],
)  # fmt: skip
def test_a_stored_error_is_said_in_the_reader_s_language(error: Exception, said: str) -> None:
    with speaking("tr"):
        assert failure_said(str(error)) == said
    with speaking("en"):
        assert failure_said(str(error)) == str(error)


def test_why_a_figure_is_missing_is_said_in_the_reader_s_language() -> None:
    """In reports and in the panel, with values or without."""
    with speaking("tr"):
        assert gap_said("none of the entries of the last poll are left among the 20 of this one") == (
            "son okumadaki kayıtlardan hiçbiri, bu okumadaki 20 kayıt arasında yok"
        )
        assert gap_said("not in the answer") != "not in the answer"
        assert gap_said("Someone's own words") == "Someone's own words"
        texts = {
            text
            for path in sources() if named(path).startswith("collectors/")
            for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and ast.unparse(node.func) == "Gap"
            for reason in [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "reason")]
            for text in template(reason)
        }  # fmt: skip
        assert [text for text in texts if gap_said(text.replace("{}", "7")) == text.replace("{}", "7")] == []


def test_each_text_stands_there_once() -> None:
    assert len(set(WHAT)) == len(WHAT) and len(set(CURES)) == len(CURES)
