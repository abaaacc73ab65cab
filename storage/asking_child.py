"""One question to the database, in a process of its own: read-only, bounded in time, memory and rows, and unable to do anything else.

Run as a file, with nothing of ours beside it: standard input is the question, standard output the answer, both JSON. A process of its
own, because SQLite heeds its time limit only between its steps: one LIKE over a long text may be a single step of an hour.
"""

from __future__ import annotations

import json
import math
import os
import resource
import sqlite3
import sys
import time
from collections.abc import Callable
from typing import Any

MEMORY = 512 * 1024 * 1024  # bytes of the whole process
LENGTH = 2_000_000  # bytes of one value
CELL, ROW, WHOLE = 100_000, 1_000_000, 24_000_000  # letters that are answered
CLOSED = {("responses", "body"), ("evidence", "body")}  # read as NULL: what an answer holds is shown by the panel, as text
TABLES = {"json_each", "json_tree", "pragma_table_info", "sqlite_master", "sqlite_schema"}
ALLOWED = """
-> ->> abs acos acosh asin asinh atan atan2 atanh avg ceil ceiling char coalesce cos cosh count cume_dist current_date
current_time current_timestamp date datetime degrees dense_rank exp first_value floor format glob group_concat hex
ifnull iif instr json json_array json_array_length json_each json_extract json_group_array json_group_object json_object
json_quote json_tree json_type json_valid julianday lag last_value lead length like likelihood likely ln log log10 log2
lower ltrim max min mod nth_value ntile nullif octet_length percent_rank pi pow power printf quote radians random rank
replace round row_number rtrim sign sin sinh sqrt strftime string_agg substr substring sum tan tanh time timediff total
trim trunc typeof unicode unixepoch unlikely upper
"""
FUNCTIONS = frozenset(ALLOWED.split())
Answer = dict[str, Any]


def main() -> None:
    """Answer the question on standard input."""
    asked = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)  # the pages go before
    try:
        found = answer(asked["database"], asked["sql"], asked["rows"], asked["seconds"])
    except MemoryError:
        found = {"error": "memory", "text": ""}
    sys.stdout.write(json.dumps(found))


def answer(database: str, sql: str, most: int, seconds: float) -> Answer:
    """Columns and rows, and whether there are more; or what is wrong (`error`: sql, denied, time, memory, empty)."""
    connection = sqlite3.connect(f"{database}?mode=ro", uri=True, timeout=1.0)
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA trusted_schema = OFF")
    for name in ("json_each", "json_tree", "pragma_table_info"):  # made at first use, which the judge would take for a new table
        connection.execute(f"SELECT count(*) FROM {name}('[]')").fetchall()
    ours = {str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    modules = {str(name) for (name,) in connection.execute("SELECT name FROM pragma_module_list")}
    _bound(connection, seconds)
    connection.set_authorizer(_judge(TABLES | ours, modules - TABLES))
    try:
        cursor = connection.execute(sql)
        if cursor.description is None:
            return {"error": "empty", "text": ""}
        columns = [str(one[0])[:200] for one in cursor.description]
        rows, more = _rows(cursor, most)
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        return {"error": _kind(str(error)), "text": str(error)[:500]}
    return {"columns": columns, "rows": rows, "more": more}


def _bound(connection: sqlite3.Connection, seconds: float) -> None:
    for limit, most in (
        (sqlite3.SQLITE_LIMIT_LENGTH, LENGTH), (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 20_000), (sqlite3.SQLITE_LIMIT_COLUMN, 200),
        (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 100), (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 20), (sqlite3.SQLITE_LIMIT_VDBE_OP, 100_000),
        (sqlite3.SQLITE_LIMIT_FUNCTION_ARG, 50), (sqlite3.SQLITE_LIMIT_ATTACHED, 0), (sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
        (sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 10), (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1), (sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0),
    ):  # fmt: skip
        connection.setlimit(limit, most)
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: int(time.monotonic() > end), 5_000)


def _judge(tables: set[str], modules: set[str]) -> Callable[..., int]:
    def judge(action: int, one: str | None, two: str | None, base: str | None, _source: str | None) -> int:
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and one in tables and base in ("main", None):
            return sqlite3.SQLITE_IGNORE if (one, two) in CLOSED else sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and not two and one not in modules and not (one or "").startswith("pragma_"):
            return sqlite3.SQLITE_OK  # a name of the question's own (WITH), of which only the rows are counted
        if action == sqlite3.SQLITE_FUNCTION and (two or "").lower() in FUNCTIONS:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_PRAGMA and one == "table_info":
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    return judge


def _rows(cursor: sqlite3.Cursor, most: int) -> tuple[list[list[Any]], bool]:
    rows: list[list[Any]] = []
    letters = 0
    for row in cursor:
        if len(rows) == most or letters > WHOLE:
            return rows, True
        rows.append(_row(row))
        letters += sum(len(cell) if isinstance(cell, str) else 8 for cell in rows[-1])
    return rows, False


def _row(row: tuple[Any, ...]) -> list[Any]:
    found, room = [], ROW
    for value in row:
        cell = _cell(value)
        if isinstance(cell, str):
            most = min(CELL, room)
            cell = cell if len(cell) <= most else f"{cell[: max(0, most - 1)]}…"
            room -= len(cell)
        found.append(cell)
    return found


def _cell(value: Any) -> Any:
    if isinstance(value, bytes):
        return f"x'{value[:32].hex()}{'…' if len(value) > 32 else ''}'"
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _kind(text: str) -> str:
    if "interrupted" in text:
        return "time"
    if "out of memory" in text:
        return "memory"
    return "denied" if "not authorized" in text or "prohibited" in text or "readonly" in text else "sql"


if __name__ == "__main__":
    main()
