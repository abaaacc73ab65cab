"""What the driver's children do that no single command does."""

from __future__ import annotations

from pathlib import Path

import archive
from config import load
from config.secrets import Secrets
from model import from_text, utc_now
from reports.outgoing import Outgoing
from scheduler import Jobs
from storage import opened
from tests.conftest import ISTANBUL, fake_settings
from tests.fakes import NOON


def collect(directory: str, url: str) -> None:
    """One account of the small platform, its database made ready before."""
    jobs = Jobs(fake_settings(Path(directory), url), Secrets({}), now=lambda: NOON, sleep=lambda seconds: None)
    jobs.prepare()
    for run in jobs.collect(jobs.settings.accounts):
        print("failed" if run.failed else "collected")


def make(directory: str) -> None:
    with opened(Path(directory) / "mecra.db", ISTANBUL):
        pass
    print("made")


def rotate(directory: str) -> None:
    """As X does: the old refresh token is dead once the platform has answered, so the new one is kept before it is used."""
    secrets = Secrets({}, Path(directory) / "secrets.toml")
    secrets.put("x", access_token="yeni-erisim", refresh_token="yeni-yenileme")
    print("kept")


def send(directory: str, at: str) -> None:
    """What the daemon's lane of reports and mail does once."""
    settings = load(Path(directory) / "mecra.toml", {})
    Outgoing(settings, Secrets({}, settings.data / "secrets.toml"), lambda: from_text(at) if at else utc_now()).work()
    print("done")


def rebuild(directory: str) -> None:
    """Put the archive's tables in place."""
    archive.rebuild(Jobs(fake_settings(Path(directory), ""), Secrets({}), now=lambda: NOON), apply=True)
    print("rebuilt")
