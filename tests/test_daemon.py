"""The daemon as systemd sees it: a process that starts once, tells that it lives, and ends when asked."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from config import Settings
from console.demo import write_settings
from daemon import CUT, STOP_SECONDS, lanes
from model import Account, Reading, utc_now
from sandbox.server import Sandbox
from sandbox.world import World
from storage import opened
from tests.indicators.standing import Archive

ROOT = Path(__file__).parents[1]
PATIENCE = 240.0
ENDED = (0, CUT)  # a busy machine may not finish in eight seconds what it had begun


@pytest.fixture
def box() -> Iterator[Sandbox]:
    today = utc_now().date()
    world = World(start=today - timedelta(days=3), end=today + timedelta(days=2))
    with Sandbox(world, now=utc_now()) as running:
        yield running


@pytest.fixture
def settings(box: Sandbox, tmp_path: Path) -> Settings:
    return write_settings(tmp_path / "data", box.url, box.world)


def start(settings: Settings, **environ: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT), "--config", str(settings.path), "--lang", "en", "--log-level", "info", "run"]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **environ})


def wait_for(settings: Settings, query: str, least: int) -> int:
    """Until a count in the database is reached; the daemon works at its own pace."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if settings.database.exists():
            with sqlite3.connect(settings.database, timeout=30) as connection:
                try:
                    found = int(connection.execute(query).fetchone()[0])
                except sqlite3.OperationalError:
                    found = 0
            if found >= least:
                return found
        time.sleep(0.05)
    raise AssertionError(f"never {least}: {query}")


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=PATIENCE)
    return process.returncode, said


def test_it_collects_what_is_due_and_ends_with_nothing_lost(settings: Settings, box: Sandbox) -> None:
    process = start(settings)
    wait_for(settings, "SELECT count(DISTINCT account) FROM walks WHERE outcome IN ('done', 'partial')", 12)
    wait_for(settings, "SELECT NOT EXISTS (SELECT 1 FROM walks WHERE finished_at IS NULL)", 1)
    code, said = ended(process)
    assert code in ENDED, said
    with sqlite3.connect(settings.database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM walks WHERE outcome NOT IN ('done', 'partial')").fetchone() == (0,)


def test_a_hung_request_is_cut_off_and_resumed(settings: Settings, box: Sandbox) -> None:
    fault = box.fault("timeout", "youtube/youtube/v3/playlistItems")
    process = start(settings)
    deadline = time.monotonic() + PATIENCE
    while fault.hits == 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    wait_for(settings, "SELECT count(*) FROM walks WHERE outcome IN ('done', 'partial') AND account LIKE 'x:%'", 3)
    code, said = ended(process)
    assert code == CUT, said  # cut off, not waited for
    assert STOP_SECONDS < 10
    assert "youtube" in said.splitlines()[-1]
    with sqlite3.connect(settings.database) as connection:
        still_open = connection.execute("SELECT account, stream FROM walks WHERE finished_at IS NULL").fetchall()
    assert ("youtube:ornekbelediye", "posts") in still_open  # beside it whatever other lanes had only begun
    box.faults.clear()
    box.released.set()
    again = start(settings)
    wait_for(
        settings,
        "SELECT count(*) FROM walks WHERE outcome IN ('done', 'partial') AND account LIKE 'youtube:%' AND stream = 'posts'",
        1,
    )
    wait_for(settings, "SELECT NOT EXISTS (SELECT 1 FROM walks WHERE finished_at IS NULL)", 1)
    assert ended(again)[0] in ENDED


def test_a_hung_platform_starves_no_other(settings: Settings, box: Sandbox) -> None:
    box.fault("timeout", "graph")
    # On a host of its own, as it is: whoever else is on it waits for its turn.
    text = settings.path.read_text(encoding="utf-8")
    other = text.replace(f"{box.url}/graph", f"{box.url.replace('127.0.0.1', 'localhost')}/graph")
    assert other != text
    settings.path.write_text(other, encoding="utf-8")
    process = start(settings)
    try:
        wait_for(
            settings,
            "SELECT count(DISTINCT account) FROM walks WHERE outcome IN ('done', 'partial') AND account NOT LIKE 'feed%'",
            3,
        )
        wait_for(
            settings, "SELECT count(DISTINCT account) FROM walks WHERE outcome IN ('done', 'partial') AND account LIKE 'feed%'", 12
        )
    finally:
        process.kill()
        process.communicate()


def test_it_states_where_things_stand_beside_collecting(settings: Settings, box: Sandbox) -> None:
    before = utc_now() - timedelta(days=2)
    with opened(settings.database, settings.zone) as storage:
        storage.register(settings.accounts)
        x = next(account.account for account in settings.accounts if account.platform == "x")
        Archive(storage).told(x, before, readings=[Reading("followers", 1000)])
    process = start(settings)
    wait_for(settings, "SELECT count(DISTINCT period) FROM snapshots JOIN snapshot_values USING (snapshot)", 2)
    wait_for(settings, "SELECT count(*) FROM walks WHERE outcome IN ('done', 'partial')", 5)
    assert ended(process)[0] in ENDED
    with sqlite3.connect(settings.database) as connection:
        assert connection.execute("SELECT count(*) FROM snapshots WHERE sealed_at IS NOT NULL OR status = 'ok'").fetchone() == (0,)


def test_a_plan_that_cant_be_used_keeps_nothing_from_being_collected(settings: Settings, box: Sandbox) -> None:
    text = settings.path.read_text(encoding="utf-8")
    (settings.path.parent / "card.toml").write_text("nothing = 1\n", encoding="utf-8")
    settings.path.write_text('plan = "card.toml"\n' + re.sub(r"(?m)^plan = .*$", "", text), encoding="utf-8")
    process = start(settings)
    wait_for(settings, "SELECT count(*) FROM walks WHERE outcome IN ('done', 'partial')", 5)
    code, said = ended(process)
    assert code in ENDED and said.count("no statement is taken") == 1 and "card.toml" in said


def test_a_second_one_is_refused_with_a_clear_word(settings: Settings, box: Sandbox) -> None:
    first = start(settings)
    wait_for(settings, "SELECT count(*) FROM walks", 1)
    second = start(settings)
    _, said = second.communicate(timeout=PATIENCE)
    assert second.returncode == 2
    assert "already" in said and str(settings.database) in said
    first.kill()
    first.communicate()
    third = start(settings)
    assert third.stderr is not None
    assert any("running:" in line for line in third.stderr)
    assert ended(third)[0] in ENDED


def test_it_tells_systemd_that_it_is_ready_and_lives(settings: Settings, box: Sandbox, tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(address)
        channel.settimeout(PATIENCE)
        process = start(settings, NOTIFY_SOCKET=address)
        said = channel.recv(4096).decode()
        assert said.startswith("READY=1")
        while "WATCHDOG=1" not in said:
            said = channel.recv(4096).decode()
        assert "STATUS=" in said
        assert ended(process)[0] in ENDED


def test_all_feeds_of_a_host_share_a_lane_and_platforms_have_their_own() -> None:
    feeds = [Account(f"feed:{n}", "feed", str(n), url=f"https://host{n % 7}.example/{n}.xml") for n in range(70)]
    found = lanes((Account("x:a", "x", "a"), Account("youtube:b", "youtube", "b"), *feeds))
    assert {"x", "youtube"} <= found.keys()
    for host in range(7):
        homes = {name for name, members in found.items() for a in members if a.url.startswith(f"https://host{host}.")}
        assert len(homes) == 1
    assert sum(len(members) for members in found.values()) == 72
