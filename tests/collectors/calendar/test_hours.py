"""Days and hours, however they are written: whatever a date or an hour is formatted to is read back as it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.calendar.hours import DAY_NAMES, Week, day_of, instant, like_a_day, like_an_hour, time_of, week_in
from collectors.calendar.platforms import platforms_in
from collectors.sheets.cells import CellError
from tests.collectors.calendar.plans import ISTANBUL, NOW

MONTHS = ("Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık")
NAMES = ("Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar")
WEEK = Week(date(2026, 3, 2), 2026)
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def forms(day: date) -> list[Any]:
    name, month = NAMES[day.weekday()], MONTHS[day.month - 1]
    return [
        day, datetime.combine(day, time()), (day - date(1899, 12, 30)).days, day.isoformat(), f"{day:%d.%m.%Y}", f"{day:%d/%m/%Y}", f"{day:%d.%m.%y}",
        f"{day.day} {month} {day.year}", f"{day.day} {month.upper().replace('I', 'I')} {day.year}", f"{day.day} {month} {day.year} {name}",
        f"{name}, {day.day} {month[:3]} {day.year}", f"{name} ({day:%d.%m.%Y})", f"{day.day}\u00a0{month}\u00a0{day.year}", f"{name}\n{day.day}.{day.month}.{day.year}",
    ]  # fmt: skip


@given(DAYS)
def test_every_form_of_a_day_is_that_day(day: date) -> None:
    for form in forms(day):
        assert day_of(form, Week()) == (day, None), form
        assert like_a_day(form)


@given(DAYS)
def test_without_its_year_a_day_is_read_in_the_week_above(day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    week = Week(monday, monday.year)
    for form in (
        f"{day.day} {MONTHS[day.month - 1]}",
        f"{day.day}.{day.month}",
        NAMES[day.weekday()],
        DAY_NAMES[day.weekday()].upper(),
    ):
        assert day_of(form, week) == (day, None), form


@given(DAYS)
def test_every_form_of_a_week_is_its_monday(day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    sunday, (year, number, _day) = monday + timedelta(days=6), monday.isocalendar()
    for form in (
        f"{monday:%d.%m.%Y} - {sunday:%d.%m.%Y}", f"{monday:%d.%m.%Y} haftası", f"Haftalık plan {day:%d.%m.%Y}", f"{year}-W{number:02}", f"{year} {number}. hafta",
        f"{monday.day} {MONTHS[monday.month - 1]} - {sunday.day} {MONTHS[sunday.month - 1]} {sunday.year}",
        f"{monday.day}-{sunday.day} {MONTHS[sunday.month - 1]} {sunday.year}",
    ):  # fmt: skip
        assert week_in(["", form]).monday == monday, form


@given(st.times())
def test_every_form_of_an_hour_is_that_hour(at: time) -> None:
    at = at.replace(second=0, microsecond=0)
    fraction = (at.hour * 60 + at.minute) / 1440
    for form in (at, f"{at:%H:%M}", f"{at:%H.%M}", f"saat {at:%H.%M}", f"{at:%H:%M}:00", f"{at:%H:%M}-23:59", f"{at:%H.%M} – 23.59", f"\u00a0{at:%H:%M} ", timedelta(hours=at.hour, minutes=at.minute)):  # fmt: skip
        assert time_of(form) == at, form
        assert like_an_hour(form, bare=False)
    if fraction:
        assert time_of(fraction) == at


@given(st.text(max_size=30))
def test_nothing_that_is_written_breaks_the_reading(text: str) -> None:
    for read in (lambda: day_of(text, WEEK), lambda: time_of(text), lambda: week_in([text]), lambda: platforms_in(text, ("x",))):
        try:
            read()
        except CellError as error:
            assert error.what and error.cure


@pytest.mark.parametrize("text", ["14.30", "9.00", "31.31", "Saat", "%95", "", "Mart", "Konser", "2 kişi", "1.1.2026-H1"])
def test_what_is_no_day(text: str) -> None:
    assert day_of(text, WEEK) is None and not like_a_day(text)


@pytest.mark.parametrize("cell", ["", "öğlen", "%95", "14:3", "1430", True, None, "14:30 X", "02.03.2026", "٣:٠٠"])
def test_what_is_no_hour(cell: Any) -> None:
    with pytest.raises(CellError, match="no time of day"):
        time_of(cell)


def test_the_edges_of_what_a_plan_may_reach() -> None:
    assert instant(date(2027, 3, 27), time(14), ISTANBUL, NOW)
    for day in (date(2027, 3, 28), date(2014, 12, 31), date(2062, 1, 1)):
        with pytest.raises(CellError, match="the year can't be meant"):
            instant(day, time(14), ISTANBUL, NOW)
