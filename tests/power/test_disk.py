"""A disk that is full, locked or read-only: one line says which, nothing is lost or half, and it works again when the cause is gone."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, nullcontext, suppress
from pathlib import Path

import pytest

from tests.power.conftest import Came, Mecra
from tests.power.institution import asked, found_institution, whole
from tests.power.test_killed_commands import CASES


@pytest.fixture(scope="module")
def institution(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found_institution(tmp_path_factory.mktemp("institution") / "data")


@pytest.fixture
def place(institution: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(institution, tmp_path / "data"))


def refused(came: Came, *words: str) -> None:
    assert came.code == 2, came.said
    said = came.err.strip().splitlines()
    assert len(said) == 1 and "Traceback" not in came.err, came.err
    assert all(word in said[0] for word in words), came.err


@pytest.mark.parametrize("name", CASES)
def test_a_disk_that_ends_at_any_byte(name: str, institution: Path, tmp_path: Path, mecra: Mecra) -> None:
    """The kernel refuses whatever goes beyond so many bytes of a file: a page more each time, until there is room for all of it."""
    case, place = CASES[name], tmp_path / "data"
    states = []
    for size in range(4096, 400 * 4096, 4096):
        shutil.copytree(institution, place)
        before = asked(place, case.stores)
        came = mecra(place, *case.args, bytes=size)
        assert whole(place) and "Traceback" not in came.said, came.said
        stored = asked(place, case.stores)
        states.append(stored)
        if came.code == 0:
            assert stored != before and case.answer in came.out
            break
        assert came.code == 2 and stored == before and came.err.strip().count("\n") == 0, came.said
        assert mecra(place, *case.args).code == 0, "and it goes on when there is room"
        shutil.rmtree(place)
    assert came.code == 0 and len(states) > 2


# -- a real disk


@pytest.fixture
def small_disk(institution: Path) -> Iterator[Path]:
    """A disk of 8 MB with an institution on it; only root may make one."""
    mount = Path(tempfile.mkdtemp(prefix="mecra-disk-"))
    if (
        os.geteuid()
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(mount)], check=False, capture_output=True
        ).returncode
    ):
        mount.rmdir()
        pytest.skip("a disk of its own needs root and the right to mount")
    try:
        yield Path(shutil.copytree(institution, mount / "data"))
    finally:
        subprocess.run(["umount", "--lazy", str(mount)], check=True)
        mount.rmdir()


def fill(disk: Path) -> Path:
    ballast = disk.parent / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"\0" * 4096):
            pass
    assert shutil.disk_usage(disk).free == 0
    return ballast


def test_a_full_disk_is_said_and_nothing_is_lost(small_disk: Path, mecra: Mecra) -> None:
    before = {name: asked(small_disk, case.stores) for name, case in CASES.items()}
    for full_from_the_start in (True, False):
        with nullcontext() if full_from_the_start else closing(sqlite3.connect(small_disk / "mecra.db")) as somebody:
            if somebody:  # as a running daemon: the index of its log is there, its log can't grow
                somebody.execute("SELECT count(*) FROM accounts").fetchone()
            ballast = fill(small_disk)
            for case in CASES.values():
                refused(mecra(small_disk, *case.args), "full")
        ballast.unlink()
        assert whole(small_disk) and {name: asked(small_disk, case.stores) for name, case in CASES.items()} == before
    for name, case in CASES.items():
        came = mecra(small_disk, *case.args)
        assert came.code == 0 and asked(small_disk, case.stores) != before[name], came.said


# -- locked, read-only


def test_a_database_that_another_program_keeps_locked(place: Path, mecra: Mecra) -> None:
    case = CASES["approve"]
    with closing(sqlite3.connect(place / "mecra.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused(mecra(place, *case.args, patience=0.1), "another program keeps", str(place / "mecra.db"), "fuser")
        assert mecra(place, "entries").code == 0, "reading goes on"
        other.execute("ROLLBACK")
    with closing(sqlite3.connect(place / "mecra.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        for args in (case.args, ("entries",), ("status",)):
            refused(mecra(place, *args, patience=0.1), "another program keeps", "locked")
    assert mecra(place, *case.args).code == 0


def allow(place: Path, writing: bool) -> None:
    for path in place.iterdir():
        if path.is_file():
            path.chmod(0o600 if writing else 0o400)
    place.chmod(0o700 if writing else 0o500)


@pytest.fixture
def closed(place: Path) -> Iterator[Path]:
    """A data directory in which nothing may be written."""
    allow(place, False)
    yield place
    allow(place, True)


def test_a_file_and_a_directory_that_may_not_be_written(closed: Path, mecra: Mecra) -> None:
    case, before = CASES["approve"], asked(closed, CASES["approve"].stores)
    for path in closed.glob("mecra.db-*"):
        path.unlink()
    for args in (case.args, ("import", "plan", "plan.xlsx"), ("news", "count", "1", "--why", "ilçede"), ("run",), ("collect", "x")):
        refused(mecra(closed, *args, plain=True), str(closed))
    closed.chmod(0o700)  # the file alone
    refused(mecra(closed, *case.args, plain=True), "mecra.db", "can't be written")
    assert asked(closed, case.stores) == before
    allow(closed, True)
    assert mecra(closed, *case.args, plain=True).code == 0


def test_a_disk_that_became_read_only(small_disk: Path, mecra: Mecra) -> None:
    """As Linux does with one that has failed."""
    before = {name: asked(small_disk, case.stores) for name, case in CASES.items()}
    for path in small_disk.glob("mecra.db-*"):
        path.unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk.parent)], check=True)
    for args in (*(case.args for case in CASES.values()), ("collect", "x"), ("run",), ("rebuild",)):
        refused(mecra(small_disk, *args), str(small_disk))
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk.parent)], check=True)
    assert whole(small_disk) and {name: asked(small_disk, case.stores) for name, case in CASES.items()} == before
    for case in CASES.values():
        assert mecra(small_disk, *case.args).code == 0
