"""The versions of a plan: each text kept once, the one in force first, and what was touched is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config import PLANS
from config.plan_file import load_plan, parse_plan
from storage import Storage, StorageError, opened
from storage.database import transaction
from storage.plans import plan_body, register_plan, touched_plans, version_of, versions

NOW = datetime(2026, 7, 1, tzinfo=UTC)
PLAN = load_plan(PLANS / "h7.2.toml")
OTHER = load_plan(PLANS / "ornek.toml")


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with opened(tmp_path / "mecra.db", ZoneInfo("Europe/Istanbul")) as found:
        yield found


def test_a_text_is_kept_once_and_comes_back_whole(storage: Storage) -> None:
    assert register_plan(storage, PLAN, NOW) and not register_plan(storage, PLAN, NOW + timedelta(days=1))
    assert [(v.plan, v.code, v.loaded_at, v.snapshots) for v in versions(storage)] == [(PLAN.sha256, "H7.2", NOW, 0)]
    assert parse_plan(plan_body(storage, PLAN.sha256), "stored") == PLAN
    rows = storage.connection.execute("SELECT kod, ad, agirlik, baslangic, yil, hedef FROM gostergeler WHERE yil = 2026").fetchall()
    assert len(rows) == 8 and rows[0] == ("PG7.2.1", "Haber sayısı", 20, 11617, 2026, 24000)
    assert rows[2][3] is None, "no baseline is no zero"


def test_a_changed_file_is_a_new_version_and_going_back_is_none(storage: Storage) -> None:
    changed = parse_plan(PLAN.body.replace('2026 = "24.000"', '2026 = "24.500"'), "changed")
    for day, plan in enumerate((PLAN, changed, OTHER)):
        assert register_plan(storage, plan, NOW + timedelta(days=day))
    assert [v.plan for v in versions(storage)] == [OTHER.sha256, changed.sha256, PLAN.sha256]
    assert storage.connection.execute("SELECT hedef FROM gostergeler WHERE kod = 'PG3.1.5' AND yil = 2028").fetchone() == (92.5,)
    assert not register_plan(storage, PLAN, NOW + timedelta(days=9))
    assert versions(storage)[0].plan == PLAN.sha256 and len(versions(storage)) == 3
    assert storage.connection.execute("SELECT hedef FROM gostergeler WHERE kod = 'PG7.2.1' AND yil = 2026").fetchone() == (24000,)


def test_a_version_is_named_by_the_beginning_of_its_hash(storage: Storage) -> None:
    register_plan(storage, PLAN, NOW)
    register_plan(storage, OTHER, NOW)
    assert version_of(storage, PLAN.sha256[:12].upper()) == PLAN.sha256
    for begins in ("", "zz"):
        with pytest.raises(StorageError, match="0 plans are stored"):
            version_of(storage, begins)
    with pytest.raises(StorageError, match="no plan 000000000000 is stored"):
        plan_body(storage, "0" * 64)


def test_a_text_that_was_touched_is_found(storage: Storage) -> None:
    register_plan(storage, PLAN, NOW)
    assert touched_plans(storage) == []
    with transaction(storage.connection):
        storage.connection.execute("UPDATE plans SET body = replace(body, '24.000', '14.000')")
    assert touched_plans(storage) == [PLAN.sha256]


def test_nothing_is_written_where_the_plan_is_in_force(storage: Storage) -> None:
    register_plan(storage, PLAN, NOW)
    before = storage.connection.total_changes
    register_plan(storage, PLAN, NOW + timedelta(days=1))
    assert storage.connection.total_changes == before
