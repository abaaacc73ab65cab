"""A file of a post plan into slots: Excel, CSV or a calendar (.ics); every cell that is wrong, or nothing wrong at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from collectors.calendar.grids import blocks, take_grid
from collectors.calendar.hours import week_in
from collectors.calendar.lists import FIELDS, list_head, take_list
from collectors.calendar.planned import Found, PlanFile, Planned, Reading
from collectors.sheets.cells import text
from collectors.sheets.heads import heading
from collectors.sheets.tables import read_tables
from collectors.sheets.workbook import FileError, Sheet
from words import _

MOST_SLOTS = 20_000


def load(
    path: Path,
    zone: ZoneInfo,
    *,
    now: datetime,
    ours: Sequence[str] = (),
    default: Sequence[str] = (),
    mapping: Mapping[str, str] | None = None,
) -> PlanFile:
    """The slots of a file, by time; raises FileError where there is no plan in it.

    Hours are those of `zone`'s clocks. `mapping` names the column of a field of a list where its title is not found by itself,
    e.g. `{"title": "İçerik Konusu"}`.
    """
    told = Reading(path, zone, now, tuple(ours), tuple(default), mapping or {})
    if unknown := sorted(set(told.mapping) - set(FIELDS)):
        raise FileError(
            path, _("{field} is no field").format(field=unknown[0]), _("map one of {fields}").format(fields=", ".join(FIELDS))
        )
    titles: dict[str, str] = {}
    if path.is_file() and _is_calendar(path):
        from collectors.calendar.ics import take_calendar

        parts = [take_calendar(told)]
    else:
        parts, titles = _sheets(told)
    slots = [slot for part in parts for slot in part.slots]
    errors = [error for part in parts for error in part.errors]
    notes = [note for part in parts for note in part.notes]
    if not slots and not errors:
        raise FileError(
            path, _("no planned post in it"), _("write at least one day, hour and platform (docs/operating.md shows how)")
        )
    if len(slots) > MOST_SLOTS:
        raise FileError(path, _("{n} planned posts").format(n=len(slots)), _("at most {n}; split it by month").format(n=MOST_SLOTS))
    if unexplained := sum(slot.withdrawn and not slot.reason for slot in slots):
        notes.append(_("{n} withdrawn without a reason: they stay in the plan until one is given").format(n=unexplained))
    once, repeated = _once(slots)
    raw = path.read_bytes()
    return PlanFile(path.name, hashlib.sha256(raw).hexdigest(), len(raw), tuple(once), tuple(errors), titles, (*notes, *repeated))


def _is_calendar(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(200).lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(b"BEGIN:VCALENDAR")


def _sheets(told: Reading) -> tuple[list[Found], dict[str, str]]:
    sheets = read_tables(told.path)
    read: list[Found] = []
    titles: dict[str, str] = {}
    passed_over: list[str] = []
    visible = [sheet for sheet in sheets if not sheet.hidden]
    for sheet in visible:
        where = f"{told.path.name}, {_('sheet {name}').format(name=sheet.name)}" if len(visible) > 1 else told.path.name
        found = Found(told, where)
        if head := list_head(sheet, told.mapping):
            above = [text(cell) for row in sheet.rows[: head.row] for cell in row if isinstance(cell, str)]
            take_list(sheet, head, week_in([*above, sheet.name, told.path.stem]), found)
            titles = {**head.titles, **titles}
        elif tables := blocks(sheet):
            take_grid(sheet, tables, told.path.stem, found)
        else:
            passed_over += [sheet.name] if sheet.rows else []
            continue
        read.append(found)
    if not read:
        raise FileError(told.path, *_nothing_found(told, sheets))
    notes = [_("sheet {name} holds no plan: passed over").format(name=name) for name in passed_over]
    notes += [_("sheet {name} is hidden: passed over").format(name=sheet.name) for sheet in sheets if sheet.hidden]
    read[0].notes[:0] = notes
    return read, {field: title for field, title in titles.items() if field in FIELDS}


def _nothing_found(told: Reading, sheets: list[Sheet]) -> tuple[str, str]:
    """What is wrong with a file in which nothing is a list or a grid, and what to do."""
    if any(sheet.hidden for sheet in sheets) and all(sheet.hidden or not sheet.rows for sheet in sheets):
        return _("all its sheets are hidden"), _("right-click a sheet's name in Excel, choose Unhide, and save it")
    first = next((row for sheet in sheets for row in sheet.rows if any(cell not in (None, "") for cell in row)), [])
    written = ", ".join(text(cell) for cell in first if text(cell))[:120]
    named = {heading(text(cell)) for sheet in sheets for row in sheet.rows[:60] for cell in row}
    if lost := [title for title in told.mapping.values() if heading(title) not in named]:
        return _("no column {title}").format(title=lost[0]), _("its first row is {titles}").format(titles=written)
    return (
        _("neither a list with a column of days nor a week's grid; its first row is {titles}").format(titles=written or "-"),
        _("the table needs a head such as Tarih, Saat, Platform, Başlık; or name its columns: --map date=TITLE"),
    )


def _once(slots: list[Planned]) -> tuple[list[Planned], list[str]]:
    """Each slot once, by time; and what stood there twice. Of two that are the same, the withdrawn one is kept."""
    first: dict[tuple[datetime, str, str], Planned] = {}
    notes = []
    for slot in slots:
        key = (slot.at, slot.platform, slot.title)
        earlier = first.setdefault(key, slot)
        if earlier is not slot:
            notes.append(
                _("{place}: {platform} is planned there already ({earlier}): counted once").format(
                    place=slot.place, platform=slot.platform, earlier=earlier.place
                )
            )
            if slot.withdrawn and not earlier.withdrawn:
                first[key] = slot
    return sorted(first.values(), key=lambda slot: (slot.at, slot.platform, slot.title)), notes
