"""What the counters of an account's posts stood at, and the platform's own figures per day.

The value of a counter at an instant is its last reading at or before it. A post that was published by then and had not been read
yet has the value of its first reading: so what it gained before that is in no period, and periods add up. Of two readings of the
same second the one stored later.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from storage import Storage
from storage.knowledge import Known

SERIES = "FROM readings r WHERE r.account = :account AND r.post = p.post AND r.metric = p.metric AND r.day IS NULL"
KNOWN = "(r.response IS NULL OR r.response <= :response)"
NEWEST = "ORDER BY r.at DESC, r.reading DESC LIMIT 1"
SEEN = "r.at || ' ' || r.value || ' ' || r.reading || ' ' || ifnull(r.response, '')"  # one look into one index, its time first
MINE = """posts p WHERE p.account = :account AND p.published_at >= :since AND p.published_at < :end
AND (p.response IS NULL OR p.response <= :response) AND p.kind NOT IN (SELECT value FROM json_each(:leave_out))"""
# Posts whose counters have not moved since the beginning have gained nothing: they are not looked at any further. Most are known by
# `last_moves` alone. Materialized, because SQLite would else look once for each place that a column stands in.
COUNTERS = f"""
WITH metrics AS MATERIALIZED (SELECT value AS metric FROM json_each(:metrics)),
mine AS MATERIALIZED (
    SELECT p.post, p.stream, p.published_at, m.metric
    FROM {MINE.replace(" p WHERE ", " p LEFT JOIN last_moves l ON l.account = :account AND l.post = p.post CROSS JOIN metrics m WHERE ", 1)}
    AND (p.published_at >= :start OR l.moved_at > :start OR l.response IS NULL OR l.response > :response
         OR NOT instr(l.metrics, ' ' || m.metric || ' '))),
looked AS MATERIALIZED (
    SELECT p.*, (SELECT {SEEN} {SERIES} AND r.at <= :until AND {KNOWN} {NEWEST}) AS closing FROM mine p),
moved AS MATERIALIZED (
    SELECT p.*, CASE WHEN p.published_at < :start AND p.closing IS NOT NULL
                THEN (SELECT {SEEN} {SERIES} AND r.at <= :start AND {KNOWN} {NEWEST}) END AS opening
    FROM looked p WHERE p.published_at >= :start OR ifnull(p.closing, '~') > :start),
gone AS MATERIALIZED (
    SELECT post, gone_at FROM posts WHERE account = :account AND gone_at IS NOT NULL AND gone_at <= :known)
SELECT p.metric, p.post, p.stream, p.published_at, gone.gone_at, p.opening, p.closing,
       CASE WHEN p.closing IS NULL OR (p.opening IS NULL AND p.published_at < :start)
       THEN (SELECT {SEEN} {SERIES} AND r.at <= :known AND {KNOWN} ORDER BY r.at, r.reading DESC LIMIT 1) END
FROM moved p LEFT JOIN gone ON gone.post = p.post
ORDER BY p.published_at, p.post
"""
POSTS = f"SELECT p.stream, count(*), count(*) FILTER (WHERE p.published_at < :start) FROM {MINE} GROUP BY p.stream"
GONE = f"SELECT count(*) FROM {MINE} AND p.gone_at IS NOT NULL AND p.gone_at >= :start AND p.gone_at < :end AND p.gone_at <= :known"
FALLS = f"""
SELECT count(*), ifnull(sum(fall), 0) FROM (
    SELECT (SELECT r.value FROM readings r WHERE r.account = n.account AND r.post = n.post AND r.metric = n.metric AND r.day IS NULL
            AND r.at < n.at AND {KNOWN} {NEWEST}) - n.value AS fall
    FROM readings n JOIN {MINE.replace(" WHERE ", " ON p.post = n.post AND ", 1)}
    WHERE n.account = :account AND n.metric = :metric AND n.fell = 1 AND n.at > :start AND n.at <= :until
    AND (n.response IS NULL OR n.response <= :response))
WHERE fall > 0
"""
DAYS = """
SELECT day, value, reading, at, response FROM (
    SELECT day, value, reading, at, response, row_number() OVER (PARTITION BY day ORDER BY at DESC, reading DESC) AS newest
    FROM readings WHERE account = ? AND post IS NULL AND metric = ? AND day BETWEEN ? AND ? AND (response IS NULL OR response <= ?))
WHERE newest = 1 ORDER BY day
"""
WHY = """
SELECT day, reason FROM gaps WHERE account = ? AND post IS NULL AND metric = ? AND day BETWEEN ? AND ?
AND (response IS NULL OR response <= ?) ORDER BY day, at, gap
"""
WHY_UNREAD = """
SELECT post, reason FROM gaps WHERE account = ? AND post IN (SELECT value FROM json_each(?)) AND metric = ? AND day IS NULL
AND (response IS NULL OR response <= ?) ORDER BY post, at, gap
"""
STREAMS = "SELECT DISTINCT stream FROM definitions WHERE platform = ? AND metric = ?"


class Seen(NamedTuple):
    """A reading, with the answer that it came from."""

    value: int
    reading: int
    at: str
    response: int | None


class Posts(NamedTuple):
    """How many posts, and how many of them were published before the start."""

    number: int
    older: int


class Counter(NamedTuple):
    """One counter of a post at two instants. `first`: its first reading, where there was none yet at one of them."""

    post: str
    stream: str
    published_at: str
    gone_at: str | None
    opening: Seen | None
    closing: Seen | None
    first: Seen | None


@dataclass(frozen=True, slots=True)
class Span:
    """Posts published from `since` up to `end`, their counters from `start` up to `until` (UTC text). Empty `since`: all."""

    start: str
    end: str
    until: str
    since: str = ""
    leave_out: tuple[str, ...] = ()


def counters(storage: Storage, account: str, metrics: Sequence[str], span: Span, known: Known) -> dict[str, list[Counter]]:
    """By metric the counters that may have moved, in the order of publication; of a post that is younger than `start` there is no
    opening."""
    values = _values(account, "", span, known) | {"metrics": json.dumps(list(metrics))}
    found: dict[str, list[Counter]] = {metric: [] for metric in metrics}
    for metric, post, stream, at, gone, opening, closing, first in storage.connection.execute(COUNTERS, values):
        found[metric].append(Counter(post, stream, at, gone, _seen(opening), _seen(closing), _seen(first)))
    return found


def posts_by_stream(storage: Storage, account: str, span: Span, known: Known) -> dict[str, Posts]:
    """How many posts were published up to the end, by the stream that lists them."""
    rows = storage.connection.execute(POSTS, _values(account, "", span, known))
    return {stream: Posts(*counts) for stream, *counts in rows}


def deleted_posts(storage: Storage, account: str, span: Span, known: Known) -> int:
    """How many posts were missed for the first time between the start and the end."""
    row = storage.connection.execute(GONE, _values(account, "", span, known)).fetchone()
    return int(row[0])


def falls(storage: Storage, account: str, metric: str, span: Span, known: Known) -> tuple[int, int]:
    """How often counters of posts fell between `start` and `until`, and by how much in all."""
    row = storage.connection.execute(FALLS, _values(account, metric, span, known)).fetchone()
    return row[0], row[1]


def figures_by_day(storage: Storage, account: str, metric: str, first: date, last: date, known: Known) -> dict[date, Seen]:
    """The platform's own figures of its days: of each the newest."""
    rows = storage.connection.execute(DAYS, (account, metric, first.isoformat(), last.isoformat(), known.response))
    return {date.fromisoformat(day): Seen(*seen) for day, *seen in rows}


def why_missing(storage: Storage, account: str, metric: str, first: date, last: date, known: Known) -> dict[date, str]:
    """The reasons that were told for days without a figure; also for days that have got one since."""
    rows = storage.connection.execute(WHY, (account, metric, first.isoformat(), last.isoformat(), known.response))
    return {date.fromisoformat(day): reason for day, reason in rows}


def why_unread(storage: Storage, account: str, metric: str, posts: Sequence[str], known: Known) -> dict[str, str]:
    """The reasons that were told for posts without a counter."""
    rows = storage.connection.execute(WHY_UNREAD, (account, json.dumps(list(posts)), metric, known.response))
    return dict(rows.fetchall())


def streams_of(storage: Storage, platform: str, metric: str) -> set[str]:
    """The streams that a platform tells a metric in; empty where nothing is known of it."""
    return {stream for (stream,) in storage.connection.execute(STREAMS, (platform, metric))}


def _values(account: str, metric: str, span: Span, known: Known) -> dict[str, object]:
    return {
        "account": account,
        "metric": metric,
        "since": span.since,
        "start": span.start,
        "end": span.end,
        "until": min(span.until, known.text),
        "leave_out": json.dumps(span.leave_out),
        "known": known.text,
        "response": known.response,
    }


def _seen(text: str | None) -> Seen | None:
    if text is None:
        return None
    at, value, reading, response = text.split(" ")
    return Seen(int(value), int(reading), at, int(response) if response else None)
