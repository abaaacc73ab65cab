"""JSON from outside: what can't be stored, shown or counted is not in what is read of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model import Exchange, from_json, from_text, legible, of_our_times
from tests.fakes import NOON


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (r'{"text": "g\ud83d"}', {"text": "g\ufffd"}),  # an emoji that somebody cut in two
        (r'{"text": "\ud83d\ude00 \u0131"}', {"text": "😀 ı"}),
        (r'["a\u0000b\u001b[2J", "\u0085\n\t"]', ["ab[2J", "\n\t"]),
        (r'{"\ud800": {"\u0007x": 1}}', {"\ufffd": {"x": 1}}),
        ('["\x7f\x9bx"]', ["x"]),
        (b'["\xed\xa0\x80"]', ["\ufffd"]),
        (r'["\\u0000"]', ["\\u0000"]),
        ("[1.5, 12, true, null]", [1.5, 12, True, None]),
    ],
)
def test_texts_are_legible(raw: str | bytes, value: Any) -> None:
    assert from_json(raw) == value
    json.dumps(from_json(raw), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "raw",
    ["[NaN]", "[-Infinity]", "[1e999]", "[" * 100_000, f"[{'9' * 5000}]", b'["\xfe"]', "", "{]"],
    ids=lambda raw: repr(raw[:10]),
)
def test_what_is_no_json(raw: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(raw)


def test_an_archived_answer_is_read_as_it_was_when_it_came_in() -> None:
    body = rb'{"text": "g\ud83d"}'
    assert Exchange(NOON, "GET", "https://a.example", 200, body, len(body)).value == {"text": "g\ufffd"}


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_instant_before_the_first_year_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="year"):
        from_text(text)


@pytest.mark.parametrize("year", [1, 1969, 2200, 9999])
def test_a_year_that_nobody_means(year: int) -> None:
    with pytest.raises(ValueError, match=str(year)):
        of_our_times(NOON.replace(year=year))
    assert of_our_times(NOON) is NOON


def test_legible_keeps_every_letter() -> None:
    text = "İıŞşĞğÇçÖöÜü 😀 \u202e ₺\n"
    assert legible(text) is text or legible(text) == text


LETTERS = st.lists(
    st.sampled_from(["\ud83d", "\ude00", "\\", "u", "d83d", "de00", "\\ud83d", "ı", "\x1b", "\x7f", "\x9f", "\n", '"', "a", "😀"]),
    max_size=12,
).map("".join)


@given(LETTERS, st.booleans())
@example("\\ud83d\ude00", True)
@example("\ud83d\ud83d\ude00\ude00", True)
def test_nothing_illegible_is_overlooked_however_it_is_escaped(text: str, escaped: bool) -> None:
    raw = json.dumps([text], ensure_ascii=escaped)
    assert from_json(raw) == [legible(json.loads(raw)[0])]
    assert from_json(raw.encode("utf-8", "surrogatepass")) == from_json(raw)
