"""Budgets: our own limits, kept before a request is sent, against what the ledger of archived answers says is spent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from collectors.base import OverBudget

PACIFIC = ZoneInfo("America/Los_Angeles")


def limits(budgets: Mapping[str, Mapping[str, int]]) -> tuple[Limit, ...]:
    """The limits that the settings name: `{"x": {"cost_per_month": 25_000_000}}`. YouTube's days are Pacific, all others UTC."""
    return tuple(
        Limit(
            bucket,
            name.partition("_per_")[0],
            name.partition("_per_")[2],
            most,
            PACIFIC if bucket.startswith("youtube") else ZoneInfo("UTC"),
        )
        for bucket, values in budgets.items()
        for name, most in values.items()
    )


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests, or so much cost, in one bucket in each `span` (day or month) of `zone`."""

    bucket: str
    kind: str
    span: str
    most: int
    zone: ZoneInfo

    @property
    def name(self) -> str:
        return f"{self.bucket} {self.kind}_per_{self.span}"

    def since(self, at: datetime) -> datetime:
        """The beginning of the span that `at` is in."""
        local = at.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return (local if self.span == "day" else local.replace(day=1)).astimezone(UTC)

    def ends(self, at: datetime) -> datetime:
        """The end of the span that `at` is in."""
        first = self.since(at).astimezone(self.zone)
        following = first + timedelta(days=1) if self.span == "day" else (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        return following.astimezone(UTC)


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
