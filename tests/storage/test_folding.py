"""Searching: Python and SQL fold alike, and letters that Turkish keeps apart are found by their neighbours."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.folding import LONGEST, MOST, PAIRS, folded, folded_sql, words_of

CONNECTION = sqlite3.connect(":memory:")
LETTERS = st.sampled_from(
    [*"abcçdefgğhıijklmnoöprsştuüvyzABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZâîûÂÎÛ", *(letter for letter, _ in PAIRS), " ", "ß", "é", "Ж"]
)


@given(st.one_of(st.text(LETTERS), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_python_and_sql_fold_alike(text: str) -> None:
    assert CONNECTION.execute(f"SELECT {folded_sql('t')} FROM (SELECT ? AS t)", (text,)).fetchone()[0] == folded(text)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("ÜMRANİYE IŞIKLARI", "umraniye isiklari"),
        ("Ümraniye ışıkları", "ÜMRANİYE IŞIKLARI"),
        ("I\u0307stanbul", "istanbul"),
        ("u\u0308mraniye s\u0327enlig\u0306i", "Ümraniye şenliği"),
        ("Kâğıt, Çöp ve Öğüt", "kagit, cop ve ogut"),
    ],
)
def test_turkish(text: str, typed: str) -> None:
    assert folded(text) == folded(typed)


def test_a_search_is_a_few_words() -> None:
    assert words_of("  Çok   ÇOK cok\tışıl ") == ("cok", "isil")
    assert words_of("") == words_of(" \u0307 ") == ()
    assert len(words_of(" ".join(map(str, range(100))))) == MOST
    assert max(map(len, words_of("a" * 10_000))) == LONGEST
