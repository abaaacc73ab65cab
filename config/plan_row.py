"""One indicator as it is written: a row of the target card, with its baseline, its targets and how it is measured."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from config.plan import ByHand, Indicator, Rule
from config.plan_reading import Table
from config.plan_rules import KIND_OF, read_rule
from config.turkish_numbers import NoFigure, figure
from model import Period
from words import _, exactly, speaking

ROW = (
    "code", "printed", "label", "unit", "kind", "weight", "rule", "targets", "baseline", "baseline_period", "formula", "better", "cap",
    "by_hand", "definition", "source", "monitored", "reported",
)  # fmt: skip
KINDS = ("flow", "level", "ratio")
FROM_START = "(C-A)/(B-A)"
MOST_PERCENT = 100


def read_indicator(row: Table, years: tuple[int, ...]) -> Indicator:
    """The row; mistakes go into the table's notebook. `years` are the plan's."""
    row.known(ROW)
    code, printed = row.text("code", example='"PG7.2.1"'), row.text("printed")
    kind = row.choice("kind", KINDS)
    most = MOST_PERCENT if kind == "ratio" else None
    baseline, formula = _compared(row, most)
    targets = _Targets(row.table("targets"), most, formula == "C/B")
    if "targets" not in row.values:
        row.missing("targets", '{ 2025 = "23.000", ... }')
    return Indicator(
        code=code,
        printed=printed,
        label=row.text("label", "") or printed,
        unit=row.text("unit", example='"adet"'),
        kind=kind,
        weight=_weight(row),
        rule=_rule(row, kind),
        targets=targets.read(years) if "targets" in row.values else {},
        baseline=baseline,
        baseline_printed=_printed(row.values.get("baseline", "-")),
        baseline_period=row.text("baseline_period", ""),
        formula=formula,
        better=row.choice("better", ("up", "down"), "up"),
        cap=row.figure("cap", Fraction(100), least=1, most=1000) or Fraction(100),
        by_hand=row.choice("by_hand", ("fill", "instead", "never"), "fill"),
        definition=row.text("definition", ""),
        source=row.text("source", ""),
        monitored=row.text("monitored", ""),
        reported=row.text("reported", ""),
        weight_printed=_printed(row.values.get("weight", "-")),
        targets_printed=targets.printed(years),
    )


def _weight(row: Table) -> Fraction:
    if not row.has("weight"):
        row.missing("weight", '"20%"')
    weight = row.figure("weight", least=0, most=MOST_PERCENT)
    if weight == 0:
        row.wrong("weight", _("{value} is out of range").format(value="0"), _("write its share of the target: more than 0"))
    return weight or Fraction(0)


def _rule(row: Table, kind: str) -> Rule:
    if "rule" not in row.values:
        row.missing("rule", '{ measure = "by_hand" }')
        return ByHand()
    rule = row.table("rule")
    found, measure = read_rule(rule), rule.values.get("measure")
    fitting = KIND_OF.get(measure, kind) if isinstance(measure, str) else kind
    if kind in KINDS and fitting != kind:
        what = _("{measure} measures no {kind}").format(measure=measure, kind=kind)
        row.wrong("kind", what, _('write kind = "{kind}"').format(kind=fitting))
    if measure == "by_hand" and row.values.get("by_hand") == "never":
        row.wrong("by_hand", _("nothing could ever be known of it"), _('write by_hand = "fill"'))
    return found


def _compared(row: Table, most: int | None) -> tuple[Fraction | None, str]:
    """The baseline and the formula, which go together."""
    formula, baseline = (
        row.choice("formula", ("C/B", FROM_START), "C/B"),
        row.figure("baseline", least=0, most=most, counted=most is None),
    )
    period = row.values.get("baseline_period", "")
    if isinstance(period, str) and period and not is_period(period):
        row.wrong("baseline_period", _("{value} is no period").format(value=repr(period)), _("write 2024-H1, 2024-H2 or 2024"))
    if baseline is not None and not period:
        row.missing("baseline_period", '"2024-H1"')
    if formula == FROM_START and not row.has("baseline"):
        what = _("{formula} needs a baseline").format(formula=formula)
        row.wrong("formula", what, _('add the baseline, or write formula = "C/B"'))
    return baseline, formula


@dataclass(frozen=True, slots=True)
class _Targets:
    """The targets of one indicator by year. A year with `-` has none, and says so; one that is left out is a mistake."""

    table: Table
    most: int | None
    divides: bool

    def read(self, years: tuple[int, ...]) -> dict[int, Fraction]:
        found = {}
        for key in self.table.values:
            if not key.isdecimal() or (years and int(key) not in years):
                self.table.wrong(
                    key,
                    _("{value} is no year of the plan").format(value=key),
                    _("write one of: {names}").format(names=", ".join(map(str, years)) or "2026"),
                )
        for year in years:
            if str(year) not in self.table.values:
                self.table.wrong(
                    str(year), _("the target of {year} is missing").format(year=year), _('add {year} = "..."').format(year=year)
                )
            elif (target := self.table.figure(str(year), least=0, most=self.most, counted=self.most is None)) is not None:
                if not target and self.divides:
                    self.table.wrong(
                        str(year), _("a target of 0 can't be divided by"), _("write the target, or - where there is none")
                    )
                found[year] = target
        return found

    def printed(self, years: tuple[int, ...]) -> dict[int, str]:
        return {year: _printed(self.table.values[str(year)]) for year in years if str(year) in self.table.values}


def is_period(text: str) -> bool:
    """`2024-H1`, `2024`."""
    try:
        Period.parse(text)
    except ValueError:
        return False
    return True


def _printed(value: Any) -> str:
    """A figure as it stands in the file; a bare number as Turkish offices write it."""
    if isinstance(value, str):
        return value.strip() or "-"
    try:
        found = figure(value)
    except NoFigure:
        return ""
    with speaking("tr"):
        return "-" if found is None else exactly(found, 6)
