"""A report as an Excel workbook: a cover with contents, one sheet for each table, figures as numbers, no text ever a formula or a link.

Same content, same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

from reports.content import Chart, Report, Section, Signatures, Table, Text
from reports.excel_formats import Formats, printing
from reports.excel_sheet import Place, sheet
from reports.inert import inert
from reports.packing import placed, repacked
from words import _, day, speaking

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LONGEST = 31


def write(report: Report, path: Path) -> Path:
    """`report` as .xlsx at `path`."""
    from xlsxwriter import Workbook

    never = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    made = BytesIO()
    with speaking(report.language), Workbook(made, never) as workbook:
        workbook.set_properties(
            {
                "title": inert(report.title, 250),
                "subject": inert(report.subtitle, 250),
                "author": inert(report.institution, 250),
                "category": inert(report.mark, 40),
                "created": datetime.combine(report.made_on, time()),
            }
        )
        _sheets(workbook, report)
    return placed(repacked(made.getvalue()), path)


def _sheets(workbook: Any, report: Report) -> None:
    formats = Formats(workbook)
    cover_name, texts_name = _("Cover"), _("Notes")
    tables = [(section, block) for section in report.sections for block in section.blocks if isinstance(block, (Table, Chart))]
    names = sheet_names([cover_name, texts_name, *(_table(block).name for _section, block in tables)])
    cover, texts = workbook.add_worksheet(names[0]), workbook.add_worksheet(names[1])
    lines = [(names[1], _("Texts of the report"))]
    for (section, block), name in zip(tables, names[2:], strict=True):
        place = Place(report, name, names[0], wide=section.wide)
        sheet(workbook, formats, place, _table(block), block if isinstance(block, Chart) else None)
        lines.append((name, _table(block).caption or name))
    _cover(cover, formats, report, lines)
    _texts(texts, formats, report, names[0])
    cover.activate()


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names that Excel accepts, each once whatever its case."""
    taken: set[str] = {"history"}  # Excel keeps it for itself
    names = []
    for number, text in enumerate(wanted, 1):
        plain = _FORBIDDEN.sub("_", inert(text, _LONGEST)).strip("' ") or str(number)
        name, turn = plain, 1
        while name.lower() in taken:
            turn += 1
            name = f"{inert(plain, _LONGEST - 4)}_{turn}"
        taken.add(name.lower())
        names.append(name)
    return names


def _cover(sheet: Any, formats: Formats, report: Report, lines: Sequence[tuple[str, str]]) -> None:
    printing(sheet, report, landscape=False)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 70)
    row = 0
    for text, look, height in (
        (report.mark, "mark", 40), (report.institution, "institution", 24), (report.title, "title", 32), (report.subtitle, "subtitle", 20),
        (day(report.made_on), "subtitle", 20),
    ):  # fmt: skip
        if text:
            sheet.set_row(row, height)
            sheet.write_string(row, 0, inert(text, 400), formats[look])
            row += 1
    row += 1
    for label, text in report.facts:
        sheet.write_string(row, 0, inert(label, 400), formats["label"])
        sheet.write_string(row, 1, inert(text), formats["text"])
        row += 1
    sheet.write_string(row + 1, 0, _("Contents"), formats["heading"])
    row += 2
    sheet.write_string(row, 0, _("Sheet"), formats["column"])
    sheet.write_string(row, 1, _("Table"), formats["column"])
    for number, (name, caption) in enumerate(lines, row + 1):
        sheet.write_url(number, 0, f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1", formats["link"], name)
        sheet.write_string(number, 1, inert(caption, 400), formats["text"])


def _texts(sheet: Any, formats: Formats, report: Report, cover: str) -> None:
    """What the report says between its tables, by section."""
    printing(sheet, report, landscape=False)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 92)
    sheet.write_url(0, 0, f"internal:'{cover}'!A1", formats["link"], _("Back to the cover"))
    row = 1
    for section in report.sections:
        paragraphs = _said(section)
        if paragraphs:
            sheet.write_string(row + 1, 0, inert(section.title, 400), formats["heading"])
            row += 2
        for text in paragraphs:
            sheet.write_string(row, 0, text, formats["text"])
            sheet.set_row(row, 14 * min(1 + len(text) // 90 + text.count("\n"), 20) + 3)
            row += 1


def _said(section: Section) -> list[str]:
    said: list[str] = []
    for block in section.blocks:
        if isinstance(block, Text):
            said += [
                f"• {inert(text, 32_000 - 2, lines=True)}" if block.listed else inert(text, lines=True) for text in block.paragraphs
            ]
        elif isinstance(block, Signatures):
            said += [f"{inert(role, 400)}: …………………………" for role in block.roles]
    return said


def _table(block: Table | Chart) -> Table:
    return block.data if isinstance(block, Chart) else block
