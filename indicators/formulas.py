"""From a value to its performance, its share in the goal and a word: exact fractions, never rounded here.

The formulas are those of the monitoring tables: C/B for flows and ratios, (C-A)/(B-A) for levels, where A is the value at the plan's
start, B the target of the year's end, C what was reached. A share of 1 is %100.
"""

from __future__ import annotations

from fractions import Fraction

from config.plan import Bands, Indicator
from model import Period

FULL = Fraction(100)


def performance(indicator: Indicator, reached: Fraction, target: Fraction) -> Fraction | None:
    """The raw performance; None where the formula has no answer (a target of 0, say)."""
    start = indicator.baseline
    if indicator.formula == "(C-A)/(B-A)" and start is not None and start != target:
        return (reached - start) / (target - start)
    over, under = (reached, target) if indicator.better == "up" else (target, reached)
    return over / under if under else None


def capped(indicator: Indicator, raw: Fraction) -> Fraction:
    """What counts in the goal: from 0 to the cap."""
    return min(max(raw, Fraction(0)), indicator.cap / FULL)


def expected(indicator: Indicator, year: int, share: Fraction) -> Fraction | None:
    """What should have been reached when `share` of the year is over: a flow's part of the target, a level's way from the last
    target (or the baseline) to this one, a ratio's target. None without a target."""
    target = indicator.targets.get(year)
    if target is None:
        return None
    if indicator.kind == "flow":
        return target * share
    if indicator.kind == "level":
        before = indicator.targets.get(year - 1, indicator.baseline)
        return target if before is None else before + (target - before) * share
    return target


def year_share(period: Period, days_over: int) -> Fraction:
    """How much of the year is over after so many days of `period`: each half-year is half of it, whatever its days."""
    within = Fraction(min(max(days_over, 0), period.days), period.days)
    return within if not period.half else (period.half - 1 + within) / 2


def band(bands: Bands, indicator: Indicator, raw: Fraction, reached: Fraction, wanted: Fraction | None, *, year_over: bool) -> str:
    """A word for it: at the year's end by the plan's limits, before it by what was to be expected by now."""
    if year_over:
        percent = raw * FULL
        if percent >= bands.reached:
            return "exceeded" if percent > FULL else "reached"
        return "partly reached" if percent >= bands.partly else "not reached"
    if wanted is None:
        return ""
    ahead = reached >= wanted if indicator.better == "up" else reached <= wanted
    return "on course" if ahead else "behind"
