"""The tables that the guide prescribes: monitoring of a half-year, evaluation of a year, and the performance results.

Their headings are the official ones (the strategic-planning guide for municipalities); the Turkish stands in the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from config.plan import Indicator
from reports.content import DECIMAL, PERCENT, TEXT, Cell, Column, Table
from reports.figures import worked
from reports.phrases import titled
from reports.statement import Row, Standings
from storage.indicator_notes import MEASURES, QUESTIONS, REASON, Remarks
from words import N_, _, exact_percent, exactly

HALF_OF_A_YEAR = N_(
    "The target of the table is that of the year's end; a flow that is on its way stands at about half of it in the middle of the year."
)
NOT_COMPARED = N_(
    "A second half-year alone is not compared with the target of the year: performance is told in the evaluation of the year {year}."
)
ASKED: Mapping[str, tuple[str, str]] = {
    "relevance": (
        N_("Relevance"),
        N_("Have the findings and needs changed? Has the change called for other targets and indicators?"),
    ),
    "effectiveness": (
        N_("Effectiveness"),
        N_(
            "Were the indicator's values reached, and how far? Did reaching them meet the needs? What did it contribute to the "
            "development plan?"
        ),
    ),
    "efficiency": (
        N_("Efficiency"),
        N_("Did costs come up that were not foreseen? Do the estimated costs have to be changed?"),
    ),
    "sustainability": (
        N_("Sustainability"),
        N_(
            "Which institutional, legal, environmental or other risks are there in keeping up the values? Which precautions are needed?"
        ),
    ),
}  # fmt: skip
LINE = "…" * 60  # to be filled in by hand
MOST_NOTES = 6  # that stand in the official table; the section of the indicator has them all
NONE: Mapping[str, Remarks] = {}
SILENT = Remarks()


def monitoring(found: Standings, remarks: Mapping[str, Remarks] = NONE) -> Table:
    """Stratejik Plan İzleme Tablosu: the six columns, and below each indicator its explanation."""
    half = found.period.half
    notes = {1: [_(HALF_OF_A_YEAR)], 2: [_(NOT_COMPARED).format(year=str(found.period.year))]}.get(half, [])
    return Table(
        name="izleme",
        caption=_("Strategic Plan Monitoring Table"),
        columns=columns_of_six(),
        rows=[six(row) for row in found.rows],
        notes=notes,
        spans=[(number, explanation(row, remarks.get(row.indicator.code, SILENT))) for number, row in enumerate(found.rows)],
        head=head(found),
    )


def evaluation(found: Standings, remarks: Mapping[str, Remarks] = NONE) -> Table:
    """Stratejik Plan Değerlendirme Tablosu: two columns more, and below each indicator the four questions with their answers."""
    rows: list[Sequence[Cell]] = []
    spans: list[tuple[int, str]] = []
    for number, row in enumerate(found.rows):
        remark = remarks.get(row.indicator.code, SILENT)
        rows.append([*six(row), remark.of(REASON) or None, remark.of(MEASURES) or None])
        spans.append((number, explanation(row, SILENT)))
        spans += [(number, question(name, remark.of(name))) for name in QUESTIONS]
    columns = [
        *columns_of_six(),
        Column(_("Reason of the deviation from the target"), TEXT, 2.0),
        Column(_("Measures to be taken for the target"), TEXT, 2.0),
    ]
    return Table("degerlendirme", _("Strategic Plan Evaluation Table"), columns, rows, spans=spans, head=head(found))


def results(found: Standings, remarks: Mapping[str, Remarks] = NONE) -> Table:
    """Performans Sonuçları Tablosu of the activity report: reached over targeted (C/B), whatever the plan's own formula says."""
    columns = [
        Column(_("Performance indicator"), width=3.2), Column(_("Unit")), Column(_("Targeted"), DECIMAL),
        Column(_("Reached"), DECIMAL), Column(_("Realisation (%)"), PERCENT), Column(_("Deviation"), DECIMAL),
        Column(_("Reason of the deviation"), TEXT, 2.0),
    ]  # fmt: skip
    rows: list[Sequence[Cell]] = []
    notes = []
    for row in found.rows:
        off = None if row.value is None or row.target is None else row.value - row.target
        reason = remarks.get(row.indicator.code, SILENT).of(REASON) or None
        rows.append([named_in_full(row.indicator), row.indicator.unit, row.target, row.value, row.realised, off, reason])
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


def head(found: Standings) -> list[tuple[str, str]]:
    """The rows above the columns: aim, target, its performance, the responsible unit."""
    plan = found.plan
    return [
        (_("Aim"), plan.aim.printed),
        (_("Target"), plan.target.printed),
        (_("Performance of the target"), goal_text(found)),
        (_("Responsible unit"), plan.unit.printed),
    ]


def explanation(row: Row, remark: Remarks) -> str:
    """What stands below an indicator: how it was calculated, what has to be told, and what people wrote; never empty."""
    calculated = worked(row) or row.indicator.formula.replace("-", "−")
    told = [titled(note) for note in row.notes]
    more = len(told) - MOST_NOTES
    said = [_("Calculation: {worked}.").format(worked=calculated), *(f"{note}." for note in told[:MOST_NOTES])]
    if more > 0:
        said.append(_("{n} more notes stand in the section of the indicator.").format(n=exactly(more)))
    written = [text for text in (remark.of(REASON), remark.of(MEASURES)) if text]
    return "\n".join([_("Explanation: {text}").format(text=" ".join(said)), *written])


def question(name: str, answer: str) -> str:
    """One of the four questions, with its answer or an empty line to fill in."""
    title, asked = ASKED[name]
    return f"{_(title)}: {_(asked)}\n{answer or LINE}"


def columns_of_six() -> list[Column]:
    return [
        Column(_("Performance indicators"), TEXT, 3.0),
        Column(_("Effect on the target (%)"), PERCENT),
        Column(_("Value at the beginning of the plan period (A)"), DECIMAL, 1.2),
        Column(_("Targeted value of the year's end in the monitoring period (B)"), DECIMAL, 1.2),
        Column(_("Reached value in the monitoring period (C)"), DECIMAL, 1.2),
        Column(_("Performance (%) (C−A)/(B−A)"), PERCENT),
    ]


def six(row: Row) -> list[Cell]:
    return [
        named_in_full(row.indicator),
        row.indicator.weight / 100,
        baseline(row.indicator),
        row.target,
        row.value,
        row.performance,
    ]


def named_in_full(indicator: Indicator) -> str:
    """As the card prints it, with its code."""
    return f"{indicator.code} {indicator.printed}"


def baseline(indicator: Indicator) -> Fraction | str:
    """As printed where there is none: "-" is neither 0 nor missing."""
    return "-" if indicator.baseline is None else indicator.baseline
