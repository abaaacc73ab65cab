"""What accounts published between two instants, as far as it was known."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from model import from_text
from storage import Storage
from storage.knowledge import Known

# The day finds the rows, the instant decides: a day is as long as its zone makes it.
BETWEEN = """
SELECT account, post, kind, published_at, group_key, CASE WHEN gone_at <= ?6 THEN gone_at END FROM posts
WHERE account = ?1 AND published_on BETWEEN ?2 AND ?3 AND published_at >= ?4 AND published_at < ?5 AND (response IS NULL OR response <= ?7)
ORDER BY published_at, post
"""
DAY = timedelta(days=1)


class Published(NamedTuple):
    """A post; `key` is equal for equal contents, `gone_at` when it was missed for the first time."""

    account: str
    post: str
    kind: str
    published_at: str
    key: str | None
    gone_at: str | None


def published_between(storage: Storage, account: str, start: str, end: str, known: Known) -> list[Published]:
    """The posts of an account from an instant up to, and without, another (UTC text), deleted ones among them, in order."""
    days = ((from_text(start) - DAY).date().isoformat(), (from_text(end) + DAY).date().isoformat())
    return [
        Published(*row) for row in storage.connection.execute(BETWEEN, (account, *days, start, end, known.text, known.response))
    ]
