"""Posts as a page lists and searches them, with what their counters stand at now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from model import Period, to_text
from storage import Storage
from storage.browsing import SIZE, Leaf, nearest
from storage.folding import folded
from storage.post_figures import NOTHING, Figure, Figures, figure_of

DATE, VIEWS, ENGAGED = "date", "views", "engagements"
KEYS = """
SELECT account, post FROM posts INDEXED BY posts_by_time
WHERE account IN (SELECT value FROM json_each(:accounts)) AND published_at >= :start AND published_at < :end
AND (:kind = '' OR kind = :kind) {words} ORDER BY published_at DESC, account, post
"""
SHOWN = "SELECT kind, published_at, url, text, gone_at FROM posts WHERE account = ? AND post = ?"
SPAN = """
SELECT min(first), max(last) FROM (
    SELECT (SELECT min(published_on) FROM posts p WHERE p.account = a.account) AS first,
           (SELECT max(published_on) FROM posts p WHERE p.account = a.account) AS last
    FROM accounts a)
"""
KINDS = "SELECT DISTINCT kind FROM posts ORDER BY kind"

_folded = lru_cache(maxsize=30_000)(folded)  # five years of posts: the second search is four times as fast


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Local days, both included; empty `kind` and `words`: all. `by` is DATE, VIEWS or ENGAGED; not known stands last."""

    first: date
    last: date
    accounts: tuple[str, ...]
    kind: str = ""
    words: tuple[str, ...] = ()
    by: str = DATE
    rising: bool = False


@dataclass(frozen=True, slots=True)
class ListedPost:
    """`published_at` and `gone_at` (missed for the first time) are UTC text."""

    account: str
    post: str
    kind: str
    published_at: str
    url: str
    text: str
    gone_at: str | None
    figure: Figure


def listed_posts(storage: Storage, wanted: PostFilter, page: int, figures: Figures) -> Leaf[ListedPost]:
    """One page of the posts that are wanted."""
    keys = _keys(storage, wanted)
    if wanted.by != DATE:
        known = figures.refreshed(storage)
        found = [(known.get(key, NOTHING).of(wanted.by), key) for key in keys]
        told = [(value, key) for value, key in found if value is not None]
        told.sort(key=lambda one: one[0], reverse=not wanted.rising)
        keys = [*(key for _value, key in told), *(key for value, key in found if value is None)]
    elif wanted.rising:
        keys.reverse()
    number = nearest(page, len(keys))
    shown = keys[(number - 1) * SIZE : number * SIZE]
    rows = [ListedPost(*[*key, *storage.connection.execute(SHOWN, key).fetchone(), figure_of(storage, *key)]) for key in shown]
    return Leaf(rows, number, len(keys))


def _keys(storage: Storage, wanted: PostFilter) -> list[tuple[str, str]]:
    """The newest first."""

    def found(text: str) -> bool:
        said = _folded(text)
        return all(word in said for word in wanted.words)

    if wanted.words:
        storage.connection.create_function("found", 1, found, deterministic=True)
    start, end = (to_text(Period.midnight(day, storage.zone)) for day in (wanted.first, wanted.last + timedelta(days=1)))
    asked = {"accounts": json.dumps(wanted.accounts), "start": start, "end": end, "kind": wanted.kind}
    rows = storage.connection.execute(KEYS.format(words="AND found(text)" if wanted.words else ""), asked)
    return [(account, post) for account, post in rows]


def posts_from_to(storage: Storage) -> tuple[date, date] | None:
    """The local days of the oldest and the newest post; None where there is none."""
    first, last = storage.connection.execute(SPAN).fetchone()
    return (date.fromisoformat(first), date.fromisoformat(last)) if first else None


def kinds_of_posts(storage: Storage) -> list[str]:
    return [kind for (kind,) in storage.connection.execute(KINDS)]
