"""How an appearance in the press is stored: once, under its first title, in the story that it is a copy of."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from model import Article, from_text, to_text

Settle: TypeAlias = Callable[[Article, Sequence[Article]], Article]
DAY = timedelta(days=1)
FIRST_SEEN = "seendate"  # how GDELT's dates are marked: when it met the page, not when that was published
NAMES = tuple(field.name for field in fields(Article))
DATED = NAMES.index("published_at")
INSERT = """
INSERT INTO articles (key, outlet, url, canonical_url, title, summary, published_at, published_on, found_on, published_raw,
    first_seen_at, last_seen_at, found_via, matched, match_in, agency, story, status, reason, rule, account, response)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def alone(article: Article, neighbours: Sequence[Article]) -> Article:
    """Every appearance is a story of its own: for a store that is given nothing better."""
    return replace(article, story=article.key)


def write_articles(
    connection: sqlite3.Connection,
    zone: ZoneInfo,
    settle: Settle,
    account: str,
    articles: Sequence[Article],
    at: datetime,
    response: int,
) -> int:
    """Store the appearances that an answer of `at` told of; answers how many are new. The caller holds the transaction.

    `settle(article, neighbours)` gives a new one its story, and the key of an appearance that was found another way; the
    neighbours are those of the same local day and the days beside it. A later find may date an article that had no date of
    its own, or decide one that waited for review.
    """
    seen = to_text(at)
    new = 0
    near: dict[date, list[Article]] = {}
    for article in articles:
        day = (article.published_at or at).astimezone(zone).date()
        a = article
        if not _is_known(connection, article, seen):
            if day not in near:
                near[day] = _near(connection, day)
            a = settle(article, near[day])
        dated = to_text(a.published_at) if a.published_at else None
        if _is_known(connection, a, seen):
            _told_more(connection, a, dated, day, response)
            near.clear()  # it may stand on another day now
            continue
        new += 1
        connection.execute(
            INSERT,
            (
                a.key, a.outlet, a.url, a.key, a.title, a.summary, dated, day.isoformat(), day.isoformat(), a.published_raw, seen, seen,
                a.found_via, a.matched, a.match_in, a.agency, a.story, a.status, a.reason, a.rule, account, response,
            ),
        )  # fmt: skip
        for other, neighbours in near.items():
            if abs(other - day) <= DAY:
                neighbours.append(a)
    return new


def _is_known(connection: sqlite3.Connection, article: Article, seen: str) -> bool:
    again = connection.execute("UPDATE articles SET last_seen_at = max(last_seen_at, ?) WHERE key = ?", (seen, article.key))
    return again.rowcount == 1


def _told_more(connection: sqlite3.Connection, a: Article, dated: str | None, day: date, response: int) -> None:
    """Which answer moved the day or decided is kept, so that a snapshot sees the article as it was known then."""
    if dated:
        connection.execute(
            "UPDATE articles SET published_at = ?, published_on = ?, published_raw = ?, dated_by = ? WHERE key = ? "
            f"AND (published_at IS NULL OR published_raw LIKE '{FIRST_SEEN}%') AND ? NOT LIKE '{FIRST_SEEN}%'",
            (dated, day.isoformat(), a.published_raw, response, a.key, a.published_raw),
        )
    if a.status != "review":
        connection.execute(
            "UPDATE articles SET status = ?, reason = ?, matched = ?, match_in = ?, rule = ?, decided_by = ? "
            "WHERE key = ? AND status = 'review'",
            (a.status, a.reason, a.matched, a.match_in, a.rule, response, a.key),
        )


def _near(connection: sqlite3.Connection, day: date) -> list[Article]:
    """The appearances of a local day and its two neighbours, in the order in which they were found."""
    rows = connection.execute(
        f"SELECT {', '.join(NAMES)} FROM articles WHERE published_on BETWEEN ? AND ? ORDER BY article",
        ((day - DAY).isoformat(), (day + DAY).isoformat()),
    )
    found = []
    for row in rows:
        told: list[Any] = list(row)
        told[DATED] = from_text(told[DATED]) if told[DATED] else None
        found.append(Article(*told))
    return found
