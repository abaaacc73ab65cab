"""What a page leaves in the store: posts, articles, gaps, the walk, and nothing of a page that failed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from model import UNREAD, Account, Article, Exchange, Gap, Page, Post, Profile, Reading, Records, Walk, to_text
from storage import Storage, StorageError, opened
from tests.conftest import ISTANBUL
from tests.fakes import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def exchange(at: datetime = NOON, body: bytes = b'{"data":1}', **changes: Any) -> Exchange:
    return replace(Exchange(at, "GET", "http://h/list", 200, body, len(body), 3, 0, "x"), **changes)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with opened(tmp_path / "mecra.db", ISTANBUL) as found:
        found.register([Account("x:a", "x", "a"), Account("x:b", "x", "b"), Account("youtube:a", "youtube", "a")])
        yield found


def begun(storage: Storage, *, now: datetime = NOON, since: datetime = NOON - 30 * DAY, account: str = "x:a") -> Walk:
    return storage.begin(account, "posts", since=since, now=now, trigger="test", memo={}, missed=0)


def post(number: int, **changes: Any) -> Post:
    return replace(Post(f"p{number}", "post", NOON - number * DAY, f"http://h/{number}", f"metin {number}"), **changes)


def posts(storage: Storage) -> dict[str, dict[str, Any]]:
    rows = storage.connection.execute("SELECT * FROM posts ORDER BY post")
    names = [column[0] for column in rows.description]
    return {row[1]: dict(zip(names, row, strict=True)) for row in rows}


def done(walk: Walk, now: datetime = NOON) -> Walk:
    return walk.after(Page(), now)


# -- posts


def test_a_post_is_stored_once_and_remembers_when_it_was_seen(storage: Storage) -> None:
    walk = begun(storage)
    walk = storage.save(walk, walk.after(Page("2"), NOON), [(exchange(), Records(posts=(post(1), post(2), post(1))))])
    assert walk.rows == 2
    later = NOON + HOUR
    walk = storage.save(walk, walk.after(Page("3"), later), [(exchange(later), Records(posts=(post(2), post(3))))])
    assert walk.rows == 3 and walk.pages == 2
    found = posts(storage)
    assert {p: (row["first_seen_at"], row["last_seen_at"]) for p, row in found.items()} == {
        "p1": (to_text(NOON), to_text(NOON)), "p2": (to_text(NOON), to_text(later)), "p3": (to_text(later), to_text(later)),
    }  # fmt: skip


def test_an_empty_field_is_no_news(storage: Storage) -> None:
    """One listing gives the text, another doesn't: good data is never written over with nothing, in one page or in two."""
    walk = begun(storage)
    storage.save(
        walk, walk, [(exchange(), Records(Profile("77", "Belediye", "http://h/"), (post(1), post(2), post(1, text="", url=""))))]
    )
    storage.save(walk, walk, [(exchange(), Records(Profile(""), (post(2, text="", url=""), post(3, text=""))))])
    found = posts(storage)
    assert [(row["text"], row["url"]) for row in found.values()] == [
        ("metin 1", "http://h/1"),
        ("metin 2", "http://h/2"),
        ("", "http://h/3"),
    ]
    [account] = [a for a in storage.accounts() if a.account == "x:a"]
    assert (account.remote_id, account.label, account.url) == ("77", "Belediye", "http://h/")


def test_the_settings_do_not_forget_what_the_platform_said(storage: Storage) -> None:
    walk = begun(storage)
    storage.save(walk, walk, [(exchange(), Records(Profile("77", "Belediye", "http://h/")))])
    storage.register([Account("x:a", "x", "a", since=date(2026, 1, 1))])
    [account] = [a for a in storage.accounts() if a.account == "x:a"]
    assert account == Account("x:a", "x", "a", "77", "Belediye", "http://h/", date(2026, 1, 1))


def test_a_text_that_changed_is_the_new_one(storage: Storage) -> None:
    walk = begun(storage)
    for text in ("eski", "yeni"):
        storage.save(walk, walk, [(exchange(), Records(posts=(post(1, text=text),)))])
    assert posts(storage)["p1"]["text"] == "yeni"


@pytest.mark.parametrize(
    ("published", "day"), [("2025-06-30T20:59:59+00:00", "2025-06-30"), ("2025-06-30T21:00:00+00:00", "2025-07-01")]
)
def test_days_are_cut_in_istanbul(storage: Storage, published: str, day: str) -> None:
    walk = begun(storage)
    at = datetime.fromisoformat(published)
    article = Article("k", "o", "u", "t", at, "feed", "m", "title", "counted")
    storage.save(walk, walk, [(exchange(), Records(posts=(post(1, published_at=at),), articles=(article,)))])
    assert posts(storage)["p1"]["published_on"] == day
    assert storage.connection.execute("SELECT published_on FROM articles").fetchone() == (day,)


# -- what is gone


def walked(storage: Storage, seen: list[int], *, since: datetime = NOON - 30 * DAY, now: datetime, **page: Any) -> None:
    walk = begun(storage, now=now, since=since)
    records = Records(posts=tuple(post(n) for n in seen), **{k: v for k, v in page.items() if k == "faults"})
    notes = page.get("notes", ())
    storage.save(walk, walk.after(Page(notes=notes), now), [(exchange(now), records)], lasting=page.get("lasting", True))


def gone(storage: Storage) -> set[str]:
    return {p for p, row in posts(storage).items() if row["gone_at"]}


def test_what_a_complete_walk_no_longer_sees_is_gone(storage: Storage) -> None:
    walked(storage, [1, 2, 3, 4], now=NOON)
    walked(storage, [1, 3, 4], now=NOON + HOUR)
    assert gone(storage) == {"p2"}
    assert posts(storage)["p2"]["gone_at"] == to_text(NOON + HOUR)
    walked(storage, [1, 3, 4], now=NOON + 2 * HOUR)
    assert posts(storage)["p2"]["gone_at"] == to_text(NOON + HOUR), "the first time that it was missed"
    walked(storage, [1, 2, 3, 4], now=NOON + 3 * HOUR)
    assert gone(storage) == set(), "it came back"


def test_a_listing_that_ends_early_deletes_nothing(storage: Storage) -> None:
    """X lists 3,200 posts, Facebook some 600 a year: beyond the oldest one that was listed, nothing is known."""
    walked(storage, [1, 2, 3, 4, 5], now=NOON)
    walked(storage, [1, 3], now=NOON + HOUR)
    assert gone(storage) == {"p2"}


def test_beyond_the_lower_end_nothing_is_known(storage: Storage) -> None:
    walked(storage, [1, 2, 3, 4, 5], now=NOON)
    walked(storage, [1, 3], now=NOON + HOUR, since=NOON - 3 * DAY)
    assert gone(storage) == {"p2"}


def test_an_empty_listing_deletes_nothing(storage: Storage) -> None:
    walked(storage, [1, 2, 3], now=NOON)
    walked(storage, [], now=NOON + HOUR)
    assert gone(storage) == set()


def test_stories_expire_and_are_not_gone(storage: Storage) -> None:
    walked(storage, [1, 2, 3], now=NOON, lasting=False)
    walked(storage, [1, 3], now=NOON + HOUR, lasting=False)
    assert gone(storage) == set()


def test_an_unfinished_walk_deletes_nothing(storage: Storage) -> None:
    walked(storage, [1, 2, 3], now=NOON)
    walk = begun(storage, now=NOON + HOUR)
    storage.save(
        walk, walk.after(Page("2"), NOON + HOUR), [(exchange(NOON + HOUR), Records(posts=(post(1), post(3))))], lasting=True
    )
    assert gone(storage) == set()


def test_a_row_that_could_not_be_read_is_not_gone(storage: Storage) -> None:
    """It was listed, only not understood: that it was deleted would be a lie."""
    walked(storage, [1, 2, 3], now=NOON)
    walked(storage, [1, 3], now=NOON + HOUR, notes=(UNREAD + "post p2: number as string",))
    assert gone(storage) == set()


def test_other_streams_and_accounts_are_left_alone(storage: Storage) -> None:
    walked(storage, [1, 2, 3], now=NOON)
    for account, stream in (("x:b", "posts"), ("x:a", "reels")):
        walk = storage.begin(account, stream, since=NOON - 30 * DAY, now=NOON + HOUR, trigger="t", memo={}, missed=0)
        storage.save(walk, done(walk), [(exchange(NOON + HOUR), Records(posts=(post(9),)))], lasting=True)
    assert gone(storage) == set()


# -- articles


def article(key: str = "k", **changes: Any) -> Article:
    return replace(Article(key, "o", "u", "Başlık", NOON, "feed", "belediye", "title", "counted"), **changes)


def saved(storage: Storage, *articles: Article, at: datetime = NOON) -> int:
    walk = storage.unfinished("x:a", "posts") or begun(storage)
    return storage.save(walk, replace(walk, rows=0), [(exchange(at), Records(articles=articles))]).rows


def stored_article(storage: Storage) -> dict[str, Any]:
    rows = storage.connection.execute("SELECT * FROM articles")
    names = [column[0] for column in rows.description]
    [row] = rows.fetchall()
    return dict(zip(names, row, strict=True))


def test_an_appearance_counts_once(storage: Storage) -> None:
    assert saved(storage, article(), article()) == 1
    assert saved(storage, article(title="Yeni başlık"), at=NOON + HOUR) == 0
    row = stored_article(storage)
    assert (row["title"], row["first_seen_at"], row["last_seen_at"]) == ("Başlık", to_text(NOON), to_text(NOON + HOUR))
    assert saved(storage, article(), at=NOON - HOUR) == 0
    assert stored_article(storage)["last_seen_at"] == to_text(NOON + HOUR)


def test_a_date_that_comes_later_is_taken_and_one_that_is_there_stays(storage: Storage) -> None:
    saved(storage, article(published_at=None))
    assert stored_article(storage)["published_on"] == "2026-03-15"
    saved(storage, article(published_at=NOON - 5 * DAY))
    saved(storage, article(published_at=NOON - 9 * DAY))
    saved(storage, article(published_at=None))
    assert (stored_article(storage)["published_at"], stored_article(storage)["published_on"]) == (
        to_text(NOON - 5 * DAY),
        "2026-03-10",
    )


def test_what_waits_for_review_can_be_decided_and_what_is_decided_stays(storage: Storage) -> None:
    saved(storage, article(status="review", matched=""))
    saved(storage, article(status="counted"))
    assert (stored_article(storage)["status"], stored_article(storage)["matched"]) == ("counted", "belediye")
    saved(storage, article(status="excluded"))
    saved(storage, article(status="review"))
    assert stored_article(storage)["status"] == "counted"


# -- gaps


def test_a_gap_lasts(storage: Storage) -> None:
    walk = begun(storage)
    for hours in (0, 1, 2, 1):
        storage.save(
            walk,
            walk,
            [(exchange(NOON + hours * HOUR), Records(gaps=(Gap("views", "not told", "p1"), Gap("views", "not told", "p1"))))],
        )
    storage.save(walk, walk, [(exchange(), Records(gaps=(Gap("views", "another reason", "p1"),)))])
    rows = storage.connection.execute("SELECT reason, at, until FROM gaps ORDER BY gap").fetchall()
    assert rows == [("not told", to_text(NOON), to_text(NOON + 2 * HOUR)), ("another reason", to_text(NOON), to_text(NOON))]


# -- walks


def test_all_or_nothing(storage: Storage) -> None:
    walk = begun(storage)
    bad = Records(posts=(post(1),), readings=(Reading("views", 1, "p1"),), articles=(article(status="no such status"),))
    with pytest.raises(sqlite3.IntegrityError):
        storage.save(walk, done(walk), [(exchange(), Records(posts=(post(7),))), (exchange(), bad)])
    for table in ("posts", "readings", "articles", "responses"):
        assert storage.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
    assert storage.unfinished("x:a", "posts") == walk
    assert storage.save(walk, done(walk), [(exchange(), Records(posts=(post(7),)))]).finished_at, "and the store goes on"


def test_a_walk_comes_back_as_it_was_stored(storage: Storage) -> None:
    walk = begun(storage)
    after = walk.after(Page('{"c": "ığ"}', memo={"id": "7", "dead": {"views": "2026-01-01"}}, notes=("not told",)), NOON)
    after = replace(after, attempts=3, resume_at=NOON + HOUR, error="unavailable: ş", outcome="unavailable")
    stored = storage.save(walk, after, [])
    assert storage.unfinished("x:a", "posts") == stored == after
    finished = replace(done(stored), due_at=NOON + DAY)
    storage.save(stored, finished, [])
    assert storage.unfinished("x:a", "posts") is None
    assert storage.last_finished("x:a", "posts") == finished


def test_one_unfinished_walk_a_stream(storage: Storage) -> None:
    begun(storage)
    with pytest.raises(StorageError, match="under way"):
        begun(storage)
    begun(storage, account="x:b")


def test_a_walk_that_went_on_elsewhere_is_not_overwritten(storage: Storage, tmp_path: Path) -> None:
    walk = begun(storage)
    with opened(tmp_path / "mecra.db", ISTANBUL) as other:
        other.save(walk, walk.after(Page("2"), NOON), [(exchange(), Records(posts=(post(1),)))])
    with pytest.raises(StorageError, match="another process"):
        storage.save(walk, walk.after(Page("2"), NOON), [(exchange(), Records(posts=(post(1),)))])
    assert storage.connection.execute("SELECT count(*) FROM responses").fetchone() == (1,)
    with opened(tmp_path / "mecra.db", ISTANBUL) as other:
        going = other.unfinished("x:a", "posts")
        assert going
        other.save(going, done(going), [])
    with pytest.raises(StorageError, match="another process"):
        storage.save(going, done(going), [])


def test_a_walk_that_was_widened_elsewhere_is_not_finished_as_if_it_were_deep(storage: Storage, tmp_path: Path) -> None:
    walk = begun(storage)
    walk = storage.save(walk, walk.after(Page("2"), NOON), [])
    with opened(tmp_path / "mecra.db", ISTANBUL) as other:
        other.widen(walk, NOON - 300 * DAY)
    with pytest.raises(StorageError, match="another process"):
        storage.save(walk, done(walk), [])


def test_a_wider_walk_starts_again_from_the_top(storage: Storage) -> None:
    walk = begun(storage)
    walk = storage.save(walk, walk.after(Page("2"), NOON), [])
    wider = storage.widen(walk, NOON - 300 * DAY)
    assert (wider.cursor, wider.since, wider.pages) == (None, NOON - 300 * DAY, 1)
    assert storage.unfinished("x:a", "posts") == wider
    storage.save(wider, done(wider), [])
    assert storage.last_start("x:a", "posts", 299 * DAY, NOON + DAY) == NOON


def test_how_far_back_was_last_looked(storage: Storage) -> None:
    horizon = NOON - 100 * DAY
    for hours, days, outcome in ((0, 30, "done"), (1, 7, "partial"), (2, 1, "done"), (3, 50, "gone")):
        walk = begun(storage, now=NOON + hours * HOUR, since=NOON + hours * HOUR - days * DAY)
        storage.save(walk, replace(done(walk), outcome=outcome), [])
    begun(storage, now=NOON + 9 * HOUR, since=NOON - 99 * DAY)
    asked = {days: storage.last_start("x:a", "posts", days * DAY, horizon) for days in (0, 1, 2, 7, 8, 30, 31)}
    assert {k: v and int((v - NOON) / HOUR) for k, v in asked.items()} == {0: 2, 1: 2, 2: 1, 7: 1, 8: 0, 30: 0, 31: None}
    assert storage.last_start("x:a", "posts", 365 * DAY, NOON - 29 * DAY) == NOON, "to the horizon is as deep as it goes"


# -- archive and ledger


def test_the_archive_gives_back_what_was_stored(storage: Storage) -> None:
    walk = begun(storage)
    bodies = [b"", b'{"data":1}', "ışıl".encode() * 1000]
    walk = storage.save(walk, done(walk), [(exchange(NOON + n * HOUR, body, cost=n), Records()) for n, body in enumerate(bodies)])
    found = list(storage.archived())
    assert [e.body for _, _, e, _ in found] == bodies
    assert [last for *_, last in found] == [False, False, True]
    assert all(w == walk for _, w, _, _ in found)
    assert storage.connection.execute("SELECT sha256 FROM responses ORDER BY response").fetchall() == [
        (e.sha256,) for _, _, e, _ in found
    ]


def test_the_ledger_counts_a_bucket_from_an_instant_on(storage: Storage) -> None:
    walk = begun(storage)
    rows = [(exchange(NOON + n * HOUR, bucket=bucket, cost=10 + n), Records()) for n, bucket in enumerate(("x", "y", "x", "x"))]
    storage.save(walk, walk, rows)
    assert storage.spent("x", NOON) == (3, 35)
    assert storage.spent("x", NOON + HOUR) == (2, 25)
    assert storage.spent("z", NOON) == (0, 0)


def test_a_rest_holds_for_a_platform_and_while_it_lasts(storage: Storage) -> None:
    walk = begun(storage)
    storage.save(walk, walk.stopped("rate limited", "429", NOON + HOUR), [])
    assert storage.resting("x", NOON) == NOON + HOUR
    assert storage.resting("x", NOON + HOUR) is None
    assert storage.resting("youtube", NOON) is None
