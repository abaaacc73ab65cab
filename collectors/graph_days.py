"""Meta's days, midnight to midnight in California: which are worth asking for, and which should be known by when.

Facts: Graph API v26.0, Page Insights ("updated every 24 hours", two years) and Instagram insights (up to 48 hours late).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from collectors.remembered import day_of
from model import Account, Walk

PACIFIC = ZoneInfo("America/Los_Angeles")
DAY = timedelta(days=1)
SETTLING = 2 * DAY  # a day's figures come, and change, until so long after its end
HISTORY = 729 * DAY  # of insights that Meta may keep


def midnight(day: date) -> int:
    """The beginning of a day in California, in epoch seconds: what `since` and `until` want."""
    return int(datetime.combine(day, time(), PACIFIC).timestamp())


def pacific_day(at: datetime) -> date:
    return at.astimezone(PACIFIC).date()


def days_asked(query: Mapping[str, str]) -> list[date]:
    """The days between `since` and `until` of a request."""
    try:
        first, last = (pacific_day(datetime.fromtimestamp(int(query[name]), UTC)) for name in ("since", "until"))
    except (KeyError, ValueError, OverflowError):
        return []
    return [first + n * DAY for n in range((last - first).days)]


def span(walk: Walk) -> tuple[date, date]:
    """The days of a walk: from the first that begins after its lower end, or was not settled when the last walk looked, up
    to, and without, the day on which the walk began. There may be none."""
    end, first = pacific_day(walk.started_at), pacific_day(walk.since)
    if midnight(first) < walk.since.timestamp():
        first += DAY
    first = min(first, day_of(walk.memo.get("unsettled"), first))
    return max(first, end - HISTORY), end


def remembering(walk: Walk) -> Walk:
    """A complete walk, with the first day that the next one must read again in its memo."""
    first, end = span(walk)
    return replace(walk, memo={**walk.memo, "unsettled": max(first, end - SETTLING).isoformat()})


def due(account: Account, day: date, at: datetime) -> bool:
    """Whether a figure of `day` should be known at `at`: settled, and a day on which the account counts."""
    settled = midnight(day + DAY) + SETTLING.total_seconds() <= at.timestamp()
    return settled and (account.since or day) <= day <= (account.until or day)
