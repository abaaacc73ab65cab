"""The database for handing over: one file with the tables and views that anybody may have, readable by any program that reads SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from storage.catalogue import MEANINGS
from storage.database import StorageError
from words import N_, _

VIEWS = ("takipciler", "aboneler", "gonderiler", "haberler", "gostergeler", "anlik_goruntuler", "veri_sagligi")
# Not handed over, and why not.
KEPT_BACK: Mapping[str, str] = {
    "acts": N_("the audit log of this machine: login names and commands"),
    "messages": N_("addresses that mail was sent to"),
    "report_files": N_("paths of this machine"),
    "incidents": N_("what was wrong with this machine"),
    "bulletins": N_("what was wrong with this machine"),
    "signs": N_("a working table"),
    "last_moves": N_("a working table"),
}
BLANK = {"walks": {"cursor": "NULL", "memo": "'{}'"}}
BODIES = {"responses": {"body": "NULL"}, "evidence": {"body": "zeroblob(0)"}}


def public_tables() -> tuple[str, ...]:
    """In the order of the catalogue."""
    return tuple(name for name in MEANINGS if name not in VIEWS and name not in KEPT_BACK)


def hand_over(source: Path, target: Path, *, bodies: bool) -> None:
    """Write `target` from the database `source` as it is at one instant, whoever writes meanwhile. The same rows give the same bytes.

    Walks lose their cursors and scraps; without `bodies` answers and files of entries lose theirs, and keep size and checksum.
    """
    connection = sqlite3.connect(target.absolute().as_uri(), uri=True, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("ATTACH ? AS source", (f"{source.absolute().as_uri()}?mode=ro",))
        connection.execute("BEGIN")
        for kind in ("table", "index", "view"):
            for name, table, sql in _schema(connection, kind):
                connection.execute(sql)
                if kind == "table":
                    _copy(connection, table, {**BLANK.get(name, {}), **({} if bodies else BODIES.get(name, {}))})
        connection.execute("COMMIT")
        connection.execute("DETACH source")
        connection.execute("VACUUM")
    except sqlite3.OperationalError as error:
        raise StorageError(
            _("{path} can't be written ({why}): see to disk space and rights").format(path=target, why=error)
        ) from error
    finally:
        connection.close()


def _schema(connection: sqlite3.Connection, kind: str) -> Iterator[tuple[str, str, str]]:
    """Name, table and statement of what is handed over, tables in the order of the catalogue."""
    wanted = VIEWS if kind == "view" else public_tables()
    rows = connection.execute(
        "SELECT name, tbl_name, sql FROM source.sqlite_master WHERE type = ? AND sql IS NOT NULL ORDER BY name", (kind,)
    ).fetchall()
    for table in wanted:
        yield from (row for row in rows if row[1] == table)


def _copy(connection: sqlite3.Connection, table: str, instead: Mapping[str, str]) -> None:
    found = connection.execute(f"PRAGMA source.table_info({table})").fetchall()
    columns = ", ".join(instead.get(row[1], f'"{row[1]}"') for row in found)
    keys = ", ".join(f'"{row[1]}"' for row in sorted(found, key=lambda row: row[5]) if row[5])
    connection.execute(f"INSERT INTO main.{table} SELECT {columns} FROM source.{table} ORDER BY {keys or 'rowid'}")


def views(path: Path) -> Iterator[tuple[str, tuple[str, ...], Iterator[tuple[object, ...]]]]:
    """Of a file that was handed over each view with its columns and rows, in an order that does not change."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        for name in VIEWS:
            columns = tuple(row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (name,)))
            order = ", ".join(str(place) for place in range(1, len(columns) + 1))
            yield name, columns, connection.execute(f"SELECT * FROM {name} ORDER BY {order}")
    finally:
        connection.close()


def columns_of(path: Path) -> dict[str, tuple[str, ...]]:
    """Of a file that was handed over the columns of every view and table, views first."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return {
            name: tuple(row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (name,)))
            for name in (*VIEWS, *public_tables())
        }
    finally:
        connection.close()


def counts(path: Path) -> dict[str, int]:
    """How many rows each table of a file that was handed over has."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return {name: int(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in public_tables()}
    finally:
        connection.close()


def newest(path: Path) -> tuple[str | None, str | None]:
    """Of a file that was handed over: when its last answer came (UTC text), and the SHA-256 of its last seal."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        at = connection.execute("SELECT max(at) FROM responses").fetchone()[0]
        seal = connection.execute(
            "SELECT sha256 FROM snapshots WHERE sealed_at IS NOT NULL ORDER BY snapshot DESC LIMIT 1"
        ).fetchone()
        return at, seal[0] if seal else None
    finally:
        connection.close()
