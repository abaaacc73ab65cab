"""Simulated days of a daemon over a town (tests/load/town.py): whatever is due is collected, lane by lane at once, as `daemon.py` does.

`python -m tests.load.days DIRECTORY URL START DAYS` prints a line of JSON for every day: what it took and what it left.
"""

from __future__ import annotations

import gc
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from config import Settings, load
from config.secrets import Secrets
from daemon import lanes
from indicators.due import Daily
from scheduler import Jobs
from storage import opened
from storage.database import connect
from tests.load.town import SECRETS

STEP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Day:
    """CPU seconds of one day without those of looking for what is due; megabytes, objects and bytes at its end. `tick`: CPU seconds of
    looking once at every stream with nothing due."""

    day: int
    cpu: float
    tick: float
    megabytes: float
    objects: int
    size: int


def simulated(
    settings: Settings, set_clock: Callable[[datetime], None], start: datetime, days: int, step: timedelta = STEP
) -> Iterator[Day]:
    """Every day from `start` on. `set_clock` tells the platforms what time it is."""
    clock = [start]
    secrets = Secrets({}, settings.data / "secrets.toml")
    for platform, values in SECRETS.items():
        secrets.put(platform, **values)
    jobs = Jobs(settings, secrets, now=lambda: clock[0], sleep=lambda seconds: None)
    jobs.prepare()
    mine, statements = lanes(settings.accounts), Daily(settings, jobs.now)
    with opened(settings.database, settings.zone), ThreadPoolExecutor(len(mine)) as pool:

        def look() -> None:
            list(pool.map(lambda own: jobs.collect(own, trigger="schedule", only_due=True), mine.values()))

        for day in range(days):
            began, steps = time.process_time(), 0
            while clock[0] < start + (day + 1) * timedelta(days=1):
                set_clock(clock[0])
                look()
                statements.work()
                clock[0] += step
                steps += 1
            took = time.process_time() - began
            clock[0] -= step
            began = time.process_time()
            look()
            tick = time.process_time() - began
            clock[0] += step
            gc.collect()
            yield Day(day, max(took - steps * tick, 0.0), tick, resident(), len(gc.get_objects()), settings.database.stat().st_size)


def resident() -> float:
    return int(re.findall(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))[0]) / 1024


def bytes_by_table(settings: Settings) -> dict[str, tuple[int, int]]:
    """Rows and bytes of each table, its indexes with it."""
    with closing(connect(settings.database, read_only=True)) as connection:
        sizes = dict(connection.execute(
            "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name WHERE s.aggregate = TRUE GROUP BY 1"
        ).fetchall())  # fmt: skip
        return {name: (connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0], size) for name, size in sizes.items()}


def main(directory: Path, url: str, begin: date, days: int) -> None:
    from urllib.request import Request, urlopen

    def set_clock(now: datetime) -> None:
        with urlopen(Request(f"{url}/__sandbox/clock", data=now.isoformat().encode(), method="POST"), timeout=60):
            pass

    settings = load(directory / "mecra.toml", {})
    start = datetime(begin.year, begin.month, begin.day, tzinfo=UTC)
    for day in simulated(settings, set_clock, start, days):
        with urlopen(f"{url}/__sandbox/load", timeout=60) as answer:
            told = json.load(answer)
        print(json.dumps({**asdict(day), **told, "tables": bytes_by_table(settings)}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], date.fromisoformat(sys.argv[3]), int(sys.argv[4]))
