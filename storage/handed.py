"""Figures that a file brought: rows of their own at the instant that they belong to, beside whatever was measured.

They never extend, split or flag a measured row, and are never changed: a statement of before the file was handed in stays
what it was. A later file that says another value for the same instant goes before the earlier one: its row holds a second
longer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from model import IMPORT, Reading, from_text, to_text

STANDING = f"""
SELECT value, until, response FROM readings r
WHERE account = ? AND post IS ? AND metric = ? AND day IS ? AND at = ?
AND (SELECT method FROM responses p WHERE p.response = r.response) = '{IMPORT}'
ORDER BY until DESC, reading DESC LIMIT 1
"""
INSERT = """
INSERT INTO readings (account, post, metric, day, value, at, until, exact, fell, response) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
"""
MOVED = """
INSERT INTO last_moves (account, post, moved_at, response, metrics) VALUES (?, ?, ?, ?, ' ' || ? || ' ')
ON CONFLICT DO UPDATE SET moved_at = max(moved_at, excluded.moved_at)
"""
FILLED = "UPDATE gaps SET filled_at = ? WHERE account = ? AND post IS ? AND metric = ? AND day = ? AND filled_at IS NULL"


def write_handed(
    connection: sqlite3.Connection, account: str, readings: Sequence[Reading], at: datetime, told_at: datetime, response: int
) -> int:
    """Store what a file said of the instant `at`, handed in at `told_at`; answers the number of new rows. The caller holds the transaction."""
    moment, added = to_text(at), 0
    for reading in readings:
        day = reading.day.isoformat() if reading.day else None
        series = (account, reading.post, reading.metric, day)
        earlier = connection.execute(STANDING, (*series, moment)).fetchone()
        if day:
            connection.execute(FILLED, (to_text(told_at), *series))
        if earlier and earlier[0] == reading.value:
            continue
        until = to_text(from_text(earlier[1]) + timedelta(seconds=1)) if earlier else moment
        connection.execute(INSERT, (*series, reading.value, moment, until, reading.exact, response))
        if reading.post and not day:
            connection.execute(MOVED, (account, reading.post, moment, response, reading.metric))
        added += 1
    return added
