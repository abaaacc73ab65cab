"""docs/bench.md, the sections of twenty people in the panel and of a month of load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from model import utc_now
from tests.bench.month import DAYS, FEEDS, INSTITUTIONS, Month
from tests.bench.report import machine
from tests.bench.sections import put
from tests.bench.twenty_people import CHART, LOOKS, PEOPLE, WALK, Waited, late, share

PANEL, LOAD = "Twenty people in the panel", "A month of 200 feeds and 40 accounts"
PEOPLE_TEXT = """
Written on {day}. The real `mecra panel` over the five years of data above, while a writer stores a walk a second (a daemon with these
accounts and feeds stores one in half a minute). {people} people, a connection each, go the way of a newcomer through every page, look at each
for {least:g} to {most:g} seconds, and have its charts drawn; everybody's first look is among them. They come once the panel has looked
ahead, as it does after each new statement. Promised are 95 of 100 answers of every page within 100 ms. The bench's processes go before others
of the machine, where they may (`SCHED_RR`).

{machine}
- {requests} requests in {seconds:.0f} s; the panel took {cpu:.1f} s CPU ({each:.0f} ms a request) and holds {megabytes:.0f} MB; {walks} walks
  were stored meanwhile

{said}

| page | asked | p50 ms | p95 ms | p99 ms |
| --- | ---: | ---: | ---: | ---: |
"""
MONTH_TEXT = """
Written on {day}. {institutions} municipalities with an account on each of four platforms and {feeds} feeds, each with a host of its own, on the
sandbox, whose clock is moved by ten minutes and waits until everything that was due is collected: lanes, locks, statements and database are
the daemon's own. {simulated} simulated days. `tests/load/` counts the same on a smaller town in every run of the tests.

{machine}

| | |
| --- | ---: |
| CPU of the first day, which collects the month before it too | {first:.0f} s |
| CPU of a day after it: collecting and the daily statements | {cpu:.0f} s |
| and looking every minute whether anything is due ({tick:.0f} ms, {streams} streams) | {ticks:.0f} s |
| memory at the end of day 2 | {early:.0f} MB |
| memory at the end of the last day | {late:.0f} MB |
| objects of Python at the end of day 2, and of the last day | {objects} |
| database after the last day | {size:.0f} MB |
| its growth a day from day 2 on, and in a year | {grown:.2f} MB, {year:.1f} GB |
| requests that a host ever had to answer at once | {at_once} |

Requests of one whole day (day {counted}), and the fewest that would do, from the world and what is promised (tests/load/least.py), for all {institutions}:

| platform | what | asked | least | why more |
| --- | --- | ---: | ---: | --- |
{requests}

What a year takes on disk, by table with its indexes, as it grew from day 2 to the last one:

| table | rows a day | bytes a row | MB a year |
| --- | ---: | ---: | ---: |
{tables}
"""


def write_people(path: Path, found: Waited) -> None:
    requests = sum(map(len, found.pages.values()))
    slow = late(found.pages)
    said = "Over 100 ms: " + ", ".join(slow) + "." if slow else "Every page keeps the promise."
    text = PEOPLE_TEXT.format(
        day=utc_now().date(), people=PEOPLE, least=LOOKS[0], most=LOOKS[1], machine=machine(), requests=requests, seconds=found.seconds,
        cpu=found.cpu, each=found.cpu / requests * 1000, megabytes=found.megabytes, walks=found.walks, said=said,
    )  # fmt: skip
    rows = [
        f"| {name} | {len(times)} | " + " | ".join(f"{share(times, p) * 1000:.0f}" for p in (50, 95, 99)) + " |"
        for name in (*dict(WALK), CHART)
        if (times := found.pages.get(name))
    ]
    put(path, PANEL, text.strip() + "\n" + "\n".join(rows))


def write_month(path: Path, found: Month) -> None:
    first, early, last = found.days[0], found.days[1], found.days[-1]
    later = found.days[2:] or found.days[-1:]
    days = max(last.day - early.day, 1)
    grown = (last.size - early.size) / days / 2**20
    text = MONTH_TEXT.format(
        day=utc_now().date(), institutions=INSTITUTIONS, feeds=FEEDS, simulated=len(found.days), machine=machine(), first=first.cpu,
        cpu=sum(day.cpu for day in later) / len(later), tick=_middle([day.tick for day in found.days]) * 1000, streams=found.streams,
        ticks=_middle([day.tick for day in found.days]) * 1440, early=early.megabytes, late=last.megabytes,
        objects=f"{early.objects:,}, {last.objects:,}", size=last.size / 2**20, grown=grown, year=grown * 365 / 1024,
        at_once=max(found.at_once.values()), counted=found.counted + 1, requests=_requests(found), tables=_tables(found, days),
    )  # fmt: skip
    if len(found.days) < DAYS:
        text += f"\nThe run was ended after {len(found.days)} of {DAYS} days.\n"
    put(path, LOAD, text)


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _requests(found: Month) -> str:
    rows = []
    for (platform, kind), asked in sorted(found.asked.items()):
        fewest = found.least.get((platform, kind), 0)
        why = found.why.get((platform, kind), "") if asked > fewest else ""
        rows.append(
            f"| {platform} | {kind or 'polls'} | {asked:,} | {fewest or '':,} | {why} |"
            if fewest
            else f"| {platform} | {kind or 'polls'} | {asked:,} | | {why} |"
        )
    return "\n".join(rows)


def _tables(found: Month, days: int) -> str:
    grown: dict[str, tuple[float, float]] = {}
    for name, (rows, size) in found.tables.items():
        rows_before, size_before = found.tables_before.get(name, (0, 0))
        grown[name] = (rows - rows_before) / days, (size - size_before) / days
    shown = sorted(((size, name, rows) for name, (rows, size) in grown.items() if size > 1000), reverse=True)
    return "\n".join(
        f"| `{name}` | {rows:,.0f} | {size / rows if rows else 0:,.0f} | {size * 365 / 2**20:,.0f} |" for size, name, rows in shown
    )


def totals(kinds: Mapping[tuple[str, str], int]) -> Counter[str]:
    """By platform."""
    found: Counter[str] = Counter()
    for (platform, _kind), count in kinds.items():
        found[platform] += count
    return found
