"""A whole copy of the database while others write into it, and what is in a copy: a backup's contents, told and compared."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from storage.before import copied_to
from storage.database import MIGRATIONS, applied, connect
from storage.trouble import StorageError, explained

MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds: the steps of its schema, the rows of every table, how much is sealed and the SHA-256 of the last seal."""

    schema: tuple[str, ...]
    rows: dict[str, int]
    seals: int = 0
    last_seal: str = ""
    last_sealed_at: str = ""

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "schema": list(self.schema)}


def copy(source: Path, target: Path) -> Contents:
    """Copy a database that others may be writing into to a file that is not there yet (mode 0600); answers what is in it, which was
    counted within the same transaction. Raises StorageError, and OSError of the target's place."""
    connection = _reader(source)
    try:
        connection.execute("BEGIN")
        found = _contents(connection)
        copied_to(connection, target)
        return found
    except sqlite3.Error as error:
        of_target = getattr(error, "sqlite_errorcode", 0) & 0xFF in (
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_CANTOPEN,
        )
        raise explained(error, target if of_target else source) from error
    finally:
        connection.close()


def _reader(source: Path) -> sqlite3.Connection:
    """On a disk that became read-only SQLite can't make the index of the log, which it does even for an empty one; then nobody writes."""
    try:
        return connect(source, read_only=True)
    except StorageError:
        log = source.with_name(f"{source.name}-wal")
        if os.access(source.parent, os.W_OK) or not source.exists() or (log.exists() and log.stat().st_size):
            raise
    return sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def examine(path: Path) -> tuple[Contents | None, list[str]]:
    """What is in a copy that nobody else has open, and what SQLite finds wrong with it: every page, every index, every foreign key."""
    try:
        connection = connect(path, read_only=True)
    except StorageError as error:
        return None, [str(error)]
    try:
        faults = [text for (text,) in connection.execute(f"PRAGMA integrity_check({MOST_FAULTS})") if text != "ok"]
        for table, row, parent, _key in connection.execute("PRAGMA foreign_key_check").fetchmany(MOST_FAULTS):
            faults.append(f"{table} row {row} names a {parent} that is not there")
        return _contents(connection), faults
    except sqlite3.DatabaseError as error:
        return None, [str(error)]
    finally:
        connection.close()


def newer_steps(schema: list[str] | tuple[str, ...]) -> list[str]:
    """Of a schema's steps those that this mecra does not know."""
    return [step for step in schema if step not in MIGRATIONS]


def _contents(connection: sqlite3.Connection) -> Contents:
    tables = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
        )
    ]
    # The names come from the schema itself; a quote within one is doubled.
    rows = {
        name: connection.execute(f'SELECT count(*) FROM "{name.replace(chr(34), chr(34) * 2)}"').fetchone()[0] for name in tables
    }
    last, seals = None, 0
    if "snapshots" in tables:
        seals = connection.execute("SELECT count(*) FROM snapshots WHERE sealed_at IS NOT NULL").fetchone()[0]
        last = connection.execute(
            "SELECT sha256, sealed_at FROM snapshots WHERE sealed_at IS NOT NULL ORDER BY sealed_at DESC, snapshot DESC LIMIT 1"
        ).fetchone()
    return Contents(tuple(applied(connection)), rows, seals, *(last or ("", "")))
