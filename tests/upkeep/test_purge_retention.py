"""What has been kept for long enough goes by itself, once a day; what somebody consented to stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import load
from config.checks import ConfigError
from config.retention import Retention
from config.secrets import Secrets
from model import Exchange, Page, Post, Reading, Records
from storage import Storage
from storage.purges import all_purges
from tests.conftest import Clock, fake_settings
from tests.indicators.standing import store
from upkeep.nightly import jobs
from upkeep.retention import Keeping, years_before

DAY = timedelta(days=1)
START = datetime(2026, 1, 10, 6, tzinfo=UTC)
CHANNEL = "youtube:kanal"


def tell(
    storage: Storage, at: datetime, stream: str, bucket: str, *, body: bytes = b"{}", posts: tuple[Post, ...] = (), **figures: int
) -> None:
    walk = storage.begin(CHANNEL, stream, since=at, now=at, trigger="schedule", memo={}, missed=0)
    exchange = Exchange(at, "GET", "https://youtube", 200, body, len(body), bucket=bucket)
    found = Records(posts=posts, readings=tuple(Reading(name, value) for name, value in figures.items()))
    storage.save(walk, walk.after(Page(), at), [(exchange, found)])


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """A channel that was read every day for sixty days; its subscribers change once, on the fortieth."""
    storage = store(tmp_path, CHANNEL)
    for day in range(60):
        tell(storage, START + day * DAY, "profile", "youtube.data", views_total=1000 + day, followers=500 if day < 40 else 510)
    return storage


def keeping(tmp_path: Path, clock: Clock, retention: Retention | None = None, **secrets: str) -> Keeping:
    settings = replace(fake_settings(tmp_path, "http://localhost"), retention=retention or Retention())
    environ = {f"MECRA_YOUTUBE_{name.upper()}": value for name, value in secrets.items()}
    [job] = [job for job in jobs(settings, Secrets(environ), clock, lambda: None) if isinstance(job, Keeping)]
    return job


def count(storage: Storage, what: str) -> int:
    return int(storage.connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0])


def test_figures_that_a_key_alone_fetched_go_after_thirty_days(storage: Storage, tmp_path: Path) -> None:
    clock = Clock(START + 60 * DAY)
    job = keeping(tmp_path, clock, api_key="k")
    job.work()
    assert storage.connection.execute(
        "SELECT metric, count(*), min(value), min(at) FROM readings GROUP BY metric ORDER BY metric"
    ).fetchall() == [
        ("followers", 2, 500, "2026-01-10T06:00:00Z"),  # seen again within thirty days: refreshed, as the policy wants it
        ("views_total", 30, 1030, "2026-02-09T06:00:00Z"),
    ]
    assert count(storage, "responses WHERE body IS NOT NULL") == 30 and count(storage, "responses") == 60
    [record] = all_purges(storage)
    assert record.purged_by == "mecra" and "III.E.4" in record.why and record.account == CHANNEL
    job.work()
    clock.pass_by(hours=1)
    job.work()
    assert len(all_purges(storage)) == 1, "once a day"
    clock.pass_by(days=1)
    job.work()
    assert len(all_purges(storage)) == 2 and count(storage, "readings WHERE metric = 'views_total'") == 28, (
        "a day and an hour later"
    )


@pytest.mark.parametrize("how", ["a consent now", "a consent once", "the setting"])
def test_what_was_consented_to_or_is_kept_on_purpose_stays(storage: Storage, tmp_path: Path, how: str) -> None:
    if how == "a consent once":
        tell(storage, START + 60 * DAY, "daily", "youtube.analytics")
    secrets = {"refresh_token": "r"} if how == "a consent now" else {}
    before = count(storage, "readings")
    keeping(tmp_path, Clock(START + 90 * DAY), Retention(youtube_key_days=0 if how == "the setting" else 30), **secrets).work()
    assert count(storage, "readings") == before and all_purges(storage) == []


def test_old_bodies_and_words_go_as_the_settings_say(storage: Storage, tmp_path: Path) -> None:
    tell(
        storage,
        START + 60 * DAY,
        "posts",
        "youtube.data",
        posts=(Post("p1", "video", START, "", "OLD"), Post("p2", "video", START + 60 * DAY, "", "NEW")),
    )
    keeping(tmp_path, Clock(datetime(2027, 2, 1, tzinfo=UTC)), Retention(1, 1, 0)).work()
    assert storage.connection.execute("SELECT text FROM posts ORDER BY post").fetchall() == [("",), ("NEW",)]
    assert count(storage, "responses WHERE body IS NOT NULL") == 61 - 22
    assert [(record.kind, record.why) for record in all_purges(storage)] == [
        ("texts", "retention.texts_years = 1"),
        ("bodies", "retention.bodies_years = 1"),
    ]
    assert count(storage, "readings") == 62


def test_a_leap_day_has_a_year_before() -> None:
    assert years_before(datetime(2028, 2, 29, tzinfo=UTC), 1) == datetime(2027, 2, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("bodies_years = -1", "retention.bodies_years = -1"),
        ("bodies_years = true", "retention.bodies_years = True"),
        ("youtube_key_days = 31", "from 0 (kept for ever) to 30"),
        ("texts_years = 5", "write bodies_years"),
        ("bodies_years = 6\ntexts_years = 5", "write bodies_years"),
        ("years = 5", "retention.years"),
    ],
)
def test_settings_that_make_no_sense_are_refused(tmp_path: Path, lines: str, says: str) -> None:
    path = tmp_path / "mecra.toml"
    path.write_text(f"[retention]\n{lines}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=says.replace("(", r"\(").replace(")", r"\)")):
        load(path, {})
    path.write_text("[retention]\nbodies_years = 5\ntexts_years = 6\n", encoding="utf-8")
    assert load(path, {}).retention == Retention(5, 6, 30)
