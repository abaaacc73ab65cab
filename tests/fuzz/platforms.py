"""X, Facebook, Instagram and YouTube: their answers, their archived bodies, and the cursors and memos of walks over them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from model import Account, from_json
from tests.fuzz.answering import Platform
from tests.fuzz.platform_answers import GOOGLE_SEEDS, GRAPH_SEEDS, KNOWN, TOKEN, UPLOADS, USER, VIDEOS, X_SEEDS
from tests.fuzz.press import FEED, GDELT, PAGE
from tests.fuzz.promises import SECRET
from tests.fuzz.target import Target, recorded

X = Platform(
    "x",
    Account("x:ornekbelediye", "x", "ornekbelediye"),
    {
        "profile": ({"access": "oauth1", "id": USER, "owned": False}, {}),
        "posts": ({"access": "oauth1", "id": USER, "owned": True}, {}),
        "private": ({"access": "oauth1", "id": USER, "owned": True}, {}),
    },
)
FACEBOOK = Platform(
    "facebook",
    Account("facebook:ornek", "facebook", "ornek", "100"),
    {stream: ({"id": "100"}, {}) for stream in ("profile", "posts", "reels", "daily")},
)
INSTAGRAM = Platform(
    "instagram",
    Account("instagram:ornek", "instagram", "ornek", "17841400000000001"),
    {stream: ({"id": "17841400000000001"}, {}) for stream in ("profile", "posts", "stories", "daily")},
)
YOUTUBE = Platform(
    "youtube",
    Account("youtube:@ornek", "youtube", "@ornek"),
    {"profile": ({}, TOKEN), "posts": (KNOWN, {**TOKEN, "/playlistItems": json.dumps(UPLOADS).encode()})},
)
LISTING = {"posts": (KNOWN, {**TOKEN, "/videos": json.dumps(VIDEOS).encode()})}
ARCHIVED: dict[str, tuple[str, ...]] = {
    "x": (f"https://api.x.com/2/users/{USER}", f"https://api.x.com/2/users/{USER}/tweets?tweet.fields=x", f"https://api.x.com/2/users/{USER}/tweets?tweet.fields=non_public_metrics"),
    "facebook": (
        "https://graph.facebook.com/v26.0/100?fields=id,followers_count,fan_count", "https://graph.facebook.com/v26.0/100/published_posts?fields=id,shares,insights.metric(post_media_view,post_clicks)",
        "https://graph.facebook.com/v26.0/100/video_reels?fields=id,video_insights.metric(blue_reels_play_count)", "https://graph.facebook.com/v26.0/100/insights?metric=page_media_view,page_follows&period=day&since=1763539200&until=1763798400",
    ),
    "instagram": (
        "https://graph.facebook.com/v26.0/1784?fields=id,followers_count,media_count", "https://graph.facebook.com/v26.0/1784/media?fields=id,like_count,insights.metric(reach,views,saved)",
        "https://graph.facebook.com/v26.0/1784/insights?metric=reach,follower_count&period=day&since=1763539200&until=1763798400", "https://graph.facebook.com/v26.0/1784/insights?metric=views&period=day&metric_type=total_value&since=1763539200&until=1763625600",
        "https://graph.facebook.com/v26.0/17900000000000001/insights?metric=reach,views,saved",
    ),
    "youtube": (
        "https://youtube.googleapis.com/youtube/v3/channels?part=snippet,statistics", "https://youtube.googleapis.com/youtube/v3/videos?part=snippet,statistics,status", "https://youtube.googleapis.com/youtube/v3/playlistItems?part=contentDetails",
        "https://youtubeanalytics.googleapis.com/v2/reports?dimensions=day&metrics=views,likes,subscribersGained&startDate=2026-11-18&endDate=2026-11-22&sort=day",
    ),
}  # fmt: skip
DOORS = {platform.name: platform for platform in (X, FACEBOOK, INSTAGRAM, YOUTUBE, FEED, PAGE, GDELT)}
PLATFORMS = {platform.name: platform for platform in (X, FACEBOOK, INSTAGRAM, YOUTUBE)}


def asked(platform: Platform, body: bytes) -> None:
    """All that a platform is asked for is answered so, with a 200 and with a refusal."""
    platform.ask(body)
    platform.ask(body, status=400)
    if platform is YOUTUBE:
        for stream, (memo, given) in LISTING.items():
            platform.walk(stream, body, memo=memo, given=given)


def archived(platform: Platform, body: bytes) -> None:
    """The body as it stands in the archive, under each kind of address that was asked."""
    for url in ARCHIVED[platform.name]:
        platform.read_archived(url, body)


def headed(body: bytes) -> None:
    """An answer with its status and its headers: redirects, limits, packings, lengths that lie."""
    try:
        said = from_json(body)
        status, headers, text = (
            said["status"],
            {str(name): str(value) for name, value in said["headers"].items()},
            str(said["body"]).encode(),
        )
        platform = DOORS[said["to"]]
    except (ValueError, LookupError, TypeError, AttributeError):
        return
    if (
        isinstance(status, int)
        and 100 <= status <= 599
        and all(f"{name}{value}".isprintable() and f"{name}{value}".isascii() for name, value in headers.items())
    ):
        for stream, (memo, given) in platform.streams.items():
            platform.walk(stream, text, memo=memo, given=given, status=status, headers=headers, pages=1)


def remembered(body: bytes) -> None:
    """A cursor and a memo as they stand in the database: the walk goes on, starts again or fails with a word."""
    try:
        kept = from_json(body)
        name, stream, cursor, memo = (kept[key] for key in ("platform", "stream", "cursor", "memo"))
        platform = PLATFORMS[name]
        given = platform.streams[stream][1]
    except (ValueError, LookupError, TypeError):
        return
    quiet = SECRET not in repr(kept)  # what mecra wrote itself holds none
    if quiet and (cursor is None or isinstance(cursor, str)) and isinstance(memo, dict):
        good = json.dumps(GOOD[name]).encode()
        platform.walk(stream, good, memo=memo, given=given, cursor=cursor)


GOOD: dict[str, Any] = {"x": X_SEEDS[2], "facebook": GRAPH_SEEDS[1], "instagram": GRAPH_SEEDS[3], "youtube": UPLOADS}
HEADED: list[Any] = [
    {"to": "feed", "status": 301, "headers": {"Location": "https://b.example/rss"}, "body": ""},
    {"to": "page", "status": 302, "headers": {"Location": "//[::1/x"}, "body": ""},
    {"to": "feed", "status": 503, "headers": {"Retry-After": "Sun, 22 Nov 2026 10:00:00 GMT"}, "body": "x"},
    {"to": "feed", "status": 304, "headers": {"ETag": "x", "Cache-Control": "max-age=5"}, "body": ""},
    {"to": "x", "status": 200, "headers": {"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1763881200", "Content-Length": "5", "Content-Type": "text/html; charset=x"}, "body": json.dumps(X_SEEDS[2])},
    {"to": "facebook", "status": 200, "headers": {"x-app-usage": '{"call_count": 99, "total_time": 5}', "x-business-use-case-usage": '{"1": [{"call_count": 100, "estimated_time_to_regain_access": 5}]}', "facebook-api-version": "v20.0"}, "body": json.dumps(GRAPH_SEEDS[4])},
    {"to": "youtube", "status": 200, "headers": {"Content-Encoding": "gzip", "Content-Type": "application/json"}, "body": "x"},
    {"to": "gdelt", "status": 429, "headers": {"Retry-After": "99999999999999999999"}, "body": "Please limit requests"},
]  # fmt: skip
CURSORS: list[Any] = [
    {"platform": "x", "stream": "posts", "cursor": json.dumps({"token": "7140", "passed": ["aa"], "seen": 100, "oldest": "2026-01-01T00:00:00Z"}), "memo": {"access": "oauth1", "id": USER, "owned": True, "dialect": "post"}},
    {"platform": "facebook", "stream": "posts", "cursor": json.dumps({"after": "QVFI", "size": 50, "seen": ["aa"]}), "memo": {"id": "100", "dead": {"post_clicks": "2026-11-01"}}},
    {"platform": "facebook", "stream": "daily", "cursor": json.dumps({"from": "2026-11-01"}), "memo": {"id": "100", "unsettled": "2026-11-01", "dead": {}}},
    {"platform": "instagram", "stream": "daily", "cursor": json.dumps({"day": "2026-11-01"}), "memo": {"id": "1784", "unsettled": "2026-11-20", "dead": {"views": "2026-11-01"}}},
    {"platform": "youtube", "stream": "posts", "cursor": json.dumps(["EAAa", ["aabbccdd"]]), "memo": KNOWN},
    {"platform": "youtube", "stream": "profile", "cursor": None, "memo": {}},
]  # fmt: skip


def _own(seeds: list[Any]) -> Callable[[], list[bytes]]:
    return lambda: [json.dumps(seed).encode() for seed in seeds]


def _recorded(folder: str) -> Callable[[], list[bytes]]:
    return lambda: [body for raw in recorded(f"{folder}/**/*.json", 400) if (body := _body(raw))]


def _body(raw: bytes) -> bytes:
    """The answer in a recorded exchange, as bytes."""
    response = json.loads(raw).get("response", {}) if raw.startswith(b"{") else {}
    body = response.get("body") if isinstance(response, dict) else None
    return b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()


SEEDS = {
    "x": (X_SEEDS, "x"),
    "facebook": (GRAPH_SEEDS, "graph"),
    "instagram": (GRAPH_SEEDS, "graph"),
    "youtube": (GOOGLE_SEEDS, "youtube"),
}
TARGETS = (
    *(Target(name, partial(asked, PLATFORMS[name]), _own(own), "json", _recorded(folder)) for name, (own, folder) in SEEDS.items()),
    *(
        Target(f"archived-{name}", partial(archived, PLATFORMS[name]), _own(own), "json", _recorded(folder))
        for name, (own, folder) in SEEDS.items()
    ),
    Target("headers", headed, _own(HEADED), "json"),
    Target("cursors", remembered, _own(CURSORS), "json"),
)
