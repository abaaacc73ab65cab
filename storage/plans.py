"""The plan's versions: each file that was ever in force, whole, by the SHA-256 of its text; old snapshots keep theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Protocol

from model import from_text, to_text
from storage import Storage, StorageError
from storage.database import transaction
from words import _

SHORT = 12  # characters of a hash that a person reads

VERSIONS = """
SELECT plan, code, name, loaded_at, count(snapshot), count(sealed_at)
FROM plans LEFT JOIN snapshots USING (plan) GROUP BY plan ORDER BY loaded_at DESC, plans.rowid DESC
"""


class Row(Protocol):
    """An indicator, as far as its table tells of it (config/plan.py)."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def weight(self) -> Fraction: ...
    @property
    def baseline(self) -> Fraction | None: ...
    @property
    def targets(self) -> Mapping[int, Fraction]: ...


class Text(Protocol):
    @property
    def text(self) -> str: ...


class Card(Protocol):
    """A plan, as far as its tables tell of it."""

    @property
    def sha256(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def target(self) -> Text: ...
    @property
    def indicators(self) -> Sequence[Row]: ...


@dataclass(frozen=True, slots=True)
class Version:
    """`loaded_at`: when it was last put in force. `snapshots` were taken by it, of which `sealed` are."""

    plan: str
    code: str
    name: str
    loaded_at: datetime
    snapshots: int
    sealed: int


def register_plan(storage: Storage, plan: Card, now: datetime) -> bool:
    """Make the plan the one in force; True where this text was not known before. Nothing is written where it is in force already."""
    newest = storage.connection.execute("SELECT plan FROM plans ORDER BY loaded_at DESC, rowid DESC LIMIT 1").fetchone()
    if newest == (plan.sha256,):
        return False
    with transaction(storage.connection):
        again = storage.connection.execute("UPDATE plans SET loaded_at = ? WHERE plan = ?", (to_text(now), plan.sha256)).rowcount
        if not again:
            _insert(storage, plan, now)
    return not again


def _insert(storage: Storage, plan: Card, now: datetime) -> None:
    execute, many = storage.connection.execute, storage.connection.executemany
    execute(
        "INSERT INTO plans (plan, code, name, loaded_at, body) VALUES (?, ?, ?, ?, ?)",
        (plan.sha256, plan.code, plan.target.text, to_text(now), plan.body),
    )
    many(
        "INSERT INTO indicators (plan, code, name, unit, kind, weight, baseline) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(plan.sha256, i.code, i.label, i.unit, i.kind, _shown(i.weight), _shown(i.baseline)) for i in plan.indicators],
    )
    many(
        "INSERT INTO targets (plan, code, year, target) VALUES (?, ?, ?, ?)",
        [(plan.sha256, i.code, year, _shown(target)) for i in plan.indicators for year, target in i.targets.items()],
    )


def plan_body(storage: Storage, sha256: str) -> str:
    """The text of a version, as it was loaded. Raises StorageError for one that was never stored."""
    row = storage.connection.execute("SELECT body FROM plans WHERE plan = ?", (sha256,)).fetchone()
    if row is None:
        raise StorageError(_("no plan {text} is stored: see `mecra plan versions`").format(text=sha256[:SHORT]))
    return str(row[0])


def version_of(storage: Storage, begins: str) -> str:
    """The whole hash of the one version whose hash begins so. Raises StorageError for none and for several."""
    found = [version.plan for version in versions(storage) if begins and version.plan.startswith(begins.lower())]
    if len(found) != 1:
        raise StorageError(
            _("{n} plans are stored whose hash begins with {text}: see `mecra plan versions`").format(n=len(found), text=begins)
        )
    return found[0]


def touched_plans(storage: Storage) -> list[str]:
    """The versions whose stored text is no longer the one that was loaded."""
    rows = storage.connection.execute("SELECT plan, body FROM plans ORDER BY plan")
    return [plan for plan, body in rows if hashlib.sha256(body.encode()).hexdigest() != plan]


def versions(storage: Storage) -> list[Version]:
    """All versions, the one in force first."""
    return [
        Version(plan, code, name, from_text(loaded_at), snapshots, sealed)
        for plan, code, name, loaded_at, snapshots, sealed in storage.connection.execute(VERSIONS)
    ]


def _shown(value: Fraction | None) -> int | float | None:
    """For whoever reads the tables; what is computed with stands exact in the body."""
    if value is None or value.denominator == 1:
        return None if value is None else int(value)
    return float(value)
