"""Files copied to another place, on disk and read again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from model import MecraError
from upkeep.packed import CHUNK
from words import _

Alive = Callable[[], None]  # asked between steps, so that whoever waits knows that it goes on


class Interrupted(MecraError):
    """Nothing failed: another one is at it, or mecra was told to stop. It is done after the next start."""


def copied(path: Path, directory: Path, alive: Alive) -> Path:
    """A copy of a file in a directory that is there already (a share that is not mounted has none), read again from where it is.

    Raises OSError.
    """
    target = directory / path.name
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out, path.open("rb") as body:
            while chunk := body.read(CHUNK):
                out.write(chunk)
                alive()
            out.flush()
            os.fsync(out.fileno())
        if _sha256(draft, alive) != _sha256(path, alive):
            raise OSError(5, _("the copy is not equal"), str(target))
        draft.replace(target)
        synced(directory)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    return target


def _sha256(path: Path, alive: Alive) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            alive()
    return digest.hexdigest()


def synced(directory: Path) -> None:
    """The names in a directory, on disk."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
