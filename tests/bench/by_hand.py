"""The floor: `requests` and `sqlite3` by hand, one table, no archive, no history, no errors thought of."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

import requests

from tests.bench.bodies import COUNTERS, USER
from tests.bench.measure import ready

UPSERT = (
    f"INSERT INTO posts VALUES (?, ?, ?{', ?' * len(COUNTERS)}) ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in ("text", *COUNTERS))
)  # fmt: skip


def main(data: str, root: str) -> None:
    started = ready()
    session = requests.Session()
    connection = sqlite3.connect(Path(data) / "hand.db")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    columns = ", ".join(f"{name} INTEGER" for name in COUNTERS)
    connection.execute(f"CREATE TABLE IF NOT EXISTS posts (id TEXT PRIMARY KEY, created_at TEXT, text TEXT, {columns})")
    token = None
    while True:
        page = session.get(
            f"{root}/2/users/{USER}/tweets", params={"max_results": 100, "pagination_token": token}, timeout=30
        ).json()
        with connection:
            connection.executemany(
                UPSERT,
                [(p["id"], p["created_at"], p["text"], *(p["public_metrics"][name] for name in COUNTERS)) for p in page["data"]],
            )
        token = page["meta"].get("next_token")
        if token is None:
            break
    print(json.dumps({"start": started}))


if __name__ == "__main__":
    main(*sys.argv[1:])
