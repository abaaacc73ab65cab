"""The audit log: what people did by hand, read back and checked. Lines are only ever added, each rests on the one before it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from model import to_text
from storage import Storage
from storage.acts import DONE, FAILED, SAID, Act, add, line_hash
from storage.database import MIGRATIONS, applied, connect, transaction

CHANGED, MISSING, BROKEN = "changed", "missing", "broken"


@dataclass(frozen=True, slots=True)
class Done:
    """One act. `outcome` is `begun` where no end was told: it was cut off, or is still under way. Times are UTC text."""

    act: int
    at: str
    ended_at: str | None
    who: str
    login: str
    command: str
    arguments: Mapping[str, Any]
    outcome: str
    told: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line: it was `changed`, lines from it on are `missing`, or it rests on another one than stands there."""

    kind: str
    act: int


@dataclass(frozen=True, slots=True)
class Head:
    """The last line: to be noted elsewhere, and looked for later."""

    act: int
    sha256: str


def end(act: Act, told: str | None, *, beside: bool = False) -> list[Head]:
    """Tell how an act ended, in each database that it changed; `told` is why it failed. One that failed before it changed anything
    is told too, and one that changed something `beside` the database. Answers the last line of each log. Raises StorageError."""
    databases: dict[Path, int | None] = {**act.begun}
    if told is not None or beside:
        databases |= {path: None for path in act.opened if path not in act.begun}
    heads = []
    for path, begun in databases.items():
        if not path.exists():  # a twin that served for a comparison
            continue
        connection = connect(path)
        try:
            if applied(connection) != list(
                MIGRATIONS
            ):  # a newer mecra's, or one that could not be brought up to date: left as it is
                continue
            with transaction(connection, by_itself=True):
                number = add(connection, act, DONE if told is None else FAILED, told or "", begun=begun)
            sha256 = connection.execute("SELECT sha256 FROM acts WHERE act = ?", (number,)).fetchone()[0]
            heads.append(Head(number, sha256))
        finally:
            connection.close()
    return heads


def done(storage: Storage, *, since: datetime | None = None, most: int | None = None) -> list[Done]:
    """The acts that began at or after an instant, the newest first."""
    rows = storage.connection.execute(
        "SELECT b.act, b.at, coalesce(e.at, CASE b.outcome WHEN 'begun' THEN NULL ELSE b.at END), b.who, b.login, b.command, b.arguments, "
        "coalesce(e.outcome, b.outcome), coalesce(e.told, b.told), coalesce(e.sha256, b.sha256) "
        "FROM acts b LEFT JOIN acts e ON e.begun = b.act WHERE b.begun IS NULL AND b.at >= ? ORDER BY b.act DESC LIMIT ?",
        (to_text(since) if since else "", -1 if most is None else most),
    )
    return [
        Done(act, at, ended, who, login, command, _arguments(arguments), outcome, told, sha256)
        for act, at, ended, who, login, command, arguments, outcome, told, sha256 in rows
    ]


def head(storage: Storage) -> Head | None:
    row = storage.connection.execute("SELECT act, sha256 FROM acts ORDER BY act DESC LIMIT 1").fetchone()
    return Head(*row) if row else None


def faults(storage: Storage) -> Iterator[Fault]:
    """Every line that is not as it was written, and every place where one is gone, the end of the log too."""
    number, before = 0, None
    for *line, sha256 in storage.connection.execute(f"SELECT {', '.join(SAID)}, sha256 FROM acts ORDER BY act"):
        if line[0] != number + 1:
            yield Fault(MISSING, number + 1)
        elif line[-1] != before:
            yield Fault(BROKEN, line[0])
        if line_hash(tuple(line)) != sha256:
            yield Fault(CHANGED, line[0])
        number, before = line[0], sha256
    counted = storage.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'acts'").fetchone()
    if (counted[0] if counted else 0) != number:
        yield Fault(MISSING, number + 1)


def _arguments(text: str) -> dict[str, Any]:
    """Whatever stands there: a log that somebody has tampered with is shown as well."""
    try:
        found = json.loads(text)
    except ValueError:
        found = text
    return found if isinstance(found, dict) else {"?": found}
