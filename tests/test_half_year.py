"""A simulated half-year through every collector, against what the world held: exactly, once, and again from the archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from archive import rebuild
from config import Settings
from config.plan_file import load_plan
from config.secrets import Secrets
from console.demo import SECRETS, Clock, moments, sandbox_process, simulate, write_settings
from console.demo_staff import hand_in_plan, settled
from indicators.explain import explain
from indicators.statement import Statement, state
from model import Account, Period, Walk, from_text
from sandbox.press import items
from sandbox.world import ISTANBUL, ZONES, World, WorldPost
from scheduler import Jobs
from storage import opened
from tests import indicator_truth
from tests.truth import appearance, expected, stories_told

DERIVED = ("posts", "readings", "articles", "gaps")
WORLD = World()
HALF = Period.half_of(WORLD.start)


@dataclass(frozen=True)
class HalfYear:
    settings: Settings
    clock: Clock
    jobs: Jobs
    failed: tuple[str, ...]

    @property
    def db(self) -> sqlite3.Connection:
        return sqlite3.connect(self.settings.database)


@pytest.fixture(scope="module")
def half_year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HalfYear]:
    directory = tmp_path_factory.mktemp("half-year")
    failed: list[str] = []

    def note(account: Account, stream: str, walk: Walk) -> None:
        if walk.error:
            failed.append(walk.error)

    with sandbox_process() as url:
        settings = write_settings(directory, url, WORLD)
        clock = Clock(url, next(moments(WORLD.start, WORLD.end)))
        hand_in_plan(settings, WORLD, clock())
        for _ in simulate(settings, clock, WORLD.start, WORLD.end, note):
            pass
        jobs = Jobs(settings, Secrets({}, settings.data / "secrets.toml"), now=clock, sleep=clock.sleep)
        yield HalfYear(settings, clock, jobs, tuple(failed))


def rows(half: HalfYear) -> dict[str, int]:
    return {table: half.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in DERIVED}


def test_nothing_failed(half_year: HalfYear) -> None:
    assert half_year.failed == ()
    open_walks = half_year.db.execute("SELECT account, stream, error FROM walks WHERE finished_at IS NULL").fetchall()
    assert open_walks == []


def test_every_value_is_the_worlds_at_both_ends_of_its_life(half_year: HalfYear) -> None:
    told = stories_told(WORLD)
    readings = half_year.db.execute("SELECT account, post, metric, day, value, at, until FROM readings").fetchall()
    assert len(readings) > 20_000
    wrong = [
        (account, post, metric, day, value, at)
        for account, post, metric, day, value, at, until in readings
        for moment in {at, until}
        if expected(WORLD, told, account, post, metric, day, moment) != value
    ]
    assert wrong == []


@pytest.mark.parametrize("platform", ["x", "facebook", "instagram", "youtube"])
def test_every_post_is_there_once_and_the_deleted_ones_are_marked(half_year: HalfYear, platform: str) -> None:
    stored = {
        post: (kind, published, gone)
        for post, kind, published, gone in half_year.db.execute(
            "SELECT post, kind, published_at, gone_at FROM posts JOIN accounts USING (account) WHERE platform = ? AND stream != 'stories'",
            (platform,),
        )
    }
    in_world = {post.post: post for post in WORLD.posts[platform]}
    own = {post: row for post, row in stored.items() if post in in_world}
    assert own.keys() == in_world.keys()
    assert {p: row[1] for p, row in own.items()} == {
        p: post.published_at.strftime("%Y-%m-%dT%H:%M:%SZ") for p, post in in_world.items()
    }
    assert {p for p, row in own.items() if row[2]} == {p for p, post in in_world.items() if post.deleted_at}


@pytest.mark.parametrize("platform", ["facebook", "instagram", "youtube"])
def test_every_settled_day_has_every_figure_of_its_series(half_year: HalfYear, platform: str) -> None:
    days = [WORLD.start + timedelta(days=n) for n in range((WORLD.end - WORLD.start).days)]
    stored = half_year.db.execute(
        "SELECT metric, count(DISTINCT day) FROM readings JOIN accounts USING (account) "
        "WHERE platform = ? AND day >= ? AND day < ? GROUP BY metric",
        (platform, WORLD.start.isoformat(), WORLD.end.isoformat()),
    ).fetchall()
    assert len(stored) >= 6
    assert {metric: count for metric, count in stored if count != len(days)} == {}
    assert ZONES[platform].key == "America/Los_Angeles"


@pytest.mark.parametrize("platform", ["x", "facebook", "instagram", "youtube"])
def test_the_followers_were_read_within_the_last_hour_of_the_half_year(half_year: HalfYear, platform: str) -> None:
    edge = midnight_in_istanbul(WORLD.end)
    last = half_year.db.execute(
        "SELECT max(finished_at) FROM walks JOIN accounts USING (account) WHERE platform = ? AND stream = 'profile' AND outcome = 'done' "
        "AND finished_at <= ?",
        (platform, edge),
    ).fetchone()[0]
    assert from_text(edge) - from_text(last) <= timedelta(hours=1)
    at_the_edge = half_year.db.execute(
        "SELECT count(*) FROM readings JOIN accounts USING (account) WHERE platform = ? AND post IS NULL AND metric = 'followers' "
        "AND day IS NULL AND at <= ? AND readings.until >= ?",
        (platform, last, last),
    ).fetchone()[0]
    assert at_the_edge == 1


def midnight_in_istanbul(day: date) -> str:
    return datetime.combine(day, time(), ISTANBUL).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_second_identical_run_adds_no_row(half_year: HalfYear) -> None:
    runs = half_year.jobs.collect(half_year.settings.accounts)
    again = rows(half_year)
    runs += half_year.jobs.collect(half_year.settings.accounts)
    assert [run.walk.error for run in runs if run.failed and run.walk] == []
    assert rows(half_year) == again


def test_the_tables_come_out_of_the_archive_equal(half_year: HalfYear) -> None:
    assert rebuild(half_year.jobs) == {}


def test_no_secret_is_in_the_data_directory(half_year: HalfYear) -> None:
    secrets = [value.encode() for names in SECRETS.values() for name, value in names.items() if name not in ("client_id",)]
    files = [file for file in Path(half_year.settings.data).rglob("*") if file.is_file() and file.name != "secrets.toml"]
    assert any(file.name == "mecra.db" for file in files)
    for (url,) in half_year.db.execute("SELECT url FROM responses"):
        assert not any(secret in url.encode() for secret in secrets)
    assert [(file.name, secret) for file in files for secret in secrets if secret in file.read_bytes()] == []


def test_every_appearance_is_there_once_with_its_verdict(half_year: HalfYear) -> None:
    stored = half_year.db.execute("SELECT url, status FROM articles ORDER BY 1").fetchall()
    in_world = {(item.host, item.number): item.status for item in items(WORLD) if item.status != "none"}
    assert len(in_world) > 1000
    assert len(stored) == len(in_world)
    assert {appearance(url): status for url, status in stored} == in_world


def test_copies_of_one_text_are_one_story(half_year: HalfYear) -> None:
    stored = {
        appearance(url): story for url, story in half_year.db.execute("SELECT url, story FROM articles WHERE status = 'counted'")
    }
    together: dict[str, set[str]] = {}
    for item in items(WORLD):
        if item.status == "counted":
            together.setdefault(item.story, set()).add(stored[item.host, item.number])
    split = {story: stories for story, stories in together.items() if len(stories) > 1}
    assert split == {}
    assert len(set(stored.values())) == len(together)


# -- the indicators of the half-year, against the world


@pytest.fixture(scope="module")
def statement(half_year: HalfYear) -> Statement:
    plan = load_plan(half_year.settings.plan)
    at = settled(half_year.settings, HALF)
    with opened(half_year.settings.database, half_year.settings.zone, read_only=True) as storage:
        return state(storage, plan, HALF, at)


def read_last(half_year: HalfYear) -> indicator_truth.Read:
    """When the counters of a post were last read before the half-year closed: with all others in its last hour, or before it was deleted."""
    edge = midnight_in_istanbul(WORLD.end)
    query = (
        "SELECT max(min(r.until, ?)) FROM readings r JOIN accounts USING (account) "
        "WHERE platform = ? AND post = ? AND metric IN ('likes', 'reactions') AND day IS NULL AND at <= ?"
    )

    def read(platform: str, post: WorldPost) -> datetime:
        until = from_text(half_year.db.execute(query, (edge, platform, post.post, edge)).fetchone()[0])
        last = max(moment for moment in moments(WORLD.start, WORLD.end) if moment <= until)
        assert post.deleted_at or from_text(edge) - last <= timedelta(hours=1)
        return last

    return read


def test_all_eight_indicators_are_the_worlds(half_year: HalfYear, statement: Statement) -> None:
    edge = midnight_in_istanbul(WORLD.end)
    read_at = {
        platform: half_year.db.execute(
            "SELECT max(started_at) FROM walks WHERE account LIKE ? AND stream = 'profile' AND outcome = 'done' AND started_at <= ?",
            (f"{platform}:%", edge),
        ).fetchone()[0]
        for platform in WORLD.posts
    }
    read = read_last(half_year)
    met, planned = indicator_truth.slots_met(WORLD, HALF)
    assert {standing.code: standing.measured.value for standing in statement.standings} == {
        "PG3.1.1": indicator_truth.news(WORLD, HALF),
        "PG3.1.2": indicator_truth.followers(WORLD, read_at),
        "PG3.1.3": indicator_truth.weeks(WORLD, HALF, "Örnek 7/24 bülteni"),
        "PG3.1.4": indicator_truth.weeks(WORLD, HALF, "1 Dakikada 1 Hafta"),
        "PG3.1.5": Fraction(met, planned),
        "PG3.1.6": indicator_truth.posts(WORLD, HALF),
        "PG3.1.7": indicator_truth.views(WORLD, HALF, read),
        "PG3.1.8": indicator_truth.engagements(WORLD, HALF, read),
    }
    assert {standing.measured.coverage for standing in statement.standings} == {1}


def test_only_what_waits_for_a_person_is_missing(statement: Statement) -> None:
    waiting = sum(item.status == "review" for item in items(WORLD))
    assert statement.lacking == ("PG3.1.1",)
    assert [note.values for note in statement.standings[0].measured.lacks] == [{"articles": waiting}]


@pytest.mark.parametrize(
    "account", ["x:ornekbelediye", "facebook:ornekbelediye", "instagram:ornekbelediye", "youtube:ornekbelediye"]
)
def test_without_an_account_its_indicators_are_provisional_and_so_is_the_goal(
    half_year: HalfYear, tmp_path: Path, account: str
) -> None:
    """Its answers are taken out of a copy: whatever rests on them is then known in part, and says so."""
    copy = tmp_path / "copy.db"
    with sqlite3.connect(copy) as target:
        half_year.db.backup(target)
    with sqlite3.connect(copy) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        for table in ("readings", "posts", "gaps"):
            db.execute(f"DELETE FROM {table} WHERE account = ?", (account,))
        db.execute("DELETE FROM walks WHERE account = ?", (account,))
    with opened(copy, half_year.settings.zone) as storage:
        found = state(storage, load_plan(half_year.settings.plan), HALF, settled(half_year.settings, HALF))
    status = {
        standing.code: (standing.status, standing.measured.coverage < 1, bool(standing.measured.lacks))
        for standing in found.standings
    }
    assert {code for code, told in status.items() if told == ("provisional", True, True)} >= {
        "PG3.1.2",
        "PG3.1.5",
        "PG3.1.6",
        "PG3.1.7",
        "PG3.1.8",
    }
    assert found.status == "provisional"
    parts = [(standing.code, part) for standing in found.standings for part in standing.measured.parts]
    assert [(code, part.part) for code, part in parts if part.part.startswith(account) and part.value is not None] == []


def test_every_figure_is_the_sum_of_rows_that_name_their_answers(half_year: HalfYear, statement: Statement) -> None:
    with opened(half_year.settings.database, half_year.settings.zone, read_only=True) as storage:
        plan, at = load_plan(half_year.settings.plan), settled(half_year.settings, HALF)
        for standing in statement.standings:
            told = explain(storage, plan, standing.code, HALF, at, most=None)
            assert sum(step.value or 0 for step in told.steps) == standing.measured.numerator, standing.code
            cited = {number for step in told.steps for number in step.responses}
            assert cited == told.answers.keys()
            if standing.code not in ("PG3.1.3", "PG3.1.4", "PG3.1.5"):  # of issues and slots the post is named
                assert all(step.responses for step in told.steps), standing.code
