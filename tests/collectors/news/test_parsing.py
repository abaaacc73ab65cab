"""Bytes into entries: what the standards say, what outlets make of them, and what nobody should read."""

from __future__ import annotations

import sys
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.news.parsing import Entry, Feed, parse, plain
from collectors.news.tolerant import Unreadable, _parsed, deepest, read_tolerantly
from collectors.news.xmlfeed import NoFeed

URL = "https://haber.example/rss"


def rss(items: str, head: str = "") -> bytes:
    return f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Örnek</title>{head}{items}</channel></rss>'.encode()


def only(items: str, **options: str) -> Entry:
    (entry,) = parse(rss(items, **options), url=URL).entries
    return entry


def test_rss() -> None:
    feed = parse(rss(
        '<item><title>Bir</title><link>https://a.example/1</link><guid isPermaLink="false">g1</guid><pubDate>Mon, 23 Nov 2026 10:00:00 +0300</pubDate>'
        "<description>&lt;p&gt;Özet&lt;/p&gt;</description><author>x@y</author><source url='https://s.example'>Kaynak</source></item>"
    ), url=URL)  # fmt: skip
    assert feed == Feed(
        "Örnek",
        (Entry("g1", "https://a.example/1", "Bir", "Özet", "Mon, 23 Nov 2026 10:00:00 +0300", "Kaynak", "https://s.example"),),
    )


def test_atom() -> None:
    (entry,) = parse(
        b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/x/"><title>t</title><entry>
        <title type="html">&lt;b&gt;Bir&lt;/b&gt; &amp;amp; iki</title><link rel="self" href="/self"/><link rel="enclosure" href="/mp3"/>
        <link href="haber/1"/><id>tag:1</id><updated>2026-11-23T10:00:00Z</updated><published>2026-11-23T09:00:00Z</published>
        <summary type="text">a &lt;b&gt; c</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">x</div></content>
        <author><name>Kim</name></author></entry></feed>"""
    ).entries
    assert entry == Entry("tag:1", "https://a.example/x/haber/1", "Bir & iki", "a <b> c", "2026-11-23T09:00:00Z")


def test_rdf() -> None:
    (entry,) = parse(
        b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="x"><title>t</title></channel><item rdf:about="https://a.example/1"><title>Bir</title><link>https://a.example/1</link>
        <dc:date>2026-11-23</dc:date><dc:creator>Kim</dc:creator></item></rdf:RDF>"""
    ).entries
    assert entry == Entry("https://a.example/1", "https://a.example/1", "Bir", "", "2026-11-23")


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ("<link>/haber/1</link>", "https://haber.example/haber/1"),
        ("<link> https://a.example/1\n</link>", "https://a.example/1"),
        ("<link><![CDATA[https://a.example/?a=1&b=2]]></link>", "https://a.example/?a=1&b=2"),
        ("<link>https://a.example/?a=1&amp;amp;copy=2</link>", "https://a.example/?a=1&copy=2"),
        ("<link>https://a.example/?a=1&b=2</link>", "https://a.example/?a=1&b=2"),
        ("<guid>https://a.example/g</guid>", "https://a.example/g"),
        ('<guid isPermaLink="false">https://a.example/g</guid>', ""),
        ("<guid>https://a.example/g</guid><link>https://a.example/1</link>", "https://a.example/1"),
        ('<atom:link href="https://a.example/1"/>', "https://a.example/1"),
        ('<link/><atom:link rel="self" href="https://a.example/1"/>', ""),
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>file:///etc/passwd</link>", ""),
        ("<link>http://[broken</link>", ""),
    ],
)
def test_links(item: str, link: str) -> None:
    assert only(f"<item><title>t</title>{item}</item>").link == link


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Bir</p><p>iki</p>", "Bir iki"),
        ("Ü<b>mrani</b>ye", "Ümraniye"),
        ("a<br/>b", "a b"),
        ("5 < 10 > 3", "5 < 10 > 3"),
        ("&ldquo;x&rdquo; &#39;y&#39; &nbsp; z", "“x” 'y' z"),
        ("Belediyesi&#146;nden Belediyesi\x92nden", "Belediyesi’nden Belediyesi’nden"),
        ("<script>alert(1)</script>a<style>b{}</style><!-- c -->d", "a d"),
        ('kesik <a href="http', "kesik"),
        ("  çok \n boşluk\t ", "çok boşluk"),
    ],
)
def test_plain_text(markup: str, text: str) -> None:
    assert plain(markup) == text


@pytest.mark.parametrize("codec", ["latin-1", "cp1252"])
def test_text_that_was_encoded_twice(codec: str) -> None:
    text = "ğüşıöç İstanbul’da Âşık" if codec == "cp1252" else "ğüşıöç Âşık"
    assert plain(text.encode().decode(codec)) == text
    for innocent in ("Ümraniye’nin İĞÜŞÖÇ ğüşıöç", "â€", "naïve Ä", "kâğıt – “ş”"):
        assert plain(innocent) == innocent


def test_a_description_stands_before_the_text_of_the_article() -> None:
    both = only("<item><title>t</title><content:encoded>uzun metin</content:encoded><description>özet</description></item>")
    assert both.summary == "özet"
    assert only("<item><title>t</title><content:encoded>uzun metin</content:encoded></item>").summary == "uzun metin"
    assert len(only(f"<item><title>t</title><description>{'uzun ' * 1000}</description></item>").summary) == 500


@pytest.mark.parametrize(
    "spoilt",
    [
        "<item><title>Ümraniye & Şile</title><link>https://a.example/?a=1&b=2</link></item>",
        "<item><title>Ümraniye &amp; Şile</title><link>https://a.example/?a=1&b=2</link></item>",
        "<item><title>Ümraniye&nbsp;&amp; Şile</title><link>https://a.example/?a=1&amp;b=2</link></item>",
        "<item><title>&Uuml;mraniye &amp; &#350;ile</title><link>https://a.example/?a=1&amp;b=2</link></item>",
        "<item><title><![CDATA[Ümraniye & Şile]]></title><link>https://a.example/?a=1&b=2</link></item>",
        "<item><title>Ümraniye &amp; Şile</title><link>https://a.example/?a=1&amp;b=2</link><media:x/></item>",
        "<item><title>Ümraniye &amp; Şile</title><link>https://a.example/?a=1&amp;b=2</link></itm></item>",
    ],
)
def test_what_is_not_well_formed_is_read_all_the_same(spoilt: str) -> None:
    entry = parse(rss(spoilt), url=URL).entries[0]
    assert (entry.title, entry.link) == ("Ümraniye & Şile", "https://a.example/?a=1&b=2")


def test_junk_around_a_feed() -> None:
    whole = rss("<item><title>Bir</title></item>")
    for body in (
        b"\n\n" + whole,
        b"\xef\xbb\xbf" + whole,
        whole + b"\n<!-- 0.2 s -->",
        whole + b"Warning: mysql_close()",
        whole + whole,
    ):
        feed = parse(body)
        assert [entry.title for entry in feed.entries] == ["Bir"]
        assert not feed.half


def test_half_a_feed_gives_its_whole_entries() -> None:
    whole = rss("".join(f"<item><title>{n}</title><description><![CDATA[x]]></description></item>" for n in range(10)))
    for end in range(200, len(whole) - 1):
        feed = parse(whole[:end])
        assert feed.half
        assert [entry.title for entry in feed.entries] == [str(n) for n in range(whole[:end].count(b"</item>"))]


def test_no_more_than_five_hundred_items() -> None:
    feed = parse(rss("<item><title>x</title></item>" * 501))
    assert len(feed.entries) == 500
    assert feed.more
    assert not parse(rss("<item><title>x</title></item>" * 500)).more


def test_items_with_nothing_in_them_are_counted_and_dropped() -> None:
    feed = parse(rss("<item/><item><description>x</description></item><item><title>t</title></item>"))
    assert (len(feed.entries), feed.dropped) == (1, 2)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "an empty body"),
        (b" \n", "an empty body"),
        (b"<!DOCTYPE html><html><body>x</body></html>", "an HTML page"),
        (b"<!-- x -->\n<html><head></head></html>", "an HTML page"),
        (b'{"items": []}', "no XML"),
        (b"Service unavailable", "no XML"),
        (b"<opml><body/></opml>", "begins with <opml>"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><rss/>', "declares entities"),
        (b'<!-- <a> --><!DOCTYPE x [<!ENTITY a "b">]><rss><channel><title>&a;</title></channel></rss>', "declares entities"),
        (b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1/x"> %a;]><rss/>', "declares entities"),
        (b"<rss>" + b"<a>" * 200, "nested more than 100 deep"),
        (b"<rss></b>" + b"<a>" * 200, "nested more than 100 deep"),
        (b"<rss></b>" + b"x" * 2_000_000, "too large"),
        (b"<r></b></r>", "no feed"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, words: str) -> None:
    with pytest.raises(NoFeed, match=words):
        parse(body, url=URL)


def test_an_old_document_type_is_no_offence() -> None:
    head = b'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    body = rss("<item><title>G&uuml;n</title></item>")
    assert [entry.title for entry in parse(b'<?xml version="1.0"?>' + head + body).entries] == ["Gün"]


M = 5 * 2**20
HOSTILE = {
    "20,000 items": rss("".join(f"<item><title>{n}</title><link>https://a.example/{n}</link></item>" for n in range(20000))),
    "20,000 broken items": rss("<b>" + "".join(f"<item><title>{n}</b></title></item>" for n in range(20000))),
    "600 kB of nesting": rss("<item><title>x</title><description>" + "<b>" * 200_000),
    "nesting in CDATA": rss("<item><title>x</title><description><![CDATA[" + "<b>" * (M // 3) + "]]></description></item>"),
    "flat markup": rss("<item><title>x</title><description>" + "<b></b>" * (M // 7) + "</description></item>"),
    "flat elements": rss("<a/>" * (M // 4)),
    "ampersands": rss("<item><title>" + "&" * M + "</title></item>"),
    "less-thans": b"<" * M,
    "open tags": b"<a" * (M // 2),
    "open CDATA": b"<rss></b>" + b"<![CDATA[" * (M // 9),
    "open comments": b"<!--" * (M // 4),
    "comments": b"<!-- a --> " * (M // 11),
    "document types": b"<!DOCTYPE " * (M // 10),
    "attributes": b"<rss " + b" ".join(b'a%d=""' % n for n in range(300_000)) + b"/>",
    "broken markup": rss("</b><item><title>x</title><description>" + "&lt;a href='x'&gt;" * 60_000 + "</description></item>"),
    "blanks": b" " * M,
    "zeros": b"<" + b"\0" * M,
    "emoji": rss("<item><title>" + "😀" * (M // 4 - 100) + "</title></item>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_takes_more_work_than_it_has_bytes(name: str) -> None:
    """Work is counted in calls, not in seconds: a second is another one on each machine."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        feed = parse(HOSTILE[name], url=URL)
    except NoFeed as error:
        said = str(error)
    else:
        said = "a feed"
        assert len(feed.entries) <= 500
    finally:
        sys.setprofile(None)
    assert said
    assert calls < 2 * len(HOSTILE[name])


def test_the_tolerant_reader_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collectors.news.tolerant.SECONDS", -0.999)
    with pytest.raises(Unreadable, match="not repaired"):
        read_tolerantly(b"<rss></b></rss>", URL, most_items=5, most_depth=5)


def test_depth_is_counted_without_what_is_only_text() -> None:
    assert deepest(b"<a><b/><b></b><![CDATA[<c><c><c>]]><!-- <d> --></a>") == 2
    assert deepest(b"<a>" * 7) == 7


@given(st.binary(max_size=400))
@settings(deadline=None, max_examples=20)
def test_random_bytes_are_a_feed_or_none(body: bytes) -> None:
    for candidate in (body, b"<rss><channel>" + body, rss("<item><title>") + body):
        try:
            parse(candidate, url=URL)
        except NoFeed as error:
            assert str(error)


XML_TEXT = st.text(alphabet=st.sampled_from("abcde ABCDE 0123 ğüşıöçĞÜŞİÖÇâîû ’“”–… &<>;#'\"/!?-[]😀"), max_size=60)
ITEM = st.fixed_dictionaries({"title": XML_TEXT, "description": XML_TEXT, "link": st.integers(0, 9**9), "guid": XML_TEXT})


@given(st.lists(ITEM, max_size=5), st.booleans())
@settings(deadline=None, max_examples=60)
def test_both_readers_agree(items: list[dict[str, object]], cdata: bool) -> None:
    """What expat reads and what feedparser reads of a well-formed feed is the same."""

    def written(text: str) -> str:
        return f"<![CDATA[{text.replace(']]>', '')}]]>" if cdata else escape(escape(text))

    body = rss("".join(
        f"<item><title>{written(str(i['title']))}</title><description>{written(str(i['description']))}</description>"
        f"<link>https://a.example/{i['link']}</link><guid isPermaLink='false'>{escape(str(i['guid']))}</guid></item>" for i in items
    ))  # fmt: skip
    strict = parse(body, url=URL)
    loose = _parsed(body, URL)["items"]
    mine = [(e.link, e.title, e.summary) for e in strict.entries]
    theirs = [(item["link"], plain(item["title"])[:300], plain(item["summary"])[:500]) for item in loose]
    assert mine == theirs
