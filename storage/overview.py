"""What is stored, account by account: the table that a collection ends with."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

ENGAGEMENTS = ("likes", "reactions", "comments", "shares", "quotes", "saves")

LATEST = """
SELECT value FROM readings r
WHERE r.account = a.account AND r.post IS NULL AND r.metric = ? AND r.day IS NULL ORDER BY at DESC, reading DESC LIMIT 1
"""
LIFETIME = """
SELECT sum(value) FROM readings r
WHERE r.account = a.account AND r.post IS NOT NULL AND r.day IS NULL AND r.metric IN ({})
AND NOT EXISTS (SELECT 1 FROM readings n WHERE n.account = r.account AND n.post = r.post AND n.metric = r.metric
                AND n.day IS NULL AND (n.at, n.reading) > (r.at, r.reading))
"""
PRESS = """
WITH ruled AS (SELECT article_key, status, max(ruling) FROM rulings GROUP BY article_key),
press AS (
    SELECT coalesce(r.status, a.status) AS status, story, outlet, found_via = 'agency' AS agency
    FROM articles a LEFT JOIN ruled r ON r.article_key = a.key
)
SELECT count(*) FILTER (WHERE NOT agency AND status = 'counted'), count(*) FILTER (WHERE NOT agency AND status = 'excluded'),
       count(*) FILTER (WHERE NOT agency AND status = 'review'),
       count(DISTINCT CASE WHEN NOT agency AND status = 'counted' THEN story END), count(DISTINCT CASE WHEN NOT agency THEN outlet END),
       count(*) FILTER (WHERE agency AND status = 'counted')
FROM press
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One account: None where nothing was measured. `views` and `engagements` are of its posts, as last read."""

    account: str
    label: str
    followers: int | None
    posts: int
    views: int | None
    engagements: int | None


@dataclass(frozen=True, slots=True)
class Press:
    """Appearances found in feeds and searches, by status, and the distinct stories among those that count.

    `agency`: appearances that a clipping agency's files count; they are never added to the others.
    """

    counted: int
    excluded: int
    review: int
    stories: int
    outlets: int
    agency: int


def lines(connection: sqlite3.Connection) -> list[Line]:
    """One line an account that is no feed, page or search, by platform and key."""
    engagements = LIFETIME.format(", ".join("?" * len(ENGAGEMENTS)))
    rows = connection.execute(
        f"SELECT a.account, a.label, ({LATEST}), (SELECT count(*) FROM posts p WHERE p.account = a.account), "
        f"({LIFETIME.format('?')}), ({engagements}) FROM accounts a "
        "WHERE a.platform NOT IN ('feed', 'gdelt', 'gnews', 'agency', 'page') ORDER BY a.platform, a.account",
        ("followers", "views", *ENGAGEMENTS),
    )
    return [Line(*row) for row in rows]


def press(connection: sqlite3.Connection) -> Press:
    """As it counts now: a person's newest ruling goes before the counting rule."""
    row = connection.execute(PRESS).fetchone()
    return Press(*row)
