"""The nightly verifying: once a night, everything once a week, and what it found stays told until it is found no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.verified import Verified, known, note
from tests.conftest import Clock
from tests.indicators.sealing import CARD
from tests.upkeep.watched import Town
from upkeep import verifying
from upkeep.verifying import Verifying

NIGHT = datetime(2026, 3, 16, 1, 40, tzinfo=UTC)  # 04:40 in Istanbul


@pytest.fixture
def town(tmp_path: Path) -> Town:
    (tmp_path / "card.toml").write_text(CARD, encoding="utf-8")
    town = Town(tmp_path)
    town.settings = replace(town.settings, plan=tmp_path / "card.toml")
    return town


def test_once_a_night_and_a_night_that_was_slept_through_is_made_up_once(town: Town) -> None:
    clock, done = Clock(NIGHT - timedelta(hours=1)), []
    job = Verifying(town.settings, clock)
    for _ in range(60):
        job.work()
        done.append(known(town.path).at)
        clock.pass_by(hours=1)
    assert list(dict.fromkeys(done)) == [
        "2026-03-16T00:40:00Z",
        "2026-03-16T01:40:00Z",
        "2026-03-17T01:40:00Z",
        "2026-03-18T01:40:00Z",
    ]
    clock.pass_by(days=3, hours=5)
    again = Verifying(town.settings, clock)
    again.work()
    assert known(town.path).done == clock.at
    clock.pass_by(minutes=1)
    again.work()
    assert known(town.path).done == clock.at - timedelta(minutes=1)


def test_everything_is_measured_again_once_a_week(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    quick: list[bool] = []

    def seen(*args: object, **options: bool) -> list[object]:
        quick.append(options["quick"])
        return []

    monkeypatch.setattr(verifying, "verify", seen)
    clock = Clock(NIGHT)
    job = Verifying(town.settings, clock)
    for _ in range(15):
        job.work()
        clock.pass_by(days=1)
    assert [night for night, was_quick in enumerate(quick) if not was_quick] == [0, 7, 14]


def test_what_was_touched_is_found(town: Town) -> None:
    connection = town.storage.connection
    name = "entries_stay"
    sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
    connection.execute(f"DROP TRIGGER {name}")
    connection.commit()
    clock = Clock(NIGHT)
    job = Verifying(town.settings, clock)
    job.work()
    assert known(town.path).findings == 1 and name in known(town.path).first
    connection.execute(sql)
    connection.commit()
    clock.pass_by(days=1)
    job.work()
    assert known(town.path) == Verified("2026-03-17T01:40:00Z", "2026-03-16T01:40:00Z")


def test_what_can_t_be_done_is_told_and_tried_again_in_an_hour(town: Town) -> None:
    database, aside = town.path / "mecra.db", town.path / "aside"
    town.storage.connection.close()
    database.rename(aside)
    clock = Clock(NIGHT)
    job = Verifying(town.settings, clock)
    job.work()
    assert known(town.path).why
    aside.rename(database)
    clock.pass_by(minutes=59)
    job.work()
    assert known(town.path).why
    clock.pass_by(minutes=1)
    job.work()
    assert known(town.path).why == "" and known(town.path).done == clock.at


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"at": 5, "findings": true, "odd": 1}', b"\xff"])
def test_a_file_that_somebody_edited_says_nothing(town: Town, content: bytes) -> None:
    note(town.path, Verified("2026-03-17T01:40:00Z"))
    (town.path / "verified.json").write_bytes(content)
    assert known(town.path) == Verified()
