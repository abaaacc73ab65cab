"""The daemon when its disk fills up, and when its file is damaged under it: said once, nothing made worse, no loop."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config import Settings, load
from model import utc_now
from storage import Damaged, opened
from storage.damage import mark_of
from tests.conftest import ISTANBUL
from tests.fakes import Server, Small
from tests.power.institution import found_institution, tear
from upkeep.verifying import Verifying

ROOT = Path(__file__).parents[2]
PATIENCE = 240.0
DONE = "SELECT count(*) FROM walks WHERE outcome = 'done'"


@pytest.fixture
def platform() -> Iterator[Server]:
    with Server(Small(now=utc_now(), size=4, cuts=()).answer) as running:
        yield running


def start(place: Path, platform: Server, megabytes: int) -> subprocess.Popen[str]:
    place.mkdir(exist_ok=True)
    (place / "free").write_text(str(megabytes), encoding="utf-8")
    command = [sys.executable, "-m", "tests.power.running", str(place), platform.url, str(place / "free")]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env={**os.environ})
    patience = threading.Timer(PATIENCE, process.kill)  # whoever waits for a word that never comes is told so
    patience.daemon = True
    patience.start()
    return process


def until(process: subprocess.Popen[str], text: str) -> str:
    """Read its log up to the line that says so."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if text in line:
            return said
    raise AssertionError(f"it ended and never said {text!r}: {said}")


def walks(place: Path) -> int:
    with closing(sqlite3.connect(f"{(place / 'mecra.db').as_uri()}?mode=ro", uri=True, timeout=60)) as db:
        return int(db.execute(DONE).fetchone()[0])


def wait_for_walks(place: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ((place / "mecra.db").exists() and walks(place)):
        assert time.monotonic() < deadline, "nothing was ever collected"
        time.sleep(0.05)


def test_it_collects_nothing_without_room_and_goes_on_by_itself(tmp_path: Path, platform: Server) -> None:
    process = start(place := tmp_path / "data", platform, 499)
    try:
        until(process, "nothing is collected until there is room")
        assert walks(place) == 0 and platform.asked == []
        (place / "free").write_text("540", encoding="utf-8")  # at the edge: not yet
        (place / "free").write_text("900", encoding="utf-8")
        until(process, "collecting goes on")
        wait_for_walks(place)
    finally:
        process.terminate()
        said = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode in (0, 75) and "Traceback" not in said


def test_it_ends_when_its_file_is_damaged_under_it_and_does_not_start_on_it(tmp_path: Path, platform: Server) -> None:
    process = start(place := tmp_path / "data", platform, 9000)
    try:
        wait_for_walks(place)
        tear(place, "walks", "walks_by_stream", "walks_open")
        said = process.communicate(timeout=PATIENCE)[1]
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 2, said
    assert said.count("CRITICAL") == 1 and "is damaged" in said and "mecra restore" in said and "Traceback" not in said
    assert mark_of(place / "mecra.db").exists()
    second = start(place, platform, 9000)
    said = second.communicate(timeout=PATIENCE)[1]
    assert second.returncode == 2 and "is damaged" in said and "Traceback" not in said and "running:" not in said


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(found_institution(tmp_path / "data") / "mecra.toml", {})


def test_a_page_that_nobody_reads_is_read_at_night(settings: Settings) -> None:
    night = datetime(2026, 11, 24, 3, tzinfo=UTC)
    Verifying(settings, lambda: night).work()
    with opened(settings.database, ISTANBUL) as storage:
        storage.register([])
    tear(settings.data, "messages")  # which no seal rests on
    with opened(settings.database, ISTANBUL) as storage:
        storage.register([])
    Verifying(settings, lambda: night.replace(day=25)).work()
    assert mark_of(settings.database).exists()
    with pytest.raises(Damaged), opened(settings.database, ISTANBUL):
        pass
