"""Real disks of their own: one that is full, one that Linux has made read-only after an error."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from config import load
from config.backup import Backups
from model import MecraError
from storage import backups
from tests.conftest import Clock
from tests.upkeep.kept import institution, rows
from upkeep.backup import make
from upkeep.restore import restore

LATE = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("INSERT INTO accounts (account, platform, handle) VALUES ('x:late', 'x', 'late')")
db.commit()
os._exit(0)  # its last row is in the log alone
"""


@pytest.fixture
def disk() -> Iterator[Path]:
    """Twenty-four megabytes of its own."""
    mount = Path(tempfile.mkdtemp(prefix="mecra-disk-"))
    made = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(mount)], check=False, capture_output=True
    )
    if not made or made.returncode:
        mount.rmdir()
        pytest.skip("a disk of its own needs root and the right to mount")
    try:
        yield mount
    finally:
        subprocess.run(["umount", "--lazy", str(mount)], check=True)
        mount.rmdir()


def fill(disk: Path, left: int) -> None:
    """Until so many bytes are free."""
    with (disk / "filler").open("wb") as file:
        file.write(b"\1" * (shutil.disk_usage(disk).free - left))


@pytest.mark.parametrize("log", [False, True], ids=["stopped", "killed"])
def test_a_failing_disk_that_became_read_only_is_backed_up_to_another(disk: Path, tmp_path: Path, clock: Clock, log: bool) -> None:
    """Nothing can be written beside the database: no lock, no index of the log, no note of the backup."""
    settings = institution(disk / "home")
    subprocess.run([sys.executable, "-c", LATE, str(settings.database)], check=True)
    copied = Path(shutil.copytree(settings.data, tmp_path / "copied"))
    before = rows(copied / "mecra.db")
    if log:
        assert (settings.data / "mecra.db-wal").stat().st_size > 0
    else:
        with closing(sqlite3.connect(settings.database)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for leftover in settings.data.glob("mecra.db-*"):
            leftover.unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    made = make(settings, clock, directory=tmp_path / "stick")
    assert made.good
    with pytest.raises(MecraError, match="Read-only"):
        make(settings, clock)
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    restored = restore(made.path, None, clock, to=tmp_path / "new")
    assert rows(restored.place.database) == before


def test_a_full_second_disk_is_told_and_left_as_it_was(disk: Path, tmp_path: Path, clock: Clock) -> None:
    settings = institution(tmp_path / "home")
    settings = replace(settings, backup=Backups(second=disk))
    first = make(settings, clock)
    fill(disk, 4096)
    clock.pass_by(days=1)
    second = make(settings, clock)
    assert second.good and "No space left" in second.second_why and backups.known(settings.data).second_why == second.second_why
    assert sorted(path.name for path in disk.iterdir()) == ["filler", first.path.name], "no half copy"


def test_a_disk_without_room_takes_no_backup_and_no_restore(disk: Path, tmp_path: Path, clock: Clock) -> None:
    settings = institution(disk / "home")
    made = make(settings, clock, directory=tmp_path / "stick")
    before = rows(settings.database)
    fill(disk, 1 << 20)
    with pytest.raises(MecraError, match="MB free"):
        make(settings, clock)
    with pytest.raises(MecraError, match="MB free"):
        restore(made.path, load(settings.path, {}), clock, replace=True)
    assert rows(settings.database) == before and not list(settings.data.glob("*replaced*"))
