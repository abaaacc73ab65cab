"""A plan as a list: one post a row, with a head such as Tarih, Saat, Platform, Başlık; or with a column for each platform."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time

from collectors.calendar.entries import DENIALS, MARKS, Entry, entries, withdrawal, without_withdrawal
from collectors.calendar.hours import Week, day_of, like_a_day, time_of
from collectors.calendar.planned import Found, blank
from collectors.calendar.platforms import ALIASES, platforms_in
from collectors.sheets import cells
from collectors.sheets.cells import CellError, empty
from collectors.sheets.heads import Columns, Head, find_head, heading, letter
from collectors.sheets.workbook import Cell, Sheet
from collectors.turkish import fold
from words import _

NAMES: dict[str, tuple[str, ...]] = {
    "date": ("tarih", "paylasim tarihi", "yayin tarihi", "planlanan tarih", "gonderi tarihi", "tarih saat", "tarih ve saat", "gun", "date", "day"),
    "time": ("saat", "paylasim saati", "yayin saati", "planlanan saat", "gonderi saati", "saati", "time", "hour"),
    "platform": (
        "platform", "platformlar", "mecra", "mecralar", "kanal", "kanallar", "sosyal medya", "sosyal medya hesabi", "hesap", "hesaplar",
        "yayin mecrasi", "paylasim mecrasi", "platforms", "channel", "channels",
    ),
    "title": (
        "baslik", "gonderi basligi", "icerik basligi", "konu", "icerik", "gonderi", "paylasim", "paylasim konusu", "gonderi metni", "metin",
        "aciklama", "title", "subject", "content", "post", "text",
    ),
    "withdrawn": ("iptal", "iptal edildi", "geri cekildi", "geri cekilen", "withdrawn", "cancelled", "canceled"),
    "state": ("durum", "durumu", "status"),
    "reason": ("iptal nedeni", "iptal gerekcesi", "geri cekme nedeni", "geri cekilme nedeni", "gerekce", "gerekcesi", "neden", "sebep", "reason", "why"),
}  # fmt: skip
FIELDS = tuple(NAMES)
OF_WITHDRAWING = re.compile(r"iptal|geri cek|withdraw|cancel")
OF_PLATFORMS = {
    f"on {platform}": tuple(a for a, p in ALIASES.items() if p == platform) for platform in dict.fromkeys(ALIASES.values())
}
COLUMNS = Columns({**NAMES, **OF_PLATFORMS}, {"date": ("date",), "post": ("platform", "title", *OF_PLATFORMS, "time")})


def list_head(sheet: Sheet, mapping: Mapping[str, str]) -> Head | None:
    """The head of a list; None where no row is one."""
    head = find_head(sheet.rows, COLUMNS, mapping)
    return head if head and not head.missing else None


def take_list(sheet: Sheet, head: Head, week: Week, found: Found) -> None:
    """Add the rows below the head to what was found."""
    columns = _platform_columns(sheet.rows[head.row], head, found.told.ours)
    known = {**head.columns, **{f"on {column}": column for column in columns}}
    for number, row in enumerate(sheet.rows[head.row + 1 :], head.row + 1):
        if [fold(cells.text(cell)) for cell in row] == [fold(cells.text(cell)) for cell in sheet.rows[head.row]]:
            continue  # the head once more
        if all(blank(sheet, number, column) for column in known.values()):
            continue
        if sum(not found.legible(sheet, number, column) for column in known.values()) == 0:
            _take_row(number, row, head, columns, week, found)
    unread = [cells.text(cell) for c, cell in enumerate(sheet.rows[head.row]) if not empty(cell) and c not in known.values()]
    if unread:
        found.notes.append(_("{where}: columns not read: {columns}").format(where=found.where, columns=", ".join(unread)))


def _platform_columns(titles: Sequence[Cell], head: Head, ours: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """The columns whose title names platforms and nothing else."""
    taken = {column for field, column in head.columns.items() if field in NAMES}
    found = {c: platforms_in(cell, ours) for c, cell in enumerate(titles) if isinstance(cell, str) and c not in taken}
    return {column: platforms for column, platforms in found.items() if platforms}


def _take_row(
    number: int, row: Sequence[Cell], head: Head, columns: Mapping[int, tuple[str, ...]], week: Week, found: Found
) -> None:
    def cell(field: str) -> Cell:
        column = head.columns.get(field)
        return None if column is None or column >= len(row) or empty(row[column]) else row[column]

    def place(field: str) -> str:
        column = head.columns.get(field)
        return field if column is None else f"{letter(column)} ({head.titles[field]})"

    told = [cells.text(c) for c in row if not empty(c)]
    if len(told) == 1 and cell("time") is None and not like_a_day(cell("date")) and (cell("date") or cell("title")):
        text = _("{where}, row {row}: {text} taken for a heading")
        found.notes.append(text.format(where=found.where, row=number + 1, text=told[0][:60]))
        return
    title, gone, why = without_withdrawal(cells.text(cell("title")))
    posts = {c: row[c] for c in columns if c < len(row) and not empty(row[c]) and fold(cells.text(row[c])) not in DENIALS}
    if not (posts or title or cell("platform") is not None or (cell("time") is not None and found.told.default)):
        return  # a day or an hour with nothing in it
    before = len(found.errors)
    day, clock = _when(number, cell, place, week, found)
    withdrawn, reason = _withdrawn(head, cell)
    rest = (gone or withdrawn, reason or why)
    named, platforms = cell("platform"), None
    if named is not None and not (platforms := platforms_in(str(named), found.told.ours)):
        names = ", ".join(sorted(set(ALIASES.values())))
        found.wrong(number, place("platform"), named, _("an unknown platform"), _("write one of {names}").format(names=names))
    if day is None or len(found.errors) > before:
        return
    for column, post in posts.items():
        _take_mark(number, column, post, columns[column], title, rest, day, clock, found)
    if posts:
        return
    if columns and platforms is None and not found.told.default:
        found.wrong(number, place("title"), title, _("no platform is marked"), _("put an x in the column of each platform"))
    elif platforms is not None:
        found.add(number, place("platform"), named, day, clock, Entry(title, platforms, None, *rest))
    else:
        _take_title(number, place("title"), cell("title"), rest, day, clock, found)


def _take_title(number: int, place: str, title: Cell, rest: tuple[bool, str], day: date, clock: time | None, found: Found) -> None:
    """A title that may name its platforms itself: `Instagram, X: Tören`."""
    try:
        for one in entries(cells.text(title) if not isinstance(title, str) else title, found.told.ours) or [Entry()]:
            withdrawn, reason = (one.withdrawn, one.reason) if one.withdrawn else rest
            found.add(number, place, title, day, clock, Entry(one.title, one.platforms, one.clock, withdrawn, reason))
    except CellError as error:
        found.wrong(number, place, title, error.what, error.cure)


def _when(
    number: int, cell: Callable[[str], Cell], place: Callable[[str], str], week: Week, found: Found
) -> tuple[date | None, time | None]:
    """The day and the hour of a row; None for a day that is wrong, which is told."""
    day, clock, named = None, None, cell("date")
    try:
        read = day_of(named, week)
        if read is None:
            raise CellError(_("no day"), _("write it as 23.11.2026, or format the column as a date in Excel"))
        day, clock = read
    except CellError as error:
        found.wrong(number, place("date"), named, error.what, error.cure)
    try:
        if (hour := cell("time")) is not None:
            clock = time_of(hour)
    except CellError as error:
        found.wrong(number, place("time"), cell("time"), error.what, error.cure)
    return day, clock


def _withdrawn(head: Head, cell: Callable[[str], Cell]) -> tuple[bool, str]:
    """Whether a row is withdrawn, and why. A column of reasons for withdrawing says so alone, where no other one does."""
    told = [withdrawal(cells.text(cell(field)), only=field == "withdrawn") for field in ("withdrawn", "state") if cell(field)]
    if not {"withdrawn", "state"} & set(head.columns) and OF_WITHDRAWING.search(heading(head.titles.get("reason", ""))):
        told.append(withdrawal(cells.text(cell("reason")), only=True))
    withdrawn = any(gone for gone, _why in told)
    reason = cells.text(cell("reason")) or next((why for _gone, why in told if why), "")
    return withdrawn, reason if withdrawn else ""


def _take_mark(
    number: int,
    column: int,
    post: Cell,
    platforms: tuple[str, ...],
    title: str,
    rest: tuple[bool, str],
    day: date,
    clock: time | None,
    found: Found,
) -> None:
    """A mark, an hour or a title in the column of a platform."""
    try:
        if not isinstance(post, str) or isinstance(post, bool):
            hour = None if post is True or post == 1 else time_of(post)
            said = [Entry(title, platforms, hour)]
        elif fold(post) in MARKS:
            said = [Entry(title, platforms)]
        else:
            said = entries(post, found.told.ours)
        for one in said:
            withdrawn, reason = (one.withdrawn, one.reason) if one.withdrawn else rest
            found.add(number, letter(column), post, day, clock, Entry(one.title or title, platforms, one.clock, withdrawn, reason))
    except CellError as error:
        found.wrong(number, letter(column), post, error.what, error.cure)
