"""What a file of a post plan holds: slots, or every cell that is wrong and what would be right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from collectors.calendar.entries import Entry
from collectors.calendar.hours import instant
from collectors.sheets.cells import CellError, RowError, empty, text
from collectors.sheets.heads import letter
from collectors.sheets.workbook import Cell, Sheet
from words import _

FAILED = re.compile(r"#[A-ZÇĞİÖŞÜ0-9/_]{2,12}[!?]?")


@dataclass(frozen=True, slots=True)
class Planned:
    """One planned post. `place`: where in the file, in words. `reason` is of a withdrawn one and may be empty."""

    at: datetime
    platform: str
    title: str = ""
    withdrawn: bool = False
    reason: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class PlanFile:
    """The answer of a dry run. `mapping` says which column was taken for what, `notes` what was passed over or read in one of two ways."""

    file: str
    sha256: str
    size: int
    slots: tuple[Planned, ...] = ()
    errors: tuple[RowError, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a file is told. `ours` are the platforms that "all platforms" stands for, `default` those of a post that names none."""

    path: Path
    zone: ZoneInfo
    now: datetime
    ours: Sequence[str] = ()
    default: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)


def blank(sheet: Sheet, row: int, column: int) -> bool:
    """Whether nothing stands in a cell, not even an error of Excel's or a formula without its result."""
    value = sheet.rows[row][column] if column < len(sheet.rows[row]) else None
    return (row, column) not in sheet.unknown and empty(value) and not (isinstance(value, str) and FAILED.fullmatch(value.strip()))


@dataclass(slots=True)
class Found:
    """What one table of a file came to, collected cell by cell; `where` names the file and its sheet."""

    told: Reading
    where: str
    slots: list[Planned] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def wrong(self, row: int, column: str, value: Cell, what: str, cure: str) -> None:
        """`row` from 0."""
        self.errors.append(RowError(self.where, row + 1, column, text(value)[:80], what, cure))

    def legible(self, sheet: Sheet, row: int, column: int) -> bool:
        """Whether a cell holds what it shows: no formula without a result, no letters that were lost."""
        value = sheet.rows[row][column] if column < len(sheet.rows[row]) else None
        if (row, column) in sheet.unknown:
            self.wrong(
                row,
                letter(column),
                value,
                _("a formula without a result"),
                _("open it in Excel, see that the cell shows its value, and save it"),
            )
            return False
        if isinstance(value, str) and FAILED.fullmatch(value.strip()):
            self.wrong(
                row,
                letter(column),
                value,
                _("an error of Excel's stands in it"),
                _("put the formula right, or write the text itself"),
            )
            return False
        if isinstance(value, str) and ("\ufffd" in value or "Ã" in value or "Å" in value):
            self.wrong(row, letter(column), value, _("letters that can't be read"), _("save it as .xlsx, or as CSV UTF-8"))
            return False
        return True

    def add(self, row: int, column: str, value: Cell, day: date, clock: time | None, entry: Entry) -> None:
        """One slot a platform; or the error that it is."""
        platforms = entry.platforms or self.told.default
        if not platforms:
            self.wrong(
                row, column, value, _("no platform is named"), _("write Instagram, X: title; or give --platform for the whole file")
            )
        elif (at := entry.clock or clock) is None:
            self.wrong(row, column, value, _("no time of day"), _("write it as 14:30"))
        else:
            try:
                when = instant(day, at, self.told.zone, self.told.now)
            except CellError as error:
                self.wrong(row, column, value, error.what, error.cure)
                return
            place = _("{where}, row {row}, column {column}").format(where=self.where, row=row + 1, column=column)
            self.slots += [Planned(when, one, entry.title, entry.withdrawn, entry.reason, place) for one in platforms]
