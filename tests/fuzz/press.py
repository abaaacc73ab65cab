"""The press: feeds and pages of strangers, the searches, and what of them stands in the archive."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from unittest import mock

from collectors.base import CollectError
from collectors.http import Answer
from collectors.news import parsing
from collectors.news.discover import _named
from collectors.news.encoding import to_utf8
from collectors.news.listing import links
from collectors.news.tolerant import Unreadable, _parsed, deepest
from collectors.news.xmlfeed import NoFeed
from model import Account, from_json
from tests.fuzz.answering import Platform
from tests.fuzz.promises import SECRET, Broken, fit, whole
from tests.fuzz.target import NOW, Target, recorded

URL = "https://haber.example/rss"
KINDS = ("", "application/rss+xml; charset=iso-8859-9", "text/xml; charset=utf-16", "text/html; charset=Shift_JIS")
FEED = Platform("feed", Account("feed:haber", "feed", "haber", label="Haber", url=URL), {"items": ({}, {})})
PAGE = Platform(
    "page",
    Account("page:bulten", "page", "bulten", url="https://ornek.example/bultenler", options={"title": r"Sayı (\d+)"}),
    {"posts": ({}, {})},
)
GDELT = Platform("gdelt", Account("gdelt:search", "gdelt", "search", options={"query": '"Örnek"'}), {"articles": ({}, {})})
GNEWS = Platform("gnews", Account("gnews:search", "gnews", "search", options={"query": '"Örnek"'}), {"articles": ({}, {})})
AGENCY = Platform("agency", Account("agency:import", "agency", "import"), {})

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Örnek</title>
<item><title>Ümraniye Belediyesi’nden şenlik</title><link>https://haber.example/senlik-123456?utm_source=x&amp;a=1</link><guid isPermaLink="false">g1</guid><pubDate>Sun, 22 Nov 2026 10:00:00 +0300</pubDate>
<description>&lt;p&gt;İSTANBUL (DHA) - Ümraniye Belediyesi&amp;#8217;nin &lt;b&gt;şenliği&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;&lt;/p&gt;</description><dc:creator>Kim</dc:creator><source url="https://kaynak.example">Kaynak</source></item>
<item><title><![CDATA[İki & üç]]></title><link>/haber/2</link><content:encoded><![CDATA[<div>uzun</div>]]></content:encoded><dc:date>2026-11-21T08:00:00Z</dc:date></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/x/"><title>t</title><entry><title type="html">&lt;b&gt;Ümraniye Belediyesi&lt;/b&gt;</title><link rel="self" href="/s"/><link href="haber/1"/>
<id>tag:1</id><updated>2026-11-21T10:00:00Z</updated><summary type="text">a &lt;b&gt; c</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">x<br/>y</div></content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>r</title></channel><item rdf:about="https://r.example/1"><title>Ümraniye</title><link>https://r.example/1</link></item></rdf:RDF>"""
FEEDS: tuple[bytes, ...] = (
    RSS.encode(), ATOM.encode(), RDF.encode(), RSS.replace("utf-8", "windows-1254").encode("cp1254", "replace"), RSS.encode("utf-16"), RSS[:700].encode(), RSS.replace("&amp;", "&").replace("</item>", "", 1).encode(),
    b"\xef\xbb\xbf  \n" + RSS.encode(), b"<html><body>yok</body></html>",
)  # fmt: skip
HTML = """<!doctype html><html><head><base href="/x/"><link rel="alternate" type="application/rss+xml" title="B&uuml;lten" href="/rss.xml"><title>t</title><style>a{}</style></head><body><ul>
<li><a href="bulten-12.pdf" title="Sayı 12"><img alt="kapak"></a> 20.11.2026 <time datetime="2026-11-20">20 Kasım</time><li><a href='/2026/11/06/sayi-11?utm_source=x'>Sayı 11</a><p>6-11-2026</ul>
<table><tr><td><a href=bulten-10.pdf>Sayı&nbsp;10</a><td>30 Ekim 2026</table><a href="javascript:x()">yok</a><a href="https://wa.me/?x">paylaş</a><br><a href="b.pdf">Sayı 9</a> 01.10.2026<hr></body></html>"""
ARTICLES = {"articles": [{"url": "https://www.haber.example/a-1?x=1", "title": "Ümraniye Belediyesi : \\ şenlik", "seendate": "20261120T101500Z", "domain": "haber.example", "language": "Turkish", "sourcecountry": "Turkey", "socialimage": "x"}]}  # fmt: skip
GOOGLE = """<rss version="2.0"><channel><title>"Örnek" - Google News</title><item><title>Ümraniye Belediyesi şenlik - Haber</title><link>https://news.google.com/rss/articles/CBMi?oc=5</link><guid isPermaLink="false">CBMi</guid>
<pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate><description>&lt;a href="x"&gt;y&lt;/a&gt;</description><source url="https://www.haber.example">Haber</source></item></channel></rss>"""
ENTRY = {"id": "g1", "link": "https://haber.example/1", "title": "Ümraniye Belediyesi", "summary": "özet", "published": "2026-11-20T08:00:00Z", "source": "Haber", "source_url": "https://haber.example"}  # fmt: skip
ARCHIVED: dict[str, tuple[Platform, str]] = {
    "feed": (FEED, URL),
    "page": (PAGE, "https://ornek.example/bultenler"),
    "gdelt": (GDELT, "https://api.gdeltproject.org/api/v2/doc/doc?startdatetime=20261120000000&enddatetime=20261120001000&query=x"),
    "gnews": (GNEWS, "https://news.google.com/rss/search?q=x+after:2026-11-20+before:2026-11-21"),
    "agency": (AGENCY, "file:kasim.xlsx"),
}
BODIES: list[Any] = [
    {"kind": "feed", "entries": [{**ENTRY, "title": "Ümraniye Belediyesi g\ud83d\x07"}, {**ENTRY, "title": 5}]},
    {"kind": "page", "issues": [{"link": " ", "title": "Sayı 1"}, {"link": "https://a.example/\ud83d", "title": "\x1bSayı 2", "date": "31.12.9999"}]},
    {"kind": "feed", "feed": "t", "entries": [ENTRY], "gap": "none of the entries of the last poll are left", "first": True},
    {"kind": "gnews", "entries": [ENTRY]},
    {"kind": "page", "issues": [{"link": "https://ornek.example/b.pdf", "title": "Sayı 12", "date": "20.11.2026", "old": True}]},
    {"kind": "gdelt", **ARTICLES, "wanted_since": "2026-01-01T00:00:00Z"},
    {"kind": "agency", "file": "kasim.xlsx", "sha256": "ab", "columns": {}, "rows": [{"row": 2, "day": "2026-11-20", "at": "2026-11-20T10:00:00+03:00", "title": "Ümraniye", "outlet": "Haber", "url": "https://haber.example/1", "reach": 5}]},
]  # fmt: skip
MEMOS: list[Any] = [
    {"kind": "feed", "cursor": None, "memo": {"url": URL, "sha256": "x", "ids": ["aabbccddee"], "etag": '"e"', "modified": "Sun, 22 Nov 2026 10:00:00 GMT", "moved": "", "rhythm": {"rate": 0.5, "usual": 0.5, "asked": "2026-11-22T07:00:00Z", "newest": "2026-11-22T07:00:00Z"}}},
    {"kind": "page", "cursor": None, "memo": {"url": "https://ornek.example/bultenler", "title": r"Sayı (\d+)", "sha256": "x", "seen": ["aabbccddee"], "rows": ["aabbccddee"], "etag": '"e"', "moved": ""}},
    {"kind": "gdelt", "cursor": json.dumps({"windows": [["2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"]], "cut": 1}), "memo": {}},
    {"kind": "gnews", "cursor": json.dumps({"windows": [["2026-11-19T21:00:00Z", "2026-11-20T21:00:00Z"]], "cut": 0}), "memo": {}},
]  # fmt: skip
GOOD: Mapping[str, bytes] = {
    "feed": FEEDS[0],
    "page": HTML.encode(),
    "gdelt": json.dumps(ARTICLES).encode(),
    "gnews": GOOGLE.encode(),
}


def feed(body: bytes) -> None:
    """A feed's bytes, read strictly, with repairs, and tolerantly; the tolerant reader without its process."""
    with mock.patch.object(parsing, "read_tolerantly", _tolerantly):
        for kind in KINDS[:2] if len(body) > 5000 else KINDS:
            try:
                found = parsing.parse(body, kind, URL)
            except NoFeed as error:
                fit(str(error), "why it is no feed")
                continue
            whole(found)
            if len(found.entries) > 500:
                raise Broken("more than 500 items")
            for entry in found.entries:
                if (
                    max(map(len, (entry.id, entry.link, entry.source_url))) > 2000
                    or len(entry.title) > 300
                    or len(entry.summary) > 500
                ):
                    raise Broken("an entry that was not cut")


def _tolerantly(body: bytes, url: str, *, most_items: int, most_depth: int) -> dict[str, Any]:
    if len(body) > 20_000 or deepest(body) > most_depth:
        raise Unreadable("too large, or nested too deeply")
    try:
        return _parsed(body, url)
    except Exception:  # the process ends with it, and the answer is lost
        raise Unreadable("not repaired") from None


def polled(body: bytes) -> None:
    """The same bytes through the collector: archived, read, and polled once more."""
    with mock.patch.object(parsing, "read_tolerantly", _tolerantly):
        FEED.ask(body, headers={"ETag": '"x"', "Cache-Control": "max-age=99999999999"})


def tolerant(body: bytes) -> None:
    """What is not well-formed goes to feedparser in a process of its own."""
    try:
        whole(parsing.parse(body, "", URL))
    except NoFeed as error:
        fit(str(error), "why it is no feed")


def page(body: bytes) -> None:
    for kind in KINDS:
        for link in links(body, kind, "https://ornek.example/bultenler", seen=NOW):
            whole(link)
    with mock.patch.object(parsing, "read_tolerantly", _tolerantly):
        PAGE.ask(body)
    for found in _named(Answer("GET", URL, 200, {}, body, NOW)):
        whole(found)


def encoded(body: bytes) -> None:
    for kind in KINDS:
        clean = to_utf8(body, kind)
        fit(clean.decode().translate(dict.fromkeys(range(127, 160))), "a clean feed")
        if to_utf8(clean) != clean:
            raise Broken("clean bytes are cleaned once more")


def searched(body: bytes) -> None:
    with mock.patch.object(parsing, "read_tolerantly", _tolerantly):
        GNEWS.ask(body)


def archived(body: bytes) -> None:
    """A body as it stands in the archive; its `kind` says whose it is."""
    try:
        value = from_json(body)
        platform, url = ARCHIVED[value.pop("kind")]
    except (ValueError, LookupError, TypeError, AttributeError):
        return
    try:
        platform.read_archived(url, json.dumps(value, ensure_ascii=False).encode())
    except CollectError:
        raise Broken("an error of reading left the reader twice") from None


def remembered(body: bytes) -> None:
    try:
        kept = from_json(body)
        platform, cursor, memo = ARCHIVED[kept["kind"]][0], kept["cursor"], kept["memo"]
        good = GOOD[kept["kind"]]
    except (ValueError, LookupError, TypeError):
        return
    if (cursor is None or isinstance(cursor, str)) and isinstance(memo, dict) and SECRET not in repr(kept):
        platform.walk(next(iter(platform.streams)), good, memo=memo, given={}, cursor=cursor)


def _own(*seeds: Any) -> Callable[[], list[bytes]]:
    return lambda: [seed if isinstance(seed, bytes) else json.dumps(seed).encode() for seed in seeds]


def _recorded() -> list[bytes]:
    return recorded("feeds/**/*.*", 200)


TARGETS = (
    Target("feed", feed, _own(*FEEDS), "text", _recorded),
    Target("feed-polled", polled, _own(*FEEDS), "text", _recorded),
    Target("feed-process", tolerant, _own(FEEDS[6], FEEDS[0]), "bytes", _recorded, slow=True),
    Target("encoding", encoded, _own(*FEEDS), "bytes", _recorded),
    Target("page", page, _own(HTML.encode(), FEEDS[0], HTML.encode("cp1254")), "text"),
    Target(
        "gdelt",
        GDELT.ask,
        _own(ARTICLES, b"Your query was too short.", b"{}", b'{"articles": [{"url": "http://a.b/\\x"}]}'),
        "json",
    ),
    Target("gnews", searched, _own(GOOGLE.encode()), "text", lambda: recorded("feeds/google_news/*", 20)),
    Target("archived-press", archived, _own(*BODIES), "json"),
    Target("cursors-press", remembered, _own(*MEMOS), "json"),
)
