"""`mecra import plan` and `mecra withdraw` as staff call them: whole or not at all, once, and told in Turkish."""

from __future__ import annotations

import json
import sqlite3
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from model import utc_now
from tests.collectors.calendar.plans import BAD, HEAD, row
from tests.collectors.news.spreadsheets import sheet
from tests.conftest import ISTANBUL
from tests.console.conftest import Call

SETTINGS = """[news]
feeds = false
[news.gdelt]
enabled = false
[[accounts]]
platform = "x"
handle = "ornek"
[[accounts]]
platform = "instagram"
handle = "ornek"
id = "178"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    (tmp_path / "mecra.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def today() -> date:
    return utc_now().astimezone(ISTANBUL).date()


def ahead(days: int = 7, **cells: object) -> tuple[object, ...]:
    return row(Tarih=today() + timedelta(days=days), **cells)


def rows(directory: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(directory / "mecra.db") as db:
        return db.execute("SELECT planned_at, platform, title, withdrawn_at, reason FROM plan_slots ORDER BY slot").fetchall()


def instant(days: int) -> str:
    at = datetime(today().year, today().month, today().day, 14, 30, tzinfo=ISTANBUL) + timedelta(days=days)
    return f"{at.astimezone(utc_now().tzinfo):%Y-%m-%dT%H:%M:%SZ}"


def test_a_plan_is_tried_taken_in_and_not_doubled(call: Call, settings: Path) -> None:
    sheet(file := settings / "plan.xlsx", HEAD, ahead(Platform="Instagram, X"), ahead(8))
    tried = call("import", "plan", str(file), "--dry-run")
    assert tried.exit_code == 0 and "would be added: 3;" in tried.stdout and "plan.xlsx: 3 planned posts" in tried.stdout
    assert not (settings / "mecra.db").exists()
    assert "added: 3;" in call("import", "plan", str(file)).stdout
    assert [(at, platform) for at, platform, *_rest in rows(settings)] == [
        (instant(7), "instagram"), (instant(7), "x"), (instant(8), "instagram"),
    ]  # fmt: skip
    before = rows(settings)
    again = call("import", "plan", str(file))
    assert again.exit_code == 0 and "nothing new: all 3 planned posts are in the plan already" in again.stdout
    assert "would be added" not in call("import", "plan", str(file), "--dry-run").stdout
    assert rows(settings) == before


@pytest.mark.parametrize("name", [name for name in BAD if name not in ("bomb.xlsx",)])
def test_of_a_bad_file_nothing_is_taken_in(call: Call, settings: Path, name: str) -> None:
    BAD[name][0](settings / name)
    came = call("import", "plan", str(settings / name))
    assert came.exit_code == 2 and name in came.stdout + came.stderr
    assert not (settings / "mecra.db").exists()


def test_good_rows_beside_a_bad_one_are_not_taken_in(call: Call, settings: Path) -> None:
    sheet(file := settings / "plan.xlsx", HEAD, ahead(), ahead(8, Saat="25:00"))
    came = call("import", "plan", str(file), "--json")
    told = json.loads(came.stdout)
    assert came.exit_code == 2 and told["taken"] is None and len(told["slots"]) == 1
    assert told["errors"] == [
        {
            "where": "plan.xlsx", "row": 3, "column": "B (Saat)", "value": "25:00", "what": "there is no such time of day",
            "cure": "write 00:00 to 23:59; 24:00 is 00:00 of the next day",
        }
    ]  # fmt: skip
    assert not (settings / "mecra.db").exists()


def test_errors_are_said_in_turkish(call: Call, settings: Path) -> None:
    sheet(file := settings / "plan.xlsx", HEAD, ahead(Saat="25:00"))
    came = call("import", "plan", str(file), language="tr")
    assert "plan.xlsx, 2. satır, B (Saat) sütunu: böyle bir saat yok: '25:00' -> 00:00 ile 23:59 arasında yazınız" in came.stdout
    assert "hiçbir şey alınmadı" in came.stderr


def test_a_corrected_file_says_what_it_changes(call: Call, settings: Path) -> None:
    sheet(file := settings / "plan.xlsx", HEAD, ahead(Başlık="Tören"), ahead(8, Başlık="Gezi"), ahead(9, Başlık="Konser"))
    call("import", "plan", str(file))
    sheet(file, HEAD, ahead(Başlık="Bayrak töreni"), ahead(9, Başlık="Konser", İptal="x", Gerekçe="yas"))
    told = json.loads(call("import", "plan", str(file), "--json").stdout)
    assert told["taken"] == {"added": 0, "again": 1, "renamed": 1, "withdrawn": 1, "left_out": [2]}
    assert any("slot 2 of an earlier file of this name" in note for note in told["notes"])
    assert [(title, gone is not None, why) for _at, _platform, title, gone, why in rows(settings)] == [
        ("Bayrak töreni", False, ""), ("Gezi", False, ""), ("Konser", True, "yas"),
    ]  # fmt: skip


def test_what_is_handed_in_late_or_for_no_account_is_told(call: Call, settings: Path) -> None:
    sheet(file := settings / "plan.xlsx", HEAD, ahead(-3, İptal="x", Gerekçe="yas"), ahead(Platform="TikTok"))
    notes = json.loads(call("import", "plan", str(file), "--json").stdout)["notes"]
    assert any(note.startswith("tiktok: no account in the settings") for note in notes)
    assert "1 slots are handed in after their hour: they count, and it is told" in notes
    assert "1 slots are withdrawn after their hour: they stay in the plan" in notes


def test_a_platform_for_the_whole_file(call: Call, settings: Path) -> None:
    sheet(file := settings / "plan.xlsx", ("Tarih", "Saat", "Konu"), (today() + timedelta(days=7), "14:30", "Konser"))
    assert call("import", "plan", str(file)).exit_code == 2
    assert call("import", "plan", str(file), "--platform", "tüm platformlar").exit_code == 0
    assert [platform for _at, platform, *_rest in rows(settings)] == ["instagram", "x"]
    wrong = call("import", "plan", str(file), "--platform", "mayspeys")
    assert wrong.exit_code == 2 and "--platform mayspeys: no such platform" in wrong.stderr


# -- withdrawing


@pytest.fixture
def with_plan(call: Call, settings: Path) -> Path:
    sheet(settings / "plan.xlsx", HEAD, ahead(Platform="Instagram, X"), ahead(8), ahead(8, Başlık="ikinci"), ahead(-3))
    call("import", "plan", str(settings / "plan.xlsx"))
    return settings


def slot_of(directory: Path, days: int, platform: str) -> int:
    with sqlite3.connect(directory / "mecra.db") as db:
        return int(
            db.execute(
                "SELECT min(slot) FROM plan_slots WHERE planned_at = ? AND platform = ?", (instant(days), platform)
            ).fetchone()[0]
        )


def withdrawn(directory: Path) -> list[tuple[str, str, str]]:
    return [(at, platform, why) for at, platform, _title, gone, why in rows(directory) if gone]


def test_withdraw_by_its_hour(call: Call, with_plan: Path) -> None:
    day = f"{today() + timedelta(days=7):%d.%m.%Y}"
    came = call("withdraw", "--on", day, "--at", "14.30", "--platform", "X", "--why", "yas ilanı", "--by", "Ayşe")
    assert came.exit_code == 0 and came.stdout.startswith("withdrawn: slot")
    assert withdrawn(with_plan) == [(instant(7), "x", "yas ilanı (Ayşe)")]
    told = json.loads(call("withdraw", "--on", day, "--at", "14:30", "--why", "yas", "--by", "Ayşe", "--json").stdout)
    assert [slot["platform"] for slot in told["withdrawn"]] == ["instagram"], "the other one is withdrawn already"


def test_withdraw_by_number_and_after_its_hour(call: Call, with_plan: Path) -> None:
    late, soon = slot_of(with_plan, -3, "instagram"), slot_of(with_plan, 7, "x")
    came = call("withdraw", str(late), str(soon), "--why", "yas", "--by", "Ayşe")
    assert (
        f"withdrawn after its hour, so it stays in the plan: slot {late}" in came.stdout
        and f"withdrawn: slot {soon}" in came.stdout
    )
    again = call("withdraw", str(soon), "--why", "yas", "--by", "Ayşe")
    assert again.exit_code == 2 and f"slot {soon} is withdrawn already: yas (Ayşe)" in again.stderr


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("999",), "no slot 999"),
        (("--on", "01.01.2026", "--at", "14:30"), "no slot 2026-01-01 14:30"),
        (("--on", "01.01.2026"), "name slots by number, or by --on DATE and --at HH:MM"),
        ((), "name slots by number"),
        (("1", "--on", "01.01.2026", "--at", "14:30"), "name slots by number"),
        (("--on", "01.01.2026", "--at", "25:00"), "--at 25:00: there is no such time of day"),
        (("1", "--why", " "), "--why: write the reason"),
        (("--on", "01.01.2026", "--at", "14:30", "--platform", "feys"), "no such platform"),
    ],
)
def test_what_can_not_be_withdrawn(call: Call, with_plan: Path, args: tuple[str, ...], says: str) -> None:
    why = () if "--why" in args else ("--why", "yas")
    came = call("withdraw", *args, *why, "--by", "Ayşe")
    assert came.exit_code == 2 and says in came.stderr
    assert withdrawn(with_plan) == []


def test_several_at_an_hour_are_named_by_number(call: Call, with_plan: Path) -> None:
    day = f"{today() + timedelta(days=8):%Y-%m-%d}"
    came = call("withdraw", "--on", day, "--at", "14:30", "--why", "yas", "--by", "Ayşe")
    assert came.exit_code == 2 and "several slots at that hour" in came.stderr and "ikinci" in came.stderr
    assert withdrawn(with_plan) == []
