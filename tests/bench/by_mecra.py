"""mecra's side: `timeline` and `feeds` through `Jobs`, the archive on, as `mecra collect` does it; `daemon` at rest."""

from __future__ import annotations

import gc
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from config import Settings
from config.secrets import Secrets
from model import Account
from scheduler import Jobs, Run
from tests.bench.bodies import FEEDS, HANDLE, NEWEST, OLDEST, USER, X_SECRETS


def timeline(data: Path, root: str, hours: int) -> list[Run]:
    """Every page of one account's posts, `hours` after the first time."""
    account = Account(f"x:{HANDLE}", "x", HANDLE, remote_id=USER, since=OLDEST)
    settings = Settings(data / "mecra.toml", data, "Örnek Belediyesi", ZoneInfo("Europe/Istanbul"), accounts=(account,),
                        platforms={"x": {"api_root": root}})  # fmt: skip
    jobs = Jobs(settings, Secrets(X_SECRETS), now=lambda: NEWEST + timedelta(hours=1 + hours))
    jobs.prepare()
    return jobs.collect([account], since=datetime(OLDEST.year, OLDEST.month, OLDEST.day, tzinfo=UTC), streams=("posts",))


def feed_settings(data: Path, root: str, many: int) -> Settings:
    rule = data / "news.toml"
    rule.write_text('institution = "Örnek Belediyesi"\nplace = "Örnek"\nhead = "Ayşe Yılmaz"\n', encoding="utf-8")
    accounts = tuple(
        Account(f"feed:gazete{n}", "feed", f"gazete{n}", label=f"Gazete {n}", url=f"{root}/{n}.xml") for n in range(many)
    )
    host = root.split("/")[2]
    return Settings(data / "mecra.toml", data, "Örnek Belediyesi", ZoneInfo("Europe/Istanbul"), accounts=accounts,
                    platforms={"feed": {"rule": rule, "allow_hosts": [host]}})  # fmt: skip


def feeds(data: Path, root: str, hours: int) -> list[Run]:
    settings = feed_settings(data, root, FEEDS)
    jobs = Jobs(settings, Secrets({}), now=lambda: NEWEST + timedelta(hours=1 + hours))
    jobs.prepare()
    return jobs.collect(settings.accounts)


def main(what: str, data: str, root: str, hours: str) -> None:
    gc.set_threshold(10_000)  # as the command does
    runs = {"timeline": timeline, "feeds": feeds}[what](Path(data), root, int(hours))
    if failed := [run for run in runs if run.walk is None or run.walk.outcome != "done"]:
        sys.exit(f"{len(failed)} failed, the first: {failed[0]}")


if __name__ == "__main__":
    main(*sys.argv[1:])
