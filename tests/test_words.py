"""The catalogue is whole, and the screen's numbers and dates are written as in Turkish."""

from __future__ import annotations

import io
import os
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import words
from config.metrics import BREAKS, SHIPPED

ROOT = Path(__file__).parents[1]
PO = words.CATALOGUES / "tr" / "LC_MESSAGES" / "mecra.po"
SPEAKING = (
    "cli",
    "words",
    "config",
    "collectors",
    "storage",
    "indicators",
    "scheduler",
    "console",
    "reports",
    "panel",
    "upkeep",
    "archive",
    "daemon",
)
Message = str | tuple[str, ...]


@pytest.fixture(autouse=True)
def turkish(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANGUAGE", "")
    words.speak("tr", os.environ)
    yield
    words.speak("en", os.environ)


def catalogue() -> Catalog:
    return read_po(io.BytesIO(PO.read_bytes()), locale="tr")


def used(*files: Path) -> set[Message]:
    found = (("jinja2" if file.suffix == ".html" else "python", str(file)) for file in files)
    return {message for how, file in found for _line, message, _comments, _context in extract_from_file(how, file) if message}


def spoken_by(part: str) -> list[Path]:
    """The files of a part that say something: its code and its pages."""
    return (
        [ROOT / f"{part}.py"] if (ROOT / f"{part}.py").exists() else [*(ROOT / part).rglob("*.py"), *(ROOT / part).rglob("*.html")]
    )


def test_every_text_of_the_screen_is_translated() -> None:
    ours = used(*(path for part in SPEAKING for path in spoken_by(part)))
    clicks = used(*sorted(Path(click.__file__).parent.glob("*.py")))
    known = {m.id: m for m in catalogue() if m.id}
    assert {message for message in ours | clicks if message not in known} == set()
    for message in known.values():
        texts = [message.string] if isinstance(message.string, str) else list(message.string or [""])
        assert all(texts), f"untranslated: {message.id}"
        assert not message.fuzzy
    assert set(known) - ours - clicks == set(), "nobody says these any more"


def test_breaks_of_the_shipped_tables_are_translated() -> None:
    """A note says them in the reader's language."""
    told = {entry["what"] for path in SHIPPED.glob("*.toml") for entry in tomllib.loads(path.read_text("utf-8")).get("break", [])}
    assert told and told == set(BREAKS)
    assert all(words._(text) != text for text in told)


def test_translations_keep_the_places_of_their_values() -> None:
    for message in catalogue():
        if message.id:
            assert not list(message.check()), message.id


def test_the_compiled_catalogue_is_the_written_one() -> None:
    fresh = io.BytesIO()
    write_mo(fresh, catalogue())
    assert PO.with_suffix(".mo").read_bytes() == fresh.getvalue(), "run pybabel compile (its line stands in the .po)"


def test_numbers_and_dates_in_turkish() -> None:
    assert words.number(22_465_660) == "22.465.660"
    assert words.percent(0.955) == "%95,5"
    assert words.decimal(1234.5, 1) == "1.234,5"
    assert words.day(date(2026, 11, 23)) == "23.11.2026"
    assert words.moment(datetime(2026, 12, 31, 22, 30, tzinfo=UTC), ZoneInfo("Europe/Istanbul")) == "01.01.2027 01:30"
    assert words.cost(830_000, "x") == "$0,830"
    assert words.costs({"x": 1_000, "youtube.data": 3, "youtube.analytics": 2}) == "$0,001, 5 birim"
    assert words.costs({}) == ""


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=5), "az önce"),
        (timedelta(minutes=59), "59 dk önce"),
        (timedelta(hours=47), "47 saat önce"),
        (timedelta(days=1200), "1.200 gün önce"),
    ],
)
def test_ages(length: timedelta, said: str) -> None:
    assert words.ago(length) == said


def test_english_stays_english() -> None:
    words.speak("en", os.environ)
    assert (words.number(22_465_660), words.percent(0.955), words.day(date(2026, 11, 23))) == ("22,465,660", "95.5%", "2026-11-23")
    assert words.outcome("rate limited") == "rate limited"


def test_every_outcome_has_a_word() -> None:
    from collectors import base

    outcomes = {c.outcome for c in vars(base).values() if isinstance(c, type) and issubclass(c, base.CollectError)}
    assert outcomes | {"done", "partial"} == set(words.OUTCOMES)
    assert words.outcome(None) == "sürüyor"
