"""YouTube Data API v3, YouTube Analytics API v2 and Google's token server, as far as mecra asks them."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from model import to_text
from sandbox.faults import Reply, Request
from sandbox.world import PACIFIC, World, WorldPost
from sandbox.youtube_days import report
from sandbox.youtube_faults import FAULTS as FAULTS
from sandbox.youtube_faults import Refusal, refusal

if TYPE_CHECKING:
    from sandbox.server import Sandbox

KEY, REFRESH_TOKEN, CLIENT_ID, CLIENT_SECRET = (
    "sandbox-youtube-key", "sandbox-youtube-refresh", "sandbox", "sandbox-secret",
)  # fmt: skip
CODE = "sandbox-youtube-code"  # what the consent page, which the sandbox has not, would send back
SCOPES = "https://www.googleapis.com/auth/youtube.readonly https://www.googleapis.com/auth/yt-analytics.readonly"
TOKEN_LIFE = timedelta(seconds=3599)
PER_PAGE, MOST_IDS = 50, 50
LIMITS = {"data": 10_000, "analytics": 50_000}
"""Units a Pacific day; `box.state["youtube.limits"]` overrides them."""


def views_total(world: World, at: datetime) -> int:
    """The lifetime views of the channel: what it had when the world began, and some every minute."""
    began = datetime(world.start.year, world.start.month, world.start.day, tzinfo=PACIFIC)
    return 2_345_678 + int((at - began).total_seconds()) // 60 * 7


def rounded(subscribers: int) -> int:
    """What YouTube tells of a number of subscribers: three significant digits, rounded down, from 1,000 on."""
    step: int = 10 ** max(0, len(str(subscribers)) - 3)
    return subscribers // step * step


def answer(box: Sandbox, request: Request) -> Reply:
    try:
        if request.path == "/token":
            return _token(box, request)
        bucket = "analytics" if request.path == "/v2/reports" else "data"
        owner = _authorized(box, request)
        _spend(box, bucket, request.now)
        if request.path == "/v2/reports":
            return Reply(value=report(box.world, request, owner))
        known: Mapping[str, Callable[[World, Request, bool], dict[str, Any]]] = {
            "/youtube/v3/channels": _channels,
            "/youtube/v3/playlistItems": _playlist_items,
            "/youtube/v3/videos": _videos,
        }
        if request.path not in known or request.method != "GET":
            raise Refusal(404, "notFound", "The requested resource was not found.")
        return Reply(value=known[request.path](box.world, request, owner))
    except Refusal as error:
        return error.reply


# -- who asks, and how much


def _token(box: Sandbox, request: Request) -> Reply:
    form = {name: values[-1] for name, values in parse_qs(request.body.decode()).items()}
    if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
        return Reply(401, {"error": "invalid_client", "error_description": "The OAuth client was not found."})
    consented = (form.get("grant_type"), form.get("code")) == ("authorization_code", CODE) and len(
        form.get("code_verifier", "")
    ) > 42
    good = box.state.get("youtube.refresh", REFRESH_TOKEN)
    if not consented and (form.get("grant_type") != "refresh_token" or form.get("refresh_token") != good):
        return Reply(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
    issued: dict[str, datetime] = box.state.setdefault("youtube.tokens", {})
    token = f"ya29.sandbox-{len(issued)}-{box.world.number('youtube', 'token', len(issued)):x}"
    issued[token] = request.now + TOKEN_LIFE
    scope = form.get("scope", SCOPES)
    lasting = {"refresh_token": good} if consented else {}
    return Reply(value={"access_token": token, "expires_in": 3599, "scope": scope, "token_type": "Bearer", **lasting})


def _authorized(box: Sandbox, request: Request) -> bool:
    """Whether the owner asks; raises for nobody and for an unknown key or token."""
    if "key" in request.query:
        raise Refusal(400, "badRequest", "The sandbox takes a key in x-goog-api-key only: an address gets into logs.")
    scheme, _, token = (request.headers.get("Authorization") or "").partition(" ")
    if token:
        until = box.state.get("youtube.tokens", {}).get(token)
        if scheme != "Bearer" or until is None or until < request.now:
            raise Refusal(401, "authError", "Request had invalid authentication credentials.", status="UNAUTHENTICATED")
        return True
    key = request.headers.get("x-goog-api-key")
    if key is None:
        raise Refusal(
            403, "forbidden", "Method doesn't allow unregistered callers. Please use API Key.", status="PERMISSION_DENIED"
        )
    if key != KEY:
        raise Refusal(400, "badRequest", "API key not valid. Please pass a valid API key.", "API_KEY_INVALID", "INVALID_ARGUMENT")
    return False


def _spend(box: Sandbox, bucket: str, now: datetime) -> None:
    used: Counter[tuple[str, str]] = box.state.setdefault("youtube.used", Counter())
    day = (bucket, now.astimezone(PACIFIC).date().isoformat())
    used[day] += 1
    if used[day] > {**LIMITS, **box.state.get("youtube.limits", {})}[bucket]:
        raise refusal("quotaExceeded")


# -- what is answered


def _channels(world: World, request: Request, owner: bool) -> dict[str, Any]:
    channel, query = world.accounts["youtube"], request.query
    parts = _parts(request, {"id", "snippet", "statistics", "contentDetails"})
    if query.get("mine") == "true":
        if not owner:
            raise Refusal(401, "authorizationRequired", "The request uses the mine parameter but is not properly authorized.")
        wanted = True
    elif "id" in query or "forHandle" in query:
        handle = query.get("forHandle", "").lstrip("@").casefold()
        wanted = channel.remote_id in query.get("id", "").split(",") or handle == channel.handle.lstrip("@").casefold()
    else:
        raise Refusal(400, "missingRequiredParameter", "No filter selected. Expected one of: id, mine, forHandle")
    if not wanted:
        return _list("channel", None, 0, 5)
    snippet = {
        "title": channel.label, "description": "Örnek Belediyesi’nin kanalı", "customUrl": channel.handle,
        "publishedAt": "2012-04-23T08:00:00Z", "thumbnails": {}, "country": "TR",
        "localized": {"title": channel.label, "description": "Örnek Belediyesi’nin kanalı"},
    }  # fmt: skip
    statistics = {
        "viewCount": str(views_total(world, request.now)),
        "subscriberCount": str(rounded(world.followers("youtube", request.now))),
        "hiddenSubscriberCount": False,
        "videoCount": str(len(world.visible("youtube", request.now))),
    }
    details = {"relatedPlaylists": {"likes": "", "uploads": _uploads(world)}}
    whole = {"snippet": snippet, "statistics": statistics, "contentDetails": details}
    return _list("channel", [_item("channel", channel.remote_id, whole, parts)], 1, 5)


def _playlist_items(world: World, request: Request, owner: bool) -> dict[str, Any]:
    query = request.query
    parts = _parts(request, {"id", "snippet", "contentDetails", "status"})
    if query.get("playlistId") != _uploads(world):
        raise refusal("playlistNotFound")
    size = int(query.get("maxResults", 5))
    if not 0 <= size <= PER_PAGE:
        raise Refusal(400, "invalidParameter", f"Invalid value '{size}'. Values must be within the range: [0, 50]")
    first = _offset(query["pageToken"]) if query.get("pageToken") else 0
    videos = _listed(world, request.now, owner)
    items = [_playlist_item(world, video, first + n, parts) for n, video in enumerate(videos[first : first + size])]
    value = _list("playlistItem", items, len(videos), size)
    if first + size < len(videos):
        value["nextPageToken"] = page_token(first + size)
    if first:
        value["prevPageToken"] = page_token(max(0, first - size))
    return value


def _playlist_item(world: World, video: WorldPost, position: int, parts: set[str]) -> dict[str, Any]:
    channel, at = world.accounts["youtube"], to_text(video.published_at)
    snippet = {
        "publishedAt": at, "channelId": channel.remote_id, "title": video.text, "description": "", "thumbnails": {},
        "channelTitle": channel.label, "playlistId": _uploads(world), "position": position,
        "resourceId": {"kind": "youtube#video", "videoId": video.post},
        "videoOwnerChannelTitle": channel.label, "videoOwnerChannelId": channel.remote_id,
    }  # fmt: skip
    details = {"videoId": video.post, "videoPublishedAt": at}
    whole = {"snippet": snippet, "contentDetails": details, "status": {"privacyStatus": _privacy(video)}}
    return _item("playlistItem", _opaque(f"{_uploads(world)}.{video.post}"), whole, parts)


def _videos(world: World, request: Request, owner: bool) -> dict[str, Any]:
    parts = _parts(request, {"id", "snippet", "contentDetails", "status", "statistics"})
    ids = [post for post in request.query.get("id", "").split(",") if post]
    if not ids:
        raise Refusal(400, "missingRequiredParameter", "No filter selected. Expected one of: id, chart, myRating")
    if len(ids) > MOST_IDS:
        raise Refusal(400, "invalidFilters", "The request specifies an invalid filter parameter.")
    shown = {video.post: video for video in _listed(world, request.now, owner)}
    found = [shown[post] for post in dict.fromkeys(ids) if post in shown]
    items = [_item("video", video.post, _video(world, video, request.now), parts) for video in found]
    return _list("video", items, len(items), len(items))


def _video(world: World, video: WorldPost, at: datetime) -> dict[str, Any]:
    channel = world.accounts["youtube"]
    return {
        "snippet": {
            "publishedAt": to_text(video.published_at), "channelId": channel.remote_id, "title": video.text,
            "description": f"{video.text}\nBasın Yayın Müdürlüğü", "thumbnails": {}, "channelTitle": channel.label,
            "tags": ["örnek", "belediye"], "categoryId": "25", "liveBroadcastContent": "none", "defaultLanguage": "tr",
            "localized": {"title": video.text, "description": ""},
        },
        "contentDetails": {
            "duration": f"PT{1 + video.final_views % 9}M{video.final_views % 60}S", "dimension": "2d", "definition": "hd",
            "caption": "false", "licensedContent": False, "contentRating": {}, "projection": "rectangular",
        },
        "status": {
            "uploadStatus": "processed", "privacyStatus": _privacy(video), "license": "youtube", "embeddable": True,
            "publicStatsViewable": True, "madeForKids": False,
        },
        "statistics": {
            "viewCount": str(world.counter(video, "views", at)), "likeCount": str(world.counter(video, "likes", at)),
            "favoriteCount": "0", "commentCount": str(world.counter(video, "comments", at)),
        },
    }  # fmt: skip


# -- the shape of things


def _listed(world: World, at: datetime, owner: bool) -> list[WorldPost]:
    """The uploads, newest first: deleted ones are gone, private ones are for their owner."""
    if not owner:
        return world.visible("youtube", at)
    return [p for p in reversed(world.posts["youtube"]) if p.published_at <= at and not (p.deleted_at and p.deleted_at <= at)]


def _privacy(video: WorldPost) -> str:
    return "private" if video.private else "public"


def _parts(request: Request, known: set[str]) -> set[str]:
    parts = set(filter(None, request.query.get("part", "").split(",")))
    if not parts:
        raise Refusal(400, "missingRequiredParameter", "No part parameter was specified.")
    if unknown := parts - known:
        raise Refusal(400, "unknownPart", min(unknown))
    return parts


def _item(kind: str, remote_id: str, whole: Mapping[str, Any], parts: set[str]) -> dict[str, Any]:
    head = {"kind": f"youtube#{kind}", "etag": _opaque(remote_id), "id": remote_id}
    return head | {name: value for name, value in whole.items() if name in parts}


def _list(kind: str, items: list[dict[str, Any]] | None, total: int, size: int) -> dict[str, Any]:
    """A list as YouTube writes it; a channel that is not there leaves `items` out."""
    head = {
        "kind": f"youtube#{kind}ListResponse",
        "etag": _opaque(f"{kind}{total}"),
        "pageInfo": {"totalResults": total, "resultsPerPage": size},
    }
    return head if items is None else {**head, "items": items}


def _uploads(world: World) -> str:
    return "UU" + world.accounts["youtube"].remote_id[2:]


@cache
def _opaque(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def page_token(offset: int) -> str:
    return _opaque(f"page {offset}")


def _offset(token: str) -> int:
    try:
        word, _, number = base64.urlsafe_b64decode(token + "==").decode().partition(" ")
        if word == "page":
            return int(number)
    except (binascii.Error, ValueError):
        pass
    raise refusal("invalidPageToken")
