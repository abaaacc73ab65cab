"""Each thing that may be wrong: it holds where it should, names what it is about, and does not hold before and after."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.alarms import KINDS
from config.backup import Backups
from config.plan_file import parse_plan
from model import SILENT, Exchange, Page, Period, Records, to_text
from storage.backups import BackupState, note_failure, note_good
from storage.expiry import note_expiry
from storage.incidents import Condition
from storage.plans import register_plan
from storage.snapshots import Snapshot, ValueRow, keep_provisional
from storage.verified import Verified, note
from tests.indicators.sealing import CARD
from tests.upkeep.watched import INTERVALS, Town
from upkeep.alarms import ALONE, conditions
from upkeep.conditions import Look
from words import speaking


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    town.read()
    with speaking("tr"):
        yield town


def found(town: Town, **more: Any) -> dict[tuple[str, str], Condition]:
    look = Look(town.storage, town.settings, town.clock.at, INTERVALS, **{"free": lambda path: 1 << 40, **more})
    return {one.key: one for one in conditions(look, set())[0]}


def kinds(town: Town, **more: Any) -> list[str]:
    return sorted(kind for kind, _about in found(town, **more))


def set_to(town: Town, **changes: Any) -> None:
    town.settings = replace(town.settings, **changes)


def spent(town: Town, bucket: str, cost: int) -> None:
    now = town.clock.at
    walk = town.storage.begin("x:a", "profile", since=now, now=now, trigger="manual", memo={}, missed=0)
    town.storage.save(
        walk, walk.after(Page(), now), [(Exchange(now, "GET", "https://x.example", 200, b"", 0, 0, cost, bucket), Records())]
    )


def stated(town: Town, period: str, *lacks: tuple[str, dict[str, object]]) -> None:
    row = ValueRow(
        "PG7.2.5", 1, "1", "1", None, 2, 50.0, "1/2", 50.0, 50.0, 1, 87.5, "provisional", "", "", json.dumps({"lacks": lacks})
    )
    at, plan = to_text(town.clock.at), parse_plan(CARD, "card.toml")
    register_plan(town.storage, plan, town.clock.at)
    keep_provisional(town.storage, Snapshot(period, at, at, plan.sha256, 1, None, None, "provisional", "", "[]", (row,), ()))


def test_nothing_is_wrong_with_what_was_just_read(town: Town) -> None:
    assert found(town) == {}


def test_every_kind_is_found_by_somebody() -> None:
    assert len(ALONE) == 9
    text = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parents[2].joinpath("upkeep").glob("conditions*.py"))
    assert {kind for kind in KINDS if f'"{kind}"' not in text} == set()


def test_a_token_that_ends_soon_and_one_that_has_ended(town: Town) -> None:
    now = town.clock.at
    note_expiry(town.path, "facebook", now, now + timedelta(days=13))
    note_expiry(town.path, "x", now, now - timedelta(days=1))
    note_expiry(town.path, "youtube", now, now + timedelta(days=1))
    known = found(town)
    assert set(known) == {("token_ends", "facebook expires_at"), ("token_ends", "x expires_at")}, "youtube has no account here"
    assert (
        known["token_ends", "facebook expires_at"].what.said() == "facebook erişim belirtecinin süresi 28.03.2026 tarihinde doluyor"
    )
    assert "doldu" in known["token_ends", "x expires_at"].what.said()
    assert known["token_ends", "x expires_at"].cure.said() == "`mecra auth x` çalıştırın"
    note_expiry(town.path, "facebook", now, now + timedelta(days=15))
    note_expiry(town.path, "x", now, None)
    assert found(town) == {}


@pytest.mark.parametrize("content", ["", "[1]", '{"x": 1}', '{"x": {"expires_at": 5}}', '{"x": {"expires_at": "yarın"}}'])
def test_a_file_of_tokens_that_somebody_edited_breaks_nothing(town: Town, content: str) -> None:
    (town.path / "tokens.json").write_text(content, encoding="utf-8")
    assert found(town) == {}


def test_a_budget_that_will_not_last_and_one_that_is_used_up(town: Town) -> None:
    set_to(town, budgets={"x": {"cost_per_month": 25_000_000}})
    spent(town, "x", 5_000_000)
    town.clock.pass_by(hours=1)
    (low,) = found(town).values()
    assert low.kind == "budget_low" and low.about == "x cost_per_month"
    assert "$25,000 sınırının $5,000 kadarı" in low.what.said() and "01.04.2026" in low.what.said()
    spent(town, "x", 20_000_000)
    assert kinds(town) == ["budget_spent"]
    town.clock.at = datetime(2026, 4, 1, 0, 1, tzinfo=UTC)
    town.read()
    town.clock.pass_by(days=10)
    town.read()
    assert found(town) == {}, "a new month"


def test_a_limit_that_stopped_a_stream_is_told_though_something_is_left_of_it(town: Town) -> None:
    set_to(town, budgets={"x": {"cost_per_day": 1_000_000, "requests_per_month": 1_000_000}})
    spent(town, "x", 999_000)
    town.fails("x:a", "over budget", "the next request may cost more than is left")
    assert set(found(town)) == {("budget_spent", "x cost_per_day")}
    set_to(town, budgets={"x": {"cost_per_day": 0}})
    assert found(town) == {}, "a limit of nothing is meant"


def test_a_period_that_closes_with_gaps(town: Town) -> None:
    lack = ("no plan of posts was handed in for {n} weeks: {weeks}", {"n": 2, "weeks": "2026-W25, 2026-W26"})
    town.clock.at = datetime(2026, 6, 10, 9, tzinfo=UTC)
    town.read()
    stated(town, "2026-H1", lack)
    assert found(town) == {}, "not yet"
    town.clock.at = datetime(2026, 6, 17, 9, tzinfo=UTC)
    town.read()
    stated(town, "2026-H1", lack)
    (closes,) = found(town).values()
    said = closes.what.said()
    assert closes.key == ("period_gaps", "2026-H1") and "30.06.2026 tarihinde kapanıyor" in said
    assert "PG7.2.5 (%87,5)" in said and "2026-W25" in said and "mecra snapshot 2026-H1" in closes.cure.said()
    stated(town, "2026-H1")
    assert found(town) == {}
    town.clock.at = datetime(2026, 7, 20, 9, tzinfo=UTC)
    town.read()
    stated(town, "2026-H1", lack)
    (closed,) = found(town).values()
    assert "kapandı, mühürlenmedi" in closed.what.said()


def test_a_period_of_before_the_archive_is_nobody_s_matter(town: Town) -> None:
    stated(town, str(Period(2025, 2)), ("nothing", {}))
    assert found(town) == {}


def test_little_room_on_the_disk(town: Town) -> None:
    set_to(town, alarms=replace(town.settings.alarms, disk_free_mb=2048))
    assert kinds(town, free=lambda path: 2048 << 20) == []
    assert kinds(town, free=lambda path: (2048 << 20) - 1) == ["disk_low"]
    set_to(town, free_mb=5000)
    assert kinds(town, free=lambda path: 2048 << 20) == ["disk_low"], "told before collecting stops"


def test_a_backup_that_failed_and_one_that_is_old(town: Town) -> None:
    set_to(town, backup=Backups(second=Path("/mnt/second")))
    note_good(town.path, BackupState("2026-03-15T00:10:00Z", "/b", 1))
    assert found(town) == {}
    note_failure(town.path, "2026-03-15T08:10:00Z", "the disk is full")
    (failed,) = found(town).values()
    assert failed.kind == "backup_failed" and "the disk is full" in failed.what.said() and failed.since.hour == 8
    town.clock.at = datetime(2026, 3, 16, 12, 11, tzinfo=UTC)
    town.read()
    assert kinds(town) == ["backup_failed", "backup_old"]
    note_good(town.path, BackupState("2026-03-16T12:00:00Z", "/b", 1, second_why="no such directory"))
    assert set(found(town)) == {("backup_failed", "/mnt/second")}
    set_to(town, backup=Backups(nightly=False))
    assert found(town) == {}


def test_seals_that_do_not_verify_and_that_could_not_be_verified(town: Town) -> None:
    note(town.path, Verified("2026-03-15T01:40:00Z", "", 2, "bir mühür"))
    (touched,) = found(town).values()
    assert touched.kind == "verify_failed" and touched.what.said() == "2 bulgu; ilki: bir mühür"
    note(town.path, Verified("2026-03-15T01:40:00Z", why="no plan"))
    assert kinds(town) == ["verify_failed"]
    note(town.path, Verified("2026-03-15T01:40:00Z"))
    assert found(town) == {}


def test_a_clock_that_is_wrong(town: Town) -> None:
    assert kinds(town, skews=(0, 1, 500)) == [] and kinds(town, skews=(500, 500)) == [], "one server may be wrong, or two"
    assert kinds(town, skews=(500, 480, 0)) == ["clock_wrong"] and kinds(town, skews=(-500, -480, 0)) == ["clock_wrong"]
    town.clock.at -= timedelta(minutes=9)
    assert kinds(town) == []
    town.clock.at -= timedelta(minutes=2)
    assert set(found(town)) == {("clock_wrong", "archive")}


def test_a_feed_that_answers_and_has_nothing_new_for_longer_than_usual(town: Town) -> None:
    now = town.clock.at + timedelta(minutes=1)
    walk = town.storage.begin("feed:c", "items", since=now, now=now, trigger="schedule", memo={}, missed=0)
    town.storage.save(walk, walk.after(Page(notes=(f"{SILENT}9 days: see whether it still lives",)), now), [])
    town.clock.at = now
    (quiet,) = found(town).values()
    assert quiet.key == ("feed_silent", "feed:c") and "9 days" in quiet.what.said() and "mecra feeds check" in quiet.cure.said()
    town.clock.pass_by(minutes=1)
    town.read("feed:c")
    assert found(town) == {}


def test_a_stream_that_is_not_expected_any_more_is_missed_by_nobody(town: Town) -> None:
    town.clock.pass_by(days=3)
    assert len(found(town)) == 3
    look = Look(town.storage, town.settings, town.clock.at, {("x:a", "posts"): timedelta(hours=1)}, free=lambda path: 1 << 40)
    assert [one.about for one in conditions(look, set())[0]] == ["x:a posts"]


def test_an_answer_of_any_kind_is_a_line_that_is_up(town: Town) -> None:
    town.clock.pass_by(minutes=5)
    for key in ("x:a", "facebook:b", "feed:c"):
        town.fails(key, "unavailable", "no answer")
    assert set(found(town)) == {("offline", "network")}
    town.clock.pass_by(minutes=5)
    spent(town, "x", 0)
    assert found(town) == {}
