"""What the town's four accounts are seen to say, evening by evening."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.graph_values import NO_DAY
from model import Gap, Post, Reading, Records
from sandbox.world import World, WorldPost
from sandbox.youtube import rounded
from tests.browser.hostile import ADDRESS, POSTS

DAY = timedelta(days=1)
COUNTERS = {
    "x": ("views", "likes", "comments", "shares", "quotes", "saves"),
    "facebook": ("views", "reach", "reactions", "comments", "shares"),
    "instagram": ("views", "reach", "likes", "comments", "shares", "saves"),
    "youtube": ("views", "likes", "comments"),
}
DAILY = {
    "facebook": ("views", "follows", "unfollows"),
    "instagram": ("views", "likes", "comments", "shares", "saves", "follows", "unfollows"),
    "youtube": ("views", "likes", "comments", "shares", "follows", "unfollows"),
}
BACK = {"facebook": (1, 2, 3), "instagram": (1, 2, 3), "youtube": (1, 4, 11)}
EDGES, SUNDAY = ((6, 30), (8, 19)), 6
AGES = {0, 1, 2, 3, 7, 14, 31, 60}  # in days: when the counters of a post are read
EVERY_TWELFTH = 12


@dataclass(frozen=True)
class Look:
    """One walk of a stream, of one answer."""

    account: str
    stream: str
    url: str
    records: Records
    back: timedelta = timedelta(0)
    cost: int = 0
    lasting: bool = False

    @property
    def body(self) -> bytes:
        """What stands in the archive: something to be read by a person, with the figures in it."""
        told = [{"id": p.post, "text": p.text[:300]} for p in self.records.posts]
        figures = [{"id": r.post, "metric": r.metric, "value": r.value, "day": r.day and str(r.day)} for r in self.records.readings]
        titles = [{"outlet": a.outlet, "title": a.title[:300], "url": a.url} for a in self.records.articles]
        return json.dumps({"url": self.url, "posts": told, "figures": figures, "items": titles}, ensure_ascii=False).encode()


def looks(world: World, at: datetime) -> Iterator[Look]:
    for platform, account in world.accounts.items():
        name, root = f"{platform}:{account.handle.lstrip('@')}", f"https://api.{platform}.example/{account.remote_id}"
        followers = world.followers(platform, at)
        level = Reading("followers", rounded(followers), exact=False) if platform == "youtube" else Reading("followers", followers)
        yield Look(name, "profile", f"{root}?fields=followers", Records(readings=(level,)), cost=10)
        edge = (at.month, at.day) in EDGES
        back = 220 * DAY if edge else 32 * DAY if at.weekday() == SUNDAY else 3 * DAY
        for stream in ("posts", "reels") if platform == "facebook" else ("posts",):
            seen = [
                (n, post) for n, post in enumerate(world.posts[platform])
                if at - back <= post.published_at <= at and not (post.deleted_at and post.deleted_at <= at)
                and (platform != "facebook" or (post.kind == "reel") == (stream == "reels"))
            ]  # fmt: skip
            yield Look(name, stream, f"{root}/{stream}?since={at - back:%Y-%m-%d}", _posts(world, platform, seen, at, edge=edge), back,
                       cost=5 * len(seen) + 1, lasting=True)  # fmt: skip
        if platform in DAILY:
            yield Look(name, "daily", f"{root}/insights?until={at:%Y-%m-%d}", _daily(world, platform, at), 12 * DAY, cost=1)


def _posts(world: World, platform: str, seen: list[tuple[int, WorldPost]], at: datetime, *, edge: bool) -> Records:
    posts, readings = [], []
    for number, post in seen:
        age = (at.date() - post.published_at.date()).days
        if age in AGES or edge:
            posts.append(Post(post.post, post.kind, post.published_at, _address(platform, number, post), _text(number, post)))
            readings += [Reading(metric, world.counter(post, metric, at), post.post) for metric in COUNTERS[platform]]
    return Records(posts=tuple(posts), readings=tuple(readings))


def _daily(world: World, platform: str, at: datetime) -> Records:
    readings, gaps = [], []
    for back in BACK[platform]:
        day = at.date() - back * DAY
        if day < world.start:
            continue
        if platform == "facebook" and (day.month, day.day) == (7, 24):
            gaps.append(Gap("views", NO_DAY, day=day))
            continue
        readings += [Reading(metric, world.flow(platform, metric, day), day=day) for metric in DAILY[platform]]
    return Records(readings=tuple(readings), gaps=tuple(gaps))


def _text(number: int, post: WorldPost) -> str:
    return POSTS[number // EVERY_TWELFTH % len(POSTS)] if number % EVERY_TWELFTH == 3 else post.text


def _address(platform: str, number: int, post: WorldPost) -> str:
    return ADDRESS if number % EVERY_TWELFTH == 3 else f"https://{platform}.example/{post.post}"
