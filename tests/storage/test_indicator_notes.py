"""Notes beside figures: append-only, the newest of each field counts, and nothing of them can be changed or removed."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from model import MecraError, Period
from storage.indicator_notes import MOST, notes_of, remarks, write
from tests.indicators.standing import store

NOW = datetime(2027, 1, 20, tzinfo=UTC)
YEAR = Period(2026)


def test_the_newest_text_of_each_field_counts_and_the_history_is_kept(tmp_path: Path) -> None:
    storage = store(tmp_path)
    write(storage, "PG1", YEAR, {"reason": "İlk", "relevance": "Değişim yok."}, by="Ayşe", at=NOW)
    write(storage, "PG1", YEAR, {"reason": "İkinci", "measures": "Önlem"}, by="Mehmet", at=NOW)
    write(storage, "PG1", YEAR, {"measures": ""}, by="Mehmet", at=NOW)
    write(storage, "PG2", Period(2026, 1), {"reason": "Başka dönem"}, by="Ayşe", at=NOW)
    found = remarks(storage, YEAR)
    assert set(found) == {"PG1"}
    assert found["PG1"].texts == {"reason": "İkinci", "relevance": "Değişim yok."}
    assert found["PG1"].of("measures") == ""
    assert [(one.note, one.texts, one.written_by) for one in notes_of(storage, YEAR)] == [
        (1, {"reason": "İlk", "relevance": "Değişim yok."}, "Ayşe"),
        (2, {"reason": "İkinci", "measures": "Önlem"}, "Mehmet"),
        (3, {"measures": ""}, "Mehmet"),
    ]


def test_a_note_neither_changes_nor_goes(tmp_path: Path) -> None:
    storage = store(tmp_path)
    write(storage, "PG1", YEAR, {"reason": "İlk"}, by="Ayşe", at=NOW)
    with pytest.raises(sqlite3.IntegrityError, match="never change"):
        storage.connection.execute("UPDATE indicator_notes SET reason = 'x'")
    with pytest.raises(sqlite3.IntegrityError, match="are kept"):
        storage.connection.execute("DELETE FROM indicator_notes")


def test_hostile_texts_are_kept_without_what_steers(tmp_path: Path) -> None:
    storage = store(tmp_path)
    write(storage, "PG1", YEAR, {"reason": " =1+1\r\n\x1b[31m<b>İğüş</b>\ud800\x00 "}, by="Ayşe", at=NOW)
    assert remarks(storage, YEAR)["PG1"].of("reason") == "=1+1\n [31m<b>İğüş</b>?"


def test_nothing_and_too_much_are_refused(tmp_path: Path) -> None:
    storage = store(tmp_path)
    with pytest.raises(MecraError, match="--reason, --measures, --relevance"):
        write(storage, "PG1", YEAR, {}, by="Ayşe", at=NOW)
    with pytest.raises(MecraError, match="--reason has 4001 characters, at most 4000"):
        write(storage, "PG1", YEAR, {"reason": "ç" * (MOST + 1)}, by="Ayşe", at=NOW)
    assert notes_of(storage, YEAR) == []
