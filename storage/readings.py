"""How a measured value is stored: one row as long as it stays the same.

A series is (account, post, metric, day). A row says that `value` was seen at `at` and still at `until`. A value that
changed is a new row; a lifetime counter that fell is kept and flagged. Values that arrive late take their place in time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime

from model import Reading, to_text

LAST = """
SELECT i.seq, r.reading, r.value, r.at, r.until
FROM incoming i LEFT JOIN readings r ON r.reading = (
    SELECT reading FROM readings
    WHERE account = ? AND post IS i.post AND metric = i.metric AND day IS i.day
    ORDER BY at DESC, reading DESC LIMIT 1)
ORDER BY i.seq
"""
INSERT = """
INSERT INTO readings (account, post, metric, day, value, at, until, exact, fell, response)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
FILLED = """
UPDATE gaps SET filled_at = ? WHERE account = ? AND filled_at IS NULL
AND EXISTS (SELECT 1 FROM incoming i WHERE i.post IS gaps.post AND i.metric = gaps.metric AND i.day IS gaps.day)
"""


def write_readings(
    connection: sqlite3.Connection, account: str, readings: Sequence[Reading], at: datetime, response: int | None
) -> int:
    """Store what was measured at `at`; answers the number of new rows. The caller holds the transaction."""
    if not readings:
        return 0
    series = {(r.post, r.metric, r.day): r for r in readings}
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS incoming (seq INTEGER PRIMARY KEY, post TEXT, metric TEXT NOT NULL, day TEXT)"
    )
    connection.execute("DELETE FROM incoming")
    connection.executemany(
        "INSERT INTO incoming VALUES (?, ?, ?, ?)",
        [(seq, post, metric, _day(day)) for seq, (post, metric, day) in enumerate(series)],
    )
    moment = to_text(at)
    fresh, extended, late = [], [], []
    for reading, (_, last, value, _, until) in zip(series.values(), connection.execute(LAST, (account,)).fetchall(), strict=True):
        row = (account, reading.post, reading.metric, _day(reading.day), reading.value, moment, moment, int(reading.exact))
        if last is None:
            fresh.append((*row, 0, response))
        elif moment < until:
            late.append((*row, 0, response))
        elif value == reading.value:
            if moment > until:
                extended.append((moment, last))
        else:
            fresh.append((*row, int(reading.post is not None and reading.day is None and reading.value < value), response))
    connection.execute(FILLED, (moment, account))
    connection.executemany(INSERT, fresh)
    connection.executemany("UPDATE readings SET until = ? WHERE reading = ?", extended)
    return len(fresh) + sum(_write_late(connection, row) for row in late)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _write_late(connection: sqlite3.Connection, row: tuple[object, ...]) -> int:
    """Put one value between its neighbours in time: extend the one that says the same, else split the one around it."""
    value, at = row[4:6]
    series = (*row[:4], at)
    near = "SELECT reading, value, at, until FROM readings WHERE account = ? AND post IS ? AND metric = ? AND day IS ?"
    before = connection.execute(f"{near} AND at <= ? ORDER BY at DESC, reading DESC LIMIT 1", series).fetchone()
    after = connection.execute(f"{near} AND at > ? ORDER BY at, reading LIMIT 1", series).fetchone()
    if before and before[1] == value:
        connection.execute("UPDATE readings SET until = max(until, ?) WHERE reading = ?", (at, before[0]))
        return 0
    if after and after[1] == value and not (before and before[3] >= str(at)):
        connection.execute("UPDATE readings SET at = ?, response = ? WHERE reading = ?", (at, row[9], after[0]))
        return 0
    added = 1
    connection.execute(INSERT, row)
    if before and before[3] > str(at):
        connection.execute(
            "INSERT INTO readings (account, post, metric, day, value, at, until, exact, fell, response) "
            "SELECT account, post, metric, day, value, until, until, exact, fell, response FROM readings WHERE reading = ?",
            (before[0],),
        )
        connection.execute("UPDATE readings SET until = at WHERE reading = ?", (before[0],))
        added += 1
    return added
