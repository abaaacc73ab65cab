"""A schema that was brought up to date step by step is the one that is made anew: so whatever differs was changed by somebody."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage import opened, schema
from storage.database import APPLICATION_ID, MIGRATIONS
from storage.integrity import Altered, altered
from tests.conftest import ISTANBUL


@pytest.mark.parametrize("stop", MIGRATIONS[1::3])
def test_of_whatever_age_it_is_as_mecra_makes_it(tmp_path: Path, stop: str) -> None:
    connection = sqlite3.connect(tmp_path / "mecra.db")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    schema.migrations.apply(Database(connection), stop_before=stop)
    connection.commit()
    connection.close()
    with opened(tmp_path / "mecra.db", ISTANBUL) as storage:
        assert altered(storage) == Altered((), (), ())
