"""What the daemon states by itself: one a day of what runs or settles, one final of what is over; sealed only where it is wished."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from config import Settings, load
from config.plan import Plan
from config.plan_file import load_plan
from indicators.due import Daily, due, last_time, take_due
from indicators.snapshot import take
from model import MecraError, Period, Reading
from storage import Storage
from storage.plans import register_plan
from storage.seal_file import NAME, read_lines
from storage.snapshots import heads, keep_provisional, last_taken
from tests.conftest import Clock
from tests.indicators.sealing import CARD, EDGE, card, filled
from tests.indicators.standing import ISTANBUL, Archive


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ISTANBUL)


def asked(storage: Storage, text: str, *, sealing: bool = False) -> list[tuple[str, bool]]:
    return [(str(one.period), one.final) for one in due(storage, card(), local(text), sealing=sealing)]


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return filled(tmp_path)


def taken(storage: Storage, text: str, path: Path, *, sealing: bool = False) -> list[tuple[str, bool]]:
    done = take_due(storage, card(), lambda: local(text), path / NAME, sealing=sealing)
    return [(f.period, f.sealed_at is not None) for _one, f in done]


def test_the_last_time_is_half_past_six_on_the_institutions_clocks() -> None:
    assert last_time(local("2026-07-01T06:30"), ISTANBUL) == local("2026-07-01T06:30")
    assert last_time(local("2026-07-01T06:29:59"), ISTANBUL) == local("2026-06-30T06:30")


def test_what_runs_is_stated_once_a_day_and_missed_days_are_not_made_up(storage: Storage, tmp_path: Path) -> None:
    assert taken(storage, "2026-09-02T06:31", tmp_path) == [("2026-H1", False), ("2026-H2", False), ("2026", False)]
    assert asked(storage, "2026-09-03T06:29") == []
    assert asked(storage, "2026-09-20T03:00") == [("2026-H2", False), ("2026", False)]
    taken(storage, "2026-09-20T03:00", tmp_path)
    assert asked(storage, "2026-09-20T06:30") == [("2026-H2", False), ("2026", False)]
    assert len(heads(storage)) == 5


def test_a_period_that_settles_is_stated_each_day_and_then_once_more(storage: Storage, tmp_path: Path) -> None:
    assert taken(storage, "2026-07-05T07:00", tmp_path)[0] == ("2026-H1", False)
    assert asked(storage, "2026-07-10T07:00")[0] == ("2026-H1", False)
    taken(storage, "2026-07-10T07:00", tmp_path)
    assert asked(storage, "2026-07-11T06:00") == []
    assert asked(storage, "2026-07-11T07:00")[0] == ("2026-H1", True)
    taken(storage, "2026-07-11T07:00", tmp_path)
    assert [period for period, _final in asked(storage, "2026-07-12T07:00")] == ["2026-H2", "2026"]
    assert last_taken(storage, Period(2026, 1))[1] is None, "a person seals"


def test_at_the_turn_of_the_year_both_are_over(storage: Storage, tmp_path: Path) -> None:
    taken(storage, "2026-12-31T07:00", tmp_path)
    assert asked(storage, "2027-01-11T07:00") == [("2026-H2", True), ("2026", True), ("2027-H1", False), ("2027", False)]


def test_a_final_one_is_sealed_where_the_settings_say_so_and_nothing_lacks(storage: Storage, tmp_path: Path) -> None:
    assert taken(storage, "2026-07-11T07:00", tmp_path, sealing=True)[0] == ("2026-H1", True)
    assert [line.period for line in read_lines(tmp_path / NAME)[0]] == ["2026-H1"]
    assert [period for period, _ in asked(storage, "2026-07-12T07:00", sealing=True)] == ["2026-H2", "2026"]
    assert taken(storage, "2027-01-11T07:00", tmp_path, sealing=True)[:2] == [("2026-H2", False), ("2026", True)], (
        "H2 lacks a ratio"
    )
    assert asked(storage, "2027-01-12T07:00", sealing=True)[0] == ("2026-H2", True), "asked again until it is whole"


def test_nothing_is_said_of_what_was_over_before_the_archive_begins(tmp_path: Path) -> None:
    storage = filled(tmp_path)
    assert asked(storage, "2026-06-30T23:30") == [], "its first answers are of after the last time"
    assert [period for period, _ in asked(storage, "2026-07-01T06:30")] == ["2026-H1", "2026-H2", "2026"]


def test_a_statement_of_the_past_moves_nothing(storage: Storage, tmp_path: Path) -> None:
    past = local("2026-07-20T12:00")
    keep_provisional(storage, take(storage, _known(storage), Period(2026, 2), past, taken_at=local("2026-09-02T12:00")))
    assert ("2026-H2", False) in asked(storage, "2026-09-02T12:00")


def _known(storage: Storage) -> Plan:
    plan = card()
    register_plan(storage, plan, EDGE)
    return plan


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "card.toml").write_text(CARD, encoding="utf-8")
    return Settings(path=tmp_path / "mecra.toml", data=tmp_path, institution="Örnek", zone=ISTANBUL, plan=tmp_path / "card.toml")


def test_the_lane_looks_once_a_day_and_after_a_restart_at_the_database(storage: Storage, settings: Settings) -> None:
    clock = Clock(local("2026-09-02T06:31"))
    daily = Daily(settings, clock)
    daily.work()
    assert len(heads(storage)) == 3
    clock.pass_by(hours=3)
    daily.work()
    Daily(settings, clock).work()
    assert len(heads(storage)) == 3
    clock.pass_by(days=1)
    daily.work()
    assert len(heads(storage)) == 5


def test_a_plan_with_mistakes_is_told_once_a_day(storage: Storage, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.plan.write_text("nothing = 1\n", encoding="utf-8")
    clock = Clock(local("2026-09-02T06:31"))
    daily = Daily(settings, clock)
    with caplog.at_level(logging.ERROR):
        for _ in range(5):
            daily.work()
            clock.pass_by(minutes=1)
        assert len(caplog.records) == 1 and "card.toml" in caplog.text
        clock.pass_by(days=1)
        daily.work()
    assert len(caplog.records) == 2
    settings.plan.write_text(CARD, encoding="utf-8")
    clock.pass_by(days=1)
    daily.work()
    assert len(heads(storage)) == 3


@pytest.mark.parametrize(
    ("written", "seals"), [("", False), ("[snapshots]\nseal = true", True), ("[snapshots]\nseal = false", False)]
)
def test_whether_mecra_seals_by_itself_is_a_setting(tmp_path: Path, written: str, seals: bool) -> None:
    (tmp_path / "mecra.toml").write_text(f'[institution]\nname = "Örnek"\n{written}\n', encoding="utf-8")
    assert load(tmp_path / "mecra.toml", {}).seal is seals


@pytest.mark.parametrize("written", ["snapshots = 1", '[snapshots]\nseal = "yes"', "[snapshots]\nseals = true"])
def test_a_setting_that_is_misspelt_is_named(tmp_path: Path, written: str) -> None:
    (tmp_path / "mecra.toml").write_text(written, encoding="utf-8")
    with pytest.raises(MecraError, match="snapshots"):
        load(tmp_path / "mecra.toml", {})


def test_the_card_of_these_tests_is_a_plan(settings: Settings) -> None:
    assert load_plan(settings.plan).sha256 == card().sha256


def test_two_statements_of_a_day_are_one(storage: Storage, tmp_path: Path) -> None:
    plan = _known(storage)
    for at in (local("2026-09-02T07:00"), local("2026-09-02T23:59"), local("2026-09-03T00:01")):
        Archive(storage).told("x:a", at - timedelta(seconds=5), readings=[Reading("followers", at.hour)])
        keep_provisional(storage, take(storage, plan, Period(2026), at, taken_at=at))
    kept = heads(storage, Period(2026))
    assert [one.as_of for one in kept] == ["2026-09-02T21:01:00Z", "2026-09-02T20:59:00Z"]
    rows = storage.connection.execute("SELECT count(*) FROM snapshot_values").fetchone()[0]
    assert rows == 4
