"""From a stored figure to what it was counted from: the arithmetic in words, and the rows of a part with the numbers of their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TypeAlias

from config.plan import Plan
from indicators.arithmetic import in_words
from indicators.explain import explain, knowing
from indicators.purged import purge_said
from indicators.result import Measured, Part
from indicators.statement import Standing, standing
from indicators.steps import Step
from model import Period
from reports.statement import Row
from storage import Storage
from words import Note

Again: TypeAlias = Standing  # a figure that was measured again


@dataclass(frozen=True, slots=True)
class Followed:
    """The rows of one part. `unlike`: measured again it is another figure than the one that is kept. `more`: rows left out.

    `purged`: what was deleted for good of what it was counted from, and why.
    """

    steps: tuple[Step, ...]
    unlike: bool
    more: int
    purged: tuple[Note, ...] = ()

    @property
    def total(self) -> int | None:
        """The sum of the rows that are known; None where there are others, or none."""
        values = [step.value for step in self.steps if step.value is not None]
        return sum(values) if values and not self.more else None


def arithmetic(row: Row) -> list[str]:
    """How a stored value and its performance were calculated, step by step, in the language that is spoken."""
    stored = row.stored
    measured = Measured(
        numerator=None if stored.numerator is None else Fraction(stored.numerator),
        denominator=1 if stored.denominator is None else Fraction(stored.denominator),
        parts=tuple(Part(part.part, None if part.value is None else Fraction(str(part.value))) for part in row.parts),
    )
    return in_words(
        Standing(
            row.indicator, measured, row.target, row.performance, row.counted, row.contribution, row.expected, stored.status, stored.band
        )
    )  # fmt: skip


def measured_again(storage: Storage, plan: Plan, code: str, period: Period, now: datetime) -> Again:
    """The figure, as the period's snapshot knew it: for `followed`, which would measure it for every part."""
    return standing(knowing(storage, plan, code, period, now)[0])


def followed(
    storage: Storage,
    plan: Plan,
    code: str,
    period: Period,
    part: str,
    now: datetime,
    most: int = 5_000,
    *,
    again: Again | None = None,
) -> Followed:
    """The rows that one part was counted from, as the period's snapshot knew them. Raises MecraError for a part that is not there."""
    found = explain(storage, plan, code, period, now, account=part, most=most, found=again, archived=False)
    return Followed(found.steps, found.unlike, found.more, tuple(purge_said(purge, found.snapshot) for purge in found.purges))
