"""Questions that somebody types: what may be read is answered, whatever else is asked for changes nothing and comes to its end."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from model import Account
from storage import opened
from storage.asking import SECONDS, SHOWN, NoAnswer, Rows
from storage.asking import ask as asked
from storage.catalogue import MEANINGS, sources
from storage.questions import QUESTIONS, question

ZONE = ZoneInfo("Europe/Istanbul")
FOREVER = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)"
BIG = "printf('%.*c', 900000, 'x')"
HOSTILE = (
    "INSERT INTO accounts (account, platform, handle) VALUES ('x:evil', 'x', 'evil')",
    "UPDATE accounts SET label = 'evil'",
    "DELETE FROM accounts",
    "DELETE FROM accounts RETURNING *",
    "REPLACE INTO accounts (account, platform, handle) VALUES ('x:a', 'x', 'evil')",
    "DROP TABLE posts",
    "DROP TRIGGER seals_stay",
    "ALTER TABLE posts ADD COLUMN evil TEXT",
    "CREATE TABLE evil (a)",
    "CREATE TEMP TABLE evil (a)",
    "CREATE VIEW evil AS SELECT 1",
    "CREATE VIRTUAL TABLE evil USING fts5(a)",
    "CREATE TRIGGER evil AFTER INSERT ON posts BEGIN DELETE FROM posts; END",
    "SELECT 1; DROP TABLE posts",
    "WITH gone AS (SELECT 1) DELETE FROM accounts",
    "EXPLAIN DELETE FROM accounts",
    "ATTACH DATABASE 'other.db' AS other",
    "DETACH DATABASE main",
    "VACUUM INTO 'other.db'",
    "VACUUM",
    "REINDEX",
    "ANALYZE",
    "BEGIN IMMEDIATE",
    "SAVEPOINT evil",
    "PRAGMA query_only = OFF",
    "PRAGMA writable_schema = ON",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA application_id = 1",
    "PRAGMA temp_store_directory = '/tmp'",
    "SELECT * FROM pragma_database_list",
    "SELECT count(*) FROM pragma_module_list",
    "SELECT * FROM dbstat",
    "SELECT * FROM sqlite_stmt",
    "SELECT load_extension('evil.so')",
    "SELECT fts3_tokenizer('simple')",
    "SELECT readfile('/etc/passwd')",
    "SELECT writefile('other.db', 'evil')",
    "SELECT edit('evil')",
    "SELECT randomblob(1000000000)",
    "SELECT hex(zeroblob(1000000000))",
    "SELECT sqlite_log(1, 'evil')",
    "SELECT * FROM main.sqlite_temp_master, temp.evil",
    "SELECT " + "(" * 5_000 + "1" + ")" * 5_000,
    "SELECT " + "+".join("1" * 5_000),
    " UNION ALL ".join(["SELECT 1"] * 400),
    "SELECT 1 WHERE 'a' LIKE '" + "%a" * 2_000 + "'",
    "SELECT 1 -- " + "x" * 20_000,
    "SELECT '\ud800'",
    "SELECT ?",
    "",
    "   ",
    "-- only a comment",
    "DELETE",
    "\x00",
)
ENDLESS = (
    f"{FOREVER} SELECT count(*) FROM c",
    f"{FOREVER} SELECT max({BIG} || n) FROM c",
    f"{FOREVER} SELECT group_concat({BIG}) FROM c",
    f"{FOREVER} SELECT {BIG} || n AS z FROM (SELECT n FROM c LIMIT 200000) ORDER BY z",
    f"{FOREVER}, d(z) AS MATERIALIZED (SELECT {BIG} || n FROM c LIMIT 200000) SELECT count(*) FROM d a, d b",
    "SELECT printf('%.*c', 2000000000, 'x')",
    "SELECT printf('%2000000000d', 1)",
    f"SELECT json_group_array({BIG}) FROM ({FOREVER} SELECT n FROM c)",
    f"WITH t(x) AS (SELECT replace({BIG}, 'x', 'aa')) SELECT instr(x || x, x || 'b'), x LIKE '%a%a_a%a%a_ab%b' FROM t",
    "SELECT replace(replace(replace(printf('%.*c', 1000, 'x'), 'x', printf('%.*c', 1000, 'x')), 'x', 'yyyyyyyyyy'), 'y', 'zzzzzzzzzz')",
)


def ask(database: Path, sql: str, *, most: int = SHOWN, seconds: float = 60) -> Rows:
    """With the patience that a busy machine needs."""
    return asked(database, sql, most=most, seconds=seconds)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "mecra.db"
    with opened(path, ZONE) as storage:
        storage.register([Account("x:a", "x", "a", label="Ümraniye İ"), Account("facebook:b", "facebook", "b")])
        storage.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def contents(database: Path) -> tuple[str, list[str]]:
    return hashlib.sha256(database.read_bytes()).hexdigest(), sorted(
        path.name for path in database.parent.iterdir() if path.suffix not in (".db-shm", ".db-wal")
    )


@pytest.mark.parametrize("sql", HOSTILE)
def test_what_is_not_a_question_is_refused_and_changes_nothing(
    database: Path, sql: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    before = contents(database)
    with pytest.raises(NoAnswer):
        ask(database, sql, seconds=SECONDS)
    assert contents(database) == before
    assert ask(database, "SELECT count(*) FROM accounts").rows == [[2]]


@pytest.mark.parametrize("sql", ENDLESS)
def test_what_never_ends_or_needs_everything_comes_to_an_end(database: Path, sql: str) -> None:
    before = contents(database)
    try:
        found = ask(database, sql, seconds=0.3)
    except NoAnswer:
        pass
    else:
        assert sum(len(str(cell)) for row in found.rows for cell in row) < 30_000_000
    assert contents(database) == before


def test_rows_are_answered_as_they_are(database: Path) -> None:
    assert ask(database, "SELECT account, label, NULL AS none, 1.5 AS half FROM accounts ORDER BY account DESC") == Rows(
        ["account", "label", "none", "half"], [["x:a", "Ümraniye İ", None, 1.5], ["facebook:b", "", None, 1.5]], False
    )
    assert ask(database, "VALUES (9223372036854775807, x'00ff', 1e999, -1e999)").rows == [
        [9223372036854775807, "x'00ff'", str(math.inf), str(-math.inf)]
    ]
    assert ask(database, "SELECT value FROM json_each('[1, 2]')").rows == [[1], [2]]
    assert ask(database, "SELECT name FROM pragma_table_info('edits')").rows[0] == ["account"]
    assert ask(database, "WITH own AS (SELECT * FROM accounts) SELECT count(*) FROM own").rows == [[2]]
    assert ask(database, "SELECT CAST(x'61ff62' AS TEXT)").rows == [["a�b"]]


def test_more_rows_than_are_wanted_are_left_out_and_told(database: Path) -> None:
    found = ask(database, f"{FOREVER} SELECT n FROM c", most=10)
    assert [row[0] for row in found.rows] == list(range(1, 11)) and found.more
    assert not ask(database, "SELECT account FROM accounts", most=2).more


def test_a_row_is_at_most_a_megabyte(database: Path) -> None:
    columns = ", ".join(f"{BIG} AS c{n}" for n in range(20))
    found = ask(database, f"SELECT {columns} FROM accounts")
    assert all(sum(len(str(cell)) for cell in row) <= 1_000_020 for row in found.rows)
    assert str(found.rows[0][0]).endswith("…")


def test_bodies_of_answers_and_files_are_closed(database: Path) -> None:
    with opened(database, ZONE) as storage:
        storage.connection.execute(
            "INSERT INTO evidence (sha256, name, bytes, body, added_at) VALUES ('0', 'kurul.pdf', 5, x'6869', '2026-01-01T00:00:00Z')"
        )
        storage.connection.commit()
    assert ask(database, "SELECT name, body, hex(body), (SELECT max(body) FROM evidence) FROM evidence").rows == [
        ["kurul.pdf", None, "", None]
    ]


def test_without_a_database_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoAnswer, match="mecra collect"):
        ask(tmp_path / "none.db", "SELECT 1")


@pytest.mark.parametrize("one", QUESTIONS, ids=lambda one: one.name)
def test_every_ready_question_is_understood(database: Path, one: object) -> None:
    assert one in QUESTIONS
    found = question(getattr(one, "name", ""))
    assert found is one
    assert ask(database, getattr(one, "sql", "").strip()).columns


def test_every_table_has_its_line(database: Path) -> None:
    with opened(database, ZONE, read_only=True) as storage:
        there = sources(storage)
    assert len(QUESTIONS) >= 15 and len({one.name for one in QUESTIONS}) == len(QUESTIONS)
    assert {one.name for one in there} == set(MEANINGS)
    assert all(one.columns and one.meaning for one in there)
    assert there[0].view and not there[-1].view
