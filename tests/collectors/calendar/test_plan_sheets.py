"""Plans of posts as departments write them: what is understood, and each thing that is wrong with its place and its cure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.sheets.workbook import FileError
from tests.collectors.calendar.plans import BAD, GOOD, HEAD, WEEK, Make, calendar, grid, merged, planned, read, row
from tests.collectors.news.spreadsheets import sheet, text

ONE = [("02.03 14:30", "instagram", "Işıl ışıl park")]
LIST: dict[str, Make] = {
    "plain.xlsx": lambda p: sheet(p, HEAD, GOOD),
    "utf8.csv": lambda p: text(p, HEAD, GOOD),
    "bom.csv": lambda p: text(p, HEAD, GOOD, encoding="utf-8-sig"),
    "cp1254.csv": lambda p: text(p, HEAD, GOOD, encoding="cp1254"),
    "utf16.csv": lambda p: text(p, HEAD, GOOD, encoding="utf-16"),
    "tabs.csv": lambda p: text(p, HEAD, GOOD, delimiter="\t"),
    "commas.csv": lambda p: text(p, HEAD, GOOD, delimiter=","),
    "named-xlsx-is-text.xlsx": lambda p: text(p, HEAD, GOOD),
    "title-above.xlsx": lambda p: sheet(p, ["BASIN YAYIN"], [], HEAD, GOOD),
    "excel-date.xlsx": lambda p: sheet(p, HEAD, row(Tarih=date(2026, 3, 2), Saat=time(14, 30))),
    "excel-date-and-time.xlsx": lambda p: sheet(p, HEAD, row(Tarih=datetime.fromisoformat("2026-03-02T14:30"), Saat=None)),
    "serial.xlsx": lambda p: sheet(p, HEAD, row(Tarih=46083, Saat=0.6041666667)),
    "duration.xlsx": lambda p: sheet(p, HEAD, row(Saat=timedelta(hours=14, minutes=30))),
    "number-hour.xlsx": lambda p: sheet(p, HEAD, row(Saat=14.3)),
    "words.xlsx": lambda p: sheet(p, HEAD, row(Tarih="2 Mart 2026 Pazartesi", Saat="saat 14.30")),
    "capitals.xlsx": lambda p: sheet(p, HEAD, row(Tarih="PAZARTESİ, 2 MART 2026", Platform="İNSTAGRAM")),
    "nbsp.xlsx": lambda p: sheet(p, HEAD, row(Tarih="02.03.2026\u00a0", Saat="\u00a014:30", Platform="Instagram\u00a0")),
    "one-column.xlsx": lambda p: sheet(p, HEAD, row(Tarih="02.03.2026 14.30", Saat=None)),
    "range.xlsx": lambda p: sheet(p, HEAD, row(Saat="14:30 – 15:30")),
    "weekday.xlsx": lambda p: sheet(p, ["2 - 8 Mart 2026 haftası"], HEAD, row(Tarih="Pazartesi")),
    "year-above.xlsx": lambda p: sheet(p, ["Mart 2026"], HEAD, row(Tarih="2 Mart")),
    "english.csv": lambda p: text(p, ("date", "time", "platform", "title"), ("2026-03-02", "14:30", "ig", GOOD[3])),
    "head-again.xlsx": lambda p: sheet(p, HEAD, GOOD, HEAD),
    "heading-row.xlsx": lambda p: sheet(p, HEAD, ["", "", "", "1. HAFTA"], GOOD),
    "platform-column.xlsx": lambda p: sheet(p, ("Tarih", "Saat", "Konu", "Instagram", "X"), ("02.03.2026", "14.30", GOOD[3], "✓", "")),
    "hour-in-column.xlsx": lambda p: sheet(p, ("Tarih", "Konu", "Instagram", "X"), ("02.03.2026", GOOD[3], time(14, 30), "-")),
    "grid.xlsx": lambda p: grid(p, ("14:30", f"Instagram: {GOOD[3]}")),
    "grid-dates.xlsx": lambda p: sheet(p, ("Saat", date(2026, 3, 2), date(2026, 3, 3)), (time(14, 30), f"IG - {GOOD[3]}")),
    "grid-two-heads.xlsx": lambda p: sheet(p, WEEK[:3], ("", "02.03.2026", "03.03.2026"), ("14.30", f"{GOOD[3]} (Instagram)")),
    "grid-sheet-name.xlsx": lambda p: sheet(p, WEEK, ("14.30", f"Instagram\n{GOOD[3]}"), edit=lambda w: setattr(w.active, "title", "02.03.2026")),
    "grid-turned.xlsx": lambda p: sheet(p, ["02.03.2026 - 08.03.2026"], ("Gün", "09:00", "14.30"), ("Pazartesi", "", f"IG: {GOOD[3]}")),
    "grid-bare-hours.xlsx": lambda p: sheet(p, ["2026-W10"], ("Saat", "Pzt", "Sal"), ("14", "", ""), ("14.30", f"IG: {GOOD[3]}")),
    "grid-hour-merged.xlsx": lambda p: grid(p, ("14:30", ""), ("", f"IG: {GOOD[3]}"), edit=merged("A3:A4")),
    "grid-no-hour-column.xlsx": lambda p: sheet(p, ("2 Mart 2026", "3 Mart 2026"), (f"14:30 Instagram: {GOOD[3]}", "")),
    "grid.csv": lambda p: text(p, ("2-8 Mart 2026", "", ""), WEEK[:3], ("14:30", f"IG: {GOOD[3]}", "")),
    "calendar.ics": lambda p: calendar(p, f"DTSTART:20260302T113000Z\r\nSUMMARY:{GOOD[3]}\r\nCATEGORIES:Instagram"),
    "floating.ics": lambda p: calendar(p, f"DTSTART:20260302T143000\r\nSUMMARY:{GOOD[3]}\r\nLOCATION:Instagram"),
    "zone.ics": lambda p: calendar(p, f"DTSTART;TZID=Europe/Berlin:20260302T123000\r\nSUMMARY:Instagram: {GOOD[3]}"),
    "outlook.ics": lambda p: calendar(p, f"DTSTART;TZID=Turkey Standard Time:20260302T143000\r\nSUMMARY:Instagram: {GOOD[3]}"),
}  # fmt: skip


@pytest.mark.parametrize("name", LIST)
def test_what_is_understood(tmp_path: Path, name: str) -> None:
    LIST[name](tmp_path / name)
    assert planned(tmp_path / name) == ONE


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_named_with_its_place_and_its_cure(tmp_path: Path, name: str) -> None:
    make, place, what, cure = BAD[name]
    make(path := tmp_path / name)
    if place:
        told = [str(error) for error in read(path).errors]
        assert any(error.startswith(name) and place in error for error in told), told
    else:
        with pytest.raises(FileError) as raised:
            read(path)
        told = [str(raised.value)]
        assert told[0].startswith(f"{name}: ")
    assert any(what in error and cure in error.partition(" -> ")[2] for error in told), told


def test_there_are_enough_bad_ones() -> None:
    assert len(BAD) >= 55


# -- platforms and titles


@pytest.mark.parametrize(
    ("written", "platforms"),
    [
        ("Instagram, X", ["instagram", "x"]),
        ("IG/FB", ["facebook", "instagram"]),
        ("X (Twitter)", ["x"]),
        ("tüm platformlar", ["instagram", "x"]),
        ("HEPSİ", ["instagram", "x"]),
        ("Twıtter ve YouTube", ["x", "youtube"]),
        ("Instagram Reels + Facebook", ["facebook", "instagram"]),
        ("Instagram\nX\nInstagram", ["instagram", "x"]),
    ],
)
def test_several_platforms_are_a_slot_each(tmp_path: Path, written: str, platforms: list[str]) -> None:
    sheet(tmp_path / "p.xlsx", HEAD, row(Platform=written))
    assert [platform for _at, platform, _title in planned(tmp_path / "p.xlsx")] == platforms


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("Instagram, X: Tören", [("instagram", "Tören"), ("x", "Tören")]),
        ("Tören (IG + X)", [("instagram", "Tören"), ("x", "Tören")]),
        ("Tören - X", [("x", "Tören")]),
        ("X", [("x", "")]),
        ("IG: Günaydın\nX: Merhaba", [("instagram", "Günaydın"), ("x", "Merhaba")]),
        ("• IG: Günaydın\n• X: Merhaba", [("instagram", "Günaydın"), ("x", "Merhaba")]),
        ("Instagram\nTören\nve konser", [("instagram", "Tören ve konser")]),
        ("Tören\nInstagram", [("instagram", "Tören")]),
        ("X: 19.30 seansı: son biletler", [("x", "19.30 seansı: son biletler")]),
    ],
)
def test_a_cell_of_a_grid(tmp_path: Path, cell: str, wanted: list[tuple[str, str]]) -> None:
    grid(tmp_path / "g.xlsx", ("09:00", "", cell))
    assert planned(tmp_path / "g.xlsx") == [("03.03 09:00", *one) for one in wanted]


def test_an_hour_in_a_cell_goes_before_the_row(tmp_path: Path) -> None:
    grid(tmp_path / "g.xlsx", ("09:00", "09:20 X: a\n09.40 X: b"))
    assert [at for at, _platform, _title in planned(tmp_path / "g.xlsx")] == ["02.03 09:20", "02.03 09:40"]


def test_a_platform_for_the_whole_file(tmp_path: Path) -> None:
    sheet(tmp_path / "p.xlsx", ("Tarih", "Saat", "Konu"), (*GOOD[:2], GOOD[3]))
    assert planned(tmp_path / "p.xlsx", default=("youtube",)) == [("02.03 14:30", "youtube", GOOD[3])]


def test_a_column_can_be_named(tmp_path: Path) -> None:
    sheet(tmp_path / "p.xlsx", ("Paylaşılacağı Gün", "Saat", "Nerede", "Ne"), GOOD[:4])
    assert planned(tmp_path / "p.xlsx", mapping={"date": "Paylaşılacağı Gün", "platform": "NEREDE", "title": "Ne"}) == ONE
    with pytest.raises(FileError, match="no column Yok"):
        read(tmp_path / "p.xlsx", mapping={"date": "Yok"})
    with pytest.raises(FileError, match="titel is no field -> map one of date, time, platform, title"):
        read(tmp_path / "p.xlsx", mapping={"titel": "Ne"})


# -- weeks


def test_a_week_a_sheet_and_weeks_below_each_other(tmp_path: Path) -> None:
    def more(workbook: Any) -> None:
        workbook.active.title = "2-8 Mart 2026"
        other = workbook.create_sheet("Mart 2. yarı")
        for values in (["16.03.2026 haftası"], WEEK, ["09:00", "X: c"], [], ["23.03.2026 haftası"], WEEK, ["09:00", "", "X: d"]):
            other.append(values)

    sheet(tmp_path / "w.xlsx", WEEK, ("09:00", "X: a", "", "", "", "", "", "X: b"), edit=more)
    assert planned(tmp_path / "w.xlsx") == [
        ("02.03 09:00", "x", "a"), ("08.03 09:00", "x", "b"), ("16.03 09:00", "x", "c"), ("24.03 09:00", "x", "d"),
    ]  # fmt: skip


def test_a_week_across_new_year(tmp_path: Path) -> None:
    sheet(tmp_path / "y.xlsx", ["28 Aralık 2026 - 3 Ocak 2027"], ("Saat", "31 Aralık Perşembe", "1 Ocak Cuma"), ("09:00", "X", "X"))
    assert [slot.at.year for slot in read(tmp_path / "y.xlsx").slots] == [2026, 2027]


def test_a_plan_of_summer_time_keeps_the_hour(tmp_path: Path) -> None:
    from zoneinfo import ZoneInfo

    from collectors.calendar.load import load
    from tests.collectors.calendar.plans import NOW

    berlin = ZoneInfo("Europe/Berlin")
    sheet(tmp_path / "b.xlsx", HEAD, row(Tarih="28.03.2026"), row(Tarih="29.03.2026"), row(Tarih="29.03.2026", Saat="02:30"))
    found = load(tmp_path / "b.xlsx", berlin, now=NOW)
    assert [f"{slot.at:%H:%M}" for slot in found.slots] == ["13:30", "12:30"]
    assert [(error.row, error.what) for error in found.errors] == [(4, "the clocks leave this hour out")]
    calendar(tmp_path / "b.ics", "DTSTART;TZID=Europe/Berlin:20260322T143000\r\nSUMMARY:X\r\nRRULE:FREQ=WEEKLY;COUNT=2")
    assert [f"{slot.at:%H:%M}" for slot in load(tmp_path / "b.ics", berlin, now=NOW).slots] == ["13:30", "12:30"]


# -- withdrawals


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({"İptal": "x", "Gerekçe": "yas"}, (True, "yas")),
        ({"İptal": "EVET", "Gerekçe": "yas"}, (True, "yas")),
        ({"İptal": "yas ilanı"}, (True, "yas ilanı")),
        ({"İptal": "iptal: yağmur"}, (True, "yağmur")),
        ({"İptal": "Hayır", "Gerekçe": "boşuna"}, (False, "")),
        ({"Başlık": "Konser (İPTAL: yağmur)"}, (True, "yağmur")),
        ({"İptal": "x"}, (True, "")),
    ],
)
def test_withdrawn_in_a_list(tmp_path: Path, cells: dict[str, str], wanted: tuple[bool, str]) -> None:
    sheet(tmp_path / "i.xlsx", HEAD, row(**cells))
    (slot,) = read(tmp_path / "i.xlsx").slots
    assert (slot.withdrawn, slot.reason) == wanted
    assert any("without a reason" in note for note in read(tmp_path / "i.xlsx").notes) == (wanted == (True, ""))


def test_withdrawn_by_state_in_a_grid_and_in_a_calendar(tmp_path: Path) -> None:
    sheet(tmp_path / "s.xlsx", ("Tarih", "Saat", "Platform", "Konu", "Durum", "Neden"), (*GOOD[:4], "İptal edildi", "yas"), ("03.03.2026", *GOOD[1:4], "Yayında", ""))  # fmt: skip
    assert [(slot.withdrawn, slot.reason) for slot in read(tmp_path / "s.xlsx").slots] == [(True, "yas"), (False, "")]
    grid(tmp_path / "g.xlsx", ("09:00", "X: Konser (İPTAL: yağmur)", "X: İptal edilen seferler"))
    assert [(s.title, s.withdrawn, s.reason) for s in read(tmp_path / "g.xlsx").slots] == [
        ("Konser", True, "yağmur"), ("İptal edilen seferler", False, ""),
    ]  # fmt: skip
    calendar(tmp_path / "c.ics", "DTSTART:20260302T113000Z\r\nSUMMARY:X: a\r\nSTATUS:CANCELLED\r\nCOMMENT:yas")
    assert [(slot.withdrawn, slot.reason) for slot in read(tmp_path / "c.ics").slots] == [(True, "yas")]


def test_a_column_of_reasons_for_withdrawing_is_enough(tmp_path: Path) -> None:
    sheet(tmp_path / "s.xlsx", (*HEAD[:4], "İptal nedeni"), (*GOOD[:4], "yas"), ("03.03.2026", *GOOD[1:4], ""))
    assert [(slot.withdrawn, slot.reason) for slot in read(tmp_path / "s.xlsx").slots] == [(True, "yas"), (False, "")]
    sheet(tmp_path / "t.xlsx", (*HEAD[:4], "Neden"), (*GOOD[:4], "tanıtım"))
    assert [slot.withdrawn for slot in read(tmp_path / "t.xlsx").slots] == [False]


# -- what is told


def test_the_same_slot_twice_is_one_and_told(tmp_path: Path) -> None:
    sheet(tmp_path / "d.xlsx", HEAD, GOOD, GOOD, row(Başlık="başka"), row(İptal="x", Gerekçe="yas"))
    found = read(tmp_path / "d.xlsx")
    assert [(slot.title, slot.withdrawn) for slot in found.slots] == [("Işıl ışıl park", True), ("başka", False)]
    twice = [note for note in found.notes if "counted once" in note]
    assert [note.split(":")[0] for note in twice] == ["d.xlsx, row 3, column C (Platform)", "d.xlsx, row 5, column C (Platform)"]


def test_what_was_passed_over_is_said(tmp_path: Path) -> None:
    def more(workbook: Any) -> None:
        workbook.create_sheet("Kapak").append(["BASIN YAYIN MÜDÜRLÜĞÜ"])
        workbook.create_sheet("Eski").sheet_state = "hidden"

    sheet(tmp_path / "n.xlsx", (*HEAD, "Sorumlu"), ("1. HAFTA",), (*GOOD, "Ali"), ("03.03.2026",), edit=more)
    notes = read(tmp_path / "n.xlsx").notes
    assert "sheet Kapak holds no plan: passed over" in notes and "sheet Eski is hidden: passed over" in notes
    assert any(note.endswith("columns not read: Sorumlu") for note in notes)
    assert any(note.endswith("row 2: 1. HAFTA taken for a heading") for note in notes)
    assert not read(tmp_path / "n.xlsx").errors


# -- calendars


def test_repetitions_exceptions_and_moved_events(tmp_path: Path) -> None:
    path = tmp_path / "r.ics"
    calendar(path, "DTSTART;TZID=Europe/Istanbul:20260302T143000\r\nSUMMARY:X: a\r\nRRULE:FREQ=WEEKLY;UNTIL=20260330T000000Z\r\nEXDATE;TZID=Europe/Istanbul:20260309T143000")  # fmt: skip
    assert [at for at, _p, _t in planned(path)] == ["02.03 14:30", "16.03 14:30", "23.03 14:30"]
    body = path.read_text().replace("END:VCALENDAR", "BEGIN:VEVENT\nUID:0\nRECURRENCE-ID:20260316T113000Z\nDTSTART:20260316T150000Z\nSUMMARY:X: a\nEND:VEVENT\nEND:VCALENDAR")  # fmt: skip
    path.write_text(body)
    assert [at for at, _p, _t in planned(path)] == ["02.03 14:30", "16.03 18:00", "23.03 14:30"]


def test_a_repetition_without_an_end_ends_in_a_year(tmp_path: Path) -> None:
    calendar(tmp_path / "e.ics", "DTSTART:20260302T113000Z\r\nSUMMARY:X\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH")
    found = read(tmp_path / "e.ics")
    assert 100 <= len(found.slots) <= 104 and found.slots[-1].at.year == 2027
    assert any("repeated without an end" in note for note in found.notes)


def test_a_cancelled_calendar_and_folded_lines(tmp_path: Path) -> None:
    calendar(tmp_path / "m.ics", "DTSTART:20260302T113000Z\r\nSUMMARY:Çok uzun\r\n  bir başlık\\, virgüllü\r\nCATEGORIES:INSTAGRAM\r\nCATEGORIES:X", head="METHOD:CANCEL\r\n")  # fmt: skip
    found = read(tmp_path / "m.ics")
    assert [(slot.title, slot.withdrawn) for slot in found.slots if slot.platform == "instagram"] == [
        ("Çok uzun bir başlık, virgüllü", True)
    ]
