"""Our own limits on what is asked of the platforms: so many requests, or so much cost, a day or a month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

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
