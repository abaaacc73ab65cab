"""Connections of accounts that were not asked lately are closed by us, not whenever Python finds them."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import scheduler
from config import load
from config.secrets import Secrets
from scheduler import Jobs
from tests.load.town import Town, write_settings

BEGIN, FEEDS, KEPT, PATIENCE = date(2026, 3, 2), 8, 2, 60.0
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def unlooked() -> Iterator[None]:
    """Nothing is found that nobody holds."""
    gc.disable()
    yield
    gc.enable()


def test_no_more_connections_than_collectors_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unlooked: None) -> None:
    monkeypatch.setattr(scheduler, "KEPT", KEPT)
    town = Town(1, FEEDS, BEGIN - timedelta(days=1), BEGIN + timedelta(days=1), NOW)
    with town:
        write_settings(tmp_path, town.port, 0, FEEDS, BEGIN)
        settings = load(tmp_path / "mecra.toml", {})
        jobs = Jobs(settings, Secrets({}), now=lambda: NOW, sleep=lambda seconds: None)
        jobs.prepare()
        runs = jobs.collect([account for account in settings.accounts if account.platform == "feed"])
        assert [run.walk.outcome for run in runs if run.walk] == ["done"] * FEEDS
        deadline = time.monotonic() + PATIENCE
        while town.connections > KEPT and time.monotonic() < deadline:
            time.sleep(0.02)
        assert town.connections <= KEPT
