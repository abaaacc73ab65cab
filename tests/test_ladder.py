"""When a stream is due, over a simulated half-year and more: no drift, every rung, each edge, and what a long sleep costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.ladder import EDGE_AHEAD, Due, edges_around, next_due, retry_after_failure
from model import Rung, Stream

ISTANBUL = ZoneInfo("Europe/Istanbul")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 1, 20, 7, 13, 5, tzinfo=UTC)
HORIZON = datetime(2025, 12, 31, 21, tzinfo=UTC)

POSTS = Stream("posts", (Rung(HOUR, DAY), Rung(DAY, 7 * DAY), Rung(7 * DAY, 30 * DAY), Rung(30 * DAY, 184 * DAY)), edge=True)
PROFILE = Stream("profile", (Rung(DAY),), edge=True)
STORIES = Stream("stories", (Rung(6 * HOUR),))


@dataclass
class Past:
    """The walks that were made, as the database would remember them: (started, lower end)."""

    walks: list[tuple[datetime, datetime]] = field(default_factory=list)
    horizon: datetime = HORIZON

    def last_start(self, depth: timedelta) -> datetime | None:
        return next((s for s, since in reversed(self.walks) if s - since >= depth or since <= self.horizon), None)

    def due(self, stream: Stream, now: datetime, *, due_at: datetime | None = None, account: str = "x:a") -> Due:
        return next_due(
            account, stream, now, horizon=self.horizon, due_at=due_at, last_start=self.last_start, edges=edges_around(now, ISTANBUL)
        )


def lived(
    stream: Stream, start: datetime, end: datetime, late: Callable[[int], timedelta], past: Past
) -> Iterator[tuple[datetime, Due]]:
    """Every run from `start` to `end`, each so much late, as a daemon makes them."""
    now, number = start, 0
    while now < end:
        due = past.due(stream, now)
        if due.at > now:
            now = due.at + late(number)
            due = past.due(stream, now)
        if now >= end:
            return
        assert due.at <= now
        past.walks.append((now, due.since))
        yield now, due
        number += 1


def half_year(
    stream: Stream, late: Callable[[int], timedelta] = lambda number: 30 * timedelta(seconds=1)
) -> list[tuple[datetime, Due]]:
    return list(lived(stream, START, START + 190 * DAY, late, Past()))


def test_the_first_walk_goes_back_to_the_horizon() -> None:
    assert Past().due(POSTS, START) == Due(START, HORIZON)
    assert Past().due(POSTS, START, due_at=START + DAY) == Due(START + DAY, HORIZON), "but not before a gone account's rest is over"


def test_the_reading_of_an_edge_that_was_slept_through_is_as_deep_as_its_period() -> None:
    """A machine that sleeps over 30 June reads afterwards what the whole half-year has published, not 184 days from then on."""
    begin, edge = datetime(2026, 12, 31, 21, tzinfo=UTC), datetime(2027, 6, 30, 21, tzinfo=UTC)
    asleep, awake = edge - 6 * DAY, edge + 4 * DAY
    past = Past([(edge - 20 * DAY, begin), (asleep, asleep - 7 * DAY)])
    assert past.due(POSTS, awake).since <= begin
    past.walks.append((awake, past.due(POSTS, awake).since))
    assert past.due(POSTS, awake + HOUR).since > awake - 2 * DAY, "once"


def test_no_drift_in_half_a_year() -> None:
    """Each run half a minute late, or forty minutes: there are as many as there are hours, all on the same minute."""
    for lateness in (timedelta(seconds=30), 40 * MINUTE):
        runs = half_year(POSTS, lambda number, lateness=lateness: lateness)  # type: ignore[misc]
        edges = [due.at for _, due in runs if due.at.minute == 0 and due.at.second == 0 and due.at.hour == 20]
        grid = [due.at for _, due in runs[1:] if due.at not in edges]
        assert {(at.minute, at.second) for at in grid} == {(grid[0].minute, grid[0].second)}
        assert [b - a for a, b in pairwise(grid) if b - a != HOUR] in ([], [2 * HOUR]), "none is left out, but for the edge's own"
        assert 190 * 24 - 2 <= len(grid) <= 190 * 24 + 1
        assert all(due.missed == 0 for _, due in runs)


@pytest.mark.parametrize("rung", POSTS.ladder, ids=lambda rung: str(rung.every))
def test_every_rung_is_kept(rung: Rung) -> None:
    """Whatever the hour's own runs do: between two walks of a rung's depth there is never more than its interval."""
    runs = half_year(POSTS)
    deep = [now for now, due in runs if now - due.since >= rung.depth or due.since <= HORIZON]
    assert deep[0] == runs[0][0]
    assert all(b - a <= rung.every + MINUTE for a, b in pairwise(deep))
    assert START + 190 * DAY - deep[-1] <= rung.every
    needed = 190 * DAY / rung.every
    assert len(deep) <= needed * 2.2 + 4, f"{len(deep)} deep walks, {needed:.0f} are enough: depth costs money on X"


def test_a_run_looks_no_deeper_than_a_rung_asks_for() -> None:
    for (_, due), (later, after) in pairwise(half_year(POSTS)):
        depth = later - after.since
        assert depth <= 184 * DAY + 2 * HOUR
        assert after.since >= HORIZON or after.since == due.since


def test_walks_leave_no_hole_between_them() -> None:
    for (before, _), (_, due) in pairwise(half_year(POSTS)):
        assert due.since <= before - HOUR
    for (before, _), (_, due) in pairwise(half_year(PROFILE)):
        assert due.since <= before


@pytest.mark.parametrize("stream", [POSTS, PROFILE], ids=lambda stream: stream.name)
@pytest.mark.parametrize("lateness", [timedelta(seconds=5), 50 * MINUTE])
def test_there_is_a_reading_in_the_last_hour_before_every_edge(stream: Stream, lateness: timedelta) -> None:
    start = datetime(2024, 11, 3, 5, 0, 1, tzinfo=UTC)
    past = Past(horizon=datetime(2024, 6, 30, 21, tzinfo=UTC))
    runs = list(lived(stream, start, start + 430 * DAY, lambda number: lateness, past))
    for year in (2025, 2026, 2027):
        for month in (1, 7):
            edge = datetime(year, month, 1, tzinfo=ISTANBUL)
            if not start < edge < start + 430 * DAY:
                continue
            begun = datetime(year - (month == 1), 7 if month == 1 else 1, 1, tzinfo=ISTANBUL)
            ahead = [(now, due) for now, due in runs if edge - EDGE_AHEAD <= now < edge]
            assert ahead, edge
            if stream is POSTS:
                assert any(due.since <= begun for _, due in ahead), "as deep as the period"
            assert len(ahead) <= 3


def test_the_edges_are_istanbul_s() -> None:
    before, last, following = edges_around(datetime(2026, 6, 30, 20, 59, 59, tzinfo=UTC), ISTANBUL)
    assert [str(e) for e in (before, last, following)] == [
        "2025-06-30 21:00:00+00:00",
        "2025-12-31 21:00:00+00:00",
        "2026-06-30 21:00:00+00:00",
    ]
    assert edges_around(datetime(2026, 6, 30, 21, tzinfo=UTC), ISTANBUL)[1] == datetime(2026, 6, 30, 21, tzinfo=UTC)


@given(
    st.datetimes(START.replace(tzinfo=None, year=2015), START.replace(tzinfo=None, year=2040)),
    st.sampled_from(["Europe/Istanbul", "UTC", "America/Los_Angeles", "Pacific/Kiritimati"]),
)
def test_an_instant_stands_between_its_edges(naive: datetime, name: str) -> None:
    now, zone = naive.replace(tzinfo=UTC), ZoneInfo(name)
    before, last, following = edges_around(now, zone)
    assert before < last <= now < following
    assert {e.astimezone(zone).strftime("%m-%d %H:%M") for e in (before, last, following)} <= {"01-01 00:00", "07-01 00:00"}
    assert edges_around(last, zone)[1] == last and edges_around(following, zone)[0] == last


@pytest.mark.parametrize("weeks", [1, 3, 30])
def test_a_machine_that_slept_catches_up_once_and_deep_enough(weeks: int) -> None:
    past = Past()
    *_, (last, _) = lived(POSTS, START, START + 60 * DAY, lambda number: timedelta(seconds=20), past)
    expected = past.due(POSTS, last).at
    awake = last + weeks * 7 * DAY
    due = past.due(POSTS, awake)
    assert due.at == expected
    assert due.missed == int((awake - expected) / HOUR) and abs(due.missed - weeks * 7 * 24) <= 1
    assert due.since <= last - HOUR, "nothing between the walks is left out"
    past.walks.append((awake, due.since))
    after = past.due(POSTS, awake)
    assert awake < after.at <= awake + HOUR and after.missed == 0, "once, and then as always"


@given(st.integers(0, 400 * 24 * 60), st.integers(0, 3000), st.sampled_from([POSTS, PROFILE, STORIES]))
def test_missed_is_the_number_of_grid_points_that_went_by(minutes: int, offset: int, stream: Stream) -> None:
    past = Past([(START + offset * MINUTE, HORIZON)])
    now = START + offset * MINUTE + minutes * MINUTE
    due = past.due(stream, now)
    every = stream.ladder[0].every
    if due.at > now:
        assert due.missed == 0 and due.at - now <= every
    else:
        assert due.at + due.missed * every <= now < due.at + (due.missed + 1) * every


@settings(max_examples=40)
@given(st.lists(st.integers(1, 40 * 24 * 60), min_size=1, max_size=25), st.sampled_from([POSTS, PROFILE]))
def test_however_irregular_nothing_is_left_out_and_it_settles(waits: list[int], stream: Stream) -> None:
    past, now = Past(), START
    for minutes in waits:
        due = past.due(stream, now)
        newest = past.last_start(timedelta(0))
        assert due.since >= HORIZON and (newest is None or due.since <= newest)
        past.walks.append((now, due.since))
        after = past.due(stream, now)
        assert after.at > now, "a walk that was just made is not due"
        assert after.at <= now + stream.ladder[0].every, "and the next one is not later than its rung"
        now += minutes * MINUTE


def test_accounts_do_not_all_start_at_once() -> None:
    past = Past([(START, HORIZON)])
    times = {past.due(POSTS, START, account=f"x:{n}").at for n in range(200)}
    assert len(times) > 150 and max(times) - min(times) <= HOUR
    assert past.due(POSTS, START, account="x:7") == past.due(POSTS, START, account="x:7")


def test_a_ladder_that_grows_deeper_is_made_up_for_at_once() -> None:
    past = Past([(START, START - DAY)])
    shallow = Stream("posts", (Rung(HOUR, DAY),))
    deeper = Stream("posts", (Rung(HOUR, DAY), Rung(DAY, 7 * DAY)))
    assert past.due(shallow, START + MINUTE).at > START + MINUTE
    due = past.due(deeper, START + MINUTE)
    assert due.at == START + MINUTE and due.since == START + MINUTE - 7 * DAY


def test_a_ladder_that_grows_faster_or_slower_holds_from_the_last_walk_on() -> None:
    past = Past([(START, HORIZON)])
    fast, slow = Stream("posts", (Rung(15 * MINUTE, DAY),)), Stream("posts", (Rung(7 * DAY, DAY),))
    assert past.due(fast, START).at <= START + 15 * MINUTE
    assert START < past.due(slow, START).at <= START + 7 * DAY
    assert past.due(fast, START + 3 * DAY).missed == int((START + 3 * DAY - past.due(fast, START).at) / (15 * MINUTE))


def test_the_source_s_wish_is_kept() -> None:
    """A feed that says "come back in a week" is not asked before (no stream that is read at the edges has such a wish)."""
    past = Past([(START, HORIZON)])
    assert past.due(STORIES, START + HOUR, due_at=START + 7 * DAY) == Due(START + 7 * DAY, past.due(STORIES, START).since)
    assert past.due(STORIES, START + 8 * DAY, due_at=START + 7 * DAY).missed == 4


@given(st.integers(0, 10**6))
def test_a_failure_waits_between_a_quarter_and_six_hours(attempts: int) -> None:
    wait = retry_after_failure(attempts, START) - START
    assert 15 * MINUTE <= wait <= 6 * HOUR
    assert retry_after_failure(attempts + 1, START) - START >= wait
