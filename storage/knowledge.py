"""What a snapshot may know: the archive up to one answer, and what people did up to one instant.

Whatever is measured is asked through a `Known`, so that a snapshot of last year can be taken again today and is the same: rows
name the response that they came from, and whoever entered, ruled or approved something did so at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from model import to_text
from storage import Storage


@dataclass(frozen=True, slots=True)
class Known:
    """`response` is the last archived answer that may be used, `at` the instant of the statement."""

    response: int
    at: datetime

    @property
    def text(self) -> str:
        return to_text(self.at)


def known_at(storage: Storage, at: datetime) -> Known:
    """Everything that was known at an instant."""
    row = storage.connection.execute(
        "SELECT response FROM responses WHERE at <= ? ORDER BY response DESC LIMIT 1", (to_text(at),)
    ).fetchone()
    return Known(row[0] if row else 0, at)
