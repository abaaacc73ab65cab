"""Whether what is kept is still what was stored: files that people handed in, archived answers, the guards of sealed rows."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from storage import Storage

GUARDS = (
    "seals_stay", "seals_are_kept", "sealed_values_stay", "sealed_values_are_kept", "sealed_values_are_all", "sealed_evidence_stays",
    "sealed_evidence_is_kept", "sealed_evidence_is_all", "entries_are_kept", "entries_stay", "rulings_are_kept", "rulings_stay",
    "acts_are_kept", "acts_stay", "purges_are_kept", "purges_stay", "purged_answers_are_kept", "purged_answers_stay",
    "purged_values_are_kept", "purged_values_stay",
)  # fmt: skip
PURGED = "SELECT 1 FROM purged_answers WHERE response = ? AND was_sha256 = ? AND sha256 IS NULL"


def touched_files(storage: Storage) -> list[tuple[int, str]]:
    """Entries whose file is gone or has other bytes than were handed in, with the SHA-256 that it had."""
    rows = storage.connection.execute(
        "SELECT entry, evidence_sha256, body FROM entries e LEFT JOIN evidence v ON v.sha256 = e.evidence_sha256 "
        "WHERE evidence_sha256 IS NOT NULL ORDER BY entry"
    )
    return [(entry, named) for entry, named, body in rows if body is None or hashlib.sha256(body).hexdigest() != named]


def touched_answers(storage: Storage, numbers: Iterable[int]) -> list[tuple[int, bool]]:
    """Of these archived answers those that are gone (False) or whose body is another one (True)."""
    found = []
    for number in sorted(set(numbers)):
        row = storage.connection.execute("SELECT sha256, body FROM responses WHERE response = ?", (number,)).fetchone()
        if row is None:
            found.append((number, False))
            continue
        if row[1] is None and storage.connection.execute(PURGED, (number, row[0])).fetchone():
            continue  # the purge's own record is verified as a whole
        body = None
        with suppress(zlib.error, TypeError):
            body = zlib.decompress(row[1]) if row[1] is not None else b""
        if body is None or hashlib.sha256(body).hexdigest() != row[0]:
            found.append((number, True))
    return found


@dataclass(frozen=True, slots=True)
class Altered:
    """What of the schema is not as mecra makes it: `guards` that were dropped or let pass, `others` (tables, views, triggers) that say
    something else or are gone, `strange` triggers that nobody of ours put there: they change rows while they are written."""

    guards: tuple[str, ...]
    others: tuple[str, ...]
    strange: tuple[str, ...]


def altered(storage: Storage) -> Altered:
    """The schema against one that is made anew. Tables, views and indexes that somebody has added harm nothing and are let be."""
    from sqlite_utils import Database

    from storage.schema import migrations

    fresh = Database(memory=True)
    migrations.apply(fresh)
    there, wanted = _schema(storage.connection), _schema(fresh.conn)
    fresh.conn.close()
    wrong = {name for (_kind, name), sql in wanted.items() if there.get((_kind, name)) != sql}
    return Altered(
        guards=tuple(name for name in GUARDS if name in wrong),
        others=tuple(sorted(wrong - set(GUARDS))),
        strange=tuple(sorted(name for kind, name in there.keys() - wanted.keys() if kind == "trigger")),
    )


def _schema(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view', 'trigger')")
    return {(kind, name): sql for kind, name, sql in rows}
