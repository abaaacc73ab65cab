"""A small database of today's schema as SQL text: `python -m tests.storage.dumping > tests/storage/schemas/12-speed.sql`.

To be run, and its text added, with the last commit before a step is appended to the schema of a release: number and name of its last step.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from model import Account, Article, Exchange, Gap, Page, Post, Reading, Records
from storage import Storage
from tests.indicators.sealing import filled, sealed, written

T = datetime(2026, 3, 1, 9, tzinfo=UTC)


def rich(path: Path) -> Storage:
    """A few rows of everything: what was read, what was handed in, and a sealed half-year. Whoever asks closes it with the process."""
    storage = filled(path)
    sealed(storage)
    storage.register([Account("feed:gazete", "feed", "gazete", label="Gazete", url="https://gazete.example/rss")])
    first, second = (
        Post("1790000000000000001", "post", T, "https://x.example/1", "Yeni park açıldı. ☘"),
        Post("1790000000000000002", "post", T + timedelta(hours=1), "https://x.example/2", "İkinci gönderi"),
    )
    for hours, views in ((2, 10), (3, 12)):
        readings = (Reading("views", views, first.post), Reading("likes", 1, first.post), Reading("views", 5, second.post))
        gaps = (Gap("saves", "the platform does not tell it", first.post),) if hours == 2 else ()
        _save(storage, "x:a", "posts", Records(posts=(first, second), readings=readings, gaps=gaps), hours)
    days = (Reading("views", 70, day=date(2026, 2, 27)), Reading("views", 80, day=date(2026, 2, 28)))
    _save(storage, "facebook:b", "daily", Records(readings=days), 4)
    articles = (
        Article(
            "k1",
            "gazete",
            "https://gazete.example/1",
            "Belediyeden yeni park",
            T,
            "feed:gazete",
            "belediye",
            "title",
            "counted",
            story="s1",
        ),
        Article(
            "k2", "gazete", "https://gazete.example/2", "Başka bir haber", T, "feed:gazete", "", "", "review", reason="no term"
        ),
    )
    _save(storage, "feed:gazete", "articles", Records(articles=articles), 5)
    written(storage, path)
    return storage


def _save(storage: Storage, account: str, stream: str, records: Records, hours: int) -> None:
    at = T + timedelta(hours=hours)
    walk = storage.begin(account, stream, since=at - timedelta(days=3), now=at, trigger="manual", memo={}, missed=0)
    exchange = Exchange(at, "GET", f"https://api.example/{stream}", 200, f"body of {account} {at}".encode(), 30)
    storage.save(walk, walk.after(Page(), at), [(exchange, records)])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        for line in rich(Path(directory)).connection.iterdump():
            sys.stdout.write(line + "\n")
