"""What the fuzzer found in feeds, searches and archived bodies of the press, each as small as it gets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from collectors import make_collector
from collectors.base import Malformed, Refused
from collectors.http import Answer, Door, Line, Outfit
from collectors.news.discover import _named
from collectors.news.gdelt import article_list
from collectors.news.guard import follow, guarded_door
from collectors.news.listing import links
from collectors.news.parsing import _entry, parse, plain
from collectors.news.rhythm import MOST_RATE, Rhythm
from collectors.news.urls import LONGEST_WRAPPER, joined, url_key
from collectors.news.xmlfeed import RawItem
from config.secrets import Secrets
from config.titles import issue_number
from model import Account, Exchange, Records
from tests.fakes import NOON, Server, http

URLS = {
    "feed": "https://haber.example/rss",
    "page": "https://ornek.example/bultenler",
    "gdelt": "https://api.gdeltproject.org/api/v2/doc/doc?startdatetime=20260301000000&enddatetime=20260301001000",
    "gnews": "https://news.google.com/rss/search?q=x",
    "agency": "file:mart.xlsx",
}


def read(platform: str, body: Any) -> Records:
    def door(line: Line) -> Door:
        return Door(line, now=lambda: NOON, secrets=Secrets({}))

    account = Account(f"{platform}:a", platform, "a", url=URLS[platform], options={"query": "x"})
    raw = json.dumps(body).encode()
    return make_collector(platform, Outfit({}, Secrets({}), lambda: NOON, door)).read(
        account, Exchange(NOON, "GET", URLS[platform], 200, raw, len(raw))
    )


@pytest.mark.parametrize(
    ("platform", "body"),
    [
        ("feed", {"entries": [{"title": 5, "link": "https://a.example/1"}]}),
        ("feed", {"entries": [{"title": "x", "published": {}}]}),
        ("feed", {"entries": {"a": 1}}),
        ("gnews", {"entries": [{"title": "x", "source": 5, "source_url": "https://a.example"}]}),
        ("gnews", {"entries": [{"title": "x", "id": [], "source_url": "https://a.example"}]}),
        ("gnews", {"entries": None}),
        ("agency", {"file": "a", "rows": 7}),
    ],
)
def test_an_archived_body_that_is_none_is_malformed(platform: str, body: Any) -> None:
    with pytest.raises(Malformed):
        read(platform, body)


@pytest.mark.parametrize(
    "change",
    [
        {"title": 5},
        {"url": 1.5},
        {"outlet": []},
        {"at": "2026-03-01T10:00:00"},
        {"day": "9999-12-31", "at": ""},
        {"reach": "5"},
        {"x" * 5000: 1},
    ],
    ids=lambda change: next(iter(change))[:10],
)
def test_an_archived_row_of_an_agency_is_refused_by_itself(change: dict[str, Any]) -> None:
    good = {"row": 2, "day": "2026-03-01", "at": "2026-03-01T10:00:00+03:00", "title": "Şenlik", "outlet": "Haber"}
    records = read("agency", {"file": "a" * 5000, "rows": [{**good, **change}, good]})
    assert [article.title for article in records.articles] == ["Şenlik"]
    assert len(records.faults) == 1 and len(records.faults[0]) < 500


def test_a_gap_without_words_and_an_issue_without_an_address_are_none() -> None:
    assert read("gdelt", {"articles": [], "wanted_since": {"a": 1}}).gaps == ()
    assert read("page", {"issues": [{"link": " ", "title": "Sayı 1", "date": "01.03.2026"}]}).posts == ()
    assert read("feed", {"entries": [], "gap": None}).gaps == ()


def test_nothing_that_steers_a_terminal_comes_out_of_a_feed() -> None:
    entry = _entry(
        RawItem({"id": "a\0b", "link": "https://a.example/\x1b[2Jx", "title": "\x1b]0;x\x07Baş\x7flık", "summary": "\x01"})
    )
    assert (entry.id, entry.link, entry.title, entry.summary) == ("ab", "https://a.example/[2Jx", "]0;xBaşlık", "")
    assert plain("a\0b &#1; c") == "ab c"


@pytest.mark.parametrize("body", [b"\x1b[2J refused", b"<\x07html>", b'{"articles": \x0e'])
def test_what_gdelt_says_instead_is_told_without_what_steers(body: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        article_list(body)
    assert str(caught.value).isprintable()


def test_half_a_letter_in_a_title_of_gdelt() -> None:
    body = rb'{"articles": [{"title": "g\ud83d \\ \u0007", "url": "https://a.example"}]}'
    assert article_list(body)["articles"][0]["title"] == "g\ufffd \\ "


@pytest.mark.parametrize(
    "url",
    [
        "../../etc/passwd",
        "///a.b/c?d=",
        "https:////m.haber.example:8080/x",
        "\x1cm.a/b",
        "//%20 ?d",
        "http:// haber.example/a",
        "http://?a",
        "http://a\u3002/b",
        "\x02a.b/c",
    ],
)
def test_the_key_of_what_names_no_host_is_itself(url: str) -> None:
    assert url_key(url_key(url)) == url_key(url)


def test_an_address_within_addresses_without_end() -> None:
    deep = "https://google.com/url?url=" * 2000 + "https://a.example/b"
    assert url_key(deep).startswith("google.com/url")
    assert url_key(deep[-LONGEST_WRAPPER:].partition("url=")[2]) == "a.example/b"


@pytest.mark.parametrize(
    "memo",
    [
        "x",
        5,
        {"rate": "0.5"},
        {"rate": 0.5},
        {"rate": [], "usual": 1},
        {"asked": "soon"},
        {"newest": 5},
        {"rate": 10**400},
        {"rate": -1, "usual": 1e30},
    ],
)
def test_a_rhythm_that_can_not_be_read_is_a_new_one(memo: Any) -> None:
    rhythm = Rhythm.of(memo)
    assert 0 <= rhythm.rate <= MOST_RATE and 0 <= rhythm.usual <= MOST_RATE
    assert rhythm.interval(15, 1440) and rhythm.asked is None


def test_addresses_that_are_none_keep_no_feed_and_no_page_from_being_read() -> None:
    broken = "http://[::1/x"
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{broken}"><entry><title>t</title><link href="{broken}"/></entry></feed>'
    assert [entry.title for entry in parse(feed.encode(), url="https://a.example/").entries] == ["t"]
    html = f'<base href="{broken}"><link rel="alternate" type="application/rss+xml" href="{broken}"><a href="https://a.example/1">Bir</a>'
    assert [link.url for link in links(html.encode(), "", "https://a.example/", seen=NOON)] == ["https://a.example/1"]
    assert [url for url, _title in _named(Answer("GET", "https://a.example/", 200, {}, html.encode(), NOON))] == [broken]
    assert joined("https://a.example/", broken) == broken


def test_a_redirect_to_what_is_no_address_is_refused() -> None:
    with Server([http(301, Location="http://[::1/x")]) as server:
        host = server.url.removeprefix("http://")
        secrets = Secrets({})

        def door(line: Line) -> Door:
            return Door(line, now=lambda: NOON, secrets=secrets, sleep=lambda seconds: None)

        outfit = Outfit({"allow_hosts": [host]}, secrets, lambda: NOON, door)
        with pytest.raises((Malformed, Refused)):
            follow(guarded_door(outfit), f"{server.url}/rss", {})


def test_the_number_of_an_issue_that_is_a_book() -> None:
    assert issue_number("Sayı " + "7" * 5000) == "sayi " + "7" * 5000
    assert issue_number("Sayı 012") == "12"
