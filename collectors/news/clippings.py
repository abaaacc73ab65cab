"""An agency's file into appearances: the dry run of an import, with every cell that is wrong and what would be right."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from collectors.news.columns import COLUMNS, NAMES
from collectors.news.urls import url_key
from collectors.sheets import cells
from collectors.sheets.cells import CellError, NoTime, RowError, empty
from collectors.sheets.heads import Head, find_head, heading, letter
from collectors.sheets.tables import read_tables
from collectors.sheets.workbook import Cell, FileError, Sheet
from collectors.turkish import fold
from model import utc_now
from words import _

TONES = {"olumlu": "olumlu", "pozitif": "olumlu", "olumsuz": "olumsuz", "negatif": "olumsuz", "notr": "nötr", "tarafsiz": "nötr"}


@dataclass(frozen=True, slots=True)
class Row:
    """One appearance as the agency counted it. `day` is local, `at` with its zone; numbers that it does not give are None."""

    row: int
    day: str
    title: str
    outlet: str = ""
    url: str = ""
    at: str = ""
    medium: str = ""
    city: str = ""
    page: str = ""
    circulation: int | None = None
    reach: int | None = None
    ad_value: str = ""
    area: str = ""
    tone: str = ""
    summary: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """What a file holds: the answer of a dry run. `mapping` says which column was taken for what, `notes` what was passed over."""

    file: str
    sha256: str
    size: int
    rows: tuple[Row, ...] = ()
    errors: tuple[RowError, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def load(path: Path, mapping: Mapping[str, str] | None = None, *, now: datetime | None = None) -> Import:
    """The rows of a file; raises FileError when there is no table in it.

    `mapping` names the column of a field where its title is not found by itself, e.g. `{"outlet": "Medya Kuruluşu"}`.
    """
    mapping, now = mapping or {}, now or utc_now()
    if unknown := sorted(set(mapping) - set(NAMES)):
        raise FileError(
            path, _("{name} is no field").format(name=repr(unknown[0])), _("map one of {fields}").format(fields=", ".join(NAMES))
        )
    sheets = read_tables(path)
    tables = _tables(path, sheets, mapping)
    rows: list[Row] = []
    errors: list[RowError] = []
    silent = [repr(sheet.name) for sheet in sheets if sheet.rows and sheet.name not in tables]
    notes = [_("sheet {sheet} holds no list of articles").format(sheet=name) for name in silent]
    for sheet in sheets:
        if head := tables.get(sheet.name):
            where = _("{file}, sheet {sheet}").format(file=path.name, sheet=sheet.name) if len(tables) > 1 else path.name
            _take(where, sheet, head, now, rows, errors, notes)
    if not rows and not errors:
        raise FileError(path, _("no row below the head of the table"), _("export it again with its articles"))
    titles = {name: title for head in reversed(tables.values()) for name, title in head.titles.items()}
    return Import(path.name, *_fingerprint(path), tuple(rows), tuple(errors), titles, (*notes, *_repeated(rows)))


def appearance(row: Row) -> str:
    """Equal for the same appearance in two files: day, outlet, title, and the address or else the page."""
    return "agency:" + "|".join([row.day, fold(row.outlet), fold(row.title), url_key(row.url) if row.url else fold(row.page)])


def _tables(path: Path, sheets: list[Sheet], mapping: Mapping[str, str]) -> dict[str, Head]:
    """The sheets with a whole head, by name; raises FileError that says what is missing in the best one where none has."""
    heads = {sheet.name: head for sheet in sheets if (head := find_head(sheet.rows, COLUMNS, mapping))}
    if not heads:
        raise FileError(path, _("no row names its columns"), _("the table needs a head such as Tarih, Yayın, Başlık, Link"))
    name, head = min(heads.items(), key=lambda pair: len(pair[1].missing))
    place = (_("row {row} of sheet {sheet}") if name else _("row {row}")).format(row=head.row + 1, sheet=repr(name))
    titles = cells.titles(next(sheet for sheet in sheets if sheet.name == name).rows[head.row])
    lost = [title for title in mapping.values() if heading(title) not in map(heading, head.titles.values())]
    if lost:
        raise FileError(
            path,
            _("no column {title} in {place}").format(title=repr(lost[0]), place=place),
            _("its columns are {titles}").format(titles=titles),
        )
    if head.missing:
        what = _("no column for {what} in {place} ({titles})").format(what=", ".join(head.missing), place=place, titles=titles)
        raise FileError(path, what, _("name it: --map {field}=TITLE").format(field=head.missing[0].split()[0]))
    return {name: head for name, head in heads.items() if not head.missing}


def _take(where: str, sheet: Sheet, head: Head, now: datetime, rows: list[Row], errors: list[RowError], notes: list[str]) -> None:
    """Add what one sheet holds to the rows, the errors and the notes."""
    for number, values in enumerate(sheet.rows[head.row + 1 :], head.row + 1):
        if reason := _passed_over(values, sheet.rows[head.row], head):
            notes += (
                [_("{where}, row {row}: {reason}").format(where=where, row=number + 1, reason=reason)]
                if cells.filled(values)
                else []
            )
            continue
        row, wrong = _row(where, number, values, head, sheet, now)
        rows += [row] if row else []
        errors += wrong


def _passed_over(values: list[Cell], titles: list[Cell], head: Head) -> str:
    """Why a row is no article: empty, the head once more, a heading between groups, a total; empty for an article."""
    held = cells.filled(values)
    if not held:
        return _("empty")
    if [fold(cells.text(cell)) for cell in values] == [fold(cells.text(cell)) for cell in titles]:
        return _("the head again")
    if len(held) == 1 and not _has(values, head, "title"):
        return _("{text} taken for a heading").format(text=repr(held[0][:60]))
    if fold(held[0]).startswith(("toplam", "genel toplam", "ara toplam")) and not _has(values, head, "title"):
        return _("a total")
    return ""


def _has(values: list[Cell], head: Head, name: str) -> bool:
    column = head.columns.get(name)
    return column is not None and column < len(values) and not empty(values[column])


def _row(where: str, number: int, values: list[Cell], head: Head, sheet: Sheet, now: datetime) -> tuple[Row | None, list[RowError]]:
    """One row, or every cell of it that is wrong."""
    errors: list[RowError] = []

    def cell(name: str) -> Cell:
        return values[head.columns[name]] if _has(values, head, name) else None

    def wrong(name: str, what: str, cure: str) -> None:
        column = head.columns.get(name)
        place = f"{letter(column)} ({head.titles[name]})" if column is not None else name
        errors.append(RowError(where, number + 1, place, cells.text(cell(name))[:80], what, cure))

    known: dict[str, Any] = {}
    for name in ("circulation", "reach", "ad_value", "area"):
        try:
            if (value := cell(name)) is not None:
                known[name] = cells.whole_number(value) if name in ("circulation", "reach") else str(cells.decimal_number(value))
        except CellError as error:
            wrong(name, error.what, error.cure)
    try:
        day, at = cells.moment(cell("date"), cell("time"), now)
        known |= {"day": day.isoformat(), "at": at.isoformat() if at else ""}
    except CellError as error:
        wrong("time" if isinstance(error, NoTime) else "date", error.what, error.cure)
    try:
        known["url"] = _url(cell, number, head, sheet)
    except CellError as error:
        wrong("url", error.what, error.cure)
    for name in ("title", "outlet", "medium", "city", "page", "summary"):
        known[name] = cells.text(cell(name))[:500]
    if not known["title"]:
        wrong("title", _("no title"), _("every article needs one; delete the row if it is none"))
    if not known["outlet"] and not known.get("url"):
        wrong("outlet" if "outlet" in head.columns else "url", _("neither outlet nor address"), _("say where it appeared"))
    return (None if errors else Row(number + 1, tone=_tone(cell("tone")), sheet=sheet.name, **known)), errors


def _url(cell: Any, number: int, head: Head, sheet: Sheet) -> str:
    """The address that a row writes, else the one behind its link or title."""
    written = cell("url")
    behind = next(
        (sheet.links[number, c] for n in ("url", "title") if (c := head.columns.get(n)) is not None and (number, c) in sheet.links),
        "",
    )
    try:
        return cells.address(written) if written is not None else behind
    except CellError:
        if behind:
            return behind
        raise


def _repeated(rows: list[Row]) -> list[str]:
    first: dict[str, Row] = {}
    notes = []
    for row in rows:
        earlier = first.setdefault(appearance(row), row)
        if earlier is not row:
            notes.append(_("{place}: the same as {earlier}, counted once").format(place=_place(row), earlier=_place(earlier)))
    return notes


def _place(row: Row) -> str:
    return (_("row {row} of sheet {sheet}") if row.sheet else _("row {row}")).format(row=row.row, sheet=row.sheet)


def _fingerprint(path: Path) -> tuple[str, int]:
    raw = path.read_bytes()
    return hashlib.sha256(raw).hexdigest(), len(raw)


def _tone(cell: Cell) -> str:
    """How the agency graded an article; empty for whatever else stands there, such as an editor's name."""
    return TONES.get(fold(cells.text(cell)), "")
