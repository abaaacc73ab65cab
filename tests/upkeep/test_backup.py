"""A backup: whole, of one instant, without a secret, checked before it counts; what fails is told and leaves nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config import Settings
from config.backup import Backups
from model import Account, MecraError, to_text
from storage import backups, opened
from storage.before import copied_to
from tests.conftest import ISTANBUL, Clock
from tests.indicators.sealing import unguarded
from tests.upkeep.kept import SECRET, institution, manifest, rows
from upkeep.backup import make
from upkeep.copies import Interrupted
from upkeep.packed import BadBackup, pack

ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return institution(tmp_path / "home")


def there(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir()) if directory.exists() else []


def test_it_holds_what_belongs_to_it_and_no_secret(settings: Settings, clock: Clock) -> None:
    made = make(settings, clock)
    assert made.good and made.path == settings.data / "backups" / "mecra-20260315T090000Z.zip"
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600 and stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    assert there(made.path.parent) == [made.path.name], "nothing is left beside it"
    with zipfile.ZipFile(made.path) as archive:
        assert archive.testzip() is None
        bodies = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(bodies) == [
        "manifest.json", "mecra.db", "seals.txt", "settings/mecra.toml", "settings/metrics/x.toml", "settings/news.toml",
        "settings/plans/card.toml",
    ]  # fmt: skip
    assert not [name for name, body in bodies.items() if SECRET.encode() in body]
    assert bodies["seals.txt"] == (settings.data / "seals.txt").read_bytes()
    told = manifest(made.path)
    assert (told["made_at"], told["data"], told["settings"]) == ("2026-03-15T09:00:00Z", ".", "mecra.toml")
    assert told["contents"]["rows"]["readings"] == 4 and told["contents"]["seals"] == 1
    (settings.data / "opened.db").write_bytes(bodies["mecra.db"])
    assert rows(settings.data / "opened.db") == rows(settings.database)
    known = backups.known(settings.data)
    assert (known.good_at, known.path, known.size, known.failed) == (
        to_text(clock()),
        str(made.path),
        made.path.stat().st_size,
        None,
    )


WRITER = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], timeout=600)
db.execute("PRAGMA synchronous = OFF")
for n in range(10**9):
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO accounts (account, platform, handle) VALUES (?, 'x', 'twin')", (f"x:left{n}",))
    db.execute("INSERT INTO accounts (account, platform, handle, label) VALUES (?, 'x', 'twin', ?)", (f"x:right{n}", "l" * 500))
    db.commit()
    if n == 20:
        print("writing", flush=True)
    time.sleep(0.002)  # so that a slow machine is not flooded
"""


def test_while_others_write_it_is_of_one_instant(settings: Settings, clock: Clock) -> None:
    """Twins are written in one transaction each: no backup has one without the other, and each has what was there before it began."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(settings.database)], stdout=subprocess.PIPE, text=True) as writer:
        try:
            assert writer.stdout is not None and writer.stdout.readline() == "writing\n"
            counted = []
            for _ in range(3):
                with sqlite3.connect(settings.database) as db:
                    before = db.execute("SELECT count(*) FROM accounts").fetchone()[0]
                made = make(settings, clock)
                clock.pass_by(days=1)
                assert made.good
                counted.append(made.manifest.contents["rows"]["accounts"])
                with zipfile.ZipFile(made.path) as archive:
                    archive.extract("mecra.db", settings.data / "out")
                with sqlite3.connect(settings.data / "out" / "mecra.db") as db:
                    sides = dict(
                        db.execute("SELECT substr(account, 3, 4), count(*) FROM accounts WHERE handle = 'twin' GROUP BY 1")
                    )
                assert sides["left"] == sides["righ"] and counted[-1] >= before
            assert writer.poll() is None, "it went on writing all the while"
        finally:
            writer.kill()
    assert counted == sorted(counted)


def test_what_is_written_between_counting_and_copying_is_in_neither(
    settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(connection: sqlite3.Connection, target: Path) -> None:
        with opened(settings.database, ISTANBUL) as storage:
            storage.register([Account("x:late", "x", "late")])
        copied_to(connection, target)

    monkeypatch.setattr("storage.copying.copied_to", late)
    made = make(settings, clock)
    assert made.good and made.manifest.contents["rows"]["accounts"] == 2


def test_what_is_damaged_is_no_backup_and_the_last_good_one_stays_told(settings: Settings, clock: Clock) -> None:
    with opened(settings.database, ISTANBUL) as storage:
        storage.register([Account(f"x:{n}", "x", "a" * 900) for n in range(200)])
    good = make(settings, clock)
    clock.pass_by(days=1)
    raw = settings.database.read_bytes()
    settings.database.write_bytes(raw[: len(raw) // 2] + b"\xff" * 8192 + raw[len(raw) // 2 + 8192 :])
    with pytest.raises(MecraError, match=r"backup|damaged|malformed"):
        make(settings, clock)
    assert there(good.path.parent) == [good.path.name]
    known = backups.known(settings.data)
    assert known.path == str(good.path) and known.failed == clock() and known.why


def test_what_was_packed_is_opened_before_it_counts(settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that gives back other bytes than it was given."""

    def rotten(target: Path, *rest: Any) -> Any:
        found = pack(target, *rest)
        body = bytearray(target.read_bytes())
        body[len(body) // 3] ^= 0x40
        target.write_bytes(body)
        return found

    monkeypatch.setattr("upkeep.backup.pack", rotten)
    with pytest.raises(BadBackup):
        make(settings, clock)
    assert there(settings.backups) == [] and backups.known(settings.data).failed == clock()


def test_one_of_a_tampered_database_is_kept_apart_and_counts_for_nothing(settings: Settings, clock: Clock) -> None:
    good = make(settings, clock)
    with opened(settings.database, ISTANBUL) as storage, unguarded(storage):
        storage.connection.execute("UPDATE snapshot_values SET value = value + 1")
        storage.connection.commit()
    for _ in range(3):
        clock.pass_by(days=400)
        made = make(settings, clock)
    assert [finding.kind for finding in made.findings] == ["seal"] and made.path.name.endswith(".doubtful.zip")
    assert there(made.path.parent) == [good.path.name, made.path.name], "the last good one stays, and only the last doubtful one"
    known = backups.known(settings.data)
    assert known.path == str(good.path) and known.failed == clock() and "SHA-256" in known.why


def test_a_sealed_value_that_no_longer_adds_up_is_found_when_all_is_measured(settings: Settings, clock: Clock) -> None:
    with opened(settings.database, ISTANBUL) as storage, unguarded(storage):
        storage.connection.execute("UPDATE readings SET value = value + 1")
        storage.connection.commit()
    assert make(settings, clock).good
    assert not make(settings, clock, full=True).good


def test_it_is_copied_to_the_second_place(settings: Settings, clock: Clock, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    settings = replace(settings, backup=Backups(second=second, daily=2, weekly=0, monthly=0))
    mades = []
    for _ in range(3):
        clock.pass_by(days=1)
        mades.append(make(settings, clock))
    assert mades[-1].second == second / mades[-1].path.name and mades[-1].same_disk
    assert mades[-1].second.read_bytes() == mades[-1].path.read_bytes()
    assert there(second) == there(settings.backups) == [made.path.name for made in mades[-2:]], "both are rotated"
    assert stat.S_IMODE(mades[-1].second.stat().st_mode) == 0o600


def test_a_second_place_that_is_away_is_told_and_the_first_stands(settings: Settings, clock: Clock, tmp_path: Path) -> None:
    """A share that is not mounted: its directory is never made, or the first disk would be filled in its stead."""
    settings = replace(settings, backup=Backups(second=tmp_path / "not" / "mounted"))
    made = make(settings, clock)
    assert made.good and made.path.exists() and made.second is None and "mounted" in made.second_why
    assert not (tmp_path / "not").exists()
    known = backups.known(settings.data)
    assert known.good == clock() and "mounted" in known.second_why and known.failed is None


def test_older_ones_that_cant_be_removed_are_told_and_the_new_one_stands(
    settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(settings, backup=Backups(daily=1, weekly=0, monthly=0))
    first = make(settings, clock)
    clock.pass_by(days=1)

    removing = Path.unlink

    def refused(path: Path, missing_ok: bool = False) -> None:
        if path == first.path:
            raise PermissionError(1, "Operation not permitted", str(path))
        removing(path, missing_ok)

    with monkeypatch.context() as guarded, pytest.raises(MecraError, match=r"was made, but older ones.*not permitted"):
        guarded.setattr(Path, "unlink", refused)
        make(settings, clock)
    known = backups.known(settings.data)
    assert known.good == known.failed == clock() and len(there(settings.backups)) == 2


def test_another_directory_is_only_written_to(settings: Settings, clock: Clock, tmp_path: Path) -> None:
    settings = replace(settings, backup=Backups(daily=1, weekly=0, monthly=0))
    for _ in range(3):
        made = make(settings, clock, directory=tmp_path / "stick")
        clock.pass_by(days=1)
    assert len(there(tmp_path / "stick")) == 3 and made.removed == ()
    assert backups.known(settings.data).good is None and not settings.backups.exists()


def test_without_room_none_is_begun(settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(settings.data)
    monkeypatch.setattr("upkeep.backup.shutil.disk_usage", lambda path: usage._replace(free=1 << 20))
    with pytest.raises(MecraError, match="1 MB free"):
        make(settings, clock)
    assert there(settings.backups) == [] and "MB free" in backups.known(settings.data).why


def test_two_at_once_make_one(settings: Settings, clock: Clock) -> None:
    said: list[str] = []

    def meanwhile() -> None:
        if not said:
            try:
                make(settings, clock)
            except Interrupted as error:
                said.append(str(error))

    assert make(settings, clock, alive=meanwhile).good
    assert said and "wait for it" in said[0]
    assert len(there(settings.backups)) == 1 and backups.known(settings.data).failed is None


DYING = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from config import load
from upkeep.backup import make
left = int(sys.argv[2])
def alive():
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
make(load(Path(sys.argv[1]), {}), lambda: datetime(2026, 3, 15, tzinfo=UTC), alive=alive)
"""


def test_killed_on_its_way_it_leaves_no_backup_and_the_next_one_clears_up(settings: Settings, clock: Clock) -> None:
    for steps in (0, 3, 9):
        done = subprocess.run([sys.executable, "-c", DYING, str(settings.path), str(steps)], cwd=ROOT, check=False)
        assert done.returncode == -signal.SIGKILL
        assert [name for name in there(settings.backups) if name.endswith(".zip")] == []
        assert len(there(settings.backups)) == 1, "the leftovers of one"
    made = make(settings, clock)
    assert there(settings.backups) == [made.path.name]


def test_one_of_an_older_schema_is_whole_too(settings: Settings, clock: Clock) -> None:
    """By hand before an upgrade, with the new mecra installed already: it is copied as it is."""
    with sqlite3.connect(settings.database) as db:
        db.execute("DROP TABLE last_moves")
        db.execute("DELETE FROM _sqlite_migrations WHERE id > (SELECT id FROM _sqlite_migrations WHERE name = 'browsing')")
    made = make(settings, clock)
    assert made.good and made.manifest.contents["schema"][-1] == "browsing"
    with sqlite3.connect(settings.database) as db:
        assert db.execute("SELECT count(*) FROM _sqlite_migrations WHERE name = 'speed'").fetchone() == (0,)


def test_as_a_person_asks_for_it(settings: Settings, tmp_path: Path) -> None:
    def call(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT), "--config", str(settings.path), "--lang", "en", *args]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("MECRA_")}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environ)

    assert "There is no backup yet" in call("backup", "--list").stdout
    told = json.loads(call("backup", "--json").stdout)
    assert told["good"] and Path(told["path"]).exists() and told["contents"]["seals"] == 1
    listed = json.loads(call("backup", "--list", "--json").stdout)
    assert [(one["path"], one["good"], one["seals"]) for one in listed] == [(told["path"], True, 1)]
    away = call("backup", "-o", str(tmp_path / "stick"), "--full")
    assert away.returncode == 0 and "every sealed value are as sealed" in away.stdout
    settings.path.write_text(settings.path.read_text(encoding="utf-8") + '[backup]\nsecond = "gone"\n', encoding="utf-8")
    failed = call("backup")
    assert failed.returncode == 1 and "✗ not copied to the second place" in failed.stdout
    settings.database.rename(settings.data / "elsewhere.db")
    (settings.data / "seals.txt").unlink()
    assert call("backup").returncode == 2
