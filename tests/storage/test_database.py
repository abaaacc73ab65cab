"""The file: opened, migrated, shared, and refused when it is not what it should be."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from model import Account
from storage import StorageError, opened, schema
from storage.database import APPLICATION_ID, MIGRATIONS, connect, migrate, transaction
from tests.conftest import ISTANBUL

FORK = multiprocessing.get_context("fork")


def pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_how_a_writer_s_connection_is_set(tmp_path: Path) -> None:
    with opened(tmp_path / "deep" / "er" / "mecra.db", ISTANBUL) as storage:
        found = {
            name: pragma(storage.connection, name)
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "application_id", "synchronous")
        }
    assert found == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 30_000,
        "application_id": APPLICATION_ID,
        "synchronous": 2,
    }


def test_the_steps_are_those_that_are_known_without_importing_them() -> None:
    assert tuple(step.name for step in schema.migrations.pending(Database(memory=True))) == MIGRATIONS


def test_every_table_is_strict_and_every_key_points_somewhere(tmp_path: Path) -> None:
    with opened(tmp_path / "mecra.db", ISTANBUL) as storage:
        tables = storage.connection.execute(
            "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main'"
        ).fetchall()
        assert {name for name, strict in tables if not strict and not name.startswith(("sqlite_", "_sqlite"))} == set()
        for name, _ in tables:
            for key in storage.connection.execute(f"PRAGMA foreign_key_list({name})"):
                assert key[2] in {n for n, _ in tables}
        assert pragma(storage.connection, "integrity_check") == "ok"
        for (view,) in storage.connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
            storage.connection.execute(f"SELECT * FROM {view}").fetchall()


def test_a_reader_can_not_write_and_does_not_create(tmp_path: Path) -> None:
    path = tmp_path / "mecra.db"
    with pytest.raises(StorageError, match="mecra collect"), opened(path, ISTANBUL, read_only=True):
        pass
    assert not path.exists()
    with opened(path, ISTANBUL) as writer, opened(path, ISTANBUL, read_only=True) as reader:
        writer.register([Account("x:a", "x", "a")])
        assert len(reader.accounts()) == 1
        with pytest.raises(StorageError, match="readonly"):
            reader.register([Account("x:b", "x", "b")])


def test_a_reader_sees_a_whole_page_or_none_of_it(tmp_path: Path) -> None:
    path = tmp_path / "mecra.db"
    with opened(path, ISTANBUL) as writer, opened(path, ISTANBUL, read_only=True) as reader:
        with transaction(writer.connection):
            writer.connection.execute("INSERT INTO accounts (account, platform, handle) VALUES ('x:a', 'x', 'a')")
            assert reader.accounts() == []
        assert len(reader.accounts()) == 1


# -- what is refused


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE places (url TEXT)")


def garbage(path: Path) -> None:
    path.write_bytes(b"This is no database. " * 500)


def folder(path: Path) -> None:
    path.mkdir()


def below_a_file(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_text("a file where the directory should be")


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("spoil", [foreign, garbage, folder, below_a_file])
def test_what_is_no_database_of_ours_is_refused_by_name(tmp_path: Path, spoil: Callable[[Path], None], read_only: bool) -> None:
    path = tmp_path / "data" / "mecra.db"
    path.parent.mkdir()
    spoil(path)
    with pytest.raises(StorageError, match=r"mecra\.db"), opened(path, ISTANBUL, read_only=read_only):
        pass


def test_damage_that_is_met_later_is_said_with_a_cure(tmp_path: Path) -> None:
    path = tmp_path / "mecra.db"
    with opened(path, ISTANBUL) as storage:
        storage.register([Account(f"x:{n}", "x", "a" * 900) for n in range(60)])
    raw = path.read_bytes()
    path.write_bytes(raw[:8192] + b"\xff" * (len(raw) - 8192))
    with pytest.raises(StorageError, match=r"is damaged: .*mecra restore"), opened(path, ISTANBUL) as storage:
        storage.accounts()


def test_a_torn_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mecra.db"
    with opened(path, ISTANBUL):
        pass
    raw = path.read_bytes()
    assert not path.with_name("mecra.db-wal").exists()
    path.write_bytes(raw[:100] + b"\xff" * 4000 + raw[4100:])
    with pytest.raises(StorageError, match=r"is damaged: .*mecra restore"), opened(path, ISTANBUL):
        pass


@pytest.mark.parametrize("read_only", [True, False])
def test_a_database_of_a_newer_mecra_is_refused(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "mecra.db"
    with opened(path, ISTANBUL) as storage:
        storage.connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('mecra', 'from_the_future', '2030')"
        )
        storage.connection.commit()
    with pytest.raises(StorageError, match=r"newer mecra.*from_the_future.*upgrade"), opened(path, ISTANBUL, read_only=read_only):
        pass


def test_a_full_disk_is_said_and_undone(tmp_path: Path) -> None:
    with opened(tmp_path / "mecra.db", ISTANBUL) as storage:
        storage.register([Account("x:a", "x", "a")])
        pages = pragma(storage.connection, "page_count")
        storage.connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageError, match="full"):
            storage.register([Account(f"x:{n}", "x", "a" * 5000) for n in range(100)])
        assert not storage.connection.in_transaction
        assert len(storage.accounts()) == 1
        storage.connection.execute("PRAGMA max_page_count = 1000000")
        storage.register([Account("x:b", "x", "b")])
        assert len(storage.accounts()) == 2


# -- one after the other


def test_nobody_gives_up_because_another_wrote_in_between(tmp_path: Path) -> None:
    """A deferred transaction that has read fails at once (SQLITE_BUSY_SNAPSHOT), whatever the busy timeout says."""
    path = tmp_path / "mecra.db"
    with opened(path, ISTANBUL) as first, opened(path, ISTANBUL) as second:
        second.connection.execute("PRAGMA busy_timeout = 100")
        with transaction(first.connection):
            first.connection.execute("SELECT count(*) FROM accounts").fetchone()
            with pytest.raises(StorageError, match="locked"):
                second.register([Account("x:b", "x", "b")])
            first.connection.execute("INSERT INTO accounts (account, platform, handle) VALUES ('x:a', 'x', 'a')")
        second.register([Account("x:b", "x", "b")])
        assert len(first.accounts()) == 2


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    path = tmp_path / "mecra.db"
    with opened(path, ISTANBUL):
        pass
    failures: list[BaseException] = []

    def writing(number: int) -> None:
        try:
            with opened(path, ISTANBUL) as storage:
                for turn in range(25):
                    storage.register([Account(f"x:{number}-{turn}", "x", "a")])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=writing, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with opened(path, ISTANBUL) as storage:
        assert len(storage.accounts()) == 100


# -- migrations


def migrating(path: Path, gate: multiprocessing.synchronize.Event, answers: multiprocessing.queues.Queue[str]) -> None:
    gate.wait()
    try:
        with opened(path, ISTANBUL) as storage:
            storage.register([Account(f"x:{os.getpid()}", "x", "a")])
        answers.put("")
    except BaseException as error:
        answers.put(repr(error))


@pytest.mark.parametrize("turn", range(4))
def test_processes_that_start_at_once_on_nothing_migrate_once(tmp_path: Path, turn: int) -> None:
    path, gate, answers = tmp_path / "mecra.db", FORK.Event(), FORK.Queue()
    processes = [FORK.Process(target=migrating, args=(path, gate, answers)) for _ in range(5)]
    for process in processes:
        process.start()
    gate.set()
    said = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(10)
    assert said == [""] * 5
    with opened(path, ISTANBUL) as storage:
        assert len(storage.accounts()) == 5
        assert [n for (n,) in storage.connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id")] == list(MIGRATIONS)


def test_a_migration_that_is_killed_is_made_again(tmp_path: Path) -> None:
    """Wherever it is cut off: the file is never taken for another program's, and the rest of the steps follow."""
    for turn in range(25):
        path = tmp_path / f"{turn}" / "mecra.db"
        process = FORK.Process(target=_open_for_ever, args=(path,))
        process.start()
        path.parent.mkdir(exist_ok=True)
        while not path.exists() and process.is_alive():
            time.sleep(0.0005)
        time.sleep(turn * 0.0012)
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join(10)
        with opened(path, ISTANBUL) as storage:
            storage.register([Account("x:a", "x", "a")])
            assert [n for (n,) in storage.connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id")] == list(MIGRATIONS)


def _open_for_ever(path: Path) -> None:
    with opened(path, ISTANBUL):
        time.sleep(60)


@pytest.mark.parametrize("done", [*range(len(MIGRATIONS) + 1)])
def test_a_database_of_any_earlier_step_is_brought_up_to_date(tmp_path: Path, done: int) -> None:
    path = tmp_path / "mecra.db"
    connection = connect(path)
    if done < len(MIGRATIONS):
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        schema.migrations.apply(Database(connection), stop_before=MIGRATIONS[done])
    migrate(connection, path)
    fresh = connect(tmp_path / "fresh.db")
    migrate(fresh, tmp_path / "fresh.db")
    listing = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    assert connection.execute(listing).fetchall() == fresh.execute(listing).fetchall()


def test_a_step_that_fails_leaves_nothing_and_is_tried_again(tmp_path: Path) -> None:
    steps, works = Migrations("mecra"), list[bool]()

    @steps()
    def first(db: Database) -> None:
        schema._run(db, "CREATE TABLE one (a INTEGER) STRICT;\n")

    @steps()
    def second(db: Database) -> None:
        schema._run(
            db, "CREATE TABLE two (a INTEGER) STRICT;\nINSERT INTO two VALUES (1);\n" + ("" if works else "CREATE TABLE two (b);\n")
        )

    connection = connect(tmp_path / "mecra.db")
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        steps.apply(Database(connection))
    names = "SELECT name FROM sqlite_master WHERE name IN ('one', 'two')"
    assert connection.execute(names).fetchall() == [("one",)]
    works.append(True)
    steps.apply(Database(connection))
    assert connection.execute("SELECT * FROM two").fetchall() == [(1,)]


def test_foreign_keys_hold(tmp_path: Path) -> None:
    with opened(tmp_path / "mecra.db", ISTANBUL) as storage:
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            storage.connection.execute(
                "INSERT INTO gaps (account, stream, metric, reason, at, until) VALUES ('x:no', 's', 'm', 'r', 'a', 'u')"
            )
        storage.connection.rollback()
