"""Figures from files, stored: at the instants that they belong to, known since they were handed in, beside what was measured."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import TakenIn, import_readings, load_readings, rebuild
from collectors.exports.said import Told
from config import Settings
from config.plan import Level
from config.secrets import Secrets
from indicators import measure
from indicators.statement import state
from model import FILES, IMPORT, Account, Exchange, Period, Post, Reading, Records, to_text
from scheduler import Jobs
from storage import Handed, Storage, opened
from storage.handed import write_handed
from storage.imports import imported
from storage.knowledge import known_at
from storage.levels import level_at
from tests.collectors.news.spreadsheets import text
from tests.conftest import ISTANBUL, Clock
from tests.fakes import Server, Small
from tests.indicators.standing import Archive, asked, indicator, plan, store

HEAD = ("Hesap", "Tarih", "Takipçi", "Görüntülenme")
EDGE = datetime(2026, 6, 30, 21, tzinfo=UTC)
TODAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
YESTERDAY = TODAY - timedelta(days=1)
FOLLOWERS = indicator(Level(fresh_days=3), kind="level")
EVERYTHING = "SELECT r.*, p.method FROM readings r JOIN responses p USING (response) ORDER BY reading"


def jobs_in(directory: Path, now: Callable[[], datetime] = lambda: TODAY) -> Jobs:
    own = Account("x:ornek", "x", "ornek", label="Örnek")
    jobs = Jobs(Settings(directory / "mecra.toml", directory, "Örnek", ISTANBUL, accounts=(own,)), Secrets({}), now=now)
    jobs.prepare()
    return jobs


def hand_in(jobs: Jobs, path: Path, *rows: Sequence[str], head: Sequence[str] = HEAD, told: Told | None = None) -> TakenIn:
    text(path, head, *rows)
    return import_readings(jobs, load_readings(jobs, path, told or Told(), {}))


def read(jobs: Jobs, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(jobs.settings.database)) as connection:
        return connection.execute(query).fetchall()


def seen(storage: Storage, key: str, at: datetime, known: datetime) -> int | None:
    found = level_at(storage, key, "followers", to_text(at), known_at(storage, known))
    return found.value if found else None


# -- what is stored


def test_figures_are_stored_at_their_instants_and_come_out_of_the_archive_again(tmp_path: Path) -> None:
    jobs = jobs_in(tmp_path)
    came = hand_in(
        jobs, tmp_path / "a.csv", ("tiktok:ornek", "31.12.2025", "11.617", "900"), ("tiktok:ornek", "30.06.2026", "12,3 B", "-"),
        ("x:ornek", "30.06.2026 18:00", "500", ""),
    )  # fmt: skip
    assert came.rows == 4 and [walk.account for walk in came.walks] == ["tiktok:ornek", "x:ornek"]
    assert read(jobs, "SELECT account, metric, day, value, at, until, exact, response FROM readings ORDER BY reading") == [
        ("tiktok:ornek", "followers", None, 11617, "2025-12-31T20:59:00Z", "2025-12-31T20:59:00Z", 1, 1),
        ("tiktok:ornek", "views", "2025-12-31", 900, "2025-12-31T20:59:00Z", "2025-12-31T20:59:00Z", 1, 1),
        ("tiktok:ornek", "followers", None, 12300, "2026-06-30T20:59:00Z", "2026-06-30T20:59:00Z", 0, 2),
        ("x:ornek", "followers", None, 500, "2026-06-30T15:00:00Z", "2026-06-30T15:00:00Z", 1, 3),
    ]
    walks = read(jobs, "SELECT account, stream, started_at, finished_at, since, depth, outcome, notes FROM walks ORDER BY walk")
    now = to_text(TODAY)
    assert walks == [(key, FILES, now, now, now, 0, "done", "[]") for key in ("tiktok:ornek", "x:ornek")]
    assert read(jobs, "SELECT account, added_at FROM accounts WHERE added_at IS NOT NULL") == [("tiktok:ornek", now)]
    assert rebuild(jobs) == {}
    before = read(jobs, EVERYTHING)
    with closing(sqlite3.connect(jobs.settings.database)) as spoiling:
        spoiling.execute("UPDATE readings SET value = 1")
        spoiling.commit()
    assert rebuild(jobs, apply=True) == {"readings": (4, 4)} and read(jobs, EVERYTHING) == before


def test_the_same_file_again_adds_nothing_and_says_when_it_came(tmp_path: Path) -> None:
    clock = Clock(TODAY)
    jobs = jobs_in(tmp_path, clock)
    row = ("tiktok:ornek", "31.12.2025", "11.617", "900")
    assert hand_in(jobs, tmp_path / "a.csv", row).before is None
    clock.pass_by(days=3)
    again = hand_in(jobs, tmp_path / "a.csv", row)
    assert (again.rows, again.walks, again.before) == (0, (), TODAY)
    assert hand_in(jobs, tmp_path / "b.csv", row).before == TODAY, "under another name"
    hand_in(jobs, tmp_path / "d.csv", ("tiktok:ornek", "31.12.2025", "11.000", "900"))
    [(_account, reading, value, origin)] = hand_in(jobs, tmp_path / "a.csv", row).others
    assert (reading.value, value, origin.file) == (11617, 11000, "d.csv"), "what was corrected since stays so, and is told"
    assert read(jobs, "SELECT max(walk) FROM walks") == [(2,)]
    other = hand_in(jobs, tmp_path / "c.csv", ("tiktok:ornek", "01.12.2025", "11.000", ""), row)
    assert other.rows == 2 and other.before is None, "another file corrects again"
    assert rebuild(jobs) == {}


@pytest.mark.parametrize("values", [("500", "400"), ("400", "500"), ("500", "400", "450", "460")])
def test_a_later_file_corrects_an_earlier_one_and_says_so(tmp_path: Path, values: Sequence[str]) -> None:
    clock = Clock(TODAY)
    jobs = jobs_in(tmp_path, clock)
    for number, value in enumerate(values):
        clock.at = TODAY + timedelta(days=number)
        came = hand_in(
            jobs, tmp_path / f"{number}.csv", ("tiktok:ornek", "30.06.2026", value, ""), ("tiktok:ornek", "01.03.2026", "5", "")
        )
        said = [(account, reading.value, before, origin.file) for account, reading, before, origin in came.others]
        last = values[number - 1]
        assert said == ([("tiktok:ornek", int(value), int(last), f"{number - 1}.csv")] if number else [])
    with opened(jobs.settings.database, ISTANBUL) as storage:
        for number, value in enumerate(values):
            assert seen(storage, "tiktok:ornek", EDGE, TODAY + timedelta(days=number)) == int(value)
    assert rebuild(jobs) == {}


def test_posts_with_an_hour_become_posts(tmp_path: Path) -> None:
    jobs = jobs_in(tmp_path)
    head = ("Hesap", "Tarih", "Bağlantı", "Beğeni", "Yayın tarihi", "Metin")
    link = "https://www.tiktok.com/@ornek/video/74"
    hand_in(jobs, tmp_path / "a.csv", ("tiktok:ornek", "02.03.2026", link, "5", "01.03.2026 10:00", "Park"), head=head)
    assert read(
        jobs, "SELECT account, post, stream, kind, published_at, published_on, url, text, gone_at, response FROM posts"
    ) == [("tiktok:ornek", "74", FILES, "post", "2026-03-01T07:00:00Z", "2026-03-01", link, "Park", None, 1)]
    assert rebuild(jobs) == {}


def test_a_file_is_no_proof_that_a_post_is_there_and_leaves_stored_ones_alone(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a"))
    day = datetime(2026, 3, 1, 7, tzinfo=UTC)
    post = Post("74", "post", day, "https://x.com/a/status/74", "Park")
    archive.told("x:a", day + timedelta(hours=1), posts=[post], stream="posts", since=day - timedelta(days=1), lasting=True)
    archive.told("x:a", day + timedelta(hours=2), posts=[replace(post, post="75")], stream="posts", since=day, lasting=True)
    before = storage.connection.execute("SELECT * FROM posts ORDER BY post").fetchall()
    assert [row[11] for row in before] == [to_text(day + timedelta(hours=2)), None]
    put(storage, "x:a", TODAY, day + timedelta(minutes=5), posts=(replace(post, text="başka"),))
    assert storage.connection.execute("SELECT * FROM posts ORDER BY post").fetchall() == before


def test_a_day_that_was_missing_is_filled_when_the_file_comes(tmp_path: Path) -> None:
    from model import Gap, Page

    store_ = store(tmp_path, "x:a")
    day = date(2026, 3, 1)
    at = datetime(2026, 3, 5, tzinfo=UTC)
    walk = store_.begin("x:a", "daily", since=at, now=at, trigger="manual", memo={}, missed=0)
    records = Records(gaps=(Gap("views", "not told", day=day), Gap("reach", "not told", day=day)))
    store_.save(walk, walk.after(Page(), at), [(Exchange(at, "GET", "https://x.example", 200, b"x", 1), records)])
    put(store_, "x:a", TODAY, at - timedelta(days=3), Reading("views", 5, day=day))
    assert store_.connection.execute("SELECT metric, filled_at FROM gaps ORDER BY metric").fetchall() == [
        ("reach", None),
        ("views", to_text(TODAY)),
    ]


def test_a_file_of_several_accounts_is_stored_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs, calls = jobs_in(tmp_path), list[Any]()

    def broken(*args: Any) -> int:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return write_handed(*args)

    rows = [("tiktok:ornek", "31.12.2025", "5", ""), ("x:ornek", "31.12.2025", "6", "")]
    monkeypatch.setattr("storage.records.write_handed", broken)
    with pytest.raises(KeyboardInterrupt):
        hand_in(jobs, tmp_path / "a.csv", *rows)
    for table in ("walks", "responses", "readings"):
        assert read(jobs, f"SELECT count(*) FROM {table}") == [(0,)]
    assert read(jobs, "SELECT count(*) FROM accounts WHERE platform = 'tiktok'") == [(0,)]
    monkeypatch.undo()
    assert hand_in(jobs, tmp_path / "a.csv", *rows).rows == 2


# -- beside what was measured


def put(storage: Storage, key: str, told_at: datetime, at: datetime, *readings: Reading, posts: Sequence[Post] = ()) -> None:
    """A file of one instant."""
    body = f"{key} {at} {readings} {posts}".encode()
    exchange = Exchange(at, IMPORT, "file:a.csv?sha256=0", 200, body, 10, bucket="import")
    platform, _, handle = key.partition(":")
    handed = Handed(Account(key, platform, handle), [(exchange, Records(readings=readings, posts=tuple(posts)))])
    storage.take_in([handed], told_at)


def measured(storage: Storage) -> list[tuple[Any, ...]]:
    query = "SELECT post, metric, day, value, r.at, until, exact, fell FROM readings r JOIN responses p USING (response) WHERE method != ?"
    return storage.connection.execute(f"{query} ORDER BY post, metric, r.at, reading", (IMPORT,)).fetchall()


STEP = st.tuples(st.sampled_from(["told", "put"]), st.integers(0, 40), st.integers(1, 4), st.sampled_from([None, "74"]))


@given(st.lists(STEP, max_size=14))
def test_what_was_measured_never_depends_on_files(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int, str | None]]
) -> None:
    """Also late answers, which split or extend measured rows: with and without the files in between, the same rows."""

    def rows(with_files: bool) -> list[tuple[Any, ...]]:
        archive = Archive(found := store(tmp_path_factory.mktemp("db"), "x:a"))
        for what, hour, value, post in steps:
            at, reading = EDGE + timedelta(hours=hour), Reading("followers", value, post)
            if what == "told":
                archive.told("x:a", at, readings=[reading])
            elif with_files:
                put(found, "x:a", EDGE + timedelta(days=3), at, reading)
        told = measured(found)
        found.connection.close()
        return told

    assert rows(with_files=True) == rows(with_files=False)


def test_a_late_file_changes_no_row_that_was_there(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a"))
    for days in (-30, -20, 5, 20):
        archive.told("x:a", EDGE + timedelta(days=days), readings=[Reading("followers", 70 if days < 20 else 90)])
    before = storage.connection.execute("SELECT * FROM readings ORDER BY reading").fetchall()
    for days, value in ((-25, 60), (-30, 65), (-10, 70), (25, 95)):
        put(storage, "x:a", TODAY, EDGE + timedelta(days=days), Reading("followers", value))
    after = storage.connection.execute("SELECT * FROM readings ORDER BY reading").fetchall()
    assert after[: len(before)] == before and len(after) == len(before) + 4


def test_collecting_goes_on_from_what_was_measured_not_from_a_file(tmp_path: Path) -> None:
    """The same value as a file's, measured later, is a row of its own: it rests on an answer."""
    archive = Archive(storage := store(tmp_path, "x:a"))
    put(storage, "x:a", EDGE, EDGE - timedelta(hours=2), Reading("followers", 70))
    archive.told("x:a", EDGE + timedelta(hours=1), readings=[Reading("followers", 70)])
    assert [row[3:6] for row in measured(storage)] == [(70, to_text(EDGE + timedelta(hours=1)), to_text(EDGE + timedelta(hours=1)))]
    [first, second] = [row[0] for row in storage.connection.execute("SELECT reading FROM readings ORDER BY reading")]
    assert {number: origin.file for number, origin in imported(storage, [first, second]).items()} == {first: "a.csv"}


# -- what a statement knows


def test_a_file_of_today_changes_nothing_in_a_statement_of_yesterday(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a"))
    archive.told("x:a", EDGE - timedelta(days=2), readings=[Reading("followers", 70)])
    archive.told("x:a", EDGE + timedelta(days=2), readings=[Reading("followers", 90)])
    archive.told("x:a", YESTERDAY - timedelta(hours=1), readings=[Reading("followers", 95)])
    whole, period = plan(FOLLOWERS), Period.parse("2026-H1")
    before = state(storage, whole, period, YESTERDAY)
    put(storage, "x:a", TODAY, EDGE - timedelta(minutes=1), Reading("followers", 80))
    put(storage, "tiktok:b", TODAY, EDGE - timedelta(minutes=1), Reading("followers", 500))
    assert known_at(storage, YESTERDAY) == before.known
    assert state(storage, whole, period, YESTERDAY) == before
    now = state(storage, whole, period, TODAY)
    assert {part.part: part.value for part in now.standings[0].measured.parts} == {"x:a": 80, "tiktok:b": 500}
    archive.told("x:a", TODAY + timedelta(hours=1), readings=[Reading("followers", 96)])
    assert state(storage, whole, period, YESTERDAY) == before
    assert state(storage, whole, period, TODAY) == now


def test_followers_of_a_channel_count_at_the_edge_and_say_where_they_come_from(tmp_path: Path) -> None:
    jobs = jobs_in(tmp_path)
    hand_in(
        jobs, tmp_path / "a.csv", ("tiktok:x", "30.06.2026", "11.617", ""), ("tiktok:x", "31.12.2025", "10.000", ""),
        ("telegram:x", "20.06.2026", "900", ""),
    )  # fmt: skip
    with opened(jobs.settings.database, ISTANBUL) as storage:
        found = measure(asked(storage, FOLLOWERS, "2026-H1"))
    assert (found.value, found.coverage) == (Fraction(12517), Fraction(1, 3)), "x:ornek is unknown, telegram:x was read long before"
    tiktok = next(part for part in found.parts if part.part == "tiktok:x")
    assert (tiktok.value, tiktok.closed_at, tiktok.covered) == (11617, "2026-06-30T20:59:00Z", 1)
    assert [note.said() for note in tiktok.notes] == ["tiktok:x: from a file handed in on 2026-11-23"]
    assert found.beside["growth"]["tiktok"] == {"opening": 10000, "closing": 11617}


def test_what_is_measured_counts_again_once_it_is_read_after_the_file(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a"))
    put(storage, "x:a", TODAY, EDGE - timedelta(hours=2), Reading("followers", 80))
    archive.told("x:a", EDGE - timedelta(hours=1), readings=[Reading("followers", 81)])
    found = measure(asked(storage, FOLLOWERS, "2026-H1"))
    assert found.value == 81 and found.notes == ()


# -- and the archive again, with a collector


def test_collected_and_handed_in_come_out_of_the_archive_again(jobs_at: Callable[..., Jobs], clock: Clock, tmp_path: Path) -> None:
    small = Small()
    with Server(small.answer) as server:
        jobs = jobs_at(server.url)
        told = Told(jobs.settings.accounts[0])
        hand_in(jobs, tmp_path / "a.csv", ("01.03.2026", "5"), head=("Tarih", "Takipçi"), told=told)
        jobs.collect(jobs.settings.accounts)
        hand_in(jobs, tmp_path / "b.csv", ("01.03.2026", "6"), ("14.03.2026", "7"), head=("Tarih", "Takipçi"), told=told)
        clock.pass_by(hours=30)
        jobs.collect(jobs.settings.accounts)
        assert read(jobs, "SELECT count(*) FROM readings r JOIN responses USING (response) WHERE method = 'IMPORT'") == [(3,)]
        assert rebuild(jobs) == {}
        before = read(jobs, EVERYTHING)
        assert rebuild(jobs, apply=True) == {} and read(jobs, EVERYTHING) == before
