"""What a cell of a file means that was handed in: days, hours, numbers and addresses as they are written in Turkey."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from collectors.dates import ISTANBUL, when
from collectors.sheets.workbook import Cell
from collectors.turkish import fold
from model import legible
from words import _

NOTHING = frozenset({"", "-", "yok", "bos", "n/a", "na", "null", "none", "#yok", "#n/a", "#deger!", "#value!", "#ref!", "#basv!"})
MOST = 10**15  # more than anybody counts
OLDEST = date(1990, 1, 1)  # nobody counted anything on the net before
EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=ISTANBUL)


class CellError(ValueError):
    """A cell that does not hold what its column promises: what, and the cure."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what)
        self.what, self.cure = what, cure


class NoTime(CellError):
    """A cell that holds no time of day."""


@dataclass(frozen=True, slots=True)
class RowError:
    """A cell that can't be imported: `where` is the file and, where several are read, the sheet; `row` and `column` as in Excel."""

    where: str
    row: int
    column: str
    value: str
    what: str
    cure: str

    def __str__(self) -> str:
        place = _("{where}, row {row}, column {column}").format(where=self.where, row=self.row, column=self.column)
        return f"{place}: {self.what}: {self.value!r} -> {self.cure}"


def empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and fold(cell).replace("—", "-") in NOTHING)


def filled(row: Iterable[Cell]) -> list[str]:
    """The cells of a row that say anything, as text."""
    return [text(cell) for cell in row if not empty(cell)]


def titles(row: Iterable[Cell], most: int = 40, longest: int = 60) -> str:
    """The head of a table as an error quotes it: a hostile one is as long as it likes."""
    found = filled(row)
    shown = [title if len(title) <= longest else f"{title[: longest - 1]}…" for title in found[:most]]
    return ", ".join([*shown, "…"] if len(found) > most else shown)


def text(cell: Cell) -> str:
    """A cell as one line of text; a whole number without its `.0`."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else legible(" ".join(str(cell).replace("\xa0", " ").split()))


def moment(day_cell: Cell, time_cell: Cell, now: datetime) -> tuple[date, datetime | None]:
    """The local day, and the instant where an hour is told; raises CellError for no day, and for one after `now`."""
    day, at = _day(day_cell, now)
    if day < OLDEST:
        raise CellError(_("no day"), _("write it as 23.11.2026, or format the column as a date in Excel"))
    if at is None and not empty(time_cell):
        at = datetime.combine(day, _time(time_cell), ISTANBUL)
    if day > now.astimezone(ISTANBUL).date():
        raise CellError(_("the day lies in the future"), _("write the day as 23.11.2026, the day before the month"))
    return day, at


def _day(cell: Cell, now: datetime) -> tuple[date, datetime | None]:
    wrong = CellError(_("no day"), _("write it as 23.11.2026, or format the column as a date in Excel"))
    if isinstance(cell, datetime):
        local = cell if cell.tzinfo else cell.replace(tzinfo=ISTANBUL)
        return local.astimezone(ISTANBUL).date(), local if local.time() != time() else None
    if isinstance(cell, date):
        return cell, None
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if not 20_000 <= cell < 80_000:
            raise wrong
        return _day(EXCEL_EPOCH + timedelta(seconds=round(cell * 86_400)), now)
    written = text(cell)
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", written):
        return _day(float(written.replace(",", ".")), now)
    written = re.sub(r"(?i)\b(pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar)\b,?|\bsaat\b", " ", written)
    written = re.sub(r"(?<=[\s-])(\d{1,2})\.(\d{2})(\.\d{2})?$", r"\1:\2", written)
    written = re.sub(r"^(\d{1,2})[./](\d{1,2})[./](\d{2})(?!\d)", r"\1.\2.20\3", written.strip())
    at = when(written, seen=now + timedelta(days=36_500))
    if at is None:
        raise wrong
    local = at.astimezone(ISTANBUL)
    return local.date(), local if ":" in written else None


def _time(cell: Cell) -> time:
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    if isinstance(cell, float) and 0 <= cell < 1:
        return (EXCEL_EPOCH + timedelta(seconds=round(cell * 86_400))).time()
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?", text(cell))
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise NoTime(_("no time of day"), _("write it as 14:30"))
    return time(int(found[1]), int(found[2]))


def whole_number(cell: Cell) -> int:
    """A count: `11.617`, `11 617` and 11617.0 are 11617. So is 11.617, which Excel makes of the first in another language."""
    number = decimal_number(cell)
    if isinstance(cell, str) and re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", text(cell), re.A):  # 12,000 is 12 here, and 12.000 elsewhere
        raise CellError(_("no whole number"), _("write it as 11617 or 11.617"))
    if number != number.to_integral_value() and isinstance(cell, float) and (number * 1000) % 1 == 0:
        number *= 1000
    if number != number.to_integral_value() or number < 0:
        raise CellError(_("no whole number"), _("write it as 11617 or 11.617"))
    if number > MOST:
        raise CellError(_("too large to be true"), _("correct it"))
    return int(number)


def decimal_number(cell: Cell) -> Decimal:
    """An amount as Turkey writes it: `1.234.567,89 ₺` is 1234567.89."""
    if isinstance(cell, (bool, date, time, timedelta)):
        raise CellError(_("no number"), _("format the column as a number in Excel"))
    if isinstance(cell, int) or (isinstance(cell, float) and math.isfinite(cell)):
        return Decimal(str(cell))
    written = re.sub(r"(?i)\s|₺|\btl\b|tl$|try|'", "", text(cell))
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?|-?\d+(,\d+)?", written, re.A):
        return Decimal(written.replace(".", "").replace(",", "."))
    if re.fullmatch(r"-?\d{1,3}(,\d{3}){2,}(\.\d+)?|-?\d{1,3}(,\d{3})+\.\d+|-?\d+\.\d{1,2}", written, re.A):
        return Decimal(written.replace(",", ""))
    raise CellError(_("no number"), _("write it as 11617 or 1.234,56"))


def address(cell: Cell) -> str:
    """A web address; raises CellError for anything else. `www.` and bare hosts get their https."""
    written = text(cell).strip("<>")
    if re.match(r"(?i)https?://[^\s/]+\.[^\s/]+", written) and " " not in written:
        return written
    if re.match(r"(?i)(?:[\w-]+\.)+[a-zçğıöşü]{2,}(?:[/?]\S*)?$", written):
        return f"https://{written}"
    raise CellError(_("no web address"), _("write the whole address, beginning with https://"))
