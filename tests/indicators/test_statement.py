"""A statement: every indicator's standing and the goal; what is missing makes it provisional, never 0."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from config.plan import ByHand, Level
from indicators.result import NO_DATA, NO_TARGET, NOT_COMPARED, OK, PROVISIONAL
from indicators.statement import Statement, state
from model import Period, Reading
from storage import Storage
from tests.indicators.standing import Archive, indicator, plan, store

EDGE = datetime(2026, 6, 30, 21, tzinfo=UTC)
YEAR = datetime(2026, 12, 31, 21, tzinfo=UTC)
AFTER = timedelta(days=12)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    archive = Archive(storage := store(tmp_path, "x:a"))
    archive.told("x:a", EDGE - timedelta(hours=1), readings=[Reading("followers", 150)])
    archive.told("x:a", YEAR - timedelta(hours=1), readings=[Reading("followers", 220)])
    return storage


def stated(storage: Storage, period: str, at: datetime, *, other: bool = False) -> Statement:
    level = indicator(Level(), kind="level", code="PG1", target=200, weight=60, baseline=Fraction(100), formula="(C-A)/(B-A)")
    more = [indicator(ByHand(), code="PG2", target=10, weight=40)] if other else []
    return state(storage, plan(level, *more), Period.parse(period), at)


def test_a_half_year_is_measured_against_the_year_and_told_beside_what_was_to_be_expected(storage: Storage) -> None:
    found = stated(storage, "2026-H1", EDGE + AFTER)
    one = found.standings[0]
    assert (one.performance, one.capped, one.contribution) == (Fraction(1, 2), Fraction(1, 2), Fraction(3, 10))
    assert (one.expected, one.band, one.status) == (Fraction(200), "behind", OK)
    assert (found.goal, found.status, found.lacking) == (Fraction(3, 10), OK, ())


def test_more_than_all_is_shown_and_counts_as_all(storage: Storage) -> None:
    found = stated(storage, "2026", YEAR + AFTER)
    one = found.standings[0]
    assert (one.performance, one.capped, one.band) == (Fraction(6, 5), Fraction(1), "exceeded")
    assert found.goal == Fraction(3, 5)


def test_an_unknown_indicator_makes_the_goal_provisional(storage: Storage) -> None:
    found = stated(storage, "2026", YEAR + AFTER, other=True)
    unknown = found.standings[1]
    assert (unknown.measured.value, unknown.performance, unknown.contribution, unknown.status) == (None, None, None, NO_DATA)
    assert (found.goal, found.status, found.lacking) == (Fraction(3, 5), PROVISIONAL, ("PG2",))


def test_nothing_known_is_no_goal(tmp_path: Path) -> None:
    found = stated(store(tmp_path, "x:a"), "2026", YEAR + AFTER)
    assert (found.goal, found.status) == (None, PROVISIONAL)


def test_a_running_period_is_provisional_and_knows_nothing_of_tomorrow(storage: Storage) -> None:
    found = stated(storage, "2026-H1", EDGE - timedelta(minutes=30))
    assert (found.standings[0].status, found.status) == (PROVISIONAL, PROVISIONAL)
    assert found.standings[0].measured.value == 150
    assert stated(storage, "2026-H1", EDGE - timedelta(hours=2)).standings[0].status == NO_DATA
    assert stated(storage, "2027-H1", EDGE).standings[0].status == NO_DATA


def test_a_second_half_year_is_never_compared_with_the_years_target(storage: Storage) -> None:
    found = stated(storage, "2026-H2", YEAR + AFTER)
    one = found.standings[0]
    assert (one.measured.value, one.performance, one.status) == (Fraction(220), None, NOT_COMPARED)
    assert (found.goal, found.status) == (None, OK)


def test_a_year_without_a_target(storage: Storage) -> None:
    at = datetime(2031, 6, 30, 20, 30, tzinfo=UTC)
    Archive(storage).told("x:a", at, readings=[Reading("followers", 230)])
    found = stated(storage, "2031-H1", at + AFTER)
    assert (found.standings[0].performance, found.standings[0].status) == (None, NO_TARGET)
