"""A small institution whose alarms are looked at by a clock that moves only when told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from config import Settings
from config.alarms import Alarms as Wanted
from config.backup import Backups
from config.outgoing import Mail
from config.secrets import Secrets
from model import Account
from storage import Storage
from tests.conftest import Clock
from tests.indicators.standing import ISTANBUL, Archive, account, store
from upkeep.alarms import Alarms

HOUR = timedelta(hours=1)
ACCOUNTS = ("x:a", "facebook:b", "feed:c")
INTERVALS = {("x:a", "posts"): HOUR, ("facebook:b", "posts"): HOUR, ("feed:c", "items"): HOUR}


@dataclass
class Town:
    """`alarms` over a store in `path`; `told` are streams that were read."""

    path: Path
    wanted: Wanted = field(default_factory=Wanted)
    mail: Mail | None = None
    environ: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    free: int = 1 << 40

    def __post_init__(self) -> None:
        self.storage: Storage = store(self.path, *ACCOUNTS)
        self.archive = Archive(self.storage)
        self.settings = Settings(
            path=self.path / "mecra.toml", data=self.path, institution="Örnek Belediyesi", zone=ISTANBUL,
            accounts=tuple(account_of(key) for key in ACCOUNTS), mail=self.mail, alarms=replace(self.wanted, disk_free_mb=1), **{"backup": Backups(nightly=False), **self.more},
        )  # fmt: skip
        self.again()

    def again(self) -> None:
        """A new process."""
        self.alarms = Alarms(self.settings, Secrets(self.environ), self.clock, intervals=lambda: INTERVALS)

    def read(self, *keys: str) -> None:
        """Each stream (all of them without names) is read to its end now."""
        for key, stream in INTERVALS:
            if not keys or key in keys:
                self.archive.told(key, self.clock.at, stream=stream)

    def fails(self, key: str, outcome: str, error: str) -> None:
        """The newest attempt at the stream of an account ends like this."""
        stream = next(name for one, name in INTERVALS if one == key)
        now: datetime = self.clock.at
        walk = self.storage.unfinished(key, stream) or self.storage.begin(
            key, stream, since=now, now=now, trigger="schedule", memo={}, missed=0
        )
        self.storage.save(walk, walk.stopped(outcome, f"{key}: {error}", now + HOUR), [])

    def minutes(self, n: int, step: int = 5) -> None:
        """The daemon's ticks of some minutes."""
        for _ in range(0, n, step):
            self.clock.pass_by(minutes=step)
            self.alarms.work()


def account_of(key: str) -> Account:
    return replace(account(key), url=f"https://{key.partition(':')[2]}.example/feed.xml" if key.startswith("feed") else "")
