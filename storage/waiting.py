"""Until when a stream waits: asked every minute of every stream, so nothing more is read of its walks than that."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from model import from_text, to_text
from storage import Storage

WAITS = """
SELECT due_at, outcome FROM walks w
WHERE account = ?1 AND stream = ?2 AND finished_at IS NOT NULL AND started_at <= ?3
AND NOT EXISTS (SELECT 1 FROM walks u WHERE u.account = ?1 AND u.stream = ?2 AND u.finished_at IS NULL)
ORDER BY started_at DESC, walk DESC LIMIT 1
"""


class Wait(NamedTuple):
    """`until`: when the newest walk that is over said that the next one is due; `outcome` of that walk."""

    until: datetime
    outcome: str


def waiting(storage: Storage, account: str, stream: str, now: datetime) -> Wait | None:
    """None where a walk is to be gone on with, where none is over, or where it said nothing."""
    row = storage.connection.execute(WAITS, (account, stream, to_text(now))).fetchone()
    return Wait(from_text(row[0]), row[1]) if row and row[0] else None
