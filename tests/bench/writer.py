"""`python -m tests.bench.writer DIRECTORY`: collects into the database as the daemon does, a walk a second, until its stdin closes.

A daemon with these ten accounts and fifty feeds makes 130 walks an hour. Each walk here is begun and saved as any other: a page of an
account's hundred newest counters, all of which have grown, or a poll that found two articles. At its end it prints how many there were.
"""

from __future__ import annotations

import json
import select
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import count, cycle
from pathlib import Path

from collectors.news import settle
from config import load
from model import Article, Exchange, Page, Reading, Records, from_text
from storage import Storage, opened
from tests.bench.yearly_posts import ACCOUNTS, COUNTERS
from tests.bench.yearly_press import FEEDS

PAUSE = 1.0
NEWEST = "SELECT post FROM posts WHERE account = ? ORDER BY published_at DESC LIMIT 20"
BODY = json.dumps({"data": [{"id": str(n), "text": "Bütün komşularımızı bekliyoruz"} for n in range(100)]}).encode()


def records(storage: Storage) -> Iterator[tuple[str, str, Records]]:
    """What one walk after the other reads: account, stream, records."""
    posts = {account: [post for (post,) in storage.connection.execute(NEWEST, (account,))] for account in ACCOUNTS}
    sources = cycle([*ACCOUNTS, *FEEDS[: len(ACCOUNTS)]])
    for number in count(1):
        source = next(sources)
        if source in posts:
            metrics = COUNTERS[source.partition(":")[0]]
            grown = [Reading(metric, 1_000_000 + number, post) for post in posts[source] for metric in metrics]
            yield source, "posts", Records(readings=tuple(grown))
        else:
            told = [
                Article(f"new {number} {k}", f"Gazete {source[-1]}", f"https://x.example/{number}/{k}", f"Ümraniye’de {number}. haber",
                        None, "feed", "Ümraniye Belediyesi", "title", "counted", "", rule="r1") for k in range(2)
            ]  # fmt: skip
            yield source, "items", Records(articles=tuple(told))


def main(directory: Path) -> None:
    settings = load(directory / "mecra.toml", {})
    done = 0
    with opened(settings.database, settings.zone, settle=settle) as storage:
        (last,) = storage.connection.execute("SELECT max(started_at) FROM walks").fetchone()
        for done, (account, stream, found) in enumerate(records(storage), 1):
            now = from_text(last) + timedelta(minutes=done)
            walk = storage.begin(account, stream, since=now - timedelta(days=1), now=now, trigger="schedule", memo={}, missed=0)
            exchange = Exchange(now, "GET", "https://api.example/", 200, BODY, len(BODY), 200, 0, account.partition(":")[0])
            storage.save(walk, walk.after(Page(), now), [(exchange, found)])
            if select.select([sys.stdin], [], [], PAUSE)[0]:
                break
    print(done)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
