"""The exact number of a channel's subscribers, which YouTube's interfaces do not tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta


def exact_subscribers(base: int, base_on: date, gained: Mapping[date, int], lost: Mapping[date, int], on: date) -> int | None:
    """Subscribers at the end of the Pacific day `on`: `base`, read off YouTube Studio at the end of `base_on`, plus what
    each day in between gained and lost (Analytics). None when one of these days is not known, or `on` is before the base.
    """
    if on < base_on:
        return None
    days = [base_on + timedelta(days=n) for n in range(1, (on - base_on).days + 1)]
    if any(day not in gained or day not in lost for day in days):
        return None
    return base + sum(gained[day] - lost[day] for day in days)
