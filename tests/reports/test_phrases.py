"""What things are called: platforms, parts, weeks, notes; and that what the shipped tables say has its Turkish."""

from __future__ import annotations

import pytest

import words
from config.metrics import SHIPPED, table
from reports.phrases import account, in_runs, kind_of_post, month, part_name, titled, weekday
from reports.platform_words import BREAKS, REASONS
from reports.told import said


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("x:ornek", "X · ornek"),
        ("youtube:@ornek views", "YouTube · ornek, Görüntülenme"),
        ("2026-H1 x:ornek likes", "2026-H1 X · ornek, Beğeni"),
        ("instagram", "Instagram"),
        ("Posta Gazetesi", "Posta Gazetesi"),
        ("Haber: Son Dakika", "Haber: Son Dakika"),
        ("source:feed", "Besleme"),
        ("source:agency", "Medya takip ajansı"),
        ("entry:17", "elle girildi (17)"),
        ("2026-H2 entry:3", "2026-H2 elle girildi (3)"),
        ("entry", "elle girildi"),
        ("2026-H1 -", "2026-H1 -"),
    ],
)
def test_parts_by_their_names(part: str, name: str) -> None:
    with words.speaking("tr"):
        assert part_name(part) == name


def test_turkish_capitals_months_and_days() -> None:
    with words.speaking("tr"):
        assert (titled("istanbul"), titled("ılıca"), titled("şehir"), titled("")) == ("İstanbul", "Ilıca", "Şehir", "")
        assert (month("2026-08"), weekday(3), kind_of_post("story"), account("page:bulten")) == (
            "Ağustos", "Çarşamba", "Hikâye", "Web sayfası · bulten",
        )  # fmt: skip
    with words.speaking("en"):
        assert titled("istanbul") == "Istanbul"


def test_weeks_in_runs() -> None:
    assert in_runs([]) == ""
    assert in_runs(["2026-W05"]) == "2026-W05"
    assert in_runs(["2026-W52", "2026-W53", "2027-W01", "2027-W03", "2027-W04"]) == "2026-W52 – 2027-W01, 2027-W03, 2027-W04"


def test_notes_that_differ_in_the_account_alone_are_one() -> None:
    text = "{account}: never read up to the edge"
    told = [(text, {"account": key}) for key in ("x:a", "facebook:b", "x:a")]
    command = ("articles that wait for review and may count yet: {articles} (`mecra news review`)", {"articles": 52})
    dark = ("weeks without an issue: {weeks}", {"weeks": "2026-W01, 2026-W02, 2026-W03"})
    with words.speaking("tr"):
        assert said([*told, command, dark]) == [
            "X · a, Facebook · b: dönem sonuna kadar hiç okunmadı",
            "52 haber inceleme bekliyor; sayılabilir",
            "yayın bulunmayan haftalar: 2026-W01 – 2026-W03",
        ]


def test_what_the_shipped_tables_say_is_in_the_catalogue() -> None:
    with words.speaking("tr"):
        for name in sorted(path.stem for path in SHIPPED.glob("*.toml")):
            found = table(name)
            assert {one.what for one in found.breaks} <= set(BREAKS), name
            assert {str(absent) for one in found.metrics if (absent := one.option("absent"))} <= set(REASONS), name
        assert all(words._(text) != text for text in (*BREAKS, *REASONS))
