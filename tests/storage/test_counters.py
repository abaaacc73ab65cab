"""What counters stood at, against every row looked through: what measuring skips may change nothing."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from model import IMPORT, Exchange, Post, Reading, Records, to_text
from storage import Handed, Storage
from storage.counters import Counter, Seen, Span, counters
from storage.database import MIGRATIONS, connect, migrate
from storage.knowledge import Known
from storage.schema import migrations
from tests.indicators.looking import copies
from tests.indicators.standing import Archive, account, store

ORIGIN, HOUR = datetime(2025, 6, 1, tzinfo=UTC), timedelta(hours=1)
METRICS = ("views", "likes")
Answer = tuple[int, bool, list[tuple[int, str, int]]]  # hour, whether it is a file, and (post, metric, value); below 0: not read
ANSWERS = st.lists(
    st.tuples(
        st.integers(0, 12).map(lambda n: 5 * n),
        st.sampled_from([False, False, False, True]),
        st.lists(st.tuples(st.integers(0, 2), st.sampled_from(METRICS), st.integers(-1, 2)), max_size=5),
    ),
    max_size=9,
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Storage]:
    return copies(tmp_path_factory.mktemp("db"), "x:a")


def stored(storage: Storage, answers: Iterable[Answer]) -> None:
    """Posts are published at hours 0, 10 and 20; a post is told by its first answer."""
    archive = Archive(storage)
    for number, (hour, file, told) in enumerate(answers):
        at = ORIGIN + hour * HOUR
        posts = [Post(f"p{post}", "post", ORIGIN + 10 * post * HOUR) for post, _, _ in told]
        readings = [Reading(metric, value, f"p{post}") for post, metric, value in told if value >= 0]
        if file:
            exchange = Exchange(at, IMPORT, f"file:{number}", 200, b"{}", 10)
            records = Records(readings=tuple(readings), posts=tuple(posts))
            storage.take_in([Handed(account("x:a"), [(exchange, records)])], ORIGIN + (100 + number) * HOUR)
        else:
            archive.told("x:a", at, stream="posts", readings=readings, posts=posts)


def plainly(storage: Storage, metric: str, span: Span, known: Known) -> list[Counter]:
    """By looking at every row. Those that were last read before the start are left out: they have gained nothing."""
    found = []
    posts = storage.connection.execute("SELECT post, stream, published_at, response FROM posts ORDER BY published_at, post")
    for post, stream, published_at, response in posts.fetchall():
        if response > known.response or not span.since <= published_at < span.end:
            continue
        rows = storage.connection.execute(
            "SELECT value, reading, at, response FROM readings WHERE post = ? AND metric = ? AND day IS NULL", (post, metric)
        )
        seen = sorted((Seen(*row) for row in rows if row[3] <= known.response), key=lambda one: (one.at, one.reading))
        until, young = min(span.until, known.text), published_at >= span.start
        closing = next((one for one in reversed(seen) if one.at <= until), None)
        opening = next((one for one in reversed(seen) if one.at <= span.start), None) if closing and not young else None
        late = [one for one in seen if one.at <= known.text] if closing is None or (opening is None and not young) else []
        first = max((one for one in late if one.at == late[0].at), key=lambda one: one.reading, default=None)
        if young or closing is None or closing.at > span.start:
            found.append(Counter(post, stream, published_at, None, opening, closing, first))
    return found


@settings(max_examples=300)
@given(ANSWERS, st.integers(0, 70), st.integers(0, 40), st.integers(0, 10), st.booleans())
def test_counters_are_those_of_all_rows(
    empty: Callable[[], Storage], answers: list[Answer], start: int, length: int, response: int, young: bool
) -> None:
    """In any order of time, from walks and from files, as known after any answer."""
    stored(storage := empty(), answers)
    begin, end = to_text(ORIGIN + start * HOUR), to_text(ORIGIN + (start + length) * HOUR)
    span, known = Span(begin, end, end, since=begin if young else ""), Known(response, ORIGIN + 200 * HOUR)
    found = counters(storage, "x:a", METRICS, span, known)
    for metric in METRICS:
        moved = [one for one in found[metric] if not (one.closing and one.closing.at <= begin and one.published_at < begin)]
        assert moved == plainly(storage, metric, span, known)
    storage.connection.close()


@settings(max_examples=150)
@given(ANSWERS)
def test_no_counter_has_moved_since_it_says(empty: Callable[[], Storage], answers: list[Answer]) -> None:
    stored(storage := empty(), answers)
    latest = "SELECT post, max(at) FROM readings WHERE post IS NOT NULL AND day IS NULL GROUP BY post ORDER BY post"
    told = storage.connection.execute("SELECT post, moved_at FROM last_moves ORDER BY post").fetchall()
    assert told == storage.connection.execute(latest).fetchall()
    for post, response, metrics in storage.connection.execute("SELECT post, response, metrics FROM last_moves").fetchall():
        query = "SELECT DISTINCT metric FROM readings WHERE post = ? AND response = ?"
        assert set(metrics.split()) <= {metric for (metric,) in storage.connection.execute(query, (post, response))}
    storage.connection.close()


def test_a_database_of_before_is_told_the_same(tmp_path: Path) -> None:
    draw = random.Random(1)
    storage = store(tmp_path, "x:a")
    stored(
        storage,
        [(hour, False, [(post, metric, draw.randrange(9)) for post in range(3) for metric in METRICS]) for hour in range(9)],
    )
    kept = storage.connection.execute("SELECT * FROM last_moves").fetchall()
    before = connect(tmp_path / "before.db")
    before.execute("PRAGMA foreign_keys = OFF")
    migrations.apply(Database(before), stop_before="speed")
    before.execute("ATTACH ? AS now", (str(tmp_path / "mecra.db"),))
    for table in ("accounts", "walks", "responses", "posts", "readings"):
        before.execute(f"INSERT INTO main.{table} SELECT * FROM now.{table}")
    before.commit()
    before.execute("DETACH now")
    migrate(before, tmp_path / "before.db")
    told = before.execute("SELECT * FROM last_moves").fetchall()
    assert [(*row[:4], sorted(row[4].split())) for row in told] == [(*row[:4], sorted(row[4].split())) for row in kept]
    assert MIGRATIONS[MIGRATIONS.index("browsing") + 1] == "speed"


FIRST, AGAIN, OTHER = [(0, "views", 1)], [(0, "views", 1), (0, "likes", 1)], [(0, "views", 2)]


@pytest.mark.parametrize(
    ("answers", "response"),
    [
        ([(1, False, FIRST)], 9),
        ([(1, False, [(0, "views", -1)]), (5, False, AGAIN)], 1),  # told of before its counters were
        ([(1, False, FIRST), (30, False, OTHER), (5, False, AGAIN)], 9),
        ([(1, False, FIRST), (45, False, FIRST), (30, False, OTHER)], 9),  # a row that is split moves what was last
        ([(1, True, FIRST), (5, True, AGAIN)], 1),
        ([(45, True, FIRST), (5, False, AGAIN)], 9),
    ],
)
@pytest.mark.parametrize("start", [6, 29, 30, 40])
def test_what_is_easily_skipped_in_error(tmp_path: Path, answers: list[Answer], response: int, start: int) -> None:
    """A post that was told of before its counters were, a metric that began later than others, values that came late."""
    storage = store(tmp_path, "x:a")
    stored(storage, answers)
    begin, end = to_text(ORIGIN + start * HOUR), to_text(ORIGIN + 50 * HOUR)
    span, known = Span(begin, end, end), Known(response, ORIGIN + 200 * HOUR)
    found = counters(storage, "x:a", METRICS, span, known)
    for metric in METRICS:
        moved = [one for one in found[metric] if not (one.closing and one.closing.at <= begin)]
        assert moved == plainly(storage, metric, span, known)
    latest = storage.connection.execute("SELECT max(at) FROM readings").fetchall()
    assert storage.connection.execute("SELECT moved_at FROM last_moves").fetchall() == latest
