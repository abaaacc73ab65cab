"""How the goal and each indicator went over a period's statements, beside what was to be expected: as charts, and as small lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial

from config.plan import Indicator, Plan
from indicators.formulas import FULL, capped, performance
from model import Period
from reports.charts_lines import Line, lines
from reports.content import DAY, DECIMAL, PERCENT, Cell, Chart, Column, Table
from reports.phrases import slug
from storage.trends import Stated
from words import _, exact_percent, exactly

Point = tuple[date, Fraction]


@dataclass(frozen=True, slots=True)
class Trend:
    """What was reached and what was to be expected, day by day; in the unit of the target, a goal as a share."""

    reached: Sequence[Point]
    expected: Sequence[Point]


def trend_of(statements: Sequence[Stated], indicator: Indicator) -> Trend:
    """One indicator's."""
    reached, wanted = [], []
    for one in statements:
        figure = one.figures.get(indicator.code)
        if figure is None:
            continue
        if figure.numerator is not None and figure.denominator is not None and Fraction(figure.denominator):
            share = Fraction(figure.numerator) / Fraction(figure.denominator)
            reached.append((one.day, share * FULL if indicator.kind == "ratio" else share))
        if figure.expected is not None:
            wanted.append((one.day, Fraction(str(figure.expected))))
    return Trend(reached, wanted)


def goal_trend(statements: Sequence[Stated], plan: Plan) -> Trend:
    """The goal's; expected is what it would be with every indicator where it was to be expected that day."""
    reached = [(one.day, Fraction(one.goal)) for one in statements if one.goal is not None]
    wanted = [(one.day, goal) for one in statements if one.plan == plan.sha256 and (goal := expected_goal(one, plan)) is not None]
    return Trend(reached, wanted)


def expected_goal(one: Stated, plan: Plan) -> Fraction | None:
    """None where nothing is compared."""
    shares = []
    for indicator in plan.indicators:
        figure, target = one.figures.get(indicator.code), indicator.targets.get(one.day.year)
        if figure is None or figure.expected is None or target is None:
            continue
        raw = performance(indicator, Fraction(str(figure.expected)), target)
        if raw is not None:
            shares.append(capped(indicator, raw) * indicator.weight / FULL)
    return sum(shares, Fraction(0)) if shares else None


def goal_chart(found: Trend) -> Chart:
    """The goal's performance in percent."""
    caption = _("Performance of the target, statement by statement")
    shares = Trend([(day, value * 100) for day, value in found.reached], [(day, value * 100) for day, value in found.expected])
    draw = partial(lines, _series(shares, _("performance")), axis=_("percent"), unknown=_("not known"))
    alt = _alt([(day, exact_percent(value)) for day, value in found.reached])
    return Chart("hedef_gidis_grafik", caption, alt, draw(), _table("hedef_gidis", caption, found, PERCENT), draw)


def indicator_chart(found: Trend, indicator: Indicator) -> Chart:
    """In the indicator's unit. A level's scale begins where it is, so that its way can be seen."""
    ratio = indicator.kind == "ratio"
    caption = _("Statement by statement, beside what was to be expected by then")
    draw = partial(
        lines, _series(found, _("reached")), axis=_("percent") if ratio else indicator.unit, zero=indicator.kind != "level",
        unknown=_("not known"),
    )  # fmt: skip
    name = f"{slug(indicator.code)}_gidis"
    said = [(day, exact_percent(value / 100) if ratio else exactly(value)) for day, value in found.reached]
    rows = Trend(*([(day, value / 100) for day, value in side] for side in (found.reached, found.expected))) if ratio else found
    return Chart(f"{name}_grafik", caption, _alt(said), draw(), _table(name, caption, rows, PERCENT if ratio else DECIMAL), draw)


def small(found: Trend, period: Period, *, width: int = 200, height: int = 36) -> tuple[str, str]:
    """The points of two small lines (reached, expected) for an SVG of this size, over all days of the period; empty without any."""
    values = [float(value) for _day, value in (*found.reached, *found.expected)]
    if len(found.reached) < 2:
        return "", ""
    low, high = min(values), max(values)
    low = low if low > high / 2 else 0.0
    room = high - low or 1.0

    def drawn(points: Sequence[Point]) -> str:
        return " ".join(
            f"{width * (day - period.first).days / (period.days - 1):.1f},{2 + (height - 4) * (1 - (float(value) - low) / room):.1f}"
            for day, value in points
        )

    return drawn(found.reached), drawn(found.expected)


def _series(found: Trend, name: str) -> list[Line]:
    return [Line(name, found.reached), Line(_("expected"), found.expected, expected=True)]


def _table(name: str, caption: str, found: Trend, kind: str) -> Table:
    reached, wanted = dict(found.reached), dict(found.expected)
    rows: list[list[Cell]] = [[day, reached.get(day), wanted.get(day)] for day in sorted({*reached, *wanted}, reverse=True)]
    return Table(name, caption, [Column(_("Day"), DAY), Column(_("Reached"), kind), Column(_("Expected by then"), kind)], rows)


def _alt(said: Sequence[tuple[date, str]]) -> str:
    if not said:
        return _("not known")
    first, last = said[0], said[-1]
    return _("From {first} on {begin} to {last} on {end}.").format(
        first=first[1], begin=f"{first[0]:%d.%m.%Y}", last=last[1], end=f"{last[0]:%d.%m.%Y}"
    )
