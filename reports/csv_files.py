"""A report's tables as CSV files for programs and for Excel as it is set up in Turkey: UTF-8 with a byte-order mark, `;`, CRLF.

Figures are bare: no grouping, a decimal comma in a Turkish report and a point otherwise, percentages as numbers of percent. A cell
that is not known is empty. A text that a spreadsheet would run as a formula has an apostrophe before it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date
from io import StringIO
from pathlib import Path

from reports.cells import explanations
from reports.content import NUMBER, PERCENT, Cell, Column, Report, Table
from reports.inert import defused, inert
from reports.packing import placed
from words import _, day, exactly, language, speaking

_CONTENTS = {"tr": "icindekiler", "en": "contents"}
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{at}" for port in ("com", "lpt") for at in range(10))}  # by Windows


def write(report: Report, path: Path) -> Path:
    """A file for each table in the directory `path`, and one that says what they are."""
    with speaking(report.language):
        names = file_names([_CONTENTS[language()], *(table.name for table in report.tables)])
        for name, table in zip(names[1:], report.tables, strict=True):
            _write(path / name, _rows(table))
        _write(path / names[0], _contents(report, names[1:]))
    return path


def file_names(wanted: Sequence[str]) -> list[str]:
    """Names that any system accepts, each once whatever its case."""
    taken: set[str] = set()
    names = []
    for at, text in enumerate(wanted):
        plain = re.sub(r"[^\w-]", "_", text, flags=re.ASCII)[:60].strip("_").lower() or f"tablo_{at}"
        plain = f"{plain}_" if plain in _RESERVED else plain
        name, turn = plain, 1
        while name in taken:
            turn += 1
            name = f"{plain}_{turn}"
        taken.add(name)
        names.append(f"{name}.csv")
    return names


def figure(cell: Cell, kind: str) -> str:
    """A cell as it stands in a file, rounded once, half up."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return defused(inert(cell))
    if isinstance(cell, date):
        return day(cell)
    value = exactly(cell * 100 if kind == PERCENT else cell, 0 if kind == NUMBER else 2)
    return value.replace("." if language() == "tr" else ",", "")


def _rows(table: Table) -> Iterator[list[str]]:
    below = explanations(table)
    more = [_("Explanation")] if below else []
    yield [*(_title(column) for column in table.columns), *more]
    for at, cells in enumerate(table.rows):
        row = [figure(cell, column.kind) for cell, column in zip(cells, table.columns, strict=True)]
        yield [*row, *([defused(inert(below.get(at, "")))] if below else [])]


def _title(column: Column) -> str:
    title = defused(inert(column.title, 400))
    return f"{title} (%)" if column.kind == PERCENT and "%" not in title else title


def _contents(report: Report, names: Sequence[str]) -> Iterator[list[str]]:
    """What the files are, and what stands around the tables in the other documents."""
    yield [_("File"), _("Table"), _("Rows"), _("Notes")]
    facts = [(_("Status"), report.mark)] if report.mark else []
    for label, text in [
        (_("Report"), report.title),
        (_("Institution"), report.institution),
        (_("Date"), day(report.made_on)),
        *facts,
        *report.facts,
    ]:
        yield ["", defused(inert(label)), "", defused(inert(text))]
    for name, table in zip(names, report.tables, strict=True):
        told = [*(f"{label}: {text}" for label, text in table.head), *table.notes]
        yield [name, defused(inert(table.caption)), str(len(table.rows)), defused(inert(" | ".join(told)))]


def _write(path: Path, rows: Iterator[list[str]]) -> None:
    text = StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    placed(text.getvalue().encode("utf-8-sig"), path)
