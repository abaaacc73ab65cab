"""What became of the backups: the last good one, and what failed since. A file beside the database, so that it can be told whatever
state that is in; it can be deleted at any time."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from model import from_text

NAME = "backups.json"


@dataclass(frozen=True, slots=True)
class BackupState:
    """The last good backup: when (UTC text), where, its bytes; `second`: where its copy is.

    `failed_at`, `why`: the last try, where that one failed; `second_why`: why the copy of the last good one could not be made.
    """

    good_at: str = ""
    path: str = ""
    size: int = 0
    second: str = ""
    second_why: str = ""
    failed_at: str = ""
    why: str = ""

    @property
    def good(self) -> datetime | None:
        return _instant(self.good_at)

    @property
    def failed(self) -> datetime | None:
        """When the last try failed; None when it did not, or there was none."""
        return _instant(self.failed_at)


def known(data: Path) -> BackupState:
    """As it was noted last; empty when nothing was, or when the file can't be read."""
    try:
        said = json.loads((data / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return BackupState()
    if not isinstance(said, dict):
        return BackupState()
    kinds = {field.name: type(getattr(BackupState(), field.name)) for field in fields(BackupState)}
    return BackupState(**{name: value for name, value in said.items() if name in kinds and isinstance(value, kinds[name])})


def note_good(data: Path, state: BackupState) -> None:
    _write(data, replace(state, failed_at="", why=""))


def note_failure(data: Path, at: str, why: str) -> None:
    """The last good one stays told."""
    _write(data, replace(known(data), failed_at=at, why=why))


def _write(data: Path, state: BackupState) -> None:
    """Whole or not at all; a disk that takes nothing must not hide why a backup failed."""
    with suppress(OSError):
        draft = data / f"{NAME}.new"
        draft.write_text(json.dumps(asdict(state), indent=1) + "\n", encoding="utf-8")
        draft.replace(data / NAME)


def _instant(text: str) -> datetime | None:
    try:
        return from_text(text) if text else None
    except ValueError:
        return None
