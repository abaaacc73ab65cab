"""What upkeep notes in a file beside the database, so that it can be told whatever state that is in; it can be deleted at any time."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from model import from_text

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Noted = TypeVar("Noted", bound=DataclassInstance)


def read(path: Path, nothing: Noted) -> Noted:
    """As it was noted last; `nothing` when nothing was, or when the file can't be read. A value of another kind than there is left out."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return nothing
    if not isinstance(said, dict):
        return nothing
    kinds = {field.name: type(getattr(nothing, field.name)) for field in fields(nothing)}
    return type(nothing)(**{name: value for name, value in said.items() if name in kinds and type(value) is kinds[name]})


def write(path: Path, noted: DataclassInstance) -> None:
    """Whole or not at all; a disk that takes nothing must not hide what there was to note."""
    with suppress(OSError):
        draft = path.with_name(f"{path.name}.new")
        draft.write_text(json.dumps(asdict(noted), indent=1) + "\n", encoding="utf-8")
        draft.replace(path)


def instant(text: str) -> datetime | None:
    """A noted time; None for none, and for what is no time."""
    try:
        return from_text(text) if text else None
    except ValueError:
        return None
