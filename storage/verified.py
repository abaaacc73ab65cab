"""What the nightly verifying found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.noted import instant, read, write

NAME = "verified.json"


@dataclass(frozen=True, slots=True)
class Verified:
    """The last one: when (UTC text) and what it found wrong, the first of it in words; `whole_at`: when all was measured again last.

    `why`: it could not be done.
    """

    at: str = ""
    whole_at: str = ""
    findings: int = 0
    first: str = ""
    why: str = ""

    @property
    def done(self) -> datetime | None:
        return instant(self.at)

    @property
    def wholly_done(self) -> datetime | None:
        return instant(self.whole_at)


def known(data: Path) -> Verified:
    """As it was noted last; empty when nothing was."""
    return read(data / NAME, Verified())


def note(data: Path, found: Verified) -> None:
    write(data / NAME, found)
