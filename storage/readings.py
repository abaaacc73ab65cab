"""How a measured value is stored: one row as long as it stays the same.

A series is (account, post, metric, day). A row says that `value` was seen at `at` and still at `until`. A value that
changed is a new row; a lifetime counter that fell is kept and flagged. Values that arrive late take their place in time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import chain

from model import FILES, IMPORT, Reading, from_text, to_text

AT_ONCE = 600  # rows a statement: SQLite takes 32,766 values in one
INCOMING = """
CREATE TEMP TABLE IF NOT EXISTS incoming (
    post TEXT, metric TEXT NOT NULL, day TEXT, value INTEGER NOT NULL, exact INTEGER NOT NULL,
    last INTEGER, last_value INTEGER, last_until TEXT)
"""
# What a file said stands beside what was measured: no row of the one ever depends on the other.
HANDED = "SELECT 1 FROM walks WHERE account = ? AND stream = ? LIMIT 1"
MEASURED = f"({{0}}.response IS NULL OR (SELECT method FROM responses p WHERE p.response = {{0}}.response) != '{IMPORT}')"
LAST = """
UPDATE incoming SET (last, last_value, last_until) = (
    SELECT reading, value, until FROM readings r
    WHERE account = ? AND r.post IS incoming.post AND r.metric = incoming.metric AND r.day IS incoming.day AND {r}
    ORDER BY at DESC, reading DESC LIMIT 1)
"""
CHANGED = """
INSERT INTO readings (account, post, metric, day, value, at, until, exact, fell, response)
SELECT ?1, post, metric, day, value, ?2, ?2, exact, post IS NOT NULL AND day IS NULL AND value < ifnull(last_value, value), ?3
FROM incoming WHERE last IS NULL OR (value != last_value AND last_until <= ?2) ORDER BY rowid
"""
UNCHANGED = """
UPDATE readings SET until = ?1
WHERE reading IN (SELECT last FROM incoming WHERE value = last_value AND last_until < ?1)
"""
LATE = "SELECT post, metric, day, value, exact FROM incoming WHERE last_until > ? ORDER BY rowid"
# Before rows are added that may be a post's first ones: what measuring looks at first (storage/schema_speed.py).
MOVED = """
INSERT INTO last_moves (account, post, moved_at, response, metrics)
SELECT ?1, post, ?2, ?3, ' ' || group_concat(metric, ' ') || ' '
FROM incoming WHERE post IS NOT NULL AND day IS NULL AND (last IS NULL OR (value != last_value AND last_until <= ?2)) GROUP BY post
ON CONFLICT DO UPDATE SET moved_at = max(moved_at, excluded.moved_at)
"""
MOVED_LATE = """
UPDATE last_moves SET moved_at = (SELECT max(at) FROM readings r WHERE r.account = ?1 AND r.post = ?2 AND r.day IS NULL)
WHERE account = ?1 AND post = ?2
"""
INSERT = """
INSERT INTO readings (account, post, metric, day, value, at, until, exact, fell, response)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
"""
LATER_PART = """
INSERT INTO readings (account, post, metric, day, value, at, until, exact, fell, response)
SELECT account, post, metric, day, value, ?, until, exact, fell, response FROM readings WHERE reading = ?
"""
FELL = """
UPDATE readings AS f SET fell = value < ifnull((
    SELECT value FROM readings r WHERE r.account = f.account AND r.post = f.post AND r.metric = f.metric AND {r}
    AND r.day IS NULL AND (r.at, r.reading) < (f.at, f.reading) ORDER BY r.at DESC, r.reading DESC LIMIT 1), value)
WHERE account = ? AND post = ? AND metric = ? AND day IS NULL AND {f}
"""
FILLED = """
UPDATE gaps SET filled_at = ?1 WHERE gap IN (
    SELECT gap FROM incoming i CROSS JOIN gaps g
    WHERE g.account = ?2 AND g.filled_at IS NULL AND g.post IS i.post AND g.metric = i.metric AND g.day IS i.day)
"""


def write_readings(
    connection: sqlite3.Connection, account: str, readings: Sequence[Reading], at: datetime, response: int | None
) -> int:
    """Store what was measured at `at`; answers the number of new rows. The caller holds the transaction."""
    if not readings:
        return 0
    series = {(r.post, r.metric, r.day): r for r in readings}
    connection.execute(INCOMING)
    connection.execute("DELETE FROM incoming")
    rows = [(r.post, r.metric, _day(r.day), r.value, r.exact) for r in series.values()]
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        places = ", ".join(["(?, ?, ?, ?, ?)"] * len(some))
        connection.execute(f"INSERT INTO incoming (post, metric, day, value, exact) VALUES {places}", [*chain.from_iterable(some)])
    moment = to_text(at)
    measured = _measured(connection, account)
    connection.execute(LAST.format_map(measured), (account,))
    connection.execute(FILLED, (moment, account))
    late = connection.execute(LATE, (moment,)).fetchall()
    connection.execute(UNCHANGED, (moment,))
    added = connection.execute(CHANGED, (account, moment, response)).rowcount
    connection.execute(MOVED, (account, moment, response))
    for post, metric, day, value, exact in late:
        added += _write_late(connection, (account, post, metric, day, value, moment, moment, exact, response), measured)
    return added


def _measured(connection: sqlite3.Connection, account: str) -> dict[str, str]:
    """The condition that a row was measured, by the table's name in the query; of an account without files every row was."""
    handed = connection.execute(HANDED, (account, FILES)).fetchone()
    return {name: MEASURED.format(name) if handed else "TRUE" for name in "rf"}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _write_late(connection: sqlite3.Connection, row: tuple[object, ...], measured: dict[str, str]) -> int:
    """Put one value where it belongs in time: extend the row that says the same, else split the one around it. No row is begun
    earlier than it was: what a snapshot knew, it knows for ever.

    Of a row that is split, the later part begins a second after: when the old value was seen again is not known, and
    what was read of it at that time stays true.
    """
    value, at = row[4], str(row[5])
    series = (*row[:4], at)
    near = f"SELECT reading, value, at, until FROM readings r WHERE account = ? AND post IS ? AND metric = ? AND day IS ? AND {measured['r']}"
    before = connection.execute(f"{near} AND at <= ? ORDER BY at DESC, reading DESC LIMIT 1", series).fetchone()
    if before and before[1] == value:
        connection.execute("UPDATE readings SET until = max(until, ?) WHERE reading = ?", (at, before[0]))
        return 0
    added = connection.execute(INSERT, row).rowcount
    if before and before[2] <= at < before[3]:
        added += connection.execute(LATER_PART, (_seconds(at, 1), before[0])).rowcount
    if before and before[2] < at <= before[3]:
        connection.execute("UPDATE readings SET until = ? WHERE reading = ?", (_seconds(at, -1), before[0]))
    elif before and before[2] == at < before[3]:
        connection.execute("UPDATE readings SET until = at WHERE reading = ?", (before[0],))
    if row[1] is not None and row[3] is None:
        connection.execute(FELL.format_map(measured), row[:3])
        connection.execute(MOVED_LATE, row[:2])
    return added


def _seconds(at: str, seconds: int) -> str:
    return to_text(from_text(at) + timedelta(seconds=seconds))
