"""What the sandbox's world says a stored figure must be."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from model import from_text
from sandbox.graph_facebook import midnight
from sandbox.graph_instagram import stories
from sandbox.press import OUTLETS
from sandbox.world import World, WorldPost
from sandbox.x_posts import posts_total
from sandbox.youtube import rounded, views_total
from sandbox.youtube_days import FLOWS, on_day

YOUTUBE_DAYS = {ours: name for name, ours in FLOWS.items()}
# What mecra calls the platform's own total, and the world another name.
WORLD_NAMES = {("instagram", "engagements"): "total_interactions"}


def stories_told(world: World) -> dict[str, WorldPost]:
    """Every story that lives at one of the demo's moments, by id."""
    found: dict[str, WorldPost] = {}
    at = midnight(world.start)
    while at.date() <= world.end + timedelta(days=2):
        found |= {story.post: story for story in stories(world, at)}
        at += timedelta(hours=3)
    return found


def expected(
    world: World, told: dict[str, WorldPost], account: str, post: str | None, metric: str, day: str | None, at: str
) -> int:
    """The value that a reading of `at` must have; raises KeyError for a post that the world never had."""
    platform, moment = account.partition(":")[0], from_text(at)
    name = WORLD_NAMES.get((platform, metric), metric)
    if post is not None:
        return _post(world, told, platform, post, name, moment)
    if day is not None:
        return _day(world, platform, name, date.fromisoformat(day))
    return _now(world, platform, name, moment)


def _post(world: World, told: dict[str, WorldPost], platform: str, post: str, metric: str, at: datetime) -> int:
    found = world.find(platform, post) or told[post]
    return world.counter(found, metric, at)


def _day(world: World, platform: str, metric: str, day: date) -> int:
    if platform == "facebook" and metric == "followers":
        return world.followers("facebook", midnight(day + timedelta(days=1)))
    return on_day(world, YOUTUBE_DAYS[metric], day) if platform == "youtube" else world.flow(platform, metric, day)


def _now(world: World, platform: str, metric: str, at: datetime) -> int:
    if metric == "followers":
        return rounded(world.followers("youtube", at)) if platform == "youtube" else world.followers(platform, at)
    if metric == "page_likes":
        return world.followers("facebook", at) - 1500
    if metric == "views_total":
        return views_total(world, at)
    if metric == "posts_total":
        return posts_total(world, at) if platform == "x" else len(world.visible(platform, at))
    raise KeyError(metric)


def appearance(url: str) -> tuple[str, int]:
    """Host and number of an article's address, whatever its variant."""
    host = (urlsplit(url).hostname or "").removeprefix("m.").removeprefix("www.")
    hosts = {outlet.host.removeprefix("www."): outlet.host for outlet in OUTLETS}
    plain = re.sub(r"[?&](utm_\w+|fbclid|gclid)=[^&]*", "", url)
    return hosts[host], int(re.findall(r"\d+", plain)[-1])
