"""When a stream is due, and how far back a walk then looks: pure arithmetic on what the database remembers.

Each rung of a ladder says "every so often, look back so far". Runs stand on a fixed grid (so that a run at an odd hour
moves no later one), shifted by some minutes an account (so that not everything starts at once).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TypeAlias
from zoneinfo import ZoneInfo

from model import Period, Stream

LastStart: TypeAlias = Callable[[timedelta], datetime | None]

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
OVERLAP = timedelta(hours=1)
EDGE_AHEAD = timedelta(hours=1)
FAILED_FIRST, FAILED_MOST = timedelta(minutes=15), timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Due:
    """The next walk of a stream: from when on, from what lower end, and how many runs before it did not happen."""

    at: datetime
    since: datetime
    missed: int = 0


def next_due(
    account: str,
    stream: Stream,
    now: datetime,
    *,
    horizon: datetime,
    due_at: datetime | None,
    last_start: LastStart,
    edges: Sequence[datetime] = (),
) -> Due:
    """When `stream` is next due, seen from `now`.

    `due_at` is what the newest finished walk said of it (its source's wish, or this function's answer then);
    `last_start(depth)` is the newest completed start that looked back `depth` or to the horizon; `horizon` is the lower
    end of a first walk, `edges` are the period boundaries around `now`, oldest first.
    """
    newest = last_start(timedelta(0))
    if newest is None:
        return Due(due_at or now, horizon)
    shift = _shift(account, stream)
    times = [(_after(done, rung.every, shift) if (done := last_start(rung.depth)) else now, rung.depth) for rung in stream.ladder]
    if stream.edge:
        times += _edges_due(stream, edges, last_start, now)
    at = due_at or min(moment for moment, _ in times)
    depth = max((depth for moment, depth in times if moment <= max(now, at)), default=timedelta(0))
    since = max(min(max(now, at) - depth, newest - (OVERLAP if depth else timedelta(0))), min(horizon, newest))
    return Due(at, since, missed=int((now - at) / stream.ladder[0].every) if at < now else 0)


def retry_after_failure(attempts: int, now: datetime) -> datetime:
    """When a walk that failed is gone on with: after 15 minutes, then twice as long each time, at most 6 hours."""
    return now + min(FAILED_MOST, FAILED_FIRST * (1 << min(attempts, 10)))


def edges_around(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime, datetime]:
    """The half-year boundary before the last one, the last one, and the next one, as UTC instants."""
    half = Period.half_of(now.astimezone(zone).date())
    last, following = half.span(zone)
    return Period.half_of(half.first - timedelta(days=1)).span(zone)[0], last, following


def _edges_due(stream: Stream, edges: Sequence[datetime], last_start: LastStart, now: datetime) -> list[tuple[datetime, timedelta]]:
    """The reading just before each period closes, as deep as the period (if the stream has any depth at all), also where it comes late."""
    deep = any(rung.depth for rung in stream.ladder)
    due = []
    for begun, edge in pairwise(edges):
        depth = edge - begun if deep else timedelta(0)
        done = last_start(max(timedelta(0), depth - EDGE_AHEAD))
        if done is None or done < edge - EDGE_AHEAD:
            due.append((edge - EDGE_AHEAD, depth + max(now - edge, timedelta(0)) if deep else depth))
    return due


def _shift(account: str, stream: Stream) -> timedelta:
    most = min(stream.ladder[0].every, timedelta(hours=1)).total_seconds() / 2
    return timedelta(seconds=zlib.crc32(f"{account}/{stream.name}".encode()) % max(1, int(most)))


def _after(moment: datetime, every: timedelta, shift: timedelta) -> datetime:
    """The first grid point after `moment`."""
    steps: int = (moment - EPOCH - shift) // every
    return EPOCH + shift + every * (steps + 1)
