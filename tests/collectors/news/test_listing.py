"""Links with their names and dates, out of whatever HTML a page is written in; in bounded time, whatever the bytes are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.news.listing import MOST_LINKS, MOST_PIECES, Link, links

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PAGE = "https://www.belediye.example/tr/bulten"


def found(html: str | bytes, kind: str = "text/html") -> list[Link]:
    return links(html if isinstance(html, bytes) else html.encode(), kind, PAGE, seen=NOW)


def dates(html: str) -> dict[str, str]:
    return {link.url.rpartition("/")[2]: link.date for link in found(html)}


@pytest.mark.parametrize(
    "html",
    [
        '<ul><li><a href=112>a</a> <span>6 Mart 2026</span><li><a href=111>b</a> 27 Şubat 2026</ul>',
        '<ul><li>6 Mart 2026 <a href=112>a</a></li><li>27 Şubat 2026 <a href=111>b</a></li></ul>',
        '<div><div><img src=1><h3>a</h3><p><b>06</b> <i>Mart</i> <u>2026</u></p><a href="112">İncele</a></div>'
        '<div><h3>b</h3><p><b>27</b> <i>ŞUBAT</i> <u>2026</u></p><a href="111">İncele</a></div></div>',
        "<table><tr><td>6 Mart 2026<td><a href=112>a</a><tr><td>27 Şubat 2026<td><a href=111>b</a></table>",
        "<dl><dt>6 Mart 2026<dd><a href=112>a</a><dt>27 Şubat 2026<dd><a href=111>b</a></dl>",
        "<dl><dt>6 Mart 2026</dt><dd><a href=112>a</a></dd><dt>27 Şubat 2026</dt><dd><a href=111>b</a></dd></dl>",
        "<p><a href=112>a</a> 6 Mart 2026<br><a href=111>b</a> 27 Şubat 2026</p>",
        "<p><a href=112>a</a><br/>6 Mart 2026</p><p><a href=111>b</a><br/>27 Şubat 2026</p>",
        "<a href=112>a (6 Mart 2026)</a> <a href=111>b (27 Şubat 2026)</a>",
        "<DIV><A HREF='112'><IMG ALT='6 Mart 2026'></A></DIV><DIV><A HREF='111'>27 Şubat 2026</A></DIV>",
        '<article>6 Mart 2026 <a href="112"><img src=a></a> <a href="112">a</a> <a href="https://www.facebook.com/sharer.php?u=1">f</a>'
        '<a href="mailto:a@b.example">m</a> <a href="#top">^</a> <a href="javascript:void(0)">x</a></article>'
        '<article>27 Şubat 2026 <a href="111">b</a> <a href="https://twitter.com/intent/tweet?url=1">t</a></article>',
    ],
)  # fmt: skip
def test_a_date_is_that_of_the_item_it_stands_in(html: str) -> None:
    said = {url: date.replace("06 ", "6 ").replace("ŞUBAT", "Şubat") for url, date in dates(html).items()}
    assert said == {"112": "6 Mart 2026", "111": "27 Şubat 2026"}


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("06.03.2026", "06.03.2026"), ("6/3/2026", "6.3.2026"), ("06-03-2026", "06.03.2026"), ("2026-03-06", "2026-03-06"),
        ("06.03.2026 14:30", "06.03.2026 14:30"), ("6 Mart 2026, Cuma", "6 Mart 2026"), ("2-8 Mart 2026", "8 Mart 2026"),
        ("27 Şubat - 5 Mart 2026", "5 Mart 2026"), ("01.01.2030", ""), ("01.01.2030 06.03.2026", "06.03.2026"), ("5 yılda 2026", ""),
        ("112. sayı", ""), ("31.02.2026", ""), ("0216 2026 06.03", ""), ("6&nbsp;Mart&nbsp;2026", "6 Mart 2026"), ("6\n Mart\t2026", "6 Mart 2026"),
    ],
)  # fmt: skip
def test_dates_as_they_are_written(written: str, date: str) -> None:
    assert dates(f"<li><a href=1>x</a> <i>{written}</i></li>") == {"1": date}


def test_a_machine_s_date_goes_before_a_person_s_and_the_address_comes_last() -> None:
    assert dates('<li><a href=1>x</a> <time datetime="2026-03-06T10:00:00+03:00">geçen cuma, 1 Mart 2026</time></li>') == {
        "1": "2026-03-06T10:00:00+03:00"
    }
    assert dates("<a href=/2026/03/06/x>a</a><a href=/b-06.03.2026.pdf>b</a><a href=/2026/03/c>c</a><a href=/20260306d>d</a>") == {
        "x": "2026-03-06", "b-06.03.2026.pdf": "06.03.2026", "c": "", "20260306d": "",
    }  # fmt: skip


def test_a_page_s_own_date_is_no_issue_s() -> None:
    long = "Bülten arşivi. " * 60
    assert dates(f"<body>Bugün 23 Kasım 2026<main><ul><li><a href=1>x</a></ul></main>{long}</body>") == {"1": ""}
    assert dates("<ul>Güncelleme: 1 Kasım 2026<li><a href=1>x</a><li><a href=2>y</a></ul>") == {"1": "", "2": ""}


def test_names_are_those_of_the_link_and_of_its_item() -> None:
    [link] = found('<div><h3>Örnek &amp; 7/24, Sayı 112</h3> <a href="/b/112.pdf?utm_source=x" title="PDF">İncele</a></div>')
    assert link.url == "https://www.belediye.example/b/112.pdf?utm_source=x"
    assert link.names == ("PDF", "İncele", "Örnek & 7/24, Sayı 112 İncele")


def test_one_page_one_link_however_often_it_is_named() -> None:
    assert [link.url for link in found("<a href=/b/1>a</a><a href=/b/1/>b</a><a href=/b/1?utm_source=x>c</a>")] == [
        "https://www.belediye.example/b/1"
    ]
    assert (
        found('<a href="/tr/bulten">bu sayfa</a><a href="">boş</a><a href="ftp://x/y">f</a><a>yok</a><a href="http://[">x</a>')
        == []
    )


def test_a_base_and_an_encoding_of_its_own() -> None:
    html = (
        '<html><head><meta charset="windows-1254"><base href="https://arsiv.example/b/"></head><a href="1">Ümraniye’nin Sayısı</a>'
    )
    assert found(html.encode("cp1254")) == [Link("https://arsiv.example/b/1", ("Ümraniye’nin Sayısı",))]


def test_what_is_not_shown_is_not_read() -> None:
    assert found('<script>document.write("<a href=1>x</a>")</script><!-- <a href=2>y</a> --><style>a{}</style>') == []


HOSTILE = (
    "<a ",
    "<div>",
    "<a href=x>",
    "<",
    '<a href="',
    "<p>06.03.2026 ",
    "</a>",
    "<!--",
    "<li><a href=x>",
    "&amp;",
    "<div><br>",
    "<script",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_bytes_end(piece: str) -> None:
    """As many as may come in. Counted, not timed: see MOST_PIECES."""
    assert len(found(piece * (5 * 2**20 // len(piece)))) <= MOST_LINKS


def test_more_links_than_anybody_lists() -> None:
    assert len(found("".join(f"<a href={n}>x</a>" for n in range(MOST_LINKS + 50)))) == MOST_LINKS
    assert len(found("<b>" * MOST_PIECES + "<a href=1>x</a>")) == 0


@given(st.lists(st.sampled_from(["<li>", "</li>", "<ul>", "</ul>", "<a href=1>", "<a href=2>", "</a>", "<br>", "<dt>", "<dd>", "</dt>", "<td>", "<tr>", "</p>", "<p>", "6 Mart 2026", "x", "<"])))  # fmt: skip
def test_any_nesting_is_read(pieces: list[str]) -> None:
    assert {link.url.rpartition("/")[2] for link in found("".join(pieces))} <= {"1", "2"}


@given(st.binary(max_size=300))
def test_any_bytes_are_read(body: bytes) -> None:
    found(body)
