"""A database file that is not what mecra wrote any more: recognised before anything is opened for writing, and remembered.

What shows at once costs a look at its first pages. A page that is torn in the middle shows when somebody reads it: then a mark is left beside
the file, and until another file is in its place nobody writes into it again.
"""

from __future__ import annotations

import json
import sqlite3
import stat
from contextlib import closing, suppress
from pathlib import Path

from storage.trouble import Damaged, explained
from words import _

DATABASE, SEALS = "mecra.db", "seals.txt"
_held: list[sqlite3.Connection] = []


def look(path: Path) -> None:
    """Raises Damaged for a file that was marked, or that can't be read as a database: its head, its length and its schema are looked at,
    without the right to write. A file that is not there is fine, unless what lies beside it says that there was one."""
    refuse_marked(path)
    if why := _seen(path):
        raise Damaged(path, why)
    if not path.exists():
        return
    try:
        with closing(_reader(path, wait=0)) as connection:  # who can't look now is told by who opens it
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
            # SQLite would take the rest of a last page that was cut for zeros. Nobody shortens the file while this is read.
            if not _size(path.with_name(f"{path.name}-wal")) and (there := _size(path)) < pages * size:
                raise Damaged(path, _("it was cut off: {there} of {whole} bytes are there").format(there=there, whole=pages * size))
    except sqlite3.DatabaseError as error:
        found = explained(error, path)
        if isinstance(found, Damaged):
            raise found from error


def refuse_marked(path: Path) -> None:
    """Asked before each transaction, so that who has the file open stops too. Raises Damaged."""
    if why := marked(path):
        raise Damaged(path, why)


def read_whole(path: Path) -> list[str]:
    """What SQLite finds wrong when it reads the whole file (seconds a gigabyte), whatever mark there is; empty when nothing is.

    Raises StorageError when it can't be read for another reason."""
    try:
        with closing(_reader(path)) as connection:
            return [text for (text,) in connection.execute("PRAGMA quick_check(20)") if text != "ok"]
    except sqlite3.DatabaseError as error:
        if isinstance(found := explained(error, path), Damaged):
            return [str(error)]
        raise found from error


# -- the mark


def mark_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.damaged")


def mark(path: Path, why: str) -> None:
    """Remember that damage was met in this file. It is not made worse: not even the write-ahead log is folded into it by us."""
    with suppress(OSError):  # a disk without room: whoever met the damage stops all the same
        mark_of(path).write_text(json.dumps({"inode": path.stat().st_ino, "why": why}), encoding="utf-8")
    with suppress(sqlite3.Error):  # SQLite folds it when the last connection closes: this one never does
        _held.append(_reader(path))
        _held[-1].execute("SELECT count(*) FROM sqlite_master").fetchone()


def marked(path: Path) -> str:
    """What was met in this very file; empty for another one that has been put in its place."""
    try:
        said = json.loads(mark_of(path).read_text(encoding="utf-8"))
        return str(said["why"]) if said["inode"] == path.stat().st_ino else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


# -- what shows


def _seen(path: Path) -> str:
    try:
        info = path.stat()
    except FileNotFoundError:
        return _missing(path)
    except OSError:
        return ""  # what can't be looked at is said by who opens it
    if not stat.S_ISREG(info.st_mode):
        return _("a directory, or something else that is no file, stands in its place")
    return "" if info.st_size else _("it is empty")


def _missing(path: Path) -> str:
    """A new database beside what is left of an old one would hide that something is lost."""
    log, seals = path.with_name(f"{path.name}-wal"), path.with_name(SEALS)
    if _size(log):
        return _("it is missing, though {file} is there").format(file=log)
    if path.name == DATABASE and _size(seals):
        return _("it is missing, though {file} names what was sealed in it").format(file=seals)
    return ""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _reader(path: Path, wait: float = 30.0) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=wait, check_same_thread=False)
