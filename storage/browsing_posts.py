"""Posts as a page lists and searches them, with what their counters stand at now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from model import Period, to_text
from storage import Storage
from storage.browsing import SIZE, Leaf, nearest
from storage.folding import folded
from storage.post_figures import NOTHING, Figure, Figures, figure_of

DATE, VIEWS, ENGAGED = "date", "views", "engagements"
EVERY = "SELECT account, post, kind, published_at, text FROM posts ORDER BY published_at DESC, account, post"
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


Key = tuple[str, str]  # account, post


class Searched(NamedTuple):
    """What is asked of each post; `said` is its text, folded."""

    key: Key
    kind: str
    published_at: str
    said: str


def every_post(storage: Storage) -> list[Searched]:
    """The newest first. Of five years it takes as long as five pages: whoever asks often may keep it for a while."""
    rows = storage.connection.execute(EVERY)
    return [Searched((account, post), kind, at, _folded(text)) for account, post, kind, at, text in rows]


def wanted_posts(storage: Storage, wanted: PostFilter, every: Sequence[Searched], figures: Figures) -> list[Key]:
    """Those of `every` that are wanted, in the order that is wanted."""
    start, end = (to_text(Period.midnight(day, storage.zone)) for day in (wanted.first, wanted.last + timedelta(days=1)))
    accounts, kind, words = frozenset(wanted.accounts), wanted.kind, wanted.words
    keys = [
        key
        for key, of, at, said in every
        if start <= at < end and key[0] in accounts and (not kind or kind == of) and all(word in said for word in words)
    ]
    if wanted.by == DATE:
        return keys[::-1] if wanted.rising else keys
    known = figures.refreshed(storage)
    found = [(known.get(key, NOTHING).of(wanted.by), key) for key in keys]
    told = [(value, key) for value, key in found if value is not None]
    told.sort(key=lambda one: one[0], reverse=not wanted.rising)
    return [*(key for _value, key in told), *(key for value, key in found if value is None)]


def shown_posts(storage: Storage, keys: Sequence[Key], page: int) -> Leaf[ListedPost]:
    """One page of them, as they are now."""
    number = nearest(page, len(keys))
    rows = []
    for account, post in keys[(number - 1) * SIZE : number * SIZE]:
        if row := storage.connection.execute(SHOWN, (account, post)).fetchone():
            kind, at, url, text, gone = row
            rows.append(ListedPost(account, post, kind, at, url, text, gone, figure_of(storage, account, post)))
    return Leaf(rows, number, len(keys))


def posts_from_to(storage: Storage) -> tuple[date, date] | None:
    """The local days of the oldest and the newest post; None where there is none."""
    first, last = storage.connection.execute(SPAN).fetchone()
    return (date.fromisoformat(first), date.fromisoformat(last)) if first else None


def kinds_of_posts(storage: Storage) -> list[str]:
    return [kind for (kind,) in storage.connection.execute(KINDS)]
