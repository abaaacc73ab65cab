"""Turkish letters come through, whatever the bytes are said to be (facts: yt_news 16.2)."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collectors.news.encoding import to_utf8

TITLE = "Ümraniye Belediyesi’nden ışıl ışıl Şile yolu İÇİN ğ"


def feed(declared: str = "", title: str = TITLE) -> str:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return f'{declaration}<rss version="2.0"><channel><title>{title}</title></channel></rss>'


@pytest.mark.parametrize(
    "declared", ["", "utf-8", "windows-1254", "iso-8859-9", "iso-8859-1", "windows-1252", "us-ascii", "x-unknown"]
)
@pytest.mark.parametrize("written", ["utf-8", "utf-8-sig", "cp1254"])
def test_whatever_is_declared(declared: str, written: str) -> None:
    clean = to_utf8(feed(declared).encode(written)).decode()
    assert f"<title>{TITLE}</title>" in clean
    assert "encoding" not in clean or 'encoding="utf-8"' in clean


@pytest.mark.parametrize("written", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings(written: str) -> None:
    assert TITLE in to_utf8(feed(written).encode(written)).decode()


def test_the_header_is_asked_where_the_bytes_are_foreign() -> None:
    body = feed(title="Новости района").encode("koi8-r")
    assert "Новости района" in to_utf8(body, "text/xml; charset=koi8-r").decode()
    assert "Новости района" in to_utf8(feed("windows-1251", "Новости района").encode("cp1251")).decode()
    assert TITLE in to_utf8(feed().encode("cp1254"), "text/xml; charset=utf-8").decode()


def test_one_letter_cut_in_the_middle_does_not_spoil_the_rest() -> None:
    body = feed("utf-8").encode() + "kesik ü".encode()[:-1] + b"</x>"
    assert TITLE in to_utf8(body).decode()


def test_nothing_that_xml_forbids_is_left() -> None:
    clean = to_utf8(codecs.BOM_UTF8 + b"\n\n \x00" + feed("utf-8", "a\x03b").encode())
    assert clean.startswith(b"<?xml")
    assert b"<title>ab</title>" in clean


def test_dangerous_codecs_are_never_used() -> None:
    for name in ("utf-7", "unicode_escape", "idna", "punycode", "zlib", "hex", "rot13", "undefined"):
        assert to_utf8(feed(name).encode("cp1254")).decode().count("Ümraniye") == 1


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_become_text_once(body: bytes, content_type: str) -> None:
    text = to_utf8(body, content_type).decode()
    assert not set(text) & set("\0\x01\x08\x0b\x1f\ufffe\uffff")
    assert to_utf8(text.encode()).decode() == text


@given(st.text(alphabet=st.characters(codec="cp1254"), max_size=100))
@example("windows-1254")
def test_every_text_of_the_code_page_comes_back(text: str) -> None:
    body = feed("windows-1254", "ğüşıöç " + "".join(c for c in text if c.isprintable())).encode("cp1254")
    assert to_utf8(body).decode() == body.decode("cp1254").replace("windows-1254", "utf-8", 1)
