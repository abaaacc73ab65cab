"""The store: typed records in, typed records out. All SQL of the project lives in this package."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from model import Account, Article, Exchange, Gap, Post, Records, Walk, from_text, to_text
from storage.database import StorageError, connect, migrate, transaction
from storage.readings import write_readings

__all__ = ["Storage", "StorageError", "opened"]

WALK = (
    "walk, account, stream, started_at, finished_at, since, outcome, error, notes, pages, rows, attempts, missed, trigger, "
    "cursor, memo, resume_at, due_at"
)


@contextmanager
def opened(path: Path, zone: ZoneInfo, *, read_only: bool = False) -> Iterator[Storage]:
    """The store at `path`, migrated, for the calling thread. Raises StorageError."""
    connection = connect(path, read_only=read_only)
    try:
        if not read_only:
            migrate(connection, path)
        yield Storage(connection, zone)
    finally:
        connection.close()


class Storage:
    """One connection's view of the database. `zone` is the institution's: local days are cut there."""

    def __init__(self, connection: sqlite3.Connection, zone: ZoneInfo) -> None:
        self.connection, self.zone = connection, zone

    # -- accounts and definitions

    def register(self, accounts: Iterable[Account]) -> None:
        """Make the settings' accounts known; what a platform told us of them before is kept."""
        with transaction(self.connection):
            self.connection.executemany(
                "INSERT INTO accounts (account, platform, handle, remote_id, label, url, since, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (account) DO UPDATE SET handle = excluded.handle, since = excluded.since, until = excluded.until, "
                "remote_id = coalesce(nullif(excluded.remote_id, ''), remote_id), label = coalesce(nullif(excluded.label, ''), label), "
                "url = coalesce(nullif(excluded.url, ''), url)",
                [(a.account, a.platform, a.handle, a.remote_id, a.label, a.url, _iso(a.since), _iso(a.until)) for a in accounts],
            )

    def define(self, definitions: Sequence[tuple[Any, ...]], breaks: Sequence[tuple[Any, ...]]) -> None:
        """Store what each metric means and since when: (platform, ours, name, stream, since, until, meaning) and
        (platform, ours, on, what)."""
        with transaction(self.connection):
            self.connection.execute("DELETE FROM definitions")
            self.connection.execute("DELETE FROM breaks")
            self.connection.executemany("INSERT OR REPLACE INTO definitions VALUES (?, ?, ?, ?, ?, ?, ?)", definitions)
            self.connection.executemany("INSERT OR REPLACE INTO breaks VALUES (?, ?, ?, ?)", breaks)

    def accounts(self) -> list[Account]:
        rows = self.connection.execute(
            "SELECT account, platform, handle, remote_id, label, url, since, until FROM accounts ORDER BY platform, account"
        )
        return [
            Account(account, platform, handle, remote_id, label, url, _date(since), _date(until))
            for account, platform, handle, remote_id, label, url, since, until in rows
        ]

    # -- walks

    def begin(
        self, account: str, stream: str, *, since: datetime, now: datetime, trigger: str, memo: Mapping[str, Any], missed: int
    ) -> Walk:
        """A new walk, on disk. There is at most one unfinished walk a stream; raises StorageError when there is one."""
        with transaction(self.connection):
            if self.unfinished(account, stream):
                raise StorageError(f"{account} {stream}: another walk is under way")
            cursor = self.connection.execute(
                "INSERT INTO walks (account, stream, started_at, since, depth, trigger, memo, missed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (account, stream, to_text(now), to_text(since), int((now - since).total_seconds()), trigger, _dump(memo), missed),
            )
        return Walk(cursor.lastrowid or 0, account, stream, now, since, trigger, memo=memo, missed=missed)

    def unfinished(self, account: str, stream: str) -> Walk | None:
        """The walk of a stream that is still to be completed."""
        return self._walk("account = ? AND stream = ? AND finished_at IS NULL", account, stream)

    def last_finished(self, account: str, stream: str) -> Walk | None:
        return self._walk(
            "account = ? AND stream = ? AND finished_at IS NOT NULL ORDER BY started_at DESC, walk DESC", account, stream
        )

    def last_start(self, account: str, stream: str, depth: timedelta, horizon: datetime) -> datetime | None:
        """When the newest completed walk started that looked back at least `depth`, or to the horizon."""
        row = self.connection.execute(
            "SELECT max(started_at) FROM walks WHERE account = ? AND stream = ? AND outcome IN ('done', 'partial') "
            "AND finished_at IS NOT NULL AND (depth >= ? OR since <= ?)",
            (account, stream, int(depth.total_seconds()), to_text(horizon)),
        ).fetchone()
        return from_text(row[0]) if row[0] else None

    def resting(self, platform: str, now: datetime) -> datetime | None:
        """Until when a platform asked all its accounts to wait."""
        row = self.connection.execute(
            "SELECT max(resume_at) FROM walks JOIN accounts USING (account) WHERE platform = ? AND finished_at IS NULL "
            "AND outcome IN ('rate limited', 'over budget') AND resume_at > ?",
            (platform, to_text(now)),
        ).fetchone()
        return from_text(row[0]) if row[0] else None

    def widen(self, walk: Walk, since: datetime) -> Walk:
        """Let an unfinished walk look further back; it starts again from the top."""
        with transaction(self.connection):
            self.connection.execute(
                "UPDATE walks SET since = ?, depth = ?, cursor = NULL WHERE walk = ?",
                (to_text(since), int((walk.started_at - since).total_seconds()), walk.walk),
            )
        return replace(walk, since=since, cursor=None)

    def attempt(self, walk: Walk) -> None:
        """Note that a walk is being gone on with."""
        with transaction(self.connection):
            self._store_walk(walk, walk.pages)

    def _walk(self, where: str, *values: object) -> Walk | None:
        row = self.connection.execute(f"SELECT {WALK} FROM walks WHERE {where} LIMIT 1", values).fetchone()
        return _to_walk(row) if row else None

    def _store_walk(self, walk: Walk, pages_before: int) -> None:
        """Compare and set: a walk that went on elsewhere in the meantime is not overwritten."""
        changed = self.connection.execute(
            "UPDATE walks SET finished_at = ?, outcome = ?, error = ?, notes = ?, pages = ?, rows = ?, attempts = ?, cursor = ?, "
            "memo = ?, resume_at = ?, due_at = ? WHERE walk = ? AND pages = ? AND finished_at IS NULL",
            (
                _text(walk.finished_at), walk.outcome, walk.error, _dump(walk.notes), walk.pages, walk.rows, walk.attempts, walk.cursor,
                _dump(walk.memo), _text(walk.resume_at), _text(walk.due_at), walk.walk, pages_before,
            ),
        ).rowcount  # fmt: skip
        if changed != 1:
            raise StorageError(f"{walk.account} {walk.stream}: walk {walk.walk} went on in another process; this one gives way")

    # -- pages

    def save(self, before: Walk, after: Walk, harvest: Sequence[tuple[Exchange, Records]], *, lasting: bool = False) -> Walk:
        """One page and the progress it means, in one transaction; answers the walk with its rows counted.

        `lasting`: when this page completes the walk, posts of its span that it did not see are marked as gone.
        """
        with transaction(self.connection):
            rows = 0
            for exchange, records in harvest:
                response = self._archive(after.walk, exchange)
                rows += self._records(after.account, after.stream, exchange.at, response, records)
            after = replace(after, rows=after.rows + rows)
            self._store_walk(after, before.pages)
            if lasting and after.finished_at:
                self._mark_gone(after)
        return after

    def _archive(self, walk: int, exchange: Exchange) -> int:
        body = zlib.compress(exchange.body) if exchange.body else None
        cursor = self.connection.execute(
            "INSERT INTO responses (walk, at, method, url, status, bytes, sha256, body, ms, bucket, cost) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                walk, to_text(exchange.at), exchange.method, exchange.url, exchange.status, exchange.size, exchange.sha256, body,
                exchange.ms, exchange.bucket, exchange.cost,
            ),
        )  # fmt: skip
        return cursor.lastrowid or 0

    def _records(self, account: str, stream: str, at: datetime, response: int, records: Records) -> int:
        if records.profile:
            p = records.profile
            self.connection.execute(
                "UPDATE accounts SET remote_id = ?, label = coalesce(nullif(?, ''), label), url = coalesce(nullif(?, ''), url) WHERE account = ?",
                (p.remote_id, p.label, p.url, account),
            )
        rows = self._write_posts(account, stream, records.posts, at, response)
        rows += write_readings(self.connection, account, records.readings, at, response)
        rows += self._write_articles(account, records.articles, at, response)
        self._write_gaps(account, stream, records.gaps, at, response)
        return rows

    def _write_posts(self, account: str, stream: str, posts: Sequence[Post], at: datetime, response: int) -> int:
        if not posts:
            return 0
        seen = to_text(at)
        rows = [
            (
                account,
                p.post,
                stream,
                p.kind,
                to_text(p.published_at),
                self._local(p.published_at),
                p.url,
                p.text,
                seen,
                seen,
                response,
            )
            for p in posts
        ]
        new = self.connection.executemany(
            "INSERT INTO posts (account, post, stream, kind, published_at, published_on, url, text, first_seen_at, last_seen_at, response) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            rows,
        ).rowcount
        if new < len(rows):
            self.connection.executemany(
                "UPDATE posts SET text = coalesce(nullif(?, ''), text), url = coalesce(nullif(?, ''), url), gone_at = NULL, "
                "last_seen_at = max(last_seen_at, ?), first_seen_at = min(first_seen_at, ?) WHERE account = ? AND post = ?",
                [(p.text, p.url, seen, seen, account, p.post) for p in posts],
            )
        return new

    def _write_articles(self, account: str, articles: Sequence[Article], at: datetime, response: int) -> int:
        seen = to_text(at)
        new = 0
        for a in articles:
            shown = a.published_at or at
            new += self.connection.execute(
                "INSERT INTO articles (key, outlet, url, canonical_url, title, summary, published_at, published_on, published_raw, "
                "first_seen_at, last_seen_at, found_via, matched, match_in, agency, story, status, reason, rule, account, response) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                (
                    a.key, a.outlet, a.url, a.key, a.title, a.summary, _text(a.published_at), self._local(shown), a.published_raw,
                    seen, seen, a.found_via, a.matched, a.match_in, a.agency, a.story or a.key, a.status, a.reason, a.rule, account, response,
                ),
            ).rowcount  # fmt: skip
            self.connection.execute(
                "UPDATE articles SET last_seen_at = max(last_seen_at, ?), published_at = coalesce(published_at, ?), "
                "published_on = CASE WHEN published_at IS NULL AND ? IS NOT NULL THEN ? ELSE published_on END WHERE key = ?",
                (seen, _text(a.published_at), _text(a.published_at), self._local(shown), a.key),
            )
            if a.status != "review":
                self.connection.execute(
                    "UPDATE articles SET status = ?, reason = ?, matched = ?, match_in = ?, rule = ? WHERE key = ? AND status = 'review'",
                    (a.status, a.reason, a.matched, a.match_in, a.rule, a.key),
                )
        return new

    def _write_gaps(self, account: str, stream: str, gaps: Sequence[Gap], at: datetime, response: int) -> None:
        for gap in gaps:
            series = (account, gap.post, gap.metric, _iso(gap.day), gap.reason)
            if not self.connection.execute(
                "UPDATE gaps SET until = max(until, ?) WHERE account = ? AND post IS ? AND metric = ? AND day IS ? AND reason = ?",
                (to_text(at), *series),
            ).rowcount:
                self.connection.execute(
                    "INSERT INTO gaps (account, post, metric, day, reason, stream, at, until, response) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (*series, stream, to_text(at), to_text(at), response),
                )

    def _mark_gone(self, walk: Walk) -> None:
        """Only between the oldest post that the walk saw and its start: a listing may end early (3,200 on X, 600 a year on Facebook)."""
        span = (walk.account, walk.stream, to_text(walk.since), to_text(walk.started_at))
        where = "account = ? AND stream = ? AND published_at >= ? AND published_at <= ?"
        oldest = self.connection.execute(
            f"SELECT min(published_at) FROM posts WHERE {where} AND last_seen_at >= ?", (*span, span[3])
        ).fetchone()[0]
        if oldest:
            self.connection.execute(
                f"UPDATE posts SET gone_at = ? WHERE {where} AND published_at >= ? AND last_seen_at < ? AND gone_at IS NULL",
                (span[3], *span, oldest, span[3]),
            )

    # -- reading back

    def articles_near(self, day: date) -> list[Article]:
        """The appearances of a local day and its two neighbours, in the order in which they were found."""
        names = (
            "key", "outlet", "url", "title", "published_at", "found_via", "matched", "match_in", "status", "reason", "published_raw",
            "agency", "summary", "story", "rule",
        )  # fmt: skip
        rows = self.connection.execute(
            f"SELECT {', '.join(names)} FROM articles WHERE published_on BETWEEN ? AND ? ORDER BY article",
            ((day - timedelta(days=1)).isoformat(), (day + timedelta(days=1)).isoformat()),
        )
        found: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in rows]
        return [Article(**{**row, "published_at": _instant(row["published_at"])}) for row in found]

    def spent(self, bucket: str, since: datetime) -> tuple[int, int]:
        """(requests, cost) in the ledger of a bucket since an instant."""
        row = self.connection.execute(
            "SELECT count(*), coalesce(sum(cost), 0) FROM responses WHERE bucket = ? AND at >= ?", (bucket, to_text(since))
        ).fetchone()
        return row[0], row[1]

    def derive(self, response: int, walk: Walk, at: datetime, records: Records, *, last: bool, lasting: bool) -> None:
        """Write the records of an answer that is in the archive already, as `save` did; `last`: the walk ends with it."""
        with transaction(self.connection):
            self._records(walk.account, walk.stream, at, response, records)
            if last and lasting and walk.finished_at:
                self._mark_gone(walk)

    def archived(self) -> Iterator[tuple[int, Walk, Exchange, bool]]:
        """Every archived answer in the order in which it was stored, with its walk, and whether it is that walk's last."""
        walks: dict[int, tuple[Walk, int]] = {}
        for response, walk, at, method, url, status, size, body, ms, bucket, cost in self.connection.execute(
            "SELECT response, walk, at, method, url, status, bytes, body, ms, bucket, cost FROM responses ORDER BY response"
        ):
            if walk not in walks:
                found = self._walk("walk = ?", walk)
                if found is None:
                    raise StorageError(f"response {response} names walk {walk}, which is not there: restore a backup")
                last = self.connection.execute("SELECT max(response) FROM responses WHERE walk = ?", (walk,)).fetchone()[0]
                walks[walk] = found, last
            exchange = Exchange(from_text(at), method, url, status, _unpack(body), size, ms, cost, bucket)
            yield response, walks[walk][0], exchange, response == walks[walk][1]

    def _local(self, at: datetime) -> str:
        return at.astimezone(self.zone).date().isoformat()


def _to_walk(row: tuple[Any, ...]) -> Walk:
    (walk, account, stream, started, finished, since, outcome, error, notes, pages, rows, attempts, missed, trigger, cursor, memo,
     resume, due) = row  # fmt: skip
    return Walk(
        walk, account, stream, from_text(started), from_text(since), trigger, cursor, json.loads(memo), pages, rows, attempts, missed,
        outcome, error, tuple(json.loads(notes)), _instant(resume), _instant(finished), _instant(due),
    )  # fmt: skip


def _unpack(body: bytes | None) -> bytes:
    return zlib.decompress(body) if body else b""


def _dump(value: Any) -> str:
    return json.dumps(value if not isinstance(value, Mapping) else dict(value), ensure_ascii=False, separators=(",", ":"))


def _text(at: datetime | None) -> str | None:
    return None if at is None else to_text(at)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else from_text(text).astimezone(UTC)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
