"""A database file that is not what mecra wrote any more: every command says so in a line, ends with 2, and leaves it as it is."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage import Damaged, opened
from storage.damage import mark_of, read_whole
from tests.conftest import ISTANBUL
from tests.power.conftest import Mecra
from tests.power.institution import asked, found_institution, tear

READERS = (
    ("status",), ("entries",), ("news", "review"), ("snapshots",), ("verify",), ("explain", "PG1", "2026-H1"), ("show", "1"), ("mail",),
    ("report", "2026-H1", "--format", "csv"), ("audit",),
)  # fmt: skip
WRITERS = (
    ("enter", "PG2", "--corrects", "1", "--value", "%91"), ("approve", "3"), ("news", "count", "1", "--why", "ilçede"), ("rebuild",),
    ("import", "plan", "plan.xlsx"), ("import", "readings", "figures.csv"), ("import", "news", "clippings.csv"), ("snapshot", "2026-H1"),
    ("note", "PG1", "2026", "--reason", "Hava."), ("collect", "x"), ("run",),
)  # fmt: skip


@pytest.fixture(scope="module")
def institution(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found_institution(tmp_path_factory.mktemp("institution") / "data")


@pytest.fixture
def place(institution: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(institution, tmp_path / "data"))


def log_left(place: Path) -> None:
    """What a machine without power leaves: a write-ahead log with something in it that nobody has folded into the database."""
    copy = place / "copy"
    with opened(place / "mecra.db", ISTANBUL) as storage:
        storage.connection.execute("UPDATE walks SET notes = '[\"late\"]'")
        storage.connection.commit()
        copy.mkdir()
        for name in ("mecra.db", "mecra.db-wal"):
            shutil.copy(place / name, copy / name)
    for name in ("mecra.db", "mecra.db-wal"):
        (copy / name).replace(place / name)
    copy.rmdir()
    assert (place / "mecra.db-wal").stat().st_size > 4096


# -- what happens to files


def garbage_head(place: Path) -> None:
    with (place / "mecra.db").open("r+b") as file:
        file.write(b"\x00\xff" * 50)


def garbage_first_page(place: Path) -> None:
    with (place / "mecra.db").open("r+b") as file:
        file.seek(100)
        file.write(b"\xa5" * 3996)


def cut_in_the_middle(place: Path) -> None:
    with (place / "mecra.db").open("r+b") as file:
        file.truncate((place / "mecra.db").stat().st_size // 2 // 4096 * 4096)


def cut_by_a_byte(place: Path) -> None:
    with (place / "mecra.db").open("r+b") as file:
        file.truncate((place / "mecra.db").stat().st_size - 1)


def cut_with_a_log(place: Path) -> None:
    log_left(place)
    cut_in_the_middle(place)


def empty(place: Path) -> None:
    (place / "mecra.db").write_bytes(b"")


def empty_with_a_log(place: Path) -> None:
    log_left(place)
    empty(place)


def gone_but_for_its_log(place: Path) -> None:
    log_left(place)
    (place / "mecra.db").unlink()


def gone_but_for_its_seals(place: Path) -> None:
    (place / "seals.txt").write_text(f"2026-07-20T06:00:00Z 2026-H1 1 {'a' * 64}\n", encoding="utf-8")
    (place / "mecra.db").unlink()


def a_letter(place: Path) -> None:
    (place / "mecra.db").write_text("Sayın ilgili, veritabanı ektedir. " * 300, encoding="utf-8")


def a_directory(place: Path) -> None:
    (place / "mecra.db").unlink()
    (place / "mecra.db").mkdir()


SPOILS = (
    garbage_head, garbage_first_page, cut_in_the_middle, cut_by_a_byte, cut_with_a_log, empty, empty_with_a_log, gone_but_for_its_log,
    gone_but_for_its_seals, a_letter, a_directory,
)  # fmt: skip


def files(place: Path) -> dict[str, str]:
    """What the database consists of, byte for byte. The index of the log (-shm) is made anew by whoever reads."""
    found = [path for path in place.glob("mecra.db*") if path.is_file() and not path.name.endswith(("-shm", ".lock", ".damaged"))]
    found = [path for path in found if path.stat().st_size or path.name == "mecra.db"]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


@pytest.mark.parametrize("spoil", SPOILS)
def test_it_is_seen_by_every_command_and_left_as_it_is(spoil: Callable[[Path], None], place: Path, mecra: Mecra) -> None:
    spoil(place)
    before = files(place)
    for args in (*WRITERS, *READERS):
        came = mecra(place, *args)
        assert came.code == 2, (args, came.said)
        said = came.err.splitlines()
        assert len(said) == 1 and "is damaged" in said[0] and "mecra restore" in said[0] and str(place / "mecra.db") in said[0], (
            args,
            came.said,
        )
        assert files(place) == before, f"{args} wrote into it"
    turkish = mecra(place, "status", language="tr")
    assert "bozulmuş" in turkish.err and "yedek" in turkish.err
    doctor = mecra(place, "doctor")
    assert doctor.code == 1 and "✗" in doctor.out and "is damaged" in doctor.out and files(place) == before


# -- what shows only when it is read


def test_a_torn_page_is_met_once_and_remembered_by_all(place: Path, mecra: Mecra) -> None:
    tear(place, "entries")
    log_left(place)
    before = files(place)
    assert mecra(place, "mail").code == 0, "nobody has read that page yet"
    met = mecra(place, "enter", "PG2", "--corrects", "1", "--value", "%91", "--note", "yeniden sayıldı")
    assert (met.code, met.err.count("\n")) == (2, 1) and "malformed" in met.err and "mecra restore" in met.err, met.said
    assert mark_of(place / "mecra.db").exists()
    for args in (*WRITERS, *READERS):
        came = mecra(place, *args)
        assert came.code == 2 and came.err.count("\n") == 1 and "is damaged" in came.err, (args, came.said)
    assert files(place) == before, "not even its log was folded into it"


def test_another_file_in_its_place_is_used_at_once(place: Path, institution: Path, mecra: Mecra) -> None:
    tear(place, "entries")
    assert mecra(place, "entries").code == 2 and mecra(place, "mail").code == 2
    (place / "mecra.db").rename(place / "mecra.db.broken")
    shutil.copy(institution / "mecra.db", place / "mecra.db")
    assert mecra(place, "entries").code == 0
    came = mecra(place, "enter", "PG2", "--corrects", "1", "--value", "%91", "--note", "yeniden sayıldı")
    assert came.code == 0, came.said


def test_whoever_has_it_open_stops_when_another_meets_the_damage(place: Path, mecra: Mecra) -> None:
    with opened(place / "mecra.db", ISTANBUL) as storage:
        storage.register([])
        tear(place, "entries")
        assert mecra(place, "entries").code == 2
        with pytest.raises(Damaged, match="malformed"):
            storage.register([])


def test_a_mark_on_a_whole_file_is_told_with_what_takes_it_away(place: Path, mecra: Mecra) -> None:
    mark = mark_of(place / "mecra.db")
    mark.write_text(f'{{"inode": {(place / "mecra.db").stat().st_ino}, "why": "seen by somebody"}}', encoding="utf-8")
    assert mecra(place, "status").code == 2
    came = mecra(place, "doctor")
    assert f"rm {mark}" in came.out and "seen by somebody" in came.out and read_whole(place / "mecra.db") == []
    mark.unlink()
    assert mecra(place, "status").code == 0


# -- the log


def test_a_log_cut_anywhere_leaves_what_was_whole_before(place: Path, tmp_path: Path) -> None:
    """As after a power cut: commits in their order up to some point, and none of them half."""
    log = place / "mecra.db-wal"
    with opened(place / "mecra.db", ISTANBUL) as storage:
        storage.connection.execute("PRAGMA wal_autocheckpoint = 0")
        for number in range(11, 19):
            with storage.connection:
                storage.connection.execute(f"UPDATE walks SET attempts = {number}")
                storage.connection.execute(f"UPDATE posts SET text = '{number}'")
                storage.connection.execute(f"UPDATE accounts SET label = '{number}'")
        database, whole = (place / "mecra.db").read_bytes(), log.read_bytes()
    seen = []
    cuts = [0, 31, 32, *range(32, len(whole), 4096 + 24), *range(1000, len(whole), 9973), len(whole) - 1, len(whole)]
    for cut in sorted(cuts):
        there = tmp_path / "cut"
        shutil.rmtree(there, ignore_errors=True)
        there.mkdir()
        (there / "mecra.db").write_bytes(database)
        (there / "mecra.db-wal").write_bytes(whole[:cut])
        values = asked(
            there,
            "SELECT DISTINCT attempts FROM walks UNION SELECT DISTINCT CAST(label AS INTEGER) FROM accounts WHERE label != ''",
        )
        assert asked(there, "PRAGMA quick_check") == [("ok",)]
        seen.append(max(value for (value,) in values))
    assert seen == sorted(seen) and seen[-1] == 18 and len(set(seen)) == 9


def test_bytes_of_an_archived_answer_that_have_changed_are_named(place: Path, mecra: Mecra) -> None:
    with closing(sqlite3.connect(place / "mecra.db")) as db, db:
        db.execute("UPDATE responses SET body = x'00112233' WHERE response = 1")
    shown = mecra(place, "show", "1")
    assert shown.code == 2 and shown.err.count("\n") == 1 and "mecra restore" in shown.err, shown.said
    again = mecra(place, "rebuild")
    assert again.code == 2 and again.err.count("\n") == 1 and "1" in again.err and "mecra restore" in again.err, again.said
