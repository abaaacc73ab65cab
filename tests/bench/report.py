"""docs/bench.md: the machine, the versions, the figures and their ratios."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from model import utc_now
from tests.bench.at_rest import Rest
from tests.bench.five_years import KEPT, NEW, PROMISED, VERIFY, Took, Years
from tests.bench.measure import ROOT, Cost
from tests.bench.sections import others, put

BUSY = 1.5  # processes that wanted to run, of each core
PACKAGES = ("dlt", "sqlalchemy", "reader", "requests", "tweepy", "feedparser", "sqlite-utils", "APScheduler")
HEAD = """# Bench

Written by `make bench` on {day}; every figure is of one process from its start to its end, as the kernel counts it: CPU is
user and system together, memory is the peak. Each was run {times} times (those over ten seconds once) and the run with the
least CPU is shown. One server in a process of its own gives everyone the same bytes. After every run rows and sums were
read back from what the contestant had stored and compared with what was served; the figures below are of equal results.

{machine}

"""
POSTS = """
Every contestant pages through the same timeline (9 MB of JSON). mecra asks through tweepy with a budgeted door, drops what
its whitelist does not name, archives every answer, and keeps each counter as a series of its own, so that *again* (an hour
later, nothing changed) extends 120,000 series and *all grown* adds 120,000 rows. dlt merges by `id` into one table with the
counters as columns, with `max_table_nesting` so that lists stay in it. *By hand* is `requests` and `sqlite3`, one table, no
archive, no history.
"""
PRESS = """
A connection for every feed, since 500 publishers are 500 hosts. mecra matches all 15,000 items against the counting rule,
archives them reduced, and stores as articles the 150 that name the institution; reader stores all 15,000 entries. *Fetched
only* is `requests` on one session and a hash for each feed.
"""
DAEMON = """## `mecra status`, and the daemon at rest

| | |
| --- | --- |
| `mecra status --json` after half a year of 200 feeds and 40 accounts (half a million walks) | {cpu:.2f} s CPU, {megabytes:.0f} MB |
| `mecra run` at rest: 200 feeds and 20,000 posts collected, the libraries of X and Google loaded | {resident:.0f} MB (peak {peak:.0f} MB) |
| its CPU while it collected these | {busy:.1f} s |
| its CPU in the next 15 s | {idle:.2f} s |
| from SIGTERM to its end | {ending:.1f} s |
"""
YEARS = "Five years of data"
YEARS_HEAD = """
Written on {day}. Ten accounts read every hour, half-years at their edges, 50 feeds twice a day, a plan of posts, weekly series: nothing
lacks, and all eight indicators of the shipped plan are known. Every value below, of every period and command, was first compared with
the sums that the data was made with (tests/bench/years.py). A command is one process from its start to its end; each ran {times} times
on a warm file (the run with the least CPU is shown), and once after the system had forgotten the file (*cold*). The panel runs already
when its page is asked for.

{machine}
{rows}

{missed}.

"""


@dataclass(frozen=True, slots=True)
class Table:
    """What each contestant took in each phase; ratios are of `floor`'s CPU in the same phase, and of mecra's."""

    title: str
    costs: Mapping[tuple[str, str], Cost]
    floor: str


def write(path: Path, tables: Sequence[Table], status: Cost, rest: Rest, times: int) -> None:
    parts = [HEAD.format(day=utc_now().date(), times=times, machine=machine())]
    for table, words in zip(tables, (POSTS, PRESS), strict=True):
        parts += [f"## {table.title}\n{words}\n", _rows(table), "\n"]
    parts.append(
        DAEMON.format(cpu=status.cpu, megabytes=status.megabytes, resident=rest.resident, peak=rest.peak, busy=rest.cpu,
                      idle=rest.resting_cpu, ending=rest.ending)
    )  # fmt: skip
    if kept := others(path, YEARS, "Twenty people in the panel", "A month of 200 feeds and 40 accounts"):
        parts += ["\n", kept]
    path.write_text("".join(parts), encoding="utf-8")


def write_years(path: Path, found: Sequence[Years], times: int) -> None:
    put(path, YEARS, _years(found, times))


def _years(found: Sequence[Years], times: int) -> str:
    rows = "\n".join(
        f"- {one.years} {'years' if one.years > 1 else 'year'}, {one.megabytes:,.0f} MB: "
        + ", ".join(f"{number:,} {table.replace('_', ' ')}" for table, number in one.rows.items())
        for one in found
    )
    columns = "".join(f" {one.years} y: CPU s | wall s | cold, wall s |" for one in found)
    lines = [f"| | promised |{columns}", "| --- | ---: |" + " ---: | ---: | ---: |" * len(found)]
    for name in found[-1].took:
        promised = f"{PROMISED[name]:g} s" if name in PROMISED else ""
        costs = "".join(f" {_cost(one.took[name])} |" for one in found)
        seals = f" ({' and '.join(str(one.seals) for one in found)} seals, each measured again)" if name == VERIFY else ""
        lines.append(f"| `mecra {name}`{seals} | {promised} |{costs}" if name not in (NEW, KEPT) else f"| {name} | |{costs}")
    told = _kept_or_not(found[-1], busy=os.getloadavg()[0] > BUSY * (os.cpu_count() or 1))
    return YEARS_HEAD.format(day=utc_now().date(), times=times, machine=machine(), rows=rows, missed=told) + "\n".join(lines) + "\n"


def _kept_or_not(found: Years, *, busy: bool) -> str:
    """On a machine that is busy with other work the time that a command was waited for is the others'; what it took itself counts."""
    missed = []
    for name, limit in PROMISED.items():
        warm, cold = found.took[name].warm, found.took[name].cold
        compared = ((warm.cpu, " of CPU"),) if busy else ((warm.wall, ""), (cold.wall, " on a cold file"))
        missed += [f"`mecra {name}` takes {took:.2f} s{how}, promised are {limit:g} s" for took, how in compared if took > limit]
    held = (
        "holds, compared with the CPU that it takes: the machine was busy with other work" if busy else "holds, on a cold file too"
    )
    return "Missed: " + "; ".join(missed) if missed else f"Everything that was promised {held}"


def _cost(took: Took) -> str:
    return f"{took.warm.cpu:.2f} | {took.warm.wall:.2f} | {took.cold.wall:.2f}"


def _rows(table: Table) -> str:
    lines = ["| | | CPU s | wall s | peak MB | × floor | × mecra |", "| --- | --- | ---: | ---: | ---: | ---: | ---: |"]
    for (name, phase), cost in table.costs.items():
        ratios = " | ".join(_ratio(cost, table.costs.get((other, phase))) for other in (table.floor, "mecra"))
        lines.append(f"| {name} | {phase} | {cost.cpu:.2f} | {cost.wall:.2f} | {cost.megabytes:.0f} | {ratios} |")
    return "\n".join(lines) + "\n"


def _ratio(cost: Cost, other: Cost | None) -> str:
    return f"{cost.cpu / other.cpu:.1f}" if other else ""


def machine() -> str:
    processor = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if "model name" in line
        ),
        "",
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    lines = [
        f"- {processor}, {os.cpu_count()} cores, {memory:.0f} GB; load averages at the end: {load}",
        f"- {platform.system()} {platform.release()}, {platform.python_implementation()} {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        f"- mecra {commit or 'without git'}, " + ", ".join(f"{name} {_version(name)}" for name in PACKAGES),
    ]
    return "\n".join(lines)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"
