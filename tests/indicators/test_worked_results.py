"""The worked results of the card, from stored entries to the printed goal: nothing is measured, everything was handed in."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

import words
from config.plan import Plan
from config.plan_file import load_plan
from indicators.result import NOT_COMPARED, OK
from indicators.statement import state
from model import Period
from storage import Storage
from storage.entries import Figure, approve, enter
from tests.indicators.standing import LATER, store
from tests.indicators.test_formulas import CARD, GOALS, REACHED, F

PLAN = Path(__file__).parents[2] / "config" / "plans" / "h7.2.toml"
NOW = datetime(2027, 1, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(PLAN)


def hand_in(storage: Storage, code: str, period: str, value: Fraction) -> None:
    number = enter(storage, Figure(code, Period.parse(period), value=value), by="Ayşe", at=NOW)
    approve(storage, number, by="Mehmet", at=NOW)


def reached(period: str) -> dict[str, tuple[Fraction, str]]:
    return {code: (F(row.split()[0]), row.split()[1]) for code, row in zip(CARD, REACHED[period], strict=True)}


@pytest.mark.parametrize("by_halves", [False, True])
@pytest.mark.parametrize("year", ["2025", "2026"])
def test_from_entries_to_the_printed_goal(tmp_path: Path, plan: Plan, year: str, by_halves: bool) -> None:
    storage = store(tmp_path, "x:umraniyebeltr")
    first, whole = reached(f"{year}-H1"), reached(year)
    for code, (kind, *_rest) in CARD.items():
        hand_in(storage, code, f"{year}-H1", first[code][0])
        if by_halves and kind == "flow":
            hand_in(storage, code, f"{year}-H2", whole[code][0] - first[code][0])
        else:
            hand_in(storage, code, year, whole[code][0])
    for period, figures in ((f"{year}-H1", first), (year, whole)):
        found = state(storage, plan, Period.parse(period), LATER)
        with words.speaking("tr"):
            for standing in found.standings:
                assert standing.performance is not None
                assert (standing.status, words.exactly(standing.performance * 100)) == (OK, figures[standing.code][1]), (
                    standing.code
                )
            assert found.goal is not None
            assert (found.status, words.exactly(found.goal * 100)) == (OK, GOALS[period])
    second = state(storage, plan, Period(int(year), 2), LATER)
    if by_halves:
        assert {s.status for s in second.standings if s.indicator.kind == "flow"} == {NOT_COMPARED}
