"""CSV files read back as a spreadsheet set up for Turkey reads them."""

from __future__ import annotations

import csv
import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.content import DAY, DECIMAL, NUMBER, PERCENT, TEXT, Cell, Column, Report, Section, Table
from reports.csv_files import figure, file_names, write
from reports.inert import defused, inert
from tests.reports.sample import HOSTILE, sample
from tests.reports.twice import written_elsewhere
from words import rounded, speaking


def read(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";", strict=True))


def exact(text: str, language: str) -> Fraction:
    assert re.fullmatch(r"-?\d+(,\d{1,2})?" if language == "tr" else r"-?\d+(\.\d{1,2})?", text), text
    return Fraction(text.replace(",", "."))


@pytest.mark.parametrize("language", ["tr", "en"])
def test_every_figure_stands_in_its_file(language: str, tmp_path: Path) -> None:
    report = sample(language=language)
    assert write(report, tmp_path) == tmp_path
    assert len(list(tmp_path.iterdir())) == len(report.tables) + 1
    for table in report.tables:
        titles, *rows = read(tmp_path / f"{table.name}.csv")
        assert len(titles) == len(table.columns) + bool(table.spans)
        assert len(rows) == len(table.rows)
        below = dict(table.spans)
        for number, (row, cells) in enumerate(zip(rows, table.rows, strict=True)):
            for text, cell, column in zip(row, cells, table.columns, strict=False):
                if cell is None:
                    assert text == ""
                elif isinstance(cell, date):
                    assert text == (cell.strftime("%d.%m.%Y") if language == "tr" else cell.isoformat())
                elif isinstance(cell, str):
                    assert text == defused(inert(cell))
                else:
                    places = 0 if column.kind == NUMBER else 2
                    assert exact(text, language) == Fraction(rounded(cell * 100 if column.kind == PERCENT else cell, places))
            if below:
                assert row[-1] == defused(inert(below[number]))


def test_what_the_files_are_stands_in_one_of_them(tmp_path: Path) -> None:
    report = sample()
    write(report, tmp_path)
    rows = read(tmp_path / "icindekiler.csv")
    assert rows[0] == ["Dosya", "Tablo", "Satır sayısı", "Açıklamalar"]
    assert ["", "Durum", "", "TASLAK"] in rows
    assert ["kanitlar.csv", "Kanıt listesi", "90", ""] in rows
    told = next(row[3] for row in rows if row[0] == "izleme.csv")
    assert "Hedef Performansı: %60,04 (geçici)" in told
    assert "yılsonu hedefidir" in told


@pytest.mark.parametrize(
    ("cell", "kind", "turkish", "english"),
    [
        (22465660, NUMBER, "22465660", "22465660"),
        (Fraction(-123457, 100), DECIMAL, "-1234,57", "-1234.57"),
        (Fraction(25110, 24000), PERCENT, "104,63", "104.63"),
        (Fraction(-1, 5), PERCENT, "-20", "-20"),
        (date(2026, 11, 23), DAY, "23.11.2026", "2026-11-23"),
        ("-", DECIMAL, "-", "-"),
        ("-5", TEXT, "'-5", "'-5"),
        ("=1+1", TEXT, "'=1+1", "'=1+1"),
        ('bir;iki\n"üç"', TEXT, 'bir;iki "üç"', 'bir;iki "üç"'),
        (None, PERCENT, "", ""),
    ],
)
def test_a_figure_is_bare_and_a_text_inert(cell: Cell, kind: str, turkish: str, english: str) -> None:
    with speaking("tr"):
        assert figure(cell, kind) == turkish
    with speaking("en"):
        assert figure(cell, kind) == english


def test_a_percentage_says_so() -> None:
    with speaking("tr"):
        from reports.csv_files import _title

        assert _title(Column("Pay", PERCENT)) == "Pay (%)"
        assert _title(Column("Performans (%)", PERCENT)) == "Performans (%)"


def test_names_are_accepted_everywhere_and_unique() -> None:
    names = file_names(["izleme", "IZLEME", "../../etc/passwd", "con", "", "ğüş", "a" * 200, "\x00"])
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9_-]{1,64}\.csv", name) for name in names)
    assert "con.csv" not in names


def test_the_same_content_is_the_same_bytes(tmp_path: Path) -> None:
    def content(directory: Path) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(directory.iterdir())}

    here = content(write(sample(), tmp_path / "a"))
    assert content(write(sample(), tmp_path / "b")) == here
    assert content(written_elsewhere("csv_files", tmp_path / "c", "7", "Asia/Tokyo")) == here


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(), max_size=400)))
def test_any_text_stays_in_its_cell(text: str, tmp_path: Path) -> None:
    table = Table(
        "t",
        text,
        [Column(text), Column("n", NUMBER)],
        [[text, 1], ["a", None]],
        notes=[text],
        spans=[(0, text)],
        head=[(text, text)],
    )
    report = Report("r", text, text, text, "tr", date(2026, 7, 1), [Section(text, [table])], mark=text, facts=[(text, text)])
    write(report, tmp_path)
    rows = read(tmp_path / "t.csv")
    assert [len(row) for row in rows] == [3, 3, 3]
    assert rows[1] == [defused(inert(text)), "1", defused(inert(inert(text, lines=True)))]
    assert all(len(row) == 4 for row in read(tmp_path / "icindekiler.csv"))
    for row in [*rows, *read(tmp_path / "icindekiler.csv")]:
        assert all(not re.match(r"\s*[=+@]", cell) for cell in row if len(cell.strip()) > 1)
