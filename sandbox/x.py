"""X API v2 as the sandbox speaks it, in the dialect that `box.state["x_dialect"]` names (`tweet` unless set, or `post`).

Credentials: bearer `sandbox-x-bearer` (app only); OAuth 1.0a with key `sandbox-x-key` and token `sandbox-x-access`, whose
secrets are their names with `-secret` behind, signatures verified; OAuth 2.0 access tokens that `/2/oauth2/token` issued
for `sandbox-x-refresh` (client `sandbox-x-client`), each refresh token good for one use.
`box.state["x_page"]` makes pages shorter than asked for, as X may; `box.state["x_limit"]` sets the requests per window.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from model import from_text
from sandbox.faults import Reply, Request
from sandbox.server import Sandbox
from sandbox.x_access import Refusal, context_of, dialect_of, invalid, not_found, problem, renewed, unauthorized_field
from sandbox.x_faults import FAULTS
from sandbox.x_posts import Entry, posts_total, row, timeline

__all__ = ["FAULTS", "answer"]

WINDOW, LIMIT = 900, 900
USER_FIELDS = {"created_at", "description", "id", "location", "name", "protected", "public_metrics", "url", "username", "verified",
               "verified_type"}  # fmt: skip
POST_FIELDS = {
    "attachments", "conversation_id", "created_at", "edit_controls", "entities", "geo", "id", "lang", "non_public_metrics",
    "organic_metrics", "possibly_sensitive", "promoted_metrics", "public_metrics", "reply_settings", "source", "text", "withheld",
}  # fmt: skip
OWN_FIELDS = {
    "tweet": {"author_id", "edit_history_tweet_ids", "in_reply_to_user_id", "note_tweet", "referenced_tweets"},
    "post": {"note_post"},
}
EXPANSIONS = {
    "tweet": {"author_id", "edit_history_tweet_ids", "in_reply_to_user_id", "referenced_tweets.id"},
    "post": {"author_id", "edit_history_post_ids", "in_reply_to_user_id", "referenced_posts"},
}
WINDOWED = {"max_results", "pagination_token", "exclude", "start_time", "end_time", "since_id", "until_id"}
PRIVATE = {"non_public_metrics", "organic_metrics", "promoted_metrics"}


def answer(box: Sandbox, request: Request) -> Reply:
    try:
        reply = _answer(box, request)
    except Refusal as refusal:
        reply = Reply(refusal.status, dict(refusal.value))
    return replace(reply, headers={**_limits(box, request), **reply.headers})


def _answer(box: Sandbox, request: Request) -> Reply:
    path = request.path
    if path == "/2/oauth2/token" and request.method == "POST":
        return renewed(box, request)
    context = context_of(box, request)
    asked = box.state.setdefault("x_asked", Counter())
    window = (path, int(box.now.timestamp()) // WINDOW)
    asked[window] += 1
    if asked[window] > box.state.get("x_limit", LIMIT):
        raise problem(box, 429, "Too Many Requests", "Too Many Requests")
    if request.method != "GET":
        raise problem(box, 405, "Method Not Allowed", "Method Not Allowed")
    if path == "/2/usage/tweets":
        return _usage(box, request, context)
    if path == "/2/users/me":
        if context == "app":
            detail = "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint."
            raise problem(box, 403, "Unsupported Authentication", detail, "unsupported-authentication")
        return _user(box, request, "id", box.world.accounts["x"].remote_id)
    if match := re.fullmatch(r"/2/users/by/username/(\w{1,15})", path):
        return _user(box, request, "username", match[1])
    if match := re.fullmatch(r"/2/users/(\d{1,19})", path):
        return _user(box, request, "id", match[1])
    if match := re.fullmatch(r"/2/users/(\d{1,19})/tweets", path):
        return _listing(box, request, match[1], context)
    if path == "/2/tweets":
        return _lookup(box, request, context)
    raise problem(box, 404, "Not Found", "Not Found")


# -- endpoints


def _user(box: Sandbox, request: Request, by: str, name: str) -> Reply:
    dialect = dialect_of(box)
    fields, _ = _fields(box, request, {f"{dialect}.fields"})
    account = box.world.accounts["x"]
    if name.casefold() not in (account.remote_id, account.handle.casefold()):
        detail = f"Could not find user with {by}: [{name}]."
        error = {**not_found(box, "user", by, name), "detail": detail}
        return Reply(value={"errors": [error]})
    user: dict[str, Any] = {"id": account.remote_id, "name": account.label, "username": account.handle}
    known = {
        "created_at": "2011-03-14T09:00:00.000Z",
        "verified_type": "government",
        "verified": True,
        "protected": False,
        "description": "Örnek Belediyesi resmî hesabı",
        "public_metrics": {
            "followers_count": box.world.followers("x", box.now),
            "following_count": 41,
            "tweet_count" if dialect == "tweet" else "post_count": posts_total(box.world, box.now),
            "listed_count": 118,
            "like_count": 2_310,
        },
    }
    return Reply(value={"data": user | {name: value for name, value in known.items() if name in fields["user.fields"]}})


def _listing(box: Sandbox, request: Request, user: str, context: str) -> Reply:
    dialect = dialect_of(box)
    fields, expansions = _fields(box, request, WINDOWED)
    if user != box.world.accounts["x"].remote_id:
        error = {**not_found(box, "user", "id", user), "detail": f"Could not find user with id: [{user}]."}
        return Reply(value={"errors": [error]})
    most = _most(box, request)
    entries = _entries(box)[:3_200]
    excluded = request.query.get("exclude", "").split(",")
    if "replies" in excluded:
        entries = [e for e in entries if e.kind not in ("reply", "thread")][:800]
    if "retweets" in excluded and not box.state.get("x_ignores_exclude"):
        entries = [e for e in entries if e.kind != "retweet"]
    start, end = (_instant(box, request, name) for name in ("start_time", "end_time"))
    before = _position(box, request)
    entries = [e for e in entries if (not start or e.made_at >= start) and (not end or e.made_at < end) and int(e.id) < before]
    page, more = entries[:most], len(entries) > most
    wanted = fields[f"{dialect}.fields"]
    errors: list[dict[str, Any]] = []
    token = f"7140{int(page[-1].id):x}" if more else None
    if wanted & PRIVATE:
        if context == "app":
            errors = [unauthorized_field(box, field) for field in sorted(wanted & PRIVATE)]
            wanted -= PRIVATE
        else:  # older posts are left out whole, and the page goes on
            page = [e for e in page if e.made_at > box.now - timedelta(days=30)]
    _count(box, len(page))
    return Reply(value=_bodied(box, page, wanted, expansions, errors, token))


def _lookup(box: Sandbox, request: Request, context: str) -> Reply:
    fields, expansions = _fields(box, request, {"ids"})
    wanted = fields[f"{dialect_of(box)}.fields"]
    ids = request.query.get("ids", "").split(",")
    if not all(re.fullmatch(r"\d{1,19}", i) for i in ids) or len(ids) > 100:
        raise invalid(box, "ids", ",".join(ids), "The `ids` query parameter value does not match ^[0-9]{1,19}$")
    versions = {version: e for e in _entries(box) for version in e.history}
    found = [versions[i] for i in ids if i in versions]
    errors = [
        {**not_found(box, "tweet", "ids", i), "detail": f"Could not find tweet with ids: [{i}]."} for i in ids if i not in versions
    ]
    if context == "app":
        errors += [unauthorized_field(box, field) for field in sorted(wanted & PRIVATE)]
        wanted -= PRIVATE
    _count(box, len(found))
    value = _bodied(box, found, wanted, expansions, errors, None)
    value.pop("meta")
    return Reply(value=value)


def _bodied(
    box: Sandbox, page: list[Entry], wanted: set[str], expansions: set[str], errors: list[dict[str, Any]], token: str | None
) -> dict[str, Any]:
    rows = [row(box.world, entry, box.now, dialect_of(box), wanted, expansions) for entry in page]
    meta: dict[str, Any] = {"result_count": len(rows)}
    if rows:
        meta |= {"newest_id": rows[0]["id"], "oldest_id": rows[-1]["id"]}
    if token:
        meta["next_token"] = token
    value: dict[str, Any] = {"data": rows, "meta": meta, "errors": errors}
    others = [entry for entry in page if entry.kind in ("retweet", "reply")]
    if others and "in_reply_to_user_id" in expansions:
        users = {e.other_id: {"id": e.other_id, "name": "Ali Vatandaş", "username": e.other} for e in others}
        value["includes"] = {"users": list(users.values())}
    return {name: part for name, part in value.items() if part}


def _usage(box: Sandbox, request: Request, context: str) -> Reply:
    if context != "app":
        raise problem(box, 403, "Unsupported Authentication", "This endpoint takes App-Only.", "unsupported-authentication")
    days = box.state.get("x_reads", Counter())
    texts = dialect_of(box) == "post"  # the newer description has every number of this answer as a string
    daily = [{"date": f"{day}T00:00:00.000Z", "usage": str(n) if texts else n} for day, n in sorted(days.items())]
    total, cap = sum(days.values()), 3_000_000
    usage: dict[str, Any] = {
        "cap_reset_day": 12,
        "project_cap": str(cap) if texts else cap,
        "project_id": "1480000000000000099",
        "project_usage": str(total) if texts else total,
    }
    if daily:
        usage["daily_project_usage"] = {"project_id": "99" if texts else 99, "usage": daily}
    return Reply(value={"data": usage})


# -- what is asked


def _fields(box: Sandbox, request: Request, more: set[str]) -> tuple[dict[str, set[str]], set[str]]:
    """The fields asked for by parameter, and the expansions; raises the refusal for what X does not know."""
    dialect = dialect_of(box)
    known = {f"{dialect}.fields": POST_FIELDS | OWN_FIELDS[dialect], "user.fields": USER_FIELDS, "expansions": EXPANSIONS[dialect]}
    for name, value in request.query.items():
        if name not in known and name not in more and name != "usage.fields":
            raise invalid(box, name, value, f"The query parameter [{name}] is not one of [{','.join(sorted(more | set(known)))}]")
        for item in value.split(",") if name in known else ():
            if item not in known[name]:
                message = f"The `{name}` query parameter value [{item}] is not one of [{','.join(sorted(known[name]))}]"
                raise invalid(box, name, value, message)
    found = {name: set(filter(None, request.query.get(name, "").split(","))) for name in known}
    return found, found["expansions"]


def _most(box: Sandbox, request: Request) -> int:
    raw = request.query.get("max_results", "10")
    if not raw.isdecimal() or not 5 <= int(raw) <= 100:
        raise invalid(box, "max_results", raw, f"The `max_results` query parameter value [{raw}] is not between 5 and 100")
    return min(int(raw), int(box.state.get("x_page", 100)))


def _instant(box: Sandbox, request: Request, name: str) -> datetime | None:
    raw = request.query.get(name)
    try:
        at = from_text(raw) if raw else None
    except ValueError:
        raise invalid(box, name, raw or "", f"The `{name}` query parameter value [{raw}] is not a valid date-time") from None
    if at and at.year < 2010:
        raise invalid(box, name, raw or "", f"Invalid '{name}':'{raw}'. It must be on or after 2010-11-06T00:00:00Z")
    return at


def _position(box: Sandbox, request: Request) -> int:
    """The page's place in the list: rows with a lower id."""
    token = request.query.get("pagination_token")
    if token is None:
        return 2**63
    if not re.fullmatch(r"7140[0-9a-f]{1,16}", token):
        raise invalid(box, "pagination_token", token, f"The `pagination_token` query parameter value [{token}] is not valid")
    return int(token[4:], 16)


def _entries(box: Sandbox) -> list[Entry]:
    at, entries = box.state.get("x_timeline", (None, []))
    if at != box.now:
        entries = timeline(box.world, box.now)
        box.state["x_timeline"] = (box.now, entries)
    return list(entries)


def _count(box: Sandbox, posts: int) -> None:
    if posts:
        box.state.setdefault("x_reads", Counter())[box.now.date().isoformat()] += posts


def _limits(box: Sandbox, request: Request) -> dict[str, str]:
    most, window = box.state.get("x_limit", LIMIT), int(box.now.timestamp()) // WINDOW
    left = most - box.state.get("x_asked", Counter())[request.path, window]
    reset = (window + 1) * WINDOW
    return {"x-rate-limit-limit": str(most), "x-rate-limit-remaining": str(max(0, left)), "x-rate-limit-reset": str(reset)}
