"""One table on a sheet of its own: titles that stay in sight, a filter, figures as numbers rounded once half up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

from reports.cells import NONE, explanations, printed
from reports.content import DAY, NUMBER, PERCENT, TEXT, Cell, Chart, Column, Report, Table
from reports.excel_chart import Range, chart_beside
from reports.excel_formats import Formats, printing
from reports.inert import inert
from words import _, rounded

EXACT = 10**15  # a spreadsheet keeps fifteen digits: a longer number stays a text
_NARROWEST, _WIDEST = 10, 68  # of a column, in letters
_TALLEST = 8  # lines of a row
_WIDE = 100  # letters that an upright page takes


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table goes: the sheet's name, and that of the cover."""

    report: Report
    name: str
    cover: str
    wide: bool


def sheet(workbook: Any, formats: Formats, place: Place, table: Table, chart: Chart | None) -> None:
    """The table with its explanations as a last column, so that it can be sorted; the chart beside."""
    table = _with_explanations(table)
    made = workbook.add_worksheet(place.name)
    widths = [_width(table, at, column) for at, column in enumerate(table.columns)]
    for at, width in enumerate(widths):
        made.set_column(at, at, width)
    top = _above(made, formats, place, table, widths)
    for at, column in enumerate(table.columns):
        made.write_string(top, at, inert(column.title, 400), formats["column" if column.kind in (TEXT, DAY) else "figures"])
    made.set_row(top, 14 * max(_lines(inert(c.title, 400), width - 2) for c, width in zip(table.columns, widths, strict=True)) + 6)
    for number, cells in enumerate(table.rows):
        for at, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
            put(made, formats, (top + 1 + number, at), cell, column.kind, strong=number in table.bold, blank=chart is not None)
        tall = max(
            (_lines(inert(cell), width) for cell, width in zip(cells, widths, strict=True) if isinstance(cell, str)), default=1
        )
        if tall > 1:
            made.set_row(top + 1 + number, 13 * min(tall, _TALLEST) + 3)
    rows = range(top + 1, top + 1 + len(table.rows))
    sums = next((at for at in range(len(table.rows)) if set(range(at, len(table.rows))) <= table.bold), len(table.rows))
    if sums:
        made.autofilter(top, 0, top + sums, len(table.columns) - 1)
    made.freeze_panes(top + 1, 1 if len(widths) > 4 and widths[0] <= 40 else 0)
    made.ignore_errors({"number_stored_as_text": f"A1:XFD{rows.stop + len(table.notes) + 2}"})
    for number, note in enumerate(table.notes, rows.stop + 1):
        _across(made, formats["note"], number, inert(note, lines=True), widths)
    printing(made, place.report, landscape=place.wide or chart is not None or sum(widths) > _WIDE)
    made.repeat_rows(top)
    if chart:
        chart_beside(workbook, made, chart, table, Range(place.name, top, sums))


def _above(made: Any, formats: Formats, place: Place, table: Table, widths: list[int]) -> int:
    """Caption, the way back, and the rows over the titles; gives the row of the titles."""
    made.write_string(0, 0, inert(table.caption or place.name, 400), formats["heading"])
    made.write_url(1, 0, f"internal:'{place.cover}'!A1", formats["link"], _("Back to the cover"))
    row = 2
    if place.report.mark:
        made.write_string(row, 0, inert(place.report.mark, 40), formats["draft"])
        row += 1
    for label, text in table.head:
        made.write_string(row, 0, inert(label, 400), formats["column"])
        _across(made, formats["head"], row, inert(text), widths, since=1)
        row += 1
    return row if table.head else row + 1


def put(
    made: Any, formats: Formats, at: tuple[int, int], cell: Cell, kind: str, *, strong: bool = False, blank: bool = False
) -> None:
    """One cell. `blank`: one that is not known stays empty, because a chart would draw a dash as 0."""
    if cell is None:
        if blank and kind != TEXT:
            made.write_blank(*at, None, formats.of("none", strong=strong))
        else:
            made.write_string(*at, NONE, formats.of("cell" if kind == TEXT else "none", strong=strong))
    elif isinstance(cell, date):
        if cell.year >= 1900:
            made.write_datetime(*at, datetime.combine(cell, time()), formats.of("day", strong=strong))
        else:
            made.write_string(*at, printed(cell, kind), formats.of("cell", strong=strong))
    elif isinstance(cell, str) or kind in (TEXT, DAY) or not -EXACT < cell < EXACT:
        made.write_string(*at, printed(cell, kind), formats.of("cell" if kind in (TEXT, DAY) else "none", strong=strong))
    else:
        value, look = figure(cell, kind)
        made.write_number(*at, value, formats.of(look, strong=strong))


def figure(cell: int | Fraction, kind: str) -> tuple[float, str]:
    """The number that stands in a cell, and how it is shown: whole numbers without places."""
    if kind == PERCENT:
        return float(rounded(cell, 4)), "percent"
    value = rounded(cell, 0 if kind == NUMBER else 2)
    return (int(value), "whole") if value == int(value) else (float(value), "places")


def _with_explanations(table: Table) -> Table:
    below = explanations(table)
    if not below:
        return table
    rows = [[*cells, below.get(number, "")] for number, cells in enumerate(table.rows)]
    return replace(table, columns=[*table.columns, Column(_("Explanation"))], rows=rows)


def _across(made: Any, look: Any, row: int, text: str, widths: list[int], *, since: int = 0) -> None:
    """A text over the table's width."""
    last = len(widths) - 1
    if last > since:
        made.merge_range(row, since, row, last, "", look)
    made.write_string(row, since, text, look)
    made.set_row(row, 13 * min(_lines(text, sum(widths[since:]) or _WIDEST), _TALLEST) + 4)


def _width(table: Table, at: int, column: Column) -> int:
    title = max((len(word) for word in inert(column.title, 400).split()), default=0) + 3  # room for the filter's button
    found = max((len(printed(row[at], column.kind, _WIDEST)) for row in table.rows), default=0) + 2
    return min(max(title, found, _NARROWEST), _WIDEST)


def _lines(text: str, width: int) -> int:
    return sum(1 + len(line) // max(width, 1) for line in text.split("\n"))
