"""`kill -9` of a real process at 200 random moments, resumed each time: the same database as if nothing had happened."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import Asked, Server, Small
from tests.test_walk import FACTS

MOMENTS = 200
PARTS = 4
SMALL = Small(size=36, cuts=(4, 8, 12, 16, 20, 24, 28, 32), overlap=1)


class Victim:
    """Processes that collect, one after the other, and die when told. `asked` are the cursors that each asked for."""

    def __init__(self) -> None:
        self.asked: defaultdict[int, list[int]] = defaultdict(list)
        self.deadly: int | None = None
        self.patience = 0.0
        self.server = Server(self._answer)
        self.forking = subprocess.Popen(
            [sys.executable, "-m", "tests.killing"], cwd=Path(__file__).parent.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )  # fmt: skip

    def _answer(self, asked: Asked) -> bytes:
        process = int(asked.headers["x-process"])
        self.asked[process].append(int(asked.query.get("cursor", "0")))
        if len(self.asked[process]) == self.deadly:
            threading.Thread(target=self._kill, args=(process, self.patience)).start()
        return SMALL.answer(asked)

    @staticmethod
    def _kill(process: int, patience: float) -> None:
        time.sleep(patience)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    def run(self, directory: Path, *, request: int | None = None, patience: float | None = None) -> tuple[int, list[int]]:
        """One process: killed `patience` seconds after its start, or after its n-th request. How it ended, what it asked for."""
        self.deadly, self.patience = request, patience or 0.0
        assert self.forking.stdin and self.forking.stdout
        self.forking.stdin.write(f"{directory} {self.server.url}\n")
        self.forking.stdin.flush()
        child = int(self.forking.stdout.readline())
        if patience is not None and request is None:
            self._kill(child, patience)
        return int(self.forking.stdout.readline()), self.asked[child]


@pytest.fixture(scope="module")
def victim() -> Iterator[Victim]:
    found = Victim()
    with found.server:
        yield found
    assert found.forking.stdin
    found.forking.stdin.close()
    found.forking.wait(10)


def facts(directory: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(directory / "mecra.db")
    try:
        return {name: connection.execute(query).fetchall() for name, query in FACTS.items()}
    finally:
        connection.close()


def stored(directory: Path) -> tuple[int, bool]:
    """How many pages are in, and whether the walk is over. Whatever was cut off, the file is whole."""
    if not (directory / "mecra.db").exists():
        return 0, False
    connection = sqlite3.connect(directory / "mecra.db")
    try:
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'walks'").fetchone():
            return 0, False
        row = connection.execute("SELECT pages, finished_at IS NOT NULL FROM walks").fetchone()
        return (int(row[0]), bool(row[1])) if row else (0, False)
    finally:
        connection.close()


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_random_moments_and_resumed(tmp_path: Path, victim: Victim, part: int) -> None:
    draw = random.Random(part)
    quiet = tmp_path / "quiet"
    quiet.mkdir()
    began = time.monotonic()
    assert victim.run(quiet) == (0, list(range(SMALL.pages)))
    whole = time.monotonic() - began
    expected = facts(quiet)
    assert len(expected["posts"]) == 36 and len(expected["gaps"]) == 6
    kills, turn = 0, 0
    while kills < MOMENTS // PARTS:
        turn += 1
        place = tmp_path / str(turn)
        place.mkdir()
        logs, deaths = list[list[int]](), 0
        while True:
            pages, over = stored(place)
            if over:
                break
            if deaths >= 6 or kills >= MOMENTS // PARTS:
                ended, asked = victim.run(place)
            elif draw.random() < 0.5:
                ended, asked = victim.run(place, patience=draw.uniform(0, whole))
            else:
                ended, asked = victim.run(place, request=draw.randint(1, 4), patience=draw.choice((0, draw.uniform(0, 0.012))))
            assert ended in (0, -signal.SIGKILL)
            deaths += ended != 0
            kills += ended != 0
            logs.append(asked)
            assert asked == list(range(pages, pages + len(asked))), "a page that is stored is not fetched again"
        assert facts(place) == expected, f"turn {turn} after {deaths} deaths"
        assert sum(map(len, logs)) <= SMALL.pages + deaths, "one request more a death at most: the page under way"
    assert kills == MOMENTS // PARTS
