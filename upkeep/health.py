"""How mecra is at this moment: what a monitor asks for. Never a post's text or a headline.

`failing` is what keeps it from its work, or makes its figures doubtful; open incidents alone are for a person, not for a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from config import Settings
from model import Clock, MecraError, from_text, to_text
from reports.health import BudgetHealth, budgets
from storage import backups, opened, verified
from storage.backups import BackupState
from storage.expiry import known_expiries
from storage.health import StreamHealth, newest_answer, streams
from storage.incidents import Incident, open_incidents
from storage.verified import Verified
from upkeep.alarm_text import incident_json
from upkeep.room import free_on

MB = 1 << 20
OK, INCIDENTS, FAILING = "ok", "incidents", "failing"


@dataclass(frozen=True)
class Lanes:
    """What the daemon's lanes are at: seconds of each that works at this moment, and from how many on it is taken for hung."""

    busy: Callable[[], Mapping[str, float]] = dict
    most: float = 900.0
    walks: Callable[[], Mapping[tuple[str, str], int]] = dict


@dataclass(frozen=True)
class Health:
    """`problem`: why the database could not be read; then nothing of it is known."""

    at: datetime
    database_bytes: int
    free: int | None
    least_free: int
    backup: BackupState
    verified: Verified
    expiries: Mapping[str, datetime]
    busy: Mapping[str, float]
    hung: tuple[str, ...]
    walks: Mapping[tuple[str, str], int]
    problem: str = ""
    streams: tuple[StreamHealth, ...] = ()
    budgets: tuple[BudgetHealth, ...] = ()
    incidents: tuple[Incident, ...] = ()
    newest: datetime | None = None

    @property
    def failing(self) -> list[str]:
        found = [f"database: {self.problem}"] if self.problem else []
        if self.free is not None and self.free < self.least_free:
            found.append(f"disk: {self.free // MB} MB free, fewer than {self.least_free // MB}: nothing is collected")
        if self.verified.findings:
            found.append(f"seals: {self.verified.findings} findings, see `mecra verify`")
        return [*found, *(f"lane {name}: at the same thing for {self.busy[name]:.0f} s" for name in self.hung)]

    @property
    def status(self) -> str:
        return FAILING if self.failing else INCIDENTS if self.incidents else OK

    def to_json(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "at": to_text(self.at),
            "version": release(),
            "failing": self.failing,
            "database": {"bytes": self.database_bytes, "readable": not self.problem},
            "disk": {"free_bytes": self.free, "least_free_bytes": self.least_free},
            "last_answer_at": _text(self.newest),
            "backup": {"good_at": self.backup.good_at or None, "failed_at": self.backup.failed_at or None, "bytes": self.backup.size},
            "verified": {"at": self.verified.at or None, "findings": self.verified.findings},
            "lanes": {name: round(seconds) for name, seconds in sorted(self.busy.items())},
            "incidents": [incident_json(one) for one in self.incidents],
            "sources": [
                {
                    "account": one.account, "stream": one.stream, "outcome": one.outcome, "good_at": _text(one.good_at),
                    "age_seconds": _age(one.good_at, self.at), "next_at": _text(one.next_at),
                }
                for one in self.streams
            ],
        }  # fmt: skip


def measure(settings: Settings, now: Clock, lanes: Lanes | None = None, *, free: Callable[[Path], int] = free_on) -> Health:
    """Looked at anew; a database that can't be read is part of the answer."""
    at, lanes = now(), lanes or Lanes()
    busy = dict(lanes.busy())
    known = Health(
        at=at,
        database_bytes=_bytes(settings.database),
        free=_free(settings.data, free),
        least_free=settings.free_mb * MB,
        backup=backups.known(settings.data),
        verified=verified.known(settings.data),
        expiries=_expiries(settings.data),
        busy=busy,
        hung=tuple(sorted(name for name, seconds in busy.items() if seconds > lanes.most)),
        walks=dict(lanes.walks()),
    )
    try:
        with opened(settings.database, settings.zone, read_only=True) as storage:
            watched = {account.account for account in settings.accounts}
            return Health(
                **{
                    **vars(known),
                    "streams": tuple(one for one in streams(storage, at) if one.account in watched),
                    "budgets": tuple(budgets(storage, settings.budgets, at)),
                    "incidents": tuple(open_incidents(storage)),
                    "newest": newest_answer(storage),
                }
            )
    except MecraError as error:
        return Health(**{**vars(known), "problem": str(error)})


def release() -> str:
    """The version that is installed."""
    try:
        return version("mecra")
    except PackageNotFoundError:
        return "0"


def _bytes(database: Path) -> int:
    return sum(file.stat().st_size for file in (database, database.with_name(f"{database.name}-wal")) if file.exists())


def _free(data: Path, free: Callable[[Path], int]) -> int | None:
    try:
        return free(data)
    except OSError:
        return None


def _expiries(data: Path) -> dict[str, datetime]:
    found = {}
    for platform, known in known_expiries(data).items():
        try:
            found[platform] = from_text(known["expires_at"])
        except (KeyError, TypeError, ValueError):
            continue
    return found


def _text(at: datetime | None) -> str | None:
    return to_text(at) if at else None


def _age(at: datetime | None, now: datetime) -> int | None:
    return (now - at) // timedelta(seconds=1) if at else None
