"""The database file: opened, migrated and locked. Everything else in `storage` is given a connection from here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model import MecraError

BUSY_SECONDS = 30.0
APPLICATION_ID = 0x6D656372  # "mecr": so that no other database is taken for ours
MIGRATIONS = ("collecting", "measuring", "turkish_views")  # as in schema.py, known here without importing sqlite_utils


class StorageError(MecraError):
    """The database can't be used as it is: what is wrong with it, and what to do."""


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection of the calling thread. Writers get WAL and foreign keys; readers can't write.

    Raises StorageError for a file that is missing (readers), damaged, or not mecra's.
    """
    if read_only:
        if not path.exists():
            raise StorageError(f"no database at {path}: run `mecra collect` or `mecra run` first")
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
    try:
        found = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if found != APPLICATION_ID and tables:
            raise StorageError(f"{path} is a database, but not mecra's: name another data directory")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise StorageError(f"{path} can't be read as a database ({error}): restore a backup (docs/operating.md)") from error
    except StorageError:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing. `BEGIN IMMEDIATE`, because a deferred one that reads first fails at once when another has written."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the schema up to date; refuses a database that a newer mecra has written. Two at once wait for each other."""
    applied = _applied(connection)
    if unknown := [name for name in applied if name not in MIGRATIONS]:
        raise StorageError(f"{path} was written by a newer mecra (it knows {', '.join(unknown)}): upgrade this one")
    if len(applied) == len(MIGRATIONS):
        return
    from filelock import FileLock
    from sqlite_utils import Database

    from storage.schema import migrations

    with FileLock(f"{path}.migrate.lock", timeout=BUSY_SECONDS):
        migrations.apply(Database(connection))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.commit()


def _applied(connection: sqlite3.Connection) -> list[str]:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return []
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'mecra' ORDER BY id")
    return [name for (name,) in rows]
