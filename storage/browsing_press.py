"""Who wrote how much and when, and the stories that several outlets wrote: as the press counts now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from storage import Storage
from storage.browsing import SIZE, Leaf, nearest
from storage.browsing_news import BROWSED, MOVED, RULED, NewsFilter

BY_OUTLET = "SELECT outlet, substr(published_on, 1, 7), {0}, count(*) {1} GROUP BY 1, 2, 3"
STORIES = """
SELECT story, count(*), count(DISTINCT outlet), min(published_on), max(published_on), min(article) {0}
GROUP BY story HAVING count(*) > 1 ORDER BY 2 DESC, 4 DESC, story
"""
DISTINCT = "SELECT count(DISTINCT story) {0}"
TITLE = "SELECT title, outlet FROM articles WHERE article = ?"


def outlets_by_month(storage: Storage, wanted: NewsFilter) -> dict[tuple[str, str, str], int]:
    """How many articles by (outlet, month, status); months as `2026-03`."""
    where, values = wanted.where(status=False), wanted.values()
    found: Counter[tuple[str, str, str]] = Counter()
    for outlet, month, status, number in storage.connection.execute(BY_OUTLET.format("status", where), values):
        found[outlet, month, status] += number
    moved = f"{RULED} {BY_OUTLET.format('was || char(0) || now', where.replace(BROWSED, MOVED))}"
    for outlet, month, change, number in storage.connection.execute(moved, values):
        was, _nul, now = change.partition("\0")
        found[outlet, month, was] -= number
        found[outlet, month, now] += number
    return {key: number for key, number in sorted(found.items()) if number}


@dataclass(frozen=True, slots=True)
class Story:
    """Appearances of one text; `article` is the one that was found first, `title` and `outlet` are its."""

    story: str
    appearances: int
    outlets: int
    first: str
    last: str
    article: int
    title: str
    outlet: str


def stories(storage: Storage, wanted: NewsFilter, page: int) -> Leaf[Story]:
    """Stories that appeared more than once among the articles that are wanted, those that appeared most first."""
    rows = storage.connection.execute(f"{RULED} {STORIES.format(wanted.where())}", wanted.values()).fetchall()
    number = nearest(page, len(rows))
    shown = rows[(number - 1) * SIZE : number * SIZE]
    titles = [storage.connection.execute(TITLE, (row[5],)).fetchone() for row in shown]
    return Leaf([Story(*row, *title) for row, title in zip(shown, titles, strict=True)], number, len(rows))


def distinct_stories(storage: Storage, wanted: NewsFilter) -> int:
    """Of the articles that are wanted."""
    return int(storage.connection.execute(f"{RULED} {DISTINCT.format(wanted.where())}", wanted.values()).fetchone()[0])
