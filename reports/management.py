"""The management pages: where each indicator stands against what was to be expected by now, and a short section on each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from config.plan import Growth, Level, News, Posts, Rule, Series, Slots
from reports import charts
from reports.content import DECIMAL, PERCENT, TEXT, Block, Cell, Chart, Column, Section, Table, Text
from reports.figures import against_expected, entered, expected_performance, measured, worked
from reports.official import goal_text
from reports.on_growth import growth_blocks
from reports.on_level import level_blocks
from reports.on_news import news_blocks
from reports.on_posts import posts_blocks
from reports.on_series import series_blocks
from reports.on_slots import slots_blocks
from reports.phrases import figure, named, state, titled
from reports.statement import Row
from reports.subject import Subject
from words import _, day, exact_percent

FAMILIES: Mapping[type[Rule], Callable[[Subject, Row, Any], list[Block]]] = {
    News: news_blocks, Level: level_blocks, Series: series_blocks, Slots: slots_blocks, Posts: posts_blocks, Growth: growth_blocks,
}  # fmt: skip


def management(subject: Subject) -> list[Section]:
    """The overview, then a section of each indicator."""
    return [
        Section(_("Where we stand"), _overview(subject), new_page=True),
        *(Section(named(row.indicator), _indicator(subject, row), level=2) for row in subject.rows),
    ]


def _overview(subject: Subject) -> list[Block]:
    blocks: list[Block] = [Text([_lead(subject)]), _table(subject)]
    attention = [line for row in subject.rows for line in _attention(row)]
    if attention:
        blocks += [Text([_("What needs attention:")]), Text(attention, listed=True)]
    if subject.period.half != 2:
        blocks += [performance_chart(subject), _goal(subject)]
    return blocks


def _lead(subject: Subject) -> str:
    if subject.period.half == 2:
        return _(
            "A second half-year alone is not compared with the target of the year; the report of the year {year} does that. "
            "The figures below are those of the half-year."
        ).format(year=str(subject.period.year))
    said = _("As of {day} the performance of the target is {goal}.").format(day=day(subject.last), goal=goal_text(subject.found))
    if subject.period.half:
        said += " " + _(
            "The official table compares with the target of the year's end; the one below says where each indicator stands against "
            "what was to be expected by this day."
        )
    return said


def _table(subject: Subject) -> Table:
    columns = [
        Column(_("Indicator"), TEXT, 3.0), Column(_("Reached"), DECIMAL, 1.2),
        Column(_("Expected by now"), DECIMAL, 1.2), Column(_("Of what was expected"), PERCENT), Column(_("Year-end target"), DECIMAL, 1.2),
        Column(_("State"), TEXT, 1.3),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            _with_unit(row), row.value, row.expected, against_expected(row), row.target,
            titled(state(row.stored.status, row.stored.band)),
        ]
        for row in subject.rows
    ]  # fmt: skip
    return Table("durum", _("The indicators against what was to be expected"), columns, rows, notes=_limits(subject))


def _with_unit(row: Row) -> str:
    """A ratio says that its figures are percent; the others' unit stands in the official table."""
    return f"{named(row.indicator)} (%)" if row.indicator.kind == "ratio" else named(row.indicator)


def _limits(subject: Subject) -> list[str]:
    bands, year_over = subject.plan.bands, not subject.period.half and subject.day > subject.period.last
    if subject.period.half == 2:
        return []
    if year_over:
        return [
            _("Limits of the words: over {full} exceeded; from {reached} reached; from {partly} partly reached; below not reached.").format(
                full=exact_percent(1), reached=exact_percent(bands.reached / 100), partly=exact_percent(bands.partly / 100)
            )
        ]  # fmt: skip
    return [
        _(
            "Expected by now: of a flow the part of the year that is over, each half-year being half of it; of a level the way from the last "
            "target to this one; of a ratio its target. On course: at or above it."
        )
    ]


def performance_chart(subject: Subject) -> Chart:
    """Every indicator's performance against what was to be expected."""
    standings = [
        charts.Standing(named(row.indicator), row.performance, row.counted, expected_performance(row)) for row in subject.rows
    ]
    caption = _("Performance of the indicators")
    draw = partial(
        charts.performance,
        standings,
        counted=_("counts in the target"),
        raw=_("beyond the cap"),
        expected=_("expected by now"),
        unknown=_("not known"),
    )
    columns = [Column(_("Indicator"), TEXT, 2.6), Column(_("Performance"), PERCENT), Column(_("Expected by now"), PERCENT)]
    rows: list[list[Cell]] = [
        [named(row.indicator), row.performance, one.expected] for row, one in zip(subject.rows, standings, strict=True)
    ]
    return Chart("performans_grafik", caption, _alt(subject), draw(), Table("performans", caption, columns, rows), draw)


def _goal(subject: Subject) -> Table:
    """How the performance of the target comes about."""
    columns = [
        Column(_("Indicator"), TEXT, 2.6), Column(_("Performance"), PERCENT), Column(_("Counts as"), PERCENT),
        Column(_("Effect on the target (%)"), PERCENT), Column(_("Contribution"), PERCENT),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [named(row.indicator), row.performance, row.counted, row.indicator.weight / 100, row.contribution] for row in subject.rows
    ]
    weights = sum((row.indicator.weight for row in subject.rows), Fraction(0))
    rows.append([_("Performance of the target"), None, None, weights / 100, subject.found.goal])
    caption = _("How the performance of the target comes about")
    return Table("hedef", caption, columns, rows, bold=frozenset({len(rows) - 1}))


def _alt(subject: Subject) -> str:
    said = ", ".join(
        f"{row.indicator.code} {_('not known') if row.performance is None else exact_percent(row.performance)}"
        for row in subject.rows
    )
    return _("A bar for each indicator's performance: {figures}.").format(figures=said)


def _attention(row: Row) -> list[str]:
    """Why an indicator is looked at: it is behind, or something lacks."""
    found = []
    if row.stored.band in ("behind", "partly reached", "not reached") and row.expected is not None:
        found.append(
            _("{name}: {state}; reached {reached}, expected {expected}.").format(
                name=named(row.indicator), state=state("ok", row.stored.band), reached=figure(row.indicator, row.value),
                expected=figure(row.indicator, row.expected),
            )
        )  # fmt: skip
    lacks = row.lacks
    if lacks:
        more = _(" (and {n} more)").format(n=len(lacks) - 1) if len(lacks) > 1 else ""
        found.append(f"{row.indicator.code}: {lacks[0]}{more}.")
    return found


def _indicator(subject: Subject, row: Row) -> list[Block]:
    indicator = row.indicator
    said = [
        _("Reached: {value} {unit}.").format(value=figure(indicator, row.value), unit="" if indicator.kind == "ratio" else indicator.unit)
        .replace(" .", ".")
    ]  # fmt: skip
    if row.expected is not None:
        said.append(_("Expected by now: {value}.").format(value=figure(indicator, row.expected)))
    if subject.period.half != 2 and row.target is not None:
        said.append(_("Year-end target: {value}.").format(value=figure(indicator, row.target)))
    if calculated := worked(row):
        said.append(_("Performance: {worked}.").format(worked=calculated))
    said.append(_("Coverage: {share}.").format(share=exact_percent(row.coverage)))
    blocks: list[Block] = [Text([" ".join(said)])]
    if by_hand := entered(row):
        blocks.append(Text([by_hand]))
    family = FAMILIES.get(type(indicator.rule))
    if family and measured(row):
        blocks += family(subject, row, indicator.rule)
    if row.notes:
        blocks.append(Text([f"{titled(note)}." for note in row.notes], listed=True))
    return blocks
