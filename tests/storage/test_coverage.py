"""The days that were looked at, against a model so plain that it can't be wrong: every hour of every walk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import to_text
from storage import Storage
from storage.coverage import listings, looked, spans
from storage.knowledge import known_at
from tests.indicators.looking import copies
from tests.indicators.standing import LATER, Archive

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST, LAST = date(2025, 6, 21), date(2025, 7, 10)
ORIGIN = datetime(2025, 6, 20, 21, tzinfo=UTC)
DAYS = (LAST - FIRST).days + 1
WALKS = st.lists(st.tuples(st.integers(-72, 24 * DAYS + 72), st.sampled_from([0, 1, 23, 24, 25, 60, 200, 900])), max_size=12)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Storage]:
    return copies(tmp_path_factory.mktemp("db"), "x:a")


def seen(walks: list[tuple[int, int]], hour: int) -> bool:
    """Whether the hour that begins then was looked at."""
    return any(start - back <= hour and hour + 1 <= start for start, back in walks)


@settings(max_examples=150)
@given(WALKS, st.sampled_from(["posts", "stories"]))
def test_days_are_listed_where_every_hour_was_looked_at(
    empty: Callable[[], Storage], walks: list[tuple[int, int]], stream: str
) -> None:
    archive = Archive(storage := empty())
    for start, back in walks:
        at = ORIGIN + start * HOUR
        archive.told("x:a", at, stream=stream, since=at - back * HOUR)
    found = looked(storage, "x:a", [stream], FIRST, LAST, known_at(storage, LATER))
    told = [(start, min(back, 24) if stream == "stories" else back) for start, back in walks]
    listed, read = set(), set()
    for number in range(DAYS):
        day = FIRST + timedelta(number)
        last = day in (date(2025, 6, 30), LAST)  # a half-year's last day, and that of the days asked for
        if all(seen(told, 24 * number + hour) for hour in range(23 if last else 24)):
            listed.add(day)
    assert found.listed == listed
    for half in ([d for d in listed if d.month == 6], [d for d in listed if d.month == 7]):
        if half:
            begin = (min(half) - FIRST).days * 24 if half[0].month == 6 else 10_000
            starts = [s for s, back in walks if s <= 24 * DAYS and s - back <= begin]
            read |= {d for d in half if stream == "stories" or (starts and ((d - FIRST).days + 1) * 24 <= max(starts) + 1)}
    assert found.read == read
    storage.connection.close()


def test_where_posts_are_listed() -> None:
    assert listings("x") == ("posts",)
    assert listings("facebook") == ("posts", "reels")
    assert listings("instagram") == ("posts", "stories")
    assert listings("instagram", ("story",)) == ("posts",)


@settings(max_examples=150)
@given(WALKS, st.integers(0, 200), st.integers(1, 200))
def test_spans_are_the_hours_that_were_looked_at(
    empty: Callable[[], Storage], walks: list[tuple[int, int]], start: int, length: int
) -> None:
    archive = Archive(storage := empty())
    for hour, back in walks:
        archive.told("x:a", ORIGIN + hour * HOUR, stream="posts", since=ORIGIN + (hour - back) * HOUR)
    begin, end = to_text(ORIGIN + start * HOUR), to_text(ORIGIN + (start + length) * HOUR)
    found = spans(storage, "x:a", "posts", begin, end, known_at(storage, LATER))
    for hour in range(start, start + length):
        low, high = to_text(ORIGIN + hour * HOUR), to_text(ORIGIN + (hour + 1) * HOUR)
        assert any(one <= low and high <= other for one, other in found) == seen(walks, hour)
    assert found == sorted(found, reverse=True)
    storage.connection.close()
