"""Excel workbooks, new (.xlsx) and old (.xls), into rows of cells, without trusting them.

The values are those that Excel stored; no formula is computed. python-calamine reads both formats, but neither bounds what
a file unpacks to nor tells of hyperlinks: so a new workbook's parts are looked through first.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeAlias
from xml.parsers import expat

from model import MecraError

Cell: TypeAlias = str | int | float | bool | datetime | date | time | timedelta | None

MOST_UNPACKED = 256 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 200_000, 300
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
LINKED = re.compile(r'\s*HYPERLINK\(\s*"(https?://[^"]+)"', re.I)
OPEN_AND_SAVE = "open it in Excel and save it as .xlsx (Excel Çalışma Kitabı)"


class FileError(MecraError):
    """A file that can't be imported at all: which, why, and what to do."""

    def __init__(self, path: Path, what: str, cure: str) -> None:
        super().__init__(f"{path.name}: {what} -> {cure}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet. `links` are the web addresses behind cells, by (row, column) from 0, as `rows` counts."""

    name: str
    rows: list[list[Cell]]
    links: dict[tuple[int, int], str] = field(default_factory=dict)


def read_workbook(path: Path) -> list[Sheet]:
    """The visible sheets of a workbook; raises FileError. Vertically merged cells all hold the value of the first."""
    links = _links(path) if zipfile.is_zipfile(path) else {}
    import python_calamine

    sheets = []
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as workbook:
            for told in workbook.sheets_metadata:
                if told.visible == python_calamine.SheetVisibleEnum.Visible and told.typ == python_calamine.SheetTypeEnum.WorkSheet:
                    sheet = workbook.get_sheet_by_name(told.name)
                    if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
                        raise _too_far(path, f"sheet {told.name} has {sheet.total_height} rows and {sheet.total_width} columns")
                    rows: list[list[Cell]] = [[*row] for row in sheet.to_python(skip_empty_area=False)]
                    _fill_down(rows, sheet.merged_cell_ranges or [])
                    sheets.append(Sheet(told.name, rows, links.get(told.name, {})))
    except python_calamine.PasswordError:
        raise FileError(path, "it is protected with a password", "save a copy without a password and import that") from None
    except (KeyboardInterrupt, SystemExit, MemoryError, FileError):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        raise FileError(path, f"no workbook that can be read ({str(error)[:80]})", OPEN_AND_SAVE) from None
    return sheets


def _too_far(path: Path, what: str) -> FileError:
    return FileError(path, what, f"at most {MOST_ROWS} rows and {MOST_COLUMNS} columns; delete what lies beyond the table")


def _fill_down(rows: list[list[Cell]], ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    for (top, left), (bottom, right) in ranges:
        if left == right and top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]


def _links(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """The hyperlinks of each sheet; raises FileError for a workbook that unpacks to too much or reaches too far."""
    try:
        with zipfile.ZipFile(path) as parts:
            if any(part.flag_bits & 1 for part in parts.infolist()):
                raise FileError(path, "it is protected with a password", "save a copy without a password and import that")
            size = sum(part.file_size for part in parts.infolist())
            if size > MOST_UNPACKED:
                raise FileError(
                    path, f"it unpacks to {size // 2**20} MB", f"at most {MOST_UNPACKED // 2**20} MB; split it by month"
                )
            names = set(parts.namelist())
            if "xl/workbook.xml" not in names:
                raise FileError(path, "it is no .xlsx workbook", OPEN_AND_SAVE)
            targets = _targets(parts, "xl/_rels/workbook.xml.rels") if "xl/_rels/workbook.xml.rels" in names else {}
            found = {}
            for name, number in _sheets(parts.read("xl/workbook.xml")):
                part = targets.get(number, "").removeprefix("/").removeprefix("xl/")
                if f"xl/{part}" in names:
                    rels = f"xl/{part.replace('worksheets/', 'worksheets/_rels/')}.rels"
                    found[name] = _scanned(path, parts, f"xl/{part}", _targets(parts, rels) if rels in names else {})
            return found
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        RuntimeError,
        expat.ExpatError,
    ) as error:
        raise FileError(path, f"no whole workbook ({str(error)[:80]})", OPEN_AND_SAVE) from None


def _scanned(path: Path, parts: zipfile.ZipFile, part: str, targets: dict[str, str]) -> dict[tuple[int, int], str]:
    links: dict[tuple[int, int], str] = {}
    here, formula = (0, 0), [""]

    def start(tag: str, attrs: dict[str, str]) -> None:
        nonlocal here
        name = tag.rpartition(":")[2]
        if name == "c" and (place := _place(attrs.get("r", ""))):
            here = place
            if here[0] >= MOST_ROWS or here[1] >= MOST_COLUMNS:
                raise _too_far(path, f"a cell stands at {attrs['r']}")
        elif name == "f":
            formula[0] = ""
            parser.CharacterDataHandler = text
        elif name == "hyperlink":
            target = next((targets.get(value, "") for key, value in attrs.items() if key.rpartition(":")[2] == "id"), "")
            if (place := _place(attrs.get("ref", "").split(":")[0])) and target.lower().startswith(("http://", "https://")):
                links[place] = target

    def text(data: str) -> None:
        formula[0] += data if len(formula[0]) < 4000 else ""

    def end(tag: str) -> None:
        if tag.rpartition(":")[2] == "f":
            parser.CharacterDataHandler = None
            if linked := LINKED.match(formula[0]):
                links.setdefault(here, linked[1])

    parser = _parser(start)
    parser.EndElementHandler = end
    with parts.open(part) as stream:
        while chunk := stream.read(1 << 18):
            parser.Parse(chunk)
    parser.Parse(b"", True)
    return links


def _sheets(xml: bytes) -> list[tuple[str, str]]:
    """(name, relation) of each sheet."""
    found: list[tuple[str, str]] = []

    def start(tag: str, attrs: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            relation = next((value for key, value in attrs.items() if key.endswith(":id")), "")
            found.append((attrs.get("name", ""), relation))

    _parser(start).Parse(xml, True)
    return found


def _targets(parts: zipfile.ZipFile, rels: str) -> dict[str, str]:
    found: dict[str, str] = {}

    def start(tag: str, attrs: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            found[attrs.get("Id", "")] = attrs.get("Target", "")

    _parser(start).Parse(parts.read(rels), True)
    return found


def _parser(start: Callable[[str, dict[str, str]], None]) -> Any:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = _refuse_entity
    return parser


def _refuse_entity(*_: object) -> None:
    raise expat.ExpatError("it declares entities")


def _place(reference: str) -> tuple[int, int] | None:
    """(row, column) from 0 of `C5`; None for what is no cell."""
    found = REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1
