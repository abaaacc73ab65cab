"""What became of the backups: the last good one, and what failed since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from storage.noted import instant, read, write

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
        return instant(self.good_at)

    @property
    def failed(self) -> datetime | None:
        """When the last try failed; None when it did not, or there was none."""
        return instant(self.failed_at)


def known(data: Path) -> BackupState:
    """As it was noted last; empty when nothing was."""
    return read(data / NAME, BackupState())


def note_good(data: Path, state: BackupState) -> None:
    write(data / NAME, replace(state, failed_at="", why=""))


def note_failure(data: Path, at: str, why: str) -> None:
    """The last good one stays told."""
    write(data / NAME, replace(known(data), failed_at=at, why=why))
