"""Which snapshot a report or a page is about: the sealed one, else the newest provisional one, else what is known now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from config.plan import Plan
from config.plan_file import parse_plan
from indicators.snapshot import scope_of, take
from model import Period
from reports.statement import Standings
from storage import Storage
from storage.plans import plan_body
from storage.snapshots import Snapshot, latest_provisional, latest_sealed, read


def standings(storage: Storage, period: Period) -> Standings | None:
    """The sealed snapshot of a period, else the newest provisional one, with the plan that it was taken by; None where none is kept."""
    found = latest_sealed(storage, period) or latest_provisional(storage, period)
    return _with_plan(storage, found) if found else None


def current(storage: Storage, plan: Plan, period: Period, now: datetime) -> Standings:
    """The same; where none is kept, as it is known now. Nothing is stored."""
    return standings(storage, period) or Standings(plan, take(storage, plan, period, now, taken_at=now))


def numbered(storage: Storage, snapshot: int) -> Standings | None:
    """A snapshot by its number."""
    found = read(storage, snapshot)
    return _with_plan(storage, found) if found else None


def _with_plan(storage: Storage, found: Snapshot) -> Standings:
    plan = _parsed(plan_body(storage, found.plan), found.plan[:12])
    return Standings(replace(plan, scope=scope_of(found)), found)


@lru_cache(maxsize=16)
def _parsed(body: str, name: str) -> Plan:
    return parse_plan(body, name)
