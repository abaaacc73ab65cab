"""What the tests of indicators stand on: a store of its own, answers archived at instants, a plan of one indicator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from config.plan import Indicator, Line, Plan, Rule, Scoped
from indicators.asked import Asked
from model import Account, Exchange, Page, Period, Post, Reading, Records
from storage import Storage
from storage.database import connect, migrate
from storage.knowledge import known_at

ISTANBUL = ZoneInfo("Europe/Istanbul")
LATER = datetime(2099, 1, 1, tzinfo=UTC)


def store(path: Path, *accounts: str) -> Storage:
    """An open store; whoever asks closes it with the process."""
    connection = connect(path / "mecra.db")
    migrate(connection, path / "mecra.db")
    storage = Storage(connection, ISTANBUL)
    storage.register([account(key) for key in accounts])
    return storage


def account(key: str) -> Account:
    platform, _, handle = key.partition(":")
    return Account(key, platform, handle)


@dataclass
class Archive:
    """Answers, one a walk, as collecting stores them: `told` at an instant, of a stream, looking back to `since`."""

    storage: Storage

    def told(
        self,
        key: str,
        at: datetime,
        *,
        readings: Iterable[Reading] = (),
        posts: Iterable[Post] = (),
        stream: str = "profile",
        since: datetime | None = None,
        lasting: bool = False,
    ) -> None:
        exchange = Exchange(at, "GET", f"https://{key.replace(':', '.')}.example/{stream}", 200, f"{key} {at}".encode(), 10)
        walk = self.storage.begin(key, stream, since=since or at, now=at, trigger="manual", memo={}, missed=0)
        records = Records(readings=tuple(readings), posts=tuple(posts))
        self.storage.save(walk, walk.after(Page(), at), [(exchange, records)], lasting=lasting)


def indicator(
    rule: Rule, *, kind: str = "flow", code: str = "PG1", target: int = 100, weight: int = 100, **more: object
) -> Indicator:
    targets = {year: Fraction(target) for year in range(2024, 2031)}
    return Indicator(code, code, code, "adet", kind, Fraction(weight), rule, targets, **more)  # type: ignore[arg-type]


def plan(*indicators: Indicator, scope: Iterable[Scoped] = ()) -> Plan:
    line = Line("x")
    return Plan("0" * 64, "", "Örnek", "H1", line, line, line, line, indicators, scope=tuple(scope))


def asked(
    storage: Storage,
    found: Indicator,
    period: str,
    *,
    at: datetime = LATER,
    scope: Iterable[Scoped] = (),
    whole: Plan | None = None,
) -> Asked:
    return Asked(storage, whole or plan(found, scope=scope), found, Period.parse(period), known_at(storage, at))
