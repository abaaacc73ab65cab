"""The traps of the libraries that we stand on, each set off once to show that we don't step into it.

Those of the door (no timeouts, tokens in exception texts, own sleeping) are in test_door.py, of the file (busy snapshot, two
migrations at once, a newer schema) in storage/test_database.py, of the daemon (SIGTERM with a hung job, a starved pool, a second
instance, Turkish status) in test_daemon.py, of settings and secrets (encodings, modes) in test_settings.py and test_secrets.py.
"""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from filelock import FileLock
from sqlite_utils import Database

from collectors.turkish import fold
from config.secrets import Secrets
from daemon import Daemon
from model import Account, Post, Reading, Records
from scheduler import Jobs
from storage import StorageError, opened
from storage.database import transaction
from tests.conftest import ISTANBUL, fake_settings
from tests.fakes import NOON
from tests.storage.test_pages import exchange

ROOT = Path(__file__).parent.parent
PROGRAM = [p for part in ("config", "collectors", "storage", "console", "sandbox") for p in (ROOT / part).rglob("*.py")] + [
    *ROOT.glob("*.py")
]


def everywhere(pattern: str) -> list[str]:
    return [p.name for p in PROGRAM if re.search(pattern, p.read_text(encoding="utf-8"))]


# -- sqlite-utils


def test_upsert_all_writes_null_over_good_data_and_we_do_not(tmp_path: Path) -> None:
    trap: Any = Database(memory=True).table("posts")
    trap.upsert_all([{"id": 1, "text": "iyi", "url": "http://h/"}], pk="id")
    trap.upsert_all([{"id": 1, "text": "yeni"}, {"id": 2, "url": "http://h/2"}], pk="id")
    assert trap.get(1)["url"] is None, "the trap is still there"
    with opened(tmp_path / "m.db", ISTANBUL) as storage:
        storage.register([Account("x:a", "x", "a")])
        walk = storage.begin("x:a", "posts", since=NOON, now=NOON, trigger="t", memo={}, missed=0)
        posts = (Post("1", "post", NOON, "http://h/", "iyi"), Post("2", "post", NOON, text="metin"))
        mixed = (Post("1", "post", NOON, "", "yeni"), Post("2", "post", NOON, "http://h/2", ""), Post("3", "post", NOON))
        for several in (posts, mixed):
            storage.save(walk, walk, [(exchange(), Records(posts=several))])
        rows = storage.connection.execute("SELECT post, text, url FROM posts ORDER BY post").fetchall()
    assert rows == [("1", "yeni", "http://h/"), ("2", "metin", "http://h/2"), ("3", "", "")]


def test_a_with_on_the_connection_does_not_roll_back_and_ours_does(tmp_path: Path) -> None:
    db = Database(tmp_path / "trap.db")
    with pytest.raises(RuntimeError), db.conn:
        db.table("t").insert({"a": 1})
        raise RuntimeError
    assert db.table("t").count == 1, "the trap is still there"
    with opened(tmp_path / "m.db", ISTANBUL) as storage:
        with pytest.raises(RuntimeError), transaction(storage.connection):
            storage.connection.execute("INSERT INTO accounts (account, platform, handle) VALUES ('x:a', 'x', 'a')")
            raise RuntimeError
        assert storage.accounts() == []


def test_nothing_is_replaced_that_has_children() -> None:
    """`replace` deletes the row first, and with it whatever hangs on it."""
    assert everywhere(r"replace=True|alter=True|\.upsert|\.insert_all") == []
    for path in (ROOT / "storage").glob("*.py"):
        for table in re.findall(r"INSERT OR REPLACE INTO (\w+)|REPLACE INTO (\w+)", path.read_text(encoding="utf-8")):
            assert set(table) - {""} <= {"definitions", "breaks"}, path


@pytest.mark.parametrize("value", [1.5, "12x", None, float("nan"), b"1"])
def test_a_value_that_is_no_whole_number_is_refused(tmp_path: Path, value: Any) -> None:
    with opened(tmp_path / "m.db", ISTANBUL) as storage:
        storage.register([Account("x:a", "x", "a")])
        walk = storage.begin("x:a", "posts", since=NOON, now=NOON, trigger="t", memo={}, missed=0)
        with pytest.raises((sqlite3.Error, StorageError)):
            storage.save(walk, walk, [(exchange(), Records(readings=(Reading("views", value, "p"),)))])
        assert storage.connection.execute("SELECT count(*) FROM readings").fetchone() == (0,)


def test_one_connection_a_thread(tmp_path: Path) -> None:
    from threading import Thread

    said: list[str] = []
    with opened(tmp_path / "m.db", ISTANBUL) as storage:

        def elsewhere() -> None:
            try:
                storage.accounts()
            except sqlite3.ProgrammingError as error:
                said.append(str(error))

        thread = Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert "thread" in said[0]


def test_turkish_letters_are_found_in_either_case() -> None:
    """SQLite's own folding does not find ısparta for Isparta; `lower` makes nine letters of İSTANBUL."""
    connection = sqlite3.connect(":memory:")
    assert connection.execute("SELECT lower('ISPARTA') = 'ısparta'").fetchone() == (0,) and len("İSTANBUL".lower()) == 9
    assert fold("ISPARTA") == fold("ısparta") == fold("Isparta")
    assert fold("İSTANBUL") == fold("istanbul") and len(fold("İSTANBUL")) == 8
    assert fold("ÜMRANİYE BELEDİYESİ") == fold("Ümraniye Belediyesi")


# -- APScheduler


class Caught(Exception):
    """The scheduler as it was about to start."""


@pytest.fixture
def scheduled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BackgroundScheduler:
    """The daemon's scheduler with its jobs, not started."""
    settings = fake_settings(tmp_path, "http://127.0.0.1:9", accounts=2)
    held: list[BackgroundScheduler] = []

    def start(self: BackgroundScheduler, paused: bool = False) -> None:
        held.append(self)
        raise Caught

    monkeypatch.setattr(BackgroundScheduler, "start", start)
    monkeypatch.setattr("signal.signal", lambda number, handler: None)
    with pytest.raises(Caught):
        Daemon(settings, Jobs(settings, Secrets({}))).run()
    return held[0]


def test_a_run_that_is_late_is_made_all_the_same_and_once(scheduled: BackgroundScheduler) -> None:
    """By default a run that is more than a second late is left out with a warning."""
    jobs = [job for job, _, _ in scheduled._pending_jobs]
    assert jobs
    for job in jobs:
        assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)


def test_the_clock_only_ticks_and_the_database_says_what_is_due(scheduled: BackgroundScheduler) -> None:
    """No cron line (whose Monday is another day here), no stored jobs, nothing that a restart could forget or double."""
    assert all(isinstance(job.trigger, IntervalTrigger) for job, _, _ in scheduled._pending_jobs)
    assert everywhere(r"from_crontab|CronTrigger|SQLAlchemyJobStore|jobstore") == []


def test_the_lock_of_a_failed_daemon_is_free_again(tmp_path: Path, scheduled: BackgroundScheduler) -> None:
    with FileLock(tmp_path / "daemon.lock", timeout=0):
        pass


# -- SDKs


def test_no_sdk_sleeps_on_its_own() -> None:
    assert everywhere(r"wait_on_rate_limit\s*=\s*True|num_retries\s*=\s*[1-9]|allow_redirects\s*=\s*True") == []
    assert everywhere(r"wait_exponential_jitter\(initial") == []


# -- time


def test_half_years_end_at_istanbul_s_midnight_whatever_the_machine_s_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    from collectors.ladder import edges_around

    for zone in ("America/Los_Angeles", "Asia/Tokyo", "UTC"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        try:
            _, last, following = edges_around(datetime(2026, 3, 1, tzinfo=UTC), ZoneInfo("Europe/Istanbul"))
            assert (last, following) == (datetime(2025, 12, 31, 21, tzinfo=UTC), datetime(2026, 6, 30, 21, tzinfo=UTC))
            assert following - last == timedelta(days=181)
        finally:
            monkeypatch.undo()
            time.tzset()
