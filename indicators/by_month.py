"""A period's value month by month, from what was known: gains of counters and days, and levels at the months' ends.

Months add up to the period: a counter's value at a month's end closes that month and opens the next.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from config.plan import Count, Growth, Level
from indicators.asked import Asked
from indicators.followers import level_on
from indicators.growth import basis_of
from indicators.growth_days import figures
from indicators.growth_posts import Basis, Watched, from_posts, told_per_post
from indicators.scope import Share, shares

ByMonth = dict[str, dict[str, int | None]]  # by platform and month (2026-01); None: not known


class Month(NamedTuple):
    """The days of a month that a statement is about, both included."""

    name: str
    first: date
    last: date


def months_of(asked: Asked) -> list[Month]:
    """The months of the period that have begun, the running one up to the statement's day."""
    found, first = [], asked.period.first
    while first <= asked.last:
        after = (first + timedelta(days=32)).replace(day=1)
        found.append(Month(f"{first:%Y-%m}", first, min(after - timedelta(days=1), asked.last)))
        first = after
    return found


def growth_by_month(asked: Asked, rule: Growth) -> ByMonth:
    """What each platform gained in each month, under the plan's basis; `published`: what the month's posts have reached."""
    found: ByMonth = {}
    basis, months = basis_of(asked, rule, rule.basis), months_of(asked)
    for share in shares(asked.storage, asked.plan, asked.period, asked.last, asked.known):
        for count in (count for count in rule.counts if count.platform == share.account.platform):
            own = found.setdefault(count.platform, {month.name: None for month in months})
            for month in months:
                first, last = max(share.first, month.first), min(share.last, month.last)
                if first <= last:
                    value = _gained(asked, Share(share.account, first, last), count, basis)
                    if value is not None:
                        own[month.name] = (own[month.name] or 0) + value
    return found


def _gained(asked: Asked, share: Share, count: Count, basis: Basis) -> int | None:
    """Of one account within some days, over all metrics that are known."""
    if count.source == "days" and not basis.published:
        told = [seen.value for metric in count.metrics for seen in figures(asked, share, metric).values()]
        return sum(told) if told else None
    watched = Watched(asked, share, basis)
    metrics = [m for m in count.metrics if not basis.published or told_per_post(asked, count.platform, m)]
    values = [int(part.value) for part, _told in (from_posts(watched, metric) for metric in metrics) if part.value is not None]
    return sum(values) if values else None


def level_by_month(asked: Asked, rule: Level) -> ByMonth:
    """Each platform's level at each month's end, over the accounts that count on that day; None where one of them was never read."""
    found: ByMonth = {}
    months = months_of(asked)
    for month in months:
        read: dict[str, list[int | None]] = {}
        for share in shares(asked.storage, asked.plan, asked.period, month.last, asked.known):
            if share.last == month.last:
                level = level_on(asked, rule, share.account.account, month.last)
                read.setdefault(share.account.platform, []).append(level.value if level else None)
        for platform, values in read.items():
            known = [value for value in values if value is not None]
            own = found.setdefault(platform, {each.name: None for each in months})
            own[month.name] = sum(known) if len(known) == len(values) else None
    return found
