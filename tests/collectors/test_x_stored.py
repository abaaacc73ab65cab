"""X through the page loop into the database: stored once, resumed where it stopped, deletions and falls marked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from archive import rebuild
from config import Settings
from config.secrets import Secrets
from model import Account, to_text
from sandbox.server import Sandbox
from sandbox.world import World
from scheduler import Jobs

NOW = datetime(2026, 2, 1, 6, tzinfo=UTC)
ACCOUNT = Account("x:ornekbelediye", "x", "ornekbelediye")
TOKENS = {
    "MECRA_X_API_KEY": "sandbox-x-key", "MECRA_X_API_SECRET": "sandbox-x-key-secret",
    "MECRA_X_ACCESS_TOKEN": "sandbox-x-access", "MECRA_X_ACCESS_SECRET": "sandbox-x-access-secret",
}  # fmt: skip
FIGURES = ("views", "likes", "comments", "shares", "quotes", "saves")


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(World(start=date(2025, 12, 28), end=date(2026, 3, 1)), now=NOW) as box:
        box.state["x_page"] = 10
        yield box


@pytest.fixture
def jobs(box: Sandbox, tmp_path: Path) -> Jobs:
    settings = Settings(
        tmp_path / "mecra.toml", tmp_path, "Örnek", ZoneInfo("Europe/Istanbul"), since=date(2025, 12, 28), accounts=(ACCOUNT,),
        platforms={"x": {"api_root": f"{box.url}/x"}},
    )  # fmt: skip
    jobs = Jobs(settings, Secrets(TOKENS), now=lambda: box.now, sleep=lambda _: None)
    jobs.prepare()
    return jobs


def rows(jobs: Jobs, query: str, *values: Any) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(jobs.settings.database)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def stored(jobs: Jobs) -> dict[tuple[str, str], int]:
    """The newest value of every counter of every post that is still there."""
    query = (
        "SELECT r.post, r.metric, r.value FROM readings r JOIN posts p USING (account, post) "
        "WHERE p.gone_at IS NULL AND r.metric IN ({}) ORDER BY r.at".format(",".join("?" * len(FIGURES)))
    )
    return {(post, metric): value for post, metric, value in rows(jobs, query, *FIGURES)}


def truth(box: Sandbox) -> dict[tuple[str, str], int]:
    return {(p.post, m): box.world.counter(p, m, box.now) for p in box.world.visible("x", box.now) for m in FIGURES}


def test_the_database_holds_what_the_world_held_and_a_second_run_adds_nothing(jobs: Jobs, box: Sandbox) -> None:
    runs = jobs.collect([ACCOUNT])
    assert [(r.stream, r.walk.outcome if r.walk else r.skipped) for r in runs] == [
        ("profile", "done"), ("posts", "done"), ("private", "done"),
    ]  # fmt: skip
    assert stored(jobs) == truth(box)
    assert rows(jobs, "SELECT remote_id, label FROM accounts") == [("1480000000000000001", "Örnek Belediyesi")]
    before = [rows(jobs, f"SELECT count(*) FROM {table}") for table in ("posts", "readings", "gaps")]
    jobs.collect([ACCOUNT], since=datetime(2025, 12, 28, tzinfo=UTC))
    assert [rows(jobs, f"SELECT count(*) FROM {table}") for table in ("posts", "readings", "gaps")] == before


def test_growing_deleted_and_edited_posts_over_a_month(jobs: Jobs, box: Sandbox) -> None:
    jobs.collect([ACCOUNT])
    for day in (7, 14, 28):
        box.now = NOW + timedelta(days=day)
        jobs.collect([ACCOUNT], since=datetime(2025, 12, 28, tzinfo=UTC))
    assert stored(jobs) == truth(box)
    gone = {p.post for p in box.world.posts["x"] if p.deleted_at and NOW < p.deleted_at <= box.now and p.published_at <= NOW}
    known = {post for (post,) in rows(jobs, "SELECT post FROM posts WHERE gone_at IS NOT NULL")}
    assert gone <= known
    assert rows(jobs, "SELECT count(*) FROM readings WHERE fell = 1") == [(0,)]
    published = dict(rows(jobs, "SELECT post, published_at FROM posts"))
    assert all(published[p.post] == to_text(p.published_at) for p in box.world.visible("x", box.now))


def test_faults_on_the_way_leave_the_same_database(jobs: Jobs, box: Sandbox) -> None:
    for fault, match in (("duplicate-ids", "/tweets"), ("empty-page-with-cursor", "/tweets")):
        box.fault(fault, match)
    for fault in ("500", "expired-cursor", "html-200", "repeated-cursor", "cut-body"):
        box.fault(fault, "/tweets", times=4 if fault == "500" else 1, skip=2)
    for _ in range(12):
        jobs.collect([ACCOUNT], streams=["posts"])
        if not rows(jobs, "SELECT 1 FROM walks WHERE finished_at IS NULL"):
            break
    assert stored(jobs) == truth(box)
    assert rows(jobs, "SELECT count(*), count(DISTINCT post) FROM posts") == [(len(box.world.visible("x", NOW)),) * 2]
    assert len(box.faults) == sum(fault.hits > 0 for fault in box.faults)


def test_a_vanished_post_is_marked_and_a_fallen_counter_flagged(jobs: Jobs, box: Sandbox) -> None:
    box.state["x_page"] = 100
    jobs.collect([ACCOUNT], streams=["posts"])
    box.now = NOW + timedelta(hours=3)
    box.fault("vanished-post", "/tweets")
    box.fault("falling-counter", "/tweets")
    newest = box.world.visible("x", box.now)[0].post
    jobs.collect([ACCOUNT], streams=["posts"], since=datetime(2025, 12, 28, tzinfo=UTC))
    assert rows(jobs, "SELECT post FROM posts WHERE gone_at IS NOT NULL") == [(newest,)]
    fell = rows(jobs, "SELECT count(*) FROM readings WHERE fell = 1")[0][0]
    assert fell > 200
    assert rows(jobs, "SELECT count(*) FROM readings WHERE value = 0 AND fell = 1 AND metric = 'views'") == [(0,)]


def test_the_archive_alone_gives_the_same_tables(jobs: Jobs, box: Sandbox) -> None:
    box.fault("missing-key", "/tweets", times=1)
    box.fault("number-as-string", "/tweets", times=2)
    jobs.collect([ACCOUNT])
    assert rebuild(jobs) == {}
