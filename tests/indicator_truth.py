"""What the sandbox's world says that the indicators of a half-year must be: counted from the world, not from what was stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from model import Period, from_text
from sandbox.press import items
from sandbox.weekly_plan import weekly_plan
from sandbox.world import ISTANBUL, World, WorldPost
from sandbox.youtube import rounded
from sandbox.youtube_days import on_day
from tests.truth import YOUTUBE_DAYS

VIEWS = ("views",)
X_ENGAGEMENTS = ("likes", "comments", "shares", "quotes", "saves")
FACEBOOK_ENGAGEMENTS = ("reactions", "comments", "shares")
INSTAGRAM_ENGAGEMENTS = ("likes", "comments", "shares", "saves")
YOUTUBE_ENGAGEMENTS = ("likes", "comments", "shares")
TOLERANCE = timedelta(minutes=60)
Read = Callable[[str, WorldPost], datetime]


def days(period: Period) -> Iterator[date]:
    for offset in range(period.days):
        yield period.first + timedelta(days=offset)


def within(period: Period, at: datetime) -> bool:
    return period.first <= at.astimezone(ISTANBUL).date() <= period.last


def news(world: World, period: Period) -> int:
    return sum(item.status == "counted" and within(period, item.published_at) for item in items(world))


def followers(world: World, read_at: dict[str, str]) -> int:
    """At the last reading of each platform; YouTube tells three digits."""
    found = {platform: world.followers(platform, from_text(at)) for platform, at in read_at.items()}
    return sum(rounded(number) if platform == "youtube" else number for platform, number in found.items())


def weeks(world: World, period: Period, title: str) -> int:
    """ISO weeks in which a post with the title went out, each counted on its first day."""
    first: dict[tuple[int, int], datetime] = {}
    for posts in world.posts.values():
        for post in posts:
            if re.search(title, post.text):
                local = post.published_at.astimezone(ISTANBUL)
                week = local.isocalendar()[:2]
                first[week] = min(first.get(week, local), local)
    return sum(within(period, at) for at in first.values())


def posts(world: World, period: Period) -> int:
    return sum(within(period, post.published_at) for posts in world.posts.values() for post in posts)


def views(world: World, period: Period, read: Read) -> int:
    return (
        _counters(world, "x", VIEWS, period, read)
        + sum(world.flow("facebook", "views", day) + world.flow("instagram", "views", day) for day in days(period))
        + sum(on_day(world, YOUTUBE_DAYS["views"], day) for day in days(period))
    )


def engagements(world: World, period: Period, read: Read) -> int:
    return (
        _counters(world, "x", X_ENGAGEMENTS, period, read)
        + _counters(world, "facebook", FACEBOOK_ENGAGEMENTS, period, read)
        + sum(world.flow("instagram", metric, day) for metric in INSTAGRAM_ENGAGEMENTS for day in days(period))
        + sum(on_day(world, YOUTUBE_DAYS[metric], day) for metric in YOUTUBE_ENGAGEMENTS for day in days(period))
    )


def _counters(world: World, platform: str, metrics: tuple[str, ...], period: Period, read: Read) -> int:
    """What the counters of the posts stood at when they were last read in the period; `read` says when that was."""
    return sum(
        world.counter(post, metric, read(platform, post))
        for post in world.posts[platform]
        if within(period, post.published_at)
        for metric in metrics
    )


def slots_met(world: World, period: Period) -> tuple[int, int]:
    """(met, planned): the largest number of slots that can have a post of their own, by augmenting paths."""
    met = planned = 0
    for platform, published in world.posts.items():
        slots = [slot.at for slot in weekly_plan(world) if slot.platform == platform and not slot.withdrawn]
        slots = [at for at in slots if within(period, at)]
        planned += len(slots)
        met += largest([[n for n, post in enumerate(published) if abs(post.published_at - at) <= TOLERANCE] for at in slots])
    return met, planned


def largest(choices: list[list[int]]) -> int:
    taken: dict[int, int] = {}

    def place(slot: int, tried: set[int]) -> bool:
        for post in choices[slot]:
            if post not in tried:
                tried.add(post)
                if post not in taken or place(taken[post], tried):
                    taken[post] = slot
                    return True
        return False

    return sum(place(slot, set()) for slot in range(len(choices)))
