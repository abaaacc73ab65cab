"""What the cells of an export mean: counts, instants, and the ids of posts."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from collectors.dates import ISTANBUL
from collectors.sheets import cells
from collectors.sheets.cells import CellError
from collectors.sheets.workbook import Cell
from words import _

MOST = 10**13  # more than anybody was ever shown
LAST_MINUTE = time(23, 59)
ROUNDED = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?) ?(k|bin|b|mn|m|milyon)", re.I | re.A)
SIZES = {"k": 1000, "bin": 1000, "b": 1000, "mn": 10**6, "m": 10**6, "milyon": 10**6}
ENGLISH = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?", re.A)
ZONED = re.compile(r":\d\d(?:\.\d+)?\s*(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$", re.I)
X_EPOCH = 1_288_834_974_657  # milliseconds: where the ids of X begin to count


def count(cell: Cell, *, english: bool, signed: bool) -> tuple[int, bool]:
    """A count, and whether it is exact: `12,3 B` and `1.2K` are rounded. Raises CellError.

    `english`: 12,400 is twelve thousand; elsewhere that could be a decimal and is refused. `signed`: it may be negative.
    """
    written = cells.text(cell)
    if written.startswith("="):
        raise CellError(_("a formula"), _("write its result in its place"))
    if "%" in written:
        raise CellError(_("a share, no count"), _("write the number itself"))
    minus = re.match(r"[-−–]\s*(?=\d)", written)
    if minus and not signed:
        raise CellError(_("less than 0"), _("this figure can't be negative: correct it, or leave the cell empty"))
    bare = written[minus.end() :] if minus else re.sub(r"^\+\s*", "", written)
    value, exact = _rounded(bare, english), False
    if value is None:
        value, exact = _whole(cell, bare, english), True
    if value > MOST:
        raise CellError(_("too large to be true"), _("correct it"))
    return -value if minus else value, exact


def _rounded(written: str, english: bool) -> int | None:
    found = ROUNDED.fullmatch(written)
    if not found or (english and found[2].lower() == "b"):
        return None
    return int(Decimal(found[1].replace(",", ".")) * SIZES[found[2].lower()])


def _whole(cell: Cell, bare: str, english: bool) -> int:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return cells.whole_number(abs(cell))
    if isinstance(cell, str):
        if english:
            if ENGLISH.fullmatch(bare):
                return int(bare.partition(".")[0].replace(",", ""))
            raise CellError(_("no whole number"), _("write it as 11,617 or 11617"))
        return cells.whole_number(bare)
    return cells.whole_number(cell)


def moment(
    day_cell: Cell, time_cell: Cell, now: datetime, zone: ZoneInfo, *, american: bool = False
) -> tuple[date, datetime | None]:
    """The local day, and the instant (UTC) where an hour is told; raises CellError. `american`: 03/27/2026 is a day in March."""
    if isinstance(day_cell, str):
        day_cell = _hours(day_cell)
        if american:
            day_cell = re.sub(r"^\s*(\d{1,2})/(\d{1,2})/(\d{4})", r"\2.\1.\3", day_cell)
    day, at = cells.moment(day_cell, time_cell, now)
    if at is not None:
        if not (isinstance(day_cell, str) and ZONED.search(day_cell.strip())):
            at = at.astimezone(ISTANBUL).replace(tzinfo=zone)
        day, at = at.astimezone(zone).date(), at.astimezone(UTC)
        if at > now:
            raise CellError(_("the hour lies in the future"), _("write the hour at which it was read"))
    return day, at


def _hours(text: str) -> str:
    """`6:08 PM` is 18:08."""

    def hour(found: re.Match[str]) -> str:
        hours = int(found[1]) % 12 + (12 if found[3].lower() == "p" else 0)
        return f"{hours:02}:{found[2]}"

    return re.sub(r"\b(\d{1,2}):(\d{2})(?::\d{2})?\s*([ap])\.?m\b\.?", hour, text, flags=re.I)


def end_of(day: date, now: datetime, zone: ZoneInfo) -> datetime:
    """The last minute of a local day: when a figure holds that has a day and no hour. Raises CellError while it is not over."""
    at = datetime.combine(day, LAST_MINUTE, zone).astimezone(UTC)
    if at + timedelta(minutes=1) > now:
        raise CellError(_("the day is not over"), _("write the hour too, as 23.11.2026 14:30, or hand it in tomorrow"))
    return at


def post_id(post: Cell, url: Cell, platform: str) -> str:
    """The platform's id of a post; empty where neither cell says one. Raises CellError."""
    if isinstance(post, (int, float)) and not isinstance(post, bool) and abs(post) >= 2**53:
        raise _cut()
    written = "" if cells.empty(post) else cells.text(post).lstrip("'")
    if re.fullmatch(r"\d[.,]\d+E\+?\d+", written, re.I):
        raise _cut()
    if written and not written.lower().startswith(("http://", "https://", "www.")):
        if len(written) > 200 or re.search(r"\s", written):
            raise CellError(_("no id of a post"), _("write the platform's own id or the post's address"))
        return written
    address = written or ("" if cells.empty(url) else cells.text(url))
    return _in_address(cells.address(address), platform) if address else ""


def _in_address(address: str, platform: str) -> str:
    if platform in ("facebook", "instagram"):
        raise CellError(_("an address, which does not tell the id there"), _("give the id (Post ID) in a column of its own"))
    parts = urlsplit(address)
    steps = [step for step in parts.path.split("/") if step]
    if video := parse_qs(parts.query).get("v"):
        return video[0]
    if not steps or (platform == "x" and not re.fullmatch(r"\d+", steps[-1])):
        raise CellError(_("no address of a post"), _("write the post's own address or its id"))
    return steps[-1]


def _cut() -> CellError:
    return CellError(
        _("an id that Excel has rounded"),
        _("hand in the file as it was downloaded, without saving it in Excel; or format ids as text"),
    )


def published_by_id(post: str) -> datetime | None:
    """When a post of X was published: its id tells the millisecond. None for an id that is none."""
    if not re.fullmatch(r"\d{12,20}", post, re.A):
        return None
    return datetime.fromtimestamp(((int(post) >> 22) + X_EPOCH) // 1000, UTC)
