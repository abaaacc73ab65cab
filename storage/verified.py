"""What the nightly verifying found: a file beside the database, so that it can be told whatever state that is in; it can be deleted at any time."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from model import from_text

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
        return _instant(self.at)

    @property
    def wholly_done(self) -> datetime | None:
        return _instant(self.whole_at)


def known(data: Path) -> Verified:
    """As it was noted last; empty when nothing was, or when the file can't be read."""
    try:
        said = json.loads((data / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Verified()
    if not isinstance(said, dict):
        return Verified()
    kinds = {field.name: type(getattr(Verified(), field.name)) for field in fields(Verified)}
    return Verified(**{name: value for name, value in said.items() if name in kinds and type(value) is kinds[name]})


def note(data: Path, found: Verified) -> None:
    """Whole or not at all; a disk that takes nothing must not hide what was found."""
    with suppress(OSError):
        draft = data / f"{NAME}.new"
        draft.write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")
        draft.replace(data / NAME)


def _instant(text: str) -> datetime | None:
    try:
        return from_text(text) if text else None
    except ValueError:
        return None
