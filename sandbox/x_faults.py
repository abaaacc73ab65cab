"""What can go wrong in the shape of X's own answers. Each takes the true reply and spoils it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox.faults import Change, Reply, Request


def _refused(status: int, value: dict[str, Any]) -> Change:
    return lambda request, reply: replace(reply, status=status, value=value)


def _spoilt(change: Callable[[Request, dict[str, Any]], None]) -> Change:
    """A change of the body of a timeline or a user; other replies stay as they are."""

    def spoil(request: Request, reply: Reply) -> Reply:
        if reply.status != 200 or not isinstance(reply.value, dict) or not ("data" in reply.value or "meta" in reply.value):
            return reply
        value = copy.deepcopy(reply.value)
        change(request, value)
        return replace(reply, value=value)

    return spoil


def _things(value: dict[str, Any]) -> list[dict[str, Any]]:
    data = value.get("data", [])
    return data if isinstance(data, list) else [data]


def _repeat_cursor(request: Request, value: dict[str, Any]) -> None:
    if "next_token" in value.get("meta", {}) and "pagination_token" in request.query:
        value["meta"]["next_token"] = request.query["pagination_token"]


def _empty_page(request: Request, value: dict[str, Any]) -> None:
    """A page without posts before the first: its token leads to the true first page."""
    if "meta" in value and "pagination_token" not in request.query:
        value.clear()
        value["meta"] = {"result_count": 0, "next_token": f"7140{2**63 - 1:x}"}


def _overlap(request: Request, value: dict[str, Any]) -> None:
    """The next page begins with the last post of this one."""
    if "next_token" in value.get("meta", {}):
        value["meta"]["next_token"] = f"7140{int(value['data'][-1]['id']) + 1:x}"


def _retire(request: Request, value: dict[str, Any]) -> None:
    for thing in _things(value):
        thing.get("public_metrics", {}).pop("impression_count", None)


def _vanish(request: Request, value: dict[str, Any]) -> None:
    if isinstance(value.get("data"), list) and len(value["data"]) > 1:
        del value["data"][0]
        value["meta"]["result_count"] -= 1


def _fall(request: Request, value: dict[str, Any]) -> None:
    for thing in _things(value):
        for group in ("public_metrics", "non_public_metrics", "organic_metrics"):
            if group in thing:
                thing[group] = {name: count // 2 for name, count in thing[group].items()}


def _lose_key(request: Request, value: dict[str, Any]) -> None:
    for thing in _things(value)[:1]:
        thing.pop("public_metrics", None)


def _as_strings(request: Request, value: dict[str, Any]) -> None:
    for thing in _things(value):
        if "public_metrics" in thing:
            thing["public_metrics"] = {name: str(count) for name, count in thing["public_metrics"].items()}


def _as_words(request: Request, value: dict[str, Any]) -> None:
    """A count as the app's screen writes it, in the first row."""
    for thing in _things(value)[:1]:
        if "public_metrics" in thing:
            thing["public_metrics"]["impression_count"] = "12.5K"


def _expire_cursor(request: Request, reply: Reply) -> Reply:
    token = request.query.get("pagination_token")
    if token is None:
        return reply
    message = f"The `pagination_token` query parameter value [{token}] is not valid"
    problem = {
        "errors": [{"parameters": {"pagination_token": [token]}, "message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": "https://api.twitter.com/2/problems/invalid-request",
    }
    return replace(reply, status=400, value=problem)


FAULTS: dict[str, Change] = {
    "error-200": _refused(200, {"errors": [{"title": "Over Capacity", "detail": "Please try again", "type": "about:blank"}]}),
    "usage-cap": _refused(429, {
        "title": "UsageCapExceeded", "detail": "Usage cap exceeded: Monthly product cap", "period": "Monthly", "scope": "Product",
        "type": "https://api.twitter.com/2/problems/usage-capped", "product_name": "standard-basic",
    }),
    "credits": _refused(402, {
        "title": "Payment Required", "detail": "credits depleted", "status": 402,
        "type": "https://api.x.com/2/problems/credits-depleted",
    }),
    "expired-token": _refused(401, {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}),
    "missing-permission": _refused(403, {
        "title": "Client Forbidden", "reason": "client-not-enrolled", "required_enrollment": "Appropriate Level of API Access",
        "detail": "When authenticating requests to the Twitter API v2 endpoints, you must use keys and tokens from an attached App.",
        "registration_url": "https://developer.twitter.com/en/docs/projects/overview",
        "type": "https://api.twitter.com/2/problems/client-forbidden",
    }),
    "repeated-cursor": _spoilt(_repeat_cursor),
    "empty-page-with-cursor": _spoilt(_empty_page),
    "duplicate-ids": _spoilt(_overlap),
    "retired-metric": _spoilt(_retire),
    "vanished-post": _spoilt(_vanish),
    "falling-counter": _spoilt(_fall),
    "missing-key": _spoilt(_lose_key),
    "number-as-string": _spoilt(_as_strings),
    "bad-number": _spoilt(_as_words),
    "expired-cursor": _expire_cursor,
}  # fmt: skip
