"""A backup of an older mecra: brought up to date before it is put in place, and verified then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storage.copying import examine
from storage.database import MIGRATIONS
from tests.conftest import ISTANBUL, Clock, fake_settings
from tests.storage.test_upgrades import DUMPS, RELEASED, put, rows
from upkeep.backup import make
from upkeep.checking import findings_in
from upkeep.restore import restore


@pytest.mark.parametrize("dump", [DUMPS[0], *RELEASED], ids=lambda path: path.stem)
def test_it_is_restored_as_one_of_today(dump: Path, tmp_path: Path, clock: Clock) -> None:
    home = tmp_path / "home"
    home.mkdir()
    put(dump, home / "mecra.db")
    settings = replace(fake_settings(home, "http://127.0.0.1:1"), accounts=())
    made = make(settings, clock, directory=tmp_path / "stick")
    assert made.good and len(made.manifest.contents["schema"]) < len(MIGRATIONS)
    done = restore(made.path, None, clock, to=tmp_path / "new")
    assert done.migrated and done.findings == []
    assert sorted(path.name for path in (tmp_path / "new").iterdir() if not path.name.endswith(".lock")) == ["mecra.db"]
    contents, faults = examine(done.place.database)
    assert contents is not None and contents.schema == MIGRATIONS and faults == []
    assert findings_in(ISTANBUL, done.place.data, contents, full=dump in RELEASED) == []
    before, after = rows(home / "mecra.db"), rows(done.place.database)
    for table in ("accounts", "posts", "articles", "readings", "responses"):
        assert len(after[table]) == len(before[table]) > 0
