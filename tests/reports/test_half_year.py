"""The half-year's report of measured figures: every table says what the snapshot says, as it was known then, and nothing more."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import words
from indicators.formulas import FULL
from indicators.snapshot import take
from model import Period, Post, Reading
from reports.content import Block, Chart, Report, Signatures, Table, Text
from reports.official import monitoring
from reports.statement import Standings
from reports.writing import report_of
from storage import Storage
from storage.snapshots import keep_provisional
from tests.indicators.standing import LATER, Archive
from tests.reports import measured
from tests.reports.worked import handed_in, standing, the_plan


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    return measured.half_a_year(tmp_path_factory.mktemp("measured"))


@pytest.fixture(scope="module")
def draft(storage: Storage) -> Standings:
    return measured.provisional(storage)


@pytest.fixture(scope="module")
def report(storage: Storage, draft: Standings) -> Report:
    return report_of(storage, draft, "tr")


def table(report: Report, name: str) -> Table:
    return next(one for one in report.tables if one.name == name)


def column(found: Table, title: str) -> list[object]:
    at = [one.title for one in found.columns].index(title)
    return [row[at] for row in found.rows]


def texts(report: Report) -> str:
    """Everything that the report says, cells too."""
    blocks: list[Block] = [block for section in report.sections for block in section.blocks]
    said = [text for block in blocks if isinstance(block, Text) for text in block.paragraphs]
    for one in report.tables:
        said += [one.caption, *one.notes, *(text for _, text in one.spans), *(str(cell) for row in one.rows for cell in row)]
    return "\n".join([report.title, *(text for pair in report.facts for text in pair), *said])


def test_the_sections_of_a_half_year(report: Report) -> None:
    titles = [section.title for section in report.sections if section.level == 1]
    assert titles == ["Stratejik Plan İzleme Tablosu", "Genel Durum", "Hesaplama Notları", "Veri Kalitesi", "Ek: Kanıtlar"]
    below = [section.title for section in report.sections if section.level == 2]
    assert [f"PG3.1.{n}" for n in range(1, 9)] == [title.split()[0] for title in below[1:9]]
    signatures = next(block for section in report.sections for block in section.blocks if isinstance(block, Signatures))
    assert list(signatures.roles) == ["Hazırlayan", "Kontrol Eden", "Onaylayan (Basın Yayın ve Halkla İlişkiler Müdürlüğü)"]
    assert report.mark == "TASLAK" and report.name == "H3.1-2026-H1" and report.made_on == measured.LAST.date()


def test_the_tables_names_are_all_different_and_plain(report: Report) -> None:
    names = [one.name for one in report.tables]
    assert len(set(names)) == len(names)
    assert all(name.isascii() and len(name) <= 31 for name in names)
    for one in report.tables:
        assert all(len(row) == len(one.columns) for row in one.rows), one.name


def test_its_figures_are_the_snapshots(report: Report, draft: Standings) -> None:
    values = [row.value for row in draft.rows]
    assert column(table(report, "izleme"), "İzleme Dönemindeki Gerçekleşme Değeri (C)") == values
    assert column(table(report, "durum"), "Gerçekleşen") == values
    assert column(table(report, "hedef"), "Hedefe katkısı") == [*(row.contribution for row in draft.rows), draft.goal]
    by_code = {row.indicator.code: row for row in draft.rows}
    assert sum(column(table(report, "pg311_aylar"), "Yansıma")[:-1]) == by_code["PG3.1.1"].value  # type: ignore[arg-type]
    assert column(table(report, "pg311_yayinlar"), "Yansıma")[-1] == by_code["PG3.1.1"].value
    assert column(table(report, "pg312_hesaplar"), "Değer")[-1] == by_code["PG3.1.2"].value
    assert len(table(report, "pg313_sayilar").rows) == by_code["PG3.1.3"].value
    official = next(row for row in table(report, "pg315_sinirlar").rows if row[0] == "60 dakika")
    assert Fraction(str(official[3])) * FULL == by_code["PG3.1.5"].value
    assert column(table(report, "pg316_platformlar"), "Gönderiler")[-1] == by_code["PG3.1.6"].value
    for code, name in (("PG3.1.7", "pg317"), ("PG3.1.8", "pg318")):
        assert column(table(report, f"{name}_platformlar"), "Resmî esas")[-1] == by_code[code].value
        assert sum(column(table(report, f"{name}_aylar"), "Toplam")) == by_code[code].value  # type: ignore[arg-type]
        best = column(table(report, f"{name}_ilk15"), by_code[code].indicator.label)
        assert best == sorted(best, reverse=True) and len(best) == 15  # type: ignore[type-var]
    evidence = table(report, "kanitlar")
    assert len(evidence.rows) == len(draft.snapshot.parts)
    assert [row[7] for row in evidence.rows] == [part.digest or None for row in draft.rows for part in row.parts]


def test_what_lacks_and_what_was_left_out_is_told(report: Report) -> None:
    said = texts(report)
    assert "Yayın bulunmayan haftalar: 2026-W05" in said
    assert "platform yuvarlıyor" in said
    assert "=1+1 hava muhalefeti" in said, "a reason stays text, whatever it begins with"
    assert "eksik" in [str(cell) for cell in column(table(report, "bosluklar"), "Neden")]
    assert "haber inceleme beklemektedir" in said
    assert "`" not in said.replace("`engaged_views`", ""), "commands are for whoever sits at the machine"
    assert "youtube:" not in said and "x:ornek" not in said, "accounts by their names"


def test_the_same_statement_says_the_same_after_more_has_happened(tmp_path: Path) -> None:
    storage = measured.half_a_year(tmp_path)
    found = measured.sealed(storage)
    before = report_of(storage, found, "tr")
    later = measured.LAST + measured.DAY
    archive = Archive(storage)
    post = Post("p0-0", "post", measured.BEGIN + measured.DAY, text="sonradan düzenlendi")
    late = [post, Post("yeni", "post", measured.END - measured.DAY)]
    archive.told(measured.X, later, stream="posts", since=measured.BEGIN, posts=late, readings=[Reading("views", 10**6, "p0-0")])
    archive.told(measured.X, later + measured.DAY, readings=[Reading("followers", 9)])
    assert report_of(storage, measured.sealed(storage), "tr") == before
    assert before.mark == "" and dict(before.facts)["Anlık görüntü"].startswith("sürüm 1; mühürlenme: ")


def test_both_languages_say_the_same_figures(storage: Storage, draft: Standings, report: Report) -> None:
    english = report_of(storage, draft, "en")
    assert english.mark == "DRAFT" and len(english.tables) == len(report.tables)
    for one, other in zip(report.tables, english.tables, strict=True):
        assert [_figures(row) for row in one.rows] == [_figures(row) for row in other.rows], one.name
    turkish = {letter for letter in texts(english) if letter in "ğşıİ"}
    assert "Strategic Plan Monitoring Table" in texts(english) and turkish, "what the plan prints stays Turkish"


def _figures(row: object) -> list[object]:
    return [cell for cell in row if not isinstance(cell, str)]  # type: ignore[attr-defined]


def test_charts_show_what_stands_beside_them(report: Report) -> None:
    charts = [block for section in report.sections for block in section.blocks if isinstance(block, Chart)]
    assert len(charts) >= 9
    assert all(chart.alt and chart.data.rows for chart in charts)


def test_what_nobody_measured_has_no_breakdown(tmp_path: Path) -> None:
    storage = handed_in(tmp_path)
    report = report_of(storage, standing(storage, "2026-H1"), "tr")
    names = {one.name for one in report.tables}
    assert not any(name.startswith("pg72") for name in names)
    assert "Değer elle girilmiştir (kayıt no: 17); ölçülen değer yoktur." in texts(report)
    by_hand = table(report, "elle_girilen")
    assert len(by_hand.rows) == 8 and column(by_hand, "Onaylayan") == ["Mehmet, 15.07.2026"] * 8
    assert all(len(str(digest)) == 64 for digest in column(by_hand, "Kanıtın SHA-256 özeti"))
    said = texts(report)
    assert "Planda “750” olarak basılan sütun başlığı 2026 olarak okunmuştur." in said
    assert "Maliyet tahmini, plan döneminin tamamına (2025-2029) ait kabul edilmiştir." in said
    assert "yalnızca gösterilirken bir kez, yarımlar yukarı" in said and "Europe/Istanbul" in said
    assert "60 dakika" in said and "hikâye" in said.lower() and "(2024 ilk altı ay)" in said


def test_a_second_half_is_told_and_not_compared(tmp_path: Path) -> None:
    storage = handed_in(tmp_path)
    keep_provisional(storage, take(storage, the_plan(), Period(2026, 2), LATER, taken_at=LATER))
    found = standing(storage, "2026-H2")
    report = report_of(storage, found, "tr")
    assert report.title == "2026 Yılı Temmuz–Aralık Dönemi Stratejik Plan İzleme Raporu"
    with words.speaking("tr"):
        official = monitoring(found)
    assert {row[5] for row in official.rows} == {None}
    assert dict(official.head)["Hedef Performansı"] == "karşılaştırılmaz"
    assert "2026 yılının değerlendirme tablosunda" in official.notes[0]
    assert not any(isinstance(block, Chart) and block.name == "performans_grafik" for s in report.sections for block in s.blocks)
