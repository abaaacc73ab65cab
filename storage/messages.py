"""What mecra wrote and sent by itself, in order: only ever added to, so that a restart repeats nothing that is known to be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from model import Period, from_text, to_text
from storage import Storage
from storage.database import transaction

# `begun` stands before a server is asked: where nothing follows it, nobody knows whether the message went out; `unclear` says so too.
BEGUN, SENT, REFUSED, FAILED, UNCLEAR, TOLD = "begun", "sent", "refused", "failed", "unclear", "told"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file as it was written on an occasion. `path` is where, `sha256` of its bytes."""

    language: str
    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a message to one recipient so far: how often it was tried, and its last outcome, when, with the answer."""

    tries: int
    outcome: str
    at: datetime
    answer: str


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One row. `recipient` is None for what was said in the log alone; `at` is UTC text."""

    message: int
    occasion: str
    recipient: str | None
    outcome: str
    answer: str
    at: str


def add_files(storage: Storage, occasion: str, files: Iterable[ReportFile], at: datetime) -> None:
    """All files of an occasion, so that those of one that was cut off are written again."""
    rows = [(occasion, f.language, str(f.path), f.size, f.sha256, to_text(at)) for f in files]
    with transaction(storage.connection):
        storage.connection.executemany(
            "INSERT INTO report_files (occasion, language, path, bytes, sha256, written_at) VALUES (?, ?, ?, ?, ?, ?)", rows
        )


def files_of(storage: Storage, occasion: str) -> list[ReportFile]:
    """As they were written last; empty where nothing was."""
    rows = storage.connection.execute(
        "SELECT language, path, bytes, sha256 FROM report_files WHERE occasion = ?1 AND file IN "
        "(SELECT max(file) FROM report_files WHERE occasion = ?1 GROUP BY path) ORDER BY file",
        (occasion,),
    )
    return [ReportFile(language, Path(path), size, sha256) for language, path, size, sha256 in rows]


def is_ours(storage: Storage, path: Path, sha256: str) -> bool:
    """Whether a file at that path is one that mecra wrote there, with these very bytes."""
    row = storage.connection.execute("SELECT 1 FROM report_files WHERE path = ? AND sha256 = ? LIMIT 1", (str(path), sha256))
    return row.fetchone() is not None


def add_message(storage: Storage, occasion: str, outcomes: Iterable[tuple[str | None, str, str]], at: datetime) -> None:
    """(recipient, outcome, answer) of each."""
    with transaction(storage.connection):
        storage.connection.executemany(
            "INSERT INTO messages (occasion, recipient, outcome, answer, at) VALUES (?, ?, ?, ?, ?)",
            [(occasion, recipient, outcome, answer, to_text(at)) for recipient, outcome, answer in outcomes],
        )


def tried(storage: Storage, occasion: str) -> dict[str | None, Tried]:
    """By recipient what became of it, for those that there is a row of."""
    rows = storage.connection.execute(
        "SELECT recipient, outcome, at, answer FROM messages WHERE occasion = ? ORDER BY message", (occasion,)
    )
    found: dict[str | None, Tried] = {}
    for recipient, outcome, at, answer in rows:
        before = found[recipient].tries if recipient in found else 0
        found[recipient] = Tried(before + (outcome == BEGUN), outcome, from_text(at), answer)
    return found


def newest(storage: Storage, most: int) -> list[MessageRow]:
    """The last rows, newest first."""
    rows = storage.connection.execute(
        "SELECT message, occasion, recipient, outcome, answer, at FROM messages ORDER BY message DESC LIMIT ?", (most,)
    )
    return [MessageRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Statement:
    """The snapshot of a period that its report is about: the last sealed revision, else the newest provisional one. UTC instants."""

    snapshot: int
    period: Period
    revision: int
    as_of: datetime
    taken_at: datetime
    sealed_at: datetime | None


def statements(storage: Storage) -> list[Statement]:
    """One a period, in the periods' order."""
    rows = storage.connection.execute(
        """WITH ranked AS (
    SELECT snapshot, period, revision, as_of, taken_at, sealed_at, row_number() OVER (
        PARTITION BY period ORDER BY sealed_at IS NOT NULL DESC, revision DESC, as_of DESC, snapshot DESC) AS place
    FROM snapshots)
SELECT snapshot, period, revision, as_of, taken_at, sealed_at FROM ranked WHERE place = 1 ORDER BY period"""
    )
    return [
        Statement(
            number, Period.parse(period), revision, from_text(as_of), from_text(taken), from_text(sealed) if sealed else None
        )
        for number, period, revision, as_of, taken, sealed in rows
    ]  # fmt: skip
