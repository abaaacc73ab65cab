"""What is wrong when the database can't be used, told as a person needs it: the file, what it is, and the next step."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from model import MecraError
from words import _


class StorageError(MecraError):
    """The database can't be used as it is: what is wrong with it, and what to do."""


class Damaged(StorageError):
    """The file is not what mecra wrote any more. Nothing is written into it from then on."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            _(
                "{path} is damaged: {why}. Nothing is written into it any more. Stop mecra, keep the file, and put a backup in its place "
                "with `mecra restore` (docs/operating.md, Power, disk, damage)"
            ).format(path=path, why=why)
        )
        self.path, self.why = path, why


def explained(error: sqlite3.Error, path: Path) -> StorageError:
    """SQLite's complaint about the database at `path` as an error of ours; `Damaged` where the file itself is bad."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_IOERR_CORRUPTFS or code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return Damaged(path, str(error))
    said = {"path": path, "why": error}
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            text = _(
                "nothing was stored, because the disk of {path} is full ({why}): make room, then run it again; what was there before is whole"
            )
        case sqlite3.SQLITE_IOERR:
            text = _(
                "nothing was stored, because the disk of {path} gives errors ({why}): is it full (df -h), or does it fail (dmesg)?"
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            text = _(
                "nothing was stored, because {path} can't be written ({why}): run mecra as its owner; or is the disk mounted read-only?"
            )
        case sqlite3.SQLITE_CANTOPEN:
            text = _("{path} can't be opened ({why}): may this user read and write it, and its directory?")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            text = _(
                "nothing was stored, because another program keeps {path} locked ({why}): see which with `fuser -v`, end it, run it again"
            )
        case _:
            text = _(
                "{path}: {why}: run `mecra doctor`; if it is damaged, put a backup in its place with `mecra restore` (docs/operating.md)"
            )
    return StorageError(text.format(**said))


DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG)


def of_disk(error: OSError) -> StorageError | None:
    """A file that could not be written because of its disk; None for any other complaint."""
    if error.errno not in DISK:
        return None
    file = error.filename or _("a file")
    return StorageError(_("{path} can't be written ({why}): see to the disk (df -h, mount)").format(path=file, why=error.strerror))
