"""A plan file: read whole or refused, with every mistake in it told at once. `config/plans/h7.2.toml` shows what stands in one."""

from __future__ import annotations

import hashlib
import re
import tomllib
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from config import PLANS
from config.checks import ConfigError
from config.plan import Plan
from config.plan_card import read_card
from config.plan_lines import Lines
from config.plan_reading import Mistake, Notebook
from config.plan_rules import metrics_of
from words import N_, _

MOST_BYTES = 1_000_000
BOMS = (b"\xff\xfe", b"\xfe\xff")
AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
# What tomllib says, in the words of whoever wrote the file.
SLIPS = (
    ("Cannot overwrite a value", N_("this key or table stands there twice"), N_("remove one of the two")),
    ("Cannot declare", N_("this key or table stands there twice"), N_("remove one of the two")),
    ("Cannot mutate", N_("this key or table stands there twice"), N_("remove one of the two")),
    ("Duplicate inline table key", N_("this key or table stands there twice"), N_("remove one of the two")),
    ("Invalid value", N_("this is no value"), N_('put text and printed figures in quotes: "11.617", "%95"')),
    ("Expected newline", N_("the line goes on after its value"), N_('put text and printed figures in quotes: "11.617", "%95"')),
    ("Unterminated string", N_("a text has no end"), N_("close the quotes")),
    ('Expected "\'"', N_("a text has no end"), N_("close the quotes")),
    ("Unescaped '\\'", N_("a backslash in double quotes"), N_("put the text in 'single quotes'")),
    ("Unclosed array", N_("a list has no end"), N_("close it with ]")),
    ("Unclosed inline table", N_("a table in braces has no end on its line"), N_("close it with } on the same line")),
    ("Expected '='", N_("a key without ="), N_('write key = "value"; a comment begins with #')),
    ("Invalid statement", N_("this is no key"), N_('write key = "value"; a comment begins with #')),
    ("Invalid initial character for a key part", N_("this is no key"), N_('write key = "value"; a comment begins with #')),
    ("Expected ']", N_("a table's name has no end"), N_("write [name] or [[name]] on a line of its own")),
    ("Illegal character", N_("a character that can't be seen, or a line break inside quotes"), N_("type the line again")),
)


class PlanError(ConfigError):
    """The plan can't be used; `mistakes` are all that is wrong with it."""

    def __init__(self, name: str, mistakes: list[Mistake]) -> None:
        first = mistakes[0]
        more = _(" (and {n} more: `mecra plan check {name}`)").format(n=len(mistakes) - 1, name=name) if mistakes[1:] else ""
        super().__init__(f"{told(name, first)}{more}")
        self.mistakes = mistakes


def told(name: str, mistake: Mistake) -> str:
    """`file:line: key: what -> cure`"""
    return f"{name}:{mistake.line}: {mistake.key}: {mistake.what} -> {mistake.cure}"


def load_plan(path: Path, metrics: Path | None = None) -> Plan:
    """The plan in a file; raises PlanError, which is a MecraError."""
    plan, mistakes = check_plan(path, metrics)
    if plan is None:
        raise PlanError(str(path), mistakes)
    return plan


def check_plan(path: Path, metrics: Path | None = None) -> tuple[Plan | None, list[Mistake]]:
    """The plan, or None and every mistake in the file by line. `metrics`: where an operator's own metric tables are (default:
    `metrics` beside the plan, as beside the settings). Raises nothing for what stands in the file.
    """
    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        names = ", ".join(sorted(file.stem for file in PLANS.glob("*.toml")))
        cure = _("see to `plan` in mecra.toml: a file beside it, or one of {names}").format(names=names)
        return None, [Mistake(1, "-", _("there is no such file"), cure)]
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        return None, [Mistake(1, "-", _("the file can't be read: {why}").format(why=why), _("see to its name and its rights"))]
    if len(body) > MOST_BYTES:
        return None, [Mistake(1, "-", _("the file is larger than 1 MB"), _("is it a plan? One has some 20 kB"))]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 if body.startswith(BOMS) else body.count(b"\n", 0, error.start) + 1
        what = _("the file is not UTF-8 (byte {n})").format(n=error.start)
        return None, [Mistake(line, "-", what, _("save it as UTF-8 (in Notepad: Save as, Encoding: UTF-8)"))]
    return _read(text, metrics_of(metrics or path.parent / "metrics"))


@lru_cache(maxsize=8)
def parse_plan(text: str, name: str) -> Plan:
    """A plan as it was stored once: whatever is a metric today, it is read as it was. Raises PlanError. What was read is kept: pages ask
    for the same few plans again and again, and a plan never changes."""
    plan, mistakes = _read(text, None)
    if plan is None:
        raise PlanError(name, mistakes)
    return plan


def _read(text: str, metrics: Any) -> tuple[Plan | None, list[Mistake]]:
    lines = Lines(text)
    try:
        raw = tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except RecursionError:
        return None, [Mistake(lines.last, "-", _("tables or lists within each other without end"), _("write the plan flatter"))]
    except (ValueError, ArithmeticError) as error:
        return None, [_slip(str(error), lines)]
    book = Notebook(lines, raw, metrics)
    plan = read_card(book, hashlib.sha256(text.encode()).hexdigest(), text)
    return (None if book.mistakes else plan), sorted(set(book.mistakes))


def _slip(said: str, lines: Lines) -> Mistake:
    match = AT.search(said)
    line = int(match[1]) if match and match[1] else lines.last
    if said.startswith("Unclosed"):  # told where it was opened, not where that was noticed
        line = min(line, lines.last)
    for begins, what, cure in SLIPS:
        if said.startswith(begins):
            return Mistake(line, "-", _(what), _(cure))
    return Mistake(
        line, "-", _("the line can't be read ({told})").format(told=AT.sub("", said)), _("compare it with config/plans/h7.2.toml")
    )
