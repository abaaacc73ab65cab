"""Where it is told how the backups stand: `mecra status`, the panel's page of health, and an incident when one failed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from config.backup import Backups
from config.secrets import Secrets
from console.doctor_backups import backed_up
from console.status import measure, show
from model import to_text
from storage import backups, opened
from storage.backups import BackupState
from tests.conftest import ISTANBUL, Clock
from tests.panel.served import is_inert, served
from tests.upkeep.kept import institution
from upkeep.backup import make
from words import speaking


def test_status_and_panel_tell_the_last_good_one_and_what_failed_since(
    tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = institution(tmp_path / "home")
    with opened(settings.database, ISTANBUL) as storage:
        none = measure(storage, settings, clock())
    assert none.to_json()["backup"]["good_at"] is None
    made = make(settings, clock)
    clock.pass_by(days=2)
    backups.note_failure(settings.data, to_text(clock()), "no room <b>here</b>")
    with opened(settings.database, ISTANBUL) as storage, speaking("tr"):
        found = measure(storage, settings, clock())
        show(none, settings)
        show(found, settings)
    said = capsys.readouterr().out
    assert "henüz yedek yok: ilkini saat 03:10 olunca `mecra run` alır" in said
    assert "son sağlam yedek: 2 gün önce, " in said and f" MB, {made.path}" in said
    assert found.to_json()["backup"] == {
        "good_at": "2026-03-15T09:00:00Z", "path": str(made.path), "size": made.size, "second": None, "second_why": None,
        "failed_at": "2026-03-17T09:00:00Z", "why": "no room <b>here</b>",
    }  # fmt: skip
    with served(settings.database, now=clock) as get:
        answer = get("/veri-sagligi")
    is_inert(answer)
    assert "Son sağlam yedek" in answer.page.words and "son deneme başarısız oldu: no room <b>here</b>" in answer.page.words


def test_what_is_told_of_them_survives_anything_that_stands_there(tmp_path: Path) -> None:
    """The file lies beside the database, where anybody may have written anything."""
    for text in (
        "",
        "[]",
        "{",
        "null",
        '{"good_at": 1, "size": "x", "path": null}',
        '{"good_at": "yesterday", "failed_at": "now"}',
    ):
        (tmp_path / backups.NAME).write_text(text, encoding="utf-8")
        found = backups.known(tmp_path)
        assert (found.good, found.failed, found.size, found.path) == (None, None, 0, "")
    (tmp_path / backups.NAME).unlink()
    assert backups.known(tmp_path) == BackupState()


def test_one_that_failed_is_an_incident_and_over_with_the_next_good_one(tmp_path: Path, clock: Clock) -> None:
    from storage.incidents import open_incidents
    from upkeep.alarms import Alarms

    settings = institution(tmp_path / "home")
    make(settings, clock)
    backups.note_failure(settings.data, to_text(clock()), "no room")
    alarms = Alarms(settings, Secrets({}), clock)
    alarms.work()
    with opened(settings.database, ISTANBUL) as storage:
        assert [one.kind for one in open_incidents(storage) if one.kind.startswith("backup")] == ["backup_failed"]
    clock.pass_by(days=1)
    make(settings, clock)
    for _ in range(3):
        clock.pass_by(minutes=1)
        alarms.work()
    with opened(settings.database, ISTANBUL) as storage:
        assert [one.kind for one in open_incidents(storage) if one.kind.startswith("backup")] == []
    clock.pass_by(days=3)
    alarms.work()
    with opened(settings.database, ISTANBUL) as storage:
        assert [one.kind for one in open_incidents(storage) if one.kind.startswith("backup")] == ["backup_old"]
    assert json.loads((settings.data / backups.NAME).read_text(encoding="utf-8"))["why"] == ""


def test_the_doctor_looks_whether_there_is_one_to_rely_on(tmp_path: Path, clock: Clock) -> None:
    def found() -> list[tuple[str, str]]:
        return [(one.level, one.what.partition(":")[0]) for one in backed_up(settings, clock)]

    settings = institution(tmp_path / "home")
    alone = ("warn", "backups have no second place")
    assert found() == [("warn", "there is no backup yet"), alone]
    made = make(settings, clock)
    assert found() == [("ok", "last good backup"), alone]
    clock.pass_by(days=3)
    backups.note_failure(settings.data, to_text(clock()), "no room")
    assert found() == [("warn", "last good backup"), ("fail", "the last try failed"), alone]
    made.path.unlink()
    assert found()[0] == ("fail", "the last good backup is gone")
    (tmp_path / "second").mkdir()
    settings = replace(settings, backup=Backups(second=tmp_path / "second"))
    make(settings, clock)
    assert found() == [("ok", "last good backup")]
