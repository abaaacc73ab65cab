"""A plan as a calendar (.ics, RFC 5545): an event a post, its hour the beginning, its platforms in CATEGORIES, LOCATION or the title.

The only file that imports icalendar, and dateutil for recurrences.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from collectors.calendar.entries import Entry, entries
from collectors.calendar.hours import AHEAD
from collectors.calendar.planned import Found, Planned, Reading
from collectors.calendar.platforms import platforms_in
from collectors.sheets.cells import CellError, RowError
from collectors.sheets.workbook import FileError
from model import legible
from words import _

MOST_BYTES, MOST_EVENTS, MOST_TIMES = 5 * 2**20, 20_000, 1_000
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
REPEATED = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


def take_calendar(told: Reading) -> Found:
    """The posts of a calendar; raises FileError for one that is none. Times without a zone are those of the institution's clocks."""
    import icalendar

    path = told.path
    if path.stat().st_size > MOST_BYTES:
        raise FileError(
            path, f"{path.stat().st_size // 2**20} MB", _("at most {n} MB; export a shorter span").format(n=MOST_BYTES // 2**20)
        )
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1254", "replace")
    text = legible(text)
    try:
        calendars: list[Any] = icalendar.Calendar.from_ical(text, multiple=True)
    except (*UNREADABLE, OSError) as error:  # the last: of a time zone's name that is no name of a file
        raise FileError(
            path, _("no calendar that can be read ({error})").format(error=str(error)[:80]), _("export it again as .ics")
        ) from None
    if not text.rstrip().upper().endswith("END:VCALENDAR") or text.upper().count("BEGIN:VEVENT") != text.upper().count(
        "END:VEVENT"
    ):
        raise FileError(path, _("a calendar that was cut off"), _("export it again as .ics"))
    lines = [number for number, line in enumerate(text.splitlines()) if line.strip().upper() == "BEGIN:VEVENT"]
    events: list[tuple[Any, Any]] = [(event, calendar) for calendar in calendars for event in calendar.walk("VEVENT")]
    if len(events) > MOST_EVENTS:
        raise FileError(
            path, _("{n} planned posts").format(n=len(events)), _("at most {n}; split it by month").format(n=MOST_EVENTS)
        )
    found = Found(told, path.name)
    moved = {(str(event.get("UID", "")), at) for event, _c in events if (at := _moved(event, told))}
    for number, (event, calendar) in enumerate(events):
        line = lines[number] if len(lines) == len(events) else number
        cancelled = str(calendar.get("METHOD", "")).upper() == "CANCEL" or str(event.get("STATUS", "")).upper() == "CANCELLED"
        _take(event, line, cancelled, moved, found)
    return found


def _take(event: Any, line: int, cancelled: bool, moved: set[tuple[str, datetime]], found: Found) -> None:
    told = found.told

    def wrong(name: str, what: str, cure: str) -> None:
        value = event.get(name)
        raw = "" if value is None else value.to_ical() if hasattr(value, "to_ical") else value
        shown = legible(raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw))
        found.errors.append(RowError(found.where, line + 1, name, shown[:80], what, cure))

    if broken := [name for name, _why in getattr(event, "errors", ()) or ()]:
        wrong(str(broken[0]), _("it can't be read"), _("correct the event in the calendar and export it again"))
        return
    title, start = legible(str(event.get("SUMMARY", ""))), getattr(event.get("DTSTART"), "dt", None)
    if not isinstance(start, datetime):
        what = _("no time of day") if isinstance(start, date) else _("no day")
        wrong("DTSTART", what, _("give the event an hour in the calendar and export it again"))
        return
    try:
        said = entries(title, told.ours) or [Entry()]
    except CellError as error:
        wrong("SUMMARY", error.what, error.cure)
        return
    platforms = (
        next((named for text in _places(event) if (named := platforms_in(text, told.ours))), None)
        or said[0].platforms
        or told.default
    )
    if not platforms:
        wrong(
            "CATEGORIES",
            _("no platform is named"),
            _("write it into the event's category, place or title (Instagram: …), or give --platform"),
        )
        return
    reason = " ".join(str(event.get("COMMENT", "")).split()) or said[0].reason
    gone = cancelled or said[0].withdrawn
    try:
        for at in _times(event, start, moved, told):
            if not datetime(2015, 1, 1, tzinfo=UTC) <= at <= told.now + AHEAD:
                raise CellError(
                    _("the year can't be meant"), _("write the year with four digits; a plan reaches at most a year ahead")
                )
            place = _("{where}, line {line}").format(where=found.where, line=line + 1)
            found.slots += [Planned(at, one, said[0].title, gone, reason if gone else "", place) for one in platforms]
    except CellError as error:
        wrong("RRULE" if "RRULE" in event else "DTSTART", error.what, error.cure)
        return
    if "RRULE" in event and not {"UNTIL", "COUNT"} & set(event["RRULE"]):
        found.notes.append(
            _("{where}, line {line}: repeated without an end: taken up to a year from now").format(where=found.where, line=line + 1)
        )


def _moved(event: Any, told: Reading) -> datetime | None:
    """The time of a repeated event that this one stands for; None where it stands for none that can be read."""
    if "RECURRENCE-ID" not in event or getattr(event, "errors", None):
        return None
    at = getattr(event["RECURRENCE-ID"], "dt", None)
    return _utc(at, told) if isinstance(at, date) else None


def _places(event: Any) -> Iterator[str]:
    categories = event.get("CATEGORIES")
    for one in categories if isinstance(categories, list) else [categories] if categories is not None else []:
        yield ",".join(str(name) for name in getattr(one, "cats", [one]))
    if event.get("LOCATION"):
        yield str(event["LOCATION"])


def _times(event: Any, start: datetime, moved: set[tuple[str, datetime]], told: Reading) -> Iterator[datetime]:
    """When an event takes place: once, or as often as its rule says within a year from now, without what was left out or moved."""
    rules = event.get("RRULE")
    if rules is None:
        yield _utc(start, told)
        return
    if isinstance(rules, list):
        raise CellError(_("several rules of repetition"), _("write one event for each of them"))
    if str(rules.get("FREQ", [""])[0]).upper() not in REPEATED:
        raise CellError(_("repeated more often than daily"), _("write one event for each hour"))
    from dateutil.rrule import rrulestr

    left_out = {_utc(day.dt, told) for dates in _listed(event.get("EXDATE")) for day in dates.dts}
    uid = str(event.get("UID", ""))
    # On the clock's face: a weekly post at 14:00 stays at 14:00 when the clocks change.
    rule = rules.to_ical().decode()
    bare = start.replace(tzinfo=None)
    try:
        if "UNTIL" in rules:
            until = rules["UNTIL"][0]
            last = until if isinstance(until, datetime) else datetime(until.year, until.month, until.day, 23, 59, 59)  # noqa: DTZ001
            local = last.astimezone(start.tzinfo or told.zone).replace(tzinfo=None) if last.tzinfo else last
            rule = ";".join(part for part in rule.split(";") if not part.startswith("UNTIL")) + f";UNTIL={local:%Y%m%dT%H%M%S}"
        times = rrulestr(rule, dtstart=bare)
    except (ValueError, TypeError, KeyError):
        raise CellError(_("a rule of repetition that can't be read"), _("write one event for each post")) from None
    for local in islice(times, MOST_TIMES + 1):
        at = _utc(local.replace(tzinfo=start.tzinfo), told)
        if at > told.now + AHEAD - timedelta(days=35):
            return
        if at not in left_out and (uid, at) not in moved:
            yield at


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _utc(at: date, told: Reading) -> datetime:
    if not isinstance(at, datetime):
        at = datetime(at.year, at.month, at.day, tzinfo=told.zone)
    return (at if at.tzinfo else at.replace(tzinfo=told.zone)).astimezone(UTC).replace(microsecond=0)
