"""Birikimli tablo: the plan's years side by side, and what they come to together; each year as its newest sealed snapshot has it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from config.plan import Indicator
from indicators.formulas import performance
from model import Period
from reports.content import DECIMAL, PERCENT, TEXT, Cell, Column, Table
from reports.official import named_in_full
from reports.reading import numbered
from reports.statement import Row
from reports.subject import Subject
from storage.snapshots import heads
from words import _

Years = Mapping[int, Row]


def cumulative(subject: Subject) -> Table:
    """The years of the plan up to the report's. Flows add up; of a level and a ratio the last year counts."""
    years = [year for year in subject.plan.years if year <= subject.period.year]
    found = {year: _rows(subject, year) for year in years}
    columns = [Column(_("Performance indicators"), TEXT, 3.0)]
    for year in years:
        columns += [Column(_("{year} target").format(year=year), DECIMAL), Column(_("{year} reached").format(year=year), DECIMAL)]
    columns += [
        Column(_("Targeted, cumulative"), DECIMAL, 1.1), Column(_("Reached, cumulative"), DECIMAL, 1.1), Column(_("Cumulative realisation (%)"), PERCENT),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for indicator in subject.plan.indicators:
        own = {year: rows_of[indicator.code] for year, rows_of in found.items() if rows_of and indicator.code in rows_of}
        cells: list[Cell] = [named_in_full(indicator)]
        for year in years:
            cells += [indicator.targets.get(year), own[year].value if year in own else None]
        rows.append([*cells, *_together(indicator, years, own)])
    return Table("birikimli", _("Cumulative monitoring table"), columns, rows, notes=_notes(subject, years, found))


def _together(indicator: Indicator, years: list[int], own: Years) -> list[Cell]:
    """Targeted, reached, and the share; not known as soon as one of the years is not."""
    if indicator.kind != "flow":
        last = own.get(years[-1]) if years else None
        target, value = indicator.targets.get(years[-1]) if years else None, last.value if last else None
        raw = performance(indicator, value, target) if value is not None and target is not None else None
        return [target, value, raw]
    targets = [indicator.targets.get(year) for year in years]
    values = [own[year].value if year in own else None for year in years]
    target, value = _sum(targets), _sum(values)
    return [target, value, value / target if value is not None and target else None]


def _sum(values: list[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(values) else None


def _rows(subject: Subject, year: int) -> dict[str, Row] | None:
    """The rows of a year: of this report's own, or of the last seal that there was when its snapshot was taken."""
    if year == subject.period.year:
        return {row.indicator.code: row for row in subject.rows}
    moment = subject.snapshot.sealed_at or subject.snapshot.taken_at
    sealed = [one for one in heads(subject.storage, Period(year)) if one.sealed_at is not None and one.sealed_at <= moment]
    standing = numbered(subject.storage, max(sealed, key=lambda one: one.revision).snapshot) if sealed else None
    return {row.indicator.code: row for row in standing.rows} if standing else None


def _notes(subject: Subject, years: list[int], found: Mapping[int, dict[str, Row] | None]) -> list[str]:
    notes = [
        _(
            "Targets of flows are of one year each: the years are added up. Levels and ratios are not added up: the last year stands, with the "
            "plan's formula."
        )
    ]
    if unsealed := [str(year) for year in years if found[year] is None]:
        notes.append(_("Not sealed, so not known here: {years}.").format(years=", ".join(unsealed)))
    return notes
