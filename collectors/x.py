"""X: the profile, the timeline and the author's own figures, through tweepy over the door.

The timeline is read again and again instead of looking posts up: to the owner of the app that costs a fifth. What the
institution only passed on (retweets) or wrote to one person (replies to others) is neither credited to it nor kept.
Costs are micro-dollars.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from collectors.base import CollectError, Malformed, Refused, Unsupported
from collectors.http import Answer, Line, Outfit
from collectors.remembered import cursor_of
from collectors.x_answers import ID, KEEPS, Wanted, is_account, judge, read_posts, read_user, reduced, rest
from collectors.x_client import SDK_ROOT, Client
from config.metrics import table
from model import Account, Exchange, MecraError, Page, Records, Rung, Stream, Walk, from_text, to_text

API_ROOT = "https://api.x.com"
FIRST = datetime(2010, 11, 6, tzinfo=UTC)  # X refuses an earlier start_time
PRIVATE_DEPTH = timedelta(days=29)  # asked for private figures, X leaves out every post older than 30 days
PAGE_SIZE, MOST_PAGES, MOST_POSTS = 100, 400, 3_200
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

SHAPELESS = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
PUBLIC = "public_metrics"
PLACE = {"token": str | None, "passed": list, "seen": int, "oldest": str}
PRICES = {"owned": 1_000, "post": 5_000, "user": 10_000}  # per resource, since 2026-04
USER_FIELDS = {"user.fields": "created_at,public_metrics,verified_type"}
DIALECTS = {
    "tweet": {"tweet.fields": "created_at,text,note_tweet,in_reply_to_user_id,referenced_tweets,edit_history_tweet_ids"},
    "post": {
        "post.fields": "created_at,text,note_post",
        "expansions": "in_reply_to_user_id,referenced_posts,edit_history_post_ids",
    },
}


class X:
    """One account on X: `profile` (levels), `posts` (own posts, public counters), `private` (the author's counters)."""

    streams = {  # noqa: RUF012  never changed
        "profile": Stream("profile", (Rung(DAY),), edge=True),
        "posts": Stream(
            "posts",
            (Rung(HOUR, DAY), Rung(DAY, 7 * DAY), Rung(7 * DAY, 31 * DAY), Rung(30 * DAY, 184 * DAY)),
            edge=True,
            lasting=True,
        ),
        "private": Stream("private", (Rung(DAY, PRIVATE_DEPTH),), needs=("access_token|access_token2|refresh_token",)),
    }

    def __init__(self, outfit: Outfit) -> None:
        self.outfit = outfit
        self._prices = {**PRICES, **outfit.settings.get("prices", {})}
        self._replies = bool(outfit.settings.get("count_replies", False))
        self._owned = False
        self.door = outfit.door(
            Line(
                "x",
                partial(judge, cap_day=int(outfit.settings.get("cap_day", 1))),
                roots={SDK_ROOT: str(outfit.settings.get("api_root", API_ROOT))},
                keeps=KEEPS | {name for m in table("x", outfit.metrics).metrics for name in (m.name, m.option("group", PUBLIC))},
                reduces=self._reduced,
                quote=self._quote,
                price=self._price,
                rest=rest,
            )
        )
        self.client = Client(self.door, outfit.secrets)

    def fetch(self, account: Account, stream: str, walk: Walk) -> Page:
        memo, user = dict(walk.memo), ""
        try:
            user = self._user(account, memo, figures=stream == "profile")
            if stream == "profile":
                return Page(memo=memo)
            if stream == "private" and not self._owned:
                return Page(memo=memo, notes=("X tells private figures to the author only: these tokens are another's",))
            return self._listing(user, stream, walk, memo)
        except CollectError:
            if self.door.dry and not user and stream != "profile":  # a plan goes on without the id
                self._owned = memo.get("access") != "app"
                return self._listing(memo.get("id") or ":id", stream, walk, memo)
            raise
        except MecraError as error:
            raise Refused(str(error)) from None
        except SHAPELESS as error:
            raise _malformed(error, self.door.last.path if self.door.last else "") from None

    def read(self, account: Account, exchange: Exchange) -> Records:
        path, on = urlsplit(exchange.url).path, exchange.at.date()
        asked = path.rsplit("/", 1)[-1]
        try:
            value = exchange.value
            if user := _listed(path):
                stream = "private" if "non_public_metrics" in exchange.url else "posts"
                return read_posts(
                    value,
                    self._wanted(stream, on),
                    handle=account.handle.lstrip("@"),
                    user=user,
                    replies=self._replies,
                    whole=stream == "posts",
                )
            found = value.get("data")
            if "/2/users/" in path and (is_account(found, account) or found["id"] == asked):
                return read_user(found, self._wanted("profile", on))
            return Records()
        except SHAPELESS as error:
            raise _malformed(error, path) from None

    def whoami(self) -> tuple[str, str]:
        """(id, username) of the user whose tokens these are; raises CollectError."""
        user = self.client.get("/2/users/me", USER_FIELDS).get("data")
        if not isinstance(user, dict) or not user.get("id"):
            raise Malformed("an answer that names no user", at="GET /2/users/me", cure="tried again later")
        return str(user["id"]), str(user.get("username") or "")

    # -- pages

    def _user(self, account: Account, memo: dict[str, Any], *, figures: bool) -> str:
        """The account's numeric id, asked for once and then remembered; with `figures`, its object is asked for anyway."""
        access = self.client.kind
        if memo.get("access") != access or not isinstance(memo.get("id"), str):  # the first time, or with other tokens
            memo.update(access=access, id=account.remote_id, owned=False)
            if access != "app":
                user = self.client.get("/2/users/me", USER_FIELDS)["data"]
                if is_account(user, account):
                    memo.update(id=str(user["id"]), owned=True)
                    figures = False
        if figures or not ID.fullmatch(memo["id"]):
            known = memo["id"] if ID.fullmatch(memo["id"]) else ""
            path = f"/2/users/{known}" if known else f"/2/users/by/username/{quote(account.handle.lstrip('@'), safe='')}"
            memo["id"] = str(self.client.get(path, USER_FIELDS)["data"]["id"])
            if not ID.fullmatch(memo["id"]) or (known and memo["id"] != known):
                raise Malformed(
                    f"asked for user {known or account.handle}, told of another", at=f"GET {path}", cure="tried again later"
                )
        self._owned = bool(memo.get("owned"))
        return str(memo["id"])

    def _listing(self, user: str, stream: str, walk: Walk, memo: dict[str, Any]) -> Page:
        place = cursor_of(walk.cursor, PLACE) if walk.cursor else {"token": None, "passed": [], "seen": 0, "oldest": ""}
        since = max(walk.since, FIRST, walk.started_at - PRIVATE_DEPTH if stream == "private" else FIRST)
        window = {
            "max_results": PAGE_SIZE,
            "exclude": "retweets",
            "start_time": to_text(since),
            "end_time": to_text(walk.started_at),
            "pagination_token": place["token"],
        }
        where = f"GET /2/users/{user}/tweets"
        value = self._page(user, window, list(self._wanted(stream, walk.started_at.date())), memo)
        if not isinstance(value.get("meta"), dict):
            raise Malformed("a page without meta, so whether more follow is unknown", at=where, cure="tried again later")
        rows, token = value.get("data", []), value["meta"].get("next_token")
        seen, oldest = place["seen"] + len(rows), str(rows[-1].get("created_at") or "")[:40] if rows else place["oldest"]
        if token is None:
            short = seen >= MOST_POSTS * 3 // 4 and oldest and from_text(oldest) > since + DAY
            note = f"the list ends at {oldest} after {seen} posts: X shows the newest {MOST_POSTS}, retweets counted"
            return Page(memo=memo, notes=(note,) if short else ())
        if not isinstance(token, str) or not token:
            raise Malformed("a next page without a token to it", at=where, cure="tried again later")
        passed = [*place["passed"], _mark(place["token"])]
        if _mark(token) in passed or len(passed) > MOST_PAGES:
            raise Malformed(
                "the same cursor again: the list runs in a circle or has no end",
                at=where,
                cure="tried again later; nothing is lost",
            )
        return Page(json.dumps({"token": token, "passed": passed, "seen": seen, "oldest": oldest}), memo)

    def _page(self, user: str, window: Mapping[str, Any], groups: list[str], memo: dict[str, Any]) -> dict[str, Any]:
        """One page in the dialect that X speaks: switches once where X refuses it, or takes it and leaves out the figures."""
        path = f"/2/users/{user}/tweets"
        for _ in DIALECTS:
            dialect = str(memo.get("dialect") or self.outfit.settings.get("dialect", "tweet"))
            if dialect not in DIALECTS:
                raise Refused(f"dialect = {dialect!r}", cure="write tweet or post under [platforms.x] in mecra.toml")
            fields = dict(DIALECTS[dialect])
            fields[f"{dialect}.fields"] += "," + ",".join(groups)
            try:
                value = self.client.get(path, {**window, **fields})
                rows = value.get("data")
                if not rows or PUBLIC not in groups or any(PUBLIC in row for row in rows):
                    return value
            except Unsupported:
                pass
            memo["dialect"] = "post" if dialect == "tweet" else "tweet"
        raise Malformed("no figures in either dialect", at=f"GET {path}", cure="see which fields X's documentation has for it")

    def _wanted(self, stream: str, on: date) -> Wanted:
        wanted: dict[str, dict[str, list[str]]] = {}
        for metric in table("x", self.outfit.metrics).valid(stream, on):
            wanted.setdefault(metric.option("group", PUBLIC), {}).setdefault(metric.ours, []).append(metric.name)
        return wanted

    def _reduced(self, url: str, value: Any) -> Any:
        user = _listed(urlsplit(url).path)
        return reduced(value, user, replies=self._replies) if user else value

    # -- money

    def _quote(self, path: str, query: Mapping[str, str]) -> int:
        """The most that a request may cost."""
        if _listed(path):
            return int(query.get("max_results", PAGE_SIZE)) * self._price_of_post
        return int(self._prices["user"]) if "/2/users/" in path else 0

    def _price(self, answer: Answer) -> int:
        """What an answer did cost, before X's own de-duplication within a UTC day."""
        found = answer.value.get("data") if answer.status == 200 and isinstance(answer.value, dict) else None
        if _listed(answer.path):
            return len(found) * self._price_of_post if isinstance(found, list) else 0
        return int(self._prices["user"]) if found and "/2/users/" in answer.path else 0

    @property
    def _price_of_post(self) -> int:
        return int(self._prices["owned" if self._owned and self.outfit.settings.get("owned_reads", True) else "post"])


def _listed(path: str) -> str:
    """The user whose timeline `path` is; empty for any other path."""
    parts = path.split("/")[-4:]
    return parts[2] if len(parts) == 4 and parts[:2] == ["2", "users"] and parts[3] == "tweets" else ""


def _malformed(error: Exception, path: str) -> Malformed:
    return Malformed(f"an answer of another shape ({type(error).__name__})", at=f"GET {path}", cure="run `mecra doctor`")


def _mark(token: str | None) -> str:
    return hashlib.blake2b(str(token).encode(), digest_size=4).hexdigest()
