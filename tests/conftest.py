"""Fixtures of the spine: a clock that moves only when told, settings of one small platform, and the jobs over them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

import collectors
from config import Settings
from config.secrets import Secrets
from model import Account
from scheduler import Jobs

ISTANBUL = ZoneInfo("Europe/Istanbul")

# A busy machine is no failure; before a change lands, the same examples are tried each time, and new ones by whoever works on it.
hypothesis_settings.register_profile(
    "mecra", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI"))
)
hypothesis_settings.load_profile("mecra")


@dataclass
class Clock:
    """A time that moves only when told."""

    at: datetime = datetime(2026, 3, 15, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def fake_settings(directory: Path, root: str, *, accounts: int = 1, since: date = date(2026, 3, 1), **options: Any) -> Settings:
    """Settings of `accounts` accounts of the small platform at `root`; the first one is `fake:a0`."""
    return Settings(
        path=directory / "mecra.toml",
        data=directory,
        institution="Örnek",
        zone=ISTANBUL,
        since=since,
        accounts=tuple(Account(f"fake:a{n}", "fake", f"a{n}") for n in range(accounts)),
        platforms={"fake": {"api_root": root, **options}},
    )


@pytest.fixture
def jobs_at(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Jobs]:
    """`jobs_at(url)`: prepared jobs over the small platform that answers there, in a directory of their own."""
    monkeypatch.setitem(collectors.COLLECTORS, "fake", "tests.fakes:FakeCollector")

    def make(root: str, *, now: Callable[[], datetime] = clock, directory: Path = tmp_path, **options: Any) -> Jobs:
        changes = {name: options.pop(name) for name in ("ladders", "budgets") if name in options}
        settings = replace(fake_settings(directory, root, **options), **changes)
        jobs = Jobs(settings, Secrets({}), now=now, sleep=lambda seconds: None)
        jobs.prepare()
        return jobs

    return make


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say something at the end of the whole run: what a test covered, how large something was."""
    return lambda text: record_property("told", text)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for found in terminalreporter.stats.values() for report in found if isinstance(report, pytest.TestReport)]
    told = [str(text) for report in reports if report.when == "call" for name, text in report.user_properties if name == "told"]
    if told:
        terminalreporter.section("told by the tests")
        for text in told:
            terminalreporter.line(text)
