"""Figures by hand: they stand in where the plan lets them, from their approval on, and are always told apart from the measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from config.plan import ByHand, Indicator, Level
from indicators import by_hand
from indicators.asked import Asked
from indicators.by_hand import resolve
from indicators.result import NO_DATA, OK, PROVISIONAL, Measured, Part
from indicators.statement import state
from model import Period, Reading
from storage import Storage
from storage.entries import Figure, approve, enter
from storage.evidence import evidence
from tests.indicators.standing import LATER, Archive, asked, indicator, plan, store
from words import Note

NOON = datetime(2027, 1, 20, 9, tzinfo=UTC)
FLOW = indicator(ByHand(), code="PG1")
Measuring = Callable[..., None]


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return store(tmp_path, "x:a")


def by_two(storage: Storage, value: Fraction | int | None, period: str | None = None, *, at: datetime = NOON, **more: Any) -> int:
    figure = Figure("PG1", Period.parse(period) if period else None, value=value, **more)
    number = enter(storage, figure, by="Ayşe", at=at)
    approve(storage, number, by="Mehmet", at=at)
    return number


@pytest.fixture
def measuring(monkeypatch: pytest.MonkeyPatch) -> Measuring:
    """What measuring finds, by period: values (None: unknown), out of 10 account-days each, `covered` of them."""

    def found(covered: int = 10, **values: int | None) -> None:
        known = {name.replace("_", "-").removeprefix("y"): value for name, value in values.items()}

        def measure(asked: Asked) -> Measured:
            value = known.get(str(asked.period))
            days = covered if value is not None else 0
            lacks = () if days == 10 else (Note("lacking", {"period": str(asked.period)}),)
            return Measured(value, parts=(Part("x:a", value, asked=10, covered=days),), lacks=lacks, beside={"posts": 7})

        monkeypatch.setattr(by_hand, "measure", measure)

    return found


def said(measured: Measured) -> list[str]:
    return [note.said() for note in measured.notes]


def test_only_what_is_entered_and_approved_counts(storage: Storage) -> None:
    empty = resolve(asked(storage, FLOW, "2026-H1"))
    assert (empty.value, empty.status) == (None, NO_DATA)
    assert [note.said() for note in empty.lacks] == ["nothing that is approved was entered for 2026-H1"]
    file = evidence("mtm.pdf", b"26 issues")
    number = enter(storage, Figure("PG1", Period(2026, 1), value=26), by="Ayşe", at=NOON, evidence=file)
    waiting = resolve(asked(storage, FLOW, "2026-H1"))
    assert waiting.value is None and "entered" not in waiting.beside
    assert said(waiting) == [
        "entered by hand for 2026-H1, waits for a second person, not counted: 26 (entry 1; entered by Ayşe on 2027-01-20)"
    ]
    approve(storage, number, by="Mehmet", at=NOON + timedelta(days=1))
    found = resolve(asked(storage, FLOW, "2026-H1"))
    assert (found.value, found.coverage, found.status) == (Fraction(26), Fraction(1), OK)
    assert [(p.part, p.value, p.asked, p.covered) for p in found.parts] == [("entry:1", 26, 181, 181)]
    assert found.beside == {"entered": 26, "entries": [1], "measured": None}
    assert said(found) == [
        "entered by hand for 2026-H1: 26 (entry 1; entered by Ayşe on 2027-01-20, approved by Mehmet on 2027-01-21)",
        f"the file of entry 1 has SHA-256 {file.sha256[:12]}",
    ]


def test_an_approval_counts_from_its_instant_on(storage: Storage) -> None:
    number = enter(storage, Figure("PG1", Period(2026, 1), value=26), by="Ayşe", at=NOON)
    approve(storage, number, by="Mehmet", at=NOON + timedelta(hours=2))
    before, at = NOON + timedelta(hours=2, seconds=-1), NOON + timedelta(hours=2)
    assert resolve(asked(storage, FLOW, "2026-H1", at=NOON - timedelta(seconds=1))).notes == ()
    assert resolve(asked(storage, FLOW, "2026-H1", at=before)).value is None
    assert "waits for a second person" in said(resolve(asked(storage, FLOW, "2026-H1", at=before)))[0]
    assert resolve(asked(storage, FLOW, "2026-H1", at=at)).value == 26
    later = NOON + timedelta(days=3)
    by_two(storage, 27, "2026-H1", at=later, corrects=number)
    assert resolve(asked(storage, FLOW, "2026-H1", at=later - timedelta(seconds=1))).value == 26
    assert resolve(asked(storage, FLOW, "2026-H1", at=later)).value == 27


@pytest.mark.parametrize(
    ("way", "measured", "covered", "value", "parts", "status"),
    [
        ("fill", None, 0, 26, ["entry:1"], OK),
        ("fill", 20, 0, 26, ["entry:1"], OK),
        ("fill", 20, 4, 20, ["x:a"], PROVISIONAL),
        ("fill", 0, 10, 0, ["x:a"], OK),
        ("fill", 20, 10, 20, ["x:a"], OK),
        ("instead", 20, 10, 26, ["entry:1"], OK),
        ("instead", None, 0, 26, ["entry:1"], OK),
        ("never", 20, 10, 20, ["x:a"], OK),
        ("never", None, 0, None, ["x:a"], NO_DATA),
    ],
)
def test_where_an_entry_stands_in(
    storage: Storage,
    measuring: Measuring,
    way: str,
    measured: int | None,
    covered: int,
    value: int | None,
    parts: list[str],
    status: str,
) -> None:
    measuring(covered, y2026_H1=measured)
    by_two(storage, 26, "2026-H1")
    found = resolve(asked(storage, replace(FLOW, by_hand=way), "2026-H1"))
    assert (found.value, [part.part for part in found.parts], found.status) == (value, parts, status)
    if way == "never":
        assert found.notes == () and "entered" not in found.beside
    else:
        assert found.beside == {"posts": 7, "entered": 26, "entries": [1], "measured": measured}
        told = "entered by hand for 2026-H1: 26" if parts == ["entry:1"] else "entered by hand for 2026-H1, not counted: 26"
        assert any(note.startswith(told) for note in said(found))


def test_without_entries_the_measured_value_is_untouched(storage: Storage, measuring: Measuring) -> None:
    measuring(4, y2026_H1=20, y2026=50)
    for period in ("2026-H1", "2026"):
        found = resolve(asked(storage, replace(FLOW, by_hand="instead"), period))
        assert (found.value, found.status) == (Fraction(20 if period == "2026-H1" else 50), PROVISIONAL)
        assert ([part.part for part in found.parts], found.notes, found.beside) == (["x:a"], (), {"posts": 7})


def test_a_year_is_the_sum_of_an_entered_and_a_measured_half(storage: Storage, measuring: Measuring) -> None:
    measuring(8, y2026_H2=30, y2026=30)
    by_two(storage, 26, "2026-H1")
    found = resolve(asked(storage, FLOW, "2026"))
    assert (found.value, found.status, found.coverage) == (Fraction(56), PROVISIONAL, Fraction(18, 20))
    assert [(p.part, p.value, p.asked, p.covered) for p in found.parts] == [
        ("2026-H1 entry:1", 26, 10, 10),
        ("2026-H2 x:a", 30, 10, 8),
    ]
    assert [note.said() for note in found.lacks] == ["lacking"], "of the measured half alone"
    assert found.beside == {"posts": 7, "entered": 26, "entries": [1], "measured": 30}


def test_a_half_that_is_measured_stays_so_unless_the_plan_lets_entries_go_before(storage: Storage, measuring: Measuring) -> None:
    measuring(10, y2026_H1=20, y2026_H2=30, y2026=50)
    by_two(storage, 26, "2026-H1")
    assert resolve(asked(storage, FLOW, "2026")).value == 50
    assert resolve(asked(storage, FLOW, "2026")).beside == {"posts": 7, "entered": 26, "entries": [1], "measured": 50}
    found = resolve(asked(storage, replace(FLOW, by_hand="instead"), "2026"))
    assert (found.value, found.status) == (Fraction(56), OK)


def test_a_half_that_nobody_knows_keeps_the_year_provisional(storage: Storage) -> None:
    by_two(storage, 26, "2026-H1")
    found = resolve(asked(storage, FLOW, "2026"))
    assert (found.value, found.status, found.coverage) == (Fraction(26), PROVISIONAL, Fraction(181, 365))
    assert [(p.part, p.value) for p in found.parts] == [("2026-H1 entry:1", 26), ("2026-H2 -", None)]
    assert [note.said() for note in found.lacks] == ["2026-H2: neither measured nor entered"]
    by_two(storage, 25, "2026-H2")
    whole = resolve(asked(storage, FLOW, "2026"))
    assert (whole.value, whole.status, whole.coverage) == (Fraction(51), OK, Fraction(1))


def test_a_half_that_has_not_begun_lacks_nothing(storage: Storage) -> None:
    edge = datetime(2026, 6, 30, 20, 59, 59, tzinfo=UTC)
    by_two(storage, 26, "2026-H1", at=edge)
    assert resolve(asked(storage, FLOW, "2026", at=edge)).lacks == ()
    assert resolve(asked(storage, FLOW, "2026", at=edge + timedelta(seconds=1))).lacks != ()


def test_a_figure_for_the_year_goes_before_its_halves_and_says_where_they_differ(storage: Storage) -> None:
    by_two(storage, 26, "2026-H1")
    by_two(storage, 25, "2026-H2")
    by_two(storage, 53, "2026")
    found = resolve(asked(storage, FLOW, "2026"))
    assert (found.value, [part.part for part in found.parts]) == (Fraction(53), ["entry:3"])
    assert said(found)[0] == "what was entered for the halves of 2026 adds up to 51"
    assert sum("not counted" in note for note in said(found)) == 2
    assert resolve(asked(storage, FLOW, "2026-H1")).value == 26


@pytest.mark.parametrize("figure", [{"day": date(2026, 12, 31)}, {"period": Period(2026, 2)}, {"period": Period(2026)}])
def test_a_level_is_that_of_the_last_day(storage: Storage, figure: dict[str, Any]) -> None:
    level = indicator(Level(), kind="level", code="PG1")
    number = enter(storage, Figure("PG1", value=243_750, **figure), by="Ayşe", at=NOON)
    approve(storage, number, by="Mehmet", at=NOON)
    for period in ("2026-H2", "2026"):
        found = resolve(asked(storage, level, period))
        assert (found.value, found.status, found.beside["entered"]) == (Fraction(243_750), OK, 243_750)
        assert "x:a: never read up to the edge" in said(found)
    assert resolve(asked(storage, level, "2026-H1")).value is None


def test_a_level_that_was_read_keeps_what_was_entered_beside(storage: Storage) -> None:
    Archive(storage).told("x:a", datetime(2026, 6, 30, 20, tzinfo=UTC), readings=[Reading("followers", 150)])
    by_two(storage, 200, "2026-H1")
    found = resolve(asked(storage, indicator(Level(), kind="level", code="PG1"), "2026-H1"))
    assert (found.value, found.status) == (Fraction(150), OK)
    assert (found.beside["entered"], found.beside["measured"]) == (200, 150)


def test_a_ratio_is_entered_in_percent_and_exact(storage: Storage) -> None:
    ratio = indicator(ByHand(), kind="ratio", code="PG1")
    by_two(storage, Fraction("96.4"), "2025-H1")
    by_two(storage, 95, "2026-H1")
    found = resolve(asked(storage, ratio, "2025-H1"))
    assert (found.numerator, found.denominator, found.value) == (964, 1000, Fraction(241, 250))
    assert found.beside["entered"] == "241/250" and ": 96.4% (" in said(found)[0]
    assert resolve(asked(storage, ratio, "2026-H1")).value == Fraction(95, 100)
    assert resolve(asked(storage, ratio, "2026")).value is None, "halves of a ratio do not add up"
    assert state(storage, plan(ratio), Period(2025, 1), LATER).standings[0].performance == Fraction(964, 1000)


def test_corrections_replace_in_a_chain_and_a_withdrawal_leaves_nothing(storage: Storage) -> None:
    first = by_two(storage, 20, "2026-H1")
    second = by_two(storage, 21, "2026-H1", corrects=first)
    third = enter(storage, Figure("PG1", Period(2026, 1), value=22, corrects=second), by="Ayşe", at=NOON)
    assert resolve(asked(storage, FLOW, "2026-H1")).value == 21
    approve(storage, third, by="Mehmet", at=NOON)
    assert resolve(asked(storage, FLOW, "2026-H1")).value == 22
    by_two(storage, None, corrects=third, withdraws=True)
    assert resolve(asked(storage, FLOW, "2026-H1")).value is None
    assert by_two(storage, 23, "2026-H1") == 5, "what was withdrawn makes room"
    assert resolve(asked(storage, FLOW, "2026-H1")).value == 23


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_approvals_is_no_matter(storage: Storage, order: tuple[int, ...]) -> None:
    numbers: list[int] = []
    for value in (20, 21, 22):
        before = numbers[-1] if numbers else None
        numbers.append(enter(storage, Figure("PG1", Period(2026, 1), value=value, corrects=before), by="Ayşe", at=NOON))
        if order[0] == 0 and value == 20:
            approve(storage, numbers[0], by="Mehmet", at=NOON)
    for index in order:
        try:
            approve(storage, numbers[index], by="Mehmet", at=NOON)
        except Exception as error:
            assert "corrected by" in str(error) or "already" in str(error)
    assert resolve(asked(storage, FLOW, "2026-H1")).value == 22


def test_another_indicator_and_issues_of_a_series_are_left_alone(storage: Storage, measuring: Measuring) -> None:
    measuring(0)
    other = enter(storage, Figure("PG9", Period(2026, 1), value=99), by="Ayşe", at=NOON)
    approve(storage, other, by="Mehmet", at=NOON)
    by_two(storage, None, day=date(2026, 3, 6), number="112")
    found = resolve(asked(storage, FLOW, "2026-H1"))
    assert (found.value, found.notes) == (None, ())


def test_two_of_one_period_never_add_up(storage: Storage) -> None:
    """They can't be entered; a copied row must not double a figure."""
    by_two(storage, 26, "2026-H1")
    storage.connection.execute(
        "INSERT INTO entries (indicator, period, value, entered_by, entered_at, approved_by, approved_at) "
        "SELECT indicator, period, 27, entered_by, entered_at, approved_by, approved_at FROM entries"
    )
    found = resolve(asked(storage, FLOW, "2026-H1"))
    assert found.value == 27
    assert "entries 1, 2 are all of 2026-H1: the last one counts" in said(found)


def test_a_row_touched_later_has_another_digest(storage: Storage) -> None:
    by_two(storage, 26, "2026-H1", note="as printed")
    before = resolve(asked(storage, FLOW, "2026-H1")).parts[0].digest
    assert before == resolve(asked(storage, FLOW, "2026-H1")).parts[0].digest
    storage.connection.execute("DROP TRIGGER entries_stay")
    storage.connection.execute("UPDATE entries SET note = 'another'")
    assert resolve(asked(storage, FLOW, "2026-H1")).parts[0].digest != before


def test_the_goal_counts_what_was_entered(storage: Storage) -> None:
    by_two(storage, 26, "2026-H1")
    found: Indicator = indicator(ByHand(), code="PG1", target=52)
    statement = state(storage, plan(found), Period(2026, 1), LATER)
    assert (statement.goal, statement.status) == (Fraction(1, 2), OK)
