"""What is too large or goes round in circles is refused or bounded, and said; memory is that of the real command."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config import Settings
from config.secrets import Secrets
from console.demo import Clock, write_settings
from sandbox.server import Sandbox
from sandbox.world import World
from scheduler import Jobs, Run

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 1, 6, 12, tzinfo=UTC)
FEED = "feed:marmara-postasi"
MOST_MB = 160
# A process counts the memory of the one that it was forked from, so a small one starts the command and tells its peak.
MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def settled(directory: Path, box: Sandbox) -> Settings:
    return write_settings(directory, box.url, box.world)


def collected(settings: Settings, clock: Clock, *names: str, streams: tuple[str, ...] = ()) -> list[Run]:
    jobs = Jobs(settings, Secrets({}, settings.data / "secrets.toml"), now=clock, sleep=clock.sleep)
    jobs.prepare()
    return jobs.collect([a for a in settings.accounts if a.account in names], streams=streams)


@pytest.mark.parametrize("fault", ["huge", "gzip-bomb"])
def test_a_feed_of_200_mb_is_refused_in_little_memory(tmp_path: Path, fault: str) -> None:
    with Sandbox(World(end=date(2026, 1, 5)), now=NOW) as box:
        settings = settled(tmp_path / "data", box)
        box.fault(fault, "feeds/marmara-postasi.xml")
        command = [sys.executable, str(ROOT), "--config", str(settings.path), "--lang", "en", "collect", FEED]
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    said = done.stdout
    assert done.returncode == 1, said
    assert "more than 5 MB" in said
    assert FEED in said
    assert int(said.split()[-1]) / 1024 < MOST_MB
    with sqlite3.connect(settings.database) as connection:
        assert connection.execute("SELECT outcome FROM walks").fetchall() == [("malformed",)]
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (0,)


@pytest.mark.parametrize("fault", ["redirect-private", "redirect-loop", "bomb"])
def test_a_feed_that_leads_astray_is_refused_by_name(tmp_path: Path, fault: str) -> None:
    with Sandbox(World(end=date(2026, 1, 5)), now=NOW) as box:
        settings = settled(tmp_path, box)
        box.fault(fault, "feeds/marmara-postasi.xml")
        (run,) = collected(settings, Clock(box.url, NOW), FEED)
    assert run.failed and run.walk
    assert run.walk.outcome in ("refused", "malformed")
    assert FEED in run.walk.error and "->" in run.walk.error
    assert len(box.asked) <= 6


def test_a_name_that_resolves_to_a_private_address_is_refused(tmp_path: Path) -> None:
    with Sandbox(World(end=date(2026, 1, 5)), now=NOW) as box:
        settings = settled(tmp_path, box)
        accounts = tuple(replace(a, url=a.url.replace("127.0.0.1", "localhost")) for a in settings.accounts)
        (run,) = collected(replace(settings, accounts=accounts), Clock(box.url, NOW), FEED)
    assert run.walk and run.walk.outcome == "refused"
    assert "localhost" in run.walk.error or "private" in run.walk.error
    assert not box.asked


@pytest.mark.parametrize(
    ("account", "stream"), [("x:ornekbelediye", "posts"), ("facebook:ornekbelediye", "posts"), ("youtube:ornekbelediye", "posts")]
)
def test_a_platform_that_pages_in_a_circle_is_left_after_few_requests(tmp_path: Path, account: str, stream: str) -> None:
    with Sandbox(World(end=date(2026, 1, 5), scale=80), now=NOW) as box:
        settings = settled(tmp_path, box)
        box.fault("repeated-cursor")
        (run,) = collected(settings, Clock(box.url, NOW), account, streams=(stream,))
    assert run.walk and run.walk.outcome == "malformed"
    assert "cursor" in run.walk.error
    assert len(box.asked) < 12


def test_ten_thousand_posts_come_in_whole_or_as_far_as_the_platform_lets(tmp_path: Path) -> None:
    """X shows the newest 3,200 and no more, which is said; Facebook's listing goes on to the last."""
    with Sandbox(World(end=date(2026, 1, 6), scale=1250, deletions=False), now=NOW) as box:
        held = {name: len(box.world.visible(name, NOW)) for name in ("x", "facebook")}
        settings = settled(tmp_path, box)
        runs = collected(settings, Clock(box.url, NOW), "x:ornekbelediye", "facebook:ornekbelediye", streams=("posts",))
    assert held["x"] > 10_000 and held["facebook"] >= 10_000
    x, facebook = sorted(runs, key=lambda run: run.account.platform, reverse=True)
    assert x.walk and facebook.walk
    with sqlite3.connect(settings.database) as connection:
        stored = dict(connection.execute("SELECT account, count(*) FROM posts GROUP BY account"))
    assert 2_400 < stored["x:ornekbelediye"] <= 3_200
    assert any("3" in note and "200" in note for note in x.walk.notes), x.walk.notes
    assert facebook.walk.outcome in ("done", "partial")
    assert facebook.walk.pages >= 70
    shown = [post for post in box.world.posts["facebook"] if post.kind != "reel"]
    assert stored["facebook:ornekbelediye"] == len(shown)
