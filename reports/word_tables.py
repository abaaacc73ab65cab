"""A table in Word: its rows of titles on every page, no row across two pages, figures to the right, explanations over the whole width."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reports.cells import explanations, printed, widths
from reports.content import DECIMAL, NUMBER, PERCENT, Table
from reports.inert import inert
from reports.word_page import PALE
from reports.word_xml import element, paragraph, runs
from words import _

MOST = 2_000  # of a cell: half a page of a narrow column
TALL = 900  # a row with more may go over to the next page
FIGURES = (NUMBER, DECIMAL, PERCENT)
_LINE = "B8C4D0"


def table_xml(table: Table, total: int) -> Any:
    """`total`: the text's width in twips."""
    columns = widths(table, total, letter=105, margins=150)
    made = element("tbl", _properties(table, total), element("tblGrid", *(element("gridCol", w=width) for width in columns)))
    made.extend(_titles(table, columns))
    below = explanations(table)
    for number, cells in enumerate(table.rows):
        made.append(_row(table, columns, cells, bold=number in table.bold, keep=number in below))
        if number in below:
            made.append(_over(columns, below[number]))
    return made


def _titles(table: Table, columns: list[int]) -> Iterator[Any]:
    for label, text in table.head:
        cells = [_cell(columns[0], paragraph("TableHeading", inert(label, 400)), shade=PALE)]
        if len(columns) > 1:
            told = paragraph("TableText", inert(text, MOST))
            cells.append(_cell(sum(columns[1:]), told, over=len(columns) - 1))
        else:
            cells[0][-1].extend(runs(f": {inert(text, MOST)}"))
        yield element("tr", element("trPr", element("cantSplit"), element("tblHeader")), *cells)
    cells = [
        _cell(
            width,
            paragraph("TableHeading", inert(column.title, 400), align="right" if column.kind in FIGURES else ""),
            shade=PALE,
            low=True,
        )
        for width, column in zip(columns, table.columns, strict=True)
    ]
    yield element("tr", element("trPr", element("cantSplit"), element("tblHeader")), *cells)


def _row(table: Table, columns: list[int], cells: Any, *, bold: bool, keep: bool) -> Any:
    texts = [printed(cell, column.kind, MOST) for cell, column in zip(cells, table.columns, strict=True)]
    made = element("tr")
    if max(map(len, texts), default=0) <= TALL:
        made.append(element("trPr", element("cantSplit")))
    for width, column, text in zip(columns, table.columns, texts, strict=True):
        align = "right" if column.kind in FIGURES else ""
        made.append(_cell(width, paragraph("TableText", text, bold=bold, align=align, keep=keep), shade=PALE if bold else ""))
    return made


def _over(columns: list[int], text: str) -> Any:
    properties = [element("trPr", element("cantSplit"))] if len(text) <= TALL else []
    return element("tr", *properties, _cell(sum(columns), paragraph("TableExplanation", text), over=len(columns), shade="F7F9FB"))


def _cell(width: int, content: Any, *, over: int = 1, shade: str = "", low: bool = False) -> Any:
    properties = [element("tcW", w=width, type="dxa")]
    if over > 1:
        properties.append(element("gridSpan", val=over))
    if shade:
        properties.append(element("shd", val="clear", color="auto", fill=shade))
    if low:
        properties.append(element("vAlign", val="bottom"))
    return element("tc", element("tcPr", *properties), content)


def _properties(table: Table, total: int) -> Any:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return element(
        "tblPr",
        element("tblW", w=total, type="dxa"),
        element("tblBorders", *(element(side, val="single", sz=4, space=0, color=_LINE) for side in sides)),
        element("tblLayout", type="fixed"),
        _margins(35, 70),
        element("tblLook", val="0020", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=1, noVBand=1),
        element("tblCaption", val=inert(table.caption, 200)),
    )


def _margins(height: int, side: int) -> Any:
    """Room within a cell, in twips."""
    sides = (("top", height), ("left", side), ("bottom", height), ("right", side))
    return element("tblCellMar", *(element(name, w=width, type="dxa") for name, width in sides))


def facts_xml(facts: list[tuple[str, str]], total: int) -> Any:
    """Label and text, without lines at the sides: for the title page."""
    columns = [total * 23 // 100, total - total * 23 // 100]
    line = element(
        "tblBorders", *(element(side, val="single", sz=4, space=0, color=_LINE) for side in ("top", "bottom", "insideH"))
    )
    layout = [element("tblW", w=total, type="dxa"), line, element("tblLayout", type="fixed"), _margins(70, 70)]
    made = element("tbl", element("tblPr", *layout), element("tblGrid", *(element("gridCol", w=width) for width in columns)))
    for label, text in facts:
        pair = [paragraph("TableHeading", inert(label, 200)), paragraph("TableText", inert(text, 1_000))]
        cells = [_cell(width, content) for width, content in zip(columns, pair, strict=True)]
        made.append(element("tr", element("trPr", element("cantSplit")), *cells))
    return made


def signatures_xml(roles: list[str], total: int) -> Any:
    """A column for each role: who, when, and room for the signature."""
    width = total // max(len(roles), 1)
    lines = element(
        "tblBorders",
        *(element(side, val="single", sz=4, space=0, color=_LINE) for side in ("top", "left", "bottom", "right", "insideV")),
    )
    layout = [element("tblW", w=width * len(roles), type="dxa"), lines, element("tblLayout", type="fixed"), _margins(60, 110)]
    made = element("tbl", element("tblPr", *layout), element("tblGrid", *(element("gridCol", w=width) for _role in roles)))
    for content, height in (
        (None, 400),
        (_("Name and surname"), 650),
        (_("Title of office"), 650),
        (_("Date"), 650),
        (_("Signature"), 1300),
    ):
        cells = []
        for role in roles:
            text = inert(role, 200) if content is None else f"{content}:"
            style, align = ("TableHeading", "center") if content is None else ("TableText", "")
            cells.append(_cell(width, paragraph(style, text, align=align, keep=True)))
        made.append(element("tr", element("trPr", element("cantSplit"), element("trHeight", val=height, hRule="atLeast")), *cells))
    return made
