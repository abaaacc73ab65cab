"""A plan as a week's grid: days across and hours down, or hours across and days down, and the posts in the cells.

Several weeks may stand below each other, each under its own head; the week is told above the head, or in the sheet's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from collectors.calendar.entries import entries
from collectors.calendar.hours import Week, day_of, like_a_day, like_an_hour, time_of, week_in
from collectors.calendar.planned import Found, blank
from collectors.sheets.cells import CellError, empty, text
from collectors.sheets.heads import letter
from collectors.sheets.workbook import Cell, Sheet
from words import _


@dataclass(frozen=True, slots=True)
class Block:
    """One table: the rows of its head (one, or two where weekdays and dates stand apart), and the rows below up to the next."""

    head: range
    rows: range
    by_day: bool  # days across


def blocks(sheet: Sheet) -> list[Block]:
    """The tables of a sheet, from above; empty where no row is the head of one."""
    heads: list[tuple[int, bool]] = []
    for number, row in enumerate(sheet.rows):
        days = sum(like_a_day(cell) for cell in row)
        said = _first(row)
        bare = isinstance(said, str) and "saat" in said.lower()
        hours = sum(like_an_hour(cell, bare=bare) for cell in row)
        if days >= 2 and days > hours:
            heads.append((number, True))
        elif hours >= 2 and not like_a_day(said) and not like_an_hour(said, bare=True):
            heads.append((number, False))
    joined: list[tuple[range, bool]] = []
    for number, by_day in heads:
        if joined and by_day and joined[-1][1] and joined[-1][0].stop == number and len(joined[-1][0]) == 1:
            joined[-1] = (range(joined[-1][0].start, number + 1), by_day)
        else:
            joined.append((range(number, number + 1), by_day))
    ends = [*(head.start for head, _by_day in joined[1:]), len(sheet.rows)][: len(joined)]
    return [Block(head, range(head.stop, end), by_day) for (head, by_day), end in zip(joined, ends, strict=True)]


def _first(row: list[Cell]) -> Cell:
    return next((cell for cell in row if not empty(cell)), None)


def take_grid(sheet: Sheet, tables: list[Block], file: str, found: Found) -> None:
    """Add the posts of all tables of a sheet to what was found."""
    above = 0
    for table in tables:
        told = [text(cell) for row in sheet.rows[above : table.head.start] for cell in row if isinstance(cell, str)]
        week = week_in([*reversed(told[-20:]), sheet.name, file])
        above = table.rows.stop if not table.rows else table.head.stop
        (_take_days_across if table.by_day else _take_hours_across)(sheet, table, week, found)


def _take_days_across(sheet: Sheet, table: Block, week: Week, found: Found) -> None:
    days = _days_of_head(sheet, table, week, found)
    first = min(days, default=0)
    hours = _hour_column(sheet, table, first)
    merged = _merged(sheet)
    for number in table.rows:
        row = sheet.rows[number]
        clock: time | None = None
        posts = {column: row[column] if column < len(row) else None for column in days if not blank(sheet, number, column)}
        if not posts:
            continue
        if hours is not None and hours < len(row) and not empty(row[hours]):
            try:
                clock = time_of(row[hours])
            except CellError as error:
                found.wrong(number, letter(hours), row[hours], error.what, error.cure)
                continue
        for column, cell in posts.items():
            day = days[column]
            if day and _whole(sheet, number, column, merged, found):
                _take_cell(number, column, cell, day, clock, found)


def _days_of_head(sheet: Sheet, table: Block, week: Week, found: Found) -> dict[int, date | None]:
    """The day of each column; None for one that is wrong, which is told."""
    days: dict[int, date | None] = {}
    for number in reversed(table.head):
        for column, cell in enumerate(sheet.rows[number]):
            if column not in days and like_a_day(cell):
                heads = [sheet.rows[n][column] for n in table.head if column < len(sheet.rows[n])]
                both = [one for one in heads if like_a_day(one)]
                written = (
                    " ".join(text(one) for one in both) if len(both) == 2 and all(isinstance(one, str) for one in both) else cell
                )
                try:
                    read = day_of(written, week)
                    days[column] = read[0] if read else None
                except CellError as error:
                    days[column] = None
                    found.wrong(number, letter(column), cell, error.what, error.cure)
    return days


def _hour_column(sheet: Sheet, table: Block, before: int) -> int | None:
    """The column, before the first day, in which most rows name an hour; numbers alone are hours under a title that says so."""
    titles = [text(sheet.rows[number][c]).lower() for number in table.head for c in range(before) if c < len(sheet.rows[number])]
    bare = any("saat" in title or "hour" in title or "time" in title for title in titles)
    counts = {
        column: sum(like_an_hour(sheet.rows[n][column], bare=bare) for n in table.rows if column < len(sheet.rows[n]))
        for column in range(before)
    }
    best = max(counts, key=lambda column: counts[column], default=None)
    return best if best is not None and counts[best] else None


def _take_hours_across(sheet: Sheet, table: Block, week: Week, found: Found) -> None:
    head = sheet.rows[table.head.start]
    clocks: dict[int, time] = {}
    for column, cell in enumerate(head):
        if like_an_hour(cell, bare=True):
            try:
                clocks[column] = time_of(cell)
            except CellError as error:
                found.wrong(table.head.start, letter(column), cell, error.what, error.cure)
    first = min(clocks, default=0)
    merged = _merged(sheet)
    for number in table.rows:
        row = sheet.rows[number]
        posts = {column: row[column] if column < len(row) else None for column in clocks if not blank(sheet, number, column)}
        if not posts:
            continue
        day = _day_of_row(number, row[:first], week, found)
        for column, cell in posts.items():
            if day and _whole(sheet, number, column, merged, found):
                _take_cell(number, column, cell, day, clocks[column], found)


def _day_of_row(number: int, cells: list[Cell], week: Week, found: Found) -> date | None:
    named = [(column, cell) for column, cell in enumerate(cells) if like_a_day(cell)]
    written = " ".join(text(cell) for _column, cell in named) if all(isinstance(cell, str) for _c, cell in named) else named[-1][1]
    try:
        read = day_of(written, week) if named else None
        if read is None:
            raise CellError(_("no day"), _("write it as 23.11.2026, or format the column as a date in Excel"))
        return read[0]
    except CellError as error:
        column, cell = named[0] if named else (0, cells[0] if cells else None)
        found.wrong(number, letter(column), cell, error.what, error.cure)
        return None


def _merged(sheet: Sheet) -> Mapping[tuple[int, int], tuple[int, int]]:
    """Of each merged cell, by all its places, the first one."""
    return {
        (row, column): (top, left)
        for (top, left), (bottom, right) in sheet.merged
        for row in range(top, min(bottom, len(sheet.rows)) + 1)
        for column in range(left, right + 1)
    }


def _whole(sheet: Sheet, number: int, column: int, merged: Mapping[tuple[int, int], tuple[int, int]], found: Found) -> bool:
    """Whether a cell is one hour of one day; a merged one is several, and told once."""
    first = merged.get((number, column))
    if first == (number, column):
        found.wrong(
            number, letter(column), sheet.rows[number][column], _("a cell merged over several hours or days"),
            _("unmerge it and write each post into its own hour"),
        )  # fmt: skip
    return first is None and found.legible(sheet, number, column)


def _take_cell(number: int, column: int, cell: Cell, day: date, clock: time | None, found: Found) -> None:
    try:
        for entry in entries(str(cell), found.told.ours):
            found.add(number, letter(column), cell, day, clock, entry)
    except CellError as error:
        found.wrong(number, letter(column), cell, error.what, error.cure)
