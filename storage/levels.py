"""What an account's own figures were at an instant: the last reading at or before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from storage import Storage
from storage.knowledge import Known

# A row holds from `at` to `until`: the one seen last before the instant counts, also where another was handed in late between.
AT = """
SELECT reading, value, at, min(until, ?2), exact, response FROM readings INDEXED BY readings_of_accounts
WHERE account = ?1 AND post IS NULL AND metric = ?3 AND day IS NULL AND at <= ?2 AND (response IS NULL OR response <= ?4)
ORDER BY min(until, ?2) DESC, at DESC, value DESC LIMIT 1
"""
LOOKED = """
SELECT max(started_at) FROM walks
WHERE account = ? AND stream = 'profile' AND started_at <= ? AND outcome IN ('done', 'partial') AND finished_at <= ?
"""
AFTER_DAY = """
SELECT reading, value, at, until, exact, response FROM readings
WHERE account = ?1 AND post IS NULL AND metric = ?3 AND day = ?2 AND (response IS NULL OR response <= ?4)
ORDER BY at DESC, reading DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class LevelReading:
    """A reading of an account; `seen_at` (UTC text) is the last time before the instant at which it was seen to be so.

    By the walks, not by the row's `until`: that one moves past the instant when the value is seen again afterwards.
    """

    reading: int
    value: int
    at: str
    seen_at: str
    exact: bool
    response: int | None


def level_at(storage: Storage, account: str, metric: str, at_text: str, known: Known) -> LevelReading | None:
    """The last reading of a level at or before an instant (UTC text), None where there is none."""
    limit = min(at_text, known.text)
    row = storage.connection.execute(AT, (account, limit, metric, known.response)).fetchone()
    if row is None:
        return None
    reading, value, at, until, exact, response = row
    looked = storage.connection.execute(LOOKED, (account, limit, known.text)).fetchone()[0]
    return LevelReading(reading, value, at, max(at, min(until, looked or at)), bool(exact), response)


def level_of_day(storage: Storage, account: str, metric: str, day: date, known: Known) -> LevelReading | None:
    """What the platform says the figure was at the end of one of its days."""
    row = storage.connection.execute(AFTER_DAY, (account, day.isoformat(), metric, known.response)).fetchone()
    return LevelReading(row[0], row[1], row[2], row[3], bool(row[4]), row[5]) if row else None
