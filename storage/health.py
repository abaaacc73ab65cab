"""How the collection itself is doing: what `mecra status`, `doctor` and `collect` read of walks, gaps and the ledger."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from model import FILES, IMPORT, Exchange, from_text, to_text
from storage import Storage, unpacked
from storage.database import MIGRATIONS

RECENT = timedelta(days=30)
GOOD = "outcome IN ('done', 'partial') AND finished_at IS NOT NULL"


@dataclass(frozen=True, slots=True)
class StreamHealth:
    """One stream of one account: `good_at` is the start of its last complete walk, `error` what stops the newest one.

    `missed` counts the runs of the last 30 days that did not happen, `gaps` what should be known and still is not. `began_at`: when
    the newest walk began; `promised_at`: when the last complete one said that the next is due.
    """

    account: str
    platform: str
    label: str
    stream: str
    outcome: str | None
    error: str
    notes: tuple[str, ...]
    attempts: int
    good_at: datetime | None
    next_at: datetime | None
    missed: int
    gaps: int
    began_at: datetime | None = None
    promised_at: datetime | None = None


def streams(storage: Storage, now: datetime) -> list[StreamHealth]:
    """Every stream that was ever walked, by account."""
    db = storage.connection
    gaps = {(account, stream): count for account, stream, count in db.execute(OPEN_GAPS)}
    found = []
    for account, platform, label, stream in _walked(db):
        series = (account, stream)
        outcome, error, notes, attempts, due, resume, finished, began = db.execute(NEWEST, series).fetchone()
        good = db.execute(
            f"SELECT started_at, due_at FROM walks WHERE account = ? AND stream = ? AND {GOOD} {LAST}", series
        ).fetchone()
        missed = db.execute(MISSED, (*series, to_text(now - RECENT))).fetchone()[0]
        next_at = due if finished else resume
        found.append(
            StreamHealth(
                account, platform, label, stream, outcome, "" if outcome in ("done", "partial") else error,
                tuple(json.loads(notes)), attempts,
                from_text(good[0]) if good else None, from_text(next_at) if next_at else None, missed, gaps.get(series, 0),
                from_text(began), from_text(good[1]) if good and good[1] else None,
            )
        )  # fmt: skip
    return found


LAST = "ORDER BY started_at DESC, walk DESC LIMIT 1"
NEWEST = f"""
SELECT outcome, error, notes, attempts, due_at, resume_at, finished_at, started_at FROM walks WHERE account = ? AND stream = ? {LAST}
"""
MISSED = "SELECT coalesce(sum(missed), 0) FROM walks WHERE account = ? AND stream = ? AND started_at >= ?"
OPEN_GAPS = "SELECT account, stream, count(*) FROM gaps WHERE filled_at IS NULL GROUP BY account, stream"


def _walked(db: sqlite3.Connection) -> Iterator[tuple[str, str, str, str]]:
    """(account, platform, label, stream) of every stream with a walk, by skipping through the index: there may be a million walks."""
    for account, platform, label in db.execute(
        "SELECT account, platform, label FROM accounts ORDER BY platform, account"
    ).fetchall():
        stream = ""
        while stream := db.execute("SELECT min(stream) FROM walks WHERE account = ? AND stream > ?", (account, stream)).fetchone()[
            0
        ]:
            yield account, platform, label, stream


def was_collected(storage: Storage, account: str) -> bool:
    """Whether any stream of the account was ever walked to its end; what was handed in as a file is no walk."""
    query = f"SELECT 1 FROM walks WHERE account = ? AND stream != ? AND {GOOD} LIMIT 1"
    return bool(storage.connection.execute(query, (account, FILES)).fetchone())


def walk_costs(storage: Storage, walk: int) -> dict[str, int]:
    """What a walk's answers cost, by bucket, in the bucket's unit."""
    rows = storage.connection.execute(
        "SELECT bucket, sum(cost) FROM responses WHERE walk = ? GROUP BY bucket HAVING sum(cost) > 0", (walk,)
    )
    return dict(rows.fetchall())


def last_complete(storage: Storage, account: str, stream: str) -> tuple[int, int] | None:
    """(walk, pages) of the newest complete walk that stored anything of its own, for an estimate of the next."""
    row = storage.connection.execute(
        f"SELECT walk, pages FROM walks WHERE account = ? AND stream = ? AND {GOOD} {LAST}", (account, stream)
    ).fetchone()
    return (row[0], row[1]) if row else None


def buckets(storage: Storage) -> list[str]:
    """Every bucket of the ledger, by skipping through its index."""
    found: list[str] = []
    while row := storage.connection.execute(
        "SELECT min(bucket) FROM responses WHERE bucket > ?", (found[-1] if found else "",)
    ).fetchone():
        if row[0] is None:
            break
        found.append(row[0])
    return found


def pace(storage: Storage, bucket: str, now: datetime, over: timedelta = timedelta(days=7)) -> tuple[float, float]:
    """(requests, cost) a day in a bucket, over the last week, or since its first answer if that is younger (a day at least)."""
    first = storage.connection.execute("SELECT min(at) FROM responses WHERE bucket = ?", (bucket,)).fetchone()[0]
    if first is None:
        return 0.0, 0.0
    length = min(over, max(now - from_text(first), timedelta(days=1)))
    requests, cost = storage.spent(bucket, now - length)
    days = length / timedelta(days=1)
    return requests / days, cost / days


def response(storage: Storage, number: int) -> tuple[Exchange, str, str] | None:
    """An archived answer with the account and the stream that it was asked for."""
    row = storage.connection.execute(
        "SELECT at, method, url, status, body, bytes, ms, cost, bucket, account, stream FROM responses JOIN walks USING (walk) "
        "WHERE response = ?",
        (number,),
    ).fetchone()
    if row is None:
        return None
    at, method, url, status, body, size, ms, cost, bucket, account, stream = row
    return Exchange(from_text(at), method, url, status, unpacked(number, body), size, ms, cost, bucket), account, stream


def sha256_kept(storage: Storage, number: int) -> str:
    """The checksum that was stored with an archived answer."""
    row = storage.connection.execute("SELECT sha256 FROM responses WHERE response = ?", (number,)).fetchone()
    return str(row[0]) if row else ""


def integrity(storage: Storage) -> list[str]:
    """What SQLite finds wrong with the file, its foreign keys or the version of its schema; empty when nothing is."""
    db = storage.connection
    try:
        found = [text for (text,) in db.execute("PRAGMA integrity_check(20)") if text != "ok"]
        orphans = db.execute("PRAGMA foreign_key_check").fetchmany(20)
        applied = [name for (name,) in db.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'mecra' ORDER BY id")]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    found += [f"{table} row {row} names a {parent} that is not there" for table, row, parent, _ in orphans]
    if missing := [name for name in MIGRATIONS if name not in applied]:
        found.append(f"the schema is older than this mecra (without {', '.join(missing)})")
    return found


def open_reasons(storage: Storage, most: int = 100) -> list[tuple[str, str, str, str, int, str, str]]:
    """(account, stream, metric, reason, how many, first, last time missed) of what should be known and is not, the most frequent first."""
    return storage.connection.execute(
        "SELECT account, stream, metric, reason, count(*) AS n, min(at), max(until) FROM gaps WHERE filled_at IS NULL "
        "GROUP BY account, stream, metric, reason ORDER BY n DESC, account, metric, reason LIMIT ?",
        (most,),
    ).fetchall()


def last_answered(storage: Storage) -> datetime | None:
    """When anything outside answered last, whatever it said."""
    row = storage.connection.execute(
        "SELECT at FROM responses WHERE status > 0 AND method != ? ORDER BY response DESC LIMIT 1", (IMPORT,)
    )
    found = row.fetchone()
    return from_text(found[0]) if found else None


def newest_answer(storage: Storage) -> datetime | None:
    """When the last answer came."""
    row = storage.connection.execute("SELECT at FROM responses ORDER BY response DESC LIMIT 1").fetchone()
    return from_text(row[0]) if row else None
