"""How often a feed has news, hence when to look again and when its silence is an alarm."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from model import from_text, to_text

MEMORY = timedelta(days=1)
LEAST_RATE = 1 / (14 * 24)
UNKNOWN_RATE = 1.0
MOST_RATE = 60_000.0  # as many items as a feed may hold, every half a minute
SILENT_GAPS = 20
SILENT_LEAST, SILENT_MOST = timedelta(days=3), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`rate`: items an hour, the last day weighing most; `usual`: that rate when the newest item came, at `newest`."""

    rate: float = 0.0
    usual: float = 0.0
    asked: datetime | None = None
    newest: datetime | None = None

    @classmethod
    def of(cls, memo: Mapping[str, Any] | None) -> Rhythm:
        """As a memo has it; a new one where that can't be read."""
        try:
            asked, newest = (from_text(told) if (told := (memo or {}).get(name)) else None for name in ("asked", "newest"))
            rate, usual = ((memo or {}).get(name, 0.0) for name in ("rate", "usual"))
            return cls(min(max(float(rate), 0.0), MOST_RATE), min(max(float(usual), 0.0), MOST_RATE), asked, newest)
        except (AttributeError, TypeError, ValueError, OverflowError):
            return cls()

    def to_memo(self) -> dict[str, Any]:
        return {
            "rate": round(self.rate, 4),
            "usual": round(self.usual, 4),
            "asked": to_text(self.asked) if self.asked else None,
            "newest": to_text(self.newest) if self.newest else None,
        }

    def after(self, now: datetime, fresh: int, dates: Iterable[datetime | None]) -> Rhythm:
        """The rhythm once a poll brought `fresh` new items; at the first one the items' own dates must do."""
        if self.asked is None:
            known = sorted(date for date in dates if date)
            hours = (known[-1] - known[0]).total_seconds() / 3600 if known else 0.0
            rate = (len(known) - 1) / hours if hours else UNKNOWN_RATE
            return Rhythm(rate, rate, now, known[-1] if known else now)
        if not fresh:
            return self
        rate = self._rate(now, fresh)
        return Rhythm(rate, rate, now, now)

    def at(self, now: datetime) -> Rhythm:
        """The rhythm at a poll, after which nothing more is expected of it."""
        return self if self.asked is None or self.asked >= now else replace(self, rate=self._rate(now, 0), asked=now)

    def interval(self, least: int, most: int) -> timedelta:
        """Half the usual time between two items, within these minutes."""
        minutes = 30 / max(self.rate, LEAST_RATE) if self.rate else 30
        return timedelta(minutes=min(max(minutes, least), most))

    def silent(self, now: datetime, days: float | None = None) -> timedelta | None:
        """How long nothing new has come, where that is longer than `days` or than this feed's own habit allows."""
        if self.newest is None:
            return None
        usual = timedelta(hours=SILENT_GAPS / max(self.usual, LEAST_RATE))
        allowed = timedelta(days=days) if days else min(max(usual, SILENT_LEAST), SILENT_MOST)
        return now - self.newest if now - self.newest > allowed else None

    def _rate(self, now: datetime, fresh: int) -> float:
        passed = max(now - self.asked if self.asked else MEMORY, timedelta(minutes=1))
        weight = 1 - math.exp(-(passed / MEMORY))
        return self.rate * (1 - weight) + fresh / (passed.total_seconds() / 3600) * weight
