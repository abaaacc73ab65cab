"""From the institution's own page to the indicator: what is collected of the sandbox's bulletins is what the world says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config import Settings, load
from config.plan import Series
from config.secrets import Secrets
from console.demo import write_settings
from console.doctor_pages import pages
from indicators import measure
from indicators.result import OK, PROVISIONAL
from indicators.weeks import Week, weeks_of
from model import Account, Period, Post, Records
from sandbox.page import bulletins
from sandbox.server import Sandbox
from sandbox.world import ISTANBUL, World
from scheduler import Jobs
from storage import opened
from storage.rebuilding import copy_given, differences
from tests.indicators.standing import Archive, asked, indicator, store

WORLD = World(start=date(2025, 1, 1), end=date(2025, 7, 1))
HALF = Period(2025, 1)
RULE = Series("Örnek 7/24", r"örnek 7/24.*sayı (?P<number>\d+)", ("page:bulten",), "number")


@dataclass
class Town:
    box: Sandbox
    settings: Settings

    @property
    def page(self) -> Account:
        return next(a for a in self.settings.accounts if a.platform == "page")

    def collect(self) -> str | None:
        jobs = Jobs(self.settings, Secrets({}), now=lambda: self.box.now, sleep=lambda seconds: None)
        jobs.prepare()
        [run] = jobs.collect([self.page])
        return run.walk.outcome if run.walk else None


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with Sandbox(WORLD, now=datetime(2025, 2, 1, 9, tzinfo=UTC)) as box:
        yield Town(box, write_settings(tmp_path, box.url, WORLD))


def measured(town: Town, at: datetime) -> Any:
    with opened(town.settings.database, town.settings.zone) as storage:
        return measure(asked(storage, indicator(RULE, target=52), str(HALF), at=at))


def test_a_half_year_of_bulletins_is_the_world_s(town: Town) -> None:
    while town.box.now < datetime(2025, 7, 8, tzinfo=UTC):
        assert town.collect() == "done"
        town.box.now += timedelta(days=4)
    found = measured(town, town.box.now)
    issued = list(bulletins(WORLD))
    days = [one.published_at.astimezone(ISTANBUL).date() for one in issued]
    assert [(i["number"], i["day"]) for i in found.beside["issues"]] == [
        (str(one.number), day.isoformat()) for one, day in zip(issued, days, strict=True)
    ]
    weeks = {Week.of(day) for day in days}
    assert len(weeks) == len(days) - 1, "one week has two"
    assert found.beside["missing"] == [str(week) for week in weeks_of(HALF) if week not in weeks]
    assert (found.value, found.status, found.coverage) == (len(issued), OK, 1)


def test_a_page_that_is_out_of_reach_leaves_weeks_unknown(town: Town) -> None:
    assert town.collect() == "done"
    town.box.fault("500", "page")
    town.box.now = datetime(2025, 7, 8, tzinfo=UTC)
    assert town.collect() == "unavailable"
    found = measured(town, town.box.now)
    assert (found.status, found.beside["unknown"][0]) == (PROVISIONAL, "2025-W06")
    assert found.lacks[0].said().startswith("page:bulten: not looked through as a whole in 22 of 26 weeks: 2025-W05,")


def test_the_doctor_says_what_is_found_on_a_page(town: Town, tmp_path: Path) -> None:
    def said() -> tuple[str, str]:
        [finding] = pages(load(town.settings.path, {}), Secrets({}))
        return finding.level, finding.what

    shown = [one for one in bulletins(WORLD) if one.published_at <= town.box.now]
    assert said() == ("ok", f"page:bulten: {len(shown)} issues with a date, the newest of {shown[-1].published_at:%Y-%m-%d}")
    town.box.fault("undated")
    assert said() == ("warn", "page:bulten: no issue with a date is found on the page")
    town.box.fault("gone")
    assert said() == ("fail", "page:bulten: no page there (410)")


def test_edits_come_out_of_the_archive_again(tmp_path: Path) -> None:
    at = datetime(2026, 3, 6, tzinfo=UTC)
    storage = store(tmp_path, "x:a")
    texts = ["bir", "iki", "iki", "", "üç"]
    for hours, text in enumerate(texts):
        post = Post("p", "post", at, text=text)
        Archive(storage).told("x:a", at + timedelta(hours=hours), posts=[post], stream="posts", since=at)
    kept = storage.connection.execute("SELECT text, response FROM edits").fetchall()
    assert kept == [("bir", 2), ("iki", 5)]
    (tmp_path / "twin").mkdir()
    twin = store(tmp_path / "twin")
    copy_given(twin.connection, tmp_path / "mecra.db")
    for (response, walk, exchange, last), text in zip(list(twin.archived()), texts, strict=True):
        twin.derive(response, walk, exchange.at, Records(posts=(Post("p", "post", at, text=text),)), last=last, lasting=False)
    twin.connection.close()
    assert differences(storage.connection, tmp_path / "twin" / "mecra.db") == {}
