"""Days and hours as a plan writes them: `2 Mart Pazartesi`, `02.03.2026`, `Salı`; `14:30`, `14.30`, `saat 14`, `14:00-15:00`.

A day without its year, or a weekday alone, is read in the week that the sheet's head or name tells; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from collectors.sheets.cells import CellError
from collectors.sheets.workbook import Cell
from collectors.turkish import fold
from words import _

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  of Excel's clock on the wall
FIRST_YEAR, AHEAD = 2015, timedelta(days=400)
DAY_NAMES = ("pazartesi", "sali", "carsamba", "persembe", "cuma", "cumartesi", "pazar")
WEEKDAYS = {
    name: number
    for names in (
        DAY_NAMES, ("pzt", "sal", "car", "per", "cum", "cmt", "paz"), ("pts", "sa", "ca", "pe", "cu", "cts", "pz"),
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    )
    for number, name in enumerate(names)
}  # fmt: skip
MONTHS = {
    name: number
    for names in (
        "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik", "oca sub mar nis may haz tem agu eyl eki kas ara",
        "january february march april may june july august september october november december", "jan feb mar apr may jun jul aug sep oct nov dec",
    )
    for number, name in enumerate(names.split(), 1)
}  # fmt: skip
MONTH = rf"(?P<name>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
WEEKDAY = re.compile(rf"\b({'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})\b\.?(?: gunu)?")
YEAR = r"(?P<year>20\d\d|\d\d)"
DATES = tuple(
    re.compile(form, re.A)
    for form in (
        r"(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})",
        rf"(?P<day>\d{{1,2}})[-./ ](?P<month>\d{{1,2}})[-./ ]{YEAR}",
        rf"(?P<day>\d{{1,2}})\.?[- ]?{MONTH}(?:[- ,]*{YEAR})?",
        r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})\.?",
    )
)
SPAN = re.compile(
    rf"\b(\d{{1,2}})(?: ?{MONTH})? ?- ?(\d{{1,2}} ?(?:{MONTH.replace('?P<name>', '?:')})[ ,]*20\d\d|\d{{1,2}}[./]\d{{1,2}}[./]20\d\d)"
)
ANY_DATE = re.compile(rf"\b(?:20\d\d[-./]\d{{1,2}}[-./]\d{{1,2}}|\d{{1,2}}[./]\d{{1,2}}[./]20\d\d|\d{{1,2}} ?{MONTH}[ ,]*20\d\d)\b")
ISO_WEEK = re.compile(r"\b(20\d\d)[- ]?w(\d{1,2})\b", re.A)
WEEK_NUMBER = re.compile(r"\b(\d{1,2})\.? ?hafta\b|\bhafta ?(\d{1,2})\b", re.A)
ONLY_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)", re.A)
CLOCK = r"(?:saat )?(\d{1,2})(?:[:.](\d{2}))?(?:[:.](\d{2}))?(?:'?[dt][ae])?"
HOUR = re.compile(rf"{CLOCK}(?: ?(?:-|/|ile) ?{CLOCK}(?: arasi)?)?", re.A)


@dataclass(frozen=True, slots=True)
class Week:
    """What is told above a table or in its name: the Monday that it begins with, or at least the year."""

    monday: date | None = None
    year: int | None = None


def week_in(texts: Iterable[str]) -> Week:
    """The first week that one of the texts names (`2-8 Mart 2026`, `02.03.2026 haftası`, `2026-W10`, `2026 10. hafta`)."""
    year = None
    for text in map(fold, texts):
        found = ONLY_YEAR.search(text)
        year = year or (int(found[0]) if found else None)
        if monday := _monday(text):
            return Week(monday, monday.year if monday.month != 12 else None)
    return Week(None, year)


def _monday(text: str) -> date | None:
    try:
        if span := SPAN.search(text):
            last = _read(ANY_DATE.search(span[0], span[0].index("-")) or ANY_DATE.search(span[0]), None)
            if last:
                # The first day of the span has the month of the last, or the one before.
                day = next((last - timedelta(days=n) for n in range(32) if (last - timedelta(days=n)).day == int(span[1])), last)
                return day - timedelta(days=day.weekday())
        if found := ANY_DATE.search(text):
            day = _read(found, None) or date.min
            return day - timedelta(days=day.weekday())
        year = ONLY_YEAR.search(text)
        if week := ISO_WEEK.search(text):
            return date.fromisocalendar(int(week[1]), int(week[2]), 1)
        if year and (week := WEEK_NUMBER.search(text)):
            return date.fromisocalendar(int(year[0]), int(week[1] or week[2]), 1)
    except (CellError, ValueError):
        return None
    return None


def _read(found: re.Match[str] | None, year: int | None) -> date | None:
    return _day_of(found[0], year) if found else None


def day_of(cell: Cell, week: Week) -> tuple[date, time | None] | None:
    """The day that a cell names, and the hour where it names one too; None where it names no day at all.

    Raises CellError for a day that there is not, that lacks its year, or that is another weekday than it says.
    """
    if isinstance(cell, datetime):
        at = _minute(cell)
        return at.date(), at.time() if at.time() != time() else None
    if isinstance(cell, date):
        return cell, None
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if not 40_000 <= cell < 60_000:
            return None
        at = _minute(EPOCH + timedelta(days=cell))
        return at.date(), at.time() if at.time() != time() else None
    if not isinstance(cell, str):
        return None
    text = fold(cell).strip(" ,")
    named = WEEKDAY.search(text)
    bare = re.sub(r"[()\[\]]", " ", WEEKDAY.sub(" ", text, count=1) if named else text)
    bare = " ".join(bare.split()).strip(" ,-/")
    if not bare:
        return (_weekday_in(WEEKDAYS[named[1]], week), None) if named else None
    clock = None
    if hour := re.fullmatch(r"(.*\d{4}|.*[a-z]\.?),? (?:saat |- )?(\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)", bare, re.A):
        bare, clock = hour[1].strip(" ,-"), time_of(hour[2])
    elif iso := re.fullmatch(r"(\d{4}-\d{2}-\d{2})[t ](\d{2}:\d{2}(?::\d{2})?)", bare):
        bare, clock = iso[1], time_of(iso[2])
    day = _day_of(bare, week.year, week.monday)
    if day and named and day.weekday() != WEEKDAYS[named[1]]:
        said = WEEKDAYS[named[1]]
        raise CellError(
            _("{day} is no {said}").format(day=f"{day:%d.%m.%Y}", said=_weekday(said)),
            _("it is a {weekday}: correct the day or the date").format(weekday=_weekday(day.weekday())),
        )
    return (day, clock) if day else None


def _day_of(text: str, year: int | None, monday: date | None = None) -> date | None:
    for form in DATES:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            month = MONTHS[parts["name"]] if parts.get("name") else int(parts["month"])
            written = parts.get("year")
            if written is None and not parts.get("name") and not 1 <= month <= 12:
                continue  # an hour: 14.30
            in_year = int(written) + (2000 if len(written) == 2 else 0) if written else _year_of(month, year, monday)
            if in_year is None:
                raise CellError(_("the year is missing"), _("write the whole date, 02.03.2026, or the year above the table"))
            try:
                return date(in_year, month, int(parts["day"]))
            except ValueError:
                raise CellError(_("there is no such day"), _("write the day before the month: 23.11.2026")) from None
    return None


def _year_of(month: int, year: int | None, monday: date | None) -> int | None:
    """A week across New Year has two years: its Monday's December, and January."""
    if monday:
        return (monday + timedelta(days=6)).year if month == 1 else monday.year
    return year


def _weekday_in(weekday: int, week: Week) -> date:
    if week.monday is None:
        raise CellError(
            _("a weekday without its date"), _("write the week above the table or in the sheet's name: 02.03.2026 haftası")
        )
    return week.monday + timedelta(days=weekday)


def _weekday(number: int) -> str:
    return (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))[number]


def like_a_day(cell: Cell) -> bool:
    """Whether a cell names a day, even one that there is not."""
    try:
        return day_of(cell, Week(date(2026, 1, 5), 2026)) is not None
    except CellError:
        return True


def like_an_hour(cell: Cell, *, bare: bool) -> bool:
    """Whether a cell names an hour. `bare`: a number alone does too."""
    if isinstance(cell, (bool, datetime)) or cell is None:
        return False
    if isinstance(cell, (int, float)):
        return bare and 0 <= cell < 24
    if isinstance(cell, str):
        text = fold(cell)
        return bool(HOUR.fullmatch(text)) and (bare or not text.isdigit())
    return isinstance(cell, (time, timedelta))


def time_of(cell: Cell) -> time:
    """The hour that a cell names; of a span its beginning. Raises CellError."""
    wrong = CellError(_("no time of day"), _("write it as 14:30"))
    if isinstance(cell, datetime):
        return _minute(cell).time()
    if isinstance(cell, time):
        return _minute(datetime.combine(EPOCH, cell)).time()
    if isinstance(cell, timedelta):
        cell = cell / timedelta(days=1) if cell < timedelta(days=1) else "24:00"
    if isinstance(cell, float) and 0 < cell < 1:
        return _minute(EPOCH + timedelta(days=cell)).time()
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if cell * 10 % 10 == 5 and cell * 2 % 1 == 0:
            raise CellError(_("half past, or fifty past?"), _("write it as 14:30"))
        cell = str(int(cell)) if cell == int(cell) else f"{cell:.2f}"
    found = HOUR.fullmatch(fold(cell)) if isinstance(cell, str) else None
    if not found:
        raise wrong
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        raise CellError(_("there is no such time of day"), _("write 00:00 to 23:59; 24:00 is 00:00 of the next day"))
    return time(hour, minute)


def _minute(at: datetime) -> datetime:
    """To the nearest minute: Excel's hours are fractions of a day."""
    return (at + timedelta(seconds=30)).replace(second=0, microsecond=0, tzinfo=None)


def instant(day: date, clock: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The instant, UTC. Raises CellError for a day too far away to be meant, and for an hour that the clocks leave out."""
    if day.year < FIRST_YEAR or day > now.astimezone(zone).date() + AHEAD:
        raise CellError(_("the year can't be meant"), _("write the year with four digits; a plan reaches at most a year ahead"))
    local = datetime.combine(day, clock, zone)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise CellError(_("the clocks leave this hour out"), _("write the hour before or after it"))
    return at
