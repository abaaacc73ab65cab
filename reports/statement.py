"""A stored snapshot as reports and panel read it: with its plan, and exact again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from config.plan import Indicator, Plan
from model import Period
from reports.told import said
from storage.snapshots import PartRow, Snapshot, ValueRow


@dataclass(frozen=True)
class Row:
    """One indicator of a snapshot. Shares are exact: 1 is %100; figures are in the unit of the target (a ratio in percent)."""

    indicator: Indicator
    year: int
    stored: ValueRow
    parts: tuple[PartRow, ...]

    @property
    def value(self) -> Fraction | None:
        if self.stored.numerator is None or self.stored.denominator is None:
            return None
        share = Fraction(self.stored.numerator) / Fraction(self.stored.denominator)
        return share * 100 if self.indicator.kind == "ratio" else share

    @property
    def performance(self) -> Fraction | None:
        return _exact(self.stored.performance_exact)

    @property
    def counted(self) -> Fraction | None:
        """What counts in the goal."""
        raw = self.performance
        return None if raw is None else min(max(raw, Fraction(0)), self.indicator.cap / 100)

    @property
    def contribution(self) -> Fraction | None:
        return None if self.counted is None else self.counted * self.indicator.weight / 100

    @property
    def realised(self) -> Fraction | None:
        """Reached over targeted (C/B), as the activity report has it, whatever the plan's formula."""
        target = self.target
        return None if self.value is None or not target else self.value / target

    @property
    def expected(self) -> Fraction | None:
        """What should have been reached by now, rounded as it was stored."""
        return None if self.stored.expected is None else Fraction(str(self.stored.expected))

    @property
    def target(self) -> Fraction | None:
        return self.indicator.targets.get(self.year)

    @cached_property
    def details(self) -> Mapping[str, Any]:
        return dict(json.loads(self.stored.details))

    @property
    def lacking(self) -> bool:
        """Whether something is missing, so that the value is provisional."""
        return bool(self.details.get("lacks"))

    @property
    def beside(self) -> Mapping[str, Any]:
        """Second numbers and breakdowns, as the indicator's family tells them (indicators/)."""
        return dict(self.details.get("beside", {}))

    @property
    def coverage(self) -> Fraction:
        """Of what the value should rest on, the share that is known; rounded as it was stored."""
        return Fraction(str(self.stored.coverage or 0)) / 100

    @property
    def lacks(self) -> list[str]:
        """Why the value is provisional, in the language that is spoken."""
        return said(self.details.get("lacks", []))

    @property
    def notes(self) -> list[str]:
        """What is to be told beside the value, in the language that is spoken: reasons for being provisional first."""
        return list(dict.fromkeys([*self.lacks, *said(self.details.get("notes", []))]))


@dataclass(frozen=True)
class Standings:
    """A snapshot with the plan that it was taken by."""

    plan: Plan
    snapshot: Snapshot

    @property
    def period(self) -> Period:
        return Period.parse(self.snapshot.period)

    @property
    def sealed(self) -> bool:
        return self.snapshot.sealed_at is not None

    @property
    def goal(self) -> Fraction | None:
        return _exact(self.snapshot.goal_exact)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The plan's indicators in its order."""
        found = ((indicator, self.snapshot.value(indicator.code)) for indicator in self.plan.indicators)
        return tuple(
            Row(indicator, self.period.year, value, self.snapshot.parts_of(indicator.code)) for indicator, value in found if value
        )


def _exact(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
