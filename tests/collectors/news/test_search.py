"""Windows of a search: together they are the span that was asked for, whatever comes back full, and they come to an end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.base import Expired, Malformed
from collectors.news.search import Window, Windows

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def asked(windows: Windows, full: Callable[[Window], bool], narrowest: timedelta = HOUR) -> list[Window]:
    """The windows of which nothing is asked again, in the order in which they are reached."""
    done = []
    while windows.left:
        first = windows.left[0]
        windows = Windows.of(windows.cursor) if windows.cursor else windows
        after = windows.after(full=full(first), narrowest=narrowest)
        if len(after.left) < len(windows.left):
            done.append(first)
        windows = after
    return done


@settings(deadline=None, max_examples=60)
@given(
    hours=st.integers(0, 400),
    step=st.integers(1, 200),
    busy=st.sets(st.integers(0, 400), max_size=6),
    narrowest=st.sampled_from([HOUR, 6 * HOUR]),
)
def test_what_is_asked_is_the_span_once_and_narrow_where_it_is_busy(
    hours: int, step: int, busy: set[int], narrowest: timedelta
) -> None:
    until = START + hours * HOUR
    windows = Windows.between(START, until, step * HOUR)
    moments = [START + hour * HOUR for hour in busy]

    def full(window: Window) -> bool:
        return window[1] - window[0] > narrowest and any(window[0] <= moment < window[1] for moment in moments)

    done = asked(windows, full, narrowest)
    assert done[0][1] == until and done[-1][0] == START
    assert all(later[0] == earlier[1] for later, earlier in pairwise(done))
    assert all(window[1] - window[0] <= narrowest for window in done if full(window))


def test_what_is_always_full_is_given_up() -> None:
    windows, count = Windows.between(START, START + 72 * HOUR, 72 * HOUR), 0
    with pytest.raises(Malformed, match="4 windows in a row"):
        while windows.left:
            count += 1
            windows = windows.after(full=True, narrowest=HOUR)
    assert count < 20


def test_one_that_is_not_full_starts_the_count_again() -> None:
    windows = Windows.between(START, START + 10 * HOUR, HOUR)
    for number in range(10):
        windows = windows.after(full=number % 4 < 3, narrowest=HOUR)
    assert windows.cursor is None


@pytest.mark.parametrize("cursor", ["", "{", "[]", '{"windows": 1, "cut": 0}', '{"windows": [["2026-03-01", "x"]], "cut": 0}'])
def test_a_cursor_that_can_not_be_read_is_dead(cursor: str) -> None:
    with pytest.raises(Expired, match="from the top"):
        Windows.of(cursor)
