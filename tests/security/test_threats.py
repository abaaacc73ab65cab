"""docs/security.md says of each threat which test shows that it is stopped: that test is there, and each line has one."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@cache
def defined_in(file: str) -> set[str]:
    path = ROOT / file
    if not path.exists():
        return set()
    return {node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}


def lines() -> list[list[str]]:
    """The rows of the tables of threats: threat, what stops it, shown by, what remains."""
    section = PAGE.partition("\n## Threats\n")[2].partition("\n## Secrets\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in section.splitlines() if line.startswith("| ")]
    return [row for row in rows if row[0] != "threat" and not set(row[0]) <= {"-", " "}]


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED.findall(PAGE))))
def test_a_test_that_is_named_is_there(file: str, name: str) -> None:
    assert name in defined_in(file), f"{file} has no {name}: correct docs/security.md, or write it"


def test_every_threat_has_what_stops_it_a_test_and_what_remains() -> None:
    assert len(lines()) >= 40
    for row in lines():
        assert len(row) == 4, row
        threat, stops, shown, remains = (cell.strip(" |") for cell in row)
        assert threat and stops and remains, row
        assert NAMED.search(shown), f"no test shows it: {threat}"


def test_every_test_of_this_directory_is_named() -> None:
    """What is attacked stands on the page."""
    own = {f"tests/security/{path.name}" for path in Path(__file__).parent.glob("test_*.py")} - {"tests/security/test_threats.py"}
    assert own <= {file for file, _name in NAMED.findall(PAGE)}


def test_what_the_page_names_of_the_program_is_there() -> None:
    for path in re.findall(r"`((?:collectors|console|storage|panel|upkeep|docs|config)/[\w/]+\.(?:py|service|md))`", PAGE):
        assert (ROOT / path).exists(), path
