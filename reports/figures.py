"""Blocks that several pages are made of: a table of names and counts, and how a performance was calculated, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from indicators.formulas import performance
from reports.content import NUMBER, PERCENT, TEXT, Cell, Column, Table
from reports.phrases import figure
from reports.statement import Row
from words import _, exact_percent, exactly


def counted(name: str, caption: str, title: str, unit: str, rows: Iterable[tuple[str, int | None]], *, total: bool = True) -> Table:
    """Names with their counts and shares, and a last row with the sum of what is known."""
    found = list(rows)
    whole = sum(value or 0 for _name, value in found)
    body: list[list[Cell]] = [[label, value, _share(value, whole)] for label, value in found]
    bold = frozenset({len(body)}) if total else frozenset[int]()
    if total:
        body.append([_("Total"), whole, _share(whole, whole)])
    columns = [Column(title, TEXT, 2.5), Column(unit, NUMBER), Column(_("Share"), PERCENT)]
    return Table(name, caption, columns, body, bold=bold)


def met(name: str, caption: str, title: str, rows: Iterable[tuple[str, Mapping[str, int]]]) -> Table:
    """Names with how much was planned and how much of it was met."""
    body: list[list[Cell]] = [[label, one["planned"], one["met"], _share(one["met"], one["planned"])] for label, one in rows]
    columns = [Column(title, TEXT, 2.0), Column(_("Planned"), NUMBER), Column(_("Met"), NUMBER), Column(_("Realisation"), PERCENT)]
    return Table(name, caption, columns, body)


def worked(row: Row) -> str:
    """`C / B = 12.530 / 24.000 = %52,21`; empty where nothing is compared."""
    raw, value, target, start = row.performance, row.value, row.target, row.indicator.baseline
    if raw is None or value is None or target is None:
        return ""
    a, b, c = (figure(row.indicator, one) for one in (start, target, value))
    if row.indicator.formula == "(C-A)/(B-A)" and start is not None and start != target:
        return f"(C − A) / (B − A) = ({c} − {a}) / ({b} − {a}) = {exactly(value - start)} / {exactly(target - start)} = {exact_percent(raw)}"
    if row.indicator.better == "down":
        return f"B / C = {b} / {c} = {exact_percent(raw)}"
    return f"C / B = {c} / {b} = {exact_percent(raw)}"


def measured(row: Row) -> bool:
    """Whether anything was measured, so that its breakdowns say something: zeros of what nobody looked at would be no figures."""
    return row.beside.get("measured", row.stored.numerator) is not None


def entered(row: Row) -> str:
    """What there is to say where an entry stands in for what was measured; else empty."""
    if not any("entry:" in part.part for part in row.parts):
        return ""
    entries = ", ".join(map(str, row.beside.get("entries", ())))
    if not measured(row):
        return _("The value was entered by hand (entry {entries}); nothing was measured.").format(entries=entries)
    value = Fraction(str(row.beside["measured"])) * (100 if row.indicator.kind == "ratio" else 1)
    return _("The value was entered by hand (entry {entries}); what follows is about the measured value, {value}.").format(
        entries=entries, value=figure(row.indicator, value)
    )


def against_expected(row: Row) -> Fraction | None:
    """How far it has come on the way to what was to be expected by now, by the plan's own formula."""
    if row.value is None or row.expected is None:
        return None
    return performance(row.indicator, row.value, row.expected)


def expected_performance(row: Row) -> Fraction | None:
    """The performance that it would have if it stood where it was to be expected by now."""
    if row.expected is None or row.target is None:
        return None
    return performance(row.indicator, row.expected, row.target)


def _share(part: int | None, whole: int) -> Fraction | None:
    return Fraction(part, whole) if part is not None and whole else None
