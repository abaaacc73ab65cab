"""The worked results of the card as sealed snapshots: nothing is measured, every figure was handed in and approved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.plan import Plan
from config.plan_file import load_plan
from indicators.seal import seal
from model import Period
from reports.reading import standings
from reports.statement import Standings
from storage import Storage
from storage.entries import Figure, approve, enter
from storage.evidence import evidence
from tests.indicators.standing import store
from tests.indicators.test_formulas import CARD, REACHED, F

PLAN = Path(__file__).parents[2] / "config" / "plans" / "h7.2.toml"
PERIODS = ("2025-H1", "2025", "2026-H1", "2026")


def the_plan() -> Plan:
    return load_plan(PLAN)


def handed_in(path: Path, *, sealed: bool = True) -> Storage:
    """A store in which the four periods stand as they were worked out; sealed one after the other."""
    storage, plan = store(path, "x:umraniyebeltr", "youtube:umraniyebeltr"), the_plan()
    for name in PERIODS:
        period = Period.parse(name)
        at = datetime(period.last.year, period.last.month, period.last.day, 12, tzinfo=UTC) + timedelta(days=15)
        for code, row in zip(CARD, REACHED[name], strict=True):
            figure = Figure(code, period, value=F(row.split()[0]), note="=1+1 müdürlük yazısı")
            number = enter(storage, figure, by="Ayşe", at=at, evidence=evidence(f"{code}.pdf", f"{code} {name}".encode()))
            approve(storage, number, by="Mehmet", at=at)
        if sealed:
            seal(storage, plan, period, at, by="Zeynep", now=lambda at=at: at)  # type: ignore[misc]
    return storage


def standing(storage: Storage, period: str) -> Standings:
    found = standings(storage, Period.parse(period))
    assert found is not None
    return found
