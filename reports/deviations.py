"""Which indicators of a year need a reason: those whose performance is farther from %100 than the plan allows, above or below."""

from __future__ import annotations

from fractions import Fraction

from reports.statement import Row
from reports.subject import Subject
from storage.indicator_notes import REASON


def needs_reason(row: Row, threshold: Fraction) -> bool:
    """`threshold` in percent points."""
    return row.performance is not None and abs(row.performance * 100 - 100) > threshold


def missing_reasons(subject: Subject) -> list[str]:
    """The codes without the reason that they need; neither a half-year nor a year that still runs needs one."""
    if subject.period.half or subject.day <= subject.period.last:
        return []
    return [
        row.indicator.code
        for row in subject.rows
        if needs_reason(row, subject.plan.deviation) and not subject.remark(row.indicator.code).of(REASON)
    ]
