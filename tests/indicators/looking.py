"""Accounts that are looked at as collecting does it: walks of posts back to an instant, with the posts and the figures that they saw."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from model import Post, Reading
from storage import Storage
from tests.indicators.standing import ISTANBUL, Archive, store

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def look(
    archive: Archive,
    key: str,
    at: datetime,
    *,
    back: timedelta = 190 * DAY,
    posts: Iterable[Post] = (),
    readings: Iterable[Reading] = (),
    streams: Iterable[str] = ("posts",),
) -> None:
    """One walk of each stream; the first one brings what was seen."""
    for number, stream in enumerate(streams):
        archive.told(
            key,
            at + timedelta(seconds=number),
            stream=stream,
            since=at - back,
            posts=posts if not number else (),
            readings=readings if not number else (),
        )


def post(name: str, at: datetime, text: str = "", kind: str = "post") -> Post:
    return Post(name, kind, at, text=text)


def copies(path: Path, *accounts: str) -> Callable[[], Storage]:
    """Makes empty stores in memory, for tests that want a hundred."""
    made = store(path, *accounts).connection
    made.execute("PRAGMA journal_mode = DELETE")  # no log beside a store in memory
    empty = made.serialize()
    made.close()

    def copy() -> Storage:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(empty)
        return Storage(connection, ISTANBUL)

    return copy
