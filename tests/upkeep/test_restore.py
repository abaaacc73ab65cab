"""A backup put in place: never over anything, never half, never into a running mecra; what is lost by it is said as `mecra verify` will."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

import upkeep.restore
from config import Settings, load
from config.backup import Backups
from config.plan_file import parse_plan
from model import Account, MecraError
from storage import opened
from storage.database import MIGRATIONS
from storage.purging import ACCOUNT, Scope
from tests.conftest import ISTANBUL, Clock
from tests.dying import die_before
from tests.indicators.sealing import Y, findings, sealed, written
from tests.upkeep.kept import chain, institution, manifest, rows
from tests.upkeep.test_backup_packed import crafted
from upkeep.backup import make
from upkeep.packed import BadBackup
from upkeep.purge import purge
from upkeep.restore import restore

ROOT = Path(__file__).parents[2]
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return institution(tmp_path / "home")


@pytest.fixture
def backup(settings: Settings, clock: Clock, tmp_path: Path) -> Path:
    return make(settings, clock, directory=tmp_path / "stick").path


def below(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()}


def seal_the_year(settings: Settings) -> None:
    with opened(settings.database, ISTANBUL) as storage:
        sealed(storage, Y)
        written(storage, settings.data)


def test_on_a_new_machine_all_of_it_is_there_again(settings: Settings, backup: Path, clock: Clock, tmp_path: Path) -> None:
    before, seals = rows(settings.database), (settings.data / "seals.txt").read_bytes()
    shutil.rmtree(settings.path.parent)
    done = restore(backup, None, clock, to=tmp_path / "new")
    again = load(tmp_path / "new" / "mecra.toml", {})
    assert rows(again.database) == before and done.findings == [] and done.aside is None
    assert (again.data / "seals.txt").read_bytes() == seals
    assert (again.plan.read_text(encoding="utf-8"), (tmp_path / "new/metrics/x.toml").exists()) == (
        again.plan.read_text(encoding="utf-8"),
        True,
    )
    assert stat.S_IMODE(again.database.stat().st_mode) == 0o600 and stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    with opened(again.database, ISTANBUL) as storage:
        assert findings(storage, again.data) == []
        storage.register([Account("x:new", "x", "new")])
    assert not list((tmp_path / "new").glob(".mecra*")), "nothing is left over"


@pytest.mark.parametrize(("data", "there"), [("data", "new/data/mecra.db"), ("../far", "new/mecra.db")])
def test_data_and_settings_lie_to_each_other_as_they_did(tmp_path: Path, clock: Clock, data: str, there: str) -> None:
    settings = institution(tmp_path / "home")
    place = settings.path.parent / data
    place.mkdir()
    for name in ("mecra.db", "seals.txt"):
        (settings.data / name).rename(place / name)
    settings.path.write_text(f'data = "{data}"\n' + settings.path.read_text(encoding="utf-8"), encoding="utf-8")
    made = make(load(settings.path, {}), clock, directory=tmp_path / "stick")
    done = restore(made.path, None, clock, to=tmp_path / "new")
    assert done.place.database == tmp_path / there and done.place.database.exists()
    assert chain(load(tmp_path / "new" / "mecra.toml", {"MECRA_DATA": str(done.place.data)}).database) == chain(place / "mecra.db")


def test_nothing_is_overwritten_unless_it_is_said_and_then_it_is_kept(settings: Settings, backup: Path, clock: Clock) -> None:
    """The write-ahead log goes along: without it the former database would be short of its last rows, and the restored one broken."""
    old = rows(settings.database)
    held = sqlite3.connect(settings.database)
    held.execute("INSERT INTO accounts (account, platform, handle) VALUES ('x:late', 'x', 'late')")
    held.commit()
    assert (settings.data / "mecra.db-wal").stat().st_size > 0
    before = below(settings.data)
    with pytest.raises(MecraError, match="--replace"):
        restore(backup, settings, clock)
    assert {n: b for n, b in below(settings.data).items() if not n.endswith(".lock")} == {
        n: b for n, b in before.items() if not n.endswith(".lock")
    }
    done = restore(backup, settings, clock, replace=True)
    held.close()
    assert rows(settings.database) == old
    assert done.aside is not None and done.aside.name == "mecra.db.replaced-20260315T090000Z"
    assert ("x:late",) in [row[:1] for row in rows(done.aside)["accounts"]]
    again = restore(backup, settings, clock, replace=True)
    assert again.aside is not None and again.aside.name.endswith("Z-2") and done.aside.exists()


def test_a_daemon_at_work_is_not_robbed(settings: Settings, backup: Path, clock: Clock, tmp_path: Path) -> None:
    with FileLock(settings.data / "daemon.lock"), pytest.raises(MecraError, match="systemctl stop mecra"):
        restore(backup, settings, clock, replace=True)
    assert restore(backup, settings, clock, replace=True).aside


def test_what_is_damaged_is_replaced_and_mecra_goes_on(settings: Settings, backup: Path, clock: Clock) -> None:
    good = rows(settings.database)
    settings.database.write_bytes(b"\0" * 5000)
    with pytest.raises(MecraError), opened(settings.database, ISTANBUL):
        pass
    done = restore(backup, settings, clock, replace=True)
    assert rows(settings.database) == good and done.aside is not None and done.aside.read_bytes() == b"\0" * 5000


def test_seals_that_it_is_older_than_are_told_as_verify_will(settings: Settings, backup: Path, clock: Clock) -> None:
    seal_the_year(settings)
    done = restore(backup, settings, clock, replace=True)
    assert [(one.kind, one.period, one.revision) for one in done.findings] == [("removed", "2026", 1)]
    with opened(settings.database, ISTANBUL) as storage:
        after = findings(storage, settings.data)
    assert after == done.findings, "word for word what verifying says from then on"
    assert len((settings.data / "seals.txt").read_text(encoding="utf-8").splitlines()) == 2, "the file of seals is not turned back"


def test_what_was_purged_since_is_there_again_and_is_told(settings: Settings, tmp_path: Path, clock: Clock) -> None:
    def gone(account: str, why: str) -> None:
        with opened(settings.database, ISTANBUL) as storage:
            purge(storage, Scope(ACCOUNT, account), parse_plan, why=why, by="Ayşe", now=clock)

    first, second = (str(row[0]) for row in rows(settings.database)["accounts"][:2])
    gone(first, "known to the backup")
    made = make(settings, clock, directory=tmp_path / "stick").path
    gone(second, "the court asked")
    done = call("--config", str(settings.path), "restore", str(made), "--replace", "--json")
    assert done.returncode == 1, done.stderr
    [back] = json.loads(done.stdout)["purged_since"]
    assert (back["kind"], back["account"], back["why"], back["purged_by"]) == (ACCOUNT, second, "the court asked", "Ayşe")
    gone(second, "the court asked")
    said = call("--config", str(settings.path), "restore", str(made), "--replace").stdout
    assert "there again: purge it again" in said and f"{second}: the court asked" in said and "known to the backup" not in said
    assert call("--config", str(settings.path), "restore", str(made), "--replace").returncode == 0


def test_settings_that_are_others_by_now_stay(settings: Settings, backup: Path, clock: Clock) -> None:
    mine = settings.path.read_text(encoding="utf-8") + "# edited since\n"
    settings.path.write_text(mine, encoding="utf-8")
    (settings.path.parent / "news.toml").unlink()
    done = restore(backup, settings, clock, replace=True)
    beside = settings.path.with_name("mecra.toml.from-backup-20260315T090000Z")
    assert done.kept == [(settings.path, beside)] and done.written == [settings.path.parent / "news.toml"]
    assert settings.path.read_text(encoding="utf-8") == mine and "edited since" not in beside.read_text(encoding="utf-8")


def test_files_from_elsewhere_are_told(tmp_path: Path, clock: Clock) -> None:
    far = tmp_path / "etc" / "feeds.toml"
    far.parent.mkdir()
    far.write_text('[[feed]]\nname = "a"\nurl = "https://a.example/rss"\n', encoding="utf-8")
    home = institution(tmp_path / "home")
    text = home.path.read_text(encoding="utf-8").replace("feeds = false", f'feeds = "{far}"')
    home.path.write_text(text, encoding="utf-8")
    made = make(load(home.path, {}), clock, directory=tmp_path / "stick")
    done = restore(made.path, None, clock, to=tmp_path / "new")
    assert done.outside == [(tmp_path / "new" / "elsewhere" / "1" / "feeds.toml", str(far))]
    assert done.outside[0][0].read_bytes() == far.read_bytes()


# -- what is refused leaves everything as it was


def of_the_future(told: dict[str, Any]) -> None:
    told["contents"]["schema"] = [*MIGRATIONS, "from_the_future"]


def leading_out(told: dict[str, Any]) -> None:
    told["data"] = "../../out"


@pytest.mark.parametrize(
    ("change", "word"),
    [(of_the_future, "from_the_future.*upgrade"), (leading_out, "data directory"), (lambda told: None, "not whole|read")],
)
def test_a_backup_that_cant_be_trusted_is_refused(
    tmp_path: Path, clock: Clock, change: Callable[[dict[str, Any]], None], word: str
) -> None:
    path = crafted(tmp_path / "a.zip", {"mecra.db": b"no database" * 99}, change)
    with pytest.raises(BadBackup, match=word):
        restore(path, None, clock, to=tmp_path / "in" / "new")
    assert [file.name for file in tmp_path.rglob("*") if file.is_file() and not file.name.endswith(".lock")] == ["a.zip"]


def test_a_newer_database_under_an_older_manifest_is_refused_too(settings: Settings, clock: Clock, tmp_path: Path) -> None:
    backup = make(settings, clock, directory=tmp_path / "stick").path
    told = manifest(backup)
    with closing(sqlite3.connect(settings.database)) as db, db:
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('mecra', 'from_the_future', '2030')")
    path = crafted(
        tmp_path / "a.zip", {"mecra.db": settings.database.read_bytes()}, lambda new: new.update(contents=told["contents"])
    )
    with pytest.raises(MecraError, match="other rows"):
        restore(path, None, clock, to=tmp_path / "new")
    with pytest.raises(MecraError, match=r"newer mecra.*from_the_future"):
        make(settings, clock)


def test_without_room_nothing_is_touched(settings: Settings, backup: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    usage, before = shutil.disk_usage(settings.data), rows(settings.database)
    monkeypatch.setattr("upkeep.restore.shutil.disk_usage", lambda path: usage._replace(free=1 << 20))
    with pytest.raises(MecraError, match="1 MB free"):
        restore(backup, settings, clock, replace=True)
    assert rows(settings.database) == before and not list(settings.data.glob("*replaced*"))


def test_a_disk_that_fills_up_on_the_way_leaves_all_as_it_was(
    settings: Settings, backup: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(settings.database)

    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device", "mecra.db")

    monkeypatch.setattr(upkeep.restore, "_prepare", full)
    with pytest.raises(MecraError, match="No space left"):
        restore(backup, settings, clock, replace=True)
    assert rows(settings.database) == before and not list(settings.data.glob(".mecra*"))


def dying(home: Path, backup: Path, at: Clock, moment: int) -> None:
    settings = load(home / "mecra.toml", {})
    die_before(moment)
    restore(backup, settings, at, replace=True)


def test_killed_at_any_moment_nothing_is_lost_and_the_next_try_succeeds(tmp_path: Path, clock: Clock) -> None:
    """The former rows are in the database or in the one moved aside, and what is called mecra.db is always a whole one."""
    template = institution(tmp_path / "template")
    backup = make(template, clock, directory=tmp_path / "stick").path
    restored = rows(template.database)
    held = sqlite3.connect(template.database)
    held.execute("INSERT INTO accounts (account, platform, handle) VALUES ('x:late', 'x', 'late')")
    held.commit()  # in the write-ahead log alone
    late, moment, ended = rows(template.database), 0, None
    while ended != 0:
        moment += 1
        home = tmp_path / "try"
        shutil.copytree(template.path.parent, home)
        process = FORK.Process(target=dying, args=(home, backup, clock, moment))
        process.start()
        process.join()
        ended = process.exitcode
        found = [
            path
            for path in home.glob("mecra.db*")
            if path.name == "mecra.db"
            or (".replaced-" in path.name and path.suffix not in (".lock",) and not path.name.endswith(("-wal", "-shm")))
        ]
        kept = [rows(path) for path in found]
        assert late in kept, f"moment {moment}: the former rows are gone"
        if (home / "mecra.db").exists():
            assert rows(home / "mecra.db") in (late, restored)
        else:
            with pytest.raises(MecraError), opened(home / "mecra.db", ISTANBUL):
                pass  # no new one is begun beside what is left
        settings = load(home / "mecra.toml", {})
        restore(backup, settings, clock, replace=True)
        assert rows(settings.database) == restored
        shutil.rmtree(home)
    held.close()
    assert moment > 10


# -- as a person types it


def call(*args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("MECRA_")}
    command = [sys.executable, str(ROOT), "--lang", "en", *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**known, **environ}, cwd="/")


def test_as_a_person_types_it(settings: Settings, tmp_path: Path, clock: Clock) -> None:
    made = make(replace(settings, backup=Backups(directory=tmp_path / "stick")), clock)
    seal_the_year(settings)
    refused = call("--config", str(settings.path), "restore", str(made.path))
    assert refused.returncode == 2 and "--replace" in refused.stderr and len(refused.stderr.strip().splitlines()) == 1
    done = call("--config", str(settings.path), "restore", str(made.path), "--replace")
    assert done.returncode == 1 and "older than 1 seals, which are lost" in done.stdout
    gone = "2026, revision 1: sealed on 2027-01-12"
    assert gone in done.stdout
    said = call("--config", str(settings.path), "verify")
    assert said.returncode == 1 and gone in said.stdout
    acts = json.loads(call("--config", str(settings.path), "audit", "--json").stdout)
    assert "mecra restore" in json.dumps(acts), "an act of a person, told in the restored database"
    held = call("backup", "--list", "-o", str(made.path.parent), "--json", MECRA_DATA=str(tmp_path / "nowhere"))
    assert [one["path"] for one in json.loads(held.stdout)] == [str(made.path)], "on a machine without settings, of any database"
    new = call("restore", str(made.path), "--to", str(tmp_path / "new"))
    assert (
        new.returncode == 0
        and f"MECRA_DATA={tmp_path / 'new'} mecra --config {tmp_path / 'new' / 'mecra.toml'} verify" in new.stdout
    )
    assert call("verify", MECRA_DATA=str(tmp_path / "new")).returncode == 0
