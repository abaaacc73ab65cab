"""What a site's page names, what stands at the usual places, and what is to be said of a feed."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.http import Door, Outfit
from collectors.news.discover import FeedState, check, discover
from config.secrets import Secrets
from model import Account
from tests.fakes import Asked, Server, http

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FEED = (
    '<rss version="2.0"><channel><title>Çekmeköy Haber</title><item><title>Ümraniye Belediyesi’nden</title><link>https://a.example/1</link>'
    "<pubDate>{}</pubDate></item><item><title>Kaza</title><link>https://a.example/2</link></item></channel></rss>"
)
FRESH, OLD = FEED.format("Mon, 23 Nov 2026 10:00:00 +0300"), FEED.format("Mon, 02 Mar 2026 10:00:00 +0300")


def xml(body: str) -> bytes:
    return http(200, body, Content_Type="application/rss+xml; charset=utf-8")


def outfit(url: str) -> Outfit:
    secrets = Secrets({})

    def door(line: Any) -> Door:
        return Door(line, now=lambda: NOW, secrets=secrets, sleep=lambda s: None, attempts=1, timeout=(2, 2))

    return Outfit({"allow_hosts": [url.removeprefix("http://")]}, secrets, lambda: NOW, door)


def site(pages: dict[str, bytes]) -> Server:
    return Server(lambda asked: pages.get(asked.target, http(404, "<html>yok</html>")))


def test_feeds_that_the_page_names() -> None:
    head = (
        '<html><head><link rel="alternate" type="application/rss+xml" title="G&uuml;ndem" href="/gundem.xml">'
        "<LINK REL='alternate' TYPE='application/atom+xml' HREF='/bos'><link rel=alternate type=application/rss+xml href=/gundem.xml>"
        '<link rel="alternate" hreflang="en" href="/en"><link rel="stylesheet" type="text/css" href="/x.css"></head></html>'
    )
    with site({"/": http(200, head), "/gundem.xml": xml(FRESH)}) as server:
        (found,) = discover(server.url, outfit(server.url))
        assert (found.url, found.verdict, found.found) == (f"{server.url}/gundem.xml", "ok", "Gündem")
        assert (found.items, found.matched, found.title) == (2, 1, "Çekmeköy Haber")
        assert found.newest == datetime(2026, 11, 23, 7, tzinfo=UTC)


def test_the_usual_places_where_the_page_names_none() -> None:
    with site({"/": http(200, "<html></html>"), "/service/rss.php": xml(FRESH), "/rss": http(200, "<html></html>")}) as server:
        (found,) = discover(server.url + "/", outfit(server.url))
        assert (found.url, found.found) == (f"{server.url}/service/rss.php", "at a usual place")


def test_a_site_without_feeds_and_one_that_is_not_there() -> None:
    with site({"/": http(200, "<html></html>")}) as server:
        assert discover(server.url, outfit(server.url)) == []
    with site({}) as server:
        assert discover(server.url, outfit(server.url)) == []
        assert server.asked[0].target == "/"


def test_a_site_that_refuses_programs_is_told_at_once() -> None:
    def closed(asked: Asked) -> bytes:
        return http(403, "<html>Just a moment</html>")

    with Server(closed) as server:
        (found,) = discover(server.url, outfit(server.url))
        assert (found.verdict, found.usable, len(server.asked)) == ("blocked", False, 1)


@pytest.mark.parametrize(
    ("answer", "verdict", "word"),
    [
        (xml(FRESH), "ok", ""),
        (xml(OLD), "silent", "02.03.2026"),
        (xml(FRESH[:250]), "half", "ends inside"),
        (xml("<rss version='2.0'><channel><title>x</title></channel></rss>"), "empty", "no items"),
        (http(200, "<html></html>"), "broken", "HTML"),
        (http(403, ""), "blocked", "engelli"),
        (http(404, ""), "gone", "404"),
        (http(410, ""), "gone", "410"),
        (http(500, ""), "unreachable", "500"),
        (http(429, ""), "unreachable", "429"),
        (http(302, "", Location="http://10.0.0.1/"), "blocked", "not a public address"),
    ],
)
def test_the_state_of_a_feed(answer: bytes, verdict: str, word: str) -> None:
    with site({"/rss": answer}) as server:
        state = check(Account("feed:x", "feed", "x", url=f"{server.url}/rss"), outfit(server.url))
        assert state.verdict == verdict
        assert word in state.what
        assert state.cure or verdict == "ok"


def test_a_feed_that_moved_for_good() -> None:
    with site({"/rss": http(301, "", Location="/yeni"), "/yeni": xml(FRESH)}) as server:
        state = check(f"{server.url}/rss", outfit(server.url))
        assert (state.verdict, state.what, state.usable) == ("moved", f"now at {server.url}/yeni", True)


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    state = check(f"{url}/rss", outfit(url))
    assert isinstance(state, FeedState)
    assert state.verdict == "unreachable"
