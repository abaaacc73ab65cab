"""From a reading to the archived answer it came in: what an auditor is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage import Storage


@dataclass(frozen=True, slots=True)
class Answer:
    """An archived answer: when (UTC text), what was asked, and the checksum of the body as kept."""

    response: int
    at: str
    method: str
    url: str
    status: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A reading with the answer that it was first read in."""

    reading: int
    account: str
    post: str | None
    metric: str
    day: str | None
    value: int
    at: str
    response: int | None


def answers(storage: Storage, numbers: Iterable[int]) -> dict[int, Answer]:
    """The answers of these numbers that are in the archive."""
    query = "SELECT response, at, method, url, status, bytes, sha256 FROM responses WHERE response = ?"
    found = (storage.connection.execute(query, (number,)).fetchone() for number in sorted(set(numbers)))
    return {row[0]: Answer(*row) for row in found if row}


def origins(storage: Storage, numbers: Iterable[int]) -> dict[int, Origin]:
    """The readings of these numbers that are stored."""
    query = "SELECT reading, account, post, metric, day, value, at, response FROM readings WHERE reading = ?"
    found = (storage.connection.execute(query, (number,)).fetchone() for number in sorted(set(numbers)))
    return {row[0]: Origin(*row) for row in found if row}
