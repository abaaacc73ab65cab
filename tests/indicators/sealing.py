"""What the tests of sealing stand on: a small plan as a file, a store with half a year read, and hands that touch what they must not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.plan import Plan
from config.plan_file import parse_plan
from indicators.finding import Finding
from indicators.seal import Sealed, seal
from indicators.verify import verify
from model import Period, Reading
from storage import Storage
from storage.seal_file import NAME, add_missing
from storage.snapshots import all_sealed
from tests.indicators.standing import Archive, store

EDGE = datetime(2026, 6, 30, 21, tzinfo=UTC)
YEAR = datetime(2026, 12, 31, 21, tzinfo=UTC)
SETTLED = timedelta(days=12)
H1, Y = Period(2026, 1), Period(2026)
CARD = """
institution = "Örnek"
code = "H1"
aim = "A1: Duyurmak"
target = "H1.1: Duyurmak"
unit = "Basın"
years = [2026, 2027]
settled_days = 10
account = [{ account = "x:a" }, { account = "facebook:b" }]

[[indicator]]
code = "PG1"
printed = "Takipçi sayısı"
label = "Takipçi"
unit = "adet"
kind = "level"
weight = "60%"
formula = "(C-A)/(B-A)"
baseline = "100"
baseline_period = "2024-H1"
targets = { 2026 = "400", 2027 = "500" }
rule = { measure = "level" }

[[indicator]]
code = "PG2"
printed = "Oran"
label = "Oran"
unit = "%"
kind = "ratio"
weight = "40%"
baseline = "90%"
baseline_period = "2024-H1"
targets = { 2026 = "100%", 2027 = "100%" }
rule = { measure = "by_hand" }
"""


def card(**changes: str) -> Plan:
    """The plan, with texts of the file exchanged."""
    text = CARD
    for was, now in changes.items():
        text = text.replace(was, now)
    return parse_plan(text, "card")


def filled(path: Path) -> Storage:
    """Two accounts read at both edges of 2026, and a ratio entered and approved for H1 and the year."""
    from storage.entries import Figure, approve, enter
    from storage.evidence import evidence

    archive = Archive(storage := store(path, "x:a", "facebook:b"))
    for at, one, other in ((EDGE, 200, 51), (YEAR, 260, 61)):
        archive.told("x:a", at - timedelta(hours=1), readings=[Reading("followers", one)])
        archive.told("facebook:b", at - timedelta(hours=1), readings=[Reading("followers", other)])
        number = enter(
            storage,
            Figure("PG2", H1 if at == EDGE else Y, value=97),
            by="Ayşe",
            at=at + timedelta(days=1),
            evidence=evidence("liste.pdf", f"{at}".encode()),
        )
        approve(storage, number, by="Mehmet", at=at + timedelta(days=2))
    return storage


def sealed(
    storage: Storage, period: Period = H1, *, plan: Plan | None = None, at: datetime | None = None, **more: object
) -> Sealed:
    at = at or period.span(storage.zone)[1] + SETTLED
    return seal(storage, plan or card(), period, at, by="Ayşe", now=lambda: at, **more)  # type: ignore[arg-type]


def findings(storage: Storage, path: Path, *, plan: Plan | None = None, quick: bool = False) -> list[Finding]:
    return verify(storage, path / NAME, parse_plan, lambda: plan or card(), quick=quick)


def written(storage: Storage, path: Path) -> None:
    """The lines of seals.txt, as the command writes them."""
    add_missing(path / NAME, all_sealed(storage))


@contextmanager
def unguarded(storage: Storage) -> Iterator[Storage]:
    """Without the triggers and the foreign keys, as somebody with an SQLite shell; they are put back, as one who covers the tracks."""
    storage.connection.execute("PRAGMA foreign_keys = OFF")
    guards = storage.connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _sql in guards:
        storage.connection.execute(f"DROP TRIGGER {name}")
    yield storage
    for _name, sql in guards:
        storage.connection.execute(sql)
    storage.connection.commit()
