"""What X's answers mean: which are failures, which rows are ours, what the figures are. Pure functions of the bodies.

X has two dialects (retweet_count or repost_count, referenced_tweets or referenced_posts ...): both are read, always.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from collectors.base import CollectError, Expired, Gone, Malformed, RateLimited, Refused, Unavailable, Unsupported
from collectors.http import Answer, retry_at
from model import Account, Gap, Post, Profile, Reading, Records, from_text, legible, of_our_times

Row: TypeAlias = Mapping[str, Any]
Wanted: TypeAlias = Mapping[str, Mapping[str, list[str]]]  # object of the answer -> our name -> the names X has had for it

SNOWFLAKE_EPOCH = 1_288_834_974_657  # ms: a post's id holds the instant it was made at
MOST = 2**63 - 1
ID = re.compile(r"[0-9]{1,19}")
KEEPS = frozenset({
    "data", "id", "name", "username", "created_at", "verified_type", "text", "note_tweet", "note_post", "in_reply_to_user_id", "type",
    "referenced_tweets", "referenced_posts", "edit_history_tweet_ids", "edit_history_post_ids",
    "followers_count", "following_count", "listed_count", "media_count",
    "meta", "result_count", "newest_id", "oldest_id", "next_token", "previous_token",
    "errors", "title", "detail", "status", "code", "message", "reason", "period", "scope", "parameter", "parameters", "value",
    "field", "section", "resource_type", "resource_id", "error", "error_description", "expires_in", "token_type",
})  # fmt: skip
STUB = ("id", "created_at", "referenced_tweets", "referenced_posts")  # what is kept of a row that is left out
SOMEBODY = "***"
EXPANDED = ("referenced", "in_reply_to", "edit_history", "author_id")  # errors about rows that are not ours


class Unauthorized(Refused):
    """401. An OAuth 2 access token may merely have run out (after two hours)."""


# -- failures


def judge(answer: Answer, cap_day: int = 1) -> None:
    """Raise what a failed answer means; `cap_day` is the day of the month on which the project's cap begins anew."""
    value, status = answer.value, answer.status
    if status == 404:
        raise Unavailable("404, as X answered for hours in an outage: not taken for an empty account", cure="tried again later")
    if status in (204, 304):
        raise Malformed(f"no content ({status})", cure="tried again later")
    if status >= 500 or not isinstance(value, dict):
        return  # the door's own judgement follows
    found = list(_problems(value))
    kinds = {_kind(problem) for problem in found}
    words = _words(found) or answer.text
    if status == 200:
        _judge_success(answer, kinds, words)
    elif status in (403, 429) and ("usage-capped" in kinds or value.get("title") == "UsageCapExceeded"):
        until = _cap_end(value, answer.now, cap_day)
        raise RateLimited(
            f"the plan's cap is reached: {words}", until=until, cure="raise the plan, or correct cap_day in mecra.toml"
        )
    elif status == 429:
        until = (retry_at(answer.headers, answer.now) or answer.now + timedelta(minutes=15)) + timedelta(seconds=1)
        until = max(until, answer.now + timedelta(minutes=1))
        raise RateLimited(f"too many requests: {words}", until=until, cure=f"goes on by itself at {until:%H:%M} UTC")
    elif status == 402:
        raise Refused(f"out of credits: {words}", cure="buy credits or raise the spending limit at console.x.com", shared=True)
    elif status == 401:
        raise Unauthorized(f"X does not accept the tokens: {words}", cure="run `mecra auth x`")
    elif status == 403:
        raise Refused(f"not permitted: {words}", cure="check the app's access at console.x.com, then run `mecra auth x`")
    elif status == 400:
        raise _bad_request(answer, found, words)


def _judge_success(answer: Answer, kinds: set[str], words: str) -> None:
    value, listing = answer.value, answer.path.endswith("/tweets")
    if answer.path.endswith("/oauth2/token"):
        if not isinstance(value.get("access_token"), str):
            raise Malformed("a token answer without a token", cure="run `mecra auth x`")
    elif "data" not in value and not (listing and "meta" in value):
        if "resource-not-found" in kinds:
            raise Gone(f"no such account: {words}", cure="check the handle in mecra.toml; usernames change")
        if kinds & {"not-authorized-for-resource", "client-forbidden", "unsupported-authentication"}:
            raise Refused(f"not permitted: {words}", cure="run `mecra auth x`")
        if kinds & {"internal-error", "resource-unavailable"}:
            raise Unavailable(f"errors and no data: {words}", cure="tried again later")
        raise Malformed(f"errors and no data with status 200: {words}", cure="tried again later")
    elif not isinstance(value.get("data", []), list if listing else dict):
        raise Malformed(f"data is a {type(value['data']).__name__}", cure="run `mecra doctor`")


def _bad_request(answer: Answer, found: list[Row], words: str) -> CollectError:
    parameters = {name for problem in found for name in _names(problem)}
    for dialect in ("tweet.fields", "post.fields"):
        if dialect in answer.query and (dialect in parameters or f"[{dialect}]" in words):
            return Unsupported(f"X no longer takes {dialect}: {words}", metric=dialect)
    if "pagination_token" in answer.query and ("pagination_token" in parameters or "pagination_token" in words):
        return Expired(f"the page's token is no longer valid: {words}", cure="the walk starts again from the top by itself")
    if answer.path.endswith("/oauth2/token"):
        return Unauthorized(f"the refresh token is not accepted: {words}", cure="run `mecra auth x`")
    return Malformed(f"a refused request (400): {words}", cure="run `mecra doctor`; X may have renamed a field")


def rest(answer: Answer) -> datetime | None:
    """Until when to be silent: the last request of a window has been used."""
    return retry_at(answer.headers, answer.now) if answer.headers.get("x-rate-limit-remaining") == "0" else None


def _problems(value: Row) -> Iterator[Row]:
    yield value
    errors = value.get("errors")
    yield from (error for error in (errors if isinstance(errors, list) else []) if isinstance(error, dict))


def _kind(problem: Row) -> str:
    return str(problem.get("type", "")).rsplit("/", 1)[-1]  # the host before it changed from twitter.com to x.com


def _names(problem: Row) -> list[str]:
    named = problem.get("parameters")
    return [*(named if isinstance(named, dict) else ()), str(problem.get("parameter", ""))]


def _words(found: list[Row]) -> str:
    said = [str(p[key]) for p in reversed(found) for key in ("message", "detail", "error_description", "title") if p.get(key)]
    return "; ".join(dict.fromkeys(said))[:240]


def _cap_end(value: Row, now: datetime, cap_day: int) -> datetime:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if value.get("period") == "Daily":
        return midnight + timedelta(days=1)
    month = midnight if now.day < cap_day else (midnight.replace(day=1) + timedelta(days=32))
    return month.replace(day=min(cap_day, 28))


# -- users


def is_account(user: Any, account: Account) -> bool:
    """Whether a user object is the account under watch: by id, or by name while the id is unknown."""
    if not isinstance(user, dict):
        return False
    if account.remote_id and user.get("id") == account.remote_id:
        return True
    return str(user.get("username", "")).casefold() == account.handle.lstrip("@").casefold()


def read_user(user: Row, wanted: Wanted) -> Records:
    handle = str(user.get("username") or "")
    profile = Profile(str(user["id"]), str(user.get("name") or ""), f"https://x.com/{handle}" if handle else "")
    readings, gaps, faults = _measured(wanted, user, None)
    return Records(profile, readings=tuple(readings), gaps=tuple(gaps), faults=tuple(faults))


# -- posts


def read_posts(value: Row, wanted: Wanted, *, handle: str, user: str, replies: bool, whole: bool) -> Records:
    """Own posts of `user` and their figures; without `whole` the figures alone. An edited post is one, under its first id."""
    posts: dict[str, Post] = {}
    readings: list[Reading] = []
    gaps: list[Gap] = []
    rows = value.get("data", [])
    faults = [fault for error in value.get("errors", []) if (fault := _fault(error))]
    if (said := value.get("meta", {}).get("result_count", len(rows))) != len(rows):
        faults.append(f"a page that says it holds {str(said)[:20]} posts holds {len(rows)}")
    for row in rows:
        try:
            kind = relation(row, user)
            if kind == "retweet" or (kind == "reply" and not replies):
                continue
            post = _post(row, kind, handle)
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
            name = row.get("id", "without an id") if isinstance(row, dict) else "that is no object"
            faults.append(f"post {str(name)[:20]}: {type(error).__name__} {error}"[:160])
            continue
        if post.post in posts:
            continue  # an older version of an edited post: newer ones stand first
        posts[post.post] = post
        found, missing, refused = _measured(wanted, row, post.post)
        readings += found
        gaps += missing
        faults += refused
    return Records(posts=tuple(posts.values()) if whole else (), readings=tuple(readings), gaps=tuple(gaps), faults=tuple(faults))


def relation(row: Row, user: str) -> str:
    """What a row is to `user`: `retweet`, `reply` (to somebody else) or `post`. Going on with one's own thread is a post."""
    kinds = {str(other.get("type")) for other in row.get("referenced_tweets") or row.get("referenced_posts") or ()}
    if "retweeted" in kinds:
        return "retweet"
    if to := row.get("in_reply_to_user_id"):
        return "post" if str(to) == user else "reply"
    return "reply" if "replied_to" in kinds and str(row.get("text", "")).startswith("@") else "post"


def _post(row: Row, kind: str, handle: str) -> Post:
    name = row["id"]
    versions = row.get("edit_history_tweet_ids") or row.get("edit_history_post_ids") or [name]
    first = name if versions == [name] else min(versions, key=int)
    if not isinstance(first, str) or not ID.fullmatch(first):
        raise ValueError(f"{str(first)[:40]!r} is no id")
    made = of_our_times(from_text(row["created_at"])).replace(microsecond=0)
    if first != name:  # created_at is the edit's; the first id holds the instant of publication
        made = of_our_times(datetime.fromtimestamp(((int(first) >> 22) + SNOWFLAKE_EPOCH) // 1000, UTC))
    note = row.get("note_tweet") or row.get("note_post") or {}
    text = note.get("text") or row.get("text") or ""
    if not isinstance(text, str):
        raise ValueError("its text is none")
    text = legible(html.unescape(text))
    return Post(first, kind, made, f"https://x.com/{handle}/status/{first}", text)


def reduced(value: Any, user: str, *, replies: bool) -> Any:
    """A timeline as it may be archived: no words of others, and no id of anyone else. The same object if nothing had to go."""
    rows, errors = (value.get("data"), value.get("errors", [])) if isinstance(value, dict) else (None, [])
    if not isinstance(rows, list) or not isinstance(errors, list):
        return value
    kept = [_reduced_row(row, user, replies) if isinstance(row, dict) else row for row in rows]
    ours = [error for error in errors if _fault(error)]
    if len(ours) == len(errors) and all(new is old for new, old in zip(kept, rows, strict=True)):
        return value
    return {**value, "data": kept, **({"errors": ours} if errors else {})}


def _reduced_row(row: Row, user: str, replies: bool) -> Row:
    try:
        kind = relation(row, user)
    except (AttributeError, TypeError):
        return {"id": row.get("id")}  # of no known shape: a fault when it is read
    if kind == "post":
        return row
    kept = row if replies and kind == "reply" else {key: row[key] for key in STUB if key in row}
    return {**kept, "in_reply_to_user_id": SOMEBODY} if kind == "reply" else kept


# -- figures


def _measured(wanted: Wanted, row: Row, post: str | None) -> tuple[list[Reading], list[Gap], list[str]]:
    """What `row` says of the figures that were asked for. A missing one is a gap, an unreadable one a fault, none is 0."""
    readings, gaps, faults = [], [], []
    whose = f"post {post}" if post else "the account"
    for group, figures in wanted.items():
        holder = row.get(group)
        if not isinstance(holder, dict):
            faults.append(f"{whose}: {group} was asked for and did not come")
            holder = {}
        for ours, names in figures.items():
            for name in names:
                if (raw := holder.get(name)) is not None:
                    break
            else:
                gaps.append(Gap(ours, f"{' or '.join(names)} did not come", post))
                continue
            if (value := _number(raw)) is None:
                faults.append(f"{whose}: {name} is no count: {str(raw)[:40]!r}")
            else:
                readings.append(Reading(ours, value, post))
    return readings, gaps, faults


def _number(raw: Any) -> int | None:
    """A count, also one sent as digits in a string; None for anything else."""
    if isinstance(raw, str) and raw.isascii() and raw.isdecimal() and len(raw) < 20:
        raw = int(raw)
    return raw if type(raw) is int and 0 <= raw <= MOST else None


def _fault(error: Any) -> str:
    """One partial error as a fault; errors about expanded objects (posts of others) are none of ours."""
    if not isinstance(error, dict) or error.get("section") == "includes":
        return ""
    if str(error.get("parameter", "")).startswith(EXPANDED):
        return ""
    what = error.get("field") or error.get("resource_id") or error.get("value") or ""
    return f"X left out {what}: {_words([error])}"[:160]
