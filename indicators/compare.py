"""Two periods beside each other: the values, what is alike in both, and what makes them unlike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from config.plan import Growth, Indicator, Level, Plan, Rule
from indicators.asked import Asked
from indicators.by_hand import resolve
from indicators.result import NO_DATA, Measured
from model import Period
from storage import Storage
from storage.breaks import breaks_between
from storage.knowledge import Known
from words import N_, Note

ONLY = N_("{part}: only in {period}")
UNKNOWN = N_("{part}: not known in {period}")
BROKEN = N_("{platform} {metric}: means something else from {day} on: {what}")
ENTERED = N_("{period}: entered by hand, not measured")
UNEQUAL = N_("{first} is a half-year, {second} a whole year: flows are not to be compared")
RUNNING = N_("{period} is not over: {days} of its {all} days")


@dataclass(frozen=True, slots=True)
class Compared:
    """One indicator in two periods. `change` is second minus first, `growth` the change as a share of the first (1 is %100).

    `alike`: both values over the parts that are known in both, where that is not everything. `told`: why they are unlike.
    """

    indicator: Indicator
    first: Measured
    second: Measured
    change: Fraction | None
    growth: Fraction | None
    alike: tuple[Fraction, Fraction] | None
    told: tuple[Note, ...]


def compare(storage: Storage, plan: Plan, first: tuple[Period, Known], second: tuple[Period, Known]) -> list[Compared]:
    """All indicators of a plan, each period from what was known of it."""
    found = []
    for indicator in plan.indicators:
        asked = [Asked(storage, plan, indicator, period, known) for period, known in (first, second)]
        one, other = (resolve(each) if each.begun else Measured(None) for each in asked)
        change = other.value - one.value if one.value is not None and other.value is not None else None
        told = [
            *_unequal(asked),
            *_entered(asked, (one, other)),
            *_unlike(asked, (one, other)),
            *_broken(storage, plan, indicator, asked),
        ]
        found.append(
            Compared(
                indicator, one, other, change, change / one.value if change is not None and one.value else None,
                _alike(indicator.rule, one, other), tuple(told),
            )
        )  # fmt: skip
    return found


def _alike(rule: Rule, one: Measured, other: Measured) -> tuple[Fraction, Fraction] | None:
    """Sums over the parts of accounts that are known in both periods; None where these are all, or where parts are no accounts."""
    if not isinstance(rule, (Level, Growth)):
        return None
    values = [{part.part: part.value for part in measured.parts if part.value is not None} for measured in (one, other)]
    both = values[0].keys() & values[1].keys()
    if not both or len(both) == len(one.parts) == len(other.parts):
        return None
    return sum((Fraction(values[0][part] or 0) for part in both), Fraction(0)), sum(
        (Fraction(values[1][part] or 0) for part in both), Fraction(0)
    )


def _unequal(asked: Sequence[Asked]) -> list[Note]:
    first, second = (str(each.period) for each in asked)
    flows = asked[0].indicator.kind == "flow" and bool(asked[0].period.half) != bool(asked[1].period.half)
    notes = [Note(UNEQUAL, {"first": first, "second": second})] if flows else []
    for each in asked:
        if each.begun and not each.over:
            days = (each.last - each.period.first).days + 1
            notes.append(Note(RUNNING, {"period": str(each.period), "days": days, "all": each.period.days}))
    return notes


def _entered(asked: Sequence[Asked], measured: Sequence[Measured]) -> list[Note]:
    return [
        Note(ENTERED, {"period": str(each.period)})
        for each, found in zip(asked, measured, strict=True)
        if any("entry:" in part.part for part in found.parts)
    ]


def _unlike(asked: Sequence[Asked], measured: Sequence[Measured]) -> list[Note]:
    """Parts of accounts that only one period has, or knows."""
    if not isinstance(asked[0].indicator.rule, (Level, Growth)) or any(found.status == NO_DATA for found in measured):
        return []
    names = [{part.part: part for part in found.parts} for found in measured]
    notes = []
    for own, others, each in ((0, 1, asked[0]), (1, 0, asked[1])):
        for part in sorted(names[own]):
            if part not in names[others]:
                notes.append(Note(ONLY, {"part": part, "period": str(each.period)}))
            elif names[own][part].value is None:
                notes.append(Note(UNKNOWN, {"part": part, "period": str(each.period)}))
    return notes


def _broken(storage: Storage, plan: Plan, indicator: Indicator, asked: Sequence[Asked]) -> list[Note]:
    """Definitions that changed between the beginning of one and the end of the other."""
    rule = indicator.rule
    metrics = {(count.platform, metric) for count in rule.counts for metric in count.metrics} if isinstance(rule, Growth) else set()
    first, last = min(each.period.first for each in asked), max(each.period.last for each in asked)
    return [
        Note(BROKEN, {"platform": found.platform, "metric": found.metric, "day": found.on.isoformat(), "what": found.what})
        for found in breaks_between(storage, first, last)
        if (found.platform, found.metric) in metrics
    ]
