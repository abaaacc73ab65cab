"""A statement: all indicators of a plan in a period, from what was known at an instant. Pure; sealing is another matter."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from config.plan import Indicator, Plan
from indicators.asked import Asked
from indicators.by_hand import resolve
from indicators.formulas import FULL, band, capped, expected, performance, year_share
from indicators.result import NO_DATA, NO_TARGET, NOT_COMPARED, OK, PROVISIONAL, Measured
from model import Period
from storage import Storage
from storage.knowledge import Known, known_at
from words import N_

RUNNING = N_("the period runs until {day}")
SETTLING = N_("the last figures of the period are in on {day}")
WHOLE_YEAR = N_("a second half-year is never compared with the target of the year: see {year}")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one indicator stands. Everything exact; a performance of 1 is %100, a contribution is in shares of the goal too."""

    indicator: Indicator
    measured: Measured
    target: Fraction | None
    performance: Fraction | None
    capped: Fraction | None
    contribution: Fraction | None
    expected: Fraction | None
    status: str
    band: str

    @property
    def code(self) -> str:
        return self.indicator.code


@dataclass(frozen=True, slots=True)
class Statement:
    """`goal`: the sum of weight times capped performance of whatever is known, 1 is %100; None where nothing is compared."""

    plan: Plan
    period: Period
    known: Known
    standings: tuple[Standing, ...]
    goal: Fraction | None
    status: str

    @property
    def lacking(self) -> tuple[str, ...]:
        """The codes whose share of the goal is not known or not final."""
        return tuple(s.code for s in self.standings if s.status not in (OK, NOT_COMPARED))


def state(storage: Storage, plan: Plan, period: Period, at: datetime) -> Statement:
    """All indicators of a period, as known at an instant."""
    return state_known(storage, plan, period, known_at(storage, at))


def state_known(storage: Storage, plan: Plan, period: Period, known: Known) -> Statement:
    """The same, where what was known is named: how a sealed snapshot is recomputed."""
    memo: dict[Hashable, object] = {}
    standings = tuple(standing(Asked(storage, plan, indicator, period, known, memo)) for indicator in plan.indicators)
    shares = [one.contribution for one in standings if one.contribution is not None]
    whole = all(one.status in (OK, NOT_COMPARED) for one in standings)
    return Statement(plan, period, known, standings, sum(shares, Fraction(0)) if shares else None, OK if whole else PROVISIONAL)


def standing(asked: Asked) -> Standing:
    """Where one indicator stands."""
    indicator, period = asked.indicator, asked.period
    measured = resolve(asked) if asked.begun else Measured(None)
    target = indicator.targets.get(period.year)
    status = measured.status
    if status == OK and not asked.over:
        status = PROVISIONAL
    over = (asked.last - period.first).days + 1 if asked.begun else 0
    wanted = expected(indicator, period.year, Fraction(1) if asked.over and not period.half else year_share(period, over))
    if period.half == 2:
        kept = NOT_COMPARED if status == OK else status
        return Standing(indicator, measured, target, None, None, None, None, kept, "")
    value = _value(indicator, measured)
    raw = performance(indicator, value, target) if value is not None and target is not None else None
    if raw is None:
        bare = status if value is None else NO_TARGET
        return Standing(indicator, measured, target, None, None, None, wanted, bare if bare != OK else NO_DATA, "")
    counted = capped(indicator, raw)
    said = band(asked.plan.bands, indicator, raw, value or Fraction(0), wanted, year_over=asked.over and not period.half)
    return Standing(indicator, measured, target, raw, counted, counted * indicator.weight / FULL, wanted, status, said)


def _value(indicator: Indicator, measured: Measured) -> Fraction | None:
    """In the unit of the target: a ratio is a share when measured, a number of percent in the plan."""
    if measured.value is None:
        return None
    return measured.value * FULL if indicator.kind == "ratio" else measured.value
