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


@dataclass(frozen=True, slots=True)
class PostTold:
    """A post's words and address, and the answer that first told of it."""

    post: str
    text: str
    url: str
    response: int | None


@dataclass(frozen=True, slots=True)
class ArticleTold:
    """An appearance, and the answer that it was found in; `first_seen_at` is UTC text, `day` local."""

    day: str
    outlet: str
    title: str
    url: str
    first_seen_at: str
    response: int | None


@dataclass(frozen=True, slots=True)
class SlotTold:
    """A planned post; `planned_at` is UTC text, `source` the file it came in."""

    slot: int
    planned_at: str
    platform: str
    title: str
    source: str


def post_told(storage: Storage, account: str, post: str) -> PostTold | None:
    """One post of an account, where it is stored."""
    query = "SELECT post, text, url, response FROM posts WHERE account = ? AND post = ?"
    row = storage.connection.execute(query, (account, post)).fetchone()
    return PostTold(*row) if row else None


def articles(storage: Storage, keys: Iterable[str]) -> list[ArticleTold]:
    """Appearances by their keys, in the order of their days."""
    query = "SELECT published_on, outlet, title, url, first_seen_at, response FROM articles WHERE key = ?"
    found = (storage.connection.execute(query, (key,)).fetchone() for key in keys)
    return sorted((ArticleTold(*row) for row in found if row), key=lambda told: (told.day, told.outlet, told.url))


def slots(storage: Storage, numbers: Iterable[int]) -> list[SlotTold]:
    """Planned posts by their numbers, in the order of their hours."""
    query = "SELECT slot, planned_at, platform, title, source FROM plan_slots WHERE slot = ?"
    found = (storage.connection.execute(query, (number,)).fetchone() for number in numbers)
    return sorted((SlotTold(*row) for row in found if row), key=lambda told: (told.planned_at, told.platform, told.slot))
