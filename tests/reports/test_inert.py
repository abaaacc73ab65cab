from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.inert import MOST, defused, inert

ANY = st.text(st.characters(), max_size=80)  # lone surrogates too
BAD = {"Cc", "Cs"}


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Çağrı İĞÜŞÖÇ ığüşöç", "Çağrı İĞÜŞÖÇ ığüşöç"),
        ("I\u0307stanbul s\u0327u\u0308", "İstanbul şü"),
        ("bir\r\niki\tüç\u2028dört", "bir iki üç dört"),
        ("a\x00b\x1bc\x7fd\ufeffe\uffff\U0001ffff", "abcde"),
        ("son \ud800 söz", "son \ufffd söz"),
        ("\ud83d\ude00", "😀"),
        ("‮gnp.exe \u2066a\u2069\u200f", "gnp.exe a"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("مرحبا بالعالم", "مرحبا بالعالم"),
        ("<b>&amp;</b> =1+1", "<b>&amp;</b> =1+1"),
        ("e" + "\u0335" * 500, "e" + "\u0335" * 8),
    ],
)
def test_a_text_keeps_its_letters_and_loses_what_acts(text: str, cleaned: str) -> None:
    assert inert(text) == cleaned


def test_line_breaks_are_kept_where_asked() -> None:
    assert inert("bir\r\niki\rüç\x85dört\u2029beş", lines=True) == "bir\niki\nüç\ndört\nbeş"


@pytest.mark.parametrize(("text", "most"), [("a" * 10_000, 100), ("😀" * 60, 100), ("a\u200d" * 80, 100), ("ğ" * 99_999, MOST)])
def test_what_is_too_long_ends_in_an_ellipsis(text: str, most: int) -> None:
    short = inert(text, most)
    assert short.endswith("…")
    assert most - 4 < len(short.encode("utf-16-le")) / 2 <= most
    assert text.startswith(short[:-1])


@given(ANY, st.integers(2, 60))
def test_any_text_becomes_harmless_and_stays_so(text: str, most: int) -> None:
    cleaned = inert(text, most)
    assert len(cleaned.encode("utf-16-le")) <= 2 * most
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not {unicodedata.category(letter) for letter in cleaned} & BAD
    assert not any(
        unicodedata.bidirectional(letter) in ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI") for letter in cleaned
    )
    assert not any(ord(letter) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(letter) <= 0xFDEF for letter in cleaned)
    assert inert(cleaned, most) == cleaned


@pytest.mark.parametrize("text", ["=1+1", "+90 216", "-5", "@birisi", "=cmd|' /C calc'!A0", " =1", "＝1+1", "-\n=1"])
def test_a_formula_of_a_csv_cell_is_defused(text: str) -> None:
    assert defused(text) == "'" + text


@pytest.mark.parametrize("text", ["", "-", "–", "a=1", "%95,5", "22.465.660", "'=1"])
def test_no_other_cell_is_touched(text: str) -> None:
    assert defused(text) == text
