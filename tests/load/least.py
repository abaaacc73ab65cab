"""The fewest requests that can bring what a day promises: from the world and the ladders as they are documented, never from our own code.

Of every walk at least one page; a page holds what the platform's documentation allows; figures without a list or a series of their own
take one request each. `docs/platforms.md` says how often each is promised.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sandbox.world import World

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PAGES = {"x": 100, "published_posts": 100, "video_reels": 50, "media": 50, "playlistItems": 50}
UNSETTLED = 3  # of Instagram's days that are read again: totals and follows have no series, one request each a day

Kind = tuple[str, str]


def pages(found: int, size: int) -> int:
    return max(1, -(-found // size))


def hourly(world: World, platform: str, size: int, first: datetime, kinds: Iterable[str] = ()) -> int:
    """A day of hourly walks: each looks back a day, one of them a week. Weeks and months are looked back at on other days."""
    wanted = set(kinds)

    def listed(at: datetime, depth: timedelta) -> int:
        posts = world.visible(platform, at)
        return sum(at - depth <= post.published_at <= at and (not wanted or post.kind in wanted) for post in posts)

    hours = [first + n * HOUR for n in range(24)]
    return pages(listed(hours[0], 7 * DAY), size) + sum(pages(listed(at, DAY), size) for at in hours[1:])


def least(world: World, first: datetime) -> dict[Kind, int]:
    """By platform and what is asked: the requests of one municipality's four accounts on a day that begins at `first`."""
    stories = sum(1 for _ in range(4) for _ in range(2))  # two live at each of four looks; each has its figures alone
    return {
        ("x", "2/users"): 1,
        ("x", "2/users/tweets"): hourly(world, "x", PAGES["x"], first),
        ("graph", "facebook profile"): 1,
        ("graph", "facebook/published_posts"): hourly(world, "facebook", PAGES["published_posts"], first, ("photo", "status", "video")),
        ("graph", "facebook/video_reels"): hourly(world, "facebook", PAGES["video_reels"], first, ("reel", "video")),
        ("graph", "facebook/insights day"): 1,
        ("graph", "instagram profile"): 1,
        ("graph", "instagram/media"): hourly(world, "instagram", PAGES["media"], first),
        ("graph", "instagram/stories"): 4,
        ("graph", "instagram/insights"): stories,
        ("graph", "instagram/insights day"): 1 + 2 * UNSETTLED,
        ("youtube", "youtube/v3/channels"): 1,
        ("youtube", "youtube/v3/playlistItems"): 4,
        ("youtube", "youtube/v3/videos"): 4,
        ("youtube", "v2/reports"): 1,
        ("youtube", "token"): 1,
    }  # fmt: skip


# What may come on top of it in a day, and why: a municipality's most, and the reason.
EXPLAINED: dict[Kind, tuple[int, str]] = {
    ("graph", "instagram/stories"): (2, "a last look at each story, before its figures are gone"),
    ("graph", "instagram/insights"): (6, "figures of the stories that live at these last looks"),
    ("youtube", "token"): (7, "a token lives for an hour: one for each walk that finds none alive; free, and no quota"),
    ("youtube", "youtube/v3/videos"): (1, ""),
}
