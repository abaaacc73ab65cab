"""Readings against a model so plain that it can't be wrong: the list of what was observed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from model import Account, Gap, Reading, Records, to_text
from storage import Storage, opened
from storage.readings import write_readings
from storage.schema import migrations
from tests.conftest import ISTANBUL
from tests.fakes import NOON

Seen: TypeAlias = tuple[int, int]  # minute, value

FLOW = date(2026, 3, 14)
OBSERVED = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), min_size=1, max_size=12)
ONCE_EACH = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 2)), min_size=1, max_size=12, unique_by=lambda seen: seen[0])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An empty store, as bytes."""
    connection = sqlite3.connect(tmp_path_factory.mktemp("template") / "mecra.db")
    migrations.apply(Database(connection))
    Storage(connection, ISTANBUL).register([Account("x:a", "x", "a")])
    return Template(connection.serialize())


class Template(bytes):
    """Not shown whole by a failing test."""

    def __repr__(self) -> str:
        return "<template>"


def emptied(template: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(template)
    return connection


def write(connection: sqlite3.Connection, seen: Seen, *, post: str | None = "p", day: date | None = None) -> int:
    at, value = seen
    return write_readings(connection, "x:a", [Reading("views", value, post, day)], NOON + timedelta(minutes=at), None)


def value_at(connection: sqlite3.Connection, minute: int) -> int | None:
    row = connection.execute(
        "SELECT value FROM readings WHERE at <= ? ORDER BY at DESC, reading DESC LIMIT 1",
        (to_text(NOON + timedelta(minutes=minute)),),
    ).fetchone()
    return None if row is None else int(row[0])


def table(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    return connection.execute("SELECT post, metric, day, value, at, until, fell FROM readings ORDER BY at, reading").fetchall()


def naive(observed: Sequence[Seen]) -> list[tuple[int, int, int, int]]:
    """(value, first, last, fell) in the order of time: one row as long as the value stays the same."""
    rows: list[tuple[int, int, int, int]] = []
    for at, value in observed:
        if rows and rows[-1][0] == value:
            rows[-1] = (value, rows[-1][1], at, rows[-1][3])
        else:
            rows.append((value, at, at, int(bool(rows) and value < rows[-1][0])))
    return rows


@given(OBSERVED)
def test_in_order_a_row_lasts_as_long_as_its_value(template: bytes, observed: list[Seen]) -> None:
    connection = emptied(template)
    in_order = sorted(observed, key=lambda seen: seen[0])
    new = sum(write(connection, seen) for seen in in_order)
    minute = timedelta(minutes=1)
    expected = [(v, to_text(NOON + a * minute), to_text(NOON + b * minute), fell) for v, a, b, fell in naive(in_order)]
    assert [row[3:] for row in table(connection)] == expected
    assert new == len(expected)


@given(ONCE_EACH)
def test_whatever_was_observed_is_answered_in_any_order_of_arrival(template: bytes, observed: list[Seen]) -> None:
    connection = emptied(template)
    for seen in observed:
        write(connection, seen)
    for at, value in observed:
        assert value_at(connection, at) == value, table(connection)
    assert value_at(connection, -1) is None


@given(ONCE_EACH)
def test_intervals_never_overlap_and_say_when_a_counter_fell(template: bytes, observed: list[Seen]) -> None:
    connection = emptied(template)
    for seen in observed:
        write(connection, seen)
    rows = table(connection)
    for before, after in pairwise(rows):
        assert str(before[5]) < str(after[4]), rows
    previous = None
    for row in rows:
        assert str(row[4]) <= str(row[5])
        assert row[6] == int(previous is not None and int(str(row[3])) < int(str(previous[3]))), rows
        previous = row
    last = max(observed)
    assert (rows[-1][3], rows[-1][5]) == (last[1], to_text(NOON + timedelta(minutes=last[0])))


@given(OBSERVED)
def test_a_second_identical_write_adds_no_row(template: bytes, observed: list[Seen]) -> None:
    connection = emptied(template)
    told = dict(observed)  # one value an instant: the same answer read again
    for seen in told.items():
        write(connection, seen)
    before = table(connection)
    for seen in told.items():
        assert write(connection, seen) == 0
    assert table(connection) == before


@given(OBSERVED)
def test_the_last_word_on_an_instant_counts(template: bytes, observed: list[Seen]) -> None:
    connection = emptied(template)
    for seen in sorted(observed, key=lambda seen: seen[0]):
        write(connection, seen)
    for at, value in dict(sorted(observed, key=lambda seen: seen[0])).items():
        assert value_at(connection, at) == value


def test_several_series_do_not_mix(template: bytes) -> None:
    connection = emptied(template)
    several = [
        Reading("views", 1, "p"), Reading("views", 2, "q"), Reading("views", 3), Reading("likes", 4, "p"),
        Reading("views", 5, "p", FLOW), Reading("views", 6, None, FLOW), Reading("views", 7, None, FLOW + timedelta(days=1)),
    ]  # fmt: skip
    assert write_readings(connection, "x:a", several, NOON, None) == 7
    later = NOON + timedelta(hours=1)
    assert write_readings(connection, "x:a", [*several[:3], Reading("likes", 0, "p"), *several[4:]], later, None) == 1
    rows = table(connection)
    assert {row[5] for row in rows if row[3] != 4} == {to_text(later)}
    assert [row for row in rows if row[6]] == [("p", "likes", None, 0, to_text(later), to_text(later), 1)]


def test_only_lifetime_counters_fall(template: bytes) -> None:
    """Followers go up and down, and a day's figure is corrected by its platform."""
    connection = emptied(template)
    for post, day in ((None, None), ("p", FLOW), (None, FLOW)):
        assert write(connection, (0, 9), post=post, day=day) == 1
        assert write(connection, (1, 3), post=post, day=day) == 1
    assert {row[6] for row in table(connection)} == {0}


def test_the_last_of_equal_rows_in_one_answer_counts(template: bytes) -> None:
    connection = emptied(template)
    assert write_readings(connection, "x:a", [Reading("views", 1, "p"), Reading("views", 2, "p")], NOON, None) == 1
    assert value_at(connection, 0) == 2


def test_a_value_beyond_64_bits_is_refused_whole(template: bytes) -> None:
    connection = emptied(template)
    with pytest.raises((OverflowError, sqlite3.Error)):
        write_readings(connection, "x:a", [Reading("views", 2**63, "p")], NOON, None)


def test_a_reading_fills_its_gap_and_no_other(tmp_path: Path) -> None:
    with opened(tmp_path / "m.db", ISTANBUL) as storage:
        storage.register([Account("x:a", "x", "a")])
        walk = storage.begin("x:a", "posts", since=NOON, now=NOON, trigger="t", memo={}, missed=0)
        from tests.storage.test_pages import exchange

        gaps = tuple(Gap("views", "not told", post, day) for post in ("p", None) for day in (FLOW, None))
        storage.save(walk, walk, [(exchange(), Records(gaps=gaps))])
        storage.save(walk, walk, [(exchange(), Records(readings=(Reading("views", 1, "p"),)))])
        assert _open(storage) == [("p", "2026-03-14"), (None, "2026-03-14"), (None, None)]
        storage.save(walk, walk, [(exchange(), Records(gaps=gaps[1:2]))])
        assert len(_open(storage)) == 4, "a gap that is there again is open again"
        assert storage.connection.execute("SELECT count(*) FROM gaps").fetchone() == (4,)


def _open(storage: Storage) -> list[tuple[str | None, str | None]]:
    return storage.connection.execute("SELECT post, day FROM gaps WHERE filled_at IS NULL ORDER BY gap").fetchall()
