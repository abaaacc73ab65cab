"""What the fuzzer found in files that an operator writes: named errors, whatever stands in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.news.matching import Rule
from collectors.news.urls import outlet_names
from config import load
from config.exports import words
from config.metrics import table
from config.secrets import Secrets
from model import MecraError
from storage.seal_file import read_lines

ENDLESS = ["a = " + "9" * 5000, "a = " + "[" * 5000, "a = " + "{a = " * 2000]


@pytest.mark.parametrize("text", ENDLESS, ids=["digits", "lists", "tables"])
def test_numbers_and_tables_without_end(tmp_path: Path, text: str) -> None:
    for name in ("mecra.toml", "news.toml", "x.toml", "exports.toml", "secrets.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "secrets.toml").chmod(0o600)
    for read in (
        lambda: load(tmp_path / "mecra.toml", {}),
        lambda: Rule.load(tmp_path / "news.toml"),
        lambda: table("x", tmp_path),
        lambda: words(tmp_path),
        lambda: Secrets({}, tmp_path / "secrets.toml"),
    ):
        with pytest.raises(MecraError):
            read()


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(MecraError):
        load(tmp_path / ("a" * 300), {})
    with pytest.raises(MecraError):
        Rule.of(tmp_path / ("a" * 300))


@pytest.mark.parametrize(
    "text",
    ["place = 5", "head = []", "look_in = 5", "look_in = [[]]", "counts = 5", "counts = [5]", "[[counts]]\nwords = 5", "[[excludes]]\nwords = 'a'\nreason = 5",
     "[[counts]]\npattern = 'a{99999999999}'", "[[counts]]\npattern = '" + "(" * 3000 + "'"],
)  # fmt: skip
def test_a_counting_rule_of_another_shape_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "news.toml"
    path.write_text(f'institution = "Örnek"\n{text}\n', encoding="utf-8")
    with pytest.raises(MecraError, match=r"news\.toml"):
        Rule.load(path)


def test_a_feed_without_an_outlet_takes_no_search_along(tmp_path: Path) -> None:
    """The settings take such a list, so every collector has to."""
    path = tmp_path / "feeds.toml"
    path.write_text(
        '[[feed]]\nurl = "https://a.example/rss"\n[[feed]]\nenabled = false\n[hosts]\n"b.example" = 5\n', encoding="utf-8"
    )
    assert outlet_names(path) == {"b.example": "5"}
    path = tmp_path / "others.toml"
    path.write_text('hosts = 5\n[[feed]]\nurl = "https://a.example/rss"\noutlet = "A"\n', encoding="utf-8")
    assert outlet_names(path) == {"a.example": "A"}


def test_a_secret_that_is_a_table_is_none(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    path.write_text(
        "[x]\ntoken = 'abc'\n" + "\n".join(f"[x.{'.'.join('a' * (n + 1))}]" for n in range(0, 900, 60)) + "\n", encoding="utf-8"
    )
    path.chmod(0o600)
    found = Secrets({}, path)
    assert (found.get("x", "token"), found.get("x", "a")) == ("abc", None)


def test_a_seal_of_a_million_digits_is_no_line_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "seals.txt"
    path.write_text(f"2026-07-02T09:00:00Z 2026-H1 {'1' * 5000} {'a' * 64}\n", encoding="utf-8")
    seals, others = read_lines(path)
    assert seals == [] and len(others) == 1
