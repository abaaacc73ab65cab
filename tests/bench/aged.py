"""A database that has been at work for half a year: 200 feeds polled every two hours, 40 accounts with three streams each.

`python -m tests.bench.aged DIRECTORY FEED_ROOT` also writes settings that any `mecra` command can use.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path

FEEDS, ACCOUNTS, DAYS = 200, 40, 181
STREAMS = {"x": ("profile", "posts", "private"), "facebook": ("profile", "posts", "daily"), "instagram": ("profile", "posts", "daily"),
           "youtube": ("profile", "posts", "daily"), "feed": ("items",)}  # fmt: skip
BUCKETS = {"youtube": "youtube.data"}
WALK = "INSERT INTO walks (walk, account, stream, started_at, finished_at, since, depth, outcome, pages, rows, trigger, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 3, 'schedule', ?)"
RESPONSE = "INSERT INTO responses (walk, at, method, url, status, bytes, sha256, ms, bucket, cost) VALUES (?, ?, 'GET', 'https://example.org/', 304, 0, '', 40, ?, 1)"


def accounts() -> str:
    platforms = cycle(("x", "facebook", "instagram", "youtube"))
    return "".join(
        f'[[accounts]]\nplatform = "{next(platforms)}"\nhandle = "ornek{n}"\nid = "{n + 1000}"\n\n' for n in range(ACCOUNTS)
    )


def write_settings(directory: Path, feed_root: str, accounts: str) -> None:
    host = feed_root.split("/")[2]
    (directory / "mecra.toml").write_text(
        f'since = 2024-01-01\n\n[institution]\nname = "Örnek Belediyesi"\n\n{accounts}[budgets.x]\nusd_per_month = 25\n\n'
        f'[budgets."youtube.data"]\nunits_per_day = 9000\n\n[news]\nrule = "news.toml"\nfeeds = "feeds.toml"\nallow_hosts = ["{host}"]\n\n'
        "[news.gdelt]\nenabled = false\n",
        encoding="utf-8",
    )
    feeds = (f'[[feed]]\nname = "gazete{n}"\noutlet = "Gazete {n}"\nurl = "{feed_root}/{n}.xml"\n\n' for n in range(FEEDS))
    (directory / "feeds.toml").write_text("".join(feeds), encoding="utf-8")
    (directory / "news.toml").write_text(
        'institution = "Örnek Belediyesi"\nplace = "Örnek"\nhead = "Ayşe Yılmaz"\n', encoding="utf-8"
    )


def fill(directory: Path) -> None:
    from config import load  # here, because the bench's own process writes settings only, and has to stay small
    from config.secrets import Secrets
    from model import to_text, utc_now
    from scheduler import Jobs
    from storage.database import connect

    settings = load(directory / "mecra.toml", {})
    Jobs(settings, Secrets({})).prepare()
    connection = connect(settings.database)
    now = utc_now()

    def walks() -> Iterator[tuple[int, str, str, str, str]]:
        number = 0
        for account in settings.accounts:
            every = timedelta(hours=2 if account.platform == "feed" else 6)
            for stream in STREAMS.get(account.platform, ()):
                for back in range(int(timedelta(days=DAYS) / every), 0, -1):
                    number += 1
                    yield number, account.account, account.platform, stream, to_text(now - back * every)

    connection.executemany(WALK, ((n, a, s, at, at, at, 3600, "done", at) for n, a, _, s, at in walks()))
    connection.executemany(RESPONSE, ((n, at, BUCKETS.get(platform, platform)) for n, _, platform, _, at in walks()))
    connection.commit()
    connection.close()


if __name__ == "__main__":
    write_settings(Path(sys.argv[1]), sys.argv[2], accounts())
    fill(Path(sys.argv[1]))
