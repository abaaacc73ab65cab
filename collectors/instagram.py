"""A professional Instagram account, through its Facebook Page: profile, posts and reels, stories, and figures per day.

The figures of posts and reels come with the listing, in one request a page: the metrics that exist for both. Where one
medium spoils the page (it is older than the professional account, say), the media of that page are asked one by one.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from collectors.base import Gone, Malformed, Refused, Unsupported
from collectors.graph import UNKNOWN, Graph, Listing, chosen, is_field, surviving
from collectors.graph_days import DAY, HISTORY, due, midnight, remembering, span
from collectors.graph_errors import Unmeasured, why_unmeasured
from collectors.graph_values import Asked, Harvest, body_of, identity, instant, rows
from collectors.http import Outfit
from collectors.remembered import cursor_day, cursor_of
from config.metrics import Metric
from model import Account, Exchange, Gap, Page, Post, Profile, Records, Rung, Stream, Walk

HOUR = timedelta(hours=1)
LADDER = (Rung(HOUR, DAY), Rung(DAY, 7 * DAY), Rung(7 * DAY, 31 * DAY), Rung(30 * DAY, 184 * DAY))
WINDOW = 29  # days of reach a request; Meta allows 30 times 24 hours, and summer time may end among them
LATE = timedelta(hours=23, minutes=15)  # the age for a story's last reading: at 24 hours its figures are gone
FIELDS = ("id", "timestamp", "media_type", "media_product_type", "permalink", "caption")
PLANNED = [{"id": f":each-{name}", "media_product_type": name.upper()} for name in ("feed", "reels", "story")]
MEDIA = Listing("media", "posts", FIELDS, "insights", 50, tuple(PLANNED[:2]))
STORIES = Listing("stories", "stories", FIELDS, "insights", 50, tuple(PLANNED[2:]))
TOLD = frozenset({200, 400})  # a refusal tells why one medium has no figures
KINDS = {"IMAGE": "image", "CAROUSEL_ALBUM": "carousel", "VIDEO": "video"}
CALLS: Mapping[str, Mapping[str, str]] = {
    "series": {},
    "total": {"metric_type": "total_value"},
    "follow_type": {"metric_type": "total_value", "breakdown": "follow_type"},
}


class Instagram:
    """Reads one account with the token of its Facebook Page, or a system user's."""

    streams: ClassVar[Mapping[str, Stream]] = {
        "profile": Stream("profile", (Rung(DAY),), edge=True, needs=("token",)),
        "posts": Stream("posts", LADDER, edge=True, lasting=True, needs=("token",), statuses=TOLD),
        "stories": Stream("stories", (Rung(6 * HOUR, DAY),), needs=("token",), statuses=TOLD),
        "daily": Stream("daily", (Rung(DAY, 3 * DAY),), needs=("token",)),
    }

    def __init__(self, outfit: Outfit) -> None:
        self.graph = Graph("instagram", outfit)
        self.door = self.graph.door

    def fetch(self, account: Account, stream: str, walk: Walk) -> Page:
        """One page: the profile, up to 50 media or stories, or one day of figures (with the reach of 29 days, where a window begins)."""
        user = account.remote_id or walk.memo.get("id") or self._resolved(account)
        read = {"profile": self._profile, "posts": self._posts, "stories": self._stories, "daily": self._daily}[stream]
        return read(str(user), walk)

    def _resolved(self, account: Account) -> str:
        """The account's id, by its name: from the Page that the token belongs to, or the Pages that its user may read."""
        linked = self._linked()
        if self.door.dry:
            return UNKNOWN
        for found in linked:
            if str(found.get("username", "")).lower() == account.handle.lstrip("@").lower():
                return str(found["id"])
        names = ", ".join(str(found["username"]) for found in linked if found.get("username")) or "none"
        raise Refused(
            f"the token's Pages are linked to {names}, not to {account.handle}",
            cure="link the professional account to the Page, or set the account's `id` in mecra.toml",
        )

    def _linked(self) -> list[dict[str, Any]]:
        """The professional accounts of the Pages that the token opens."""
        pages = self.graph.pages("instagram_business_account{id,username}")
        accounts = [page.get("instagram_business_account") for page in pages]
        return [found for found in accounts if isinstance(found, dict) and found.get("id")]

    def whoami(self, known: Collection[str] = ()) -> tuple[str, str]:
        """(id, name) of the account behind the token's Page; of several, of the one that is `known`. Raises CollectError."""
        linked = self._linked()
        if not linked:
            raise Refused(
                "no professional account behind the token's Page", cure="link it to the Page, then `mecra auth instagram`"
            )
        found = chosen(linked, known)
        return str(found["id"]), str(found.get("username") or "")

    def _profile(self, user: str, walk: Walk) -> Page:
        living, dead = self.graph.living("profile", walk)

        def ask(names: Sequence[str]) -> dict[str, Any]:
            return self.graph.node(user, fields=",".join(["id,username,name", *names]))

        _, died = surviving(ask, [m.name for m in living], walk, probe=ask)
        return self._page(walk, None, user, {**dead, **died})

    def _posts(self, user: str, walk: Walk) -> Page:
        living, dead = self.graph.living("posts", walk)
        window = {"since": int(walk.since.timestamp()), "until": int(walk.started_at.timestamp())}
        alone = self.graph.outfit.settings.get("insights") == "each"
        notes: tuple[str, ...] = ()
        if not alone:
            try:
                shared = [m for m in living if is_field(m) or _products(m) >= {"FEED", "REELS"}]
                _, cursor, died = self.graph.listed(user, MEDIA, walk, shared, **window)
            except Unsupported:
                alone = True
        if alone:
            value, cursor, died = self.graph.listed(user, MEDIA, walk, [m for m in living if is_field(m)], **window)
            notes = self._each(rows(value), living, walk)
        return self._page(walk, cursor, user, {**dead, **died}, notes)

    def _stories(self, user: str, walk: Walk) -> Page:
        """Stories and their figures so far; the next look is no later than the last hour of the oldest one."""
        living, dead = self.graph.living("stories", walk)
        value, cursor, died = self.graph.listed(user, STORIES, walk, ())
        notes = self._each(rows(value), living, walk)
        waits = [at + LATE - walk.started_at for at in _times(rows(value))]
        due_in = min((wait for wait in waits if timedelta(0) < wait < 6 * HOUR), default=None)
        return self._page(walk, cursor, user, {**dead, **died}, notes, due_in)

    def _each(self, media: Sequence[Any], metrics: Sequence[Metric], walk: Walk) -> tuple[str, ...]:
        """Ask for the figures of each medium. One that Instagram has none of is a gap (see `read`), one that is gone a note."""
        without: dict[str, list[str]] = {}
        unknown: dict[str, set[str]] = {}
        for row in media:
            if not isinstance(row, dict) or not row.get("id"):
                continue
            medium, product = str(row["id"]), str(row.get("media_product_type"))
            named = [m.name for m in metrics if not is_field(m) and (not _products(m) or product in _products(m))]
            names = [name for name in named if name not in unknown.get(product, ())]
            try:
                if names:
                    _, died = surviving(lambda n: self.graph.edge(medium, "insights", metric=",".join(n)), names, walk)  # noqa: B023
                    unknown.setdefault(product, set()).update(died)
            except Unmeasured:
                continue
            except (Unsupported, Gone) as error:
                without.setdefault(error.what, []).append(medium)
        notes = [f"{len(ids)} without figures, e.g. {ids[0]}: {why}" for why, ids in without.items()]
        return (*notes, *(f"{product} has no {', '.join(sorted(names))}" for product, names in unknown.items() if names))

    def _daily(self, user: str, walk: Walk) -> Page:
        """The next day, oldest first; the last is yesterday's, in California. Totals have no series: one request a day each."""
        first, end = span(walk)
        day = cursor_day(cursor_of(walk.cursor, {"day": str})["day"], first, end) if walk.cursor else first
        living, dead = self.graph.living("daily", walk)
        died: dict[str, str] = {}
        for call, options in CALLS.items():
            names = list(dict.fromkeys(m.name for m in living if m.option("call") == call))
            stop = day + DAY
            if call == "series":
                stop = min(day + WINDOW * DAY, end) if (day - first).days % WINDOW == 0 else day
            if names and day < stop <= end:
                window = {"period": "day", "since": midnight(day), "until": midnight(stop), **options}
                _, gone = surviving(lambda n: self.graph.edge(user, "insights", metric=",".join(n), **window), names, walk)  # noqa: B023
                died |= gone
        if day + DAY < end:
            return self._page(walk, json.dumps({"day": (day + DAY).isoformat()}), user, {**dead, **died})
        return self._page(remembering(walk), None, user, {**dead, **died})

    def _page(
        self,
        walk: Walk,
        cursor: str | None,
        user: str,
        dead: Mapping[str, str],
        notes: tuple[str, ...] = (),
        due_in: timedelta | None = None,
    ) -> Page:
        notes = notes + self.graph.dead_notes(dead) + self.graph.version_notes()
        return Page(cursor, memo={**walk.memo, "id": user, "dead": dict(dead)}, due_in=due_in, notes=notes)

    def read(self, account: Account, exchange: Exchange) -> Records:
        """Profile, media or stories with their counters, one medium's insights, or figures per day: what the request asked for.

        A refusal says at most why one medium has no figures.
        """
        asked, value, harvest = Asked(exchange.url), body_of(exchange), Harvest()
        metrics = self.graph.table.metrics
        if exchange.status != 200 or "error" in value:  # the door has judged it
            return Records(gaps=tuple(_unmeasured(asked, value.get("error"), metrics)))
        if asked.owner == "me":
            return Records()
        if not asked.edge:
            _read_profile(harvest, value)
            harvest.row(asked.of(metrics, "profile"), value)
        elif asked.edge == "insights" and "period" in asked.query:
            call = "series" if "metric_type" not in asked.query else asked.query.get("breakdown", "total")
            wanted = [m for m in asked.of(metrics, "daily") if m.option("call") == call]
            harvest.days(wanted, value, asked.query, partial(due, account, at=exchange.at))
        elif asked.edge == "insights":
            named = {m.name: m for m in asked.of(metrics, "stories", "posts") if not is_field(m)}
            harvest.insights(named.values(), value, asked.owner)
        else:
            listing = MEDIA if asked.edge == MEDIA.edge else STORIES
            wanted = asked.of(metrics, listing.stream)
            for row in rows(value):
                try:
                    post = _post(row, listing)
                except (ValueError, AttributeError) as error:
                    name = str(row.get("id", "without id"))[:40] if isinstance(row, dict) else "?"
                    harvest.faults.append(f"{asked.edge} row {name}: {error}")
                    continue
                if post and post.post not in harvest.posts:
                    harvest.posts[post.post] = post
                    harvest.row(wanted, row, listing.expansion, post.post, old=exchange.at - post.published_at > HISTORY)
        return harvest.records()


def _unmeasured(asked: Asked, error: Any, metrics: Sequence[Metric]) -> Iterator[Gap]:
    """The figures that were asked of one medium, where the refusal says that Instagram has none."""
    reason = why_unmeasured(error)
    if reason and asked.edge == "insights" and "period" not in asked.query:
        for ours in dict.fromkeys(m.ours for m in asked.of(metrics, "stories", "posts") if not is_field(m)):
            yield Gap(ours, reason, asked.owner)


def _read_profile(harvest: Harvest, value: Mapping[str, Any]) -> None:
    try:
        user = identity(value)
    except ValueError as error:
        raise Malformed(f"an account without identity: {error}", cure="tried again later") from None
    name = str(value.get("username") or "")
    harvest.profile = Profile(user, str(value.get("name") or name), f"https://www.instagram.com/{name}/" if name else "")


def _post(row: Mapping[str, Any], listing: Listing) -> Post | None:
    """A post, reel or story; None for an advertisement, which is no post. A reel's media_type is VIDEO: its product tells."""
    product = row.get("media_product_type")
    if product == "AD":
        return None
    kind = KINDS.get(str(row.get("media_type")), "post")
    if listing is STORIES or product == "STORY":
        kind = "story"
    elif product == "REELS":
        kind = "reel"
    return Post(identity(row), kind, instant(row, "timestamp"), str(row.get("permalink") or ""), str(row.get("caption") or ""))


def _products(metric: Metric) -> set[str]:
    return set(metric.option("products", ()))


def _times(media: Sequence[Any]) -> list[Any]:
    found = []
    for row in media:
        try:
            found.append(instant(row, "timestamp"))
        except (ValueError, AttributeError):
            continue
    return found
