"""The sandbox's graph.facebook.com: versions, tokens, usage headers and faults; the objects are in graph_facebook and graph_instagram.

`box.state["graph_eras"]` holds the first and the last day of metrics that come or go, `box.state["graph_closed"]` the ids of accounts
that are no more, `box.state["graph_oldest"]` the oldest version that still answers, `box.state["graph_tokens"]` the tokens that are good.
"""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox import graph_facebook, graph_instagram
from sandbox.faults import Change, Reply, Request
from sandbox.graph_fields import START, Refusal, cursor, envelope, parse, token_of
from sandbox.server import Sandbox

TOKEN = "sandbox-meta-page-token"
USER_TOKEN = "sandbox-meta-user-token"
APP_ID, APP_SECRET = "100100100100100", "sandbox-meta-app-secret"
LATEST = "v26.0"
SCOPES = ["pages_show_list", "pages_read_engagement", "pages_read_user_content", "read_insights", "instagram_basic",
          "instagram_manage_insights"]  # fmt: skip
RETIRED = {"post_clicks", "post_video_social_actions", "page_views_total", "saved", "profile_views"}


def answer(box: Sandbox, request: Request) -> Reply:
    """One answer of the Graph API, or its error envelope."""
    match = re.fullmatch(r"/(v\d+\.\d+)/(.+?)/?", request.path)
    headers = {
        "facebook-api-version": _served(box, match[1] if match else LATEST),
        "x-app-usage": json.dumps({"call_count": 3, "total_time": 2, "total_cputime": 1}),
    }
    if not match:
        return envelope(2500, "Unknown path components: " + request.path)
    try:
        value = _value(box, request, match[2])
    except Refusal as refusal:
        return replace(refusal.reply, headers={**headers, **refusal.reply.headers})
    return Reply(200, value, headers=headers)


def _served(box: Sandbox, asked: str) -> str:
    """The version that answers: the one asked for, or the oldest living one (`box.state["graph_oldest"]`) in the place of one that has ended."""
    oldest = str(box.state.get("graph_oldest", "v24.0"))
    return max(asked, oldest, key=lambda version: float(version[1:]))


def _value(box: Sandbox, request: Request, path: str) -> Any:
    if path == "oauth/access_token":
        return _exchanged(request.query)
    token = token_of(request)
    if path == "debug_token":
        return _inspected(request, token)
    _check_token(box, token, request)
    if path == "me/accounts":
        return _pages(box, request, token)
    owner, _, edge = path.partition("/")
    if owner == "me" and token == USER_TOKEN:
        for field in parse(request.query.get("fields", "id,name")):
            if field.name not in ("id", "name"):
                raise Refusal(100, f"(#100) Tried accessing nonexisting field ({field.name}) on node type (User)")
        return {"id": "500600700", "name": "Örnek Görevli"}
    for name in sorted(_asked(request) & box.state.get("graph_eras", {}).keys()):
        first, last = box.state["graph_eras"][name]
        if not first <= request.now.date() <= last:
            raise Refusal(100, "(#100) The value must be a valid insights metric")
    closed = owner.partition("_")[0] in box.state.get("graph_closed", ())
    for part in () if closed else (graph_facebook, graph_instagram):
        if (value := part.answer(box, request, owner, edge)) is not None:
            return value
    raise Refusal(
        100,
        f"Unsupported get request. Object with ID '{owner}' does not exist, cannot be loaded due to missing permissions, or does "
        "not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api",
        subcode=33,
    )


def _check_token(box: Sandbox, token: str, request: Request) -> None:
    if not token:
        raise Refusal(104, "An access token is required to request this resource.")
    good = box.state.get("graph_tokens", (TOKEN, USER_TOKEN))
    if token not in good and token in (TOKEN, USER_TOKEN):
        raise Refusal(190, "Error validating access token: Session has expired", subcode=463)
    if token not in good:
        raise Refusal(190, "Invalid OAuth access token - Cannot parse access token")
    proof = hmac.new(APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
    if request.query.get("appsecret_proof", proof) != proof:
        raise Refusal(100, "Invalid appsecret_proof provided in the API argument")


def _inspected(request: Request, token: str) -> dict[str, Any]:
    if token != f"{APP_ID}|{APP_SECRET}":
        raise Refusal(190, "Invalid OAuth access token - Cannot parse access token")
    asked = request.query.get("input_token", "")
    if asked not in (TOKEN, USER_TOKEN):
        error = {"code": 190, "message": "The access token could not be decrypted", "subcode": 467}
        return {"data": {"is_valid": False, "error": error, "scopes": []}}
    lasting = asked == TOKEN
    return {
        "data": {
            "app_id": APP_ID, "type": "PAGE" if lasting else "USER", "is_valid": True, "scopes": SCOPES,
            "expires_at": 0 if lasting else int(request.now.timestamp()) + 50 * 86400,
            "data_access_expires_at": int(request.now.timestamp()) + 80 * 86400,
            "profile_id" if lasting else "user_id": "100200300400500" if lasting else "500600700",
        }
    }  # fmt: skip


def _exchanged(query: Any) -> dict[str, Any]:
    if query.get("grant_type") != "fb_exchange_token" or query.get("fb_exchange_token") != USER_TOKEN:
        raise Refusal(190, "Error validating access token: Session has expired", subcode=463)
    if (query.get("client_id"), query.get("client_secret")) != (APP_ID, APP_SECRET):
        raise Refusal(1, "Error validating client secret.")
    return {"access_token": USER_TOKEN, "token_type": "bearer", "expires_in": 5183944}


def _pages(box: Sandbox, request: Request, token: str) -> dict[str, Any]:
    """The Pages that a person may read, with a token for each."""
    if token != USER_TOKEN:
        raise Refusal(100, "(#100) Tried accessing nonexisting field (accounts) on node type (Page)")
    page, instagram = box.world.accounts["facebook"], box.world.accounts["instagram"]
    row = {
        "id": page.remote_id,
        "name": page.label,
        "access_token": TOKEN,
        "instagram_business_account": {"id": instagram.remote_id, "username": instagram.handle},
    }
    names = {"id", *(field.name for field in parse(request.query.get("fields", "id,name,access_token")))}
    return {"data": [{k: v for k, v in row.items() if k in names}], "paging": {"cursors": {"before": "MA", "after": "MA"}}}


# -- faults of Meta's own shape


def _always(reply: Reply) -> Change:
    return lambda request, _: reply


def _asked(request: Request) -> set[str]:
    names = set(request.query.get("metric", "").split(","))
    for field in parse(request.query.get("fields", "")):
        names |= {field.name, *field.modifiers.get("metric", [])}
    return names


def _when(condition: Callable[[Request], object], instead: Change) -> Change:
    return lambda request, reply: instead(request, reply) if condition(request) else reply


def _edited(change: Callable[[Request, dict[str, Any]], None]) -> Change:
    """A change of a good answer's value."""

    def apply(request: Request, reply: Reply) -> Reply:
        if reply.status != 200 or not isinstance(reply.value, dict):
            return reply
        value = copy.deepcopy(reply.value)
        change(request, value)
        return replace(reply, value=value)

    return apply


def _repeat(request: Request, value: dict[str, Any]) -> None:
    if "after" in request.query and "paging" in value:
        value["paging"]["cursors"]["after"] = request.query["after"]
        value["paging"]["next"] = "https://graph.facebook.com/again"


def _empty(request: Request, value: dict[str, Any]) -> None:
    if "after" not in request.query and value.get("data"):
        value["data"] = []
        value["paging"] = {"cursors": {"after": cursor(START)}, "next": "https://graph.facebook.com/first"}


def _overlap(request: Request, value: dict[str, Any]) -> None:
    """The next page begins with the last row of this one."""
    if value.get("paging", {}).get("next") and len(value["data"]) > 1:
        value["paging"]["cursors"]["after"] = cursor(value["data"][-2]["id"])


def _vanish(request: Request, reply: Reply) -> Reply:
    if request.path.endswith("/insights") and "period" not in request.query:
        return envelope(
            100, "Unsupported get request. Object does not exist, cannot be loaded due to missing permissions", subcode=33
        )
    return _edited(lambda _, value: value.get("data", [])[:] and value["data"].pop(0))(request, reply)


def _numbers(change: Callable[[int], Any]) -> Change:
    """Every figure of an answer, changed."""

    def walk(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: walk(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [walk(v) for v in value]
        return change(value) if isinstance(value, int) and not isinstance(value, bool) else value

    return _edited(lambda _, value: value.update(walk(value)))


def _lose_key(request: Request, value: dict[str, Any]) -> None:
    first = value["data"][0] if value.get("data") else value
    for name in ("created_time", "timestamp", "followers_count", "values", "total_value"):
        first.pop(name, None)


def _garble(request: Request, value: dict[str, Any]) -> None:
    """Numbers as people write them, in the first row."""
    first = value["data"][0] if value.get("data") else value
    first.update(_numbers(lambda n: f"{n / 1000:.1f}K")(request, Reply(200, {"row": first})).value["row"])


GONE_METRIC = envelope(100, "(#100) The value must be a valid insights metric")
USAGE = {"x-business-use-case-usage": json.dumps({"100200300400500": [{"type": "pages", "call_count": 100, "total_cputime": 30,
         "total_time": 40, "estimated_time_to_regain_access": 17}]})}  # fmt: skip
FAULTS: dict[str, Change] = {
    "error-200": _always(envelope(2, "An unexpected error has occurred. Please retry your request later.", status=200, is_transient=True)),
    "transient": _always(envelope(2, "Service temporarily unavailable", status=503, is_transient=True)),
    "expired-token": _always(envelope(190, "Error validating access token: Session has expired on Monday, 29-Jun-26.", subcode=463)),
    "missing-permission": _always(envelope(200, "(#200) Requires pages_read_user_content permission to manage the object", status=403)),
    "app-rate-limit": _always(envelope(4, "(#4) Application request limit reached", status=403, is_transient=True)),
    "buc-rate-limit": _always(
        envelope(80001, "(#80001) There have been too many calls to this Page account. Wait a bit and try again.", headers=USAGE)
    ),
    "repeated-cursor": _edited(_repeat),
    "empty-page-with-cursor": _edited(_empty),
    "duplicate-ids": _edited(_overlap),
    "expired-cursor": _when(lambda q: "after" in q.query, _always(envelope(2642, "(#2642) Invalid cursors values"))),
    "retired-metric": _when(lambda q: _asked(q) & RETIRED, _always(GONE_METRIC)),
    "opaque-metric": _when(lambda q: _asked(q) & RETIRED, _always(envelope(1, "An unknown error occurred", subcode=99, status=500))),
    "before-business": _when(
        lambda q: "insights" in _asked(q) or ("/1790" in q.path and int(q.path.split("/")[2]) % 3 == 0),
        _always(envelope(100, "Invalid parameter", subcode=2108006, error_user_msg="The media was posted before the most recent time "
                         "that the user's account was converted to a business account from a personal account.")),
    ),
    "too-few-viewers": _when(
        lambda q: "/1805" in q.path, _always(envelope(10, "(#10) Not enough viewers for the media to show insights"))
    ),
    "too-much-data": _when(
        lambda q: int(q.query.get("limit", 0)) > 12,
        _always(envelope(1, "Please reduce the amount of data you're asking for, then retry your request", status=500)),
    ),
    "vanished-post": _vanish,
    "falling-counter": _numbers(lambda n: n // 2),
    "missing-key": _edited(_lose_key),
    "number-as-string": _numbers(str),
    "not-a-number": _edited(_garble),
    "usage-96": lambda q, r: replace(r, headers={**r.headers, "x-app-usage": '{"call_count":96,"total_time":2,"total_cputime":1}'}),
    "old-version": lambda q, r: replace(r, headers={**r.headers, "facebook-api-version": "v24.0"}),
}  # fmt: skip
