"""What verifying finds: where, in words, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from storage.snapshots import Snapshot
from words import Note


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind`: seal, chain, removed, file, plan, value, part, reading, entry, answer or guard. Not `failed`: told, and no fault."""

    kind: str
    what: Note
    cure: Note
    period: str = ""
    revision: int = 0
    failed: bool = True


def found(kind: str, what: str, cure: str, snapshot: Snapshot, **values: int | str) -> Finding:
    """A finding in one snapshot; both texts may name `period` and `revision`."""
    named = {"period": snapshot.period, "revision": snapshot.revision, **values}
    return Finding(kind, Note(what, named), Note(cure, named), snapshot.period, snapshot.revision)
