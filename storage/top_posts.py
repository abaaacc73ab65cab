"""The posts of a period that reached most, by what their counters were last read at."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from storage import Storage
from storage.knowledge import Known

KNOWN = "(r.response IS NULL OR r.response <= :response)"
REACHED = f"""
SELECT post, kind, published_at, sum(value) AS reached FROM (
    SELECT p.post, p.kind, p.published_at, (
        SELECT r.value FROM readings r
        WHERE r.account = p.account AND r.post = p.post AND r.metric = m.value AND r.day IS NULL AND r.at <= :until AND {KNOWN}
        ORDER BY r.at DESC, r.reading DESC LIMIT 1
    ) AS value
    FROM posts p, json_each(:metrics) m
    WHERE p.account = :account AND p.published_at >= :start AND p.published_at < :end
    AND (p.response IS NULL OR p.response <= :response) AND p.kind NOT IN (SELECT value FROM json_each(:leave_out))
)
WHERE value IS NOT NULL GROUP BY post ORDER BY reached DESC, published_at, post LIMIT :most
"""
# Its words as they were known: an edit of later changes nothing of what was said before.
TEXT = """
SELECT url, coalesce(
    (SELECT text FROM edits e WHERE e.account = p.account AND e.post = p.post AND e.response > ?3 ORDER BY e.response LIMIT 1), text)
FROM posts p WHERE account = ?1 AND post = ?2
"""


@dataclass(frozen=True, slots=True)
class TopPost:
    """`value`: the sum of its counters. `published_at` is UTC text."""

    account: str
    post: str
    kind: str
    published_at: str
    value: int
    url: str
    text: str


def top_posts(
    storage: Storage,
    account: str,
    metrics: Sequence[str],
    span: tuple[str, str],
    known: Known,
    *,
    most: int,
    leave_out: Sequence[str] = (),
) -> list[TopPost]:
    """Of an account's posts that were published in a span (UTC text, the end not included) those that reached most."""
    asked = {
        "account": account, "metrics": json.dumps(list(metrics)), "start": span[0], "end": span[1], "until": known.text,
        "response": known.response, "leave_out": json.dumps(list(leave_out)), "most": most,
    }  # fmt: skip
    found = []
    for post, kind, published_at, value in storage.connection.execute(REACHED, asked).fetchall():
        url, text = storage.connection.execute(TEXT, (account, post, known.response)).fetchone()
        found.append(TopPost(account, post, kind, published_at, value, url, text))
    return found
