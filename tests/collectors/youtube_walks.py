"""Walks over the sandbox's channel with the real collector, without a database: what a page loop does, in a few lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from collectors.base import CollectError
from collectors.http import Door, Outfit
from collectors.youtube import YouTube
from config.secrets import Secrets
from model import Account, Exchange, Records, Walk
from sandbox import youtube as google
from sandbox.server import Sandbox
from sandbox.world import PACIFIC, World

ACCOUNT = Account("youtube:@ornekbelediye", "youtube", "@ornekbelediye")
OWNER = {
    "MECRA_YOUTUBE_REFRESH_TOKEN": google.REFRESH_TOKEN,
    "MECRA_YOUTUBE_CLIENT_ID": google.CLIENT_ID,
    "MECRA_YOUTUBE_CLIENT_SECRET": google.CLIENT_SECRET,
}
PUBLIC = {"MECRA_YOUTUBE_API_KEY": google.KEY}


@dataclass
class Outcome:
    """What a walk brought: its records, its exchanges, how it ended, and the error that stopped it."""

    walk: Walk
    records: Records = field(default_factory=Records)
    exchanges: list[Exchange] = field(default_factory=list)
    error: CollectError | None = None

    @property
    def values(self) -> dict[tuple[str | None, str, date | None], int]:
        return {(r.post, r.metric, r.day): r.value for r in self.records.readings}


def small_world(days: int = 120, **options: Any) -> World:
    return World(start=date(2026, 1, 1), end=date.fromordinal(date(2026, 1, 1).toordinal() + days), **options)


def after(world: World, hour: int = 6) -> datetime:
    """The first morning after the world's last day."""
    return datetime.combine(world.end, time(hour), UTC)


def make_collector(box: Sandbox, environ: Mapping[str, str] = OWNER, *, metrics: Path | None = None, **door: Any) -> YouTube:
    secrets = Secrets(environ)
    options: dict[str, Any] = {"sleep": lambda s: None, "timeout": (2.0, 2.0), **door}
    return YouTube(
        Outfit(
            settings={"api_root": f"{box.url}/youtube"},
            secrets=secrets,
            now=lambda: box.now,
            door=lambda line: Door(line, now=lambda: box.now, secrets=secrets, **options),
            metrics=metrics,
        )
    )


def walk_through(
    box: Sandbox,
    stream: str,
    *,
    collector: YouTube | None = None,
    account: Account = ACCOUNT,
    since: datetime | None = None,
    memo: Mapping[str, Any] | None = None,
) -> Outcome:
    """One walk to its end or its first error; records are read from the archived exchanges alone."""
    collector = collector or make_collector(box)
    began = since or datetime.combine(box.world.start, time(), PACIFIC)
    outcome = Outcome(Walk(1, account.account, stream, box.now, began, "manual", memo=memo or {}))
    parts: list[Records] = []
    while outcome.walk.finished_at is None and outcome.error is None:
        try:
            page = collector.fetch(account, stream, outcome.walk)
            outcome.walk = outcome.walk.after(page, box.now)
        except CollectError as error:
            outcome.error = error
        taken = collector.door.take()
        outcome.exchanges += taken
        try:
            parts += [collector.read(account, exchange) for exchange in taken if exchange.status == 200 and exchange.body]
        except CollectError as error:
            outcome.error = outcome.error or error
    outcome.records = Records.joined(parts)
    return outcome
