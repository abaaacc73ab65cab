"""What the demo's staff do: they hand in the plan of the half-year before it begins, and look each week where things stand."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from config import Settings
from config.plan_file import load_plan
from console.slots import load_plan_file
from console.slots import take as take_plan
from console.statements import show_snapshot
from indicators.listing import put_lists
from indicators.snapshot import settled_at, take
from model import MecraError, Period
from reports.reading import standings
from reports.writing import WRITERS, write_report
from sandbox.weekly_plan import as_csv
from sandbox.world import World
from storage import opened
from storage.knowledge import Known
from storage.plans import register_plan
from storage.snapshots import Snapshot, keep_provisional

MONDAY = 0


def hand_in_plan(settings: Settings, world: World, now: datetime) -> None:
    """The weekly plan as a file of the press department, taken in as `mecra import plan` does."""
    file = settings.path.parent / "haftalik-plan.csv"
    file.write_bytes(as_csv(world))
    plan = load_plan_file(settings, file, (), {}, now)
    if plan.errors:
        raise MecraError(str(plan.errors[0]))
    take_plan(settings, plan, now, dry=False)


def is_statement_day(day: date) -> bool:
    return day.weekday() == MONDAY


def state_now(settings: Settings, period: Period, now: datetime) -> Snapshot:
    """A provisional statement of a period, kept, as the daemon takes one each day."""
    plan = load_plan(settings.plan)
    with opened(settings.database, settings.zone) as storage:
        register_plan(storage, plan, now)
        found = keep_provisional(storage, take(storage, plan, period, now, taken_at=now))
        put_lists(storage, plan, period, Known(found.archive, now))
        return found


def settled(settings: Settings, period: Period) -> datetime:
    """When the last figures of a period are in."""
    with opened(settings.database, settings.zone) as storage:
        return settled_at(load_plan(settings.plan), period, storage.zone)


def show_statement(settings: Settings, found: Snapshot) -> None:
    show_snapshot(found, load_plan(settings.plan), settings.zone)
    print()


def reports_of(settings: Settings, period: Period) -> list[Path]:
    """The reports of a period, as `mecra report` writes them."""
    with opened(settings.database, settings.zone, read_only=True) as storage:
        found = standings(storage, period)
        assert found is not None, "a statement was taken"
        return write_report(storage, found, tuple(WRITERS), settings.language, settings.path.parent / "reports")
