"""The sandbox's Facebook: a Page, its posts, its reels and its insights, as the world has them.

`photo`, `status` and `video` stand in `published_posts`; `video_reels` lists the reels, and the videos once more, as Facebook
does since every video is a reel. A video stands in both under one `post_id`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sandbox.faults import Request
from sandbox.graph_fields import Field, Refusal, Row, Thing, link, listing, number, parse, select, series
from sandbox.server import Sandbox
from sandbox.world import PACIFIC, World, WorldPost

POST_METRICS = {"post_media_view": "views", "post_total_media_view_unique": "reach", "post_clicks": "clicks"}
REEL_METRICS = {"fb_reels_total_plays", "post_video_likes_by_reaction_type", "post_video_social_actions"}
PAGE_METRICS = {
    "page_media_view": "views", "page_total_media_view_unique": "reach", "page_post_engagements": "engagements",
    "page_views_total": "profile_views", "page_daily_follows_unique": "follows", "page_daily_unfollows_unique": "unfollows",
    "page_follows": "followers",
}  # fmt: skip
MOST_SECONDS = 90 * 86400
STATUS = {"photo": "added_photos", "video": "added_video", "status": "mobile_status_update"}


def answer(box: Sandbox, request: Request, owner: str, edge: str) -> Any:
    """The Page and its edges; None when `owner` is neither the Page nor one of its posts."""
    world, page = box.world, box.world.accounts["facebook"]
    if owner in (page.remote_id, page.handle, "me"):
        if edge == "insights":
            return _page_insights(world, request, page.remote_id)
        if edge in ("published_posts", "video_reels"):
            things = [
                _thing(world, request.now, post, edge) for post in world.visible("facebook", request.now) if _stands(post, edge)
            ]
            return listing(request, things, "PagePost" if edge == "published_posts" else "AdVideo")
        return None if edge else select(_page(world, request.now), parse(request.query.get("fields", "id,name")), "Page")
    post = world.find("facebook", owner)
    if post is None or edge not in ("", "insights") or post not in world.visible("facebook", request.now):
        return None
    if edge:
        names = request.query.get("metric", "").split(",")
        return {**_post_insights(world, request.now, post, names), "paging": both_ways(request)}
    row = _feed_row(world, request.now, post)
    return select(row, parse(request.query.get("fields", "id,created_time,message")), "PagePost")


def _stands(post: WorldPost, edge: str) -> bool:
    return post.kind != "reel" if edge == "published_posts" else post.kind in ("reel", "video")


def _page(world: World, now: datetime) -> Row:
    page, instagram = world.accounts["facebook"], world.accounts["instagram"]
    linked = {"id": instagram.remote_id, "username": instagram.handle}
    return {
        "id": lambda _: page.remote_id,
        "name": lambda _: page.label,
        "username": lambda _: page.handle,
        "link": lambda _: f"https://www.facebook.com/{page.handle}",
        "followers_count": lambda _: world.followers("facebook", now),
        "fan_count": lambda _: world.followers("facebook", now) - 1500,
        "instagram_business_account": lambda wanted: {
            k: v for k, v in linked.items() if k in {"id", *(f.name for f in wanted.inner)}
        },
    }


def video_id(post: WorldPost) -> str:
    return "77" + post.post.partition("_")[2]


def _thing(world: World, now: datetime, post: WorldPost, edge: str) -> Thing:
    if edge == "video_reels":
        return Thing(video_id(post), post.published_at, lambda: _reel_row(world, now, post))
    return Thing(post.post, post.published_at, lambda: _feed_row(world, now, post))


def _shared_row(world: World, now: datetime, post: WorldPost) -> Row:
    page = world.accounts["facebook"]
    return {
        "created_time": lambda _: stamp(post.published_at),
        "updated_time": lambda _: stamp(post.published_at),
        "comments": lambda wanted: _summary(wanted, world.counter(post, "comments", now)),
        "from": lambda _: {"id": page.remote_id, "name": page.label},
    }


def _reel_row(world: World, now: datetime, post: WorldPost) -> Row:
    path = f"/reel/{video_id(post)}/" if post.kind == "reel" else f"/{world.accounts['facebook'].handle}/videos/{video_id(post)}/"
    return {
        **_shared_row(world, now, post),
        "id": lambda _: video_id(post),
        "post_id": lambda _: post.post.partition("_")[2],
        "description": lambda _: post.text,
        "permalink_url": lambda _: path,
        "published": lambda _: True,
        "video_insights": lambda wanted: _reel_insights(world, now, post, wanted.modifiers.get("metric", [])),
    }


def _feed_row(world: World, now: datetime, post: WorldPost) -> Row:
    url = f"https://www.facebook.com/{world.accounts['facebook'].handle}/posts/{post.post.partition('_')[2]}"
    return {
        **_shared_row(world, now, post),
        "id": lambda _: post.post,
        "message": lambda _: post.text,
        "permalink_url": lambda _: url,
        "status_type": lambda _: STATUS[post.kind],
        "is_published": lambda _: True,
        "shares": lambda _: {"count": shares} if (shares := world.counter(post, "shares", now)) else None,
        "reactions": lambda wanted: _summary(wanted, world.counter(post, "reactions", now)),
        "attachments": lambda _: {"data": [{"media_type": post.kind}]} if post.kind != "status" else None,
        "insights": lambda wanted: _post_insights(world, now, post, wanted.modifiers.get("metric", [])),
    }


def _summary(wanted: Field, count: int) -> dict[str, Any]:
    return {"data": [], **({"summary": {"total_count": count}} if "summary" in wanted.modifiers else {})}


def _post_insights(world: World, now: datetime, post: WorldPost, names: list[str]) -> dict[str, Any]:
    known(names, POST_METRICS)
    return {"data": [number(name, world.counter(post, POST_METRICS[name], now), post.post) for name in names]}


def _reel_insights(world: World, now: datetime, post: WorldPost, names: list[str]) -> dict[str, Any]:
    known(names, REEL_METRICS)
    reactions = world.counter(post, "reactions", now)
    values: dict[str, Any] = {
        "fb_reels_total_plays": world.counter(post, "views", now),
        "post_video_likes_by_reaction_type": {"REACTION_LIKE": reactions - reactions // 4, "REACTION_LOVE": reactions // 4},
        "post_video_social_actions": {"COMMENT": world.counter(post, "comments", now), "SHARE": world.counter(post, "shares", now)},
    }
    return {"data": [number(name, values[name], video_id(post)) for name in names]}


def _page_insights(world: World, request: Request, owner: str) -> dict[str, Any]:
    names = request.query.get("metric", "").split(",")
    known(names, PAGE_METRICS)
    since, until = window(request)
    if until - since > MOST_SECONDS:
        raise Refusal(100, "Invalid parameter", subcode=1504016, error_user_msg="The time range may not be longer than 90 days.")
    data = []
    for name in names:
        metric = PAGE_METRICS[name]
        values = [
            {"value": _on(world, metric, day), "end_time": stamp(midnight(day + timedelta(days=1)))}
            for day in whole_days(world, since, min(until, request.now.timestamp()))
        ]
        data.append(series(name, values, owner))
    return {"data": data, "paging": both_ways(request)}


def _on(world: World, metric: str, day: date) -> int:
    if metric == "followers":
        return world.followers("facebook", midnight(day + timedelta(days=1)))
    return world.flow("facebook", metric, day)


def known(names: list[str], metrics: Any) -> None:
    """One bad name fails the whole call, and is not named."""
    if not any(names):
        raise Refusal(3001, "(#3001) You must specify at least one metric", subcode=1504028)
    if any(name not in metrics for name in names):
        raise Refusal(100, "(#100) The value must be a valid insights metric")


def window(request: Request) -> tuple[float, float]:
    """`since` and `until` in epoch seconds; the last day when they are left out."""
    now = request.now.timestamp()
    return float(request.query.get("since", now - 86400)), float(request.query.get("until", now))


def whole_days(world: World, since: float, until: float) -> list[date]:
    """The days of California that lie wholly between two instants, from the world's beginning on."""
    day = max(datetime.fromtimestamp(since, UTC).astimezone(PACIFIC).date(), world.start)
    found = []
    while midnight(day + timedelta(days=1)).timestamp() <= until:
        if midnight(day).timestamp() >= since:
            found.append(day)
        day += timedelta(days=1)
    return found


def both_ways(request: Request) -> dict[str, str]:
    """Insights always link to the window before and the one after: a pager that follows them never ends."""
    since, until = window(request)
    span = until - since
    return {
        "previous": link(request, {**request.query, "since": str(int(since - span)), "until": str(int(since))}),
        "next": link(request, {**request.query, "since": str(int(until)), "until": str(int(until + span))}),
    }


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PACIFIC).astimezone(UTC)


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
