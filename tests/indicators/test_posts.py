"""Posts of a period and the unique contents among them: cut to the second, additive, known only where somebody looked."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.plan import Posts, Scoped
from indicators import measure
from indicators.result import NO_DATA, OK, PROVISIONAL, Measured
from model import Post
from storage import Storage
from tests.indicators.looking import DAY, HOUR, copies, look, post
from tests.indicators.standing import Archive, asked, indicator, store

EDGE = datetime(2025, 6, 30, 21, tzinfo=UTC)
NEW_YEAR = datetime(2025, 12, 31, 21, tzinfo=UTC)
BEGIN = datetime(2024, 12, 31, 21, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PG = indicator(Posts(leave_out=("story", "reply")))
CONTENTS = indicator(Posts(official="contents", leave_out=("story", "reply")))


def test_periods_are_cut_to_the_second(tmp_path: Path) -> None:
    """Local midnight in İstanbul is 21:00 UTC; 31 December likewise."""
    archive = Archive(storage := store(tmp_path, "x:a"))
    moments = [BEGIN - SECOND, BEGIN, EDGE - SECOND, EDGE, NEW_YEAR - SECOND, NEW_YEAR]
    look(archive, "x:a", NEW_YEAR + DAY, back=400 * DAY, posts=[post(str(n), at) for n, at in enumerate(moments)])
    counted = {period: measure(asked(storage, PG, period)).value for period in ("2024-H2", "2025-H1", "2025-H2", "2025", "2026-H1")}
    assert counted == {"2024-H2": 1, "2025-H1": 2, "2025-H2": 2, "2025": 4, "2026-H1": 1}


def test_the_leap_day_is_a_day(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a"))
    at = datetime(2028, 2, 29, 12, tzinfo=UTC)
    look(archive, "x:a", datetime(2028, 7, 1, tzinfo=UTC), posts=[post("p", at)])
    found = measure(asked(storage, PG, "2028-H1"))
    assert (found.numerator, found.parts[0].asked, found.parts[0].covered, found.status) == (1, 182, 182, OK)
    assert found.beside["by_month"] == {"2028-02": 1}


def test_what_is_told_beside(tmp_path: Path) -> None:
    """A story is left out by rule; the same content on two platforms is one, twice on one platform two; deleted ones count."""
    archive = Archive(storage := store(tmp_path, "x:a", "facebook:b"))
    at = datetime(2025, 3, 3, 6, tzinfo=UTC)  # a Monday, nine o'clock in İstanbul
    same = "Ümraniye'de bugün yeni park açıldı, herkesi bekliyoruz"
    mine = [post("1", at, same), post("2", at + HOUR, same), post("3", at + 2 * HOUR), post("4", at + 3 * HOUR, kind="story")]
    archive.told("x:a", at + 4 * HOUR, stream="posts", since=BEGIN, posts=mine)
    archive.told("x:a", at + 30 * HOUR, stream="posts", since=BEGIN, posts=[mine[0], *mine[2:]], lasting=True)
    look(archive, "x:a", EDGE + HOUR, posts=[mine[0], *mine[2:]])
    look(archive, "facebook:b", EDGE + HOUR, posts=[post("9", at + 48 * HOUR, same, "photo")], streams=("posts", "reels"))
    found = measure(asked(storage, PG, "2025-H1"))
    assert (found.numerator, found.status, [(p.part, p.value) for p in found.parts]) == (4, OK, [("facebook:b", 1), ("x:a", 3)])
    assert found.beside == {
        "posts": 4,
        "contents": 3,
        "left_out": {"story": 1},
        "by_platform": {"facebook": 1, "x": 3},
        "by_kind": {"photo": 1, "post": 3},
        "by_month": {"2025-03": 4},
        "by_weekday": {"1": 3, "3": 1},
        "by_hour": {"09": 2, "10": 1, "11": 1},
        "deleted": 1,
    }
    assert [note.said() for note in found.notes] == [
        "x:a: posts that were deleted since, and stay counted: 1",
        "not counted by the plan: 1 (story)",
    ]
    unique = measure(asked(storage, CONTENTS, "2025-H1"))
    assert [(p.part, p.value) for p in unique.parts] == [("facebook:b", 0), ("x:a", 3)]


def test_only_the_platforms_and_days_of_the_plan(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a", "x:b", "youtube:c"))
    for key in ("x:a", "x:b", "youtube:c"):
        look(archive, key, EDGE + HOUR, posts=[post(str(n), EDGE - n * 10 * DAY) for n in range(1, 5)])
    days = [Scoped("x:a", since=date(2025, 6, 1), until=date(2025, 6, 11)), Scoped("x:b"), Scoped("youtube:c")]
    found = measure(asked(storage, replace(PG, rule=Posts(platforms=("x",))), "2025-H1", scope=days))
    assert [(p.part, p.value, p.asked, p.covered) for p in found.parts] == [("x:a", 2, 11, 11), ("x:b", 4, 181, 181)]


# -- what was looked at


def test_an_account_that_nobody_looked_at_is_unknown(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a", "youtube:c"))
    look(archive, "x:a", EDGE + HOUR, posts=[post("1", EDGE - DAY)])
    found = measure(asked(storage, PG, "2025-H1"))
    assert (found.numerator, found.status, float(found.coverage)) == (1, PROVISIONAL, 0.5)
    assert [(p.part, p.value) for p in found.parts] == [("x:a", 1), ("youtube:c", None)]
    assert [note.said() for note in found.lacks] == [
        "youtube:c: days on which its posts were not looked up: 181 (2025-01-01 to 2025-06-30)"
    ]
    assert measure(asked(store(tmp_path / "other", "x:a"), PG, "2025-H1")).status == NO_DATA


def test_an_account_that_posted_nothing_is_known(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a"))
    look(archive, "x:a", EDGE + HOUR)
    found = measure(asked(storage, PG, "2025-H1"))
    assert (found.numerator, found.status) == (0, OK)


def covered(found: Measured) -> int:
    return found.parts[0].covered


def test_days_are_covered_by_whole_walks_over_both_lists_that_were_over_by_then(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "facebook:a"))
    archive.told("facebook:a", EDGE + HOUR, stream="posts", since=BEGIN)
    archive.told("facebook:a", BEGIN + 10 * DAY, stream="reels", since=BEGIN)
    archive.told("facebook:a", BEGIN + 20 * DAY, stream="reels", since=BEGIN + 10 * DAY + HOUR)
    archive.told("facebook:a", BEGIN + 22 * DAY, stream="reels", since=BEGIN + 20 * DAY - HOUR)
    failed = storage.begin("facebook:a", "reels", since=BEGIN, now=EDGE, trigger="manual", memo={}, missed=0)
    storage.save(failed, failed.stopped("failed", "x", EDGE), [])
    found = measure(asked(storage, PG, "2025-H1"))
    assert covered(found) == 21, "one day of the first twenty-two has an hour in which nobody looked"
    assert covered(measure(asked(storage, PG, "2025-H1", at=BEGIN + 21 * DAY))) == 0, "the other list was looked at later"


def test_the_last_hour_is_the_next_walks(tmp_path: Path) -> None:
    """The reading before the edge begins within its last hour; an hour earlier it is the day's that is missing."""
    for back, days in ((HOUR, 181), (HOUR + SECOND, 180)):
        archive = Archive(storage := store(tmp_path / str(back), "x:a"))
        look(archive, "x:a", EDGE - back)
        assert covered(measure(asked(storage, PG, "2025-H1"))) == days


def test_a_story_is_seen_for_a_day_whatever_was_asked(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "instagram:a"))
    archive.told("instagram:a", EDGE + HOUR, stream="posts", since=BEGIN)
    archive.told("instagram:a", EDGE, stream="stories", since=BEGIN)
    assert covered(measure(asked(storage, PG, "2025-H1"))) == 181
    stories = replace(PG, rule=Posts(leave_out=()))
    assert covered(measure(asked(storage, stories, "2025-H1"))) == 1


def test_a_running_period_asks_for_the_days_that_are_over(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a"))
    noon = BEGIN + 9 * DAY + 15 * HOUR
    look(archive, "x:a", noon - HOUR, posts=[post("1", noon - 2 * HOUR)])
    found = measure(asked(storage, PG, "2025-H1", at=noon))
    assert (found.numerator, found.parts[0].asked, found.parts[0].covered) == (1, 9, 9)


def test_what_came_later_is_not_known(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a"))
    seen = [post("1", EDGE - 3 * DAY), post("2", EDGE - 2 * DAY)]
    look(archive, "x:a", EDGE - 30 * timedelta(minutes=1), posts=seen)
    then = asked(storage, PG, "2025-H1", at=EDGE + 5 * DAY)
    before = measure(then)
    assert (before.numerator, before.status) == (2, OK)
    archive.told("x:a", EDGE + 9 * DAY, stream="posts", since=BEGIN, posts=[seen[0], post("0", EDGE - 4 * DAY)], lasting=True)
    assert measure(then) == before, "one more was found, one is deleted"
    assert measure(asked(storage, PG, "2025-H1")).value == 3


# -- in any order, and halves add up


TEXTS = ["bir", "iki", "üç dört", ""]
PUBLISHED = st.lists(
    st.tuples(st.sampled_from(["x:a", "x:b", "facebook:b", "youtube:c"]), st.integers(-80, 80), st.sampled_from(TEXTS)),
    max_size=25,
)


def contents_of(published: Sequence[tuple[str, int, str]], start: int) -> int:
    """So plain that it can't be wrong: each post joins the first content that takes it."""
    groups: list[tuple[int, str, set[str]]] = []
    for key, hour, text in published:
        platform = key.partition(":")[0]
        for begun, said, platforms in groups:
            if said == text != "" and hour - begun <= 48 and platform not in platforms:
                platforms.add(platform)
                break
        else:
            groups.append((hour, text, {platform}))
    return sum(start <= begun for begun, _, _ in groups)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Storage]:
    return copies(tmp_path_factory.mktemp("db"), "x:a", "x:b", "facebook:b", "youtube:c")


@settings(max_examples=40)
@given(PUBLISHED, st.randoms(use_true_random=False))
def test_halves_add_up_in_any_order(
    empty: Callable[[], Storage], published: list[tuple[str, int, str]], order: random.Random
) -> None:
    archive = Archive(storage := empty())
    named = [(key, hour, text, f"{n:02}") for n, (key, hour, text) in enumerate(published)]
    order.shuffle(named)
    for number, (key, hour, text, name) in enumerate([*named, *named[:3]]):
        at = EDGE + hour * HOUR
        archive.told(key, EDGE + 9 * DAY + number * HOUR, stream="posts", since=BEGIN, posts=[Post(name, "post", at, text=text)])
    sorted_by_time = sorted(named, key=lambda one: (one[1], one[0], one[3]))
    plain = [(key, hour, text) for key, hour, text, _ in sorted_by_time]
    for rule in (PG, CONTENTS):
        year, first, second = (measure(asked(storage, rule, period)).numerator for period in ("2025", "2025-H1", "2025-H2"))
        assert (year or 0) == (first or 0) + (second or 0)
        expected = len(published) if rule is PG else contents_of(plain, -10_000)
        assert (year or 0) == expected
        assert (second or 0) == (sum(hour >= 0 for _, hour, _ in plain) if rule is PG else contents_of(plain, 0))
    storage.connection.close()
