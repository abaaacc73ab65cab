"""What should be known and is not: after weeks of collecting none is open but the true ones, and each closes when its figure comes."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import rebuild
from collectors.graph_errors import TOO_FEW
from config import Settings
from config.secrets import Secrets
from console.demo import Clock, moments, simulate, write_settings
from model import Account, Walk
from sandbox import graph as sandbox_graph
from sandbox import youtube as sandbox_youtube
from sandbox.faults import Reply, Request
from sandbox.graph_instagram import FEWEST_VIEWERS
from sandbox.server import Sandbox
from sandbox.world import ISTANBUL, World
from scheduler import Jobs
from tests.truth import stories_told

WORLD = World(start=date(2026, 3, 1), end=date(2026, 3, 21))
OPEN = "SELECT account, stream, post, metric, day, reason FROM gaps WHERE filled_at IS NULL"
STORY = {"views", "reach", "shares", "replies", "engagements"}
DAYS = ("facebook", "instagram", "youtube")


@dataclass(frozen=True)
class Collected:
    settings: Settings
    jobs: Jobs
    clock: Clock
    failed: tuple[str, ...] = ()

    def all(self, query: str, *values: object) -> list[Any]:
        with closing(sqlite3.connect(self.settings.database)) as db:
            return db.execute(query, values).fetchall()


def prepared(directory: Path, box: Sandbox, *platforms: str) -> Collected:
    settings = write_settings(directory, box.url, box.world)
    settings = replace(settings, accounts=tuple(a for a in settings.accounts if a.platform in platforms))
    clock = Clock(box.url, next(moments(box.world.start, box.world.end)))
    jobs = Jobs(settings, Secrets({}, settings.data / "secrets.toml"), now=clock, sleep=clock.sleep)
    jobs.prepare()
    return Collected(settings, jobs, clock)


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collected]:
    """Twenty days, four looks a day, as in `mecra demo`."""
    failed: list[str] = []

    def note(account: Account, stream: str, walk: Walk) -> None:
        failed.extend([walk.error] if walk.error else [])

    with Sandbox(WORLD) as box:
        got = prepared(tmp_path_factory.mktemp("weeks"), box, "x", *DAYS)
        for _ in simulate(got.settings, got.clock, WORLD.start, WORLD.end, note):
            pass
        yield replace(got, failed=tuple(failed))


def test_the_only_open_gaps_are_stories_that_hardly_anybody_saw(weeks: Collected) -> None:
    quiet = {post for post, story in stories_told(WORLD).items() if story.final_views < FEWEST_VIEWERS}
    told = {post for (post,) in weeks.all("SELECT post FROM posts WHERE stream = 'stories'")}
    assert 0 < len(quiet) < len(told)
    assert set(weeks.all(OPEN)) == {
        ("instagram:ornekbelediye", "stories", post, metric, None, TOO_FEW) for post in quiet for metric in STORY
    }
    assert len(weeks.all(OPEN)) == len(quiet) * len(STORY), "each once, however often it was looked at"


def test_nothing_fails_and_no_walk_is_partial_for_a_quiet_story(weeks: Collected) -> None:
    assert weeks.failed == ()
    assert weeks.all("SELECT account, stream, notes FROM walks WHERE outcome != 'done'") == []


def test_no_reason_holds_a_date(weeks: Collected) -> None:
    reasons = {reason for (reason,) in weeks.all("SELECT DISTINCT reason FROM gaps")}
    assert reasons and not [reason for reason in reasons if re.search(r"\d{4}|\d\d[.-]\d\d", reason)]


def test_gaps_come_out_of_the_archive_equal(weeks: Collected) -> None:
    assert rebuild(weeks.jobs) == {}


def silent(request: Request, reply: Reply) -> Reply:
    """No figure of any day."""
    if request.path.endswith("/insights") and "period" in request.query:
        return replace(reply, value={"data": []})
    if request.path.endswith("/reports"):
        return replace(reply, value={name: inner for name, inner in reply.value.items() if name != "rows"})
    return reply


def test_days_that_come_late_close_their_gaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sandbox_graph.FAULTS, "silent", silent)
    monkeypatch.setitem(sandbox_youtube.FAULTS, "silent", silent)
    with Sandbox(WORLD) as box:
        got = prepared(tmp_path, box, *DAYS)
        for day, moment in enumerate(m for m in moments(WORLD.start, WORLD.end) if m.hour == 5):
            got.clock.set(moment)
            box.faults.clear()
            if day < 12:
                box.fault("silent")
            got.jobs.collect(got.settings.accounts, trigger="schedule", only_due=True, streams=["daily"])
            if day == 11:
                early = set(got.all(OPEN))
        assert {(account.partition(":")[0], stream) for account, stream, *_ in early} == {(p, "daily") for p in DAYS}
        assert min(day for *_, day, _ in early) == WORLD.start.isoformat(), "no day that begins before the walk does"
        assert set(got.all(OPEN)) < early, "what was read again is known"
        assert got.all("SELECT 1 FROM gaps WHERE filled_at IS NOT NULL LIMIT 1"), "three days of Meta's, ten of YouTube's"
        got.jobs.collect(got.settings.accounts, since=midnight(WORLD.start), streams=["daily"])
        assert got.all(OPEN) == [], "a backfill closes the rest"
        assert {filled > at for at, filled in got.all("SELECT at, filled_at FROM gaps")} == {True}
        box.fault("silent")
        got.clock.set(got.clock() + timedelta(days=1))
        got.jobs.collect(got.settings.accounts, since=midnight(WORLD.start), streams=["daily"])
        known = "SELECT 1 FROM gaps g JOIN readings r USING (account, metric, day) WHERE g.filled_at IS NULL"
        assert got.all(known) == [], "a figure that was read once is known, whatever a later answer lacks"
        assert rebuild(got.jobs) == {}


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ISTANBUL).astimezone(UTC)


def test_a_story_that_is_seen_after_all_closes_its_gap(tmp_path: Path) -> None:
    with Sandbox(WORLD) as box:
        got = prepared(tmp_path, box, "instagram")
        got.clock.set(midnight(WORLD.start + timedelta(days=5)) + timedelta(hours=13))
        box.fault("too-few-viewers", "graph")
        for _ in range(2):
            (run,) = got.jobs.collect(got.settings.accounts, streams=["stories"])
            assert run.walk and run.walk.outcome == "done" and run.walk.notes == ()
        posts = {post for _, _, post, *_ in got.all(OPEN)}
        assert posts and len(got.all(OPEN)) == len(posts) * len(STORY)
        assert got.all("SELECT count(*) FROM readings") == [(0,)]
        box.faults.clear()
        got.jobs.collect(got.settings.accounts, streams=["stories"])
        quiet = {post for post, story in stories_told(WORLD).items() if story.final_views < FEWEST_VIEWERS}
        assert {post for _, _, post, *_ in got.all(OPEN)} == posts & quiet
        assert rebuild(got.jobs) == {}
