"""The sandbox's Instagram: a professional account, its media, its stories and its insights, as the world has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sandbox.faults import Request
from sandbox.graph_facebook import both_ways, midnight, stamp, whole_days, window
from sandbox.graph_fields import Refusal, Row, Thing, listing, number, parse, select, series, total
from sandbox.server import Sandbox
from sandbox.world import ISTANBUL, World, WorldPost

FEED = {
    "views": "views", "reach": "reach", "likes": "likes", "comments": "comments", "saved": "saves", "shares": "shares",
    "total_interactions": "total_interactions", "profile_visits": "profile_clicks",
}  # fmt: skip
REELS = {name: metric for name, metric in FEED.items() if name != "profile_visits"}
STORY = {"views": "views", "reach": "reach", "shares": "shares", "replies": "replies", "total_interactions": "total_interactions"}
PRODUCTS = {"image": FEED, "carousel": FEED, "reel": REELS, "story": STORY}
TOTALS = {
    "views": "views", "likes": "likes", "comments": "comments", "saves": "saves", "shares": "shares", "replies": "replies",
    "total_interactions": "total_interactions", "profile_views": "profile_views", "reach": "reach",
}  # fmt: skip
TYPES = {
    "image": ("IMAGE", "FEED"),
    "carousel": ("CAROUSEL_ALBUM", "FEED"),
    "reel": ("VIDEO", "REELS"),
    "story": ("IMAGE", "STORY"),
}
MOST_SECONDS = 30 * 86400
FEWEST_VIEWERS = 5
LIFE = timedelta(days=1)


def answer(box: Sandbox, request: Request, owner: str, edge: str) -> Any:
    """The account and its edges; None when `owner` is neither the account nor one of its media."""
    world, account = box.world, box.world.accounts["instagram"]
    if owner == account.remote_id:
        if edge == "insights":
            return _account_insights(world, request, owner)
        if edge in ("media", "stories"):
            shown = world.visible("instagram", request.now) if edge == "media" else stories(world, request.now)
            return listing(request, [_thing(world, request.now, post) for post in shown], "IGMedia")
        return None if edge else select(_account(world, request.now), parse(request.query.get("fields", "id")), "IGUser")
    shown = [*world.visible("instagram", request.now), *stories(world, request.now)]
    post = next((p for p in shown if p.post == owner), None)
    if post is None or edge not in ("", "insights"):
        return None
    if edge:
        return _media_insights(world, request.now, post, request.query.get("metric", "").split(","))
    return select(_media_row(world, request.now, post), parse(request.query.get("fields", "id")), "IGMedia")


def stories(world: World, at: datetime) -> list[WorldPost]:
    """The stories that live at `at`, newest first: two a day, for 24 hours each, some of them hardly seen."""
    found = []
    for back in range(2):
        day = at.astimezone(ISTANBUL).date() - timedelta(days=back)
        if not world.start <= day < world.end:
            continue
        for hour in (18, 10):
            name = ("instagram", "story", day, hour)
            published = datetime.combine(day, time(hour, world.below(60, *name, "minute")), ISTANBUL).astimezone(UTC)
            if published <= at < published + LIFE:
                serial = (day - world.start).days * 2 + (hour == 18)
                views = 3 if world.below(9, *name, "quiet") == 0 else 300 + world.below(1700, *name, "views")
                story = WorldPost("instagram", str(18_050_000_000_000_000 + serial), "story", published, "", views)
                found.append(story)
    return found


def _account(world: World, now: datetime) -> Row:
    account = world.accounts["instagram"]
    return {
        "id": lambda _: account.remote_id,
        "username": lambda _: account.handle,
        "name": lambda _: account.label,
        "followers_count": lambda _: world.followers("instagram", now),
        "follows_count": lambda _: 41,
        "media_count": lambda _: len(world.visible("instagram", now)),
    }


def _thing(world: World, now: datetime, post: WorldPost) -> Thing:
    return Thing(post.post, post.published_at, lambda: _media_row(world, now, post))


def _media_row(world: World, now: datetime, post: WorldPost) -> Row:
    kind, product = TYPES[post.kind]
    place = {"reel": "reel", "story": f"stories/{world.accounts['instagram'].handle}"}.get(post.kind, "p")
    return {
        "id": lambda _: post.post,
        "timestamp": lambda _: stamp(post.published_at),
        "media_type": lambda _: kind,
        "media_product_type": lambda _: product,
        "permalink": lambda _: f"https://www.instagram.com/{place}/{post.post}/",
        "caption": lambda _: post.text or None,
        "like_count": lambda _: world.counter(post, "likes", now),
        "comments_count": lambda _: world.counter(post, "comments", now),
        "username": lambda _: world.accounts["instagram"].handle,
        "insights": lambda wanted: _media_insights(world, now, post, wanted.modifiers.get("metric", [])),
    }


def _media_insights(world: World, now: datetime, post: WorldPost, names: Sequence[str]) -> dict[str, Any]:
    metrics = PRODUCTS[post.kind]
    _known(names, {**FEED, **STORY})
    for name in names:
        if name not in metrics:
            raise Refusal(100, f"(#100) The Media Insights API does not support the {name} metric for this media product type.")
    if post.kind == "story" and world.counter(post, "views", now) < FEWEST_VIEWERS:
        raise Refusal(10, "(#10) Not enough viewers for the media to show insights")
    return {"data": [number(name, world.counter(post, metrics[name], now), post.post) for name in names]}


def _known(names: Sequence[str], metrics: Any) -> None:
    for index, name in enumerate(names):
        if name not in metrics:
            raise Refusal(100, f"(#100) metric[{index}] must be one of the following values: {', '.join(metrics)}")


def _account_insights(world: World, request: Request, owner: str) -> dict[str, Any]:
    query = request.query
    names = query.get("metric", "").split(",")
    _known(names, {**TOTALS, "follows_and_unfollows": ""})
    if query.get("period") != "day":
        raise Refusal(100, "(#100) The following metrics require the metric period: day")
    since, until = window(request)
    if until - since > MOST_SECONDS:
        raise Refusal(100, "(#100) There cannot be more than 30 days (2592000 s) between since and until.")
    days = whole_days(world, since, min(until, request.now.timestamp()))
    data = []
    for name in names:
        if query.get("metric_type") != "total_value":
            if name != "reach":
                raise Refusal(
                    100, f"(#100) The following metrics ({name}) should be specified with parameter metric_type=total_value"
                )
            ends = [(day, stamp(midnight(day + timedelta(days=1)))) for day in days]
            data.append(
                series(name, [{"value": world.flow("instagram", "reach", day), "end_time": end} for day, end in ends], owner)
            )
        elif name == "follows_and_unfollows":
            data.append(total(name, _moves(world, days) if query.get("breakdown") == "follow_type" and days else {}, owner))
        elif days:
            data.append(total(name, {"value": sum(world.flow("instagram", TOTALS[name], day) for day in days)}, owner))
    return {"data": data, "paging": both_ways(request)}


def _moves(world: World, days: Sequence[Any]) -> dict[str, Any]:
    """Gained and lost; without the breakdown the value is missing."""
    results = [
        {"dimension_values": [who], "value": sum(world.flow("instagram", metric, day) for day in days)}
        for who, metric in (("FOLLOWER", "follows"), ("NON_FOLLOWER", "unfollows"))
    ]
    return {"breakdowns": [{"dimension_keys": ["follow_type"], "results": results}]}
