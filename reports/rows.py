"""Rows that somebody asked for, as files: CSV, JSON, Excel. No text is ever a formula, a link or markup."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from io import BytesIO, StringIO

from reports.inert import defused, inert
from storage.asking import Rows, Value

EXACT = 2**53  # beyond it a spreadsheet would round a whole number
CELL = 32_000  # letters


def as_csv(found: Rows) -> bytes:
    """UTF-8 with a mark of it, `;` between cells: as Turkish spreadsheets open it."""
    made = StringIO()
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerow([defused(inert(name)) for name in found.columns])
    for row in found.rows:
        writer.writerow(
            [defused(inert(cell, CELL)) if isinstance(cell, str) else "" if cell is None else _comma(cell) for cell in row]
        )
    return b"\xef\xbb\xbf" + made.getvalue().encode()


def as_json(found: Rows) -> bytes:
    """A list of objects; a column's name that comes twice is numbered."""
    names = numbered(found.columns)
    rows = [
        dict(zip(names, (inert(c, CELL, lines=True) if isinstance(c, str) else c for c in row), strict=True)) for row in found.rows
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False).encode()


def as_excel(found: Rows) -> bytes:
    """One sheet with its titles frozen; figures are numbers."""
    import xlsxwriter

    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        sheet, bold = book.add_worksheet("sorgu"), book.add_format({"bold": True})
        for at, name in enumerate(found.columns):
            sheet.write_string(0, at, inert(name, 200), bold)
        for line, row in enumerate(found.rows, 1):
            for at, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, at, inert(cell, CELL))
                elif cell is not None and abs(cell) <= EXACT:
                    sheet.write_number(line, at, cell)
                elif cell is not None:
                    sheet.write_string(line, at, str(cell))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, len(found.columns) - 1), 18)
        if found.rows:
            sheet.autofilter(0, 0, len(found.rows), max(0, len(found.columns) - 1))
    return made.getvalue()


def numbered(names: Sequence[str]) -> list[str]:
    """The names, each once."""
    found: list[str] = []
    for name in names:
        plain, again = inert(name, 200), 2
        unique = plain
        while unique in found:
            unique, again = f"{plain} ({again})", again + 1
        found.append(unique)
    return found


def _comma(value: Value) -> str:
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)
