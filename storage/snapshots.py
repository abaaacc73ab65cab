"""Frozen statements: a snapshot with its values and their parts, written in one transaction and read back as it was written.

A row here is plain: whole numbers, decimals rounded once, exact fractions as text. What the figures mean is the indicators' matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, TypeAlias

from model import Period, from_text
from storage import Storage
from storage.database import transaction

Figure: TypeAlias = int | float | str | None


@dataclass(frozen=True, slots=True)
class PartRow:
    """`snapshot_evidence`: one part of a value. `value` is a whole number or the text of a fraction."""

    code: str
    part: str
    value: Figure
    opening: Figure
    closing: Figure
    opening_reading: int | None
    closing_reading: int | None
    opened_at: str | None
    closed_at: str | None
    asked: int
    covered: int
    digest: str
    note: str


@dataclass(frozen=True, slots=True)
class ValueRow:
    """`snapshot_values`: one indicator. Decimals are rounded half up to two places, `numerator`, `denominator` and
    `performance_exact` are exact, `details` is JSON."""

    code: str
    value: Figure
    numerator: str | None
    denominator: str | None
    baseline: Figure
    target: Figure
    performance: float | None
    performance_exact: str | None
    capped: float | None
    contribution: float | None
    expected: Figure
    coverage: float | None
    status: str
    band: str
    note: str
    details: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`snapshots`, with its rows. `revision` 0 and no `sealed_at`: provisional. `scope` (JSON) are the accounts that counted.

    `snapshot` is its number, 0 until it is stored.
    """

    period: str
    as_of: str
    taken_at: str
    plan: str
    archive: int
    goal: float | None
    goal_exact: str | None
    status: str
    note: str
    scope: str
    values: tuple[ValueRow, ...]
    parts: tuple[PartRow, ...]
    revision: int = 0
    sha256: str | None = None
    previous_sha256: str | None = None
    sealed_at: str | None = None
    sealed_by: str | None = None
    reason: str = ""
    snapshot: int = 0

    def value(self, code: str) -> ValueRow | None:
        return next((value for value in self.values if value.code == code), None)

    def parts_of(self, code: str) -> tuple[PartRow, ...]:
        return tuple(part for part in self.parts if part.code == code)


HEAD = tuple(f.name for f in fields(Snapshot) if f.name not in ("values", "parts"))
VALUE = tuple(f.name for f in fields(ValueRow))
PART = tuple(f.name for f in fields(PartRow))


def keep_provisional(storage: Storage, snapshot: Snapshot) -> Snapshot:
    """Store a provisional snapshot in place of the period's others as of the same local day; answers it with its number."""
    day = _local_day(storage, snapshot.as_of)
    with transaction(storage.connection):
        rows = storage.connection.execute(
            "SELECT snapshot, as_of FROM snapshots WHERE period = ? AND sealed_at IS NULL", (snapshot.period,)
        ).fetchall()
        for number in [number for number, as_of in rows if _local_day(storage, as_of) == day]:
            for table in ("snapshot_evidence", "snapshot_values", "snapshots"):
                storage.connection.execute(f"DELETE FROM {table} WHERE snapshot = ?", (number,))
        return insert(storage, snapshot)


def insert(storage: Storage, snapshot: Snapshot) -> Snapshot:
    """Write a snapshot within the caller's transaction, a sealed one with its seal last: the rows of a sealed one are closed."""
    head = tuple(name for name in HEAD if name not in ("snapshot", "sha256", "sealed_at"))
    done = storage.connection.execute(_into("snapshots", head), [getattr(snapshot, name) for name in head])
    number = int(done.lastrowid or 0)
    _insert_rows(storage, "snapshot_values", VALUE, number, snapshot.values)
    _insert_rows(storage, "snapshot_evidence", PART, number, snapshot.parts)
    if snapshot.sealed_at is not None:
        storage.connection.execute(
            "UPDATE snapshots SET sha256 = ?, sealed_at = ? WHERE snapshot = ?", (snapshot.sha256, snapshot.sealed_at, number)
        )
    return replace(snapshot, snapshot=number)


def read(storage: Storage, number: int) -> Snapshot | None:
    """The snapshot of a number."""
    return next(iter(_read(storage, "snapshot = ?", number)), None)


def latest_sealed(storage: Storage, period: Period) -> Snapshot | None:
    """The sealed revision of a period that counts: its last one."""
    where = "period = ? AND sealed_at IS NOT NULL ORDER BY revision DESC, snapshot DESC LIMIT 1"
    return next(iter(_read(storage, where, str(period))), None)


def latest_provisional(storage: Storage, period: Period) -> Snapshot | None:
    """The provisional statement of a period that knows most."""
    where = "period = ? AND sealed_at IS NULL ORDER BY as_of DESC, snapshot DESC LIMIT 1"
    return next(iter(_read(storage, where, str(period))), None)


def all_sealed(storage: Storage) -> list[Snapshot]:
    """Every sealed snapshot in the order in which they were sealed, each with its rows."""
    return _read(storage, "sealed_at IS NOT NULL ORDER BY snapshot")


def heads(storage: Storage, period: Period | None = None) -> list[Snapshot]:
    """Every snapshot, or those of a period, newest first, without their rows."""
    where = "?1 IS NULL OR period = ?1 ORDER BY snapshot DESC"
    rows = storage.connection.execute(f"SELECT {', '.join(HEAD)} FROM snapshots WHERE {where}", (str(period) if period else None,))
    return [_head(row) for row in rows]


def last_seal(storage: Storage) -> str | None:
    """The SHA-256 that the next seal rests on: of the snapshot that was sealed last, of whatever period."""
    row = storage.connection.execute(
        "SELECT sha256 FROM snapshots WHERE sealed_at IS NOT NULL ORDER BY snapshot DESC LIMIT 1"
    ).fetchone()
    return str(row[0]) if row else None


def last_taken(storage: Storage, period: Period) -> tuple[datetime | None, datetime | None]:
    """As of when a period was stated last, and as of when it was sealed last."""
    row = storage.connection.execute(
        "SELECT max(as_of), max(as_of) FILTER (WHERE sealed_at IS NOT NULL) FROM snapshots WHERE period = ?", (str(period),)
    ).fetchone()
    taken, sealed = (from_text(text) if text else None for text in row)
    return taken, sealed


def first_answer(storage: Storage) -> datetime | None:
    """When the archive begins."""
    row = storage.connection.execute("SELECT at FROM responses ORDER BY response LIMIT 1").fetchone()
    return from_text(row[0]) if row else None


def _read(storage: Storage, where: str, *values: object) -> list[Snapshot]:
    rows = storage.connection.execute(f"SELECT {', '.join(HEAD)} FROM snapshots WHERE {where}", values).fetchall()
    return [_whole(storage, _head(row)) for row in rows]


def _head(row: Iterable[Any]) -> Snapshot:
    return Snapshot(values=(), parts=(), **dict(zip(HEAD, row, strict=True)))


def _whole(storage: Storage, head: Snapshot) -> Snapshot:
    values = storage.connection.execute(
        f"SELECT {', '.join(VALUE)} FROM snapshot_values WHERE snapshot = ? ORDER BY rowid", (head.snapshot,)
    )
    parts = storage.connection.execute(
        f"SELECT {', '.join(PART)} FROM snapshot_evidence WHERE snapshot = ? ORDER BY rowid", (head.snapshot,)
    )
    return replace(
        head, values=tuple(ValueRow(*row) for row in values.fetchall()), parts=tuple(PartRow(*row) for row in parts.fetchall())
    )


def _insert_rows(
    storage: Storage, table: str, names: tuple[str, ...], number: int, rows: tuple[ValueRow, ...] | tuple[PartRow, ...]
) -> None:
    storage.connection.executemany(
        _into(table, ("snapshot", *names)), [(number, *(getattr(row, name) for name in names)) for row in rows]
    )


def _into(table: str, names: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


def _local_day(storage: Storage, text: str) -> str:
    return from_text(text).astimezone(storage.zone).date().isoformat()


def periods_kept(storage: Storage) -> list[str]:
    """The periods that a snapshot is kept of."""
    return [period for (period,) in storage.connection.execute("SELECT DISTINCT period FROM snapshots ORDER BY period")]


def last_number(storage: Storage) -> tuple[int, int]:
    """The number of the newest snapshot, and of the newest archived answer; 0 where there is none."""
    row = storage.connection.execute(
        "SELECT coalesce((SELECT max(snapshot) FROM snapshots), 0), coalesce((SELECT max(response) FROM responses), 0)"
    ).fetchone()
    return int(row[0]), int(row[1])
