"""What the counters of posts stand at now: of one post, and of all of them, to put them in order."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from storage import Storage
from storage.overview import ENGAGEMENTS

LATEST = """(
SELECT value FROM readings r WHERE r.account = p.account AND r.post = p.post AND r.metric = '{}' AND r.day IS NULL
ORDER BY r.at DESC, r.reading DESC LIMIT 1)"""
ALL = f"SELECT account, post, {', '.join(LATEST.format(metric) for metric in ('views', *ENGAGEMENTS))} FROM posts p"
LAST = "SELECT reading, account, post, metric, at, value FROM readings ORDER BY reading DESC LIMIT 1"
SAME = "SELECT reading, account, post, metric, at, value FROM readings WHERE reading = ?"
# By number, which SQLite would not choose: it would read the index of every series there is.
SINCE = "SELECT DISTINCT account, post FROM readings NOT INDEXED WHERE reading > ? AND post IS NOT NULL AND day IS NULL"


class Figure(NamedTuple):
    """`engagements`: likes, reactions, comments, shares, quotes and saves, those that were read. None: nothing was."""

    views: int | None
    engagements: int | None

    def of(self, name: str) -> int | None:
        return self.views if name == "views" else self.engagements


NOTHING = Figure(None, None)


def figure_of(storage: Storage, account: str, post: str) -> Figure:
    """One post's; nothing where there is no such post."""
    row = storage.connection.execute(f"{ALL} WHERE account = ? AND post = ?", (account, post)).fetchone()
    return _figure(row) if row else NOTHING


def _figure(row: Sequence[Any]) -> Figure:
    engaged = [value for value in row[3:] if value is not None]
    return Figure(row[2], sum(engaged) if engaged else None)


class Figures:
    """Every post's, for whoever sorts by them: looked up once, and then only those of which something was read since.

    A reading's number says what is new; where the last one seen is not the same any more (the tables were derived again), all are
    looked up anew. For several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], Figure] = {}
        self._last: tuple[object, ...] | None = None

    def refreshed(self, storage: Storage) -> Mapping[tuple[str, str], Figure]:
        with self._lock:
            newest = storage.connection.execute(LAST).fetchone()
            if newest == self._last:
                return self._known
            if self._last and storage.connection.execute(SAME, (self._last[0],)).fetchone() == self._last:
                keys = storage.connection.execute(SINCE, (self._last[0],)).fetchall()
                self._known = {**self._known, **{key: figure_of(storage, *key) for key in keys}}
            else:
                self._known = {(row[0], row[1]): _figure(row) for row in storage.connection.execute(ALL)}
            self._last = newest
            return self._known
