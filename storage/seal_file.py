"""`seals.txt` beside the database: a line a seal, only ever added to, so that a snapshot removed from the end of the chain is missed.

A line: when it was sealed, its period, its revision and its SHA-256.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from storage.snapshots import Snapshot

NAME = "seals.txt"
LINE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (20\d\d(?:-H[12])?) (\d{1,9}) ([0-9a-f]{64})", re.A)


@dataclass(frozen=True, slots=True)
class SealLine:
    sealed_at: str
    period: str
    revision: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.sealed_at} {self.period} {self.revision} {self.sha256}"


def line_of(snapshot: Snapshot) -> SealLine:
    return SealLine(snapshot.sealed_at or "", snapshot.period, snapshot.revision, snapshot.sha256 or "")


def read_lines(path: Path) -> tuple[list[SealLine], list[str]]:
    """The seals in the file, and what is no line of ours in it; nothing where there is no file."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return [], []
    seals, others = [], []
    for line in text.splitlines():
        match = LINE.fullmatch(line)
        if match:
            seals.append(SealLine(match[1], match[2], int(match[3]), match[4]))
        elif line.strip():
            others.append(line)
    return list(dict.fromkeys(seals)), others


def add_missing(path: Path, sealed: Iterable[Snapshot]) -> list[SealLine]:
    """Write the lines of seals that the file has not, as after a crash between the seal and its line; answers them.

    Where it has another one of the same period and revision, that one stays alone: one of the two is false.
    """
    there = {(line.period, line.revision) for line in read_lines(path)[0]}
    missing = [line for line in map(line_of, sealed) if (line.period, line.revision) not in there]
    if not missing:
        return []
    with path.open("a+b") as file:
        file.seek(0, os.SEEK_END)
        cut = False
        if file.tell():
            file.seek(-1, os.SEEK_END)
            cut = file.read(1) != b"\n"
        file.write((("\n" if cut else "") + "".join(f"{line}\n" for line in missing)).encode())
        file.flush()
        os.fsync(file.fileno())
    return missing
