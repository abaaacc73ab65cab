"""Walks of the Facebook and Instagram collectors against a sandbox, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from collectors.base import CollectError
from collectors.facebook import Facebook
from collectors.graph_days import midnight, pacific_day
from collectors.http import Door, Outfit
from collectors.instagram import Instagram
from config.secrets import Secrets
from model import Account, Exchange, Memo, Records, Walk
from sandbox.server import Sandbox
from sandbox.world import World, WorldPost

NOW = datetime(2026, 4, 10, 9, 30, tzinfo=UTC)
WORLD = World(start=date(2026, 3, 1), end=date(2026, 4, 12))
TOKEN = "sandbox-meta-page-token"
PAGE = Account("facebook:ornekbelediye", "facebook", "ornekbelediye", "100200300400500")
USER = Account("instagram:ornekbelediye", "instagram", "ornekbelediye", "17841400000000001")
KINDS: dict[str, type[Facebook] | type[Instagram]] = {"facebook": Facebook, "instagram": Instagram}


@dataclass
class Outcome:
    """What came of a walk: all records, the walk as it ended, the error that stopped it, and what was archived."""

    records: Records
    walk: Walk
    error: CollectError | None
    exchanges: list[Exchange]

    def values(self) -> dict[tuple[str, str | None, date | None], int]:
        return {(r.metric, r.post, r.day): r.value for r in self.records.readings}

    def posts(self) -> dict[str, str]:
        return {p.post: p.kind for p in self.records.posts}


def collector(
    url: str, platform: str, *, now: datetime = NOW, secrets: Secrets | None = None, dry: bool = False, **settings: Any
) -> Facebook | Instagram:
    known = secrets or Secrets({f"MECRA_{platform.upper()}_TOKEN": TOKEN})

    def door(line: Any) -> Door:
        return Door(line, now=lambda: now, secrets=known, sleep=lambda s: None, attempts=2, timeout=(2, 0.8), total=5, dry=dry)

    return KINDS[platform](Outfit({"api_root": f"{url}/graph", **settings}, known, lambda: now, door))


def walked(
    box: Sandbox, platform: str, stream: str, *, days: float = 60, account: Account | None = None, memo: Memo | None = None,
    using: Facebook | Instagram | None = None, **settings: Any,
) -> Outcome:  # fmt: skip
    """One whole walk, as the page loop makes it; an error ends it, and what came before it is kept.

    `days` are those before today's in California for `daily`.
    """
    reader = using or collector(box.url, platform, now=box.now, **settings)
    account = account or (PAGE if platform == "facebook" else USER)
    since = box.now - timedelta(days=days)
    if stream == "daily":
        since = datetime.fromtimestamp(midnight(pacific_day(box.now) - timedelta(days=int(days))), UTC)
    walk = Walk(1, account.account, stream, box.now, since, "manual", memo=memo or {})
    parts: list[Records] = []
    exchanges: list[Exchange] = []
    error: CollectError | None = None
    while walk.finished_at is None and error is None:
        try:
            page = reader.fetch(account, stream, walk)
        except CollectError as stopped:
            error = stopped
        fresh = reader.door.take()
        exchanges += fresh
        for exchange in fresh:
            if exchange.status in reader.streams[stream].statuses and exchange.body:
                try:
                    parts.append(reader.read(account, exchange))
                except CollectError as unread:
                    error = error or unread
        if error is None:
            walk = walk.after(page, box.now)
        assert len(exchanges) < 500, "a walk that does not end"
    return Outcome(Records.joined(parts), walk, error, exchanges)


# -- what the Page should show

COUNTED = {
    "posts": ("views", "reach", "clicks", "reactions", "comments", "shares"),
    "reels": ("views", "reactions", "comments", "shares"),
}


def shown(stream: str, days: float = 60, world: World = WORLD, now: datetime = NOW) -> list[WorldPost]:
    """What a stream should find: reels on their own edge, everything else in the feed."""
    found = [p for p in world.visible("facebook", now) if p.published_at >= now - timedelta(days=days)]
    return [p for p in found if (p.kind == "reel") == (stream == "reels")]


def truth(stream: str, days: float = 60) -> dict[tuple[str, str | None, date | None], int]:
    return {(metric, p.post, None): WORLD.counter(p, metric, NOW) for p in shown(stream, days) for metric in COUNTED[stream]}


def paged(box: Sandbox, **more: Any) -> Any:
    """A listing of several pages: Meta bears no more than 12 rows, so that the page size goes down."""
    box.fault("too-much-data", "published_posts")
    return walked(box, "facebook", "posts", **more)
