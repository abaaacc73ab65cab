"""The appearances of one story."""

from __future__ import annotations

from storage import Storage

MOST = 500
APPEARANCES = (
    "SELECT article FROM articles WHERE story = ? ORDER BY published_on, coalesce(published_at, first_seen_at), article LIMIT ?"
)


def appearances_of(storage: Storage, story: str) -> list[int]:
    """The numbers of its articles, in the order in which they were published."""
    return [article for (article,) in storage.connection.execute(APPEARANCES, (story, MOST))]
