"""PDF reports read back with pypdf: every figure and letter, the marks of an archival, tagged document, and equal bytes."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from reports import charts
from reports.cells import explanations, printed
from reports.content import NUMBER, TEXT, Cell, Chart, Column, Report, Section, Signatures, Table, Text
from reports.inert import inert
from reports.pdf import MOST, write
from reports.typeface import printable
from tests.reports.sample import HOSTILE, sample
from tests.reports.twice import written_elsewhere
from words import speaking


@pytest.fixture(scope="module", params=["tr", "en"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, PdfReader]:
    report = sample(language=request.param)
    return report, PdfReader(write(report, tmp_path_factory.mktemp("pdf") / "rapor.pdf"))


def squeezed(text: str) -> str:
    """Without spaces and line ends: where a line breaks is the page's business."""
    return re.sub(r"\s+", "", text)


def shown(text: str, most: int = 32_000, *, lines: bool = False) -> str:
    return squeezed(printable(inert(text, most, lines=lines)))


def page_texts(reader: PdfReader) -> list[str]:
    return [page.extract_text() for page in reader.pages]


def test_every_figure_and_text_is_there(written: tuple[Report, PdfReader]) -> None:
    report, reader = written
    whole = squeezed("".join(page_texts(reader)))
    with speaking(report.language):
        for table in report.tables:
            assert squeezed(table.caption) in whole
            for column in table.columns:
                assert shown(column.title) in whole, column.title
            below = explanations(table)
            for number, row in enumerate(table.rows):
                cells = [printed(cell, column.kind, MOST) for cell, column in zip(row, table.columns, strict=True)]
                if all(len(cell) < 400 for cell in cells):
                    assert "".join(map(shown, cells)) in whole, cells
                assert shown(below.get(number, ""), lines=True) in whole
            for label, text in table.head:
                assert shown(label) + shown(text) in whole
            for note in table.notes:
                assert shown(note, lines=True) in whole
        for section in report.sections:
            assert shown(section.title, 300) in whole
            for block in section.blocks:
                if isinstance(block, Text):
                    assert all(shown(text, lines=True) in whole for text in block.paragraphs)
                if isinstance(block, Signatures):
                    assert all(shown(role) in whole for role in block.roles)
                if isinstance(block, Chart):
                    assert shown(block.caption) in whole
        for label, text in report.facts:
            assert shown(label) + shown(text) in whole
    assert set("çğıöşüÇĞİÖŞÜ") - set(whole) <= set("ÇĞÖ")
    assert "\u200b" not in whole


def test_every_turkish_letter_is_read_back(tmp_path: Path) -> None:
    letters = "AÂBCÇDEFGĞHIİÎJKLMNOÖPRSŞTUÛÜVYZ aâbcçdefgğhıiîjklmnoöprsştuûüvyz ₺ − – — • % ‰ … “” ’ fi fl ffi İıIi"
    table = Table("harfler", letters, [Column(letters, TEXT)], [[letters]], bold=frozenset({0}), notes=[letters])
    report = replace(sample(), title=letters, sections=[Section(letters, [Text([letters]), table])])
    whole = squeezed("".join(page_texts(PdfReader(write(report, tmp_path / "a.pdf")))))
    assert whole.count(squeezed(letters)) >= 6


def test_it_is_archival_and_tagged(written: tuple[Report, PdfReader]) -> None:
    report, reader = written
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == {"tr": "tr-TR", "en": "en-GB"}[report.language]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in root and "/OutputIntents" in root
    said = root["/Metadata"].get_data().decode()
    assert re.findall(r"<(pdf\w*id:\w+)>(\w+)<", said) == [("pdfaid:part", "2"), ("pdfaid:conformance", "A"), ("pdfuaid:part", "1")]
    assert reader.metadata is not None
    assert reader.metadata.title == report.title and reader.metadata.author == report.institution
    assert reader.metadata.creation_date_raw == "D:20260702000000Z" == reader.metadata.modification_date_raw


def _elements(node: Any, kinds: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            _elements(child, kinds)
    elif isinstance(node, dict):
        if "/S" in node:
            kinds.append((node["/S"], node))
        if "/K" in node:
            _elements(node["/K"], kinds)
    return kinds


def test_headings_tables_and_charts_are_known_as_such(written: tuple[Report, PdfReader]) -> None:
    report, reader = written
    found = _elements(reader.trailer["/Root"]["/StructTreeRoot"]["/K"], [])  # type: ignore[index]
    kinds = [kind for kind, _ in found]
    assert kinds.count("/Table") == len(report.tables)
    assert kinds.count("/TH") >= sum(len(table.columns) for table in report.tables)
    assert kinds.count("/H1") + kinds.count("/H2") >= len(report.sections)
    described = [str(node["/Alt"]) for kind, node in found if kind == "/Figure"]
    assert described == [block.alt for section in report.sections for block in section.blocks if isinstance(block, Chart)]
    outline = [item.title for item in _flat(reader.outline)]
    assert outline[-len(report.sections) :] == [section.title for section in report.sections]


def _flat(items: Any) -> list[Any]:
    return [found for item in items for found in (_flat(item) if isinstance(item, list) else [item])]


def test_a_draft_says_so_on_every_page_and_a_sealed_report_nowhere(tmp_path: Path, written: tuple[Report, PdfReader]) -> None:
    _, reader = written
    assert all(text.count("TASLAK") >= 2 for text in page_texts(reader))
    sealed = PdfReader(write(sample(mark=""), tmp_path / "a.pdf"))
    assert not any("TASLAK" in text for text in page_texts(sealed))


def test_pages_are_numbered_and_wide_ones_lie_on_their_side(written: tuple[Report, PdfReader]) -> None:
    report, reader = written
    count = len(reader.pages)
    for number, text in enumerate(page_texts(reader)[1:], 2):
        assert {"tr": f"Sayfa {number} / {count}", "en": f"Page {number} of {count}"}[report.language] in text
        assert report.institution in text and "Yıl" in text
    turned = [page.mediabox.width > page.mediabox.height for page in reader.pages]
    assert turned == sorted(turned) and any(turned) and not turned[1]
    assert all(len(text.split()) > 12 for text in page_texts(reader)), "no page is empty"


def test_a_long_table_repeats_its_titles_and_loses_no_row(tmp_path: Path) -> None:
    columns = [Column("Sıra", NUMBER), Column("Gönderinin başlığı", TEXT, 3), Column("Görüntülenme", NUMBER)]
    rows: list[tuple[int, str, int]] = [(n, f"Gönderi {n}: ağaç dikimi", 7 * n) for n in range(10_000, 10_400)]
    table = Table("uzun", "Uzun tablo", columns, rows, spans=[(5, "Açıklama"), (399, "Son açıklama")], bold=frozenset({399}))
    reader = PdfReader(write(replace(sample(), sections=[Section("Uzun", [table])]), tmp_path / "a.pdf"))
    texts = page_texts(reader)
    assert len(texts) > 8
    assert all("Gönderinin başlığı" in text for text in texts[2:])
    whole = squeezed("".join(texts))
    with speaking("tr"):
        assert all(squeezed(f"{printed(n, NUMBER)}{title}{printed(value, NUMBER)}") in whole for n, title, value in rows)
    assert "Sonaçıklama" in whole


MARKUP = [
    '#import "@preview/evil:1.0.0": *',
    '#read("/etc/passwd") #panic("x") #{ while true {} }',
    "$ x^2 / 0 $ \\ \\\\ \\u{41} `raw` *kalın* _italik_ = Başlık <etiket> @kaynak",
    "// yorum /* yorum */ ~ --- '\" [x](y) {{ }} ${a} %s \u00ad",
    *HOSTILE,
    "Uzun" * 2_500,
    "مرحبا بالعالم \u202eters\u202c",
    "\ud800\udfff \ufffe \x00\x01\x02\x7f\x9f",
    "a" + "\u0301" * 3_000,
    "😀👨‍👩‍👧🇹🇷" * 50,
    "\ue000\U000f0000",
]


def with_everywhere(text: str) -> Report:
    table = Table(
        text,
        text,
        [Column(text), Column(text, NUMBER)],
        [[text, 1], [text, text]],
        notes=[text],
        spans=[(0, text)],
        head=[(text, text)],
    )
    spec = charts.bars([(text, 1)], unknown=text, title=text)
    chart = Chart(text, text, text, spec, table)
    section = Section(text, [Text([text, text]), Text([text], listed=True), table, chart, Signatures([text, text])])
    return replace(
        sample(),
        title=text,
        subtitle=text,
        institution=text,
        mark=text,
        facts=[(text, text)],
        sections=[section, replace(section, wide=True)],
    )


@pytest.mark.parametrize("text", MARKUP, ids=range(len(MARKUP)))
def test_hostile_texts_are_printed_and_never_run(text: str, tmp_path: Path) -> None:
    with speaking("tr"):
        report = with_everywhere(text)
    reader = PdfReader(write(report, tmp_path / "a.pdf"))
    whole = squeezed("".join(page_texts(reader)))
    told = shown(text, 150)
    if text.isascii() and len(text) < 150:
        assert told in whole
    assert "root:x:0" not in whole
    root: Any = reader.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root) and "/JavaScript" not in root.get("/Names", {})
    links = [note for page in reader.pages for note in page.get("/Annots", []) if "/URI" in str(note.get_object())]
    assert links == []


@given(st.text(st.characters(codec=None), max_size=80))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_makes_a_whole_document(tmp_path: Path, text: str) -> None:
    with speaking("tr"):
        report = with_everywhere(text)
    assert len(PdfReader(write(report, tmp_path / "a.pdf")).pages) >= 3


def test_an_empty_report_is_a_document(tmp_path: Path) -> None:
    bare = Report("bos", "Boş", "", "", "tr", sample().made_on, [])
    assert len(PdfReader(write(bare, tmp_path / "a.pdf")).pages) >= 1
    hollow = Section("Boş", [Text([]), Table("t", "", [Column("a")], []), Signatures([])])
    assert "Boş" in "".join(page_texts(PdfReader(write(replace(bare, sections=[hollow]), tmp_path / "b.pdf"))))


def test_headings_may_begin_at_any_level(tmp_path: Path) -> None:
    report = replace(
        sample(), sections=[Section("b", [Text(["x"])], level=2), Section("a", []), Section("c", [], level=2, wide=True)]
    )
    root: Any = PdfReader(write(report, tmp_path / "a.pdf")).trailer["/Root"]
    kinds = [kind for kind, _ in _elements(root["/StructTreeRoot"]["/K"], [])]
    assert {"/H1", "/H2"} <= set(kinds)


def test_exact_figures_are_rounded_once_half_up(tmp_path: Path) -> None:
    columns = [Column("a", "percent"), Column("b", "decimal"), Column("c", NUMBER)]
    rows: list[list[Cell]] = [
        [Fraction(25110, 24000), Fraction(1, 3), Fraction(5, 2)],
        [Fraction(-1, 5), Fraction(-1, 200), 22465660],
    ]
    report = replace(sample(), sections=[Section("a", [Table("t", "t", columns, rows)])])
    whole = squeezed("".join(page_texts(PdfReader(write(report, tmp_path / "a.pdf")))))
    assert "%104,630,333" in whole and "-%20-0,0122.465.660" in whole


def test_the_same_report_is_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    one = written_elsewhere("pdf", tmp_path / "a.pdf", "1", "Asia/Tokyo")
    other = written_elsewhere("pdf", tmp_path / "b.pdf", "2", "America/New_York")
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
def test_qpdf_finds_it_whole(tmp_path: Path) -> None:
    path = write(sample(), tmp_path / "a.pdf")
    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True)
    assert done.returncode == 0 and "No syntax or stream encoding errors" in done.stdout, done.stdout + done.stderr
