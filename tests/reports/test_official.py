"""The prescribed tables: every heading to the letter, every figure the snapshot's, every reason where it belongs."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import words
from indicators.snapshot import take
from model import Period
from reports.content import Report, Table
from reports.cumulative import cumulative
from reports.deviations import missing_reasons
from reports.official import evaluation, monitoring, results
from reports.subject import subject_of
from reports.writing import report_of
from storage import Storage
from storage.indicator_notes import remarks, write
from storage.plans import register_plan
from storage.snapshots import keep_provisional
from tests.indicators.standing import LATER
from tests.indicators.test_formulas import CARD, GOALS, REACHED
from tests.reports.worked import handed_in, standing, the_plan

MONITORING = [
    "Performans Göstergeleri", "Hedefe Etkisi (%)", "Plan Dönemi Başlangıç Değeri (A)",
    "İzleme Dönemindeki Yılsonu Hedeflenen Değer (B)", "İzleme Dönemindeki Gerçekleşme Değeri (C)", "Performans (%) (C−A)/(B−A)",
]  # fmt: skip
QUESTIONS = [
    "İlgililik: Tespitler ve ihtiyaçlarda herhangi bir değişim var mı? Bu değişim hedefte ve göstergelerde değişiklik ihtiyacı doğurdu mu?",
    "Etkililik: Performans göstergesi değerlerine ulaşıldı mı / ne ölçüde? Ulaşılması ihtiyaçları karşıladı mı? Kalkınma planına katkısı ne oldu?",
    "Etkinlik: Göstergeye ulaşılırken öngörülemeyen maliyetler ortaya çıktı mı? Tahmini maliyette değişiklik ihtiyacı var mı?",
    "Sürdürülebilirlik: Gösterge değerlerinin devam ettirilmesinde kurumsal, yasal, çevresel vb. riskler nelerdir? Hangi tedbirler gerekir?",
]  # fmt: skip


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    return handed_in(tmp_path_factory.mktemp("worked"))


def titles(table: Table) -> list[str]:
    return [column.title for column in table.columns]


@pytest.mark.parametrize("period", ["2025-H1", "2026-H1"])
def test_the_monitoring_table_of_a_half_year(storage: Storage, period: str) -> None:
    found = standing(storage, period)
    with words.speaking("tr"):
        table = monitoring(found)
        assert table.caption == "Stratejik Plan İzleme Tablosu"
        assert titles(table) == MONITORING
        assert [label for label, _text in table.head] == ["Amaç", "Hedef", "Hedef Performansı", "Sorumlu Birim"]
        assert dict(table.head)["Hedef Performansı"] == f"%{GOALS[period]}"
        assert dict(table.head)["Sorumlu Birim"] == "Basın ve Yayın Müdürlüğü"
        printed = [words.exactly(Fraction(str(row[5])) * 100) for row in table.rows]
        assert printed == [row.split()[1] for row in REACHED[period]]
        assert [str(row[0]).split()[0] for row in table.rows] == list(CARD)
    for row, stored in zip(table.rows, found.snapshot.values, strict=True):
        assert row[4] == Fraction(str(stored.value)) and row[3] == Fraction(str(stored.target))
        assert row[5] == Fraction(stored.performance_exact or 0)
    assert [number for number, _text in table.spans] == list(range(8)), "an explanation below each indicator"
    assert all(text.startswith("Açıklama: Hesap: ") for _number, text in table.spans)
    assert table.rows[2][2] == "-", "no baseline is neither 0 nor missing"
    assert "yıl sonu hedefidir" in table.notes[0]


def test_what_the_card_prints_stays_as_it_is_printed(storage: Storage) -> None:
    table = monitoring(standing(storage, "2026-H1"))
    assert table.rows[3][0] == "PG7.2.4 1 dakikada 1 hafta (haftlık tüm programlar özeti) (adet)"


def test_the_evaluation_table_of_a_year(storage: Storage) -> None:
    found = standing(storage, "2026")
    period = found.period
    write(storage, "PG7.2.1", period, {"reason": "Fazla", "measures": "Önlem", "relevance": "Değişim yok."}, by="Ayşe", at=LATER)
    with words.speaking("tr"):
        table = evaluation(found, remarks(storage, period))
    assert table.caption == "Stratejik Plan Değerlendirme Tablosu"
    assert titles(table) == [*MONITORING, "Hedefe İlişkin Sapmanın Nedeni", "Hedefe İlişkin Alınacak Önlemler"]
    assert table.rows[0][6:] == ["Fazla", "Önlem"] and table.rows[1][6:] == [None, None]
    spans = [text for number, text in table.spans if number == 0]
    assert [text.split("\n")[0] for text in spans[1:]] == QUESTIONS
    assert spans[1].endswith("\nDeğişim yok.")
    assert spans[2].split("\n")[1].strip("…") == "", "an empty line to fill in"


def test_the_results_table_has_both_ratios_where_they_differ(storage: Storage) -> None:
    with words.speaking("tr"):
        table = results(standing(storage, "2025"))
    assert table.caption == "Performans Sonuçları Tablosu"
    assert titles(table) == [
        "Performans Göstergesi", "Ölçü Birimi", "Hedeflenen", "Gerçekleşen", "Gerçekleşme (%)", "Sapma", "Sapmanın Nedeni",
    ]  # fmt: skip
    followers = table.rows[1]
    assert (followers[2], followers[3], followers[4], followers[5]) == (227000, 229300, Fraction(2293, 2270), 2300)
    assert table.notes == [
        "PG7.2.2: gerçekleşme oranı C/B %101,01, performans (C−A)/(B−A) %117,66; ikisi aynı değerlerin iki ayrı oranıdır."
    ]


def test_a_year_needs_a_reason_above_and_below_its_target(storage: Storage) -> None:
    year = subject_of(storage, standing(storage, "2025"))
    assert missing_reasons(year) == ["PG7.2.1", "PG7.2.2", "PG7.2.3", "PG7.2.4", "PG7.2.5", "PG7.2.6", "PG7.2.7", "PG7.2.8"]
    write(storage, "PG7.2.3", year.period, {"reason": "Bir hafta atlandı."}, by="Ayşe", at=LATER)
    assert "PG7.2.3" not in missing_reasons(subject_of(storage, year.found))
    write(storage, "PG7.2.3", year.period, {"reason": ""}, by="Ayşe", at=LATER)
    assert "PG7.2.3" in missing_reasons(subject_of(storage, year.found))
    assert "PG7.2.4" not in missing_reasons(subject_of(storage, standing(storage, "2026"))), "exactly on its target"
    assert missing_reasons(subject_of(storage, standing(storage, "2025-H1"))) == []


def test_years_add_up_where_they_are_flows(storage: Storage) -> None:
    with words.speaking("tr"):
        table = cumulative(subject_of(storage, standing(storage, "2026")))
        first = cumulative(subject_of(storage, standing(storage, "2025")))
    news, followers, rate = table.rows[0], table.rows[1], table.rows[4]
    assert news[1:] == [23000, 24215, 24000, 25110, 47000, 49325, Fraction(49325, 47000)]
    assert followers[5:7] == [247000, 243750] and followers[7] == Fraction(29771, 33021)
    assert rate[5:] == [100, Fraction(991, 10), Fraction(991, 1000)]
    assert titles(first)[1:3] == ["2025 hedefi", "2025 gerçekleşen"] and len(first.columns) == 6


def test_a_draft_and_the_languages(tmp_path: Path) -> None:
    storage = handed_in(tmp_path, sealed=False)
    register_plan(storage, the_plan(), LATER)
    keep_provisional(storage, take(storage, the_plan(), Period(2026, 1), LATER, taken_at=LATER))
    found = standing(storage, "2026-H1")
    turkish, english = report_of(storage, found, "tr"), report_of(storage, found, "en")
    assert (turkish.mark, english.mark) == ("TASLAK", "DRAFT")
    assert turkish.title == "2026 Yılı Ocak–Haziran Dönemi Stratejik Plan İzleme Raporu"
    assert english.title == "Strategic Plan Monitoring Report, January–June 2026"
    assert _figures(turkish) == _figures(english)


def _figures(report: Report) -> list[object]:
    return [cell for table in report.tables for row in table.rows for cell in row if isinstance(cell, (int, Fraction))]
