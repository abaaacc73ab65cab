"""Handing over: every row that may go is there and equal, nothing else is; the same state gives the same bytes; it explains itself."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from config import Settings
from model import MecraError
from storage.catalogue import MEANINGS
from storage.columns import COLUMNS, meaning
from storage.exporting import BLANK, KEPT_BACK, VIEWS, columns_of, public_tables
from storage.questions import QUESTIONS
from tests.conftest import fake_settings
from tests.indicators.sealing import Y, filled, sealed, written
from upkeep.export import export
from words import speaking


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Two sealed periods, an entry with its file, a walk that has a cursor."""
    storage = filled(tmp_path)
    sealed(storage)
    sealed(storage, Y)
    written(storage, tmp_path)
    storage.connection.execute("UPDATE walks SET cursor = 'SCRAP-CURSOR', memo = '{\"etag\": \"SCRAP-MEMO\"}'")
    storage.connection.execute(
        "INSERT INTO messages (occasion, recipient, outcome, at) VALUES ('test', 'SECRET@kurum.bel.tr', 'sent', '2026-07-01T00:00:00Z')"
    )
    storage.connection.commit()
    yield replace(fake_settings(tmp_path, "http://localhost"), institution="Örnek Belediyesi")
    storage.connection.close()


def rows(path: Path, table: str, columns: str = "*") -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return sorted(connection.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)


def test_every_value_is_the_source_s_and_nothing_else_is_there(settings: Settings, tmp_path: Path) -> None:
    done = export(settings, tmp_path / "out", bodies=True)
    target = tmp_path / "out" / "mecra.db"
    with closing(sqlite3.connect(target)) as connection:
        there = {
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
            )
        }
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert there == {*public_tables(), *VIEWS}
    for table in (*public_tables(), *VIEWS):
        kept = ", ".join(f'"{column}"' for column in columns_of(target)[table] if column not in BLANK.get(table, {}))
        assert rows(target, table, kept) == rows(settings.database, table, kept), table
    assert done.rows["readings"] == len(rows(settings.database, "readings")) > 0
    assert rows(target, "walks", "cursor, memo") == [(None, "{}")] * done.rows["walks"]
    whole = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert b"SCRAP" not in whole and b"SECRET@" not in whole


def test_bodies_go_along_only_when_they_are_asked_for(settings: Settings, tmp_path: Path) -> None:
    export(settings, tmp_path / "out")
    target = tmp_path / "out" / "mecra.db"
    assert {row[0] for row in rows(target, "responses", "body")} == {None} and {
        row[0] for row in rows(target, "evidence", "body")
    } == {b""}
    assert rows(target, "responses", "sha256, bytes") == rows(settings.database, "responses", "sha256, bytes")
    assert "--with-archive" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_the_same_state_gives_the_same_bytes(settings: Settings, tmp_path: Path) -> None:
    one, two = (export(settings, tmp_path / name, tables=True).path.read_bytes() for name in ("one.zip", "two.zip"))
    assert one == two
    with closing(sqlite3.connect(settings.database)) as connection:
        connection.execute("UPDATE accounts SET label = 'Başka'")
        connection.commit()
    assert export(settings, tmp_path / "three.zip", tables=True).path.read_bytes() != one


def test_a_zip_is_the_directory_and_its_checksums_are_right(settings: Settings, tmp_path: Path) -> None:
    done = export(settings, tmp_path / "out", tables=True)
    export(settings, tmp_path / "out.zip", tables=True)
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}, "no instant of the writing"
        for name in packed.namelist():
            assert packed.read(name) == (tmp_path / "out" / name).read_bytes()
        assert set(packed.namelist()) == {name for name, _size, _sha256 in done.files} | {"SHA256SUMS"}
    for line in (tmp_path / "out" / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        sha256, name = line.split("  ")
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == sha256
    assert not list(tmp_path.glob(".out*")), "nothing is left beside it"


def test_views_as_csv_are_what_the_views_say(settings: Settings, tmp_path: Path) -> None:
    with closing(sqlite3.connect(settings.database)) as connection:
        connection.execute("UPDATE accounts SET label = '=1+1'")
        connection.commit()
    export(settings, tmp_path / "out", tables=True)
    for view in VIEWS:
        with (tmp_path / "out" / "csv" / f"{view}.csv").open(encoding="utf-8-sig", newline="") as file:
            head, *lines = csv.reader(file, delimiter=";")
        found = rows(settings.database, view)
        assert tuple(head) == columns_of(settings.database)[view] and len(lines) == len(found)
    assert "'=1+1" in (tmp_path / "out" / "csv" / "takipciler.csv").read_text(encoding="utf-8-sig")


def test_the_metadata_is_what_datasette_reads_and_its_questions_have_answers(settings: Settings, tmp_path: Path) -> None:
    export(settings, tmp_path / "out")
    said = json.loads((tmp_path / "out" / "metadata.json").read_text(encoding="utf-8"))
    assert said["title"] == "mecra · Örnek Belediyesi" and list(said["databases"]) == ["mecra"]
    database = said["databases"]["mecra"]
    assert {name: tuple(table["columns"]) for name, table in database["tables"].items()} == columns_of(
        tmp_path / "out" / "mecra.db"
    )
    texts = [table["description"] for table in database["tables"].values()] + [
        t for table in database["tables"].values() for t in table["columns"].values()
    ]
    assert all(texts) and "Takipçi" in database["tables"]["takipciler"]["description"]
    assert set(database["queries"]) == {one.name for one in QUESTIONS}
    with closing(sqlite3.connect(f"{(tmp_path / 'out' / 'mecra.db').as_uri()}?mode=ro", uri=True)) as connection:
        for name, question in database["queries"].items():
            assert connection.execute(question["sql"]).description, name


def test_every_table_is_handed_over_or_kept_back_with_a_reason_and_every_column_is_explained(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.database)) as connection:
        names = {
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE '~_%' ESCAPE '~' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
            )
        }
    assert names == {*public_tables(), *VIEWS, *KEPT_BACK} and names <= set(MEANINGS)
    found = columns_of(settings.database)
    assert [f"{table}.{column}" for table, columns in found.items() for column in columns if not meaning(table, column)] == []
    assert [
        f"{table}.{column}" for table, columns in COLUMNS.items() if table for column in columns if column not in found[table]
    ] == []
    assert set(COLUMNS[""]) <= {column for columns in found.values() for column in columns}


def test_the_readme_stands_there_in_both_languages(settings: Settings, tmp_path: Path) -> None:
    export(settings, tmp_path / "out")
    for name, word in (("BENİOKU.md", "Nasıl açılır"), ("README.md", "How it is opened")):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert word in text and all(f"### `{table}`" in text for table in (*VIEWS, *public_tables()))
        assert re.search(r"[0-9a-f]{64}", text), "the last seal"


def test_what_is_there_already_is_not_written_over(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with speaking("en"), pytest.raises(MecraError, match="is there already"):
        export(settings, tmp_path / "out")
    with speaking("en"), pytest.raises(MecraError, match="no database at"):
        export(replace(settings, data=tmp_path / "nowhere"), tmp_path / "new")
    assert not (tmp_path / "new").exists()
