"""Plan: a week's slots day by day, what became of each, and how the period's plan was kept by week, weekday and hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from starlette.requests import Request
from starlette.responses import Response

from config.plan import Slots
from model import from_text, to_text
from panel.asking import LONG, LONG_LISTS
from panel.indicator import identity
from panel.overview import standing
from panel.periods import period_asked, periods_offered
from panel.pictures import Picture
from panel.shell import Shell
from panel.slot_states import AHEAD, Judged, Sum, by_cell, judged, monday_of, summed, week_of, weeks_of
from reports import phrases
from reports.statement import Row, Standings
from storage import Storage
from storage.browsing_slots import shown_slots
from words import _, day, exact_percent

DAYS = range(7)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week that is shown; `inside` is false for a day of another period."""

    day: date
    name: str
    inside: bool
    slots: Sequence[Judged]
    sum: Sum


def weekly_plan(shell: Shell, request: Request) -> Response:
    """The week that the address names, in its period; without one the last week that something was planned in up to now."""
    with shell.storage() as storage:
        period = period_asked(shell, request, storage)
        found = standing(shell, storage, period)
        periods = periods_offered(shell, storage, period)
        row = _row(found)
        if row is None or not isinstance(row.indicator.rule, Slots):
            return shell.page(request, "weekly_plan.html", found=found, row=None, slots=[], periods=periods)
        key, rule = ("slots", *identity(found)), row.indicator.rule
        all_slots = shell.lists_kept.get(
            key, lambda: _slots(storage, found, row, rule), LONG_LISTS, lambda slots: len(slots) > LONG // 10
        )
    weeks = weeks_of(period)
    week = _asked(request, weeks, all_slots)
    place = weeks.index(week)
    own = _by_week(weeks, all_slots)
    cells = by_cell(all_slots)
    return shell.page(
        request,
        "weekly_plan.html",
        found=found,
        periods=periods,
        row=row,
        slots=all_slots,
        whole=summed(all_slots),
        within=_within(row),
        official=int(rule.tolerance.total_seconds() // 60),
        week=week,
        weeks=[(name, _named(name)) for name in weeks],
        before=weeks[place - 1] if place else "",
        after=weeks[place + 1] if place + 1 < len(weeks) else "",
        days=_days(week, own[week], found),
        of_week=summed(own[week]),
        by_week=[(name, _named(name), summed(found)) for name, found in own.items() if found],
        cells=cells,
        hours=sorted({hour for _day, hour in cells}),
        weekdays=[phrases.weekday(number + 1) for number in DAYS],
        heat=_heat(shell, cells) if cells else None,
    )


def _slots(storage: Storage, found: Standings, row: Row, rule: Slots) -> list[Judged]:
    """All of the period, as its statement knew them."""
    start, end = (to_text(at) for at in found.period.span(storage.zone))
    slots = shown_slots(storage, start, end, found.snapshot.as_of)
    return judged(slots, row.beside, from_text(found.snapshot.as_of), rule.tolerance, storage.zone)


def _row(found: Standings) -> Row | None:
    return next((row for row in found.rows if isinstance(row.indicator.rule, Slots)), None)


def _asked(request: Request, weeks: list[str], slots: Sequence[Judged]) -> str:
    asked = request.query_params.get("hafta", "")
    if asked in weeks:
        return asked
    over = [one.week for one in slots if one.state != AHEAD] or [one.week for one in slots[:1]]
    return over[-1] if over else weeks[0]


def _within(row: Row) -> list[tuple[int, int, int]]:
    """(minutes, met, planned) for each of the tolerances."""
    planned = int(Fraction(row.stored.denominator or 0))
    return sorted((int(minutes), met, planned) for minutes, met in row.beside.get("within", {}).items())


def _named(week: str) -> str:
    """`2026-W10 · 02.03.2026 – 08.03.2026`."""
    monday = monday_of(week)
    return f"{week} · {day(monday)} – {day(monday + timedelta(days=6))}"


def _days(week: str, slots: Sequence[Judged], found: Standings) -> list[Day]:
    shown = []
    for number in DAYS:
        one = monday_of(week) + timedelta(days=number)
        own = [slot for slot in slots if slot.at.date() == one]
        inside = found.period.first <= one <= found.period.last
        shown.append(Day(one, phrases.weekday(number + 1), inside, own, summed(own)))
    return shown


def _by_week(weeks: list[str], slots: Sequence[Judged]) -> dict[str, list[Judged]]:
    own: dict[str, list[Judged]] = {week: [] for week in weeks}
    for slot in slots:
        own[week_of(slot.at.date())].append(slot)
    return own


def _heat(shell: Shell, cells: Mapping[tuple[int, int], tuple[int, int]]) -> Picture:
    from reports.charts_calendar import heat

    weekdays, hours = [phrases.weekday(number + 1) for number in DAYS], sorted({hour for _day, hour in cells})
    placed = {(number, hours.index(hour)): count for (number, hour), count in cells.items()}
    worst = sorted((Fraction(met, planned), number, hour) for (number, hour), (met, planned) in cells.items())[:3]
    return shell.pictures.offer(
        lambda theme, width: heat(weekdays, [f"{hour:02}" for hour in hours], placed, hour=_("Hour"), theme=theme, width=width),
        title=_("Plan realisation by weekday and hour (%)"),
        alt=_("The share of planned posts that went out in time. Lowest: {cells}.").format(
            cells=", ".join(f"{weekdays[number]} {hour:02}:00 {exact_percent(share)}" for share, number, hour in worst)
        ),
    )


PAGES = (("/plan", weekly_plan),)
