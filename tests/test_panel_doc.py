"""What docs/panel.md says to press has that name in the panel."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TURKISH, ENGLISH = (ROOT / "docs/panel.md").read_text(encoding="utf-8").split("# The panel in English")
PRESSED = re.compile(r"\[([^\]]+)\](?!\()")


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    """English to Turkish, of what stands in a template."""
    catalogue = gettext.translation("mecra", ROOT / "locale", ["tr"])
    pages = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "panel").rglob("*") if path.suffix in (".html", ".py"))
    return {
        said: catalogue.gettext(said) for said in re.findall(r'\b_\("([^"]+)"\)|N_\("([^"]+)"\)', pages) for said in said if said
    }


def test_every_name_stands_on_a_page(names: dict[str, str]) -> None:
    assert set(PRESSED.findall(ENGLISH)) - names.keys() == set()
    assert set(PRESSED.findall(TURKISH)) - set(names.values()) == set()


def test_both_languages_walk_alike(names: dict[str, str]) -> None:
    assert len(re.findall(r"^\d\. ", TURKISH, re.M)) == len(re.findall(r"^\d\. ", ENGLISH, re.M)) == 14
    walks = zip(TURKISH.split("\n**")[-5:], ENGLISH.split("\n**")[-5:], strict=True)
    for turkish, english in walks:
        assert sorted(PRESSED.findall(turkish)) == sorted(names[name] for name in PRESSED.findall(english))
