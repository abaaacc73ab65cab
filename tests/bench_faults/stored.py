"""What each contestant has on disk after a run: row by row, its value, and whether it says itself that something is wrong with it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """A post and its views, or an article and its title. `told`: marked as missing, fallen or gone by the tool itself."""

    value: int | str | None
    told: bool = False


Rows = dict[str, Row]


def _query(path: Path, query: str) -> list[tuple[Any, ...]]:
    if not path.exists():
        return []
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError:  # no table yet
            return []


def posts_of_mecra(data: Path) -> Rows:
    told = {post for (post,) in _query(data / "mecra.db", "SELECT post FROM gaps WHERE metric = 'views' AND filled_at IS NULL")}
    latest = (
        "SELECT p.post, r.value, coalesce(r.fell, 0) OR p.gone_at IS NOT NULL, max(r.at) FROM posts p "
        "LEFT JOIN readings r ON r.account = p.account AND r.post = p.post AND r.metric = 'views' GROUP BY p.post"
    )
    return {post: Row(value, bool(marked) or post in told) for post, value, marked, _at in _query(data / "mecra.db", latest)}


def posts_of_dlt(data: Path) -> Rows:
    """dlt moves a column whose type changes into a variant beside it: either holds the value."""
    names = {name for _, name, *_ in _query(data / "dlt.db", "PRAGMA table_info(posts)")}
    held = [name for name in ("public_metrics__impression_count__v_text", "public_metrics__impression_count") if name in names]
    if "id" not in names:
        return {}
    value = f"coalesce({', '.join(held)}, NULL)" if held else "NULL"
    return {str(post): Row(count) for post, count in _query(data / "dlt.db", f"SELECT id, {value} FROM posts")}


def posts_of_airbyte(data: Path) -> Rows:
    """What a destination that deduplicates by the primary key holds after these messages."""
    found: Rows = {}
    for message in _messages(data / "airbyte.jsonl"):
        if message["type"] == "RECORD":
            row = message["record"]["data"]
            found[str(row["id"])] = Row((row.get("public_metrics") or {}).get("impression_count"))
    return found


def _messages(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else ():
        try:
            message = json.loads(line)
        except ValueError:  # cut off with its process
            continue
        if isinstance(message, dict) and "type" in message:
            yield message


def articles_of_mecra(data: Path) -> Rows:
    return {key: Row(title) for key, title in _query(data / "mecra.db", "SELECT key, title FROM articles")}


def articles_of_reader(data: Path) -> Rows:
    return {key: Row(title) for key, title in _query(data / "reader.db", "SELECT id, title FROM entries")}
