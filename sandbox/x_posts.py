"""The X timeline of the sandbox: the world's posts, some of them edited, quoting or going on with a thread, and beside
them what must not be credited: retweets of others with large counters, and replies to others."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sandbox.world import ISTANBUL, World, WorldPost

EDITED_AFTER = timedelta(minutes=10)
NOTE = 105  # letters from which the whole text stands in the note (280 at X)
SNOWFLAKE_EPOCH = 1_288_834_974_657
PUBLIC = {
    "impression_count": "views", "like_count": "likes", "reply_count": "comments", "retweet_count": "shares",
    "quote_count": "quotes", "bookmark_count": "saves",
}  # fmt: skip
NON_PUBLIC = {
    "impression_count": "views", "url_link_clicks": "clicks", "user_profile_clicks": "profile_clicks", "engagements": "engagements",
}  # fmt: skip
ORGANIC = {
    "impression_count": "views_organic", "like_count": "likes", "reply_count": "comments", "retweet_count": "shares",
    "url_link_clicks": "clicks", "user_profile_clicks": "profile_clicks",
}  # fmt: skip
REFERENCES = {"retweet": "retweeted", "quote": "quoted", "reply": "replied_to", "thread": "replied_to"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the timeline as of an instant. `history`: the ids of its versions, oldest first; `post`: its truth."""

    id: str
    made_at: datetime
    kind: str
    text: str
    history: tuple[str, ...]
    post: WorldPost | None = None
    other: str = ""
    other_id: str = ""


def timeline(world: World, at: datetime) -> list[Entry]:
    """What the account's page holds at `at`, newest first."""
    own = [_own(world, post, at) for post in world.visible("x", at)]
    return sorted([*own, *_others(world, at)], key=lambda entry: int(entry.id), reverse=True)


def posts_total(world: World, at: datetime) -> int:
    """The account's own count: posts, replies and retweets."""
    return len(world.visible("x", at)) + len(_others(world, at))


def _own(world: World, post: WorldPost, at: datetime) -> Entry:
    kind = {0: "quote", 1: "thread"}.get(world.below(12, "x", post.post, "role"), "post")
    changed = post.published_at + EDITED_AFTER
    if post.edited and changed <= at:
        second = _id(changed, int(post.post) % 4096)
        return Entry(second, changed, kind, post.text, (post.post, second), post)
    return Entry(post.post, post.published_at, kind, post.text, (post.post,), post)


def _others(world: World, at: datetime) -> tuple[Entry, ...]:
    """What had been made by `at`, oldest first."""
    made, entries = _all_others(world.seed, world.start, world.end)
    return entries[: bisect_right(made, at)]


@lru_cache(maxsize=4)
def _all_others(seed: int, start: date, end: date) -> tuple[list[datetime], tuple[Entry, ...]]:
    entries = sorted(_drawn(World(seed, start, end)), key=lambda entry: entry.made_at)
    return [entry.made_at for entry in entries], tuple(entries)


def _drawn(world: World) -> Iterator[Entry]:
    for offset in range((world.end - world.start).days):
        day = world.start + timedelta(days=offset)
        midnight = datetime.combine(day, time(), ISTANBUL)
        for kind in ("retweet", "reply"):
            if kind == "reply" and world.below(2, "x", day, "answers"):
                continue
            made = (midnight + timedelta(seconds=36_000 + world.below(36_000, "x", day, kind))).astimezone(UTC)
            someone = world.below(900, "x", day, kind, "who")
            name, number = f"vatandas_{someone}", str(770_000_000 + someone)
            text = f"RT @{name}: Mahallemizde şenlik var" if kind == "retweet" else f"@{name} Talebiniz ekiplerimize iletildi."
            made_id = _id(made, 4000 if kind == "retweet" else 4001)
            yield Entry(made_id, made, kind, text, (made_id,), None, name, number)


def _id(at: datetime, serial: int) -> str:
    return str((int(at.timestamp() * 1000) - SNOWFLAKE_EPOCH) << 22 | serial)


def row(world: World, entry: Entry, at: datetime, dialect: str, fields: set[str], expansions: set[str]) -> dict[str, Any]:
    """One row as X writes it, with the fields that were asked for."""
    asked = fields | expansions | {"id", "text"} | ({"edit_history_tweet_ids"} if dialect == "tweet" else set())
    known: dict[str, Any] = {
        "id": entry.id,
        "text": entry.text,
        "created_at": entry.made_at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "lang": "tr",
        f"edit_history_{dialect}_ids": list(entry.history),
        "conversation_id": entry.history[0],
    }
    me = world.accounts["x"].remote_id
    if reference := REFERENCES.get(entry.kind):
        known[f"referenced_{dialect}s"] = [{"type": reference, "id": _id(entry.made_at - timedelta(hours=3), 9)}]
    if entry.kind in ("reply", "thread"):
        known["in_reply_to_user_id"] = me if entry.kind == "thread" else entry.other_id
    if entry.kind != "retweet" and len(entry.text) > NOTE:
        known[f"note_{dialect}"] = {"text": entry.text}
        known["text"] = entry.text[: NOTE - 10] + "…"
    known["author_id"] = me
    groups = {"public_metrics": PUBLIC, "non_public_metrics": NON_PUBLIC, "organic_metrics": ORGANIC}
    for group, names in groups.items():
        if group in asked:
            known[group] = {_named(name, dialect): _counter(world, entry, metric, at) for name, metric in names.items()}
    return {name: value for name, value in known.items() if name in asked}


def _named(name: str, dialect: str) -> str:
    return "repost_count" if dialect == "post" and name == "retweet_count" else name


def _counter(world: World, entry: Entry, metric: str, at: datetime) -> int:
    if entry.post is not None:
        return world.counter(entry.post, metric, at)
    return 500_000 + world.below(500_000, entry.id, metric) if entry.kind == "retweet" else world.below(40, entry.id, metric)
