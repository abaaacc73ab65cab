"""Walks over X for the tests: a collector at a sandbox, and attempts as the page loop makes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from collectors.base import CollectError, Expired, Malformed, RateLimited, Refused, Unavailable
from collectors.budget import Budget
from collectors.http import Door, Line, Outfit
from collectors.x import X
from config.secrets import Secrets
from model import Account, Exchange, Records, Walk
from sandbox.server import Sandbox
from sandbox.world import World

NOW = datetime(2026, 2, 1, 6, tzinfo=UTC)
ACCOUNT = Account("x:ornekbelediye", "x", "ornekbelediye")
USER = "1480000000000000001"
OAUTH1 = {
    "MECRA_X_API_KEY": "sandbox-x-key", "MECRA_X_API_SECRET": "sandbox-x-key-secret",
    "MECRA_X_ACCESS_TOKEN": "sandbox-x-access", "MECRA_X_ACCESS_SECRET": "sandbox-x-access-secret",
}  # fmt: skip
APP = {"MECRA_X_BEARER_TOKEN": "sandbox-x-bearer"}
FIGURES = {"views", "likes", "comments", "shares", "quotes", "saves"}


OUTCOMES: dict[str, type[CollectError] | None] = {
    "error-200": Malformed, "html-200": Malformed, "empty-body": Malformed, "cut-body": Unavailable, "wrong-length": Unavailable,
    "429-seconds": RateLimited, "429-date": RateLimited, "429-nothing": RateLimited, "429-text": RateLimited, "usage-cap": RateLimited,
    "500": Unavailable, "timeout": Unavailable, "reset": Unavailable, "credits": Refused,
    "expired-token": Refused, "missing-permission": Refused, "repeated-cursor": Malformed, "expired-cursor": Expired,
    "empty-page-with-cursor": None, "duplicate-ids": None, "retired-metric": None, "vanished-post": None, "falling-counter": None,
    "missing-key": None, "number-as-string": None, "bad-number": None,
}  # fmt: skip


def made(
    box: Sandbox,
    environ: Mapping[str, str] = OAUTH1,
    *,
    path: Path | None = None,
    dry: bool = False,
    budget: Budget | None = None,
    **settings: Any,
) -> X:
    patience = 0.4 if any(fault.name == "timeout" for fault in box.faults) else 20.0
    secrets = Secrets(environ, path)

    def door(line: Line) -> Door:
        return Door(
            line,
            now=lambda: box.now,
            secrets=secrets,
            sleep=lambda _: None,
            attempts=2,
            timeout=(1, patience),
            dry=dry,
            budget=budget,
        )

    return X(Outfit({"api_root": f"{box.url}/x", **settings}, secrets, lambda: box.now, door))


def begun(stream: str, days: int = 60, **more: Any) -> Walk:
    return replace(Walk(1, ACCOUNT.account, stream, NOW, NOW - timedelta(days=days), "test"), **more)


class Attempt:
    """One attempt at a walk: the pages until it is complete or fails, as the page loop goes about it."""

    def __init__(self, x: X, walk: Walk, account: Account = ACCOUNT) -> None:
        self.error: CollectError | None = None
        self.exchanges: list[Exchange] = []
        parts: list[Records] = []
        while walk.finished_at is None:
            page = None
            try:
                page = x.fetch(account, walk.stream, walk)
            except CollectError as error:
                self.error = error
            for exchange in x.door.take():
                self.exchanges.append(exchange)
                if exchange.status == 200 and exchange.body:
                    try:
                        parts.append(x.read(account, exchange))
                    except CollectError as error:
                        self.error = self.error or error
            if self.error or page is None:
                break
            walk = walk.after(page, NOW)
        self.walk, self.records = walk, Records.joined(parts)

    @property
    def figures(self) -> dict[tuple[str | None, str], int]:
        return {(r.post, r.metric): r.value for r in self.records.readings}


def truth(world: World, at: datetime, metrics: set[str], since: datetime | None = None) -> dict[tuple[str | None, str], int]:
    return {
        (p.post, metric): world.counter(p, metric, at)
        for p in world.visible("x", at)
        for metric in metrics
        if since is None or p.published_at >= since
    }


def exchange(value: Any, path: str = f"/2/users/{USER}/tweets", query: str = "tweet.fields=public_metrics") -> Exchange:
    body = json.dumps(value).encode()
    return Exchange(NOW, "GET", f"https://api.x.com{path}?{query}", 200, body, len(body))
