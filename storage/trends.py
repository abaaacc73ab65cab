"""How a period's figures went from statement to statement: the kept snapshots of one period, as few columns of them as a line needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from model import Period, from_text
from storage import Storage

HEADS = "SELECT snapshot, as_of, plan, goal_exact FROM snapshots WHERE period = ? ORDER BY as_of, snapshot"
FIGURES = """
SELECT snapshot, code, numerator, denominator, expected FROM snapshot_values v
WHERE snapshot IN (SELECT snapshot FROM snapshots WHERE period = ?)
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """Exact fractions as text; `expected` as it was stored, in the unit of the target."""

    numerator: str | None
    denominator: str | None
    expected: int | float | None


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement: `day` is the last day of the period that it is about, `goal` an exact fraction as text."""

    day: date
    plan: str
    goal: str | None
    figures: Mapping[str, Figure]


def stated(storage: Storage, period: Period) -> list[Stated]:
    """In order, one for each day: of several the one that knew most. What was stated after the period is about its last day."""
    figures: dict[int, dict[str, Figure]] = {}
    for snapshot, code, *rest in storage.connection.execute(FIGURES, (str(period),)):
        figures.setdefault(snapshot, {})[code] = Figure(*rest)
    found: dict[date, Stated] = {}
    for snapshot, as_of, plan, goal in storage.connection.execute(HEADS, (str(period),)):
        day = min(from_text(as_of).astimezone(storage.zone).date(), period.last)
        found[day] = Stated(day, plan, goal, figures.get(snapshot, {}))
    return [found[day] for day in sorted(found)]
