"""What the collection may spend and has spent: each limit of the settings against the ledger of archived answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from config.limits import limits
from storage import Storage
from storage.health import buckets, pace


@dataclass(frozen=True, slots=True)
class BudgetHealth:
    """One limit of a bucket, or what was spent this month where there is none; `kind` is `requests` or `cost`."""

    bucket: str
    kind: str
    per: str
    used: int
    most: int | None
    forecast: int
    ends_at: datetime

    @property
    def exceeded(self) -> bool:
        """Whether it will be used up before its end, at this pace."""
        return self.most is not None and self.forecast > self.most


def budgets(storage: Storage, named: Mapping[str, Mapping[str, int]], now: datetime) -> list[BudgetHealth]:
    """Every limit with what is used of it and what will be at its end, at the pace of the last week."""
    found = []
    set_limits = limits(named)
    unlimited = [b for b in buckets(storage) if not any(limit.bucket == b for limit in set_limits)]
    watched = [*set_limits, *limits({bucket: {"cost_per_month": 0} for bucket in unlimited})]
    for limit in watched:
        requests, costs = storage.spent(limit.bucket, limit.since(now))
        each_day = pace(storage, limit.bucket, now)
        used, rate = (requests, each_day[0]) if limit.kind == "requests" else (costs, each_day[1])
        if limit.bucket in unlimited and not used:
            continue
        forecast = used + round(rate * ((limit.ends(now) - now).total_seconds() / 86_400))
        most = None if limit.bucket in unlimited else limit.most
        found.append(BudgetHealth(limit.bucket, limit.kind, limit.span, used, most, forecast, limit.ends(now)))
    return found
