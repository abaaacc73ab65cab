"""A half-year measured, stated and served: what the pages of figures are looked at with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from indicators.listing import put_lists
from indicators.snapshot import take
from reports.statement import Standings
from storage import Storage
from storage.knowledge import Known
from storage.snapshots import keep_provisional
from tests.panel.served import Get, served
from tests.reports.measured import BEGIN, DAY, H1, LAST, half_a_year, provisional, the_plan


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Storage, Standings]:
    """The store, and the newest of its provisional statements: one a month, and one after the period."""
    storage = half_a_year(tmp_path_factory.mktemp("measured"))
    for month in range(1, 6):
        at = BEGIN + month * 30 * DAY + timedelta(hours=6)
        keep_provisional(storage, take(storage, the_plan(), H1, at, taken_at=at))
    found = provisional(storage)
    put_lists(storage, the_plan(), H1, Known(10**9, LAST))
    return storage, found


@pytest.fixture(scope="session")
def database(measured: tuple[Storage, Standings]) -> Path:
    return Path(measured[0].connection.execute("PRAGMA database_list").fetchone()[2])


@pytest.fixture(scope="session")
def figures(database: Path) -> Iterator[Get]:
    """Asks the panel over it."""
    with served(database) as get:
        yield get
