"""Whether what was sealed still stands, as a page may ask: quickly, and without writing anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.plan import Plan
from config.plan_file import parse_plan
from indicators.seal import sealed_hash
from indicators.verify import verify
from storage import Storage
from storage.seal_file import NAME
from storage.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that is not as it was sealed (`failed`), or is only told; with what to do about it."""

    period: str
    revision: int
    what: str
    cure: str
    failed: bool


def doubts(storage: Storage, data: Path, in_force: Callable[[], Plan]) -> list[Doubt]:
    """Of all seals: hashes, their chain, the file of seals, the plans, files handed in, the answers that the evidence names.
    Nothing is measured again (`mecra verify` does). `data` is the directory of the database."""
    found = verify(storage, data / NAME, parse_plan, in_force, quick=True, add=False)
    return [Doubt(one.period, one.revision, one.what.said(), one.cure.said(), one.failed) for one in found]


def stands(snapshot: Snapshot) -> bool:
    """Whether the rows of a sealed snapshot are those that were sealed."""
    return snapshot.sha256 == sealed_hash(snapshot)
