"""What measuring is asked: one indicator of one plan in one period, from what was known."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from config.plan import Indicator, Plan
from model import Period, to_text
from storage import Storage
from storage.knowledge import Known

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """`known` is also where an unfinished period is cut: nothing after `known.at` is part of it. `memo` keeps what was looked up, for
    whoever asks of the same storage, plan, period and knowledge again: for another indicator, or for the rows of the same."""

    storage: Storage
    plan: Plan
    indicator: Indicator
    period: Period
    known: Known
    memo: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def zone(self) -> ZoneInfo:
        return self.storage.zone

    @property
    def last(self) -> date:
        """The last local day of the period that a statement of this time is about."""
        return min(self.period.last, self.known.at.astimezone(self.zone).date())

    @property
    def span(self) -> tuple[str, str]:
        """From the first instant of the period to the first one after what is told, as UTC text."""
        start, end = self.period.span(self.zone)
        return to_text(start), to_text(min(end, max(start, self.known.at)))

    @property
    def begun(self) -> bool:
        return self.known.at >= self.period.span(self.zone)[0]

    @property
    def over(self) -> bool:
        return self.known.at >= self.period.span(self.zone)[1]

    def end_of(self, day: date) -> str:
        """The instant at which a local day ends, as UTC text."""
        return to_text(Period.midnight(day + timedelta(days=1), self.zone))

    def once(self, key: Hashable, look: Callable[[], T]) -> T:
        """What was looked up under a key, which names the question as a whole."""
        if key not in self.memo:
            self.memo[key] = look()
        found: T = self.memo[key]
        return found

    def within(self, period: Period) -> Asked:
        """The same of another period."""
        return replace(self, period=period, memo={})
