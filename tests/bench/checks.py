"""That every contestant has stored the same: rows and sums, read back from what each left on disk."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from tests.bench.bodies import COUNTERS, FEEDS, ITEMS, PAGES

OURS = dict(zip(COUNTERS, ("shares", "comments", "likes", "quotes", "saves", "views"), strict=True))


def _columns(prefix: str) -> str:
    return ", ".join(f"sum({prefix}{name})" for name in COUNTERS)


def _one(path: Path, query: str) -> tuple[int, ...]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        row: tuple[int, ...] = connection.execute(query).fetchone()
        return row


def timeline_of_mecra(data: Path) -> tuple[int, ...]:
    path = data / "mecra.db"
    latest = "SELECT metric, value, max(at) FROM readings WHERE post IS NOT NULL GROUP BY post, metric"
    sums = ", ".join(f"sum(value) FILTER (WHERE metric = '{OURS[name]}')" for name in COUNTERS)
    archived = _one(path, "SELECT count(*) FROM responses WHERE url LIKE '%/tweets?%' AND body IS NOT NULL")[0]
    if archived % PAGES:
        raise ValueError(f"{archived} pages in mecra's archive")
    return _one(path, "SELECT count(*) FROM posts") + _one(path, f"SELECT {sums} FROM ({latest})")


def timeline_of_dlt(data: Path) -> tuple[int, ...]:
    return _one(data / "dlt.db", f"SELECT count(*), {_columns('public_metrics__')} FROM posts")


def timeline_by_hand(data: Path) -> tuple[int, ...]:
    return _one(data / "hand.db", f"SELECT count(*), {_columns('')} FROM posts")


def expected(sums: Mapping[str, int]) -> tuple[int, ...]:
    return (sums["rows"], *(sums[name] for name in COUNTERS))


def feeds_of_mecra(data: Path) -> tuple[int, ...]:
    """Items and the length of their titles, from the archive: the tables hold only what names the municipality."""
    items = letters = 0
    with closing(sqlite3.connect(f"{(data / 'mecra.db').as_uri()}?mode=ro", uri=True)) as connection:
        for (body,) in connection.execute("SELECT body FROM responses WHERE body IS NOT NULL"):
            entries = json.loads(zlib.decompress(body))["entries"]
            items += len(entries)
            letters += sum(len(entry["title"]) for entry in entries)
        stored = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    if stored != FEEDS * ITEMS // 100:
        raise ValueError(f"{stored} articles in mecra's table")
    return items, letters


def feeds_of_reader(data: Path) -> tuple[int, ...]:
    return _one(data / "reader.db", "SELECT count(*), sum(length(title)) FROM entries")


def feeds_by_hand(data: Path) -> tuple[int, ...]:
    return _one(data / "hand.db", f"SELECT count(*) * {ITEMS} FROM feeds")


Check = Callable[[Path], tuple[int, ...]]
