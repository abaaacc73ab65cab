"""By when a period's report is handed in, and on which days somebody is reminded that it is not sealed yet.

The days are settings (`[reports]`): the end of July for a half-year, the end of February for the year before. Nothing says that a
day off moves them, so the reminders keep to working days before.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from config.outgoing import Reporting
from model import Period

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """`last`: the last working day before `day`; `off`: nobody works on the day itself."""

    period: Period
    day: date
    last: date
    off: bool


@dataclass(frozen=True, slots=True)
class Reminder:
    """Due on `day`, and until the deadline is over."""

    deadline: Deadline
    day: date

    @property
    def occasion(self) -> str:
        return f"{self.deadline.period} due {self.day}"


def deadline(period: Period, settings: Reporting) -> Deadline | None:
    """None for a second half-year: its report is the year's."""
    if period.half == 2:
        return None
    year = period.year + (0 if period.half else 1)
    month, wanted = settings.half_year_due if period.half else settings.year_due
    day = date(year, month, min(wanted, monthrange(year, month)[1]))
    return Deadline(period, day, working_day(day - DAY, settings.holidays), working_day(day, settings.holidays) != day)


def reminders(today: date, settings: Reporting) -> list[Reminder]:
    """Whose day has come and whose deadline is not over: of each period the newest one alone, so that missed ones are not made up."""
    found = []
    for period in (Period(today.year, 1), Period(today.year - 1)):
        by = deadline(period, settings)
        if by is None or not period.last < today <= by.day:
            continue
        days = [day for day in (working_day(by.day - WEEK, settings.holidays), by.last) if period.last < day <= today]
        if days:
            found.append(Reminder(by, max(days)))
    return found


def working_day(day: date, holidays: Collection[date]) -> date:
    """The day itself, or the last one before it on which people work."""
    while day.weekday() >= SATURDAY or day in holidays:
        day -= DAY
    return day
