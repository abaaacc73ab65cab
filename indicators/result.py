"""What measuring answers: exact values, what they rest on, and what is to be told beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from words import Note

OK, PROVISIONAL, NO_DATA, NO_TARGET, NOT_COMPARED = "ok", "provisional", "no data", "no target", "not compared"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a value: an account, an outlet, a series. `value` None: not known, which is never 0.

    Opening and closing are what the value was counted from where it is a growth; `opened_at` and `closed_at` when they were read
    (UTC text). `covered` of `asked` account-days (of whatever unit the indicator counts in) are known. `digest` is the SHA-256 of
    the rows that it was counted from, so that a row touched later is found.
    """

    part: str
    value: Fraction | int | None
    opening: int | None = None
    closing: int | None = None
    opening_reading: int | None = None
    closing_reading: int | None = None
    opened_at: str | None = None
    closed_at: str | None = None
    asked: int = 0
    covered: int = 0
    digest: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """One indicator's value in a period: `numerator / denominator`, or nothing (`numerator` None).

    A ratio's denominator is what was planned: its value is a share (1 is %100). Elsewhere the denominator is 1 and the value stands in
    the indicator's unit. `lacks` are the reasons
    for which the value is provisional, `notes` what is to be told beside it, `beside` second numbers and breakdowns (plain JSON).
    """

    numerator: Fraction | int | None
    denominator: Fraction | int = 1
    parts: tuple[Part, ...] = ()
    lacks: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()
    beside: Mapping[str, Any] = field(default_factory=dict)

    @property
    def value(self) -> Fraction | None:
        return None if self.numerator is None or not self.denominator else Fraction(self.numerator) / Fraction(self.denominator)

    @property
    def coverage(self) -> Fraction:
        """Of what the value should rest on, the share that is known; nothing asked is nothing known."""
        asked = sum(part.asked for part in self.parts)
        return Fraction(sum(min(part.covered, part.asked) for part in self.parts), asked) if asked else Fraction(0)

    @property
    def status(self) -> str:
        if self.value is None:
            return NO_DATA
        return PROVISIONAL if self.lacks or self.coverage < 1 else OK


def digest(rows: Iterable[Iterable[object]]) -> str:
    """SHA-256 over rows of plain values, in the order given."""
    lines = ["\t".join(["" if value is None else str(value) for value in row]) + "\n" for row in rows]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
