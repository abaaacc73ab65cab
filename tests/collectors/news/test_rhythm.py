"""When to look at a feed again, and when its silence is an alarm."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.news.rhythm import Rhythm

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


def settled(per_hour: float, days: int = 6) -> Rhythm:
    """The rhythm of a feed that has had so many items an hour, polled hourly."""
    rhythm, owed = Rhythm().after(NOW, 1, []), 0.0
    for hour in range(1, days * 24):
        at, owed = NOW + timedelta(hours=hour), owed + per_hour
        rhythm = rhythm.after(at, int(owed), []).at(at)
        owed -= int(owed)
    return rhythm


@pytest.mark.parametrize(("per_hour", "minutes"), [(60, 15), (2, 15), (1, 30), (0.5, 60), (0.25, 120)])
def test_half_the_time_between_two_items(per_hour: float, minutes: int) -> None:
    assert settled(per_hour).interval(15, 1440) == pytest.approx(timedelta(minutes=minutes), rel=0.15)


def test_within_its_bounds() -> None:
    assert settled(0, days=60).interval(15, 1440) == timedelta(days=1)
    assert settled(100).interval(20, 60) == timedelta(minutes=20)
    assert Rhythm().interval(15, 1440) == timedelta(minutes=30)


def test_the_first_poll_goes_by_the_dates() -> None:
    hourly = [NOW - timedelta(hours=n) for n in range(30)]
    assert Rhythm().after(NOW, 30, hourly).interval(15, 1440) == timedelta(minutes=30)
    assert Rhythm().after(NOW, 30, [None, hourly[4], None]).newest == hourly[4]
    assert Rhythm().after(NOW, 30, [None] * 30).newest == NOW


def test_silence_is_measured_by_the_feeds_own_habit() -> None:
    busy, slow = settled(4), settled(1 / 48, days=30)
    assert busy.silent(NOW + timedelta(days=8)) is None
    assert busy.silent(NOW + timedelta(days=10)) is not None
    assert slow.silent(NOW + timedelta(days=45)) is None
    assert slow.silent(NOW + timedelta(days=65)) is not None
    assert busy.silent(NOW + timedelta(days=7), days=0.5) is not None
    assert Rhythm().silent(NOW) is None


def test_a_frozen_feed_is_an_alarm_at_the_first_poll() -> None:
    old = [NOW - timedelta(days=40 + n) for n in range(20)]
    assert Rhythm().after(NOW, 20, old).silent(NOW) == timedelta(days=40)


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 500)), max_size=12))
def test_any_history_comes_back_from_its_memo(polls: list[tuple[int, int]]) -> None:
    rhythm, at = Rhythm(), NOW
    for minutes, fresh in polls:
        at += timedelta(minutes=minutes)
        rhythm = rhythm.after(at, fresh, [at]).at(at)
        assert timedelta(minutes=15) <= rhythm.interval(15, 1440) <= timedelta(days=1)
        again = Rhythm.of(json.loads(json.dumps(rhythm.to_memo())))
        assert (again.asked, again.newest) == (rhythm.asked, rhythm.newest)
        assert again.rate == pytest.approx(rhythm.rate, abs=1e-4)
