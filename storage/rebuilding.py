"""The tables that come out of the archive: emptied into a twin, filled again, compared, and put in place.

`posts`, `edits`, `readings`, `articles` and `gaps` are functions of `responses`; the twin is a second database file beside the first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from storage.database import transaction

DERIVED = ("readings", "gaps", "articles", "edits", "posts")
NUMBERS = ("reading", "gap", "article")  # given in the order of storing: after a purge there are holes, and a rebuild has none
GIVEN = ("accounts", "walks", "responses")


def copy_given(connection: sqlite3.Connection, source: Path) -> None:
    """Fill an empty twin with what is not derived: the accounts, the walks and the archive itself."""
    connection.execute("ATTACH ? AS original", (str(source),))
    try:
        with transaction(connection):
            for name in GIVEN:
                connection.execute(f"INSERT INTO {name} SELECT * FROM original.{name}")
    finally:
        connection.execute("DETACH original")


def differences(connection: sqlite3.Connection, twin: Path) -> dict[str, tuple[int, int]]:
    """Per derived table: (rows that only the database has, rows that only its twin has). Empty when they are equal."""
    connection.execute("ATTACH ? AS twin", (str(twin),))
    try:
        found = {}
        for name in DERIVED:
            said = ", ".join(f'"{row[1]}"' for row in connection.execute(f"PRAGMA table_info({name})") if row[1] not in NUMBERS)
            only = tuple(
                connection.execute(
                    f"SELECT count(*) FROM (SELECT {said} FROM {a}.{name} EXCEPT SELECT {said} FROM {b}.{name})"
                ).fetchone()[0]
                for a, b in (("main", "twin"), ("twin", "main"))
            )
            if any(only):
                found[name] = (only[0], only[1])
        return found
    finally:
        connection.execute("DETACH twin")


def put_in_place(connection: sqlite3.Connection, twin: Path, tables: Sequence[str] = DERIVED) -> None:
    """Replace the derived tables by the twin's, in one transaction."""
    connection.execute("ATTACH ? AS twin", (str(twin),))
    try:
        with transaction(connection):
            connection.execute("PRAGMA defer_foreign_keys = ON")
            for name in tables:
                connection.execute(f"DELETE FROM main.{name}")
                connection.execute(f"INSERT INTO main.{name} SELECT * FROM twin.{name}")
            if "readings" in tables:
                connection.execute("DELETE FROM main.last_moves")
                connection.execute("INSERT INTO main.last_moves SELECT * FROM twin.last_moves")
    finally:
        connection.execute("DETACH twin")
