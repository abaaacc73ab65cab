"""Budgets: our own limits, kept before a request is sent, against what the ledger of archived answers says is spent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from collectors.base import OverBudget
from config.limits import Limit, limits

__all__ = ["Budget", "Limit", "limits"]


class Budget:
    """Our own limits against what the ledger says is spent. A budget is never exceeded: the door asks before it sends."""

    def __init__(self, limits: tuple[Limit, ...], spent: Callable[[str, datetime], tuple[int, int]]) -> None:
        """`spent(bucket, since)` answers (requests, cost) from the ledger; it is asked for every request."""
        self.limits, self._spent = limits, spent
        self._unsaved: list[tuple[str, int]] = []

    def check(self, bucket: str, now: datetime, quote: int) -> None:
        """Raises OverBudget when a request that may cost `quote` could exceed a limit."""
        for limit in self.limits:
            if limit.bucket != bucket:
                continue
            requests, cost = self._spent(bucket, limit.since(now))
            here = [spent for name, spent in self._unsaved if name == bucket]
            used, next_one = (requests + len(here), 1) if limit.kind == "requests" else (cost + sum(here), quote)
            if used + next_one > limit.most:
                raise OverBudget(
                    f"the budget {limit.name} is used up ({used} of {limit.most}, and this request may take {next_one})",
                    until=limit.ends(now),
                    cure=f"raise it under [budgets] in mecra.toml, or wait until {limit.ends(now):%d.%m.%Y %H:%M} UTC",
                )

    def add(self, bucket: str, cost: int) -> None:
        self._unsaved.append((bucket, cost))

    def saved(self) -> None:
        """Whatever was added is in the ledger now."""
        self._unsaved.clear()
