"""A report as PDF: tagged and archival (PDF/A-2a), its charts as vectors, the same content as the same bytes on every machine.

typst lays the pages out by `report.typ`; what the report says reaches it as a JSON file, so that no text can be markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, time
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reports.cells import NONE, explanations, printed, widths
from reports.content import DECIMAL, NUMBER, PERCENT, Block, Chart, Report, Section, Signatures, Table, Text
from reports.inert import inert
from reports.packing import placed
from reports.typeface import FAMILY, FONTS, printable
from words import _, day, speaking

TEMPLATE = Path(__file__).parent / "report.typ"
TITLE = 300  # letters of a heading or a caption
MOST = 2_000  # of a cell: half a page of a narrow column
TALL = 900  # a row with more may go over to the next page
WIDTHS = {False: 48_100, True: 72_800}  # of the text, hundredths of a point: A4 upright and on its side, without margins
PIXEL = 71  # hundredths of a point: a chart's letters of 12 pixels are as large as a table's
HIGHEST = {False: 52_000, True: 34_000}
FIGURES = (NUMBER, DECIMAL, PERCENT)
LETTER = 450  # of a table, on the average, hundredths of a point
MARGINS = 820  # of a cell, left and right
ROOM = 60  # letters that fit any line but a column's
_PIECE = re.compile(r"\w{1,6}[^\w\s]{0,3}|[^\w\s]{1,6}")


def write(report: Report, path: Path) -> Path:
    """`report` as .pdf at `path`."""
    import typst

    with TemporaryDirectory(prefix="mecra-report-") as place, speaking(report.language):
        folder = Path(place)
        said = json.dumps(_Pages(report, folder).content(), ensure_ascii=False)
        (folder / "report.json").write_text(said, encoding="utf-8")
        (folder / TEMPLATE.name).write_bytes(TEMPLATE.read_bytes())
        made = typst.compile(
            folder / TEMPLATE.name,
            root=folder,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            pdf_standards=["a-2a", "ua-1"],
            timestamp=round(datetime.combine(report.made_on, time(), UTC).timestamp()),
        )
    return placed(bytes(made), path)


class _Pages:
    """What the template reads, and the charts beside it."""

    def __init__(self, report: Report, folder: Path) -> None:
        self.report = report
        self.folder = folder
        self.charts = 0

    def content(self) -> dict[str, Any]:
        report = self.report
        return {
            "title": _named(report.title),
            "short": _line(report.title, 70),
            "subtitle": _line(report.subtitle),
            "institution": _line(report.institution, 120),
            "mark": _line(report.mark, 40),
            "facts": [[_line(label), _line(text, 1_000)] for label, text in report.facts],
            "language": report.language,
            "region": "TR" if report.language == "tr" else "GB",
            "made_on": [report.made_on.year, report.made_on.month, report.made_on.day],
            "day": day(report.made_on),
            "words": {
                "contents": _("Contents"),
                "table": _("Table"),
                "figure": _("Figure"),
                "page": _("Page {page} of {pages}"),
                "signature": [_("Name and surname"), _("Title of office"), _("Date"), _("Signature")],
            },
            "groups": [
                {"wide": wide, "sections": [self._section(section, not at) for at, section in enumerate(sections)]}
                for wide, sections in groupby(report.sections, lambda section: section.wide)
            ],
        }

    def _section(self, section: Section, first: bool) -> dict[str, Any]:
        blocks = [part for block in section.blocks for part in self._block(block, section.wide)]
        return {
            "title": _named(section.title),
            "level": section.level,
            "new_page": section.new_page and not first,
            "blocks": blocks,
        }

    def _block(self, block: Block, wide: bool) -> Iterator[dict[str, Any]]:
        if isinstance(block, Table):
            yield _table(block, WIDTHS[wide])
        elif isinstance(block, Chart):
            yield self._chart(block, wide)
            yield _table(block.data, WIDTHS[wide])
        elif isinstance(block, Signatures):
            yield {"kind": "signatures", "roles": [_line(role) for role in block.roles]}
        elif isinstance(block, Text):
            yield {"kind": "text", "listed": block.listed, "paragraphs": [_lines(text) for text in block.paragraphs]}

    def _chart(self, chart: Chart, wide: bool) -> dict[str, Any]:
        from reports.charts_render import SVG, render

        self.charts += 1
        file = self.folder / f"chart-{self.charts}.svg"
        drawn = re.sub(r'font-family="[^"]*"', f'font-family="{FAMILY}"', render(chart.spec, SVG).decode())
        file.write_text(drawn, encoding="utf-8")
        width, height = _size(drawn)
        scale = min(PIXEL, WIDTHS[wide] / width, HIGHEST[wide] / height)
        return {
            "kind": "chart",
            "file": file.name,
            "width": round(width * scale) / 100,
            "caption": _line(chart.caption),
            "alt": _named(chart.alt or chart.caption, 2_000),
        }


def _table(table: Table, total: int) -> dict[str, Any]:
    below = explanations(table)
    right = [column.kind in FIGURES for column in table.columns]
    columns = widths(table, total, letter=LETTER, margins=MARGINS)
    room = [max(1, (width - MARGINS) // LETTER) for width in columns]
    rows = []
    for number, row in enumerate(table.rows):
        cells = [
            _wrapped(printed(cell, column.kind, MOST), fits) for cell, column, fits in zip(row, table.columns, room, strict=True)
        ]
        tall = max(map(len, cells), default=0) > TALL
        rows.append({"cells": cells, "bold": number in table.bold, "tall": tall, "below": _wrapped(below.get(number, ""))})
    return {
        "kind": "table",
        "caption": _line(table.caption),
        "columns": [
            {"title": _wrapped(inert(column.title, TITLE), fits), "right": to_right, "width": width / 100}
            for column, to_right, width, fits in zip(table.columns, right, columns, room, strict=True)
        ],
        "head": [[_line(label), _line(text, MOST)] for label, text in table.head],
        "rows": rows,
        "notes": [_lines(note) for note in table.notes],
    }


def _line(text: str, most: int = TITLE) -> str:
    return _wrapped(inert(text, most))


def _named(text: str, most: int = TITLE) -> str:
    """A title may not be empty: who is read the document to would not know where they are."""
    return _line(text, most) if _line(text, most).strip() else NONE


def _lines(text: str) -> str:
    return _wrapped(inert(text, lines=True))


def _wrapped(text: str, room: int = ROOM) -> str:
    """`text` in letters that the typeface has; a word of more than `room` letters gets places where it may break."""
    shown = printable(text)
    return re.sub(rf"\S{{{room + 1},}}", lambda run: "\u200b".join(_PIECE.findall(run[0])), shown)


def _size(drawn: str) -> tuple[float, float]:
    found = [re.search(rf'^<svg[^>]*\b{side}="([\d.]+)"', drawn) for side in ("width", "height")]
    width, height = (float(side[1]) if side else 1.0 for side in found)
    return max(width, 1.0), max(height, 1.0)
