"""The daemon's backup: one a night, one for all nights that were missed, and again an hour after one that failed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from config import Settings
from config.backup import Backups
from config.secrets import Secrets
from daemon import UPKEEP, Daemon
from model import Account, MecraError, Reading
from scheduler import Jobs
from storage import backups, opened
from tests.conftest import ISTANBUL, Clock
from tests.indicators.standing import Archive
from tests.upkeep.kept import institution
from upkeep.nightly import jobs
from upkeep.nightly_backup import NightlyBackup

NIGHT = datetime(2026, 7, 20, 0, 10, tzinfo=UTC)  # 03:10 in Istanbul


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(institution(tmp_path / "home", seals=False), backup=Backups(daily=1000))


def made(settings: Settings) -> list[str]:
    return sorted(path.name[6:19] for path in settings.backups.glob("mecra-*.zip"))


def quiet() -> None:
    pass


def test_one_a_night_however_often_it_is_asked(settings: Settings) -> None:
    clock = Clock(NIGHT - timedelta(minutes=1))
    job = NightlyBackup(settings, clock, quiet)
    for _ in range(3 * 24 * 4):
        job.work()
        clock.pass_by(minutes=15)
    assert made(settings) == ["20260720T0024", "20260721T0024", "20260722T0024"], "the last of each day: there was one at once, too"
    NightlyBackup(settings, clock, quiet).work()
    assert len(made(settings)) == 3, "a restart repeats nothing: the directory says what was done"


def test_nights_that_were_slept_through_are_caught_up_once(settings: Settings) -> None:
    clock = Clock(NIGHT)
    job = NightlyBackup(settings, clock, quiet)
    job.work()
    clock.pass_by(days=9, hours=5)
    for _ in range(3):
        job.work()
        clock.pass_by(minutes=1)
    assert made(settings) == ["20260720T0010", "20260729T0510"]


def test_the_archive_s_first_day_has_none(tmp_path: Path, clock: Clock) -> None:
    from tests.upkeep.test_backup import there

    home = institution(tmp_path / "home", seals=False)
    home.database.unlink()
    job = NightlyBackup(home, clock, quiet)
    job.work()
    with opened(home.database, ISTANBUL) as storage:
        storage.register([Account("x:a", "x", "a")])
        job.work()
        Archive(storage).told("x:a", clock(), readings=[Reading("followers", 1)])
    job.work()
    assert there(home.backups) == []
    clock.pass_by(days=1)
    job.work()
    assert len(there(home.backups)) == 1


def test_one_that_fails_is_tried_again_in_an_hour(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, usage = Clock(NIGHT), shutil.disk_usage(settings.data)
    job = NightlyBackup(settings, clock, quiet)
    with monkeypatch.context() as full:
        full.setattr("upkeep.backup.shutil.disk_usage", lambda path: usage._replace(free=0))
        with pytest.raises(MecraError, match="0 MB free"):
            job.work()
        clock.pass_by(minutes=59)
        job.work()
        clock.pass_by(minutes=1)
        with pytest.raises(MecraError, match="0 MB free"):
            job.work()
    assert backups.known(settings.data).failed == clock()
    clock.pass_by(hours=1)
    job.work()
    assert made(settings) == ["20260720T0210"] and backups.known(settings.data).failed is None


def test_a_clock_that_was_a_year_ahead_stops_no_backup(settings: Settings) -> None:
    clock = Clock(NIGHT + timedelta(days=400))
    job = NightlyBackup(settings, clock, quiet)
    job.work()
    clock.at = NIGHT
    job.work()
    assert made(settings) == ["20260720T0010", "20270824T0010"], "what it dated wrongly is left to a person"


def test_one_that_is_interrupted_is_no_failure_and_made_at_the_next_start(settings: Settings) -> None:
    """A daemon that is told to stop lets go at the next step, and leaves nothing behind."""
    clock = Clock(NIGHT)
    daemon = Daemon(settings, Jobs(settings, Secrets({}), now=clock))
    daemon._stop(15, None)
    daemon._work(UPKEEP)
    assert list(settings.backups.iterdir()) == [] and backups.known(settings.data).failed is None
    Daemon(settings, Jobs(settings, Secrets({}), now=clock))._work(UPKEEP)
    assert made(settings) == ["20260720T0010"]


def test_one_that_somebody_else_is_making_is_waited_for(settings: Settings) -> None:
    clock = Clock(NIGHT)
    job = NightlyBackup(settings, clock, quiet)
    with FileLock(settings.data / "backup.lock"):
        job.work()
    assert not settings.backups.exists()
    job.work()
    assert made(settings) == ["20260720T0010"]


def test_none_where_the_settings_say_so_and_at_the_hour_that_they_say(settings: Settings) -> None:
    never = replace(settings, backup=Backups(nightly=False))
    NightlyBackup(never, Clock(NIGHT), quiet).work()
    assert made(never) == []
    clock = Clock(NIGHT)
    late = NightlyBackup(replace(settings, backup=Backups(at=time(23, 30))), clock, quiet)
    late.work()
    clock.at = datetime(2026, 7, 20, 20, 29, tzinfo=UTC)
    late.work()
    assert made(settings) == ["20260720T0010"]
    clock.pass_by(minutes=1)
    late.work()
    assert made(settings) == ["20260720T2030"]


def test_the_daemon_makes_it_in_its_own_lane_and_counts_as_alive(settings: Settings) -> None:
    clock = Clock(NIGHT)
    assert any(isinstance(job, NightlyBackup) for job in jobs(settings, Secrets({}), clock, quiet))
    daemon = Daemon(settings, Jobs(settings, Secrets({}), now=clock))
    daemon._busy[UPKEEP] = -1e9
    daemon._upkeep_lives()
    assert daemon._busy[UPKEEP] > 0, "a backup of many minutes is not taken for hung"
    daemon._work(UPKEEP)
    assert made(settings) == ["20260720T0010"]
