"""The database file: opened, migrated and locked. Everything else in `storage` is given a connection from here."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model import MecraError
from words import _

BUSY_SECONDS = 30.0
APPLICATION_ID = 0x6D656372  # "mecr": so that no other database is taken for ours
# As in schema.py, known here without importing sqlite_utils.
MIGRATIONS = (
    "collecting",
    "measuring",
    "turkish_views",
    "exact_subscribers",
    "snapshots",
    "accounts_from_files",
    "snapshot_scope",
    "edited_posts",
    "indicator_notes",
    "messages",
    "browsing",
    "speed",
)


class StorageError(MecraError):
    """The database can't be used as it is: what is wrong with it, and what to do."""


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection of the calling thread. Writers get foreign keys (and WAL, from `migrate`); readers can't write.

    Raises StorageError for a file that is missing (readers), damaged, or not mecra's.
    """
    if read_only and not path.exists():
        raise StorageError(_("no database at {path}: run `mecra collect` or `mecra run` first").format(path=path))
    try:
        return _prepared(path, read_only)
    except OSError as error:
        raise StorageError(f"{path} can't be made ({error.strerror}): name another data directory") from error
    except sqlite3.OperationalError as error:
        raise StorageError(f"{path} can't be opened ({error}): is it a file that this user may read and write?") from error
    except sqlite3.DatabaseError as error:
        raise StorageError(f"{path} can't be read as a database ({error}): restore a backup (docs/operating.md)") from error


def _prepared(path: Path, read_only: bool) -> sqlite3.Connection:
    if read_only:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
    try:
        # In this order: whoever makes the first table has set the id before.
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        found = connection.execute("PRAGMA application_id").fetchone()[0]
        if tables and found != APPLICATION_ID:
            raise StorageError(f"{path} is a database, but not mecra's: name another data directory")
        if not read_only:
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing. `BEGIN IMMEDIATE`, because a deferred one that reads first fails at once when another has written.

    Raises StorageError when the disk is full, the file can't be written, or another writer doesn't come to an end.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
    except sqlite3.OperationalError as error:
        raise StorageError(f"nothing was stored ({error}): see to disk space and rights (docs/operating.md)") from error


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the schema up to date; refuses a database that a newer mecra has written. Two at once wait for each other."""
    if not pending(connection, path) and _mode(connection) == "wal":
        return
    from filelock import FileLock, Timeout
    from sqlite_utils import Database

    from storage.schema import migrations

    try:
        with FileLock(f"{path}.migrate.lock", timeout=BUSY_SECONDS):
            _use_wal(connection)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.commit()
            migrations.apply(Database(connection))
    except Timeout:
        raise StorageError(f"{path} is being brought up to date by another mecra: wait for it") from None


def _mode(connection: sqlite3.Connection) -> str:
    return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def _use_wal(connection: sqlite3.Connection) -> None:
    """Kept in the file from then on. SQLite gives up at once, without its busy timeout, when another is just reading."""
    deadline = time.monotonic() + BUSY_SECONDS
    while _mode(connection) != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if time.monotonic() > deadline:
                raise StorageError(f"the database is in use by another program ({error}): stop that one first") from error
            time.sleep(0.02)


def pending(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether steps of the schema are still to be made. Raises StorageError for a database that a newer mecra has written."""
    applied = _applied(connection)
    if unknown := [name for name in applied if name not in MIGRATIONS]:
        raise StorageError(f"{path} was written by a newer mecra (it knows {', '.join(unknown)}): upgrade this one")
    return len(applied) < len(MIGRATIONS)


def _applied(connection: sqlite3.Connection) -> list[str]:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return []
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'mecra' ORDER BY id")
    return [name for (name,) in rows]
