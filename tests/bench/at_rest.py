"""The daemon once it has nothing to do: what it holds in memory after it has collected every feed for the first time."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.bench import aged
from tests.bench.bodies import HANDLE, USER, X_SECRETS
from tests.bench.measure import ROOT, environment

SETTLING, PATIENCE = 15.0, 180.0
COLLECTED = "SELECT count(*) FROM walks WHERE finished_at IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Rest:
    """Megabytes at rest and at most; CPU of the first round and of `SETTLING` seconds of rest; seconds that the end took."""

    resident: float
    peak: float
    cpu: float
    resting_cpu: float
    ending: float


ACCOUNTS = f"""
[[accounts]]
platform = "x"
handle = "{HANDLE}"
id = "{USER}"

[[accounts]]
platform = "youtube"
id = "UCxxxxxxxxxxxxxxxxxxxxxx"

[platforms.x]
api_root = "%s"

"""


def daemon(directory: Path, url: str) -> Rest:
    """`mecra run` with 200 feeds, the account on X, and one on YouTube that only loads Google's libraries: it has no key."""
    aged.write_settings(directory, f"{url}/feeds/etag", ACCOUNTS % f"{url}/x/0")
    process = subprocess.Popen([sys.executable, ".", "--config", str(directory / "mecra.toml"), "--log-level", "error", "run"], cwd=ROOT,
                               env=environment() | X_SECRETS)  # fmt: skip
    try:
        _wait_for(directory / "mecra.db", aged.FEEDS + 2, process)
        busy = _cpu(process.pid)
        time.sleep(SETTLING)
        status = dict(
            line.split(":", 1)
            for line in Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
            if ":" in line
        )
        resting = _cpu(process.pid) - busy
    finally:
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        code = process.wait(20)
    if code:
        raise RuntimeError(f"the daemon ended with {code}")
    return Rest(_megabytes(status["VmRSS"]), _megabytes(status["VmHWM"]), busy, resting, time.monotonic() - started)


def _wait_for(database: Path, walks: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.5)
        if database.exists():
            with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
                try:
                    if connection.execute(COLLECTED).fetchone()[0] >= walks:
                        return
                except sqlite3.Error:
                    continue
    raise RuntimeError("the daemon did not collect its feeds")


def _cpu(pid: int) -> float:
    """User and system seconds so far; the clock ticks a hundred times a second."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _megabytes(text: str) -> float:
    return int(text.split()[0]) / 1024
