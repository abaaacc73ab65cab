"""The tables that the guide prescribes: monitoring of a half-year, evaluation of a year, and the performance results.

Their headings are the official ones (the strategic-planning guide for municipalities); the Turkish stands in the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from config.plan import Indicator
from reports.content import DECIMAL, PERCENT, TEXT, Cell, Column, Table
from reports.statement import Row, Standings
from words import N_, _, exact_percent

HALF_OF_A_YEAR = N_(
    "The target of the table is that of the year's end; a flow that is on its way stands at about half of it in the middle of the year."
)


def monitoring(found: Standings) -> Table:
    """Stratejik Plan İzleme Tablosu: the six columns, and below each indicator its explanation."""
    plan = found.plan
    rows = [_row(row) for row in found.rows]
    half = found.period.half == 1
    return Table(
        name="izleme" if found.period.half else "degerlendirme",
        caption=_("Strategic Plan Monitoring Table") if found.period.half else _("Strategic Plan Evaluation Table"),
        columns=_columns(found.rows),
        rows=rows,
        notes=[_(HALF_OF_A_YEAR)] if half else [],
        spans=[(number, explanation(row)) for number, row in enumerate(found.rows)],
        head=[
            (_("Aim"), plan.aim.printed),
            (_("Target"), plan.target.printed),
            (_("Performance of the target"), goal_text(found)),
            (_("Responsible unit"), plan.unit.printed),
        ],
    )


def results(found: Standings) -> Table:
    """Performans Sonuçları Tablosu of the activity report: reached over targeted (C/B), whatever the plan's own formula says."""
    columns = [
        Column(_("Performance indicator"), width=3.2), Column(_("Unit")), Column(_("Targeted"), DECIMAL),
        Column(_("Reached"), DECIMAL), Column(_("Realisation (%)"), PERCENT), Column(_("Deviation"), DECIMAL),
    ]  # fmt: skip
    rows: list[Sequence[Cell]] = []
    notes = []
    for row in found.rows:
        off = None if row.value is None or row.target is None else row.value - row.target
        rows.append([row.indicator.printed, row.indicator.unit, row.target, row.value, row.realised, off])
        if row.realised is not None and row.performance is not None and row.realised != row.performance:
            notes.append(
                _(
                    "{code}: realisation C/B {realised}, performance (C−A)/(B−A) {performance}: two ratios of the same figures."
                ).format(code=row.indicator.code, realised=exact_percent(row.realised), performance=exact_percent(row.performance))
            )
    return Table("sonuclar", _("Performance Results Table"), columns, rows, notes=notes)


def goal_text(found: Standings) -> str:
    """The goal's performance, marked as long as something is missing; a second half-year has none."""
    if found.goal is None:
        return _("not compared") if found.period.half == 2 else _("not known")
    said = exact_percent(found.goal)
    return said if found.snapshot.status == "ok" else _("{value} (provisional)").format(value=said)


def explanation(row: Row) -> str:
    """What stands below an indicator: how it was calculated and what has to be told; never empty."""
    formula = _("Formula: {formula}.").format(formula=row.indicator.formula.replace("-", "−"))
    return " ".join([row.indicator.definition, formula, *(f"{note}." for note in row.notes)]).strip()


def _columns(rows: Sequence[Row]) -> list[Column]:
    return [
        Column(_("Performance indicators"), TEXT, 3.0),
        Column(_("Effect on the target (%)"), PERCENT),
        Column(_("Value at the beginning of the plan period (A)"), DECIMAL, 1.2),
        Column(_("Targeted value of the year's end in the monitoring period (B)"), DECIMAL, 1.2),
        Column(_("Reached value in the monitoring period (C)"), DECIMAL, 1.2),
        Column(_("Performance (%) (C−A)/(B−A)"), PERCENT),
    ]


def _row(row: Row) -> list[Cell]:
    return [row.indicator.printed, row.indicator.weight / 100, baseline(row.indicator), row.target, row.value, row.performance]


def baseline(indicator: Indicator) -> Fraction | str:
    """As printed where there is none: "-" is neither 0 nor missing."""
    return "-" if indicator.baseline is None else indicator.baseline
