"""One key for the forms of one page, different keys for different pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collectors.news.urls import outlet_names, outlet_of, url_key

PAGE = "haber.example/gundem/1975469"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.haber.example/gundem/su-baskini-1975469.html",
        "http://haber.example/gundem/su-baskini-1975469.html?utm_source=rss&utm_medium=feed",
        "https://m.haber.example/gundem/su-baskini-1975469.html/",
        "https://mobile.haber.example/gundem/su-baskini-1975469.html?fbclid=1&gclid=2",
        "http://haber.example/gundem/su-baskini-1975469.html/amp",
        "https://www.haber.example/amp/gundem/su-baskini-1975469.html",
        "https://amp.haber.example/gundem/su-baskini-1975469",
        "https://WWW.Haber.Example:443//gundem/./x/../yeni-baslik-1975469.html?m=1#yorumlar",
        "https://haber-example.cdn.ampproject.org/c/s/www.haber.example/amp/gundem/su-baskini-1975469.html",
        "https://www.google.com/url?url=https%3A%2F%2Fhaber.example%2Fgundem%2Fsu-baskini-1975469.html",
    ],
)
def test_the_forms_of_one_page_have_one_key(url: str) -> None:
    assert url_key(url) == PAGE


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://blog.example/?p=123&utm_source=x", "blog.example?p=123"),
        ("https://eski.example/haber.asp?haberID=5", "eski.example/haber.asp?haberID=5"),
        ("https://x.example/?n=2&h=1", "x.example?h=1&n=2"),
        ("https://www.hurriyet.com.tr/gundem/baska-baslik-43000882", "hurriyet.com.tr/43000882"),
        ("https://www.milliyet.com.tr/gundem/a-b-7478236", "milliyet.com.tr/7478236"),
        ("https://www.yeniakit.com.tr/haber/a-b-1975469.html", "yeniakit.com.tr/1975469"),
        ("https://www.sozcu.com.tr/a-b-p256394", "sozcu.com.tr/256394"),
        ("https://www.haberler.com/guncel/a-b-18012345-haberi/", "haberler.com/18012345"),
        ("https://x.example/burclar-23112026", "x.example/burclar-23112026"),
        ("https://x.example/burclar-20261123.html", "x.example/burclar-20261123.html"),
        ("https://x.example/2026-butcesi", "x.example/2026-butcesi"),
        ("https://ümraniye.example/a", "xn--mraniye-m2a.example/a"),
        ("https://x.example/%C5%9Fi%C5%9Fli", "x.example/%C5%9Fi%C5%9Fli"),
        ("https://x.example/şişli", "x.example/%C5%9Fi%C5%9Fli"),
        ("https://x.example:8443/a", "x.example:8443/a"),
        ("", ""),
        ("http://[broken/a", "http://[broken/a"),
    ],
)
def test_what_tells_pages_apart_stays(url: str, key: str) -> None:
    assert url_key(url) == key


def test_two_stories_of_one_day_are_two() -> None:
    assert url_key("https://x.example/a-20261123") != url_key("https://x.example/b-20261123")
    assert url_key("https://x.example/video/a-1234567") != url_key("https://x.example/haber/a-1234567")


URLS = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}://{}/{}?{}".format,
        st.sampled_from(["http", "https", "HTTP"]),
        st.from_regex(r"(www\.|m\.|amp\.){0,3}[a-zğüşöçıİ0-9.-]{1,20}", fullmatch=True),
        st.text(alphabet="abc/%-.0123456789ğ é&#", max_size=40),
        st.text(alphabet="abcmp=&%utm_0123ş+", max_size=30),
    ),
)


@given(URLS)
@example("/google.com///url?url=https://a.b/c")
def test_the_key_of_a_key_is_itself(url: str) -> None:
    assert url_key(url_key(url)) == url_key(url)


def test_an_outlet_is_named_by_its_host_or_its_parents(tmp_path: Path) -> None:
    names = tmp_path / "feeds.toml"
    feed = '[[feed]]\noutlet = "Haber"\nurl = "https://www.haber.example/rss"\n'
    names.write_text(feed + '[hosts]\n"alt.haber.example" = "Alt Haber"\n', encoding="utf-8")
    assert outlet_of("https://www.haber.example/x", names) == "Haber"
    assert outlet_of("https://rss.haber.example/x", names) == "Haber"
    assert outlet_of("http://m.alt.haber.example/x", names) == "Alt Haber"
    assert outlet_of("https://www.yeni.example/x", names) == "yeni.example"


def test_the_shipped_list_names_its_outlets() -> None:
    assert outlet_of("https://www.hurriyet.com.tr/gundem/x-1") == "Hürriyet"
    assert outlet_of("https://www.haberler.com/x") == "Haberler.com"
    assert len(outlet_names()) > 60
