"""Reminders come a week and a working day before a report is due, never on a day without work, and until the day is over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.outgoing import Reporting
from model import Period
from reports.deadlines import deadline, reminders, working_day

SETTINGS = Reporting()


def told(first: date, last: date, settings: Reporting = SETTINGS) -> list[str]:
    """Every reminder on the day on which it is first due."""
    found: dict[str, date] = {}
    day = first
    while day <= last:
        for one in reminders(day, settings):
            found.setdefault(one.occasion, day)
        day += timedelta(days=1)
    assert all(occasion.endswith(str(day)) for occasion, day in found.items())
    return list(found)


@pytest.mark.parametrize(
    ("period", "day", "weekday", "last", "off"),
    [
        ("2025", "2026-02-28", 6, "2026-02-27", True),  # a Saturday
        ("2026", "2027-02-28", 7, "2027-02-26", True),  # a Sunday
        ("2027", "2028-02-29", 2, "2028-02-28", False),
        ("2026-H1", "2026-07-31", 5, "2026-07-30", False),
        ("2027-H1", "2027-07-31", 6, "2027-07-30", True),  # a Saturday
        ("2028-H1", "2028-07-31", 1, "2028-07-28", False),  # a Monday: the weekend before it
    ],
)
def test_the_days_of_the_plan_period(period: str, day: str, weekday: int, last: str, off: bool) -> None:
    found = deadline(Period.parse(period), SETTINGS)
    assert found is not None
    assert (str(found.day), found.day.isoweekday(), str(found.last), found.off) == (day, weekday, last, off)


def test_a_second_half_year_is_handed_in_with_its_year() -> None:
    assert deadline(Period(2026, 2), SETTINGS) is None


def test_who_is_reminded_when() -> None:
    assert told(date(2026, 1, 1), date(2027, 12, 31)) == [
        "2025 due 2026-02-20",  # a Friday: a week before is a Saturday
        "2025 due 2026-02-27",
        "2026-H1 due 2026-07-24",
        "2026-H1 due 2026-07-30",
        "2026 due 2027-02-19",  # a week before is a Sunday
        "2026 due 2027-02-26",
        "2027-H1 due 2027-07-23",
        "2027-H1 due 2027-07-30",
    ]


def test_holidays_move_a_reminder_and_not_the_deadline() -> None:
    bayram = frozenset(date(2028, 2, day) for day in (26, 27, 28))
    settings = Reporting(holidays=bayram)
    assert told(date(2028, 2, 1), date(2028, 3, 1), settings) == ["2027 due 2028-02-22", "2027 due 2028-02-25"]
    found = deadline(Period(2027), settings)
    assert found and (found.day, found.off) == (date(2028, 2, 29), False)


def test_what_was_missed_is_told_once_and_nothing_after_the_deadline() -> None:
    def occasions(day: date) -> list[str]:
        return [one.occasion for one in reminders(day, SETTINGS)]

    assert occasions(date(2026, 7, 23)) == []
    assert occasions(date(2026, 7, 29)) == ["2026-H1 due 2026-07-24"]
    assert occasions(date(2026, 7, 31)) == ["2026-H1 due 2026-07-30"]
    assert occasions(date(2026, 8, 1)) == []


def test_other_days_may_be_set() -> None:
    settings = Reporting(half_year_due=(7, 15), year_due=(1, 31))
    assert told(date(2026, 1, 1), date(2026, 12, 31), settings) == [
        "2025 due 2026-01-23", "2025 due 2026-01-30", "2026-H1 due 2026-07-08", "2026-H1 due 2026-07-14",
    ]  # fmt: skip
    early = Reporting(half_year_due=(7, 3))
    assert told(date(2026, 6, 1), date(2026, 8, 1), early) == ["2026-H1 due 2026-07-02"], "not before the period is over"


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.sets(st.dates(date(2020, 1, 1), date(2090, 1, 1)), max_size=3))
def test_a_working_day_is_one(day: date, holidays: set[date]) -> None:
    found = working_day(day, holidays)
    assert found <= day and found.isoweekday() <= 5 and found not in holidays and day - found <= timedelta(days=8)
