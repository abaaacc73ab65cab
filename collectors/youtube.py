"""YouTube: the channel and its videos (Data API v3), and the channel per day (Analytics API v2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, ClassVar

from collectors.base import CollectError, Gone, Malformed, Refused, Unsupported
from collectors.google import TOKEN_URI, Client, resource
from collectors.google_errors import LATER, first_whole_day, judge, pacific_day
from collectors.http import Line, Outfit
from collectors.remembered import cursor_day, day_of, days_of
from collectors.youtube_answers import instant, part, records, rows_of
from config.metrics import Table, table
from model import Account, Exchange, MecraError, Page, Records, Rung, Stream, Walk, from_json

PER_PAGE = 50
MOST_PAGES = 1000
WINDOW = timedelta(days=90)
SETTLING = timedelta(days=10)  # Analytics is up to three days behind, and revises the seven days before
RETRIED_AFTER = timedelta(days=30)
NO_CHANNEL = "correct the account's handle (@name) or id (UC...) in mecra.toml"
COMPARE = "compare config/metrics/youtube.toml with the reference of YouTube Analytics"
CHANNEL_PARTS = "snippet,statistics,contentDetails"
VIDEO_PARTS = "snippet,statistics,status"
HOSTS = ("https://youtube.googleapis.com", "https://youtubeanalytics.googleapis.com", TOKEN_URI.removesuffix("/token"))
BUCKETS = {"/reports": "youtube.analytics", "/videos:batchGetStats": "youtube.batchGetStats", "/token": "youtube.token"}
KEPT = frozenset(
    {
        "kind", "id", "items", "nextPageToken", "pageInfo", "totalResults", "resultsPerPage",
        "snippet", "title", "customUrl", "publishedAt", "channelId", "liveBroadcastContent",
        "statistics", "viewCount", "subscriberCount", "hiddenSubscriberCount", "videoCount", "likeCount", "commentCount",
        "contentDetails", "relatedPlaylists", "uploads", "videoId", "videoPublishedAt", "status", "privacyStatus",
        "columnHeaders", "name", "rows", "error", "errors", "code", "message", "reason", "domain", "details",
    }
)  # fmt: skip


def bucket(path: str) -> str:
    """The quota that a request counts against; each has its own limit a Pacific day."""
    return next((name for end, name in BUCKETS.items() if path.endswith(end)), "youtube.data")


def units(path: str, _query: Mapping[str, str] | None = None) -> int:
    """Quota units of a request: every call that we make costs one, refused ones too; a token costs none."""
    return 0 if path.endswith("/token") else 1


LINE = Line(
    platform="youtube",
    judge=judge,
    keeps=KEPT,
    bucket=bucket,
    quote=units,
    price=lambda answer: units(answer.path),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the uploads a walk is: the page, and what was asked before it (so that a circle is seen)."""

    token: str | None = None
    asked: tuple[str, ...] = ()

    @staticmethod
    def named(cursor: str | None) -> Place:
        if cursor is None:
            return Place()
        try:
            token, asked = from_json(cursor)
            return Place(str(token), tuple(map(str, asked)))
        except (ValueError, TypeError):
            return Place()

    def next(self, token: str) -> str:
        """The cursor of the page that follows; raises Malformed for one that was asked already."""
        mark = hashlib.sha256(token.encode()).hexdigest()[:8]
        if mark in self.asked or len(self.asked) >= MOST_PAGES:
            what = "the same cursor again" if mark in self.asked else f"more than {MOST_PAGES} pages of uploads"
            raise Malformed(what, at="youtube.playlistItems.list", cure=LATER)
        return json.dumps([token, [*self.asked, mark]], separators=(",", ":"))


class YouTube:
    """Collects one channel. With the owner's consent everything; with an API key only what everybody sees."""

    streams: ClassVar[Mapping[str, Stream]] = {
        "profile": Stream("profile", (Rung(timedelta(days=1)),), edge=True),
        "posts": Stream(
            "posts",
            (
                Rung(timedelta(hours=6), timedelta(days=1)),
                Rung(timedelta(days=1), timedelta(days=7)),
                Rung(timedelta(days=7), timedelta(days=31)),
                Rung(timedelta(days=30), timedelta(days=184)),
            ),
            edge=True,
            lasting=True,
        ),
        "daily": Stream("daily", (Rung(timedelta(days=1), SETTLING),), needs=("refresh_token",)),
    }

    def __init__(self, outfit: Outfit) -> None:
        root = outfit.settings.get("api_root")
        self.door = outfit.door(replace(LINE, roots=dict.fromkeys(HOSTS, str(root)) if root else {}))
        self._client = Client(self.door, outfit.secrets)
        self._outfit = outfit

    def fetch(self, account: Account, stream: str, walk: Walk) -> Page:
        fetch: Mapping[str, Callable[[Account, Walk], Page]] = {
            "profile": self._profile,
            "posts": self._posts,
            "daily": self._daily,
        }
        try:
            return fetch[stream](account, walk)
        except CollectError:
            raise
        except MecraError as error:
            raise Refused(str(error)) from None

    def read(self, account: Account, exchange: Exchange) -> Records:
        return records(account, exchange, self._table)

    def whoami(self) -> tuple[str, str]:
        """The id and the title of the channel that the consent was given for. Raises CollectError."""
        self._client.owner()
        item = self._channel(mine=True)
        return str(item.get("id", "")), str(part(item, "snippet").get("title", ""))

    # -- asking

    def _profile(self, account: Account, walk: Walk) -> Page:
        self._channel(**_address(account))
        return Page()

    def _posts(self, account: Account, walk: Walk) -> Page:
        """One page of the uploads playlist, and the figures of the videos on it. The playlist promises no order, so that
        the walk ends with the first page that lies wholly before `since`."""
        place = Place.named(walk.cursor)
        memo = self._known(account, walk)
        request = resource("youtube", "v3", "playlistItems").list(
            part="contentDetails", playlistId=memo["uploads"], maxResults=PER_PAGE, pageToken=place.token
        )
        first_page = {"contentDetails": {"videoId": f":up-to-{PER_PAGE}-videos"}}
        listing = self._ask(request, {"kind": "youtube#playlistItemListResponse", "items": [first_page]})
        items = [part(item, "contentDetails") for item in rows_of(listing, "playlistItem")]
        videos = list(dict.fromkeys(str(item["videoId"]) for item in items if item.get("videoId")))
        if videos:
            self._ask(resource("youtube", "v3", "videos").list(part=VIDEO_PARTS, id=",".join(videos)), {})
        token, total = listing.get("nextPageToken"), part(listing, "pageInfo").get("totalResults")
        if total and not items and not token and place == Place():
            raise Malformed(f"{total} uploads are counted and none is listed", at="youtube.playlistItems.list", cure=LATER)
        published = [at for item in items if (at := instant(item.get("videoPublishedAt")))]
        if not token or (published and max(published) < walk.since):
            return Page(memo=memo)
        return Page(cursor=place.next(str(token)), memo=memo)

    def _daily(self, account: Account, walk: Walk) -> Page:
        """One window of Pacific days, the oldest first: from the first that begins in the walk, or was not settled when the last
        one looked, and not before the channel began. A metric that YouTube refuses is left out from then on."""
        self._client.owner()
        memo = self._known(account, walk)
        since, last = first_whole_day(walk.since), pacific_day(walk.started_at)
        since = min(since, day_of(memo.get("settled"), since))
        since = max(since, day_of(memo.get("began"), since))
        first = cursor_day(walk.cursor, since, last) if walk.cursor else since
        until = min(first + WINDOW - timedelta(days=1), last)
        dead = {n: on.isoformat() for n, on in days_of(memo.get("dead")).items() if last - on < RETRIED_AFTER}
        names = [metric.name for metric in self._table.valid("daily", until) if metric.name not in dead]
        while names and first <= until:
            try:
                self._report(memo["channel"], first, until, names)
                break
            except Unsupported as error:
                fallen = [error.metric] if error.metric in names else self._refused_alone(memo["channel"], until, names)
                if not fallen or len(fallen) == len(names):
                    raise Malformed(error.what, at=error.at, cure=COMPARE) from None
                names = [name for name in names if name not in fallen]
                dead.update(dict.fromkeys(fallen, last.isoformat()))
        notes = [f"YouTube Analytics refuses {', '.join(dead)}: left out for {RETRIED_AFTER.days} days"] if dead else []
        following = until + timedelta(days=1)
        memo = {**memo, "dead": dead}
        if following <= last:
            return Page(cursor=following.isoformat(), memo=memo, notes=tuple(notes))
        return Page(memo={**memo, "settled": max(since, last - SETTLING).isoformat()}, notes=tuple(notes))

    def _refused_alone(self, channel: str, day: date, names: list[str]) -> list[str]:
        """Which metrics are refused by themselves, where the refusal of all of them names none."""
        refused = []
        for name in names:
            try:
                self._report(channel, day, day, [name], probe=True)
            except Unsupported:
                refused.append(name)
        return refused

    def _report(self, channel: str, first: date, last: date, names: list[str], *, probe: bool = False) -> None:
        request = resource("youtubeAnalytics", "v2", "reports").query(
            ids=f"channel=={channel}",
            startDate=first.isoformat(),
            endDate=last.isoformat(),
            dimensions="day",
            metrics=",".join(names),
            **({"maxResults": 1} if probe else {"sort": "day"}),
        )
        self._ask(request, {})

    def _known(self, account: Account, walk: Walk) -> dict[str, Any]:
        """The channel's id and uploads playlist: from the memo, else asked for."""
        memo = dict(walk.memo)
        if memo.get("uploads") and memo.get("channel") and account.remote_id in ("", memo["channel"]):
            return memo
        item = self._channel(**_address(account))
        uploads = part(item, "contentDetails", "relatedPlaylists").get("uploads")
        if not uploads or not item.get("id"):
            raise Malformed("a channel without an uploads playlist", at="youtube.channels.list", cure="run `mecra doctor`")
        memo |= {"channel": str(item["id"]), "uploads": str(uploads)}
        began = instant(part(item, "snippet").get("publishedAt"))
        return {**memo, "began": pacific_day(began).isoformat()} if began else memo

    def _ask(self, request: Any, planned: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer; in a dry run, once the request is noted, what stands for it, so that the next one can be planned too."""
        try:
            return self._client.execute(request)
        except CollectError:
            if not (self.door.dry and self.door.planned):
                raise
            return planned

    def _channel(self, **address: Any) -> dict[str, Any]:
        known = str(address.get("id", ":channel"))
        details = {"relatedPlaylists": {"uploads": "UU" + known.removeprefix("UC") if "id" in address else ":uploads"}}
        planned = {"kind": "youtube#channelListResponse", "items": [{"id": known, "contentDetails": details}]}
        answer = self._ask(resource("youtube", "v3", "channels").list(part=CHANNEL_PARTS, **address), planned)
        if not (items := rows_of(answer, "channel")):
            raise Gone("no such channel", at="youtube.channels.list", cure=NO_CHANNEL)
        return items[0]

    @property
    def _table(self) -> Table:
        return table("youtube", self._outfit.metrics)


def _address(account: Account) -> dict[str, Any]:
    """How `channels.list` is told which channel: by id where it is known, else by handle."""
    channel = account.remote_id or account.handle
    return {"id": channel} if channel.startswith("UC") and len(channel) >= 24 else {"forHandle": "@" + channel.lstrip("@")}
