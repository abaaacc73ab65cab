"""The record of what was purged: when, by whom, why, how much; what sealed values are since then; a chain of hashes over it all."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from model import MecraError, to_text
from storage import Storage, opened
from storage.purging import BODIES, EXPIRED, TEXTS, Removed, Scope

NOT_DERIVED = (
    EXPIRED,
    BODIES,
    TEXTS,
)  # rows outlive the answers that they came in: the tables are no function of the archive any more
HEAD = "purge, kind, account, subject_sha256, before, rows, rows_sha256, why, purged_by, purged_at, previous_sha256, sha256"
Place = tuple[int, str, str]  # snapshot, code, part


@dataclass(frozen=True, slots=True)
class Purge:
    """`rows` by table; `subject` is the SHA-256 of the post's or the article's key."""

    purge: int
    kind: str
    account: str | None
    subject: str | None
    before: str | None
    rows: Mapping[str, int]
    rows_sha256: str
    why: str
    purged_by: str
    purged_at: str
    previous_sha256: str | None
    sha256: str


def record(
    storage: Storage, scope: Scope, removed: Removed, values: Mapping[Place, str | None], *, why: str, by: str, at: datetime
) -> int:
    """Write a purge down, within the transaction that makes it. `values`: what sealed values are measured as from now on."""
    connection = storage.connection
    last = connection.execute("SELECT sha256 FROM purges ORDER BY purge DESC LIMIT 1").fetchone()
    number = int(connection.execute("SELECT ifnull(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'purges'").fetchone()[0])
    head = (
        number, scope.kind, scope.account, hashlib.sha256(scope.name.encode()).hexdigest() if scope.name else None, scope.before,
        json.dumps(removed.rows, sort_keys=True), removed.sha256, why, by, to_text(at), last[0] if last else None,
    )  # fmt: skip
    answers = [(number, *answer) for answer in removed.answers]
    since = [(number, *place, sha256) for place, sha256 in sorted(values.items())]
    sha256 = _hash(head, answers, since)
    connection.execute(f"INSERT INTO purges ({HEAD}) VALUES ({', '.join('?' * 12)})", (*head, sha256))
    connection.executemany("INSERT INTO purged_answers (purge, response, was_sha256, sha256) VALUES (?, ?, ?, ?)", answers)
    connection.executemany("INSERT INTO purged_values (purge, snapshot, code, part, sha256) VALUES (?, ?, ?, ?, ?)", since)
    return number


def all_purges(storage: Storage) -> list[Purge]:
    """The oldest first."""
    rows = storage.connection.execute(f"SELECT {HEAD} FROM purges ORDER BY purge")
    return [Purge(*(json.loads(value) if place == 5 else value for place, value in enumerate(row))) for row in rows]


def purges_in(database: Path) -> list[Purge]:
    """Of a file, as far as it tells: one that is not there, is damaged or of an older mecra tells of none."""
    if not database.exists():
        return []
    with suppress(MecraError, sqlite3.Error), opened(database, ZoneInfo("UTC"), read_only=True) as storage:
        return all_purges(storage)
    return []


def since_purged(storage: Storage, snapshot: int) -> dict[tuple[str, str], tuple[int, str | None]]:
    """Of a sealed snapshot what is measured otherwise since a purge, by code and part: the last purge of it, and the hash of what is
    measured."""
    rows = storage.connection.execute(
        "SELECT code, part, purge, sha256 FROM purged_values WHERE snapshot = ? ORDER BY purge", (snapshot,)
    )
    return {(code, part): (purge, sha256) for code, part, purge, sha256 in rows}


def purged_answer(storage: Storage, response: int) -> Purge | None:
    """The last purge that took something from an archived answer."""
    row = storage.connection.execute("SELECT max(purge) FROM purged_answers WHERE response = ?", (response,)).fetchone()
    return next((purge for purge in all_purges(storage) if purge.purge == row[0]), None)


def without_archive(storage: Storage) -> Purge | None:
    """The last purge since which the tables can't be derived from the archive."""
    return next((purge for purge in reversed(all_purges(storage)) if purge.kind in NOT_DERIVED), None)


def broken(storage: Storage) -> list[int]:
    """Purges whose record is not the one that was written, or that rest on another than stands before them; and numbers that lack."""
    connection, before, expected = storage.connection, None, 1
    found: list[int] = []
    for row in connection.execute(f"SELECT {HEAD} FROM purges ORDER BY purge").fetchall():
        number = row[0]
        found += range(expected, number)
        answers = connection.execute(
            "SELECT purge, response, was_sha256, sha256 FROM purged_answers WHERE purge = ? ORDER BY response", (number,)
        ).fetchall()
        since = connection.execute(
            "SELECT purge, snapshot, code, part, sha256 FROM purged_values WHERE purge = ? ORDER BY snapshot, code, part", (number,)
        ).fetchall()
        if _hash(row[:11], answers, since) != row[11] or row[10] != before:
            found.append(number)
        before, expected = row[11], number + 1
    return found


def _hash(head: Iterable[Any], answers: Iterable[Iterable[Any]], since: Iterable[Iterable[Any]]) -> str:
    said = [list(head), [list(row) for row in answers], [list(row) for row in since]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
