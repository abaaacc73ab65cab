"""Özet and Gösterge: what they show is what the snapshot says, and every figure is followed to rows that add up to it."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from urllib.parse import quote

import pytest

from reports.following import arithmetic
from reports.phrases import figure
from reports.statement import Standings
from storage import Storage
from storage.entries import Figure, enter
from storage.evidence import evidence
from tests.panel.served import Get, is_inert
from tests.reports.measured import LAST
from words import exact_percent, exactly, speaking

CODES = [f"PG3.1.{n}" for n in range(1, 9)]
PICTURE = re.compile(r"/grafik/[^\" ]+\.png")


@pytest.fixture
def found(measured: tuple[Storage, Standings]) -> Standings:
    return measured[1]


def test_the_overview_shows_the_newest_half_year_that_is_kept(figures: Get, found: Standings) -> None:
    answer = figures("/")
    assert answer.status == 200
    is_inert(answer)
    page = answer.page
    with speaking("tr"):
        assert found.goal is not None and exact_percent(found.goal) in page.words
        for row in found.rows:
            assert f"{row.indicator.code} {row.indicator.label}" in page.words
            if row.value is not None:
                assert figure(row.indicator, row.value) in page.words
            if row.performance is not None:
                assert exact_percent(row.performance) in page.words
    assert [link for link in page.links if link.startswith("/gosterge/PG3.1.5?")]
    assert '<option value="2026-H1" selected>' in answer.text


def test_what_needs_attention_leads_to_where_it_is_settled(figures: Get) -> None:
    page = figures("/").page
    assert "/haberler?donem=2026-H1&durum=inceleme" in page.links
    assert any(link.startswith("/gosterge/PG3.1.3?donem=2026-H1") for link in page.links)
    assert "2026-W05" in page.words or "W05" in page.words, "the week without a bulletin"


@pytest.mark.parametrize("query", ["donem=2026", "donem=2026-H2", "donem=2031-H1", "donem=2026-H1&lang=en"])
def test_any_period_has_its_overview(figures: Get, query: str) -> None:
    answer = figures(f"/?{query}")
    assert answer.status == 200
    is_inert(answer)


@pytest.mark.parametrize("period", ["2026-H3", "1999", "abc", "2026-H1'", "%00", "..%2F", "2026-H1" * 50])
def test_what_is_no_period_is_not_there(figures: Get, period: str) -> None:
    for path in ("/", "/gosterge/PG3.1.1"):
        answer = figures(f"{path}?donem={period}")
        assert answer.status == 404
        is_inert(answer)


@pytest.mark.parametrize("code", CODES)
def test_an_indicator_says_how_it_was_calculated(figures: Get, found: Standings, code: str) -> None:
    answer = figures(f"/gosterge/{code}")
    assert answer.status == 200
    is_inert(answer)
    row = next(row for row in found.rows if row.indicator.code == code)
    words = answer.page.words
    with speaking("tr"):
        assert all(" ".join(line.split()) in words for line in arithmetic(row))
        assert all(" ".join(note.split()) in words for note in row.notes)
        if row.value is not None:
            assert figure(row.indicator, row.value) in words
        for part in row.parts:
            if part.value is not None:
                assert exactly(Fraction(str(part.value))) in words
    assert row.indicator.definition in words


@pytest.mark.parametrize("code", CODES)
def test_every_part_is_followed_to_rows_that_add_up_to_it(figures: Get, found: Standings, code: str) -> None:
    row = next(row for row in found.rows if row.indicator.code == code)
    followed = 0
    for part in row.parts:
        answer = figures(f"/gosterge/{code}/{quote(part.part)}")
        assert answer.status == 200, part.part
        is_inert(answer)
        if not part.value or part.part.startswith("entry"):
            continue
        words = answer.page.words
        with speaking("tr"):
            assert f"Satırlarının toplamı: {exactly(Fraction(str(part.value)))}" in words, part.part
        followed += any(link.startswith("/yanit/") for link in answer.page.links)
    with_answers = code != "PG3.1.5"  # a planned hour leads to the post that met it
    assert not row.parts or followed or not with_answers


@pytest.mark.parametrize("code", CODES)
def test_a_link_of_an_indicator_leads_somewhere(figures: Get, code: str) -> None:
    for link in {link for link in figures(f"/gosterge/{code}").page.links if link.startswith("/")}:
        assert figures(link).status == 200, link


def test_charts_are_pictures_of_our_own_with_words_and_a_table(figures: Get) -> None:
    text = figures("/").text
    assert len(PICTURE.findall(text)) >= 2
    for address in dict.fromkeys(PICTURE.findall(text)):
        picture = figures(address)
        assert (picture.status, picture.headers["content-type"], picture.body[:4]) == (200, "image/png", b"\x89PNG")
    images = figures("/").page.all("img")
    assert all(len(one["alt"]) > 20 for one in images)
    assert figures("/grafik/none/light-wide.png").status == 404


def test_entered_figures_stand_with_who_entered_and_approved_them(figures: Get, measured: tuple[Storage, Standings]) -> None:
    storage, _found = measured
    enter(
        storage,
        Figure("PG3.1.4", day=LAST.date().replace(month=3), number="77", note="<script>alert(1)</script> =1+1"),
        by="Ayşe <b>",
        at=LAST,
        evidence=evidence("liste.pdf", b"x"),
    )
    answer = figures("/gosterge/PG3.1.4")
    is_inert(answer)
    assert "Ayşe <b>" in answer.page.words and "<script>alert(1)</script> =1+1" in answer.page.words
    assert "/gosterge/PG3.1.4?donem=2026-H1#girilen" in figures("/").page.links


@pytest.mark.parametrize(
    "path", ["/gosterge/PG9", "/gosterge/PG3.1.1/nobody", "/gosterge/%00", "/gosterge/..%2f..%2fetc", "/gosterge/PG3.1.1/..%2f"]
)
def test_what_the_plan_has_not_is_not_there(figures: Get, path: str) -> None:
    answer = figures(path)
    assert answer.status == 404
    is_inert(answer)


def test_both_bases_and_months_stand_beside_views(figures: Get, found: Standings) -> None:
    row = next(row for row in found.rows if row.indicator.code == "PG3.1.7")
    words = figures("/gosterge/PG3.1.7").page.words
    with speaking("tr"):
        for name in ("growth", "published"):
            assert row.beside[name] is None or exactly(row.beside[name]) in words
    assert "Ocak" in words and "Haziran" in words
    assert json.loads(row.stored.details)["beside"]["basis"] in ("growth", "published")
