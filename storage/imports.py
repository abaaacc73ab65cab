"""What came out of files, told apart from what was measured: which file, and since when it is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from model import IMPORT, Exchange, Reading, from_text, to_text
from storage import Storage
from storage.handed import STANDING

FROM = """
SELECT r.reading, p.url, w.finished_at FROM readings r JOIN responses p USING (response) JOIN walks w USING (walk)
WHERE r.reading IN ({}) AND p.method = ?
"""
THERE = """
SELECT w.finished_at FROM responses p JOIN walks w USING (walk)
WHERE p.bucket = ? AND p.at = ? AND p.sha256 = ? AND w.account = ? AND substr(p.url, -64) = substr(?, -64) ORDER BY p.response LIMIT 1
"""
HANDED = "SELECT p.url, w.finished_at FROM responses p JOIN walks w USING (walk) WHERE p.response = ?"


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a figure comes from, and the instant at which it was handed in."""

    file: str
    at: datetime

    def on(self, storage: Storage) -> date:
        """The local day on which it was handed in."""
        return self.at.astimezone(storage.zone).date()


def imported(storage: Storage, readings: Iterable[int]) -> dict[int, Origin]:
    """Those of the readings that a file brought, each with that file; what was measured is not among them."""
    wanted = sorted(set(readings))
    if not wanted:
        return {}
    rows = storage.connection.execute(FROM.format(", ".join("?" * len(wanted))), (*wanted, IMPORT))
    return {reading: _origin(url, finished) for reading, url, finished in rows}


def taken_in(storage: Storage, account: str, exchange: Exchange) -> datetime | None:
    """When the very same file said the very same before; None where it did not. The address ends with the file's SHA-256."""
    known = (exchange.bucket, to_text(exchange.at), exchange.sha256, account, exchange.url)
    row = storage.connection.execute(THERE, known).fetchone()
    return from_text(row[0]) if row else None


def differing(storage: Storage, account: str, at: datetime, readings: Sequence[Reading]) -> list[tuple[Reading, int, Origin]]:
    """Those of the readings for which another file says another value of the same instant: that value, and the file."""
    found = []
    for reading in readings:
        day = reading.day.isoformat() if reading.day else None
        row = storage.connection.execute(STANDING, (account, reading.post, reading.metric, day, to_text(at))).fetchone()
        if row and row[0] != reading.value:
            found.append((reading, row[0], _origin(*storage.connection.execute(HANDED, (row[2],)).fetchone())))
    return found


def _origin(url: str, finished: str) -> Origin:
    return Origin(url.removeprefix("file:").rpartition("?sha256=")[0], from_text(finished))
