"""Before the tables of a database with rows become others: a whole copy beside it, which the mecra of before can go on with."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

from storage.trouble import StorageError
from words import _

log = logging.getLogger("mecra.storage")

ROOM = 64 << 20  # bytes that a migration itself may take beside the copy


def kept_before(connection: sqlite3.Connection, path: Path, step: str) -> Path | None:
    """Copy the database to `mecra.db.before-<step>`, checked and on disk; None where there is no row to lose.

    Raises StorageError where it can't be copied: then nothing is migrated. `forget_older` removes those of earlier steps.
    """
    if not _has_rows(connection):
        return None
    target = path.with_name(f"{path.name}.before-{step}")
    new = path.with_name(f"{target.name}.part")
    try:
        new.unlink(missing_ok=True)
        size = connection.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()[0]
        free = shutil.disk_usage(path.parent).free
        if free < size + ROOM:
            raise StorageError(
                _(
                    "{path} has to be brought up to date, and there is no room for the copy that precedes it: {need} MB are needed, "
                    "{free} MB are free. Nothing was changed; make room on its disk and run it again"
                ).format(path=path, need=(size + ROOM) >> 20, free=free >> 20)
            )
        copied_to(connection, new)
        new.replace(target)
        _synced(path.parent)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise StorageError(
            _(
                "{path} has to be brought up to date, and the copy that precedes it can't be made ({why}). Nothing was changed; see to disk "
                "space and rights of its directory and run it again"
            ).format(path=path, why=getattr(error, "strerror", None) or error)
        ) from error
    log.info("%s: kept as %s before it is brought up to date", path, target.name)
    return target


def forget_older(path: Path, kept: Path) -> None:
    """Remove the copies of earlier upgrades once a newer one stands: only files that are named as ours are."""
    for other in path.parent.glob(f"{path.name}.before-*"):
        if other != kept and other.is_file():
            with suppress(OSError):
                other.unlink()


def copied_to(connection: sqlite3.Connection, target: Path) -> None:
    """What a connection sees, in a file that is not there yet (mode 0600), read through once and on disk; others may go on writing.

    All pages in one step: a copy in several begins anew whenever somebody has written. Raises OSError and sqlite3.Error.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    copy = sqlite3.connect(target)
    try:
        copy.execute("PRAGMA synchronous = OFF")  # synced once, below
        connection.backup(copy)
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
    finally:
        copy.close()
    for leftover in ("-wal", "-shm"):
        target.with_name(target.name + leftover).unlink(missing_ok=True)
    _synced(target)


def _synced(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _has_rows(connection: sqlite3.Connection) -> bool:
    """Whether anything was ever stored: every row names an account, but for plans and what they mean."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return any(
        connection.execute(f"SELECT EXISTS (SELECT 1 FROM {name})").fetchone()[0]
        for name in ("accounts", "responses", "plans", "entries")
        if name in tables
    )
