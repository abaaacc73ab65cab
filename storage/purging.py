"""Taking rows away for good: which ones a purge is of, how many, and a digest of them. The caller holds the transaction.

An answer stays as a line of the ledger (when, how large, what it cost); its body goes, or loses the part that is to go.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage import Storage

ACCOUNT, POST, ARTICLE, EXPIRED, BODIES, TEXTS = "account", "post", "article", "expired", "bodies", "texts"
PACKING = 4  # of zlib, as in `storage.Storage`
OLD_POSTS = "account = :account AND last_seen_at < :before"
OLD_TEXTS = "published_at < :before"
# In this order, because edits rest on posts. What the tables say of a post that other rows rest on goes with it.
ROWS: Mapping[str, Mapping[str, str]] = {
    ACCOUNT: {
        **dict.fromkeys(("readings", "gaps", "last_moves", "edits", "posts", "articles"), "account = :account"),
        "publications": "via = :account",
    },
    POST: {
        **dict.fromkeys(("readings", "gaps", "last_moves", "edits", "posts"), "account = :account AND post = :name"),
        "publications": "via = :account AND post = :name",
    },
    ARTICLE: {"articles": "key = :name"},
    EXPIRED: {
        "readings": "account = :account AND until < :before",
        "gaps": "account = :account AND until < :before",
        "last_moves": "account = :account AND EXISTS (SELECT 1 FROM readings r WHERE r.account = :account AND r.until < :before)",
        "edits": f"account = :account AND post IN (SELECT post FROM posts WHERE {OLD_POSTS})",
        "publications": f"via = :account AND post IN (SELECT post FROM posts WHERE {OLD_POSTS})",
        "posts": OLD_POSTS,
    },
    BODIES: {},
    TEXTS: {"edits": f"(account, post) IN (SELECT account, post FROM posts WHERE {OLD_TEXTS})"},
}
ORDER = ("last_moves", "readings", "gaps", "edits", "publications", "posts", "articles")
# Answers whose bodies are looked at, and the words that stand for the kind where nothing else does.
ANSWERS = {
    ACCOUNT: "walk IN (SELECT walk FROM walks WHERE account = :account)",
    POST: "walk IN (SELECT walk FROM walks WHERE account = :account)",
    ARTICLE: "walk IN (SELECT walk FROM walks JOIN accounts USING (account) WHERE platform IN ('feed', 'gdelt', 'gnews', 'agency'))",
    EXPIRED: "walk IN (SELECT walk FROM walks WHERE account = :account) AND at < :before",
    BODIES: "at < :before",
}
# What else names what is gone: planned posts keep their hour and lose their match, walks are run log and lose what a platform said.
ELSEWHERE = {
    ACCOUNT: (
        "UPDATE plan_slots SET matched_post = NULL WHERE matched_post LIKE replace(replace(:account, '%', ''), '_', '~_') || '/%' ESCAPE '~'",
        "UPDATE walks SET cursor = NULL, memo = '{}', notes = '[]', error = '' WHERE account = :account",
        "UPDATE accounts SET label = '', url = '', remote_id = '' WHERE account = :account",
    ),
    POST: ("UPDATE plan_slots SET matched_post = NULL WHERE matched_post = :account || '/' || :name",),
    TEXTS: (f"UPDATE posts SET text = '' WHERE {OLD_TEXTS} AND text != ''",),
}
Redact = Callable[[bytes, str], "tuple[bytes | None, str] | None"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to go: `kind`, whose, the post's or article's key (`name`), and only what is older than `before` (UTC text)."""

    kind: str
    account: str | None = None
    name: str | None = None
    before: str | None = None

    @property
    def values(self) -> dict[str, str | None]:
        return {"account": self.account, "name": self.name, "before": self.before}


@dataclass(slots=True)
class Removed:
    """How many rows of each table went, the digest of them, and the answers: (number, SHA-256 before, SHA-256 of what is left)."""

    rows: dict[str, int] = field(default_factory=dict)
    sha256: str = ""
    answers: list[tuple[int, str, str | None]] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not self.rows


def remove(storage: Storage, scope: Scope, redact: Redact) -> Removed:
    """Take it away. `redact(body, url)` is asked of each answer of a post or an article: None where it says nothing of it, else what is
    left of body (None: nothing) and address."""
    connection, values, found = storage.connection, scope.values, Removed()
    digest = hashlib.sha256()
    for table in [table for table in ORDER if table in ROWS[scope.kind]]:
        where = ROWS[scope.kind][table]
        number = 0
        for row in connection.execute(f"SELECT * FROM {table} WHERE {where} ORDER BY 1, 2", values):
            digest.update(_line(table, row))
            number += 1
        if number:
            found.rows[table] = number
    if scope.kind == TEXTS:
        for row in connection.execute(
            f"SELECT account, post, text FROM posts WHERE {OLD_TEXTS} AND text != '' ORDER BY 1, 2", values
        ):
            digest.update(_line("texts", row))
            found.rows["texts"] = found.rows.get("texts", 0) + 1
    for number, was, body, url in _answers(connection, scope, redact):
        connection.execute(
            "UPDATE responses SET body = ?, url = ?, sha256 = ? WHERE response = ?",
            (zlib.compress(body, PACKING) if body else None, url, _sha256(body) if body else was, number),
        )
        digest.update(_line("responses", (number, was)))
        found.answers.append((number, was, _sha256(body) if body else None))
    if found.answers:
        found.rows["responses"] = len(found.answers)
    if found.nothing:
        return found
    for table in [table for table in ORDER if table in ROWS[scope.kind]]:
        connection.execute(f"DELETE FROM {table} WHERE {ROWS[scope.kind][table]}", values)
    for statement in ELSEWHERE.get(scope.kind, ()):
        connection.execute(statement, values)
    found.sha256 = digest.hexdigest()
    return found


def _answers(connection: sqlite3.Connection, scope: Scope, redact: Redact) -> Iterator[tuple[int, str, bytes | None, str]]:
    """(number, SHA-256 before, the body that is left, the address that is left) of every answer that loses something."""
    if scope.kind not in ANSWERS:
        return
    part = scope.kind in (POST, ARTICLE)
    numbers = [
        n
        for (n,) in connection.execute(
            f"SELECT response FROM responses WHERE ({ANSWERS[scope.kind]}) AND body IS NOT NULL ORDER BY response", scope.values
        )
    ]
    for number in numbers:
        was, packed, url = connection.execute("SELECT sha256, body, url FROM responses WHERE response = ?", (number,)).fetchone()
        if not part:
            yield number, was, None, "" if scope.kind == ACCOUNT else url
            continue
        left = redact(zlib.decompress(packed), url)
        if left is not None:
            yield number, was, *left


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _line(table: str, row: tuple[Any, ...]) -> bytes:
    return json.dumps([table, *row], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def is_due(storage: Storage, scope: Scope) -> bool:
    """Whether there is anything that a purge of this scope would take; cheap, and without a lock."""
    wheres = [(table, where) for table, where in ROWS[scope.kind].items() if table not in ("last_moves", "publications")]
    if scope.kind == TEXTS:
        wheres.append(("posts", f"{OLD_TEXTS} AND text != ''"))
    if scope.kind in ANSWERS:
        wheres.append(("responses", f"({ANSWERS[scope.kind]}) AND body IS NOT NULL"))
    queries = (f"SELECT 1 FROM {table} WHERE {where} LIMIT 1" for table, where in wheres)
    return any(storage.connection.execute(query, scope.values).fetchone() for query in queries)


def key_only(storage: Storage) -> list[str]:
    """YouTube channels whose owner never consented: no answer of Analytics was ever had of them."""
    rows = storage.connection.execute(
        "SELECT account FROM accounts a WHERE platform = 'youtube' AND NOT EXISTS (SELECT 1 FROM walks w JOIN responses r USING (walk) "
        "WHERE w.account = a.account AND r.bucket = 'youtube.analytics' AND r.status = 200) ORDER BY account"
    )
    return [account for (account,) in rows]


def names_of(storage: Storage, scope: Scope) -> frozenset[str]:
    """By what a post or an article goes in the answers that told of it."""
    if scope.kind != ARTICLE:
        return frozenset([scope.name] if scope.name else ())
    row = storage.connection.execute("SELECT url, key FROM articles WHERE key = ?", (scope.name,)).fetchone()
    return (
        frozenset([row[0], row[1], *(f"{before}{row[1]}" for before in ("https://", "http://", "https://www.", "http://www."))])
        if row
        else frozenset()
    )


def article_key(storage: Storage, article: int) -> str | None:
    """The key of an article by its number."""
    row = storage.connection.execute("SELECT key FROM articles WHERE article = ?", (article,)).fetchone()
    return row[0] if row else None


def has_post(storage: Storage, account: str, post: str) -> bool:
    """Whether a post is stored."""
    return storage.connection.execute("SELECT 1 FROM posts WHERE account = ? AND post = ?", (account, post)).fetchone() is not None


def still_listed(storage: Storage, account: str, post: str) -> str | None:
    """When a post was seen last (UTC text), where it is not known to be gone from its platform."""
    query = "SELECT last_seen_at FROM posts WHERE account = ? AND post = ? AND gone_at IS NULL"
    row = storage.connection.execute(query, (account, post)).fetchone()
    return row[0] if row else None


def wipe_freed(connection: sqlite3.Connection) -> None:
    """Whatever this connection deletes from now on is overwritten where it stood."""
    connection.execute("PRAGMA secure_delete = ON")


def scrub(connection: sqlite3.Connection, *, whole: bool) -> str:
    """Let nothing of what was deleted stay in the file or its log; `whole` writes the file anew, so that no page of former times is
    left either (as much free disk as the database takes). Answers why that could not be done, empty where it was."""
    try:
        if whole:
            connection.execute("PRAGMA temp_store = FILE")
            connection.execute("VACUUM")
        busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        return str(error)
    return "database is locked" if busy else ""
