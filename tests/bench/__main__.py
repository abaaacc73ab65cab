"""`make bench`: mecra beside dlt, reader and code by hand, on the same bytes; writes docs/bench.md.

`--only years` is about mecra alone, over one year of data and over five (tests/bench/five_years.py), `--only panel` about twenty people in
its panel (twenty_people.py), `--only load` about a month of 200 feeds and 40 accounts (month.py). `--times N` runs each N times and keeps the one with the least CPU (3). A contestant that takes more than ten seconds runs once.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import checks
from tests.bench.at_rest import daemon
from tests.bench.bodies import FEEDS, ITEMS
from tests.bench.five_years import measured as measured_years
from tests.bench.measure import ROOT, Cost, part, run
from tests.bench.report import Table, write, write_years

PARTS = ("beside", "years", "panel", "load")
SLOW = 10.0
REPORT = ROOT / "docs" / "bench.md"


@dataclass(frozen=True, slots=True)
class Contestant:
    """`phases` are runs one after the other on the same data: (what it is, root served, further arguments)."""

    name: str
    module: str
    before: tuple[str, ...]
    phases: tuple[tuple[str, str, tuple[str, ...]], ...]
    check: checks.Check


def timeline(url: str) -> list[Contestant]:
    same, grown = f"{url}/x/0", f"{url}/x/7"

    def phases(*first: tuple[str, ...]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        cold, again, later = first if len(first) == 3 else first * 3
        return ("cold", same, cold), ("again", same, again), ("all grown", grown, later)

    return [
        Contestant("mecra", "by_mecra", ("timeline",), phases(("0",), ("1",), ("2",)), checks.timeline_of_mecra),
        Contestant("by hand", "by_hand", ("timeline",), phases(()), checks.timeline_by_hand),
        Contestant("dlt, create_primary_keys", "by_dlt", (), phases(("keys",)), checks.timeline_of_dlt),
        Contestant("dlt, default", "by_dlt", (), phases(("",)), checks.timeline_of_dlt),
    ]


def feeds(url: str) -> list[Contestant]:
    plain, etag = f"{url}/feeds/plain", f"{url}/feeds/etag"

    def phases(root: str, first: str, second: str, *hours: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        return (first, root, hours[:1]), (second, root, hours[1:])

    without, with_ = ("cold", "unchanged"), ("cold, ETag", "unchanged, ETag")
    return [
        Contestant("mecra", "by_mecra", ("feeds",), phases(plain, *without, "0", "1"), checks.feeds_of_mecra),
        Contestant("mecra", "by_mecra", ("feeds",), phases(etag, *with_, "0", "1"), checks.feeds_of_mecra),
        Contestant("fetched only", "by_hand", ("feeds",), phases(plain, *without), checks.feeds_by_hand),
        Contestant("reader", "by_reader", (), phases(plain, *without), checks.feeds_of_reader),
        Contestant("reader", "by_reader", (), phases(etag, *with_), checks.feeds_of_reader),
    ]


def measured(contestants: Sequence[Contestant], times: int, right: Mapping[str, tuple[int, ...]]) -> dict[tuple[str, str], Cost]:
    """The least CPU of each phase, everyone in turn; raises ValueError where what is stored is not what was served."""
    best: dict[tuple[str, str], Cost] = {}
    waiting = list(contestants)
    for _ in range(times):
        for contestant in waiting[:]:
            costs = _once(contestant, right)
            for phase, cost in costs.items():
                key = contestant.name, phase
                best[key] = min(best.get(key, cost), cost, key=lambda one: one.cpu)
            if max(cost.cpu for cost in costs.values()) > SLOW:
                waiting.remove(contestant)
    return {(one.name, phase): best[one.name, phase] for one in contestants for phase, _, _ in one.phases}


def _once(contestant: Contestant, right: Mapping[str, tuple[int, ...]]) -> dict[str, Cost]:
    costs = {}
    with tempfile.TemporaryDirectory(prefix="mecra-bench-") as folder:
        for phase, root, more in contestant.phases:
            costs[phase] = cost = part(contestant.module, *contestant.before, folder, root, *more)
            stored = contestant.check(Path(folder))
            if stored != right[root][: len(stored)]:
                raise ValueError(f"{contestant.name}, {phase}: stored {stored}, served {right[root]}")
            print(f"{contestant.name:26} {phase:16} {cost.cpu:7.2f} s CPU {cost.wall:7.2f} s {cost.megabytes:6.0f} MB", flush=True)
    return costs


@contextmanager
def served() -> Iterator[Mapping[str, Any]]:
    """The server, in a process of its own: where it listens, and what its bytes add up to."""
    command = [sys.executable, "-m", "tests.bench.server"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.stdin.close()


def status(folder: Path, times: int) -> Cost:
    part("aged", str(folder), "http://127.0.0.1:1/feeds")
    costs = [run([".", "--config", str(folder / "mecra.toml"), "status", "--json"]) for _ in range(times + 2)]
    return min(costs, key=lambda cost: cost.cpu)


def main(argv: Sequence[str]) -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench")
    options.add_argument("--times", type=int, default=3)
    options.add_argument(
        "--only", choices=PARTS, help="one part: beside others, over the years, people in the panel, or a month of load"
    )
    told = options.parse_args(argv)
    wanted = (told.only,) if told.only else PARTS
    if "beside" in wanted:
        beside(told.times)
    if "years" in wanted:
        write_years(REPORT, [measured_years(years, told.times) for years in (1, 5)], told.times)
    if "panel" in wanted:
        from tests.bench.report_load import write_people  # here, because this process has to be small until now
        from tests.bench.twenty_people import walked

        write_people(REPORT, walked())
    if "load" in wanted:
        from tests.bench.month import measured as measured_month
        from tests.bench.report_load import write_month

        write_month(REPORT, measured_month())
    print(f"{REPORT} written")


def beside(times: int) -> None:
    with served() as server, tempfile.TemporaryDirectory(prefix="mecra-bench-") as folder:
        url = server["url"]
        right = {f"{url}/x/{growth}": checks.expected(sums) for growth, sums in server["sums"].items()}
        right |= {f"{url}/feeds/{kind}": (FEEDS * ITEMS, server["letters"]) for kind in ("plain", "etag")}
        posts, press = measured(timeline(url), times, right), measured(feeds(url), times, right)
        aged, resting = Path(folder) / "aged", Path(folder) / "resting"
        aged.mkdir()
        resting.mkdir()
        answer = status(aged, times)
        rest = daemon(resting, url)
    tables = [
        Table("20,000 posts on 200 pages, six counters each", posts, "by hand"),
        Table(f"{FEEDS} feeds of {ITEMS} items", press, "fetched only"),
    ]
    write(REPORT, tables, answer, rest, times)


if __name__ == "__main__":
    main(sys.argv[1:])
