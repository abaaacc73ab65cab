"""What a person decided of an article: append-only, and kept by the article's key, because `mecra rebuild` may number anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from model import MecraError, to_text
from storage import Storage
from storage.closing import done_after_seals
from storage.database import transaction
from words import _

COLUMNS = "ruling, article_key, status, why, ruled_by, ruled_at"


@dataclass(frozen=True, slots=True)
class Ruling:
    """`status`: counted or excluded; `ruled_at` is UTC text. The newest of an article's counts."""

    ruling: int
    key: str
    status: str
    why: str
    ruled_by: str
    ruled_at: str


def rule(storage: Storage, articles: Sequence[int], status: str, why: str, by: str, now: datetime) -> tuple[Ruling, ...]:
    """Decide articles by their numbers, all or none. Raises MecraError for a number that no article has and an empty reason."""
    why, keys = " ".join("".join(c if c.isprintable() else " " for c in why).split()), []
    if not any(c.isalnum() for c in why):
        raise MecraError(_("a ruling needs a reason: write --why TEXT"))
    with transaction(storage.connection):
        done_after_seals(storage.connection, now)
        for article in dict.fromkeys(articles):
            row = storage.connection.execute("SELECT key FROM articles WHERE article = ?", (article,)).fetchone()
            if row is None:
                raise MecraError(unknown(article))
            keys.append(row[0])
        first = storage.connection.execute("SELECT coalesce(max(ruling), 0) FROM rulings").fetchone()[0]
        storage.connection.executemany(
            "INSERT INTO rulings (article_key, status, why, ruled_by, ruled_at) VALUES (?, ?, ?, ?, ?)",
            [(key, status, why, by, to_text(now)) for key in keys],
        )
    return _read(storage, "ruling > ?", first)


def unknown(article: int) -> str:
    """What to say of a number that no article has."""
    return _("there is no article {article}: `mecra news review` lists those that wait").format(article=article)


def standing(storage: Storage, until: str) -> dict[str, Ruling]:
    """The ruling that counts, by article key, as of an instant (UTC text)."""
    return {ruling.key: ruling for ruling in _read(storage, "ruled_at <= ?", until)}


def history(storage: Storage, key: str) -> tuple[Ruling, ...]:
    """Everything that was decided of an article, oldest first."""
    return _read(storage, "article_key = ?", key)


def _read(storage: Storage, where: str, value: object) -> tuple[Ruling, ...]:
    rows = storage.connection.execute(f"SELECT {COLUMNS} FROM rulings WHERE {where} ORDER BY ruling", (value,))
    return tuple(Ruling(*row) for row in rows)
