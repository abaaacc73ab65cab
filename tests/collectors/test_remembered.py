"""Cursors and memos as the database may give them back after an update or a slip: started again or forgotten, never a crash."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from collectors.base import Expired
from collectors.graph import Place
from collectors.graph_days import span
from collectors.remembered import cursor_day, cursor_of, day_of, days_of
from tests.collectors.x_walks import begun

FIRST, END = date(2026, 3, 1), date(2026, 4, 1)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "{}", '{"from": 5}', "[" * 50_000, '{"from": NaN}'], ids=lambda text: text[:12]
)
def test_a_cursor_that_is_none_starts_the_walk_again(text: str) -> None:
    with pytest.raises(Expired):
        cursor_of(text, {"from": str})


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_not_of_this_walk_starts_it_again(text: str) -> None:
    with pytest.raises(Expired):
        cursor_day(text, FIRST, END)
    assert cursor_day("2026-03-05", FIRST, END) == date(2026, 3, 5)


@pytest.mark.parametrize(
    "cursor", ["x", '{"after": 1, "size": 50, "seen": []}', '{"after": "a", "size": "50", "seen": []}', '{"after": "a"}']
)
def test_a_place_in_a_listing(cursor: str) -> None:
    with pytest.raises(Expired):
        Place.at(cursor, 50)
    assert Place.at(json.dumps({"after": "a", "size": 10**9, "seen": ["b"]}), 50) == Place("a", 50, ("b",))


@pytest.mark.parametrize("value", [None, 5, "soon", [], {}, True])
def test_a_memo_that_is_none_is_forgotten(value: Any) -> None:
    assert day_of(value, FIRST) == FIRST
    assert days_of(value) == days_of({"views": value}) == {}
    walk = begun("daily", memo={"unsettled": value})
    assert span(walk) == span(begun("daily"))
    assert days_of({"views": "2026-03-05"}) == {"views": date(2026, 3, 5)}
