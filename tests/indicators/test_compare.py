"""Two periods beside each other: like for like, and told where they are not alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from config.plan import Count, Growth, Indicator, Level, Posts
from indicators.compare import Compared, compare
from model import Period, Reading
from storage import Storage
from storage.knowledge import known_at
from tests.indicators.standing import LATER, Archive, indicator, plan, store

FIRST, SECOND = datetime(2025, 6, 30, 20, tzinfo=UTC), datetime(2026, 6, 30, 20, tzinfo=UTC)
LEVEL = indicator(Level(), kind="level", target=1000)


def compared(
    storage: Storage, first: str = "2025-H1", second: str = "2026-H1", at: datetime = LATER, of: Indicator = LEVEL
) -> Compared:
    periods = [(Period.parse(period), known_at(storage, at)) for period in (first, second)]
    return compare(storage, plan(of), periods[0], periods[1])[0]


def test_an_account_that_came_in_between_is_told_and_left_out_of_like_for_like(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a", "tiktok:b"))
    archive.told("x:a", FIRST, readings=[Reading("followers", 100)])
    archive.told("x:a", SECOND, readings=[Reading("followers", 130)])
    archive.told("tiktok:b", SECOND, readings=[Reading("followers", 50)])
    found = compared(storage)
    assert (found.first.value, found.second.value) == (Fraction(100), Fraction(180))
    assert (found.change, found.growth) == (Fraction(80), Fraction(4, 5))
    assert found.alike == (Fraction(100), Fraction(130))
    assert [note.said() for note in found.told] == ["tiktok:b: not known in 2025-H1"]


def test_equal_scopes_need_no_second_number(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a"))
    archive.told("x:a", FIRST, readings=[Reading("followers", 100)])
    archive.told("x:a", SECOND, readings=[Reading("followers", 90)])
    found = compared(storage)
    assert (found.change, found.growth, found.alike, found.told) == (Fraction(-10), Fraction(-1, 10), None, ())


def test_what_is_unknown_is_not_compared(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a"))
    archive.told("x:a", SECOND, readings=[Reading("followers", 90)])
    found = compared(storage)
    assert (found.first.value, found.change, found.growth, found.alike) == (None, None, None, None)


def test_a_half_year_and_a_year_and_a_period_that_still_runs(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    runs = "2026 is not over: 151 of its 365 days"
    found = compared(storage, "2025-H1", "2026", at=SECOND - timedelta(days=30), of=indicator(Posts()))
    assert [note.said() for note in found.told] == [
        "2025-H1 is a half-year, 2026 a whole year: flows are not to be compared",
        runs,
    ]
    level = compared(storage, "2025-H1", "2026", at=SECOND - timedelta(days=30))
    assert [note.said() for note in level.told] == [runs], "what stands at the end of a half-year can be set beside a year's end"


def test_a_figure_that_means_something_else_is_told(tmp_path: Path) -> None:
    storage = store(tmp_path, "youtube:a")
    storage.define([], [("youtube", "views", "2026-08-24", "first frames count"), ("youtube", "likes", "2026-08-24", "x")])
    views = indicator(Growth((Count("youtube", ("views",), "days"),)))

    def told(first: str, second: str) -> list[str]:
        periods = [(Period.parse(period), known_at(storage, LATER)) for period in (first, second)]
        return [note.said() for note in compare(storage, plan(views), periods[0], periods[1])[0].told]

    assert told("2026-H1", "2027-H1") == ["youtube views: means something else from 2026-08-24 on: first frames count"]
    assert told("2025-H1", "2026-H1") == []
