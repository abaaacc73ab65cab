"""Purging: it is really gone from the file, nothing else is; seals, `verify`, `explain` and `rebuild` say what happened, and no more."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from config.plan_file import parse_plan
from indicators.explain import explain
from indicators.finding import Finding
from indicators.snapshot import take
from model import Period, Post, Reading, to_text
from reports.following import followed
from storage import Storage
from storage.purges import all_purges
from storage.purging import ACCOUNT, BODIES, EXPIRED, POST, TEXTS, Scope, scrub
from storage.snapshots import keep_provisional
from tests.indicators.sealing import EDGE, H1, YEAR, Y, card, filled, findings, sealed, unguarded, written
from tests.indicators.standing import Archive
from upkeep.purge import Purged, purge
from upkeep.redacting import without

LATER = YEAR + timedelta(days=30)
Purge = Callable[..., Purged]


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """Two sealed half-years and a year, and a post of each account that was told of before the edge."""
    storage = filled(tmp_path)
    archive = Archive(storage)
    for account in ("x:a", "facebook:b"):
        post = Post(f"post-of-{account[0]}", "post", EDGE - timedelta(days=9), "", f"SECRET-WORDS-{account}")
        archive.told(account, EDGE - timedelta(days=8), posts=[post], readings=[Reading("views", 7, post.post)])
    sealed(storage)
    sealed(storage, Y)
    written(storage, tmp_path)
    return storage


@pytest.fixture
def do(storage: Storage) -> Purge:
    def run(scope: Scope, **more: bool) -> Purged:
        return purge(storage, scope, parse_plan, why="on request", by="Ayşe", now=lambda: LATER, **more)

    return run


def bytes_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.glob("mecra.db*")))


def rows(storage: Storage) -> dict[str, list[tuple[object, ...]]]:
    names = [
        n
        for (n,) in storage.connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
        )
    ]
    return {name: storage.connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def failed(found: list[Finding]) -> list[str]:
    return [f.what.said() for f in found if f.failed]


def test_a_dry_run_tells_what_the_purge_does_and_changes_nothing(storage: Storage, do: Purge) -> None:
    before = rows(storage)
    dry = do(Scope(ACCOUNT, "x:a"), dry=True)
    assert rows(storage) == before and dry.purge == 0
    done = do(Scope(ACCOUNT, "x:a"))
    assert (done.rows, done.values) == (dry.rows, dry.values)
    assert done.rows == {"readings": 3, "posts": 1, "last_moves": 1, "responses": 3} and done.purge == 1
    assert do(Scope(ACCOUNT, "x:a")).rows == {} and len(all_purges(storage)) == 1, "nothing is left to purge"


def test_an_account_is_gone_from_every_byte_and_the_others_are_untouched(storage: Storage, do: Purge, tmp_path: Path) -> None:
    storage.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"SECRET-WORDS-x:a" in bytes_of(tmp_path)
    before = rows(storage)
    assert do(Scope(ACCOUNT, "x:a")).left == ""
    assert b"SECRET-WORDS-x:a" not in bytes_of(tmp_path) and b"post-of-x" not in bytes_of(tmp_path)
    assert b"SECRET-WORDS-facebook:b" in bytes_of(tmp_path)
    after = rows(storage)
    for table in ("posts", "readings", "last_moves"):
        assert after[table] == [row for row in before[table] if "x:a" not in row]
    assert [len(after[t]) for t in ("responses", "walks", "accounts")] == [
        len(before[t]) for t in ("responses", "walks", "accounts")
    ]


def test_what_was_deleted_in_former_times_is_wiped_too(storage: Storage, do: Purge, tmp_path: Path) -> None:
    """By programs that leave freed pages as they are; a purge that somebody asks for writes the file anew."""
    storage.connection.execute("PRAGMA secure_delete = OFF")
    storage.connection.executescript("CREATE TABLE scrap (text); INSERT INTO scrap VALUES ('FORMER-WORDS'); DROP TABLE scrap;")
    storage.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"FORMER-WORDS" in bytes_of(tmp_path)
    do(Scope(ACCOUNT, "x:a"))
    assert b"FORMER-WORDS" not in bytes_of(tmp_path)


def test_seals_stay_and_verify_says_what_was_purged(storage: Storage, do: Purge, tmp_path: Path) -> None:
    before = {name: found for name, found in rows(storage).items() if name.startswith("snapshot")}
    done = do(Scope(ACCOUNT, "x:a"))
    assert {name: found for name, found in rows(storage).items() if name.startswith("snapshot")} == before
    assert {(1, "PG1", ""), (1, "PG1", "x:a"), (2, "PG1", "x:a"), (1, "", "")} <= set(done.values)
    assert not [place for place in done.values if place[2] == "facebook:b"]
    found = findings(storage, tmp_path)
    assert failed(found) == []
    said = [f"{f.period} {f.what.said()}" for f in found]
    assert sum("was purged on 2027-01-30 by Ayşe, because: on request; the seal stands" in line for line in said) == 2
    assert " purge 1 of 2027-01-30 by Ayşe, because: on request (x:a; last_moves 1, posts 1, readings 3, responses 3)" in said


def test_what_is_touched_after_a_purge_is_found(storage: Storage, do: Purge, tmp_path: Path) -> None:
    do(Scope(ACCOUNT, "x:a"))
    with unguarded(storage):
        storage.connection.execute("UPDATE readings SET value = 52 WHERE account = 'facebook:b' AND value = 51")
    assert any("PG1, facebook:b: measured again it is value 52" in line for line in failed(findings(storage, tmp_path)))


def test_what_is_put_in_place_of_what_was_purged_is_found(storage: Storage, do: Purge, tmp_path: Path) -> None:
    """What is left must be measured as it was right after the purge, where it was changed by it too."""
    do(Scope(ACCOUNT, "x:a"))
    storage.connection.execute(
        "INSERT INTO readings (account, metric, value, at, until, response) VALUES ('x:a', 'followers', 123, ?1, ?1, 1)",
        (to_text(EDGE - timedelta(hours=1)),),
    )
    storage.connection.commit()
    assert any("PG1, x:a: measured again it is value 123" in line for line in failed(findings(storage, tmp_path)))


def test_what_was_touched_before_a_purge_stays_found(storage: Storage, do: Purge, tmp_path: Path) -> None:
    """A purge makes nothing right that was wrong."""
    with unguarded(storage):
        storage.connection.execute("UPDATE readings SET value = 999 WHERE account = 'x:a' AND value = 200")
    done = do(Scope(ACCOUNT, "x:a"))
    assert (1, "PG1", "x:a") not in done.values
    assert any("2026-H1" in f.period and f.failed for f in findings(storage, tmp_path))


def test_an_invented_purge_is_told_and_a_changed_record_is_found(storage: Storage, do: Purge, tmp_path: Path) -> None:
    do(Scope(POST, "x:a", "post-of-x"))
    do(Scope(ACCOUNT, "facebook:b"))
    for change in (
        "UPDATE purges SET why = 'x' WHERE purge = 1",
        "DELETE FROM purges WHERE purge = 1",
        "DELETE FROM purged_answers WHERE purge = 2",
    ):
        storage.connection.execute("SAVEPOINT before")
        guards = storage.connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        storage.connection.execute("PRAGMA defer_foreign_keys = ON")
        for name, _sql in guards:
            storage.connection.execute(f"DROP TRIGGER {name}")
        assert storage.connection.execute(change).rowcount
        for _name, sql in guards:
            storage.connection.execute(sql)
        assert any("the record of purge" in line for line in failed(findings(storage, tmp_path, quick=True))), change
        storage.connection.execute("ROLLBACK TO before")
        storage.connection.execute("RELEASE before")
    assert failed(findings(storage, tmp_path)) == []


def test_a_record_tells_nothing_of_what_went(storage: Storage, do: Purge, tmp_path: Path) -> None:
    do(Scope(POST, "x:a", "post-of-x"))
    [record] = all_purges(storage)
    assert record.subject == hashlib.sha256(b"post-of-x").hexdigest()
    assert "SECRET" not in str(record) and "post-of-x" not in str(record)
    assert b"SECRET-WORDS-x:a" not in bytes_of(tmp_path)


def test_what_was_not_confirmed_for_thirty_days_goes_and_the_rest_stays(storage: Storage, do: Purge, tmp_path: Path) -> None:
    storage.connection.execute("PRAGMA secure_delete = OFF")  # as SQLite is built on many systems
    storage.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"SECRET-WORDS-x:a" in bytes_of(tmp_path)
    done = do(Scope(EXPIRED, "x:a", before=to_text(YEAR - timedelta(days=30))), by_itself=True)
    assert done.rows["readings"] == 2 and done.rows["posts"] == 1 and not done.left
    assert next(row for row in rows(storage)["readings"] if "x:a" in row and row[4] is None)[5] == 260
    assert b"SECRET-WORDS-x:a" not in bytes_of(tmp_path), "wiped where it stood"


def test_bodies_go_and_no_figure_moves(storage: Storage, do: Purge, tmp_path: Path) -> None:
    before = rows(storage)
    done = do(Scope(BODIES, before=to_text(EDGE)), by_itself=True)
    assert done.rows == {"responses": 4} and done.values == ()
    after = rows(storage)
    assert after["readings"] == before["readings"] and after["posts"] == before["posts"]
    assert failed(findings(storage, tmp_path)) == []


def test_texts_go_from_posts_and_from_what_they_said_before(storage: Storage, do: Purge, tmp_path: Path) -> None:
    again = Post("post-of-x", "post", EDGE - timedelta(days=9), "", "EDITED-WORDS")
    Archive(storage).told("x:a", YEAR, posts=[again])
    done = do(Scope(TEXTS, before=to_text(EDGE)), by_itself=True)
    assert done.rows == {"edits": 1, "texts": 2}
    assert {row[0] for row in storage.connection.execute("SELECT text FROM posts")} == {""}
    assert failed(findings(storage, tmp_path)) == []


def test_an_answer_loses_one_post_and_says_the_same_of_the_others() -> None:
    page = {
        "data": [
            {"id": "1", "text": "a"},
            {"id": "2", "text": "b", "edit_history_tweet_ids": ["2", "1"]},
            {"id": "3", "n": {"id": "9"}},
        ],
        "meta": {"newest_id": "1", "result_count": 3},
    }
    body, url = without(json.dumps(page).encode(), "https://x/2/tweets?ids=1,3&max=10", {"1"}) or (None, "")
    assert json.loads(body or b"") == {"data": [{"id": "3", "n": {"id": "9"}}], "meta": {"newest_id": "", "result_count": 3}}
    assert url == "https://x/2/tweets?ids=3&max=10"
    assert without(json.dumps(page).encode(), "https://x", {"4"}) is None, "it never spoke of it"
    assert without(b'{"id": "1", "text": "a"}', "https://x/1", {"1"}) == (None, "https://x/"), "it spoke of nothing else"
    assert without(b'{"1": {"likes": 2}, "5": {"likes": 3}}', "https://x", {"1"}) == (b'{"5":{"likes":3}}', "https://x")
    assert without(b"no JSON, and 1 in it", "https://x", {"1"}) == (None, "https://x")


def test_a_reader_keeps_nothing_from_being_purged_and_it_is_said_that_the_log_still_holds_it(
    storage: Storage, do: Purge, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "mecra.db")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM posts").fetchall()
        storage.connection.execute("PRAGMA busy_timeout = 50")
        done = do(Scope(ACCOUNT, "x:a"))
        assert done.purge == 1 and "locked" in done.left
        assert b"SECRET-WORDS-x:a" in bytes_of(tmp_path)
    assert scrub(storage.connection, whole=True) == "" and b"SECRET-WORDS-x:a" not in bytes_of(tmp_path)


def test_explaining_a_figure_says_what_was_purged(storage: Storage, do: Purge) -> None:
    do(Scope(ACCOUNT, "x:a"))
    found = explain(storage, card(), "PG1", H1, LATER)
    assert [purge.why for purge in found.purges] == ["on request"] and not found.unlike
    assert found.snapshot and found.snapshot.value("PG1") and found.standing.measured.value == 51
    assert explain(storage, card(), "PG2", H1, LATER).purges == ()
    other = Period(2027, 1)
    keep_provisional(storage, take(storage, card(), other, LATER, taken_at=LATER))
    assert explain(storage, card(), "PG1", other, LATER).purges == ()
    do(Scope(ACCOUNT, "facebook:b"))
    again = explain(storage, card(), "PG1", other, LATER)
    assert len(again.purges) == 2 and not again.unlike, "of a provisional snapshot whatever was purged since it was taken"
    told = followed(storage, card(), "PG1", H1, "facebook:b", LATER).purged[0]
    assert "purged on 2027-01-30 by Ayşe, because: on request" in told.said(), "the panel's page of the rows says it too"
