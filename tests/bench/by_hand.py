"""The floor: `requests` and `sqlite3` by hand. No archive, no history, no failure thought of.

`timeline`: one table, the counters its columns. `feeds`: only fetched, and told from the last time by their hash.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from pathlib import Path

import requests

from tests.bench.bodies import COUNTERS, FEEDS, USER

TIMEOUT = 30
UPSERT = f"INSERT INTO posts VALUES (?, ?, ?{', ?' * len(COUNTERS)}) ON CONFLICT (id) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in ("text", *COUNTERS)
)


def timeline(session: requests.Session, connection: sqlite3.Connection, root: str) -> None:
    columns = ", ".join(f"{name} INTEGER" for name in COUNTERS)
    connection.execute(f"CREATE TABLE IF NOT EXISTS posts (id TEXT PRIMARY KEY, created_at TEXT, text TEXT, {columns})")
    params: dict[str, str | int] = {"max_results": 100}
    while True:
        page = session.get(f"{root}/2/users/{USER}/tweets", params=params, timeout=TIMEOUT).json()
        rows = [(p["id"], p["created_at"], p["text"], *(p["public_metrics"][name] for name in COUNTERS)) for p in page["data"]]
        with connection:
            connection.executemany(UPSERT, rows)
        if "next_token" not in page["meta"]:
            return
        params["pagination_token"] = page["meta"]["next_token"]


def feeds(session: requests.Session, connection: sqlite3.Connection, root: str) -> None:
    connection.execute("CREATE TABLE IF NOT EXISTS feeds (url TEXT PRIMARY KEY, sha256 TEXT)")
    for number in range(FEEDS):
        url = f"{root}/{number}.xml"
        digest = hashlib.sha256(session.get(url, timeout=TIMEOUT).content).hexdigest()
        with connection:
            connection.execute("INSERT OR REPLACE INTO feeds VALUES (?, ?)", (url, digest))


def main(what: str, data: str, root: str) -> None:
    connection = sqlite3.connect(Path(data) / "hand.db")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    {"timeline": timeline, "feeds": feeds}[what](requests.Session(), connection, root)


if __name__ == "__main__":
    main(*sys.argv[1:])
