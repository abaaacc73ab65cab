"""Each planned slot of a period with what became of it, as the statement of the period has it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from model import Period, from_text, to_text
from storage.browsing_slots import ShownSlot

MET, LATE, MISSED, WITHDRAWN, AHEAD = "met", "late", "missed", "withdrawn", "ahead"
STATES = (MET, LATE, MISSED, WITHDRAWN, AHEAD)


@dataclass(frozen=True, slots=True)
class Judged:
    """A slot at its local hour. `post` is `account/post`, of the post that met it or came too late, where it is known; `minutes`:
    how much too late."""

    slot: ShownSlot
    at: datetime
    state: str
    post: str = ""
    minutes: int = 0

    @property
    def week(self) -> str:
        return week_of(self.at.date())

    @property
    def account(self) -> str:
        return self.post.partition("/")[0]

    @property
    def post_id(self) -> str:
        return self.post.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Sum:
    """`planned` are the slots that count: met, late or missed."""

    counts: Mapping[str, int]

    @property
    def planned(self) -> int:
        return self.counts[MET] + self.counts[LATE] + self.counts[MISSED]

    @property
    def met(self) -> int:
        return self.counts[MET]


def judged(
    slots: Sequence[ShownSlot], beside: Mapping[str, Any], as_of: datetime, tolerance: timedelta, zone: ZoneInfo
) -> list[Judged]:
    """`beside`: what is told beside plan realisation in the statement of `as_of`; a slot whose tolerance was running then is ahead."""
    over = to_text(as_of - tolerance)
    late = {one["slot"]: one for one in beside.get("late", ())}
    missed = {one["slot"] for one in beside.get("missed", ())}
    found = []
    for slot in slots:
        at = from_text(slot.planned_at).astimezone(zone)
        if slot.left:
            found.append(Judged(slot, at, WITHDRAWN))
        elif slot.planned_at >= over:
            found.append(Judged(slot, at, AHEAD))
        elif slot.slot in late:
            found.append(Judged(slot, at, LATE, late[slot.slot]["post"], late[slot.slot]["minutes"]))
        elif slot.slot in missed:
            found.append(Judged(slot, at, MISSED))
        else:
            found.append(Judged(slot, at, MET, slot.matched or ""))
    return found


def summed(slots: Iterable[Judged]) -> Sum:
    counts = dict.fromkeys(STATES, 0)
    for one in slots:
        counts[one.state] += 1
    return Sum(counts)


def by_cell(slots: Iterable[Judged]) -> dict[tuple[int, int], tuple[int, int]]:
    """(met, planned) by weekday (0 is Monday) and local hour."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for one in slots:
        if one.state in (MET, LATE, MISSED):
            cell = one.at.weekday(), one.at.hour
            met, planned = found.get(cell, (0, 0))
            found[cell] = met + (one.state == MET), planned + 1
    return dict(sorted(found.items()))


def weeks_of(period: Period) -> list[str]:
    """The ISO weeks that have a day in a period, in order."""
    days = (period.first + timedelta(days=n) for n in range(period.days))
    return list(dict.fromkeys(map(week_of, days)))


def week_of(day: date) -> str:
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_of(week: str) -> date:
    """Of `2026-W10`."""
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
