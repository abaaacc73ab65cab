"""A month of collecting at the size that was promised: 200 feeds and 40 accounts, in a process of its own beside the town that it asks."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench.measure import ROOT, environment
from tests.load.days import Day
from tests.load.least import EXPLAINED, Kind, least
from tests.load.town import world, write_settings

INSTITUTIONS, FEEDS, DAYS = 10, 200, 30
BEGIN = date(2026, 3, 2)
POLLS = "half the time between two items of a feed, at least 15 minutes"


@dataclass(frozen=True, slots=True)
class Month:
    """`asked` and `least` are of day `counted`; `tables_before` of the second day."""

    days: Sequence[Day]
    streams: int
    asked: Mapping[Kind, int]
    least: Mapping[Kind, int]
    why: Mapping[Kind, str]
    counted: int
    at_once: Mapping[str, int]
    tables: Mapping[str, tuple[int, int]]
    tables_before: Mapping[str, tuple[int, int]]


def measured(days: int = DAYS) -> Month:
    with tempfile.TemporaryDirectory(prefix="mecra-bench-") as name:
        town = [sys.executable, "-m", "tests.load.town", str(INSTITUTIONS), str(FEEDS), str(days), BEGIN.isoformat()]
        with subprocess.Popen(town, cwd=ROOT, stdout=subprocess.PIPE, text=True) as platforms:
            try:
                assert platforms.stdout is not None
                port = int(platforms.stdout.readline())
                write_settings(Path(name), port, INSTITUTIONS, FEEDS, BEGIN - timedelta(days=29))
                told = []
                ours = [sys.executable, "-m", "tests.load.days", name, f"http://127.0.0.1:{port}", BEGIN.isoformat(), str(days)]
                with subprocess.Popen(
                    ours, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment()
                ) as daemon:
                    assert daemon.stdout is not None
                    for line in daemon.stdout:
                        told.append(json.loads(line))
                        print(f"day {len(told)}: {told[-1]['cpu']:.0f} s CPU, {told[-1]['megabytes']:.0f} MB", flush=True)
            finally:
                platforms.terminate()
    if not told:
        raise RuntimeError("not one day was simulated")
    return month(told)


def month(told: Sequence[Mapping[str, Any]]) -> Month:
    """From what tests/load/days.py has printed."""
    ends = [Day(**{field.name: one[field.name] for field in fields(Day)}) for one in told]
    counted = next((n for n, one in enumerate(ends) if 1 < n < len(ends) - 1), len(ends) - 1)
    asked = _kinds(told[counted]) - (_kinds(told[counted - 1]) if counted else Counter())
    fewest: Counter[Kind] = Counter()
    for number in range(INSTITUTIONS):
        here = world(number, BEGIN - timedelta(days=31), BEGIN + timedelta(days=DAYS + 1))
        fewest.update(least(here, datetime(BEGIN.year, BEGIN.month, BEGIN.day, tzinfo=UTC) + timedelta(days=counted)))
    why = {kind: reason for kind, (_most, reason) in EXPLAINED.items()} | {("feeds", ""): POLLS}
    before, last = told[min(1, len(told) - 1)]["tables"], told[-1]["tables"]
    streams = 4 * INSTITUTIONS * 3 + FEEDS
    return Month(ends, streams, asked, fewest, why, counted, told[-1]["most"], _pairs(last), _pairs(before))


def _kinds(one: Mapping[str, Any]) -> Counter[Kind]:
    found: Counter[Kind] = Counter()
    for platform, kind, _status, count in one["kinds"]:
        found[platform, kind] += count
    return found


def _pairs(tables: Mapping[str, Sequence[int]]) -> dict[str, tuple[int, int]]:
    return {name: (rows, size) for name, (rows, size) in tables.items()}
