"""What the settings say of feeds and searches is what the press is asked for: their days, and that one left."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from config import load
from config.secrets import Secrets
from scheduler import Jobs
from storage import opened

SETTINGS = '[institution]\nname = "Ümraniye Belediyesi"\n[news]\nfeeds = "own.toml"\n'
FEED = "[[feed]]\nname = '{name}'\nurl = 'https://{name}.example/rss'\n{more}\n"


def days(directory: Path, feeds: str, now: datetime) -> dict[str, tuple[str | None, str | None]]:
    """Since and until of the press, once mecra has read the settings on a day."""
    (directory / "mecra.toml").write_text(SETTINGS, encoding="utf-8")
    (directory / "own.toml").write_text(feeds, encoding="utf-8")
    settings = load(directory / "mecra.toml", {})
    Jobs(settings, Secrets({}), now=lambda: now).prepare()
    with opened(settings.database, settings.zone, read_only=True) as storage:
        rows = storage.connection.execute("SELECT account, since, until FROM accounts").fetchall()
    return {account: (since, until) for account, since, until in rows}


def test_a_feed_is_asked_from_its_day_until_it_leaves_the_list(tmp_path: Path) -> None:
    one, other = FEED.format(name="posta", more=""), FEED.format(name="yeni", more="since = 2026-03-01")
    evening = datetime(2026, 3, 31, 21, 30, tzinfo=UTC)  # the first of April in Istanbul
    assert days(tmp_path, one + other, evening) == {
        "agency:import": (None, None), "feed:posta": (None, None), "feed:yeni": ("2026-03-01", None), "gdelt:search": (None, None),
    }  # fmt: skip
    assert days(tmp_path, other, evening)["feed:posta"] == (None, "2026-03-31")
    assert days(tmp_path, other, datetime(2026, 5, 1, tzinfo=UTC))["feed:posta"] == (None, "2026-03-31")
    assert days(tmp_path, one + other, datetime(2026, 5, 1, tzinfo=UTC))["feed:posta"] == (None, None)
