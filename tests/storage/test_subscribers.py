"""Exact subscribers: the base that somebody read off Studio and what each day since then gained and lost, while no day is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from archive import rebuild
from config.secrets import Secrets
from console.demo import write_settings
from model import Account, Reading
from sandbox.server import Sandbox
from sandbox.world import World
from sandbox.youtube_days import last_settled
from scheduler import Jobs
from storage import Storage, opened
from storage.readings import write_readings
from storage.subscribers import exact_subscribers
from tests.conftest import ISTANBUL

CHANNEL = "youtube:@ornek"
BASE = date(2026, 1, 10)
AT = datetime(2026, 1, 20, 6, tzinfo=UTC)
Write = Callable[..., None]


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with opened(tmp_path / "mecra.db", ISTANBUL) as store:
        store.register([Account(CHANNEL, "youtube", "@ornek"), Account("facebook:ornek", "facebook", "ornek")])
        yield store


def told(storage: Storage, *readings: tuple[str, int, int], at: datetime = AT, account: str = CHANNEL) -> None:
    """(metric, days after the base, value) as an answer of `at` has them."""
    write_readings(
        storage.connection, account, [Reading(m, value, day=BASE + timedelta(days=n)) for m, n, value in readings], at, None
    )


def days(storage: Storage, first: int, last: int, *, gained: int = 10, lost: int = 3) -> None:
    told(storage, *(row for n in range(first, last + 1) for row in (("follows", n, gained), ("unfollows", n, lost))))


def view(storage: Storage) -> dict[int, tuple[int | None, int]]:
    rows = storage.connection.execute("SELECT gun, abone, tam FROM aboneler WHERE hesap = ?", (CHANNEL,))
    return {(date.fromisoformat(day) - BASE).days: (count, whole) for day, count, whole in rows}


def test_each_day_adds_what_it_gained_and_takes_what_it_lost(storage: Storage) -> None:
    told(storage, ("followers_base", 0, 48_300))
    days(storage, -3, 4)
    assert view(storage) == {n: (48_300 + 7 * n, 1) for n in range(5)}, "days up to the base are in it"
    assert exact_subscribers(storage, CHANNEL) == {BASE + timedelta(days=n): 48_300 + 7 * n for n in range(5)}
    assert exact_subscribers(storage, "facebook:ornek") == {}


def test_without_a_base_there_is_nothing(storage: Storage) -> None:
    days(storage, 1, 4)
    assert view(storage) == {}


def test_a_base_after_all_data_is_itself_alone(storage: Storage) -> None:
    days(storage, -9, -1)
    told(storage, ("followers_base", 0, 48_300))
    assert view(storage) == {0: (48_300, 1)}


@pytest.mark.parametrize("missing", ["follows", "unfollows", "both"])
def test_from_a_missing_day_on_the_number_is_unknown_until_the_day_comes(storage: Storage, missing: str) -> None:
    told(storage, ("followers_base", 0, 48_300))
    days(storage, 1, 2)
    days(storage, 4, 5)
    if missing != "both":
        told(storage, ("unfollows" if missing == "follows" else "follows", 3, 5))
    whole = {n: (48_300 + 7 * n, 1) for n in range(3)}
    assert view(storage) == {**whole, **({} if missing == "both" else {3: (None, 0)}), 4: (None, 0), 5: (None, 0)}
    assert max(exact_subscribers(storage, CHANNEL)) == BASE + timedelta(days=2)
    days(storage, 3, 3)
    assert view(storage) == {n: (48_300 + 7 * n, 1) for n in range(6)}


def test_a_revised_day_counts_as_it_was_last_told(storage: Storage) -> None:
    told(storage, ("followers_base", 0, 48_300))
    days(storage, 1, 3)
    told(storage, ("follows", 2, 14), ("unfollows", 1, 1), at=AT + timedelta(days=1))
    assert [count for count, _ in view(storage).values()] == [48_300, 48_309, 48_320, 48_327]
    told(storage, ("follows", 2, 99), at=AT - timedelta(days=1))
    assert view(storage)[3] == (48_327, 1), "an older answer that is stored later revises nothing"


def test_a_corrected_base_replaces_the_one_before_it(storage: Storage) -> None:
    told(storage, ("followers_base", 0, 48_300))
    days(storage, 1, 3)
    told(storage, ("followers_base", 0, 48_350), at=AT + timedelta(days=1))
    assert view(storage)[3] == (48_371, 1)
    told(storage, ("followers_base", 1, 50_000), at=AT + timedelta(days=2))
    assert view(storage) == {1: (50_000, 1), 2: (50_007, 1), 3: (50_014, 1)}
    told(storage, ("followers_base", 0, 48_350), at=AT + timedelta(days=3))
    assert view(storage)[0] == (48_350, 1), "whichever the settings named last"


def test_the_worlds_days_through_the_whole_collection(tmp_path: Path) -> None:
    world = World(start=date(2026, 1, 1), end=date(2026, 2, 1))
    base_on = date(2026, 1, 5)
    with Sandbox(world, now=datetime.combine(date(2026, 1, 14), time(6), UTC)) as box:
        settings = write_settings(tmp_path, box.url, world)
        options = {"subscriber_base": 11_960, "subscriber_base_on": base_on}
        (channel,) = (replace(a, options=options) for a in settings.accounts if a.platform == "youtube")
        settings = replace(settings, accounts=(channel,))
        jobs = Jobs(settings, Secrets({}, tmp_path / "secrets.toml"), now=lambda: box.now, sleep=lambda s: None)
        jobs.prepare()
        for _ in range(4):
            assert not any(run.failed for run in jobs.collect([channel]))
            box.now += timedelta(days=3, hours=5)
        last = last_settled(box.now - timedelta(days=3, hours=5))
        with opened(settings.database, settings.zone) as storage:
            found = exact_subscribers(storage, channel.account)
            open_gaps = storage.connection.execute("SELECT count(*) FROM gaps WHERE filled_at IS NULL").fetchone()[0]
        assert rebuild(jobs) == {}
    expected, on = {base_on: 11_960}, base_on
    while on < last:
        on += timedelta(days=1)
        change = world.flow("youtube", "follows", on) - world.flow("youtube", "unfollows", on)
        expected[on] = expected[on - timedelta(days=1)] + change
    assert found == expected and len(found) > 10
    assert open_gaps == 0
