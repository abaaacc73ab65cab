"""A Facebook Page: its profile, its posts, its reels, and its insights per day.

Each content is read from one edge only: what has a `/reel/` address from `video_reels`, everything else from
`published_posts` (a video stands in both). A reel is stored under `{page}_{post_id}`, the id that its post in the feed would have.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from collectors.base import Malformed, Refused
from collectors.graph import Graph, Listing, chosen, surviving
from collectors.graph_days import DAY, HISTORY, due, midnight, remembering, span
from collectors.graph_values import Asked, Harvest, body_of, identity, inline, instant, rows
from collectors.http import Outfit
from collectors.remembered import cursor_day, cursor_of
from model import Account, Exchange, Page, Post, Profile, Records, Rung, Stream, Walk

HOUR = timedelta(hours=1)
LADDER = (Rung(HOUR, DAY), Rung(DAY, 7 * DAY), Rung(7 * DAY, 31 * DAY), Rung(30 * DAY, 184 * DAY))
WINDOW = timedelta(days=89)  # Meta allows 90 times 24 hours, and 90 days with the end of summer time in them are an hour more
SITE = "https://www.facebook.com"
FIELDS = "id,created_time,message,permalink_url,status_type,is_published,attachments{media_type}"
POSTS = Listing("published_posts", "posts", tuple(FIELDS.split(",")), "insights", 100)
REELS = Listing("video_reels", "reels", ("id", "post_id", "created_time", "description", "permalink_url"), "video_insights", 50)
KINDS = {"added_photos": "photo", "added_video": "video"}


class Facebook:
    """Reads one Page with a Page token or a system user token."""

    streams: ClassVar[Mapping[str, Stream]] = {
        "profile": Stream("profile", (Rung(DAY),), edge=True, needs=("token",)),
        "posts": Stream("posts", LADDER, edge=True, lasting=True, needs=("token",)),
        "reels": Stream("reels", LADDER, edge=True, lasting=True, needs=("token",)),
        "daily": Stream("daily", (Rung(DAY, 3 * DAY),), needs=("token",)),
    }

    def __init__(self, outfit: Outfit) -> None:
        self.graph = Graph("facebook", outfit)
        self.door = self.graph.door

    def fetch(self, account: Account, stream: str, walk: Walk) -> Page:
        """One page: the profile, up to 100 posts, up to 50 reels, or up to 89 days of insights."""
        if stream == "profile":
            return self._profile(account, walk)
        page_id = account.remote_id or walk.memo.get("id") or identity(self.graph.node(account.handle, fields="id"))
        if stream == "daily":
            return self._daily(page_id, walk)
        living, dead = self.graph.living(stream, walk)
        window = {"since": int(walk.since.timestamp()), "until": int(walk.started_at.timestamp())}
        _, cursor, died = self.graph.listed(page_id, POSTS if stream == "posts" else REELS, walk, living, **window)
        return self._page(walk, cursor, page_id, {**dead, **died})

    def _profile(self, account: Account, walk: Walk) -> Page:
        living, dead = self.graph.living("profile", walk)

        def ask(names: Any) -> dict[str, Any]:
            return self.graph.node(account.remote_id or account.handle, fields=",".join(["id,name,username,link", *names]))

        value, died = surviving(ask, [m.name for m in living], walk, probe=ask)
        return self._page(walk, None, identity(value), {**dead, **died})

    def _daily(self, page_id: str, walk: Walk) -> Page:
        """The next window of days, oldest first. The last day is yesterday's, in California."""
        first, end = span(walk)
        start = cursor_day(cursor_of(walk.cursor, {"from": str})["from"], first, end) if walk.cursor else first
        stop = min(start + WINDOW, end)
        living, dead = self.graph.living("daily", walk)
        died: dict[str, str] = {}
        if start < stop and living:
            window = {"period": "day", "since": midnight(start), "until": midnight(stop)}
            _, died = surviving(
                lambda names: self.graph.edge(page_id, "insights", metric=",".join(names), **window), [m.name for m in living], walk
            )
        if stop < end:
            return self._page(walk, json.dumps({"from": stop.isoformat()}), page_id, {**dead, **died})
        return self._page(remembering(walk), None, page_id, {**dead, **died})

    def _page(self, walk: Walk, cursor: str | None, page_id: str, dead: Mapping[str, str]) -> Page:
        notes = self.graph.dead_notes(dead) + self.graph.version_notes()
        return Page(cursor, memo={**walk.memo, "id": page_id, "dead": dict(dead)}, notes=notes)

    def whoami(self, known: Collection[str] = ()) -> tuple[str, str]:
        """(id, name) of the Page that the token opens; of several, of the one that is `known`. Raises CollectError."""
        pages = self.graph.pages("id,name,username,fan_count")
        if not pages:
            raise Refused("the token opens no Page", cure="give its user a role on the Page, then `mecra auth facebook`")
        page = chosen(pages, known)
        return str(page["id"]), str(page.get("name") or "")

    def read(self, account: Account, exchange: Exchange) -> Records:
        """Profile, posts or reels with their counters, or figures per day: what the request asked for decides."""
        asked, value, harvest = Asked(exchange.url), body_of(exchange), Harvest()
        metrics = self.graph.table.metrics
        if "error" in value:  # in a 200; the door has judged it
            return Records()
        if not asked.edge:
            _read_profile(harvest, value)
            harvest.row(asked.of(metrics, "profile"), value)
        elif asked.edge == "insights" and "period" in asked.query:
            harvest.days(asked.of(metrics, "daily"), value, asked.query, partial(due, account, at=exchange.at))
        elif asked.edge == "insights":
            harvest.insights(asked.of(metrics, "posts"), value, asked.owner)
        else:
            listing = POSTS if asked.edge == POSTS.edge else REELS
            wanted = asked.of(metrics, listing.stream)
            for row in rows(value):
                try:
                    post = _post(row) if listing is POSTS else _reel(row, asked.owner)
                except (ValueError, AttributeError) as error:
                    harvest.faults.append(f"{asked.edge} {_name(row)}: {error}")
                    continue
                if post and post.post not in harvest.posts:
                    harvest.posts[post.post] = post
                    harvest.row(wanted, row, listing.expansion, post.post, old=exchange.at - post.published_at > HISTORY)
        return harvest.records()


def _read_profile(harvest: Harvest, value: Mapping[str, Any]) -> None:
    try:
        page_id = identity(value)
    except ValueError as error:
        raise Malformed(f"a Page without identity: {error}", cure="tried again later") from None
    harvest.profile = Profile(page_id, str(value.get("name") or ""), str(value.get("link") or ""))


def _post(row: Mapping[str, Any]) -> Post | None:
    """A post of the feed; None for what is not public, and for a reel, which is read from its own edge."""
    if row.get("is_published") is False or "/reel/" in str(row.get("permalink_url")):
        return None
    media = next((attachment.get("media_type") for attachment in inline(row, "attachments")), None)
    kind = str(media) if media else KINDS.get(str(row.get("status_type")), "status")
    return Post(identity(row), kind, instant(row, "created_time"), _url(row), str(row.get("message") or ""))


def _reel(row: Mapping[str, Any], page_id: str) -> Post | None:
    """A reel under the id of its post; None for a video that has an address of its own kind: it is read from the feed."""
    if row.get("published") is False or "/videos/" in str(row.get("permalink_url")):
        return None
    post_id = identity({"id": row["post_id"]}) if row.get("post_id") else identity(row)
    key = post_id if "_" in post_id else f"{page_id}_{post_id}"
    return Post(key, "reel", instant(row, "created_time"), _url(row), str(row.get("description") or ""))


def _url(row: Mapping[str, Any]) -> str:
    link = str(row.get("permalink_url") or "")
    return SITE + link if link.startswith("/") else link


def _name(row: Any) -> str:
    return f"row {str(row.get('id', 'without id'))[:40]}" if isinstance(row, dict) else "row"
