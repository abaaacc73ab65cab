"""Documents opened by LibreOffice: it finds the same figures and letters, runs nothing, and needs no repair."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from reports import csv_files, excel, word
from reports.cells import printed
from reports.content import Report
from tests.reports.sample import sample
from words import rounded, speaking

OFFICE = shutil.which("soffice")
TURKISH = "CSV:59,34,76,1,,1055,false,true"  # `;`, `"`, UTF-8, from the first line, in Turkish, with dates and percentages read

pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")


def opened(path: Path, form: str, target: Path, *options: str) -> Path:
    command = [str(OFFICE), f"-env:UserInstallation={(target / 'profile').as_uri()}", "--headless", *options]
    subprocess.run(
        [*command, "--convert-to", form, "--outdir", str(target), str(path)], check=True, capture_output=True, timeout=300
    )
    return target / f"{path.stem}.{form.partition(':')[0]}"


@pytest.fixture(scope="module")
def report() -> Report:
    return sample()


def test_word_shows_every_figure_and_letter(report: Report, tmp_path: Path) -> None:
    made = PdfReader(opened(word.write(report, tmp_path / "rapor.docx"), "pdf", tmp_path / "seen"))
    pages = [re.sub(r"\s", "", page.extract_text()) for page in made.pages]
    text = "".join(pages)
    with speaking("tr"):
        for table in report.tables:
            for cells in table.rows:
                for cell, column in zip(cells, table.columns, strict=True):
                    if isinstance(cell, (int, Fraction, date)):
                        assert printed(cell, column.kind) in text, (table.name, cell)
    assert set("çğıöşüÇĞİÖŞÜ") <= set(text)
    assert all("TASLAK" in page for page in pages)
    assert f"Sayfa{len(pages)}/{len(pages)}" in pages[-1]
    wide = [float(page.mediabox.width) > float(page.mediabox.height) for page in made.pages]
    assert wide == sorted(wide)
    assert any(wide)
    repeated = [page for page in pages if "SHA-256" in page and "Kanıtno" in page]
    assert len(repeated) == sum(wide)


def test_excel_s_figures_are_figures(report: Report, tmp_path: Path) -> None:
    book = load_workbook(opened(excel.write(report, tmp_path / "rapor.xlsx"), "xlsx", tmp_path / "seen"))
    for table in report.tables:
        sheet = book[table.name]
        top = next(row for row in range(1, 12) if sheet.cell(row, 1).value == table.columns[0].title)
        for number, cells in enumerate(table.rows):
            for at, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
                stands = sheet.cell(top + 1 + number, at + 1)
                assert stands.data_type != "f"
                if isinstance(cell, (int, Fraction)):
                    places = {"percent": 4, "number": 0}.get(column.kind, 2)
                    assert stands.value == pytest.approx(float(rounded(cell, places)), abs=1e-12)
                elif isinstance(cell, date):
                    assert isinstance(stands.value, datetime)
                    assert stands.value.date() == cell


def test_csv_opens_as_figures_and_runs_nothing(report: Report, tmp_path: Path) -> None:
    csv_files.write(report, tmp_path)
    seen: dict[str, Any] = {}
    for name in ("sonuclar", "gonderiler"):
        made = opened(tmp_path / f"{name}.csv", "xlsx", tmp_path / "seen", f"--infilter={TURKISH}")
        seen[name] = load_workbook(made).worksheets[0]
    assert seen["sonuclar"]["E2"].value == pytest.approx(104.63)
    assert seen["sonuclar"]["C6"].value == 1071000
    for row in seen["gonderiler"].iter_rows(min_row=2):
        assert isinstance(row[0].value, datetime)
        assert row[2].data_type == "s"
        assert isinstance(row[3].value, (int, float))
