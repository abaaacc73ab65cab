"""How the records of one answer are stored, each kind by its own rule. The caller holds the transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from model import FILES, UNREAD, Gap, Post, Profile, Records, Walk, to_text
from storage.articles import Settle, write_articles
from storage.contents import content_key
from storage.handed import write_handed
from storage.readings import write_readings

# What a post said before an answer that says otherwise: a statement of before has read that.
EDITED = """
INSERT OR IGNORE INTO edits (account, post, text, response)
SELECT account, post, text, ?1 FROM posts WHERE account = ?2 AND post = ?3 AND text != ?4 AND ?4 != ''
"""
KNOWN = "SELECT 1 FROM readings WHERE account = ? AND post IS ? AND metric = ? AND day = ? LIMIT 1"


def write_records(
    connection: sqlite3.Connection, zone: ZoneInfo, settle: Settle, walk: Walk, at: datetime, response: int, records: Records
) -> int:
    """Store what an answer of `walk` said at `at`; answers the number of new posts, readings and articles."""
    if records.profile:
        _write_profile(connection, walk.account, records.profile)
    if walk.stream == FILES:
        rows = _add_posts(connection, zone, walk, records.posts, at, response)
        rows += write_handed(connection, walk.account, records.readings, at, walk.started_at, response)
        return rows + write_articles(connection, zone, settle, walk.account, records.articles, at, response)
    rows = _write_posts(connection, zone, walk, records.posts, at, response)
    rows += write_readings(connection, walk.account, records.readings, at, response)
    rows += write_articles(connection, zone, settle, walk.account, records.articles, at, response)
    _write_gaps(connection, walk, records.gaps, at, response)
    return rows


def mark_gone(connection: sqlite3.Connection, walk: Walk) -> None:
    """What a complete walk did not see any more was deleted.

    Only between the oldest post that it saw and its start: a listing may end early (3,200 on X, 600 a year on Facebook).
    Nothing is said where a row was listed and could not be read: it may be the one that is missing.
    """
    if any(note.startswith(UNREAD) for note in walk.notes):
        return
    span = (walk.account, walk.stream, to_text(walk.since), to_text(walk.started_at))
    where = "account = ? AND stream = ? AND published_at >= ? AND published_at <= ?"
    oldest = connection.execute(
        f"SELECT min(published_at) FROM posts WHERE {where} AND last_seen_at >= ?", (*span, span[3])
    ).fetchone()[0]
    if oldest:
        connection.execute(
            f"UPDATE posts SET gone_at = ? WHERE {where} AND published_at >= ? AND last_seen_at < ? AND gone_at IS NULL",
            (span[3], *span, oldest, span[3]),
        )


def _write_profile(connection: sqlite3.Connection, account: str, profile: Profile) -> None:
    connection.execute(
        "UPDATE accounts SET remote_id = coalesce(nullif(?, ''), remote_id), label = coalesce(nullif(?, ''), label), url = coalesce(nullif(?, ''), url) WHERE account = ?",
        (profile.remote_id, profile.label, profile.url, account),
    )


def _write_posts(
    connection: sqlite3.Connection, zone: ZoneInfo, walk: Walk, posts: Sequence[Post], at: datetime, response: int
) -> int:
    """A post is stored once; seeing it again moves `last_seen_at`, and an empty text or address never replaces one."""
    if not posts:
        return 0
    seen, account = to_text(at), walk.account
    connection.executemany(EDITED, [(response, account, p.post, p.text) for p in posts])
    again = connection.executemany(
        "UPDATE posts SET text = coalesce(nullif(?, ''), text), url = coalesce(nullif(?, ''), url), gone_at = NULL, "
        "last_seen_at = max(last_seen_at, ?), first_seen_at = min(first_seen_at, ?) WHERE account = ? AND post = ?",
        [(p.text, p.url, seen, seen, account, p.post) for p in posts],
    ).rowcount
    return 0 if again == len(posts) else _add_posts(connection, zone, walk, posts, at, response)


def _add_posts(
    connection: sqlite3.Connection, zone: ZoneInfo, walk: Walk, posts: Sequence[Post], at: datetime, response: int
) -> int:
    """Those that are not stored yet. A file is no proof that a post is still there: what is stored stays as it is."""
    seen, account = to_text(at), walk.account
    return connection.executemany(
        "INSERT INTO posts (account, post, stream, kind, published_at, published_on, url, text, group_key, first_seen_at, last_seen_at, "
        "response) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (
                account, p.post, walk.stream, p.kind, to_text(p.published_at), _local(p.published_at, zone), p.url, p.text,
                content_key(p.text), seen, seen, response,
            )
            for p in posts
        ],
    ).rowcount  # fmt: skip


def _write_gaps(connection: sqlite3.Connection, walk: Walk, gaps: Sequence[Gap], at: datetime, response: int) -> None:
    """A gap that is still there lasts longer; one that had been filled opens again. A day's figure that was read once is
    known for good: a later answer without it makes no gap."""
    seen = to_text(at)
    for gap in gaps:
        series = (walk.account, gap.post, gap.metric, gap.day.isoformat() if gap.day else None, gap.reason)
        if gap.day and connection.execute(KNOWN, series[:4]).fetchone():
            continue
        lasted = connection.execute(
            "UPDATE gaps SET until = max(until, ?), filled_at = NULL "
            "WHERE account = ? AND post IS ? AND metric = ? AND day IS ? AND reason = ?",
            (seen, *series),
        ).rowcount
        if not lasted:
            connection.execute(
                "INSERT INTO gaps (account, post, metric, day, reason, stream, at, until, response) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*series, walk.stream, seen, seen, response),
            )


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).date().isoformat()
