"""How YouTube refuses, and what can go wrong in its answers, by name."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox.faults import Change, Reply, Request

FIRST_PAGE = "cGFnZSAw"  # the page token of the first page: pages in a circle
QUOTA = 'The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.'
KNOWN = {
    "quotaExceeded": (403, "youtube.quota", QUOTA),
    "playlistNotFound": (404, "youtube.playlistItem", "The playlist identified with the request's playlistId cannot be found."),
    "invalidPageToken": (400, "youtube.parameter", "The request specifies an invalid page token."),
    "authError": (401, "global", "Invalid Credentials"),
    "insufficientPermissions": (403, "global", "Request had insufficient authentication scopes."),
    "forbidden": (403, "global", "Forbidden"),
    "backendError": (503, "global", "Backend Error"),
}


class Refusal(Exception):
    """A request that YouTube turns down; `reply` is the answer, in both dialects of Google's errors where it is newer."""

    def __init__(self, code: int, reason: str, message: str, detail: str = "", status: str = "", domain: str = "global") -> None:
        super().__init__(message)
        error: dict[str, Any] = {
            "code": code, "message": message, "errors": [{"message": message, "domain": domain, "reason": reason}],
        }  # fmt: skip
        if status:
            error["status"] = status
        if detail:
            error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": detail, "domain": "googleapis.com"}]
        self.reply = Reply(code, {"error": error})


def refusal(reason: str) -> Refusal:
    code, domain, message = KNOWN[reason]
    return Refusal(code, reason, message, domain=domain)


def _refuses(reason: str, *, status: int | None = None) -> Change:
    reply = refusal(reason).reply
    return lambda request, _: replace(reply, status=status or reply.status)


def _changed(path: str, change: Callable[[Request, dict[str, Any]], None]) -> Change:
    """A change of the successful answers of one path, made on a copy."""

    def apply(request: Request, reply: Reply) -> Reply:
        if not request.path.endswith(path) or reply.status != 200 or not reply.value.get("items"):
            return reply
        value = copy.deepcopy(reply.value)
        change(request, value)
        return replace(reply, value=value)

    return apply


def _expired_token(request: Request, reply: Reply) -> Reply:
    if request.path == "/token":
        return Reply(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
    return refusal("authError").reply


def _missing_permission(request: Request, reply: Reply) -> Reply:
    if request.path == "/token":
        return reply
    return refusal("forbidden" if request.path == "/v2/reports" else "insufficientPermissions").reply


def _retired_metric(request: Request, reply: Reply) -> Reply:
    """Analytics no longer knows `shares`."""
    if "shares" not in request.query.get("metrics", "").split(","):
        return reply
    return Refusal(400, "badRequest", "Unknown identifier (shares) given in field parameters.metrics.").reply


def _unsupported_query(request: Request, reply: Reply) -> Reply:
    """Analytics does not like `shares`, and does not say that it is that."""
    if "shares" not in request.query.get("metrics", "").split(","):
        return reply
    return Refusal(400, "badRequest", "The query is not supported. Check the documentation for supported queries.").reply


def _repeated_cursor(request: Request, value: dict[str, Any]) -> None:
    value["nextPageToken"] = request.query.get("pageToken") or FIRST_PAGE


def _empty_page(request: Request, value: dict[str, Any]) -> None:
    """An empty page before the first one."""
    if not request.query.get("pageToken"):
        value.update(items=[], nextPageToken=FIRST_PAGE)


def _lost_list(request: Request, value: dict[str, Any]) -> None:
    """A list that says how long it is, and is empty."""
    value["items"] = []
    value.pop("nextPageToken", None)


def _duplicate_ids(request: Request, value: dict[str, Any]) -> None:
    """An id twice on one page, and the first page once more as the second."""
    value["items"].append(value["items"][0])
    if not request.query.get("pageToken"):
        value["nextPageToken"] = FIRST_PAGE


def _missing_key(request: Request, value: dict[str, Any]) -> None:
    value["items"][0].pop("statistics", None)


def _bad_number(request: Request, value: dict[str, Any]) -> None:
    value["items"][0].get("statistics", {})["viewCount"] = "12.5K"


def _as_strings(request: Request, reply: Reply) -> Reply:
    """The figures of a report as digits in strings, as those of the Data API always are."""
    if request.path != "/v2/reports" or reply.status != 200 or "rows" not in reply.value:
        return reply
    return replace(reply, value={**reply.value, "rows": [list(map(str, row)) for row in reply.value["rows"]]})


def _falling_counter(request: Request, value: dict[str, Any]) -> None:
    for item in value["items"]:
        item["statistics"]["viewCount"] = str(int(item["statistics"]["viewCount"]) // 2)


def _vanished_post(request: Request, value: dict[str, Any]) -> None:
    del value["items"][0]


def _hidden_likes(request: Request, value: dict[str, Any]) -> None:
    for item in value["items"]:
        del item["statistics"]["likeCount"], item["statistics"]["commentCount"]


def _hidden_subscribers(request: Request, value: dict[str, Any]) -> None:
    value["items"][0]["statistics"].update(subscriberCount="0", hiddenSubscriberCount=True)


FAULTS: dict[str, Change] = {
    "error-200": _refuses("backendError", status=200),
    "quota": _refuses("quotaExceeded"),
    "expired-cursor": lambda q, r: refusal("invalidPageToken").reply if q.query.get("pageToken") else r,
    "expired-token": _expired_token,
    "missing-permission": _missing_permission,
    "retired-metric": _retired_metric,
    "unsupported-query": _unsupported_query,
    "repeated-cursor": _changed("/playlistItems", _repeated_cursor),
    "empty-page-with-cursor": _changed("/playlistItems", _empty_page),
    "lost-list": _changed("/playlistItems", _lost_list),
    "duplicate-ids": _changed("/playlistItems", _duplicate_ids),
    "missing-key": _changed("/videos", _missing_key),
    "number-as-string": _as_strings,
    "bad-number": _changed("/videos", _bad_number),
    "falling-counter": _changed("/videos", _falling_counter),
    "vanished-post": _changed("/videos", _vanished_post),
    "hidden-likes": _changed("/videos", _hidden_likes),
    "hidden-subscribers": _changed("/channels", _hidden_subscribers),
}
