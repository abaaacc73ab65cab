"""What the town's world says that each part of each indicator is: counted from the world, never from what was stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from model import Period
from sandbox.press import items, mentioning
from sandbox.weekly_plan import weekly_plan
from sandbox.world import ISTANBUL, WorldPost
from sandbox.youtube import rounded
from sandbox.youtube_days import on_day
from tests.five_years.town import Town
from tests.indicator_truth import TOLERANCE, largest, within
from tests.truth import YOUTUBE_DAYS

# The days from and to which an account counts; nothing of before or after is the institution's.
COUNTS = {
    "x": (date.min, date.max),
    "facebook": (date.min, date(2028, 10, 14)),
    "instagram": (date(2026, 3, 1), date.max),
    "youtube": (date.min, date.max),
}
Seen = Callable[[str], date]  # the last day of which a platform's list was seen to its end
DEAD = "ornek-gazetesi"
FEED_DIED = datetime(2027, 9, 1, 8, tzinfo=ISTANBUL)  # the last look that it answered
SERIES = {"PG3.1.3": "Örnek 7/24 bülteni", "PG3.1.4": "1 Dakikada 1 Hafta"}
Metrics = Mapping[str, Mapping[str, tuple[str, ...]]]  # by indicator and platform
FROM_POSTS: Metrics = {
    "PG3.1.7": {"x": ("views",)},
    "PG3.1.8": {"x": ("likes", "comments", "shares", "quotes", "saves"), "facebook": ("reactions", "comments", "shares")},
}
FROM_DAYS: Metrics = {
    "PG3.1.7": {"facebook": ("views",), "instagram": ("views",), "youtube": ("views",)},
    "PG3.1.8": {"instagram": ("likes", "comments", "shares", "saves"), "youtube": ("likes", "comments", "shares")},
}


def edge(period: Period) -> datetime:
    return period.span(ISTANBUL)[1]


def days(platform: str, period: Period) -> list[date]:
    """Those of the period on which the platform's account counts."""
    first, last = COUNTS[platform]
    every = (period.first + timedelta(n) for n in range(period.days))
    return [day for day in every if first <= day <= last]


def posts(world: Town, platform: str, until: date = date.max) -> list[WorldPost]:
    first, last = COUNTS[platform]
    return [p for p in world.posts[platform] if first <= p.published_at.astimezone(ISTANBUL).date() <= min(last, until)]


def midnight_after(day: date) -> datetime:
    return datetime.combine(day, time(), ISTANBUL) + timedelta(days=1) if day < date.max else datetime.max.replace(tzinfo=ISTANBUL)


def news(world: Town, period: Period) -> int:
    """What the sources under watch tell: of the outlet whose feed died, what the search for the institution's name finds."""
    searched = {(item.host, item.number) for item in mentioning(world, ("Örnek Belediyesi",))}
    own = (item for item in items(world) if item.status == "counted" and within(period, item.published_at))
    return sum(item.outlet != DEAD or item.published_at < FEED_DIED or (item.host, item.number) in searched for item in own)


def followers(world: Town, platform: str, at: datetime) -> int:
    found = world.followers(platform, at)
    return rounded(found) if platform == "youtube" else found


def at_the_edge(period: Period) -> list[str]:
    return [platform for platform, (first, last) in COUNTS.items() if first <= period.last <= last]


def weeks(world: Town, period: Period, title: str, seen: Seen) -> int:
    """ISO weeks in which a post with the title went out, each counted on its first day."""
    first: dict[tuple[int, int], datetime] = {}
    for post in (post for platform in COUNTS for post in posts(world, platform, seen(platform)) if re.search(title, post.text)):
        local = post.published_at.astimezone(ISTANBUL)
        week = local.isocalendar()[:2]
        first[week] = min(first.get(week, local), local)
    return sum(within(period, at) for at in first.values())


def published(world: Town, period: Period, seen: Seen) -> int:
    return sum(within(period, post.published_at) for platform in COUNTS for post in posts(world, platform, seen(platform)))


def slots(world: Town, period: Period, seen: Seen) -> Iterator[tuple[str, int, int]]:
    """(platform, met, planned): the largest number of slots that can have a post of their own."""
    for platform in COUNTS:
        planned = [slot.at for slot in weekly_plan(world) if slot.platform == platform and not slot.withdrawn]
        planned = [at for at in planned if within(period, at)]
        own = posts(world, platform, seen(platform))
        yield (
            platform,
            largest([[n for n, p in enumerate(own) if abs(p.published_at - at) <= TOLERANCE] for at in planned]),
            len(planned),
        )


def grown(world: Town, platform: str, metric: str, period: Period, until: date) -> int:
    """What the counters of an account's posts gained in a period, up to the end of a day."""
    begin, end = edge(period) - timedelta(days=period.days), min(edge(period), midnight_after(until))
    return sum(
        world.counter(post, metric, end) - (world.counter(post, metric, begin) if post.published_at < begin else 0)
        for post in posts(world, platform, until)
        if post.published_at < end
    )


def told_by_day(world: Town, platform: str, metric: str, some: Iterable[date]) -> int:
    if platform == "youtube":
        return sum(on_day(world, YOUTUBE_DAYS[metric], day) for day in some)
    return sum(world.flow(platform, metric, day) for day in some)


def growth(
    world: Town, code: str, period: Period, untold: Mapping[tuple[str, str], set[date]], seen: Seen
) -> dict[str, int | None]:
    """Every part of views or engagements by its name; `untold` are the days of (platform, metric) that no platform told."""
    found: dict[str, int | None] = {}
    for platform, metrics in FROM_POSTS[code].items():
        if days(platform, period):
            found |= {
                f"{platform}:ornekbelediye {metric}": grown(world, platform, metric, period, seen(platform)) for metric in metrics
            }
    for platform, metrics in FROM_DAYS[code].items():
        for metric in metrics if days(platform, period) else ():
            known = [day for day in days(platform, period) if day not in untold.get((platform, metric), ())]
            found[f"{platform}:ornekbelediye {metric}"] = told_by_day(world, platform, metric, known) if known else None
    return found
