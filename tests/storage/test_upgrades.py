"""A database of every schema that stood on the main branch comes to today's, with its rows; a newer one is refused by every command.

`schemas/*.sql` are small databases that the code of their day made and filled, written as SQL text: 04 and 12 are those with which a working
day ended, the others stood in between for an hour or so. tests/storage/dumping.py makes the next one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cli import mecra
from storage import StorageError, opened
from storage.database import APPLICATION_ID, MIGRATIONS, make
from tests.conftest import ISTANBUL
from tests.indicators.sealing import findings, written
from tests.upkeep.kept import institution

ROOT = Path(__file__).parents[2]
DUMPS = sorted((Path(__file__).parent / "schemas").glob("*.sql"))
SEALED = [path for path in DUMPS if path.stem >= "07"]
RELEASED = [path for path in DUMPS if path.stem >= "12"]
LISTING = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY type, name"
Rows = dict[str, list[dict[str, Any]]]


def put(dump: Path, path: Path) -> None:
    """The database of a dump, as that mecra had it."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.executescript(dump.read_text(encoding="utf-8"))


def rows(path: Path) -> Rows:
    """Of every table, with names."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        names = [
            n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'")
        ]
        return {name: [dict(row) for row in db.execute(f"SELECT * FROM {name} ORDER BY 1, 2")] for name in names}


def schema(path: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(LISTING).fetchall()


def without(found: Rows, *columns: str) -> Rows:
    return {name: [{c: v for c, v in row.items() if c not in columns} for row in table] for name, table in found.items()}


def upgrade(path: Path) -> None:
    with opened(path, ISTANBUL):
        pass


@pytest.mark.parametrize("dump", DUMPS, ids=lambda path: path.stem)
def test_it_comes_to_today_s_schema_with_its_rows(dump: Path, tmp_path: Path) -> None:
    path, fresh = tmp_path / "mecra.db", tmp_path / "fresh" / "mecra.db"
    put(dump, path)
    before = rows(path)
    steps = [row["name"] for row in before.pop("_sqlite_migrations")]
    assert steps == list(MIGRATIONS[: int(dump.stem[:2])]) and dump.stem[3:] == steps[-1]
    assert len(before["readings"]) >= 6 and len(before["articles"]) == 2
    upgrade(path)
    make(fresh)
    assert schema(path) == schema(fresh)
    after = rows(path)
    assert [row["name"] for row in after["_sqlite_migrations"]] == list(MIGRATIONS)
    later = {
        column
        for name in before
        for column in (after[name][0] if after[name] else ())
        if before[name] and column not in before[name][0]
    }
    derived = {"group_key"} if "snapshots" not in steps else set()  # made of the text by that step
    assert without({name: after[name] for name in before}, *later, *derived) == without(before, *derived)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    if derived:
        assert all(row["group_key"] for row in after["posts"])


@pytest.mark.parametrize("dump", SEALED, ids=lambda path: path.stem)
def test_what_was_sealed_then_is_sealed_now(dump: Path, tmp_path: Path) -> None:
    """Seals and chain of all of them; of those that were released every value, measured again."""
    put(dump, tmp_path / "mecra.db")
    with opened(tmp_path / "mecra.db", ISTANBUL) as storage:
        written(storage, tmp_path)
        assert findings(storage, tmp_path, quick=dump not in RELEASED) == []


@pytest.mark.parametrize("dump", [DUMPS[0], DUMPS[-1]], ids=lambda path: path.stem)
def test_a_whole_copy_precedes_it(dump: Path, tmp_path: Path) -> None:
    """The copy is the database of before, with its schema and every row: the mecra of before goes on with it. Only the last one is kept."""
    path = tmp_path / "mecra.db"
    put(dump, path)
    before, was = rows(path), schema(path)
    earlier = tmp_path / "mecra.db.before-collecting"
    earlier.write_bytes(b"of the upgrade before")
    upgrade(path)
    [kept] = tmp_path.glob("mecra.db.before-*")
    assert kept.name == f"mecra.db.before-{MIGRATIONS[int(dump.stem[:2])]}" and kept.stat().st_mode & 0o777 == 0o600
    assert rows(kept) == before and schema(kept) == was
    upgrade(path)
    assert [kept] == list(tmp_path.glob("mecra.db.before-*")), "an upgrade that there is none of keeps nothing"


def test_what_holds_nothing_is_not_copied(tmp_path: Path) -> None:
    put(DUMPS[0], tmp_path / "mecra.db")
    with closing(sqlite3.connect(tmp_path / "mecra.db")) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlite%'").fetchall():
            db.execute(f"DELETE FROM {name}")
        db.commit()
    upgrade(tmp_path / "mecra.db")
    assert list(tmp_path.glob("*.before-*")) == []


def test_without_room_for_the_copy_nothing_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mecra.db"
    put(DUMPS[-1], path)
    before, usage = rows(path), shutil.disk_usage(tmp_path)
    with monkeypatch.context() as full:
        full.setattr("storage.before.shutil.disk_usage", lambda place: usage._replace(free=3 << 20))
        with pytest.raises(StorageError, match=r"no room for the copy that precedes it.*3 MB are free.*Nothing was changed"):
            upgrade(path)
    assert rows(path) == before and list(tmp_path.glob("*.before-*")) == []
    upgrade(path)
    assert rows(path)["accounts"] == before["accounts"]


FULL = """
import resource, signal, sys
from pathlib import Path
from zoneinfo import ZoneInfo
import storage.schema
from storage import StorageError, opened
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (40000, 40000))
try:
    with opened(Path(sys.argv[1]), ZoneInfo("UTC")):
        pass
except StorageError as error:
    print(error)
"""


def test_a_copy_that_fails_on_the_way_changes_nothing(tmp_path: Path) -> None:
    """A file that may not grow, as on a disk that others fill meanwhile."""
    path = tmp_path / "mecra.db"
    put(DUMPS[-1], path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = rows(path)
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "the copy that precedes it can't be made" in done.stdout and "Nothing was changed" in done.stdout
    assert rows(path) == before and list(tmp_path.glob("*.before-*")) == []


def test_a_migration_that_fails_is_undone_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the step alone that failed, but all of them: with half of them made, neither the old mecra nor the new one could go on."""
    from storage import schema as steps

    path = tmp_path / "mecra.db"
    put(DUMPS[0], path)
    before, was = rows(path), schema(path)
    last = steps.migrations._migrations[-1]
    real = last.fn

    def failing(db: Any) -> None:
        real(db)
        db.conn.execute("INSERT INTO nowhere VALUES (1)")

    monkeypatch.setattr(last, "fn", failing)
    with pytest.raises(StorageError, match="nowhere"):
        upgrade(path)
    assert rows(path) == before and schema(path) == was, "the mecra of before goes on with it"
    assert [kept.name for kept in tmp_path.glob("*.before-*")] == [f"mecra.db.before-{MIGRATIONS[4]}"]
    monkeypatch.undo()
    upgrade(path)
    assert len(rows(path)["_sqlite_migrations"]) == len(MIGRATIONS)


# -- a newer one

NEEDS_NO_DATABASE = {"init", "demo", "sandbox", "auth", "completion", "manual", "feeds", "restore"}
TYPED = {
    "show": ["1"], "plan": ["versions"], "snapshot": ["2026-H1"], "explain": ["PG1", "2026-H1"], "compare": ["2026-H1", "2026-H2"],
    "enter": ["PG2", "--period", "2026-H2", "--value", "5"], "approve": ["1"], "evidence": ["1"], "news": ["review"], "import": ["news", "NEWS"],
    "withdraw": ["1", "--why", "x"], "report": ["2026-H1", "--format", "csv"], "note": ["PG1", "2026", "--reason", "x"],
    "notes": ["2026"], "purge": ["--list"], "export": ["out.db"],
}  # fmt: skip


def test_every_command_refuses_a_newer_one_and_leaves_it_alone(tmp_path: Path) -> None:
    settings = institution(tmp_path / "home")
    with closing(sqlite3.connect(settings.database)) as db, db:
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('mecra', 'from_the_future', '2030')")
    with closing(sqlite3.connect(settings.database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (tmp_path / "NEWS").write_text("tarih;başlık;yayın;url\n01.03.2026;Park;Gazete;https://gazete.example/1\n", encoding="utf-8")
    before = hashlib.sha256(settings.database.read_bytes()).hexdigest()
    commands = sorted(set(mecra.commands) - NEEDS_NO_DATABASE)
    said = {name: _typed(settings.path, tmp_path, name, TYPED.get(name, [])) for name in commands}
    unclear = {name: (code, text) for name, (code, text) in said.items() if "from_the_future" not in text or code not in (1, 2)}
    assert not unclear, "\n".join(f"{name}: {code} {text}" for name, (code, text) in unclear.items())
    assert hashlib.sha256(settings.database.read_bytes()).hexdigest() == before


def _typed(config: Path, place: Path, name: str, args: list[str]) -> tuple[int, str]:
    known = {key: value for key, value in os.environ.items() if not key.startswith("MECRA_")}
    command = [sys.executable, str(ROOT), "--config", str(config), "--lang", "en", name, *args]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=known, cwd=place) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "Ctrl-C" in line or "running:" in line:  # it serves: that is no refusal
                process.kill()
        return process.wait(), said
