"""What a day of collecting costs others: no request more than it takes or than is explained, none while another one to the host is under
way, none over a budget; and nothing of ours that grows from day to day. Time is not looked at here (`make bench` does)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from config import load
from model import from_text
from sandbox.feeds import NEWEST
from sandbox.press import OUTLETS, visible
from sandbox.world import PACIFIC
from storage import opened
from tests.load.days import Day, simulated
from tests.load.least import EXPLAINED, Kind, least
from tests.load.town import Box, feed_url, world, write_settings

ROOT = Path(__file__).parents[2]
BEGIN, DAYS, FEEDS = date(2026, 3, 2), 3, 6
START, STEP = datetime(2026, 3, 2, tzinfo=UTC), timedelta(minutes=10)
GROWTH = 1_500  # objects a day: of 70,000; a day of four accounts and six feeds makes half a million


class Served:
    """A town in a process of its own, and what it was asked by the end of each day."""

    def __init__(self, directory: Path, days: int, more: str = "") -> None:
        self.directory, self.days, self.more = directory, days, more
        self.told: list[dict[str, Any]] = []
        self.ends: list[Day] = []

    def run(self) -> Served:
        command = [sys.executable, "-m", "tests.load.town", "1", str(FEEDS), str(self.days), BEGIN.isoformat()]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                self.port = int(process.stdout.readline())
                write_settings(self.directory, self.port, 1, FEEDS, date(2026, 2, 1), self.more)
                settings = load(self.directory / "mecra.toml", {})
                for end in simulated(settings, self._set_clock, START, self.days, STEP):
                    self.ends.append(end)
                    self.told.append(self._asked("load"))
            finally:
                process.terminate()
        return self

    def _set_clock(self, now: datetime) -> None:
        self._asked("clock", now.isoformat().encode())

    def _asked(self, what: str, body: bytes | None = None) -> Any:
        url = f"http://127.0.0.1:{self.port}/__sandbox/{what}"
        with urlopen(Request(url, data=body, method="POST" if body else "GET"), timeout=60) as answer:
            return json.load(answer)

    def requests(self, day: int) -> Counter[Kind]:
        """By platform and kind, of one day; refused ones are requests too."""

        def until(number: int) -> Counter[Kind]:
            found: Counter[Kind] = Counter()
            for platform, kind, _status, count in self.told[number]["kinds"] if number >= 0 else ():
                found[platform, kind] += count
            return found

        return until(day) - until(day - 1)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    return Served(tmp_path_factory.mktemp("load"), DAYS).run()


@pytest.mark.parametrize("day", [1, 2])
def test_no_request_more_than_it_takes_or_is_explained(served: Served, day: int) -> None:
    """The first day asks for everything before it; from the second on it is as any other."""
    here = world(0, BEGIN - timedelta(days=31), BEGIN + timedelta(days=DAYS + 1))
    fewest, asked = least(here, START + timedelta(days=day)), served.requests(day)
    asked = Counter({kind: count for kind, count in asked.items() if kind[0] != "feeds"})
    too_few = {kind: (asked[kind], count) for kind, count in fewest.items() if asked[kind] < count}
    most = {kind: count + EXPLAINED.get(kind, (0, ""))[0] for kind, count in fewest.items()}
    too_many = {kind: (count, most.get(kind, 0)) for kind, count in asked.items() if count > most.get(kind, 0)}
    assert (too_few, too_many) == ({}, {})


def polls(served: Served) -> Iterator[tuple[int, list[datetime]]]:
    settings = load(served.directory / "mecra.toml", {})
    with opened(settings.database, settings.zone, read_only=True) as storage:
        for number in range(FEEDS):
            rows = storage.connection.execute(
                "SELECT started_at FROM walks JOIN accounts USING (account) WHERE url = ? ORDER BY started_at",
                (feed_url(served.port, number),),
            )
            yield number, [from_text(at) for (at,) in rows]


def test_a_feed_is_asked_once_a_poll_and_sent_only_where_it_changed(served: Served) -> None:
    town = Box(world(0, BEGIN - timedelta(days=31), BEGIN + timedelta(days=DAYS + 1)), None)  # type: ignore[arg-type]
    asked = changed = 0
    for number, times in polls(served):
        asked += len(times)
        seen: object = None
        for at in times:
            shown = [(item.number, item.title_at(at)) for item in visible(town.world, OUTLETS[number].slug, at)[:NEWEST]]
            now: object = (shown, at if OUTLETS[number].form == "atom" else None)  # its feed tells its own time, which changes
            changed, seen = changed + (now != seen), now
    counts = {status: count for platform, _kind, status, count in served.told[-1]["kinds"] if platform == "feeds"}
    assert counts == {200: changed, 304: asked - changed}


def test_feeds_are_polled_at_half_the_time_between_two_items(served: Served) -> None:
    """Half as many polls find something at best: two an item, within the settings' limits, and a few while it learns."""
    town = world(0, BEGIN - timedelta(days=31), BEGIN + timedelta(days=DAYS + 1))
    for number, times in polls(served):
        shown = visible(town, OUTLETS[number].slug, START + timedelta(days=DAYS))
        items = sum(item.published_at >= START - timedelta(days=1) for item in shown)
        assert DAYS <= len(times) <= 2 * items + 4, OUTLETS[number].slug
        assert all(after - before >= timedelta(minutes=15) for before, after in pairwise(times))


def test_no_host_is_asked_twice_at_once(served: Served) -> None:
    assert len(served.told[-1]["most"]) == FEEDS + 3
    assert set(served.told[-1]["most"].values()) == {1}


def test_nothing_grows_from_day_to_day(served: Served) -> None:
    grown = [after.objects - before.objects for before, after in pairwise(served.ends[1:])]
    assert all(more < GROWTH for more in grown), grown


def test_budgets_hold_to_the_request(tmp_path: Path) -> None:
    limits = '[budgets."youtube.data"]\nunits_per_day = 7\n\n[budgets.facebook]\nrequests_per_day = 20\n\n[budgets.x]\nusd_per_month = 0.6\n\n'
    one = Served(tmp_path, 1, limits).run()
    assert sum(count for (_platform, kind), count in one.requests(0).items() if kind.startswith("facebook")) == 20
    settings = load(tmp_path / "mecra.toml", {})
    with opened(settings.database, settings.zone, read_only=True) as storage:
        rows = storage.connection.execute("SELECT bucket, at, cost FROM responses WHERE bucket IN ('x', 'youtube.data')").fetchall()
        (stopped,) = storage.connection.execute(
            "SELECT count(DISTINCT account) FROM walks WHERE outcome = 'over budget'"
        ).fetchone()
    units = Counter(from_text(at).astimezone(PACIFIC).date() for bucket, at, _cost in rows if bucket == "youtube.data")
    assert list(units.values()) == [7, 7]  # a day of ours begins in one of YouTube's, and ends in the next
    assert 0 < sum(cost for bucket, _at, cost in rows if bucket == "x") <= 600_000
    assert stopped == 3
