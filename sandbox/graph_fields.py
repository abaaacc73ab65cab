"""Field selection and paging as the Graph API does them: `fields=id,comments.summary(total_count).limit(0),insights.metric(a,b)`."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sandbox.faults import Reply, Request

START = "start"


class Refusal(Exception):
    """An error envelope on its way out."""

    def __init__(self, code: int, message: str, *, subcode: int = 0, status: int = 400, **more: Any) -> None:
        super().__init__(message)
        self.reply = envelope(code, message, subcode=subcode, status=status, **more)


def envelope(
    code: int, message: str, *, subcode: int = 0, status: int = 400, headers: Mapping[str, str] | None = None, **more: Any
) -> Reply:
    error: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code}
    if subcode:
        error["error_subcode"] = subcode
    return Reply(status, {"error": {**error, **more, "fbtrace_id": "AsandboxTrace0"}}, headers=headers or {})


@dataclass
class Field:
    """One requested field: its name, its modifiers (`limit(0)`), and its own fields (`{a,b}`)."""

    name: str
    modifiers: dict[str, list[str]] = field(default_factory=dict)
    inner: list[Field] = field(default_factory=list)


Row = Mapping[str, Callable[[Field], Any]]


def parse(text: str) -> list[Field]:
    """The fields that a `fields` parameter names."""
    found = []
    for part in _split(text):
        head, brace, inner = part.partition("{")
        name, *_ = head.partition(".")
        modifiers = {m[1]: m[2].split(",") for m in re.finditer(r"\.(\w+)\(([^)]*)\)", head)}
        found.append(Field(name, modifiers, parse(inner[:-1]) if brace else []))
    return found


def _split(text: str) -> list[str]:
    parts, depth = [""], 0
    for sign in text:
        depth += (sign in "({") - (sign in ")}")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part for part in parts if part]


def select(row: Row, fields: Sequence[Field], kind: str) -> dict[str, Any]:
    """What was asked of one object, plus its id; what has no value is left out."""
    chosen = {}
    for wanted in [*fields, Field("id")]:
        if wanted.name not in row:
            raise Refusal(100, f"(#100) Tried accessing nonexisting field ({wanted.name}) on node type ({kind})")
        value = row[wanted.name](wanted)
        if value is not None:
            chosen[wanted.name] = value
    return chosen


@dataclass(frozen=True)
class Thing:
    """Something in a listing: its id, its time, and how to make its fields (only those of one page are made)."""

    remote_id: str
    at: datetime
    row: Callable[[], Row]


def listing(request: Request, things: Sequence[Thing], kind: str, *, most: int = 100) -> dict[str, Any]:
    """A page of an edge, newest first. `next` carries the token, as Meta's does; a cursor to a deleted thing is dead."""
    query = request.query
    since, until = int(query.get("since", 0)), int(query.get("until", 2**40))
    things = [t for t in things if since <= t.at.timestamp() <= until]
    limit = int(query.get("limit", 25))
    if limit > most:
        raise Refusal(100, f"(#100) Param limit must be between 0 and {most}")
    begin = 0
    if "after" in query:
        last = _opened(query["after"])
        ids = [START, *(t.remote_id for t in things)]
        if last not in ids:
            raise Refusal(2642, "(#2642) Invalid cursors values")
        begin = ids.index(last)
    fields = parse(query.get("fields", "id"))
    page = things[begin : begin + limit]
    value: dict[str, Any] = {"data": [select(t.row(), fields, kind) for t in page]}
    if page:
        cursors = {"before": cursor(page[0].remote_id), "after": cursor(page[-1].remote_id)}
        value["paging"] = {"cursors": cursors}
        if begin + limit < len(things):
            value["paging"]["next"] = link(request, {**query, "after": cursors["after"]})
    return value


def cursor(remote_id: str) -> str:
    return base64.urlsafe_b64encode(remote_id.encode()).decode()


def _opened(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text.encode()).decode()
    except ValueError:
        return ""


def link(request: Request, query: Mapping[str, str]) -> str:
    """The address of another page, with the token in its query: the trap."""
    token = token_of(request)
    return f"{request.base}/graph{request.path}?{urlencode({**query, 'access_token': token})}"


def token_of(request: Request) -> str:
    header = request.headers.get("Authorization") or ""
    return header.removeprefix("Bearer ") if header else request.query.get("access_token", "")


def number(name: str, value: Any, owner: str, *, period: str = "lifetime") -> dict[str, Any]:
    """One insight with one value."""
    return {"name": name, "period": period, "values": [{"value": value}], **_described(name, owner, period)}


def series(name: str, values: Sequence[Mapping[str, Any]], owner: str) -> dict[str, Any]:
    """One insight with a value a day."""
    return {"name": name, "period": "day", "values": list(values), **_described(name, owner, "day")}


def total(name: str, value: Mapping[str, Any], owner: str) -> dict[str, Any]:
    """One insight with one total over the window."""
    return {"name": name, "period": "day", "total_value": dict(value), **_described(name, owner, "day")}


def _described(name: str, owner: str, period: str) -> dict[str, str]:
    return {"title": name.replace("_", " ").title(), "description": f"{name} ({period})", "id": f"{owner}/insights/{name}/{period}"}
