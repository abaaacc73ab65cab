"""Who is doing what by hand, and the line that the first change of it writes into the audit log, in the same transaction.

A command begins an act (console/acting.py); `storage.database.transaction` asks here before each commit. What mecra does by
itself is no act.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from model import Clock, to_text

BEGUN, DONE, FAILED = "begun", "done", "failed"
SAID = (
    "act",
    "at",
    "begun",
    "who",
    "login",
    "command",
    "arguments",
    "outcome",
    "told",
    "previous_sha256",
)  # what a line's hash covers


@dataclass(slots=True)
class Act:
    """One command of one person. `arguments` gives JSON without secrets; `begun` are the databases that it has changed so far, each
    with the line that says so there, `opened` those that it might."""

    who: str
    login: str
    command: str
    arguments: Callable[[], str]
    now: Clock
    begun: dict[Path, int] = field(default_factory=dict)
    opened: set[Path] = field(default_factory=set)


_acting: ContextVar[Act | None] = ContextVar("acting", default=None)


@contextmanager
def acting(act: Act) -> Iterator[Act]:
    """What is changed within is done by that act."""
    token = _acting.set(act)
    try:
        yield act
    finally:
        _acting.reset(token)


def opening(path: Path) -> None:
    """A database is opened for writing."""
    if act := _acting.get():
        act.opened.add(path.resolve())


def noted(connection: sqlite3.Connection) -> tuple[Path, int] | None:
    """Write the beginning of the current act within the caller's transaction, unless it stands there already.

    Answers what `committed` is to be told once the transaction is.
    """
    act = _acting.get()
    if act is None or (file := _file(connection)) is None or file in act.begun:
        return None
    return file, add(connection, act, BEGUN)


def committed(line: tuple[Path, int] | None) -> None:
    act = _acting.get()
    if act is not None and line is not None:
        act.begun[line[0]] = line[1]


def add(connection: sqlite3.Connection, act: Act, outcome: str, told: str = "", *, begun: int | None = None) -> int:
    """Add a line within the caller's transaction; answers its number."""
    # Numbered by SQLite's own count, which a removed last line does not lower.
    counted = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'acts'").fetchone() or (0,)
    last = connection.execute("SELECT sha256 FROM acts ORDER BY act DESC LIMIT 1").fetchone() or (None,)
    arguments = act.arguments() if begun is None else "{}"
    line = (counted[0] + 1, to_text(act.now()), begun, act.who, act.login, act.command, arguments, outcome, told, last[0])
    connection.execute(
        f"INSERT INTO acts ({', '.join(SAID)}, sha256) VALUES ({', '.join('?' * len(SAID))}, ?)", (*line, line_hash(line))
    )
    return int(line[0])


def line_hash(line: tuple[object, ...]) -> str:
    """The SHA-256 of a line as JSON: a list of what `SAID` names, in that order, without blanks."""
    return hashlib.sha256(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _file(connection: sqlite3.Connection) -> Path | None:
    """Of the connection's database, where that keeps an audit log."""
    name = connection.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()[0]
    kept = connection.execute("SELECT 1 FROM main.sqlite_master WHERE name = 'acts'").fetchone()
    return Path(name).resolve() if name and kept else None
