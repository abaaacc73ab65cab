"""A report as files: their names, the same bytes twice, and figures that other software reads back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import words
from reports.cells import printed
from reports.content import Report, Table
from reports.statement import Standings
from reports.writing import FORMATS, file_name, report_of, write_report
from storage import Storage
from storage.indicator_notes import write
from tests.indicators.standing import LATER
from tests.reports import measured
from tests.reports.sample import HOSTILE
from tests.reports.worked import handed_in, standing


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    return measured.half_a_year(tmp_path_factory.mktemp("measured"))


@pytest.fixture(scope="module")
def draft(storage: Storage) -> Standings:
    return measured.provisional(storage)


def contents(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()}


def test_every_format_and_the_same_bytes_twice(storage: Storage, draft: Standings, tmp_path: Path) -> None:
    first = write_report(storage, draft, FORMATS, "tr", tmp_path / "first" / "new")
    second = write_report(storage, draft, FORMATS, "tr", tmp_path / "second")
    assert [path.name for path in first] == ["H3.1-2026-H1.docx", "H3.1-2026-H1.xlsx", "H3.1-2026-H1.pdf", "H3.1-2026-H1-csv"]
    assert contents(tmp_path / "first" / "new") == contents(tmp_path / "second")
    assert [path.name for path in write_report(storage, draft, ["xlsx"], "en", tmp_path)] == ["H3.1-2026-H1.en.xlsx"]
    assert second[3].is_dir()


def test_word_says_every_figure(storage: Storage, draft: Standings, tmp_path: Path) -> None:
    from docx import Document

    path = write_report(storage, draft, ["docx"], "tr", tmp_path)[0]
    document = Document(str(path))
    found = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    report = report_of(storage, draft, "tr")
    with words.speaking("tr"):
        for table in report.tables:
            for row in table.rows:
                assert [printed(cell, column.kind) for cell, column in zip(row, table.columns, strict=True)] in found, table.name


def test_excel_has_numbers_and_a_sheet_for_each_table(storage: Storage, draft: Standings, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = write_report(storage, draft, ["xlsx"], "tr", tmp_path)[0]
    book = load_workbook(path)
    report = report_of(storage, draft, "tr")
    for table in report.tables:
        cells = [cell for row in book[table.name].iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells)
        values = {round(float(cell.value), 4) for cell in cells if isinstance(cell.value, (int, float))}
        for row in table.rows:
            for cell, column in zip(row, table.columns, strict=True):
                if cell is not None and column.kind in ("number", "decimal", "percent") and not isinstance(cell, str):
                    places = {"number": 0, "decimal": 2, "percent": 4}[column.kind]
                    assert float(words.rounded(cell, places)) in values, table.name  # type: ignore[arg-type]


def test_a_csv_file_for_each_table(storage: Storage, draft: Standings, tmp_path: Path) -> None:
    made = write_report(storage, draft, ["csv"], "tr", tmp_path)[0]
    report = report_of(storage, draft, "tr")
    for table in report.tables:
        with (made / f"{table.name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, delimiter=";"))
        assert len([row for row in rows if any(row)]) > len(table.rows)
    assert len(list(made.iterdir())) == len(report.tables) + 1


def test_hostile_notes_and_names_stay_inert(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    storage = handed_in(tmp_path / "store")
    found = standing(storage, "2026")
    for row, text in zip(found.rows, HOSTILE, strict=False):
        said = {"reason": text[:3900], "measures": text[:3900], "sustainability": text[:3900]}
        write(storage, row.indicator.code, found.period, said, by="<b>Ayşe</b>", at=LATER)
    written = write_report(storage, found, FORMATS, "tr", tmp_path / "out")
    assert all(path.exists() for path in written)
    book = load_workbook(written[1])
    assert all(
        cell.data_type != "f" and cell.hyperlink is None
        for row in book["degerlendirme"].iter_rows()
        for cell in row
        if cell.row > 5
    )
    report = report_of(storage, found, "tr")
    reasons = next(table for table in report.tables if table.name == "sonuclar")
    assert str(reasons.rows[0][6]).startswith("=HYPERLINK(")


def test_missing_reasons_stand_on_the_first_page_and_go_when_they_are_written(tmp_path: Path) -> None:
    storage = handed_in(tmp_path)
    found = standing(storage, "2025")
    missing = dict(report_of(storage, found, "tr").facts)["Eksik gerekçeler"]
    assert missing.startswith("PG7.2.1, PG7.2.2, PG7.2.3") and missing.endswith("sapmanın nedeni henüz yazılmamıştır.")
    for row in found.rows:
        write(storage, row.indicator.code, found.period, {"reason": "Gerekçe"}, by="Ayşe", at=LATER)
    whole = report_of(storage, found, "tr")
    assert "Eksik gerekçeler" not in dict(whole.facts)
    assert {str(row[6]) for row in table_named(whole, "sonuclar").rows} == {"Gerekçe"}


def table_named(report: Report, name: str) -> Table:
    return next(table for table in report.tables if table.name == name)


def test_a_name_is_a_file_name_anywhere(storage: Storage, draft: Standings) -> None:
    from dataclasses import replace

    report = report_of(storage, draft, "tr")
    assert file_name(replace(report, name="../A7/H:2 ığ")) == "A7_H_2"
