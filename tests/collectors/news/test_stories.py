"""Copies of one agency text are one story, other stories are others (facts: yt_news 18)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.news.stories import bare_title, split_dateline, story_of
from model import Article

AT = datetime(2026, 3, 10, 20, 30, tzinfo=UTC)  # 23:30 in Istanbul
TITLE = "Ümraniye Belediyesi’nden çocuklara ücretsiz kütüphane"
SUMMARY = (
    "Ümraniye Belediyesi, ilçedeki çocuklar için hazırladığı ücretsiz kütüphaneyi törenle açtı. "
    "Açılışa mahalle sakinleri ve öğrenciler katıldı, kütüphane haftanın yedi günü hizmet verecek."
)


def article(key: str, title: str = TITLE, summary: str = "", at: datetime | None = AT, story: str = "") -> Article:
    return Article(key, "Outlet", f"https://{key}", title, at, "feed", "x", "title", "counted", summary=summary, story=story)


@pytest.mark.parametrize(
    "title",
    [TITLE, TITLE.replace("i", "İ").upper(), f"{TITLE} - Örnek Gazete", f"{TITLE} | Haber", TITLE.replace("’", "'"), f"{TITLE}!",
     "Umraniye Belediyesi'nden cocuklara ucretsiz kutuphane", f"{TITLE} (Video)"],
)  # fmt: skip
def test_the_same_title(title: str) -> None:
    assert story_of(article("b", title), [article("a")]) == "a"


@pytest.mark.parametrize(
    "title",
    [
        "Ümraniye Belediyesi’nden yaşlılara evde bakım",
        "Başkan Yıldırım: Ümraniye Belediyesi büyüyor",
        "Ümraniye Belediyesi",
        "",
        "Kaza",
    ],
)
def test_another_story(title: str) -> None:
    assert story_of(article("b", title), [article("a")]) == "b"


def test_the_same_text_under_another_title() -> None:
    dated = f"İSTANBUL (DHA) - {SUMMARY} (Fotoğraflı)"
    first = article("a", "Kütüphane açıldı", SUMMARY)
    assert story_of(article("b", "Çocuklara müjde", dated), [first]) == "a"
    assert story_of(article("b", "Çocuklara müjde", "Ümraniye Belediyesi bir kütüphane açtı."), [first]) == "b"
    assert story_of(article("b", "Çocuklara müjde", ""), [article("a", "Kütüphane açıldı", "")]) == "b"


def test_a_day_apart_in_istanbul_and_no_more() -> None:
    first = article("a")
    assert story_of(article("b", at=AT + timedelta(hours=24, minutes=20)), [first]) == "a"
    assert story_of(article("b", at=AT + timedelta(hours=24, minutes=40)), [first]) == "b"
    assert story_of(article("b", at=AT - timedelta(hours=40)), [first]) == "a"
    assert story_of(article("b", at=None), [first]) == "a"


def test_a_copy_of_a_copy_belongs_to_the_first() -> None:
    assert story_of(article("c"), [article("b", story="a")]) == "a"
    assert story_of(article("c"), [article("x", "Kaza haberi geldi"), article("b", story="a"), article("d", story="d")]) == "a"
    assert story_of(article("b", story="old"), [article("b")]) == "b"


@pytest.mark.parametrize(
    ("text", "agency", "rest"),
    [
        ("İSTANBUL (DHA) - Belediye açıkladı", "DHA", "Belediye açıkladı"),
        ("ÜMRANİYE, İSTANBUL (İHA) – Belediye", "İHA", "Belediye"),
        ("(AA) - Belediye", "AA", "Belediye"),
        ("ANKARA (AA) Belediye", "AA", "Belediye"),
        ("ISTANBUL (IHA) - Belediye", "İHA", "Belediye"),
        ("Belediye (AA) dedi", "", "Belediye (AA) dedi"),
        ("İSTANBUL (XYZ) - Belediye", "", "İSTANBUL (XYZ) - Belediye"),
        ("", "", ""),
    ],
)
def test_datelines(text: str, agency: str, rest: str) -> None:
    assert split_dateline(text) == (agency, rest)


def test_an_outlet_is_cut_off_a_title_but_not_a_part_of_it() -> None:
    assert bare_title("Ümraniye Belediyesi kütüphane açtı - Örnek Gazete") == "umraniye belediyesi kutuphane acti"
    assert bare_title("Belediye - park") == "belediye park"


@given(st.lists(st.text(max_size=30), max_size=6))
def test_every_article_has_a_story_that_is_one_of_theirs(titles: list[str]) -> None:
    settled: list[Article] = []
    for number, title in enumerate(titles):
        story = story_of(article(str(number), title), settled)
        assert story == str(number) or any(story == other.story for other in settled)
        settled.append(article(str(number), title, story=story))
    assert len(settled) == len(titles)
