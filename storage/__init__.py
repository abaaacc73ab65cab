"""The store: typed records in, typed records out. All SQL of the project lives in this package."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from model import FILES, GLANCE, Account, Exchange, Page, Records, Walk, from_json, from_text, to_text
from storage import acts
from storage.articles import Settle, alone
from storage.closing import moved_after_seals
from storage.damage import mark
from storage.database import Damaged, StorageError, connect, make, migrate, pending, transaction
from storage.records import mark_gone, write_records
from storage.trouble import explained
from words import _

__all__ = ["Damaged", "Handed", "Overtaken", "Storage", "StorageError", "opened"]

LAST = datetime.max.replace(tzinfo=UTC)
PACKING = 4  # of zlib: half the time of its default for 6 % more bytes
WALK = (
    "walk, account, stream, started_at, finished_at, since, outcome, error, notes, pages, rows, attempts, missed, trigger, "
    "cursor, memo, resume_at, due_at"
)


class Overtaken(StorageError):
    """Another process is at work on the same stream: this one gives way."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What one file says of one account: the exchanges that it is archived as, with the records in them."""

    account: Account
    harvest: Sequence[tuple[Exchange, Records]]
    notes: tuple[str, ...] = ()


@contextmanager
def opened(path: Path, zone: ZoneInfo, *, settle: Settle = alone, read_only: bool = False) -> Iterator[Storage]:
    """The store at `path`, migrated, for the calling thread. Raises StorageError; `Damaged` for a file that is to be left as it is."""
    if not read_only and not path.exists():
        make(path)
    connection = connect(path, read_only=read_only)
    try:
        if not read_only:
            acts.opening(path)
            migrate(connection, path)
        elif pending(connection, path):
            raise StorageError(_("{path} is not up to date: run `mecra collect` or `mecra run` once").format(path=path))
        yield Storage(connection, zone, settle)
    except sqlite3.DatabaseError as error:
        found = explained(error, path)
        if isinstance(found, Damaged):
            mark(path, found.why)
        raise found from error
    finally:
        connection.close()


class Storage:
    """One connection's view of the database. `zone` is the institution's: local days are cut there.

    `settle` tells which story a new article belongs to; it is asked inside the transaction that stores the article, so
    that two lanes at once agree, and the archive read in order gives the same stories again.
    """

    def __init__(self, connection: sqlite3.Connection, zone: ZoneInfo, settle: Settle = alone) -> None:
        self.connection, self.zone, self._settle = connection, zone, settle

    # -- accounts and definitions

    def register(self, accounts: Iterable[Account]) -> None:
        """Make the settings' accounts known; what a platform told us of them before is kept."""
        with transaction(self.connection, by_itself=True):
            self.connection.executemany(
                "INSERT INTO accounts (account, platform, handle, remote_id, label, url, since, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (account) DO UPDATE SET handle = excluded.handle, since = excluded.since, until = excluded.until, "
                "remote_id = coalesce(nullif(excluded.remote_id, ''), remote_id), label = coalesce(nullif(excluded.label, ''), label), "
                "url = coalesce(nullif(excluded.url, ''), url)",
                [(a.account, a.platform, a.handle, a.remote_id, a.label, a.url, _iso(a.since), _iso(a.until)) for a in accounts],
            )

    def define(self, definitions: Sequence[tuple[Any, ...]], breaks: Sequence[tuple[Any, ...]]) -> None:
        """Store what each metric means and since when: (platform, ours, name, stream, since, until, meaning) and
        (platform, ours, on, what). What a platform without accounts meant stays: statements of then rest on it."""
        with transaction(self.connection, by_itself=True):
            for platform in {row[0] for row in (*definitions, *breaks)}:
                self.connection.execute("DELETE FROM definitions WHERE platform = ?", (platform,))
                self.connection.execute("DELETE FROM breaks WHERE platform = ?", (platform,))
            self.connection.executemany("INSERT OR REPLACE INTO definitions VALUES (?, ?, ?, ?, ?, ?, ?)", definitions)
            self.connection.executemany("INSERT OR REPLACE INTO breaks VALUES (?, ?, ?, ?)", breaks)

    def accounts(self, *, known: str | None = None) -> list[Account]:
        """Every account; with `known` (UTC text) without those that a file brought later."""
        rows = self.connection.execute(
            "SELECT account, platform, handle, remote_id, label, url, since, until FROM accounts "
            "WHERE ?1 IS NULL OR added_at IS NULL OR added_at <= ?1 ORDER BY platform, account",
            (known,),
        )
        return [
            Account(account, platform, handle, remote_id, label, url, _date(since), _date(until))
            for account, platform, handle, remote_id, label, url, since, until in rows
        ]

    # -- walks

    def begin(
        self, account: str, stream: str, *, since: datetime, now: datetime, trigger: str, memo: Mapping[str, Any], missed: int
    ) -> Walk:
        """A new walk, on disk. There is at most one unfinished walk a stream; raises Overtaken when there is one."""
        with transaction(self.connection):
            if self.unfinished(account, stream):
                raise Overtaken(_("{account} {stream}: another walk is under way").format(account=account, stream=stream))
            return self._begun(Walk(0, account, stream, now, since, trigger, memo=memo, missed=missed, attempts=1))

    def _begun(self, walk: Walk) -> Walk:
        cursor = self.connection.execute(
            "INSERT INTO walks (account, stream, started_at, since, depth, trigger, memo, missed, attempts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                walk.account, walk.stream, to_text(walk.started_at), to_text(walk.since),
                int((walk.started_at - walk.since).total_seconds()), walk.trigger, _dump(walk.memo), walk.missed, walk.attempts,
            ),
        )  # fmt: skip
        return replace(walk, walk=cursor.lastrowid or 0)

    def unfinished(self, account: str, stream: str) -> Walk | None:
        """The walk of a stream that is still to be completed."""
        return self._walk("account = ? AND stream = ? AND finished_at IS NULL", account, stream)

    def last_finished(self, account: str, stream: str, now: datetime = LAST) -> Walk | None:
        """The newest walk of a stream that is over; of those that began after `now` the clock was wrong."""
        where = "account = ? AND stream = ? AND finished_at IS NOT NULL AND started_at <= ? ORDER BY started_at DESC, walk DESC"
        return self._walk(where, account, stream, to_text(now))

    def last_start(self, account: str, stream: str, depth: timedelta, horizon: datetime, now: datetime = LAST) -> datetime | None:
        """When the newest completed walk started that looked back at least `depth`, or to the horizon; not after `now`."""
        row = self.connection.execute(
            "SELECT max(started_at) FROM walks WHERE account = ? AND stream = ? AND outcome IN ('done', 'partial') AND trigger != ? "
            "AND finished_at IS NOT NULL AND (depth >= ? OR since <= ?) AND started_at <= ?",
            (account, stream, GLANCE, int(depth.total_seconds()), to_text(horizon), to_text(now)),
        ).fetchone()
        return from_text(row[0]) if row[0] else None

    def resting(self, platform: str, now: datetime, *, only: str | None = None) -> datetime | None:
        """Until when a platform asked all its accounts to wait, or `only` one of them."""
        row = self.connection.execute(
            "SELECT max(resume_at) FROM walks JOIN accounts USING (account) WHERE platform = ? AND account = coalesce(?, account) "
            "AND finished_at IS NULL AND outcome = 'rate limited' AND resume_at > ?",
            (platform, only, to_text(now)),
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

    def begin_again(self, walk: Walk, now: datetime) -> Walk:
        """An unfinished walk that began in the future, by a clock that was wrong, begins now; it starts again from the top."""
        since = min(walk.since, now)
        with transaction(self.connection):
            self.connection.execute(
                "UPDATE walks SET started_at = ?, since = ?, depth = ?, cursor = NULL, resume_at = NULL WHERE walk = ?",
                (to_text(now), to_text(since), int((now - since).total_seconds()), walk.walk),
            )
        return replace(walk, started_at=now, since=since, cursor=None, resume_at=None)

    def try_budgets_again(self) -> None:
        """Walks that our own limits stopped are due: the limits may have been raised."""
        with transaction(self.connection, by_itself=True):
            self.connection.execute("UPDATE walks SET resume_at = NULL WHERE finished_at IS NULL AND outcome = 'over budget'")

    def attempt(self, walk: Walk) -> Walk:
        """The walk with one more attempt, on disk before it is made."""
        again = replace(walk, attempts=walk.attempts + 1)
        with transaction(self.connection):
            self._store_walk(again, walk.pages)
        return again

    def _walk(self, where: str, *values: object) -> Walk | None:
        row = self.connection.execute(f"SELECT {WALK} FROM walks WHERE {where} LIMIT 1", values).fetchone()
        return _to_walk(row) if row else None

    def _store_walk(self, walk: Walk, pages_before: int) -> None:
        """Compare and set: a walk that went on elsewhere in the meantime is not overwritten."""
        changed = self.connection.execute(
            "UPDATE walks SET finished_at = ?, outcome = ?, error = ?, notes = ?, pages = ?, rows = ?, attempts = ?, cursor = ?, "
            "memo = ?, resume_at = ?, due_at = ? WHERE walk = ? AND pages = ? AND since = ? AND finished_at IS NULL",
            (
                _text(walk.finished_at), walk.outcome, walk.error, _dump(walk.notes), walk.pages, walk.rows, walk.attempts, walk.cursor,
                _dump(walk.memo), _text(walk.resume_at), _text(walk.due_at), walk.walk, pages_before, to_text(walk.since),
            ),
        ).rowcount  # fmt: skip
        if changed != 1:
            raise Overtaken(
                _("{account} {stream}: walk {walk} went on in another process; this one gives way").format(
                    account=walk.account, stream=walk.stream, walk=walk.walk
                )
            )

    # -- pages

    def save(self, before: Walk, after: Walk, harvest: Sequence[tuple[Exchange, Records]], *, lasting: bool = False) -> Walk:
        """One page and the progress it means, in one transaction; answers the walk with its rows counted.

        `lasting`: when this page completes the walk, posts of its span that it did not see are marked as gone.
        """
        with transaction(self.connection):
            return self._saved(before, after, harvest, lasting)

    def _saved(self, before: Walk, after: Walk, harvest: Sequence[tuple[Exchange, Records]], lasting: bool) -> Walk:
        rows = 0
        for exchange, records in harvest:
            response = self._archive(after.walk, exchange)
            rows += write_records(self.connection, self.zone, self._settle, after, exchange.at, response, records)
        after = replace(after, rows=after.rows + rows)
        if after.finished_at:
            after = replace(after, finished_at=moved_after_seals(self.connection, after.finished_at))
        self._store_walk(after, before.pages)
        if after.finished_at:
            self._forget_memos(after)
        if lasting and after.finished_at:
            mark_gone(self.connection, after)
        return after

    def take_in(self, files: Sequence[Handed], now: datetime) -> list[Walk]:
        """What a file says of one account or of several, whole or not at all: a finished walk each, in one transaction.

        An account that nobody knew yet is known from now on. The walks look back no further than `now`: they cover nothing.
        """
        with transaction(self.connection):
            now = moved_after_seals(self.connection, now)
            walks = []
            for handed in files:
                self._add(handed.account, now)
                walk = self._begun(Walk(0, handed.account.account, FILES, now, now, "manual", attempts=1))
                walks.append(self._saved(walk, walk.after(Page(notes=handed.notes), now), handed.harvest, lasting=False))
        return walks

    def _add(self, account: Account, now: datetime) -> None:
        self.connection.execute(
            "INSERT INTO accounts (account, platform, handle, label, url, added_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account) "
            "DO UPDATE SET label = coalesce(nullif(excluded.label, ''), label), url = coalesce(nullif(excluded.url, ''), url)",
            (account.account, account.platform, account.handle, account.label, account.url, to_text(now)),
        )

    def _forget_memos(self, walk: Walk) -> None:
        """Only the newest finished walk's memo is ever handed back; a feed's is a kilobyte, twice an hour."""
        self.connection.execute(
            "UPDATE walks SET memo = '{}' WHERE account = ? AND stream = ? AND walk < ? AND finished_at IS NOT NULL AND memo != '{}'",
            (walk.account, walk.stream, walk.walk),
        )

    def _archive(self, walk: int, exchange: Exchange) -> int:
        body = zlib.compress(exchange.body, PACKING) if exchange.body else None
        cursor = self.connection.execute(
            "INSERT INTO responses (walk, at, method, url, status, bytes, sha256, body, ms, bucket, cost) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                walk, to_text(exchange.at), exchange.method, exchange.url, exchange.status, exchange.size, exchange.sha256, body,
                exchange.ms, exchange.bucket, exchange.cost,
            ),
        )  # fmt: skip
        return cursor.lastrowid or 0

    # -- reading back

    def spent(self, bucket: str, since: datetime) -> tuple[int, int]:
        """(requests, cost) in the ledger of a bucket since an instant."""
        row = self.connection.execute(
            "SELECT count(*), coalesce(sum(cost), 0) FROM responses WHERE bucket = ? AND at >= ?", (bucket, to_text(since))
        ).fetchone()
        return row[0], row[1]

    def derive(self, response: int, walk: Walk, at: datetime, records: Records, *, last: bool, lasting: bool) -> None:
        """Write the records of an answer that is in the archive already, as `save` did; `last`: the walk ends with it."""
        with transaction(self.connection):
            write_records(self.connection, self.zone, self._settle, walk, at, response, records)
            if last and lasting and walk.finished_at:
                mark_gone(self.connection, walk)

    def archived(self) -> Iterator[tuple[int, Walk, Exchange, bool]]:
        """Every archived answer in the order in which it was stored, with its walk, and whether it is that walk's last."""
        walks: dict[int, tuple[Walk, int]] = {}
        for response, walk, at, method, url, status, size, body, ms, bucket, cost in self.connection.execute(
            "SELECT response, walk, at, method, url, status, bytes, body, ms, bucket, cost FROM responses ORDER BY response"
        ):
            if walk not in walks:
                found = self._walk("walk = ?", walk)
                if found is None:
                    raise StorageError(
                        _("response {response} names walk {walk}, which is not there: restore a backup").format(
                            response=response, walk=walk
                        )
                    )
                last = self.connection.execute("SELECT max(response) FROM responses WHERE walk = ?", (walk,)).fetchone()[0]
                walks[walk] = found, last
            exchange = Exchange(from_text(at), method, url, status, unpacked(response, body), size, ms, cost, bucket)
            yield response, walks[walk][0], exchange, response == walks[walk][1]


def _to_walk(row: tuple[Any, ...]) -> Walk:
    (walk, account, stream, started, finished, since, outcome, error, notes, pages, rows, attempts, missed, trigger, cursor, memo,
     resume, due) = row  # fmt: skip
    return Walk(
        walk, account, stream, from_text(started), from_text(since), trigger, cursor, from_json(memo), pages, rows, attempts, missed,
        outcome, error, tuple(json.loads(notes)), _instant(resume), _instant(finished), _instant(due),
    )  # fmt: skip


def unpacked(number: int, body: bytes | None) -> bytes:
    """The body of an archived answer. Raises StorageError where it is not what was packed."""
    try:
        return zlib.decompress(body) if body else b""
    except (zlib.error, TypeError):
        text = _(
            "the body of answer {number} can't be read any more: keep the file, and put a backup in its place with `mecra restore`"
        )
        raise StorageError(text.format(number=number)) from None


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
