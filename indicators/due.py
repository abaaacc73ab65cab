"""Which statements are due by themselves: a provisional one a day of what runs or settles, and the final one of what is over.

The database says what is due, so that a restart loses nothing; days that were missed are not made up but for the newest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from config import Settings
from config.plan import Plan
from config.plan_file import load_plan
from indicators.listing import put_lists
from indicators.result import OK
from indicators.seal import seal
from indicators.snapshot import settled_at, take
from model import MecraError, Period
from storage import Storage, opened
from storage.knowledge import Known
from storage.plans import register_plan
from storage.seal_file import NAME, add_missing
from storage.snapshots import Snapshot, all_sealed, first_answer, keep_provisional, last_taken

log = logging.getLogger("mecra.statements")

DAILY = time(6, 30)
BY = "mecra"


@dataclass(frozen=True, slots=True)
class Due:
    """A statement to take; `final`: the period's last figures are in, so that it may be sealed."""

    period: Period
    final: bool


def last_time(now: datetime, zone: ZoneInfo) -> datetime:
    """The newest moment, at or before now, at which statements are due."""
    local = now.astimezone(zone)
    day = local.date() if local.time() >= DAILY else local.date() - timedelta(days=1)
    return datetime.combine(day, DAILY, tzinfo=zone)


def due(storage: Storage, plan: Plan, now: datetime, *, sealing: bool = False) -> list[Due]:
    """What is due now, halves before their year. With `sealing`, what is over is due each day until it is sealed.

    Of what settled before the archive begins nothing is said by itself, nor on its first day before the next time.
    """
    today = now.astimezone(storage.zone).date()
    running = Period.half_of(today)
    before = Period(running.year, 1) if running.half == 2 else Period(running.year - 1, 2)
    moment, begun = last_time(now, storage.zone), first_answer(storage)
    if begun is None or begun > moment:
        return []
    found = []
    for period in (before, Period(running.year - 1), running, running.whole_year):
        taken, sealed = last_taken(storage, period)
        settled = settled_at(plan, period, storage.zone)
        if begun >= settled:
            continue
        if moment < settled:
            if taken is None or taken < moment:
                found.append(Due(period, final=False))
        elif sealed is None and (taken is None or taken < (moment if sealing else settled)):
            found.append(Due(period, final=True))
    return found


def take_due(
    storage: Storage, plan: Plan, now: Callable[[], datetime], lines: Path, *, sealing: bool = False
) -> list[tuple[Due, Snapshot]]:
    """Take what is due. A final one is sealed where the settings say so and nothing lacks; else a person seals it."""
    wanted = due(storage, plan, now(), sealing=sealing)
    if wanted:
        register_plan(storage, plan, now())
    done = []
    for one in wanted:
        at = now()
        found = take(storage, plan, one.period, at, taken_at=at)
        if one.final and sealing and found.status == OK:
            found = seal(storage, plan, one.period, at, by=BY, now=now).snapshot
            add_missing(lines, all_sealed(storage))
        else:
            found = keep_provisional(storage, found)
        put_lists(storage, plan, one.period, Known(found.archive, at))
        done.append((one, found))
    return done


class Daily:
    """The daemon's statements: asked every minute, it looks once a day. A plan that can't be used is told once a day."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self.settings, self.now = settings, now
        self._done: datetime | None = None

    def work(self) -> None:
        """Take what is due; raises MecraError for a database that can't be written, and is asked again."""
        settings, moment = self.settings, last_time(self.now(), self.settings.zone)
        if self._done == moment:
            return
        try:
            plan = load_plan(settings.plan, settings.path.parent / "metrics")
        except MecraError as error:
            log.error("no statement is taken: %s", error)
            self._done = moment
            return
        with opened(settings.database, settings.zone) as storage:
            for one, found in take_due(storage, plan, self.now, settings.data / NAME, sealing=settings.seal):
                kept = "sealed" if found.sealed_at else "final, to be sealed by a person" if one.final else "provisional"
                log.info("%s: %s, %s", one.period, kept, found.status)
        self._done = moment
