"""What can be saved of a damaged file without a backup, as docs/operating.md tells it: by SQLite's own shell, and from the archive."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fakes import Server, Small
from tests.power.conftest import Mecra
from tests.power.institution import asked, tear, whole

DERIVED = ("posts", "readings", "articles", "gaps")
SAVE = r"""
sqlite3 -readonly damaged.db .dump | sed 's/^ROLLBACK; -- due to errors/COMMIT;/' > saved.sql
sqlite3 mecra.db 'PRAGMA application_id = 1835361138' '.read saved.sql'
"""


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="SQLite's shell is not installed")
@pytest.mark.parametrize("torn", [("readings", "readings_by_series"), ("posts", "articles")])
def test_the_tables_come_back_from_the_archive(tmp_path: Path, mecra: Mecra, torn: tuple[str, ...]) -> None:
    place = tmp_path / "data"
    place.mkdir()
    with Server(Small(size=9, cuts=(3, 6)).answer) as server:
        assert mecra(place, place, server.url, act="collect").out == "collected\n"
    before = {name: asked(place, f"SELECT * FROM {name} ORDER BY 1, 2, 3, 4") for name in (*DERIVED, "responses", "accounts")}
    assert all(before.values())
    tear(place, *torn)
    (place / "mecra.db").rename(place / "damaged.db")
    subprocess.run(["sh", "-c", SAVE], cwd=place, check=True, capture_output=True)
    assert whole(place) and asked(place, "SELECT * FROM responses ORDER BY 1, 2, 3, 4") == before["responses"]
    assert asked(place, f"SELECT count(*) FROM {torn[0]}") == [(0,)]
    assert mecra(place, place, act="rebuild").out == "rebuilt\n"
    assert {name: asked(place, f"SELECT * FROM {name} ORDER BY 1, 2, 3, 4") for name in before} == before
