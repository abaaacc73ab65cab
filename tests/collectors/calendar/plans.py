"""Files of post plans as press departments send them, good and bad, written by the tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from collectors.calendar.load import load
from collectors.calendar.planned import PlanFile
from tests.collectors.news.spreadsheets import OLD_EXCEL, sheet, text, with_part
from tests.collectors.news.test_agency_files import _cut, _encrypted_excel, _encrypted_zip, _huge, _lying_bomb

ISTANBUL = ZoneInfo("Europe/Istanbul")
NOW = datetime(2026, 2, 20, 9, tzinfo=UTC)
OURS = ("instagram", "x")
HEAD = ("Tarih", "Saat", "Platform", "Başlık", "İptal", "Gerekçe")
GOOD = ("02.03.2026", "14:30", "Instagram", "Işıl ışıl park", "", "")
WEEK = ("Saat", "Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar")
Make = Callable[[Path], object]


def read(path: Path, *, default: Sequence[str] = (), mapping: dict[str, str] | None = None) -> PlanFile:
    return load(path, ISTANBUL, now=NOW, ours=OURS, default=default, mapping=mapping)


def planned(path: Path, **more: Any) -> list[tuple[str, str, str]]:
    """(local hour, platform, title) of each slot, where nothing is wrong."""
    found = read(path, **more)
    assert not found.errors, [str(error) for error in found.errors]
    return [(f"{slot.at.astimezone(ISTANBUL):%d.%m %H:%M}", slot.platform, slot.title) for slot in found.slots]


def row(**changes: object) -> tuple[object, ...]:
    return tuple((dict(zip(HEAD, GOOD, strict=True)) | changes)[title] for title in HEAD)


def grid(path: Path, *rows: Sequence[object], head: str = "2-8 Mart 2026", edit: Callable[[Any], None] | None = None) -> None:
    sheet(path, [head], WEEK, *rows, edit=edit)


def merged(where: str) -> Callable[[Any], None]:
    return lambda workbook: workbook.active.merge_cells(where)


def hidden(workbook: Any) -> None:
    workbook.active.sheet_state = "hidden"
    workbook.create_sheet("Boş")


def second_sheet(workbook: Any) -> None:
    workbook.active.title = "Mart"
    other = workbook.create_sheet("Nisan")
    for values in (["Nisan planı"], HEAD, row(Saat="25:00")):
        other.append(list(values))


def misread(path: Path) -> None:
    """UTF-8 that was taken for cp1254 once and saved."""
    body = "\r\n".join(";".join(cells) for cells in (("Tarih", "Saat", "Platform", "Baslik"), GOOD[:4]))
    path.write_bytes(body.encode().decode("cp1254").encode())


def calendar(path: Path, *events: str, head: str = "") -> None:
    body = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{event}\r\nEND:VEVENT\r\n" for n, event in enumerate(events))
    path.write_bytes(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//TR\r\n{head}{body}END:VCALENDAR\r\n".encode())


# name of the file: what makes it, where the error is (empty: the whole file), what it says, how it is cured
BAD: dict[str, tuple[Make, str, str, str]] = {
    # -- the whole file
    "none.xlsx": (lambda p: None, "", "there is no such file", "check the name"),
    "folder.xlsx": (lambda p: p.mkdir(), "", "it is a folder", "name one .xlsx"),
    "empty.csv": (lambda p: p.write_bytes(b""), "", "it is empty", "export it again"),
    "blank.xlsx": (lambda p: sheet(p), "", "neither a list", "Tarih, Saat, Platform"),
    "huge.csv": (_huge, "", "101 MB", "at most 100 MB"),
    "bomb.xlsx": (
        lambda p: with_part(p, "sheet1.xml", lambda b: b.replace(b"</sheetData>", b" " * (257 * 2**20) + b"</sheetData>")),
        "", "it unpacks to 257 MB", "at most 256 MB",
    ),
    "lying-bomb.xlsx": (_lying_bomb, "", "no whole workbook", "open it in Excel and save it"),
    "locked.xlsx": (_encrypted_excel, "", "protected with a password", "save a copy without a password"),
    "locked-zip.xlsx": (_encrypted_zip, "", "protected with a password", "save a copy without a password"),
    "html.xls": (lambda p: p.write_text("<html><table><tr><td>Tarih"), "", "an HTML page", "open it in Excel and save it"),
    "old-xml.xls": (lambda p: p.write_text('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'), "", "an old XML workbook", "save it as .xlsx"),
    "renamed.xlsx": (lambda p: p.write_bytes(OLD_EXCEL), "", "no workbook that can be read", "open it in Excel"),
    "renamed-cut.xls": (lambda p: p.write_bytes(OLD_EXCEL[:3000]), "", "no workbook that can be read", "open it in Excel"),
    "cut.xlsx": (_cut, "", "no workbook that can be read", "open it in Excel"),
    "plan.pdf": (lambda p: p.write_bytes(b"%PDF-1.7 ..."), "", "a document, not a table", "ask for the list as Excel"),
    "picture.xlsx": (lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "", "neither Excel nor text", "export it as .xlsx"),
    "hidden.xlsx": (lambda p: sheet(p, HEAD, GOOD, edit=hidden), "", "all its sheets are hidden", "Unhide"),
    "no-head.xlsx": (lambda p: sheet(p, GOOD, row(Saat="15:30")), "", "neither a list", "--map date=TITLE"),
    "no-date-column.xlsx": (lambda p: sheet(p, HEAD[1:], GOOD[1:]), "", "neither a list", "Tarih, Saat, Platform"),
    "only-a-head.xlsx": (lambda p: sheet(p, HEAD), "", "no planned post in it", "at least one day"),
    "open-quote.csv": (lambda p: text(p, HEAD, ("02.03.2026", "14:30", "X", '"açık', "", "")), "", "quotation marks don't pair", "open it in Excel"),
    "no-calendar.ics": (lambda p: p.write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART"), "", "cut off", "export it again as .ics"),
    # -- a cell of a list
    "no-day.xlsx": (lambda p: sheet(p, HEAD, row(Tarih=None)), "row 2, column A (Tarih)", "no day", "23.11.2026"),
    "percent.xlsx": (lambda p: sheet(p, HEAD, row(Tarih="%95")), "row 2, column A (Tarih)", "no day", "23.11.2026"),
    "percent-hour.xlsx": (lambda p: sheet(p, HEAD, row(Saat="%95")), "row 2, column B (Saat)", "no time of day", "14:30"),
    "nbsp-only.xlsx": (lambda p: sheet(p, HEAD, row(Saat="\u00a0")), "row 2, column C (Platform)", "no time of day", "14:30"),
    "31-february.xlsx": (lambda p: sheet(p, HEAD, row(Tarih="31 Şubat 2026")), "row 2, column A (Tarih)", "there is no such day", "day before the month"),
    "31-february.csv": (lambda p: text(p, HEAD, [str(c) for c in row(Tarih="31.02.2026")]), "row 2, column A (Tarih)", "there is no such day", "day before the month"),
    "month-first.xlsx": (lambda p: sheet(p, HEAD, row(Tarih="03/13/2026")), "row 2, column A (Tarih)", "there is no such day", "day before the month"),
    "wrong-weekday.xlsx": (lambda p: sheet(p, HEAD, row(Tarih="2 Mart 2026 Salı")), "row 2, column A (Tarih)", "02.03.2026 is no Tuesday", "it is a Monday"),
    "no-year.xlsx": (lambda p: sheet(p, HEAD, row(Tarih="2 Mart")), "row 2, column A (Tarih)", "the year is missing", "write the whole date"),
    "mistyped-year.xlsx": (lambda p: sheet(p, HEAD, row(Tarih="02.03.2062")), "row 2, column C (Platform)", "the year can't be meant", "four digits"),
    "hour-25.xlsx": (lambda p: sheet(p, HEAD, row(Saat="25:00")), "row 2, column B (Saat)", "no such time of day", "00:00 to 23:59"),
    "hour-24.xlsx": (lambda p: sheet(p, HEAD, row(Saat="24.00")), "row 2, column B (Saat)", "no such time of day", "the next day"),
    "half-past.xlsx": (lambda p: sheet(p, HEAD, row(Saat=14.5)), "row 2, column B (Saat)", "half past, or fifty past?", "14:30"),
    "words-for-an-hour.xlsx": (lambda p: sheet(p, HEAD, row(Saat="öğleden sonra")), "row 2, column B (Saat)", "no time of day", "14:30"),
    "no-hour-column.xlsx": (lambda p: sheet(p, ("Tarih", "Platform", "Konu"), ("02.03.2026", "X", "a")), "row 2, column B (Platform)", "no time of day", "14:30"),
    "unknown-platform.xlsx": (lambda p: sheet(p, HEAD, row(Platform="Mayspeys")), "row 2, column C (Platform)", "an unknown platform", "write one of"),
    "one-unknown-of-two.xlsx": (lambda p: sheet(p, HEAD, row(Platform="X, Feys")), "row 2, column C (Platform)", "an unknown platform", "write one of"),
    "no-platform.xlsx": (lambda p: sheet(p, HEAD, row(Platform=None)), "row 2, column D (Başlık)", "no platform is named", "--platform"),
    "formula.xlsx": (lambda p: sheet(p, HEAD, row(Tarih="=A9+1")), "row 2, column A", "a formula without a result", "open it in Excel"),
    "formula-title.xlsx": (lambda p: sheet(p, HEAD, row(Başlık='=CONCATENATE("a","b")')), "row 2, column D", "a formula without a result", "open it in Excel"),
    "excel-error.xlsx": (lambda p: sheet(p, HEAD, row(Başlık="#REF!")), "row 2, column D", "a formula without a result", "see that the cell shows its value"),
    "mojibake.csv": (misread, "row 2, column D", "letters that can't be read", "CSV UTF-8"),
    "second-sheet.xlsx": (
        lambda p: sheet(p, HEAD, GOOD, edit=second_sheet),
        "sheet Nisan, row 3, column B (Saat)", "no such time of day", "00:00 to 23:59",
    ),
    "unmarked.xlsx": (lambda p: sheet(p, ("Tarih", "Saat", "Konu", "Instagram", "X"), ("02.03.2026", "9:00", "Tören", "", "-")), "row 2, column C (Konu)", "no platform is marked", "put an x"),
    # -- a cell of a grid
    "merged-hours.xlsx": (lambda p: grid(p, ("09:00", "IG: a"), ("10:00", ""), edit=merged("B3:B4")), "row 3, column B", "a cell merged over several", "unmerge it"),
    "merged-days.xlsx": (lambda p: grid(p, ("09:00", "IG: a"), edit=merged("B3:D3")), "row 3, column B", "a cell merged over several", "unmerge it"),
    "grid-no-week.xlsx": (lambda p: grid(p, ("09:00", "IG: a"), head="Plan"), "row 2, column B", "a weekday without its date", "02.03.2026 haftası"),
    "grid-hour-25.xlsx": (lambda p: grid(p, ("25:00", "IG: a"), ("09:00", "X")), "row 3, column A", "no such time of day", "00:00 to 23:59"),
    "grid-no-platform.xlsx": (lambda p: grid(p, ("09:00", "Kutlama")), "row 3, column B", "no platform is named", "--platform"),
    "grid-no-hour.xlsx": (lambda p: grid(p, ("09:00", "X"), ("", "IG: a")), "row 4, column B", "no time of day", "14:30"),
    "grid-formula.xlsx": (lambda p: grid(p, ("09:00", "=A1")), "row 3, column B", "a formula without a result", "open it in Excel"),
    "grid-31-february.xlsx": (lambda p: sheet(p, ("Saat", "30 Şubat 2026", "31 Şubat 2026"), ("09:00", "X", "")), "row 1, column B", "there is no such day", "day before the month"),
    # -- an event of a calendar
    "all-day.ics": (lambda p: calendar(p, "DTSTART;VALUE=DATE:20260302\r\nSUMMARY:X: a"), "row 4, column DTSTART", "no time of day", "give the event an hour"),
    "no-start.ics": (lambda p: calendar(p, "SUMMARY:X: a"), "row 4, column DTSTART", "no day", "give the event an hour"),
    "no-place.ics": (lambda p: calendar(p, "DTSTART:20260302T090000Z\r\nSUMMARY:Konser"), "row 4, column CATEGORIES", "no platform is named", "category"),
    "every-second.ics": (lambda p: calendar(p, "DTSTART:20260302T090000Z\r\nSUMMARY:X\r\nRRULE:FREQ=SECONDLY"), "row 4, column RRULE", "repeated more often than daily", "one event"),
    "odd-rule.ics": (lambda p: calendar(p, "DTSTART:20260302T090000Z\r\nSUMMARY:X\r\nRRULE:FREQ=WEEKLY;BYDAY=XX"), "row 4, column RRULE", "can't be read", "event"),
    "far-event.ics": (lambda p: calendar(p, "DTSTART:20990302T090000Z\r\nSUMMARY:X"), "row 4, column DTSTART", "the year can't be meant", "four digits"),
}  # fmt: skip
