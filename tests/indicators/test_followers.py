"""Followers at an edge: the last reading at or before it, each account's apart; one that was never read is unknown, never 0."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.plan import Level, Scoped
from indicators import measure
from indicators.result import NO_DATA, OK, PROVISIONAL
from model import Reading
from tests.indicators.standing import Archive, asked, indicator, store

EDGE = datetime(2026, 6, 30, 21, tzinfo=UTC)
PG = indicator(Level(), kind="level", target=1000)


def followers(value: int, *, exact: bool = True) -> list[Reading]:
    return [Reading("followers", value, exact=exact)]


def test_the_last_reading_at_or_before_the_edge(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a", "facebook:b"))
    archive.told("x:a", EDGE - timedelta(days=200), readings=followers(70))
    archive.told("x:a", EDGE - timedelta(hours=1), readings=followers(100))
    archive.told("x:a", EDGE + timedelta(seconds=1), readings=followers(999))
    archive.told("facebook:b", EDGE, readings=followers(30, exact=False))
    found = measure(asked(storage, PG, "2026-H1"))
    assert (found.value, found.coverage, found.status) == (Fraction(130), Fraction(1), OK)
    assert [(p.part, p.value, p.closed_at) for p in found.parts] == [
        ("facebook:b", 30, "2026-06-30T21:00:00Z"),
        ("x:a", 100, "2026-06-30T20:00:00Z"),
    ]
    assert [note.said() for note in found.notes] == ["facebook:b: the platform rounds this number"]
    assert found.beside == {"growth": {"x": {"opening": 70, "closing": 100}}}


@pytest.mark.parametrize("gone", ["x:a", "facebook:b", "youtube:c"])
def test_an_account_without_a_reading_is_unknown_and_never_nothing(tmp_path: Path, gone: str) -> None:
    keys = {"x:a", "facebook:b", "youtube:c"}
    archive = Archive(storage := store(tmp_path, *keys))
    for key in keys - {gone}:
        archive.told(key, EDGE - timedelta(hours=1), readings=followers(10))
    found = measure(asked(storage, PG, "2026-H1"))
    assert (found.value, found.coverage, found.status) == (Fraction(20), Fraction(2, 3), PROVISIONAL)
    assert [note.values["account"] for note in found.lacks] == [gone]
    assert [part.value for part in found.parts if part.part == gone] == [None]


def test_nothing_read_is_no_data(tmp_path: Path) -> None:
    found = measure(asked(store(tmp_path, "x:a"), PG, "2026-H1"))
    assert (found.value, found.status) == (None, NO_DATA)


def test_a_stale_reading_counts_and_says_so(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a"))
    archive.told("x:a", EDGE - timedelta(days=10), readings=followers(70))
    found = measure(asked(storage, PG, "2026-H1"))
    assert (found.value, found.coverage, found.status) == (Fraction(70), Fraction(0), PROVISIONAL)
    assert found.lacks[0].said() == "x:a: last read on 2026-06-21, 9 days before the edge"


def test_the_plan_says_who_counts_and_when(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a", "x:over", "x:next"))
    for key in ("x:a", "x:over", "x:next"):
        archive.told(key, EDGE - timedelta(hours=1), readings=followers(10))
    scope = [Scoped("x:a"), Scoped("x:over", until=date(2026, 6, 29)), Scoped("x:next", since=date(2026, 7, 1)), Scoped("x:nobody")]
    found = measure(asked(storage, PG, "2026-H1", scope=scope))
    assert [(part.part, part.value) for part in found.parts] == [("x:a", 10), ("x:nobody", None)]


def test_what_came_later_is_not_known(tmp_path: Path) -> None:
    """A statement of the first of July, taken again in August: the same, though an earlier reading was handed in since."""
    archive = Archive(storage := store(tmp_path, "x:a"))
    archive.told("x:a", EDGE - timedelta(hours=9), readings=followers(70))
    then = asked(storage, PG, "2026-H1", at=EDGE + timedelta(days=1))
    before = measure(then)
    archive.told("x:a", EDGE + timedelta(days=30), readings=followers(70))
    assert measure(then) == before
    archive.told("x:a", EDGE + timedelta(days=31), readings=followers(50))
    assert measure(then) == before


READ = st.tuples(st.sampled_from(["x:a", "facebook:b"]), st.integers(-400, 20), st.integers(0, 5))


@given(st.lists(READ, max_size=12), st.randoms())
def test_the_order_of_collection_never_matters(
    tmp_path_factory: pytest.TempPathFactory, read: list[tuple[str, int, int]], order: object
) -> None:
    """Each account's readings in any order among the others', some twice: readings of one instant are one."""
    once = {(key, hour): value for key, hour, value in read}
    moments = sorted(once, key=lambda one: one[1])
    shuffled = [*moments]
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    by_account = sorted(shuffled + shuffled[:3], key=lambda one: one[0])

    def value(sequence: list[tuple[str, int]]) -> object:
        archive = Archive(storage := store(tmp_path_factory.mktemp("db"), "x:a", "facebook:b"))
        for key, hour in sequence:
            archive.told(key, EDGE + timedelta(hours=hour), readings=followers(once[key, hour]))
        found = measure(asked(storage, PG, "2026-H1"))
        storage.connection.close()
        return found.value, {part.part: part.value for part in found.parts}

    assert (
        value(moments)
        == value(sorted(by_account, key=lambda one: one[1]))
        == value([*sorted((m for m in moments if m[0] == "x:a"), key=lambda one: one[1]), *(m for m in moments if m[0] != "x:a")])
    )
