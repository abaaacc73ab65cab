"""What a snapshot may know: the archive up to one answer, and what people did up to one instant.

Whatever is measured is asked through a `Known`, so that a snapshot of last year can be taken again today and is the same: rows
name the response that they came from, and whoever entered, ruled or approved something did so at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from model import IMPORT, to_text
from storage import Storage

LAST = """
SELECT response FROM responses r
WHERE at <= ?1 AND (method != ?2 OR EXISTS (SELECT 1 FROM walks w WHERE w.walk = r.walk AND w.finished_at <= ?1))
ORDER BY response DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Known:
    """`response` is the last archived answer that may be used, `at` the instant of the statement."""

    response: int
    at: datetime

    @property
    def text(self) -> str:
        return to_text(self.at)


def known_at(storage: Storage, at: datetime) -> Known:
    """Everything that was known at an instant. Figures from a file belong to an earlier time; they are known since it was handed in."""
    row = storage.connection.execute(LAST, (to_text(at), IMPORT)).fetchone()
    return Known(row[0] if row else 0, at)
