"""ISO weeks: Monday first, and of the year, and the half-year, that their Thursday is in. 2026 has 53 (facts: domain_tr 4.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from model import Period

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    year: int
    week: int

    @staticmethod
    def of(day: date) -> Week:
        year, week, _ = day.isocalendar()
        return Week(year, week)

    def __str__(self) -> str:
        return f"{self.year}-W{self.week:02}"

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.week, 1)

    @property
    def sunday(self) -> date:
        return self.monday + 6 * DAY

    @property
    def days(self) -> list[date]:
        return [self.monday + n * DAY for n in range(7)]


def weeks_of(period: Period) -> list[Week]:
    """The weeks whose Thursday is in the period, in order: 26 or 27 a half-year, 25 in 2027-H1."""
    thursday = period.first + (3 - period.first.weekday()) % 7 * DAY
    return [Week.of(thursday + offset * WEEK) for offset in range((period.last - thursday).days // 7 + 1)]
