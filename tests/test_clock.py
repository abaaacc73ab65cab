"""A machine whose clock is wrong stores nothing of a platform, says so, and goes on as soon as it is right."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from collectors.answers import Answer
from collectors.clock import ahead
from config import Settings
from config.secrets import Secrets
from model import Account, to_text
from sandbox.server import Sandbox
from sandbox.world import World
from scheduler import Jobs, Run

NOW = datetime(2026, 2, 1, 6, tzinfo=UTC)
DAY = timedelta(days=1)
ACCOUNT = Account("x:ornekbelediye", "x", "ornekbelediye")


@dataclass
class Machine:
    """mecra on a machine whose clock is `off` by so much."""

    box: Sandbox
    folder: Path
    off: timedelta = timedelta(0)

    def now(self) -> datetime:
        return self.box.now + self.off

    def jobs(self) -> Jobs:
        settings = Settings(
            self.folder / "mecra.toml", self.folder, "Örnek", ZoneInfo("Europe/Istanbul"), since=date(2025, 12, 28), accounts=(ACCOUNT,),
            platforms={"x": {"api_root": f"{self.box.url}/x"}},
        )  # fmt: skip
        jobs = Jobs(settings, Secrets({}, self.folder / "secrets.toml"), now=self.now, sleep=lambda _: None)
        jobs.prepare()
        return jobs

    def collected(self) -> list[Run]:
        return self.jobs().collect([ACCOUNT], only_due=True, trigger="schedule")

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.folder / "mecra.db") as connection:
            return connection.execute(query, values).fetchall()


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    tokens = {"client_id": "sandbox-x-client", "client_secret": "sandbox-x-client-secret", "refresh_token": "sandbox-x-refresh"}
    Secrets({}, tmp_path / "secrets.toml").put("x", **tokens)
    with Sandbox(World(start=date(2025, 12, 28), end=date(2026, 3, 1), scale=0.3), now=NOW) as box:
        box.dates = lambda: box.now
        yield Machine(box, tmp_path)


@pytest.mark.parametrize("off", [DAY, -DAY, 400 * DAY, timedelta(hours=2)])
def test_nothing_is_stored_by_a_wrong_clock_and_everything_once_it_is_right(machine: Machine, off: timedelta) -> None:
    machine.collected()
    machine.box.now += DAY
    before = machine.rows("SELECT * FROM readings ORDER BY reading")
    machine.off = off
    while machine.box.now < NOW + 2 * DAY:  # X's tokens run out meanwhile, and are changed
        for run in machine.collected():
            assert run.walk and run.walk.outcome == "failed" and "this machine's clock is" in run.walk.error
        machine.box.now += timedelta(hours=8)
    assert machine.rows("SELECT * FROM readings ORDER BY reading") == before
    machine.off = timedelta(0)
    runs = machine.collected()
    assert {(run.stream, run.walk.outcome) for run in runs if run.walk} == {(s, "done") for s in ("profile", "posts", "private")}
    assert machine.rows("SELECT account FROM walks WHERE started_at > ? OR finished_at IS NULL", to_text(machine.box.now)) == []
    machine.box.now += timedelta(hours=2)
    machine.collected()
    now, world = machine.box.now, machine.box.world
    newest = dict(machine.rows("SELECT post, value FROM readings WHERE metric = 'views' AND ? BETWEEN at AND until", to_text(now)))
    assert {post.post for post in world.visible("x", now) if post.published_at > now - DAY} <= newest.keys()
    assert newest == {post.post: world.counter(post, "views", now) for post in world.visible("x", now) if post.post in newest}


@pytest.mark.parametrize("date_line", ["", "yesterday", "Tue, 31 Feb 2026 25:00:00 GMT"])
def test_who_says_no_time_says_nothing_of_our_clock(date_line: str) -> None:
    assert ahead(Answer("GET", "https://x.example/", 200, {"Date": date_line}, b"", NOW)) is None
    assert ahead(Answer("GET", "https://x.example/", 200, {}, b"", NOW)) is None


def test_walks_of_a_clock_that_was_far_ahead_keep_nothing_from_being_read(machine: Machine) -> None:
    """A platform that tells no time: what was begun in the future neither counts as done nor holds the next walk up."""
    machine.box.dates = None
    machine.off = 400 * DAY
    assert {run.walk.outcome for run in machine.collected() if run.walk} == {"done"}
    machine.box.fault("500")
    machine.box.now += DAY
    machine.collected()
    machine.box.faults.clear()
    machine.off = timedelta(0)
    started = {run.walk.started_at for run in machine.collected() if run.walk and run.walk.outcome == "done"}
    assert started == {machine.box.now}
