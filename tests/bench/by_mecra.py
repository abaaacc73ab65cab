"""mecra's side: `timeline` and `feeds` through `Jobs`, the archive on, as `mecra collect` does it; `daemon` at rest."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from config import Settings
from config.secrets import Secrets
from model import Account
from scheduler import Jobs
from tests.bench.bodies import FEEDS, HANDLE, NEWEST, OLDEST, USER
from tests.bench.measure import ready

X_SECRETS = {f"MECRA_X_{name}": f"bench-{name.lower()}" for name in ("API_KEY", "API_SECRET", "ACCESS_TOKEN", "ACCESS_SECRET")}


def timeline(data: Path, root: str, hours: int) -> list[str]:
    """Every page of one account's posts, `hours` after the first time."""
    account = Account(f"x:{HANDLE}", "x", HANDLE, remote_id=USER, since=OLDEST)
    settings = Settings(data / "mecra.toml", data, "Örnek Belediyesi", ZoneInfo("Europe/Istanbul"), accounts=(account,),
                        platforms={"x": {"api_root": root}})  # fmt: skip
    jobs = Jobs(settings, Secrets(X_SECRETS), now=lambda: NEWEST + timedelta(hours=1 + hours))
    jobs.prepare()
    runs = jobs.collect([account], since=datetime(OLDEST.year, OLDEST.month, OLDEST.day, tzinfo=UTC), streams=("posts",))
    return [run.walk.error or str(run.walk.outcome) if run.walk else run.skipped for run in runs]


def feed_settings(data: Path, root: str, many: int) -> Settings:
    rule = data / "news.toml"
    rule.write_text('institution = "Örnek Belediyesi"\nplace = "Örnek"\nhead = "Ayşe Yılmaz"\n', encoding="utf-8")
    accounts = tuple(
        Account(f"feed:gazete{n}", "feed", f"gazete{n}", label=f"Gazete {n}", url=f"{root}/{n}.xml") for n in range(many)
    )
    host = root.split("/")[2]
    return Settings(data / "mecra.toml", data, "Örnek Belediyesi", ZoneInfo("Europe/Istanbul"), accounts=accounts,
                    platforms={"feed": {"rule": rule, "allow_hosts": [host]}})  # fmt: skip


def feeds(data: Path, root: str, hours: int) -> list[str]:
    settings = feed_settings(data, root, FEEDS)
    jobs = Jobs(settings, Secrets({}), now=lambda: NEWEST + timedelta(hours=1 + hours))
    jobs.prepare()
    runs = jobs.collect(settings.accounts)
    return [run.walk.error or str(run.walk.outcome) if run.walk else run.skipped for run in runs]


def main(what: str, data: str, root: str, hours: str) -> None:
    started = ready()
    outcomes = {"timeline": timeline, "feeds": feeds}[what](Path(data), root, int(hours))
    print(json.dumps({"start": started, "outcomes": {outcome: outcomes.count(outcome) for outcome in set(outcomes)}}))


if __name__ == "__main__":
    main(*sys.argv[1:])
