"""The database file: opened, migrated and locked. Everything else in `storage` is given a connection from here."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage import acts, damage
from storage.trouble import Damaged, StorageError, explained
from words import _

__all__ = ["Damaged", "StorageError", "applied", "connect", "make", "migrate", "pending", "transaction"]

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
    "audit",
    "incidents",
    "purges",
)


def make(path: Path) -> None:
    """A new database where there is none: whole under another name first, so that an empty or half a file is never one of ours."""
    from filelock import FileLock, Timeout
    from sqlite_utils import Database

    from storage.schema import migrations

    new = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.migrate.lock", timeout=BUSY_SECONDS):
            damage.look(path)
            if path.exists():
                return
            for leftover in path.parent.glob(f"{new.name}*"):
                leftover.unlink()
            connection = sqlite3.connect(new)
            try:
                connection.execute("PRAGMA synchronous = OFF")  # on disk before it gets its name
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                migrations.apply(Database(connection))
                connection.execute("PRAGMA journal_mode = WAL")
            finally:
                connection.close()
            _put(new, path)
    except Timeout:
        raise StorageError(_("{path} is being made by another mecra: wait for it").format(path=path)) from None
    except sqlite3.Error as error:
        raise explained(error, path) from error
    except OSError as error:
        raise StorageError(
            _("{path} can't be made ({why}): name another data directory").format(path=path, why=error.strerror)
        ) from error


def _put(new: Path, path: Path) -> None:
    """The file under its own name, and both on disk."""
    for each in (new, path.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            if each == path.parent:
                new.replace(path)
            os.fsync(handle)
        finally:
            os.close(handle)


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection of the calling thread. Writers get foreign keys (and WAL, from `migrate`); readers can't write.

    Raises StorageError for a file that is missing (readers), damaged, or not mecra's.
    """
    try:
        damage.look(path)
        if read_only and not path.exists():
            raise StorageError(_("no database at {path}: run `mecra collect` or `mecra run` first").format(path=path))
        return _prepared(path, read_only)
    except OSError as error:
        raise StorageError(
            _("{path} can't be made ({why}): name another data directory").format(path=path, why=error.strerror)
        ) from error
    except sqlite3.Error as error:
        raise explained(error, path) from error


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
            raise StorageError(_("{path} is a database, but not mecra's: name another data directory").format(path=path))
        if not read_only:
            connection.execute("PRAGMA synchronous = FULL")  # what is acknowledged outlives the power, not the process alone
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, *, by_itself: bool = False) -> Iterator[None]:
    """All or nothing. `BEGIN IMMEDIATE`, because a deferred one that reads first fails at once when another has written.

    The first change that a person makes takes its line of the audit log along (storage/acts.py), unless mecra would have made it
    `by_itself`. Raises StorageError when the disk is full, the file can't be written, or another writer doesn't come to an end.
    """
    try:
        damage.refuse_marked(_path(connection))
        connection.execute("BEGIN IMMEDIATE")
        before = connection.total_changes
        try:
            yield
            line = acts.noted(connection) if not by_itself and connection.total_changes > before else None
            connection.commit()
            acts.committed(line)
        except BaseException:
            connection.rollback()
            raise
    except sqlite3.OperationalError as error:
        raise explained(error, _path(connection)) from error


def _path(connection: sqlite3.Connection) -> Path:
    return Path(connection.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()[0])


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the schema up to date: all steps, or none of them; a database with rows is copied before (storage/before.py).

    Refuses a database that a newer mecra has written. Two at once wait for each other.
    """
    if not pending(connection, path) and _mode(connection) == "wal":
        return
    from filelock import FileLock, Timeout
    from sqlite_utils import Database

    from storage.before import forget_older, kept_before
    from storage.schema import migrations

    try:
        with FileLock(f"{path}.migrate.lock", timeout=BUSY_SECONDS):
            _use_wal(connection)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.commit()
            if not pending(connection, path):
                return
            kept = kept_before(connection, path, MIGRATIONS[len(applied(connection))])
            with transaction(connection, by_itself=True):  # with half of the steps made, no mecra could go on
                migrations.apply(Database(connection))
            if kept:
                forget_older(path, kept)
    except Timeout:
        raise StorageError(_("{path} is being brought up to date by another mecra: wait for it").format(path=path)) from None


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
                raise StorageError(
                    _("the database is in use by another program ({why}): stop that one first").format(why=error)
                ) from error
            time.sleep(0.02)


def pending(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether steps of the schema are still to be made. Raises StorageError for a database that a newer mecra has written."""
    made = applied(connection)
    if unknown := [name for name in made if name not in MIGRATIONS]:
        raise StorageError(
            _("{path} was written by a newer mecra (it knows {names}): upgrade this one").format(
                path=path, names=", ".join(unknown)
            )
        )
    return len(made) < len(MIGRATIONS)


def applied(connection: sqlite3.Connection) -> list[str]:
    """The steps of the schema that were made, in order."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return []
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'mecra' ORDER BY id")
    return [name for (name,) in rows]
