"""On which local days the press was looked at: feeds by when they were read, searches by the span that they were asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from model import Period, from_text, to_text
from storage import Storage
from storage.database import transaction
from storage.knowledge import Known

DAY = timedelta(days=1)
IN_TIME = timedelta(hours=48)  # a feed holds what is newer than that; where it doesn't, it tells a gap
PRESS = ("feed", "gdelt", "gnews")

WHOLE = "outcome IN ('done', 'partial') AND finished_at <= :known"
# A walk that failed at first began before it read: what counts is when it ended.
FEEDS = f"""
WITH days AS MATERIALIZED (
    SELECT json_extract(value, '$[0]') AS day, json_extract(value, '$[1]') AS ends, json_extract(value, '$[2]') AS late
    FROM json_each(:days)
), feeds AS MATERIALIZED (
    SELECT value AS feed, (
        SELECT finished_at FROM walks WHERE account = value AND stream = 'items' AND {WHOLE} ORDER BY started_at LIMIT 1
    ) AS began FROM json_each(:feeds)
)
SELECT feed, day FROM feeds JOIN days ON began < ends WHERE EXISTS (
    SELECT 1 FROM walks WHERE account = feed AND stream = 'items' AND {WHOLE}
    AND started_at >= ends AND started_at < late AND finished_at < late
) OR (
    SELECT finished_at FROM walks WHERE account = feed AND stream = 'items' AND {WHOLE} AND started_at < ends
    ORDER BY started_at DESC LIMIT 1
) BETWEEN ends AND late
"""
ROLLED = """
SELECT at, until FROM gaps
WHERE account = ? AND post IS NULL AND metric = 'items' AND at BETWEEN ? AND ? AND (response IS NULL OR response <= ?)
"""
BEFORE = f"""
SELECT finished_at FROM walks
WHERE account = :feed AND stream = 'items' AND {WHOLE} AND started_at < :at AND finished_at < :at ORDER BY started_at DESC LIMIT 1
"""
SEARCHED = f"""
SELECT max(since, strftime('%Y-%m-%dT%H:%M:%SZ', started_at, :reach)), started_at FROM walks
WHERE account = :search AND stream = 'articles' AND {WHOLE} AND started_at >= :start AND since < :end ORDER BY 1, 2
"""
FULL = """
SELECT day FROM gaps
WHERE account = ? AND post IS NULL AND metric = 'articles' AND day BETWEEN ? AND ? AND at <= ? AND (response IS NULL OR response <= ?)
"""


def feed_days(storage: Storage, feeds: Sequence[str], days: Sequence[date], known: Known) -> dict[str, set[date]]:
    """Of days that are over, those of which a feed's items are known: it was read at their end or within 48 hours of it, it had
    been read once by then, and it had not rolled over since it was read before."""
    ends = {day: Period.midnight(day + DAY, storage.zone) for day in days}
    asked = [[day.isoformat(), to_text(end), to_text(end + IN_TIME)] for day, end in ends.items()]
    read: dict[str, set[date]] = {feed: set() for feed in feeds}
    values = {"feeds": json.dumps(list(feeds)), "days": json.dumps(asked), "known": known.text}
    for feed, day in storage.connection.execute(FEEDS, values) if days else ():
        read[feed].add(date.fromisoformat(day))
    if days:
        for feed in feeds:
            read[feed] -= _rolled(storage, feed, min(days), max(days), known)
    return read


def search_days(storage: Storage, search: str, days: Sequence[date], known: Known, *, reach: timedelta) -> set[date]:
    """Of the days those that whole walks asked for from end to end, no farther back than `reach`, and got all that there was."""
    if not days:
        return set()
    start, end = Period.midnight(min(days), storage.zone), Period.midnight(max(days) + DAY, storage.zone)
    values = {
        "search": search, "known": known.text, "start": to_text(start), "end": to_text(end), "reach": f"-{int(reach.total_seconds())} seconds",
    }  # fmt: skip
    spans: list[tuple[str, str]] = []
    for low, high in storage.connection.execute(SEARCHED, values):
        if spans and low <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], high)
        elif low < high:
            spans.append((low, high))
    span = (min(days).isoformat(), max(days).isoformat())
    full = {row[0] for row in storage.connection.execute(FULL, (search, *span, known.text, known.response))}
    return {day for day in days if day.isoformat() not in full and _within(storage, day, spans)}


def leave(storage: Storage, kept: Iterable[str], day: date) -> None:
    """Feeds and searches that the settings name no more are over since the day before `day`: nothing is asked of them any longer."""
    last, names = (day - DAY).isoformat(), json.dumps(sorted(kept))
    with transaction(storage.connection, by_itself=True):
        storage.connection.execute(
            f"UPDATE accounts SET until = ? WHERE platform IN {PRESS} AND account NOT IN (SELECT value FROM json_each(?)) "
            "AND (until IS NULL OR until > ?)",
            (last, names, last),
        )


def _within(storage: Storage, day: date, spans: Iterable[tuple[str, str]]) -> bool:
    begins, ends = to_text(Period.midnight(day, storage.zone)), to_text(Period.midnight(day + DAY, storage.zone))
    return any(low <= begins and ends <= high for low, high in spans)


def _rolled(storage: Storage, feed: str, first: date, last: date, known: Known) -> set[date]:
    """The days on which items may have come and gone unseen: from the reading before to the one that found nothing old left."""
    low, high = to_text(Period.midnight(first, storage.zone)), to_text(Period.midnight(last + DAY, storage.zone) + IN_TIME)
    days: set[date] = set()
    for at, until in storage.connection.execute(ROLLED, (feed, low, min(high, known.text), known.response)).fetchall():
        for found in {at, min(until, known.text)}:
            row = storage.connection.execute(BEFORE, {"feed": feed, "at": found, "known": known.text}).fetchone()
            begins, ends = _local(storage, row[0] if row else found), _local(storage, found)
            days |= {begins + timedelta(n) for n in range((ends - begins).days + 1)}
    return days


def _local(storage: Storage, at: str) -> date:
    return from_text(at).astimezone(storage.zone).date()
