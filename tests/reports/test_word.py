"""Word documents read back with python-docx, and the bytes that another run writes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.cells import printed
from reports.content import NUMBER, TEXT, Column, Report, Section, Table, Text
from reports.inert import inert
from reports.word import write
from reports.word_tables import MOST
from tests.reports.sample import HOSTILE, sample
from tests.reports.twice import written_elsewhere
from words import speaking


@pytest.fixture(scope="module", params=["tr", "en"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Any]:
    report = sample(language=request.param)
    return report, Document(str(write(report, tmp_path_factory.mktemp("word") / "rapor.docx")))


def texts(row: Any) -> list[str]:
    """A row's cells as they stand, merged ones once."""
    return ["".join(part.text or "" for part in cell.iter(qn("w:t"))) for cell in row._tr.iter(qn("w:tc"))]


def fields(part: Any) -> list[str]:
    return [(said.text or "").strip() for said in part.iter(qn("w:instrText"))]


def captioned(document: Any) -> Iterator[tuple[str, Any]]:
    """Tables that have a caption."""
    for table in document.tables:
        named = table._tbl.tblPr.find(qn("w:tblCaption"))
        if named is not None:
            yield named.get(qn("w:val")), table


def test_every_figure_stands_in_its_table(written: tuple[Report, Any]) -> None:
    report, document = written
    found = list(captioned(document))
    assert [caption for caption, _table in found] == [table.caption for table in report.tables]
    with speaking(report.language):
        for table, (_caption, shown) in zip(report.tables, found, strict=True):
            rows = [texts(row) for row in shown.rows]
            expected: list[list[str]] = [[label, text] for label, text in table.head]
            expected.append([column.title for column in table.columns])
            for number, cells in enumerate(table.rows):
                expected.append([printed(cell, column.kind, MOST) for cell, column in zip(cells, table.columns, strict=True)])
                expected += [[inert(text)] for at, text in table.spans if at == number]
            assert rows == expected
    assert "%104,63" in document.element.xml or report.language == "en"


def test_headings_are_headings_and_the_contents_lead_to_them(written: tuple[Report, Any]) -> None:
    report, document = written
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings == [(f"Heading {section.level}", section.title) for section in report.sections]
    marks = {mark.get(qn("w:name")) for mark in document.element.iter(qn("w:bookmarkStart"))}
    links = [link.get(qn("w:anchor")) for link in document.element.iter(qn("w:hyperlink"))]
    assert len(links) == len(report.sections)
    assert set(links) == marks
    assert 'TOC \\o "1-2" \\h \\z \\u' in fields(document.element)
    assert document.settings.element.find(qn("w:updateFields")) is not None


def test_captions_are_numbered_by_fields(written: tuple[Report, Any]) -> None:
    report, document = written
    table, figure = ("Tablo", "Şekil") if report.language == "tr" else ("Table", "Figure")
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert f"{table} 1: Stratejik Plan İzleme Tablosu" in captions
    assert f"{figure} 3: Planın gerçekleşme haritası" in captions
    assert len(captions) == len(report.tables) + 3
    said = fields(document.element)
    assert said.count(f"SEQ {table} \\* ARABIC") == len(report.tables)
    assert said.count(f"SEQ {figure} \\* ARABIC") == 3


def test_titles_repeat_rows_stay_whole_figures_stand_right(written: tuple[Report, Any]) -> None:
    report, document = written
    for table, (_caption, shown) in zip(report.tables, captioned(document), strict=True):
        titles = len(table.head) + 1
        repeated = [row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in shown.rows]
        assert repeated == [True] * titles + [False] * (len(shown.rows) - titles)
        tall = [row for row in shown.rows if row._tr.trPr is None or row._tr.trPr.find(qn("w:cantSplit")) is None]
        assert len(tall) == (1 if table.name == "gonderiler" else 0)
        total = sum(int(column.get(qn("w:w"))) for column in shown._tbl.tblGrid)
        assert total == (14003 if table.name == "kanitlar" else 9071)
        first = shown.rows[titles]._tr.findall(qn("w:tc"))
        sides = [cell.find(f".//{qn('w:jc')}") for cell in first]
        assert [side is not None and side.get(qn("w:val")) == "right" for side in sides] == [
            c.kind not in ("text", "day") for c in table.columns
        ]


def test_paper_marks_and_page_numbers(written: tuple[Report, Any]) -> None:
    report, document = written
    upright, wide = document.sections
    assert (upright.page_width.cm, upright.page_height.cm) == (pytest.approx(21, abs=0.01), pytest.approx(29.7, abs=0.01))
    assert (wide.page_width.cm, wide.page_height.cm) == (pytest.approx(29.7, abs=0.01), pytest.approx(21, abs=0.01))
    assert upright.different_first_page_header_footer
    assert not wide.different_first_page_header_footer
    assert wide.header.is_linked_to_previous
    for header in (upright.header, upright.first_page_header):
        assert header.paragraphs[0].text == report.mark
        assert f'string="{report.mark}"' in header.part.element.xml
    assert fields(upright.footer._element) == ["PAGE", "NUMPAGES"]
    assert upright.footer.paragraphs[0].text.endswith("Sayfa 1 / 1" if report.language == "tr" else "Page 1 of 1")


def test_a_sealed_report_has_no_mark(tmp_path: Path) -> None:
    document = Document(str(write(sample(mark=""), tmp_path / "rapor.docx")))
    assert document.sections[0].header.paragraphs[0].text == ""
    assert "v:shape" not in document.sections[0].header.part.element.xml


def test_pictures_are_described(written: tuple[Report, Any]) -> None:
    _report, document = written
    described = [shape.get("descr") for shape in document.element.iter(qn("wp:docPr"))]
    assert described[0].startswith("Aylık görüntülenme")
    assert len(described) == 3
    assert all(described)
    assert all(shape.width.cm <= 16.01 for shape in document.inline_shapes)
    numbers = [shape.get("id") for shape in document.element.iter(qn("wp:docPr"))]
    assert len(set(numbers)) == 3


def test_language_properties_and_signatures(written: tuple[Report, Any]) -> None:
    report, document = written
    spoken = "tr-TR" if report.language == "tr" else "en-GB"
    assert {found.get(qn("w:val")) for found in document.styles.element.iter(qn("w:lang"))} == {spoken}
    said = document.core_properties
    assert (said.title, said.author, said.language) == (report.title, "Ümraniye Belediyesi", spoken)
    assert (said.created.date(), said.modified.date(), said.comments) == (report.made_on, report.made_on, "")
    block = next(table for table in document.tables if table.cell(0, 0).text == "Hazırlayan")
    assert [cell.text for cell in block.rows[0].cells] == ["Hazırlayan", "Kontrol Eden", "Onaylayan (Basın ve Yayın Müdürü)"]


def test_nothing_leads_outside(written: tuple[Report, Any]) -> None:
    _report, document = written
    buffer = BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as package:
        for name in package.namelist():
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in package.read(name), name


def test_the_same_content_is_the_same_bytes(tmp_path: Path) -> None:
    here = write(sample(), tmp_path / "a.docx").read_bytes()
    assert write(sample(), tmp_path / "b.docx").read_bytes() == here
    for hashes, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        assert written_elsewhere("word", tmp_path / f"{hashes}.docx", hashes, zone).read_bytes() == here


def small(text: str) -> Report:
    table = Table(
        "t",
        text,
        [Column(text), Column("n", NUMBER)],
        [[text, 1], [text, None]],
        notes=[text],
        spans=[(0, text)],
        head=[(text, text)],
    )
    section = Section(text, [Text([text]), Text([text], listed=True), table])
    return Report("r", text, text, text, "tr", date(2026, 7, 1), [section], mark=text, facts=[(text, text)])


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_a_text(text: str, tmp_path: Path) -> None:
    document = Document(str(write(small(text), tmp_path / "rapor.docx")))
    _caption, table = next(captioned(document))
    assert texts(table.rows[2])[0] == inert(text, MOST)
    assert inert(text) in [paragraph.text for paragraph in document.paragraphs]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=st.text(st.characters(), max_size=400))
def test_any_text_leaves_the_document_whole(text: str, tmp_path: Path) -> None:
    path = write(small(text), tmp_path / "rapor.docx")
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(package.read(name))
    document = Document(str(path))
    _caption, table = next(captioned(document))
    assert [texts(row) for row in table.rows][2:] == [
        [inert(text), "1"],
        [inert(text, lines=True).replace("\n", "")],
        [inert(text), "–"],
    ]


def test_a_report_of_nothing_is_a_document(tmp_path: Path) -> None:
    report = Report("r", "", "", "", "en", date(2026, 7, 1), [Section("", [Table("t", "", [Column("a", TEXT)], [])])])
    assert Document(str(write(report, tmp_path / "tief" / "rapor.docx"))).tables
    bare = Report("r", "", "", "", "en", date(2026, 7, 1), [])
    assert Document(str(write(bare, tmp_path / "leer.docx"))).paragraphs


def test_an_exact_tie_goes_up(tmp_path: Path) -> None:
    table = Table("t", "T", [Column("a", "percent"), Column("b", "decimal")], [[Fraction(25110, 24000), Fraction(5, 1000)]])
    report = Report("r", "T", "", "", "tr", date(2026, 7, 1), [Section("S", [table])])
    _caption, shown = next(captioned(Document(str(write(report, tmp_path / "r.docx")))))
    assert texts(shown.rows[1]) == ["%104,63", "0,01"]
