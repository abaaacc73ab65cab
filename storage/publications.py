"""Issues of a series: the posts that may announce some, and the table that staff read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from model import Period
from storage import Storage
from storage.database import transaction
from storage.knowledge import Known

POSTED = """
SELECT post, published_at, url, response, coalesce(
    (SELECT text FROM edits e WHERE e.account = p.account AND e.post = p.post AND e.response > ?4 ORDER BY e.response LIMIT 1), text)
FROM posts p
WHERE account = ?1 AND published_on >= ?2 AND published_on <= ?3 AND (response IS NULL OR response <= ?4)
ORDER BY published_at, post
"""
OLDEST = "SELECT min(published_at) FROM posts WHERE account = ? AND (response IS NULL OR response <= ?)"

# The same issue on a day of another period, before an earlier sighting of it was found.
MOVED = "DELETE FROM publications WHERE series = ? AND number = ? AND abs(julianday(published_on) - julianday(?)) <= 180"


@dataclass(frozen=True, slots=True)
class Posted:
    """A post that may announce an issue; `published_at` is UTC text, `response` the answer that first told of it."""

    post: str
    published_at: str
    url: str
    response: int | None
    text: str


def posted(storage: Storage, account: str, first: date, last: date, known: Known) -> list[Posted]:
    """An account's posts between two local days, both included, also those that are gone since; their texts as they were known."""
    rows = storage.connection.execute(POSTED, (account, first.isoformat(), last.isoformat(), known.response))
    return [Posted(*row) for row in rows]


def oldest(storage: Storage, account: str, known: Known) -> str | None:
    """When the oldest post that is known of an account was published (UTC text)."""
    at: str | None = storage.connection.execute(OLDEST, (account, known.response)).fetchone()[0]
    return at


def walked(storage: Storage, account: str, known: Known) -> bool:
    """Whether anybody ever looked at an account."""
    query = "SELECT 1 FROM walks WHERE account = ? AND started_at <= ? LIMIT 1"
    return storage.connection.execute(query, (account, known.text)).fetchone() is not None


@dataclass(frozen=True, slots=True)
class Publication:
    """One issue of a series, as staff find it. `number` is its ISO week where issues have none; `via` an account, or `entry`."""

    number: str
    published_on: date
    iso_week: str
    url: str
    via: str
    post: str | None = None
    entry: int | None = None
    response: int | None = None


def put_publications(storage: Storage, series: str, period: Period, publications: Iterable[Publication]) -> None:
    """Make the table say just this of a series in a period. Where issues are numbered anew every year, a number that stands there of
    another year gets its day beside it."""
    with transaction(storage.connection):
        storage.connection.execute(
            "DELETE FROM publications WHERE series = ? AND published_on >= ? AND published_on <= ?",
            (series, period.first.isoformat(), period.last.isoformat()),
        )
        for p in sorted(publications, key=lambda one: (one.published_on, one.number)):
            day = p.published_on.isoformat()
            storage.connection.execute(MOVED, (series, p.number, day))
            taken = storage.connection.execute(
                "SELECT 1 FROM publications WHERE series = ? AND number = ?", (series, p.number)
            ).fetchone()
            number = f"{p.number} ({day})" if taken else p.number
            storage.connection.execute(
                "INSERT INTO publications (series, number, published_on, iso_week, url, via, post, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (series, number, day, p.iso_week, p.url, p.via, p.post, p.entry),
            )
