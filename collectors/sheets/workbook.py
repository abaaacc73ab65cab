"""Excel workbooks, new (.xlsx) and old (.xls), into rows of cells, without trusting them.

The values are those that Excel stored; no formula is computed. python-calamine reads both formats, but neither bounds what
a file unpacks to nor tells of hyperlinks: so a new workbook's parts are looked through first.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeAlias
from xml.parsers import expat

from model import MecraError
from words import N_, _

Place: TypeAlias = tuple[int, int]
Cell: TypeAlias = str | int | float | bool | datetime | date | time | timedelta | None

MOST_UNPACKED = 256 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 200_000, 300
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
LINKED = re.compile(r'\s*HYPERLINK\(\s*"(https?://[^"]+)"', re.I)
OPEN_AND_SAVE = N_("open it in Excel and save it as .xlsx (Excel Çalışma Kitabı)")


class FileError(MecraError):
    """A file that can't be imported at all: which, why, and what to do."""

    def __init__(self, path: Path, what: str, cure: str) -> None:
        super().__init__(f"{path.name}: {what} -> {cure}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; places are (row, column) from 0, as `rows` counts.

    `links` are the web addresses behind cells, `merged` the first and the last place of merged cells, `unknown` the formulas
    without a result, or with an error for one. Of a hidden sheet nothing but the name is read.
    """

    name: str
    rows: list[list[Cell]]
    links: dict[Place, str] = field(default_factory=dict)
    unknown: frozenset[Place] = frozenset()
    merged: tuple[tuple[Place, Place], ...] = ()
    hidden: bool = False


def read_workbook(path: Path) -> list[Sheet]:
    """The sheets of a workbook; raises FileError. Vertically merged cells all hold the value of the first."""
    looked = _looked(path) if zipfile.is_zipfile(path) else {}
    import python_calamine

    sheets = []
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as workbook:
            for told in workbook.sheets_metadata:
                if told.typ == python_calamine.SheetTypeEnum.WorkSheet:
                    if told.visible != python_calamine.SheetVisibleEnum.Visible:
                        sheets.append(Sheet(told.name, [], hidden=True))
                        continue
                    sheet = workbook.get_sheet_by_name(told.name)
                    if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
                        raise _too_far(
                            path,
                            _("sheet {name} has {rows} rows and {columns} columns").format(
                                name=told.name, rows=sheet.total_height, columns=sheet.total_width
                            ),
                        )
                    rows: list[list[Cell]] = [[*row] for row in sheet.to_python(skip_empty_area=False)]
                    merged = tuple(sheet.merged_cell_ranges or ())
                    _fill_down(rows, merged)
                    sheets.append(Sheet(told.name, rows, *looked.get(told.name, ({}, frozenset())), merged))
    except python_calamine.PasswordError:
        raise FileError(path, _("it is protected with a password"), _("save a copy without a password and import that")) from None
    except (KeyboardInterrupt, SystemExit, MemoryError, FileError):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        raise FileError(path, _("no workbook that can be read ({error})").format(error=str(error)[:80]), _(OPEN_AND_SAVE)) from None
    return sheets


def _too_far(path: Path, what: str) -> FileError:
    return FileError(
        path,
        what,
        _("at most {rows} rows and {columns} columns; delete what lies beyond the table").format(
            rows=MOST_ROWS, columns=MOST_COLUMNS
        ),
    )


def _fill_down(rows: list[list[Cell]], ranges: tuple[tuple[Place, Place], ...]) -> None:
    for (top, left), (bottom, right) in ranges:
        if left == right and top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]


def _looked(path: Path) -> dict[str, tuple[dict[Place, str], frozenset[Place]]]:
    """Of each sheet the hyperlinks, and the formulas without a result.

    Raises FileError for a workbook that unpacks to too much or reaches too far.
    """
    try:
        with zipfile.ZipFile(path) as parts:
            if any(part.flag_bits & 1 for part in parts.infolist()):
                raise FileError(path, _("it is protected with a password"), _("save a copy without a password and import that"))
            size = sum(part.file_size for part in parts.infolist())
            if size > MOST_UNPACKED:
                raise FileError(
                    path,
                    _("it unpacks to {n} MB").format(n=size // 2**20),
                    _("at most {n} MB; split it by month").format(n=MOST_UNPACKED // 2**20),
                )
            names = set(parts.namelist())
            if "xl/workbook.xml" not in names:
                raise FileError(path, _("it is no .xlsx workbook"), _(OPEN_AND_SAVE))
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
        zlib.error,
        UnicodeDecodeError,
    ) as error:
        raise FileError(path, _("no whole workbook ({error})").format(error=str(error)[:80]), _(OPEN_AND_SAVE)) from None


def _scanned(path: Path, parts: zipfile.ZipFile, part: str, targets: dict[str, str]) -> tuple[dict[Place, str], frozenset[Place]]:
    links: dict[Place, str] = {}
    unknown: set[Place] = set()
    here, formula, computed, failed = (0, 0), [""], False, False

    def start(tag: str, attrs: dict[str, str]) -> None:
        nonlocal here, computed, failed
        name = tag.rpartition(":")[2]
        if name == "c" and (place := _place(attrs.get("r", ""))):
            here, computed, failed = place, False, attrs.get("t") == "e"
            if failed:
                unknown.add(here)
            if here[0] >= MOST_ROWS or here[1] >= MOST_COLUMNS:
                raise _too_far(path, _("a cell stands at {place}").format(place=attrs["r"]))
        elif name == "v" and computed and not failed:
            parser.CharacterDataHandler = lambda _data: unknown.discard(here)
        elif name == "f":
            computed = True
            unknown.add(here)
            formula[0] = ""
            parser.CharacterDataHandler = text
        elif name == "hyperlink":
            target = next((targets.get(value, "") for key, value in attrs.items() if key.rpartition(":")[2] == "id"), "")
            if (place := _place(attrs.get("ref", "").split(":")[0])) and target.lower().startswith(("http://", "https://")):
                links[place] = target

    def text(data: str) -> None:
        formula[0] += data if len(formula[0]) < 4000 else ""

    def end(tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in ("f", "v"):
            parser.CharacterDataHandler = None
        if name == "f" and (linked := LINKED.match(formula[0])):
            links.setdefault(here, linked[1])

    parser = _parser(start)
    parser.EndElementHandler = end
    with parts.open(part) as stream:
        while chunk := stream.read(1 << 18):
            parser.Parse(chunk)
    parser.Parse(b"", True)
    return links, frozenset(unknown)


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


def _refuse_entity(*_told: object) -> None:
    raise expat.ExpatError("it declares entities")


def _place(reference: str) -> Place | None:
    """(row, column) from 0 of `C5`; None for what is no cell."""
    found = REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1
