"""The arithmetic of the monitoring tables against worked results: every figure as an exact fraction, and as it is printed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import words
from config.plan import Bands, ByHand, Indicator
from indicators.formulas import band, capped, expected, performance, year_share
from model import Period

F = Fraction
YEARS = range(2025, 2030)
# code: kind, weight, A, targets of 2025 to 2029 (the card H7.2)
CARD = {
    "PG7.2.1": ("flow", 20, 11_617, (23_000, 24_000, 25_000, 26_000, 27_000)),
    "PG7.2.2": ("level", 20, 213_979, (227_000, 247_000, 267_000, 287_000, 297_000)),
    "PG7.2.3": ("flow", 10, None, (52,) * 5),
    "PG7.2.4": ("flow", 10, None, (52,) * 5),
    "PG7.2.5": ("ratio", 10, 95, (100,) * 5),
    "PG7.2.6": ("flow", 10, 968, (3_000, 3_200, 3_400, 3_500, 3_600)),
    "PG7.2.7": ("flow", 10, 7_839_999, (18_000_000, 20_000_000, 22_000_000, 23_000_000, 24_000_000)),
    "PG7.2.8": ("flow", 10, 283_350, (700_000, 800_000, 900_000, 1_000_000, 1_100_000)),
}
# What was reached (invented), and the performance as printed.
REACHED = {
    "2025-H1": ("11842 51,49", "219450 42,02", "25 48,08", "24 46,15", "96.4 96,4", "1612 53,73", "9315420 51,75", "341275 48,75"),
    "2025": ("24215 105,28", "229300 117,66", "51 98,08", "50 96,15", "97.2 97,2", "2874 95,8", "17652310 98,07", "655480 93,64"),
    "2026-H1": ("12530 52,21", "236800 69,11", "26 50", "26 50", "98.5 98,5", "1745 54,53", "10884700 54,42", "402615 50,33"),
    "2026": ("25110 104,63", "243750 90,16", "53 101,92", "52 100", "99.1 99,1", "3345 104,53", "21940050 109,7", "781900 97,74"),
}
GOALS = {"2025-H1": "53,19", "2025": "97,89", "2026-H1": "60,04", "2026": "97,72"}
UNCAPPED = {"2025-H1": "53,19", "2025": "102,48", "2026-H1": "60,04", "2026": "100,26"}
AGAINST_EXPECTED = {"2025-H1": "95,04", "2026-H1": "99,68"}
ROWS = [(period, code, *row.split()) for period, rows in REACHED.items() for code, row in zip(CARD, rows, strict=True)]


def indicator(code: str, **changes: object) -> Indicator:
    kind, weight, start, targets = CARD[code]
    given: dict[str, object] = {
        "baseline": None if start is None else F(start),
        "formula": "(C-A)/(B-A)" if kind == "level" else "C/B",
        **changes,
    }
    return Indicator(
        code, code, code, "adet", kind, F(weight), ByHand(), dict(zip(YEARS, map(F, targets), strict=True)), **given,  # type: ignore[arg-type]
    )  # fmt: skip


def raw(code: str, period: str, reached: str) -> Fraction:
    found = indicator(code)
    answer = performance(found, F(reached), found.targets[Period.parse(period).year])
    assert answer is not None
    return answer


@pytest.fixture(autouse=True)
def turkish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_chosen", ["tr"])


@pytest.mark.parametrize(("period", "code", "reached", "printed"), ROWS)
def test_each_worked_result(period: str, code: str, reached: str, printed: str) -> None:
    exact = raw(code, period, reached)
    start, target = CARD[code][2], CARD[code][3][Period.parse(period).year - 2025]
    by_hand = (F(reached) - F(start or 0)) / (target - F(start or 0)) if CARD[code][0] == "level" else F(reached) / target
    assert exact == by_hand
    assert words.exact_percent(exact) == f"%{printed}"


@pytest.mark.parametrize("period", REACHED)
def test_the_goal_is_the_sum_of_unrounded_shares(period: str) -> None:
    def total(count: bool) -> Fraction:
        shares = (
            (capped(indicator(code), raw(code, p, reached)) if count else raw(code, p, reached)) * CARD[code][1] / 100
            for p, code, reached, _ in ROWS
            if p == period
        )
        return sum(shares, F(0))

    assert words.exact_percent(total(True)) == f"%{GOALS[period]}"
    assert words.exact_percent(total(False)) == f"%{UNCAPPED[period]}"


@pytest.mark.parametrize("period", AGAINST_EXPECTED)
def test_half_a_year_against_what_it_should_have_reached(period: str) -> None:
    """A flow's half target, a level's half way from the last target (or the plan's start) to the next, a ratio's target."""
    total, when = F(0), Period.parse(period)
    for p, code, reached, _ in ROWS:
        if p != period:
            continue
        found = indicator(code)
        wanted = expected(found, when.year, year_share(when, when.days))
        assert wanted is not None
        against = performance(found, F(reached), wanted)
        assert against is not None
        total += capped(found, against) * found.weight / 100
    assert words.exact_percent(total) == f"%{AGAINST_EXPECTED[period]}"


def test_worked_by_hand() -> None:
    assert raw("PG7.2.2", "2025-H1", "219450") == F(5_471, 13_021)
    assert raw("PG7.2.2", "2026", "243750") == F(29_771, 33_021)
    assert raw("PG7.2.1", "2026", "25110") == F(25_110, 24_000) == F("1.04625")  # a tie: half up, where floats say 104,62
    assert words.exact_percent(F("1.04625")) == "%104,63"
    assert f"{104.625:.2f}" == "104.62"


@given(st.fractions(min_value=0, max_value=10**9), st.sampled_from(sorted(CARD)))
def test_a_flow_is_never_measured_against_the_way_from_a_half_years_baseline(reached: Fraction, code: str) -> None:
    """C/(B-A), which would print %212,73 for 24.215 news, occurs nowhere."""
    found, target = indicator(code), F(CARD[code][3][0])
    start = F(CARD[code][2] or 0)
    answer = performance(found, reached, target)
    if reached and start and target != start:
        assert answer != reached / (target - start)


@pytest.mark.parametrize(
    ("formula", "start", "target", "reached", "better", "answer"),
    [
        ("(C-A)/(B-A)", F(10), F(10), F(12), "up", F(12, 10)),  # to be kept: C/B
        ("(C-A)/(B-A)", F(10), F(10), F(8), "down", F(10, 8)),
        ("(C-A)/(B-A)", F(40), F(20), F(30), "down", F(1, 2)),  # to be lowered: the signs work out
        ("(C-A)/(B-A)", None, F(52), F(26), "up", F(1, 2)),  # "-" is no baseline
        ("(C-A)/(B-A)", F(100), F(200), F(80), "up", F(-1, 5)),
        ("C/B", F(11_617), F(23_000), F(0), "up", F(0)),
        ("C/B", None, F(0), F(3), "up", None),
        ("C/B", None, F(4), F(0), "down", None),
    ],
)
def test_the_cases_of_the_guide(
    formula: str, start: Fraction | None, target: Fraction, reached: Fraction, better: str, answer: Fraction | None
) -> None:
    assert performance(indicator("PG7.2.1", formula=formula, baseline=start, better=better), reached, target) == answer


@given(st.fractions(min_value=-5, max_value=5))
def test_what_counts_is_between_nothing_and_all(share: Fraction) -> None:
    found = indicator("PG7.2.1")
    assert 0 <= capped(found, share) <= 1
    assert capped(found, share) == share or not 0 <= share <= 1


@pytest.mark.parametrize(
    ("percent", "year_over", "wanted", "word"),
    [
        ("105", True, None, "exceeded"),
        ("100", True, None, "reached"),
        ("99.999", True, None, "partly reached"),
        ("50", True, None, "partly reached"),
        ("49.99", True, None, "not reached"),
        ("50", False, F(50), "on course"),
        ("49", False, F(50), "behind"),
        ("49", False, None, ""),
    ],
)
def test_words_for_a_performance(percent: str, year_over: bool, wanted: Fraction | None, word: str) -> None:
    assert band(Bands(), indicator("PG7.2.1"), F(percent) / 100, F(percent), wanted, year_over=year_over) == word


def test_a_half_year_is_half_a_year_whatever_its_days() -> None:
    assert year_share(Period(2026, 1), 181) == F(1, 2)
    assert year_share(Period(2028, 1), 182) == F(1, 2)
    assert year_share(Period(2026, 2), 184) == 1
    assert year_share(Period(2026, 1), 0) == 0
    assert year_share(Period(2026), 73) == F(1, 5)


@given(st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**6), st.integers(0, 4))
def test_rounding_is_half_up_and_once(value: Fraction, places: int) -> None:
    unit = F(1, 10**places)
    off = abs(F(words.rounded(value, places))) - abs(value)
    assert -unit / 2 < off <= unit / 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (F(22_465_660), "22.465.660"),
        (F(1, 3), "0,33"),
        (F(-1, 5), "-0,2"),
        (F(1, 1000), "0"),
        (F(-1, 1000), "0"),
        (F(1234, 10), "123,4"),
    ],
)
def test_exact_values_in_turkish(value: Fraction, text: str) -> None:
    assert words.exactly(value) == text
