"""Agency files: every layout that is met is understood, and what isn't is refused by row and column, with a cure."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from collectors.news.agency import FileError, exchange
from model import MecraError
from tests.collectors.news.spreadsheets import GOOD, HEAD, NOW, OLD_EXCEL, read, row, sheet, text, with_part
from words import speaking

# -- files of which every row is understood: each holds the row GOOD, as far as it says anything


def _hidden_first(workbook: Any) -> None:
    extra = workbook.create_sheet("Özet", 0)
    extra.append(["Toplam", 1])
    extra.sheet_state = "hidden"


def _cover_first(workbook: Any) -> None:
    workbook.create_sheet("Kapak", 0).append(["Basın Raporu"])


def _linked_title(workbook: Any) -> None:
    workbook.active["C2"].hyperlink = GOOD[3]
    workbook.active["C2"].value = GOOD[2]


def _merged(workbook: Any) -> None:
    active = workbook.active
    active.append([None, "Kıyı Haber", "Örnek Belediyesi başka bir haberde", "https://kiyihaber.example/haber/2", None])
    active.merge_cells("A2:A3")


def _formula_link(workbook: Any) -> None:
    workbook.active["D2"] = f'=HYPERLINK("{GOOD[3]}","Habere git")'


UNDERSTOOD: dict[str, Callable[[Path], object]] = {
    "plain.xlsx": lambda p: sheet(p, HEAD, GOOD),
    "real-dates.xlsx": lambda p: sheet(p, HEAD, (date(2026, 11, 23), *GOOD[1:4], 11617)),
    "serial-date.xlsx": lambda p: sheet(p, HEAD, (46349, *GOOD[1:4], 11617.0)),
    "thousand-as-float.xlsx": lambda p: sheet(p, HEAD, (*GOOD[:4], 11.617)),
    "title-rows-above.xlsx": lambda p: sheet(p, ["Örnek Belediyesi"], ["Kasım 2026 Haber Raporu"], [], HEAD, GOOD),
    "empty-columns.xlsx": lambda p: sheet(p, (None, *HEAD), (None, *GOOD)),
    "empty-rows-between.xlsx": lambda p: sheet(p, HEAD, [], [None], GOOD, []),
    "total-below.xlsx": lambda p: sheet(p, HEAD, GOOD, ["TOPLAM", None, None, None, 11617]),
    "group-headings.xlsx": lambda p: sheet(p, HEAD, ["ULUSAL BASIN"], GOOD),
    "head-again.xlsx": lambda p: sheet(p, HEAD, GOOD, HEAD),
    "capital-heads.xlsx": lambda p: sheet(p, ("TARİH", "YAYIN ADI", "HABER BAŞLIĞI", "URL", "TİRAJ"), GOOD),
    "ascii-heads.xlsx": lambda p: sheet(p, ("Yayin Tarihi", "Yayin", "Haber Basligi", "Haber Linki", "Net Tiraj"), GOOD),
    "nbsp-heads.xlsx": lambda p: sheet(p, ("Yayın\u00a0Tarihi ", " Gazete", "Başlık*", "Link:", "Tiraj (adet)"), GOOD),
    "other-order.xlsx": lambda p: sheet(p, HEAD[::-1], GOOD[::-1]),
    "medium-and-outlet.xlsx": lambda p: sheet(p, ("Mecra", *HEAD), ("İnternet", *GOOD)),
    "mecra-is-outlet.xlsx": lambda p: sheet(p, ("Tarih", "Mecra", *HEAD[2:]), GOOD),
    "hidden-sheet-first.xlsx": lambda p: sheet(p, HEAD, GOOD, edit=_hidden_first),
    "cover-sheet-first.xlsx": lambda p: sheet(p, HEAD, GOOD, edit=_cover_first),
    "link-behind-title.xlsx": lambda p: sheet(p, HEAD, (*GOOD[:3], None, GOOD[4]), edit=_linked_title),
    "link-formula.xlsx": lambda p: sheet(p, HEAD, GOOD, edit=_formula_link),
    "old-excel.xls": lambda p: p.write_bytes(OLD_EXCEL),
    "semicolon.csv": lambda p: text(p, HEAD, GOOD),
    "comma.csv": lambda p: text(p, HEAD, GOOD, delimiter=","),
    "tab.csv": lambda p: text(p, HEAD, GOOD, delimiter="\t"),
    "bar.txt": lambda p: text(p, HEAD, GOOD, delimiter="|"),
    "sep-line.csv": lambda p: p.write_text("sep=;\n" + ";".join(HEAD) + "\n" + ";".join(GOOD), encoding="utf-8"),
    "bom.csv": lambda p: text(p, HEAD, GOOD, encoding="utf-8-sig"),
    "cp1254.csv": lambda p: text(p, HEAD, GOOD, encoding="cp1254"),
    "utf-16.csv": lambda p: text(p, HEAD, GOOD, encoding="utf-16"),
    "quoted.csv": lambda p: text(p, HEAD, ('"23.11.2026"', GOOD[1], f'"{GOOD[2]}"', *GOOD[3:])),
    "nbsp-numbers.csv": lambda p: text(p, HEAD, (*GOOD[:4], "11\u00a0617")),
    "month-name.csv": lambda p: text(p, HEAD, ("23 Kasım 2026", *GOOD[1:])),
    "month-name-weekday.csv": lambda p: text(p, HEAD, ("23 KASIM 2026 Pazartesi", *GOOD[1:])),
    "short-month.csv": lambda p: text(p, HEAD, ("23 Kas 2026", *GOOD[1:])),
    "slashes.csv": lambda p: text(p, HEAD, ("23/11/2026", *GOOD[1:])),
    "iso-date.csv": lambda p: text(p, HEAD, ("2026-11-23", *GOOD[1:])),
    "two-digit-year.csv": lambda p: text(p, HEAD, ("23.11.26", *GOOD[1:])),
    "serial-as-text.csv": lambda p: text(p, HEAD, ("46349", *GOOD[1:])),
    "address-without-scheme.csv": lambda p: text(p, HEAD, (*GOOD[:3], GOOD[3].removeprefix("https://"), GOOD[4])),
    "no-outlet-column.csv": lambda p: text(p, (HEAD[0], *HEAD[2:]), (GOOD[0], *GOOD[2:])),
    "no-numbers.csv": lambda p: text(p, HEAD, (*GOOD[:4], "—")),
    "merged-day.xlsx": lambda p: sheet(p, HEAD, GOOD, edit=_merged),
}


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_files_that_are_understood(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    UNDERSTOOD[name](path)
    found = read(path)
    assert found.errors == ()
    row = found.rows[0]
    assert row.title == GOOD[2]
    assert row.day == ("2026-11-20" if name == "old-excel.xls" else "2026-11-23")
    assert row.outlet == ("" if name == "no-outlet-column.csv" else GOOD[1])
    assert row.url == ("" if name == "old-excel.xls" else GOOD[3])
    assert row.circulation == (None if name == "no-numbers.csv" else 11617)
    assert len(found.rows) == (2 if name == "merged-day.xlsx" else 1)
    assert {found_row.day for found_row in found.rows} == {row.day}
    assert found.mapping["title"] and len(found.sha256) == 64 and found.size == path.stat().st_size


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("total-below.xlsx", "total-below.xlsx, row 3: a total"),
        ("group-headings.xlsx", "group-headings.xlsx, row 2: 'ULUSAL BASIN' taken for a heading"),
        ("head-again.xlsx", "head-again.xlsx, row 3: the head again"),
        ("cover-sheet-first.xlsx", "sheet 'Kapak' holds no list of articles"),
    ],
)
def test_what_was_passed_over_is_said(tmp_path: Path, name: str, says: str) -> None:
    UNDERSTOOD[name](tmp_path / name)
    assert says in read(tmp_path / name).notes


# -- files of which nothing is imported


def _encrypted_zip(path: Path) -> None:
    sheet(path, HEAD, GOOD)
    raw = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + place] |= 1
            at = raw.find(mark, at + 4)
    path.write_bytes(raw)


def _encrypted_excel(path: Path) -> None:
    raw, name = bytearray(OLD_EXCEL), "EncryptedPackage".encode("utf-16le")
    at = raw.find("Workbook\0".encode("utf-16le"))
    raw[at : at + len(name) + 2] = name + b"\0\0"
    raw[at + 64 : at + 66] = struct.pack("<H", len(name) + 2)
    path.write_bytes(raw)


def _lying_bomb(path: Path) -> None:
    with_part(path, "sheet1.xml", lambda body: body.replace(b"</sheetData>", b" " * 60_000_000 + b"</sheetData>"))
    with zipfile.ZipFile(path) as parts:
        real = parts.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(path.read_bytes().replace(struct.pack("<L", real), struct.pack("<L", 5000)))


def _cut(path: Path) -> None:
    sheet(path, HEAD, GOOD)
    path.write_bytes(path.read_bytes()[:3000])


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(101 * 2**20)


FAR = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>uzak</t></is></c></row></sheetData>'
ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>'
REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "none.xlsx": (lambda p: None, "there is no such file"),
    "folder.xlsx": (lambda p: p.mkdir(), "it is a folder"),
    "empty.xlsx": (lambda p: p.write_bytes(b""), "it is empty"),
    "blank.csv": (lambda p: p.write_bytes(b"\xef\xbb\xbf \r\n\r\n"), "it is empty"),
    "huge.csv": (_huge, "101 MB -> at most 100 MB"),
    "html.xls": (lambda p: p.write_text("<html><table><tr><td>Tarih"), "an HTML page under another name"),
    "html-doctype.xls": (lambda p: p.write_text("\n <!DOCTYPE html><html>"), "an HTML page under another name"),
    "xml-2003.xls": (
        lambda p: p.write_text('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>'),
        "an old XML workbook",
    ),
    "report.pdf": (lambda p: p.write_bytes(b"%PDF-1.7 ..."), "it is a document, not a table"),
    "letter.rtf": (lambda p: p.write_bytes(b"{\\rtf1 ..."), "it is a document, not a table"),
    "picture.xlsx": (lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "neither Excel nor text"),
    "cut.xlsx": (_cut, "no workbook that can be read"),
    "cut.xls": (lambda p: p.write_bytes(OLD_EXCEL[:3000]), "no workbook that can be read"),
    "locked-zip.xlsx": (_encrypted_zip, "protected with a password"),
    "locked.xlsx": (_encrypted_excel, "protected with a password"),
    "other.zip": (lambda p: zipfile.ZipFile(p, "w").writestr("a.csv", "x"), "it is no .xlsx workbook"),
    "bomb.xlsx": (
        lambda p: with_part(p, "sheet1.xml", lambda b: b.replace(b"</sheetData>", b" " * (300 * 2**20) + b"</sheetData>")),
        "it unpacks to 300 MB",
    ),
    "lying-bomb.xlsx": (_lying_bomb, "no whole workbook"),
    "far-cell.xlsx": (
        lambda p: with_part(p, "sheet1.xml", lambda b: b.replace(b"</sheetData>", FAR)),
        "a cell stands at XFD1048576",
    ),
    "entities.xlsx": (lambda p: with_part(p, "sheet1.xml", lambda b: ENTITY + b.partition(b"?>")[2]), "it declares entities"),
    "broken-xml.xlsx": (lambda p: with_part(p, "sheet1.xml", lambda b: b[:200]), "no whole workbook"),
    "chart-only.xlsx": (lambda p: sheet(p, ["Grafik"]), "no row names its columns"),
    "no-head.xlsx": (lambda p: sheet(p, GOOD, GOOD), "no row names its columns"),
    "head-too-deep.xlsx": (lambda p: sheet(p, *([["x"]] * 70), HEAD, GOOD), "no row names its columns"),
    "no-date.xlsx": (lambda p: sheet(p, HEAD[1:], GOOD[1:]), r"no column for date in row 1 .*--map date=TITLE"),
    "no-title.xlsx": (lambda p: sheet(p, (*HEAD[:2], *HEAD[3:]), (*GOOD[:2], *GOOD[3:])), "no column for title"),
    "no-outlet-no-link.xlsx": (
        lambda p: sheet(p, ("Tarih", "Başlık", "Tiraj"), (GOOD[0], GOOD[2], GOOD[4])),
        "no column for outlet",
    ),
    "only-sums.xlsx": (
        lambda p: sheet(p, ("FİRMALAR", "OLUMLU", "OLUMSUZ", "TOTAL"), ("Örnek", 3, 1, 4)),
        "no row names its columns",
    ),
    "only-a-head.xlsx": (lambda p: sheet(p, HEAD), "no row below the head"),
    "only-a-total.xlsx": (lambda p: sheet(p, HEAD, ("TOPLAM", None, None, None, 5)), "no row below the head"),
    "open-quote.csv": (lambda p: text(p, HEAD, (GOOD[0], GOOD[1], f'"{GOOD[2]}', *GOOD[3:])), "quotation marks don't pair"),
    "stray-quote.csv": (lambda p: text(p, HEAD, (GOOD[0], GOOD[1], '"a"b', *GOOD[3:])), "quotation marks don't pair"),
    "too-wide.csv": (lambda p: p.write_text(";" * 400), "too much of it"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_are_refused(tmp_path: Path, name: str) -> None:
    make, says = REFUSED[name]
    make(tmp_path / name)
    with pytest.raises(FileError, match=says) as raised:
        read(tmp_path / name)
    assert str(raised.value).startswith(f"{name}: ") and " -> " in str(raised.value)


WRONG_CELLS: dict[str, tuple[tuple[object, ...], str, str, str]] = {
    "no date": (row(Tarih=None), "A (Tarih)", "", "no day"),
    "date in words": (row(Tarih="geçen hafta"), "A (Tarih)", "geçen hafta", "no day"),
    "month first": (row(Tarih="11/23/2026"), "A (Tarih)", "11/23/2026", "no day"),
    "no such day": (row(Tarih="31.02.2026"), "A (Tarih)", "31.02.2026", "no day"),
    "day of tomorrow": (row(Tarih="25.11.2026"), "A (Tarih)", "25.11.2026", "the day lies in the future"),
    "year mistyped": (row(Tarih="23.11.2062"), "A (Tarih)", "23.11.2062", "the day lies in the future"),
    "date without year": (row(Tarih="23 Kasım"), "A (Tarih)", "23 Kasım", "no day"),
    "a small number for a date": (row(Tarih=23), "A (Tarih)", "23", "no day"),
    "a truth value for a date": (row(Tarih=True), "A (Tarih)", "True", "no day"),
    "a formula without its value": (row(Tarih="=TODAY()"), "A (Tarih)", "", "no day"),
    "no title": (row(Başlık=None), "C (Başlık)", "", "no title"),
    "a dash for a title": (row(Başlık="-"), "C (Başlık)", "", "no title"),
    "no address": (row(Link="habere git"), "D (Link)", "habere git", "no web address"),
    "a script for an address": (row(Link="javascript:alert(1)"), "D (Link)", "javascript:alert(1)", "no web address"),
    "a local file for an address": (row(Link="C:\\haber.pdf"), "D (Link)", "C:\\haber.pdf", "no web address"),
    "neither outlet nor address": (row(Yayın=None, Link=None), "B (Yayın)", "", "neither outlet nor address"),
    "words for a number": (row(Tiraj="bilinmiyor"), "E (Tiraj)", "bilinmiyor", "no number"),
    "a fraction of a copy": (row(Tiraj="11,5"), "E (Tiraj)", "11,5", "no whole number"),
    "less than nothing": (row(Tiraj=-5), "E (Tiraj)", "-5", "no whole number"),
    "a date for a number": (row(Tiraj=date(2026, 11, 23)), "E (Tiraj)", "2026-11-23", "no number"),
}


@pytest.mark.parametrize("name", WRONG_CELLS)
def test_a_wrong_cell_is_named_and_nothing_is_imported(tmp_path: Path, name: str) -> None:
    values, column, shown, what = WRONG_CELLS[name]
    path = tmp_path / "liste.xlsx"
    sheet(path, ["Basın Raporu"], HEAD, GOOD, values)
    found = read(path)
    (error,) = found.errors
    assert (error.where, error.row, error.column, error.value, error.what) == ("liste.xlsx", 4, column, shown, what)
    assert error.cure and str(error).startswith(f"liste.xlsx, row 4, column {column}: {what}")
    assert len(found.rows) == 1
    with pytest.raises(MecraError, match="nothing was imported"):
        exchange(found, NOW)


def test_what_is_wrong_is_said_in_the_readers_language(tmp_path: Path) -> None:
    sheet(tmp_path / "a.xlsx", HEAD, row(Yayın=None, Link=None), ["TOPLAM", None, None, None, 5])
    sheet(tmp_path / "b.xlsx", HEAD)
    with speaking("tr"):
        found = read(tmp_path / "a.xlsx")
        assert [str(error) for error in found.errors] == [
            "a.xlsx, 2. satır, B (Yayın) sütunu: yayın da adres de yok: '' -> nerede çıktığını yazınız"
        ]
        assert found.notes == ("a.xlsx, 3. satır: toplam satırı",)
        with pytest.raises(FileError, match=r"b\.xlsx: tablonun başlık satırının altında satır yok -> haberleriyle birlikte"):
            read(tmp_path / "b.xlsx")


def test_every_wrong_cell_of_a_row_is_named(tmp_path: Path) -> None:
    sheet(tmp_path / "a.xlsx", HEAD, ("dün", None, None, "yok mu", "çok"), GOOD)
    assert [error.column[0] for error in read(tmp_path / "a.xlsx").errors] == ["E", "A", "D", "C", "B"]


def test_every_sheet_with_a_list_is_read(tmp_path: Path) -> None:
    def more(workbook: Any) -> None:
        workbook.active.title = "İnternet"
        for name, outlet in (("Yazılı Basın", "Kıyı Haber"), ("TV", "")):
            extra = workbook.create_sheet(name)
            extra.append(["Rapor"])
            extra.append([*HEAD])
            extra.append([*row(Yayın=outlet or None, Link=None)])

    sheet(tmp_path / "a.xlsx", HEAD, GOOD, edit=more)
    found = read(tmp_path / "a.xlsx")
    assert [(r.sheet, r.row, r.outlet) for r in found.rows] == [("İnternet", 2, "Yeni Seher"), ("Yazılı Basın", 3, "Kıyı Haber")]
    assert [str(e).split(":")[0] for e in found.errors] == ["a.xlsx, sheet TV, row 3, column B (Yayın)"]


def test_a_mapping_overrides_what_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    sheet(path, ("Tarih", "Yayın", "Kuruluşun Adı", "Başlık", "Konu"), ("23.11.2026", "Gazete", "Yeni Seher", "kısa", GOOD[2]))
    found = read(path, {"outlet": "kurulusun adi", "title": "KONU", "medium": "Yayın"})
    assert (found.rows[0].outlet, found.rows[0].title, found.rows[0].medium) == ("Yeni Seher", GOOD[2], "Gazete")
    assert found.mapping == {"date": "Tarih", "outlet": "Kuruluşun Adı", "title": "Konu", "medium": "Yayın"}


@pytest.mark.parametrize(
    ("mapping", "says"), [({"titel": "Başlık"}, "'titel' is no field"), ({"title": "Konu"}, "no column 'Konu'")]
)
def test_a_mapping_that_fits_nothing_is_refused(tmp_path: Path, mapping: dict[str, str], says: str) -> None:
    sheet(tmp_path / "a.xlsx", HEAD, GOOD)
    with pytest.raises(FileError, match=says):
        read(tmp_path / "a.xlsx", mapping)


def test_an_hour_makes_an_instant(tmp_path: Path) -> None:
    head = ("Tarih", "Saat", "Yayın", "Başlık")
    rows = [("23.11.2026", hour, f"Y{n}", GOOD[2]) for n, hour in enumerate(["14.30", "14:30", time(14, 30), 0.6041666667, None])]
    sheet(
        tmp_path / "a.xlsx",
        head,
        *rows,
        (datetime.fromisoformat("2026-11-23T14:30"), None, "Y6", GOOD[2]),
        ("23.11.2026 14.30", None, "Y7", GOOD[2]),
    )
    at = [row.at for row in read(tmp_path / "a.xlsx").rows]
    assert at == ["2026-11-23T14:30:00+03:00"] * 4 + [""] + ["2026-11-23T14:30:00+03:00"] * 2


def test_a_wrong_hour_is_named(tmp_path: Path) -> None:
    sheet(tmp_path / "a.xlsx", ("Tarih", "Saat", "Yayın", "Başlık"), ("23.11.2026", "25:99", "Y", GOOD[2]))
    assert [(e.column, e.what) for e in read(tmp_path / "a.xlsx").errors] == [("B (Saat)", "no time of day")]
