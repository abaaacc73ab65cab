"""Faults that can be switched on by name: what goes wrong between a platform and us.

A fault changes a reply. The ones here are of the way (any platform); each platform's module adds those of its own shape.
"""

from __future__ import annotations

import email.utils
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import Message
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked. `path` is without the platform's prefix; `query` holds the last value of each name."""

    method: str
    platform: str
    path: str
    query: Mapping[str, str]
    headers: Message
    body: bytes
    now: datetime
    base: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered. `value` is sent as JSON; `raw` as it is. `manner`: how the bytes go out (see server.py)."""

    status: int = 200
    value: Any = None
    raw: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: str = "whole"


Change = Callable[[Request, Reply], Reply]


def _rate(headers: dict[str, str], raw: bytes = b"") -> Change:
    return lambda request, reply: Reply(429, raw=raw, headers={"Content-Type": "text/plain", **headers})


def _limited_until_a_date(request: Request, reply: Reply) -> Reply:
    at = email.utils.format_datetime(request.now + timedelta(minutes=10), usegmt=True)
    return Reply(429, raw=b"", headers={"Retry-After": at})


WAY: dict[str, Change] = {
    "html-200": lambda q, r: Reply(200, raw=b"<!DOCTYPE html><html><body>Bak\xc4\xb1mday\xc4\xb1z</body></html>",
                                   headers={"Content-Type": "text/html; charset=utf-8"}),
    "empty-body": lambda q, r: Reply(200, raw=b"", headers={"Content-Type": "application/json"}),
    "cut-body": lambda q, r: replace(r, manner="cut"),
    "wrong-length": lambda q, r: replace(r, manner="wrong-length"),
    "429-seconds": _rate({"Retry-After": "300"}),
    "429-date": _limited_until_a_date,
    "429-nothing": _rate({}),
    "429-text": _rate({}, b"Too Many Requests: slow down please"),
    "500": lambda q, r: Reply(500, raw=b"Internal Server Error", headers={"Content-Type": "text/plain"}),
    "timeout": lambda q, r: replace(r, manner="hang"),
    "reset": lambda q, r: replace(r, manner="reset"),
    "huge": lambda q, r: replace(r, manner="huge"),
    "gzip-bomb": lambda q, r: replace(r, manner="gzip-bomb"),
}  # fmt: skip


@dataclass
class Fault:
    """One fault that is on: for requests whose `platform/path` contains `match`, `times` times (None: always),
    after the first `skip` matching requests."""

    name: str
    match: str = ""
    times: int | None = None
    skip: int = 0
    hits: int = 0

    def strikes(self, request: Request) -> bool:
        if self.match not in f"{request.platform}{request.path}":
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is not None and self.hits >= self.times:
            return False
        self.hits += 1
        return True
