"""Figures to sort by: each counter's last reading, looked up again only where something was read since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from model import Post, Reading
from storage.database import transaction
from storage.post_figures import NOTHING, Figure, Figures, figure_of
from tests.indicators.standing import Archive, store

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEY = ("x:a", "1")


def test_the_last_readings_are_added_up(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    archive, figures = Archive(storage), Figures()
    assert figures.refreshed(storage) == {}
    posts = [Post("1", "post", AT), Post("2", "post", AT)]
    archive.told("x:a", AT, posts=posts, stream="posts")
    assert figures.refreshed(storage).get(KEY, NOTHING) == NOTHING
    told = [Reading("views", 10, "1"), Reading("likes", 2, "1"), Reading("saves", 3, "1"), Reading("clicks", 9, "1")]
    archive.told("x:a", AT + HOUR, readings=[*told, Reading("views", 99, day=AT.date())])
    assert figures.refreshed(storage)[KEY] == figure_of(storage, *KEY) == Figure(10, 5)
    archive.told("x:a", AT + 2 * HOUR, readings=[Reading("views", 7, "1"), Reading("comments", 0, "2")])
    assert figures.refreshed(storage)[KEY] == Figure(7, 5), "a counter may fall"
    assert figures.refreshed(storage)["x:a", "2"] == Figure(None, 0)


def test_tables_that_were_derived_again_are_looked_up_anew(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    figures = Figures()
    Archive(storage).told("x:a", AT, posts=[Post("1", "post", AT)], readings=[Reading("views", 10, "1")], stream="posts")
    assert figures.refreshed(storage)[KEY] == Figure(10, None)
    with transaction(storage.connection):
        storage.connection.execute("UPDATE readings SET value = 11, reading = reading + 5")
        storage.connection.execute(
            "INSERT INTO readings (account, metric, value, at, until) VALUES ('x:a', 'followers', 1, '2026', '2026')"
        )
    assert figures.refreshed(storage)[KEY] == Figure(11, None)
