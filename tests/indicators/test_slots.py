"""Plan realisation: pooled, one post a slot, withdrawals by rule, running hours left out, and unknown never 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.plan import Scoped, Slots
from indicators import measure
from indicators.result import NO_DATA, OK, PROVISIONAL, Measured
from indicators.slots import matches
from model import Account, Post
from storage import Storage
from storage.database import transaction
from storage.slots import NewSlot, put_matches, slots_at, take_in, withdraw
from tests.indicators.standing import ISTANBUL, LATER, Archive, asked, indicator, store

PG = indicator(Slots(), kind="ratio", target=100)
START = datetime(2025, 12, 31, 21, tzinfo=UTC)  # of 2026 in Istanbul
EDGE = datetime(2026, 6, 30, 21, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 7, tzinfo=UTC)  # 10:00 in Istanbul
BEFORE = START - timedelta(days=30)
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=7)
EVERY_WEEK = [START + timedelta(days=-3, hours=10) + n * WEEK for n in range(27)]  # a Monday each, also the one before the year


def plan_of(storage: Storage, times: Iterable[datetime], platform: str = "x", *, now: datetime = BEFORE, title: str = "") -> None:
    take_in(storage, [NewSlot(at, platform, title) for at in times], f"plan-{platform}{title}.xlsx {'0' * 64}", now)


def published(storage: Storage, key: str, times: Sequence[datetime], *, at: datetime = EDGE + 2 * DAY, kind: str = "post") -> None:
    posts = [Post(f"{kind}{number}", kind, when) for number, when in enumerate(times)]
    Archive(storage).told(key, at, posts=posts, stream="posts", since=START - 9 * DAY)


def found(storage: Storage, period: str = "2026-H1", **more: object) -> Measured:
    return measure(asked(storage, PG, period, **more))  # type: ignore[arg-type]


def test_pooled_over_all_weeks(tmp_path: Path) -> None:
    """20/20, 24/25, 5/10 and 40/40 are 89/95 = %93,68, not %86,50."""
    storage = store(tmp_path, "x:a")
    slots, posts = list(EVERY_WEEK), list(EVERY_WEEK)
    for week, (planned, met) in enumerate(((20, 20), (25, 24), (10, 5), (40, 40))):
        hours = [MONDAY + week * WEEK + DAY + n * 3 * HOUR for n in range(planned)]
        slots += hours
        posts += hours[:met]
    plan_of(storage, slots)
    published(storage, "x:a", posts)
    whole = found(storage)
    assert (whole.status, whole.coverage, whole.lacks) == (OK, Fraction(1), ())
    assert (whole.numerator, whole.denominator) == (89 + 26, 95 + 26)
    weeks = whole.beside["weeks"]
    told = [(weeks[week]["met"] - 1, weeks[week]["planned"] - 1) for week in ("2026-W10", "2026-W11", "2026-W12", "2026-W13")]
    assert told == [(20, 20), (24, 25), (5, 10), (40, 40)]
    assert Fraction(sum(met for met, _ in told), sum(planned for _, planned in told)) == Fraction(89, 95)


def test_the_reference_alone(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    plan_of(storage, [MONDAY + n * 3 * HOUR for n in range(95)])
    published(storage, "x:a", [MONDAY + n * 3 * HOUR for n in range(89)])
    whole = found(storage)
    assert whole.value == Fraction(89, 95)
    assert whole.status == PROVISIONAL, "most weeks have no plan"


def test_tolerances_beside_each_other_and_the_edge_of_each(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    offs = [0, 15, -15, 16, 30, -30, 31, 60, -60, 61]
    plan_of(storage, [MONDAY + n * DAY for n in range(len(offs))])
    published(storage, "x:a", [MONDAY + n * DAY + off * MINUTE for n, off in enumerate(offs)])
    whole = found(storage)
    assert whole.beside["within"] == {"15": 3, "30": 6, "60": 9}
    assert (whole.numerator, whole.denominator) == (9, 10)
    assert [(late["at"], late["minutes"], late["post"]) for late in whole.beside["late"]] == [("2026-03-11T10:00", 61, "x:a/post9")]
    assert whole.beside["missed"] == []


def test_a_post_meets_one_slot_and_only_of_its_platform(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a", "instagram:a")
    plan_of(storage, [MONDAY, MONDAY + 30 * MINUTE])
    plan_of(storage, [MONDAY], "instagram")
    published(storage, "x:a", [MONDAY])
    published(storage, "instagram:a", [MONDAY + 2 * DAY])
    whole = found(storage)
    assert [(part.part, part.value, part.asked, part.covered) for part in whole.parts] == [("instagram", 0, 1, 1), ("x", 1, 2, 2)]
    assert whole.beside["platforms"] == {"instagram": {"planned": 1, "met": 0}, "x": {"planned": 2, "met": 1}}
    assert whole.beside["hours"] == {"10": {"planned": 3, "met": 1}} and whole.beside["weekdays"] == {"1": {"planned": 3, "met": 1}}
    assert [(slot["platform"], slot["at"]) for slot in whole.beside["missed"]] == [
        ("instagram", "2026-03-02T10:00"), ("x", "2026-03-02T10:30"),
    ]  # fmt: skip


def test_two_accounts_of_a_platform_stand_in_for_each_other(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a", "x:b")
    plan_of(storage, [MONDAY, MONDAY + DAY])
    published(storage, "x:a", [MONDAY])
    published(storage, "x:b", [MONDAY + DAY])
    assert (found(storage).numerator, found(storage).coverage) == (2, Fraction(1))


def test_replies_and_stories_meet_nothing(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a", "instagram:a")
    plan_of(storage, [MONDAY])
    plan_of(storage, [MONDAY], "instagram")
    published(storage, "x:a", [MONDAY], kind="reply")
    published(storage, "instagram:a", [MONDAY], kind="story")
    assert [part.value for part in found(storage).parts] == [0, 0]


def test_an_account_out_of_scope_meets_nothing(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a", "x:b")
    plan_of(storage, [MONDAY, MONDAY + 20 * DAY])
    published(storage, "x:a", [MONDAY, MONDAY + 20 * DAY])
    published(storage, "x:b", [])
    whole = found(storage, scope=[Scoped("x:b"), Scoped("x:a", until=date(2026, 3, 10))])
    assert (whole.numerator, whole.denominator, whole.coverage) == (1, 2, Fraction(1))


# -- withdrawals, and what was handed in when


def withdrawn(storage: Storage, at: datetime, now: datetime, why: str) -> None:
    with transaction(storage.connection):
        withdraw(storage, [slot.slot for slot in slots_at(storage, at)], why, now)


def test_only_a_slot_withdrawn_before_its_hour_with_a_reason_leaves_the_plan(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    plan_of(storage, [MONDAY + n * DAY for n in range(5)])
    published(storage, "x:a", [MONDAY])
    withdrawn(storage, MONDAY + DAY, MONDAY + DAY - timedelta(seconds=1), "yas")
    withdrawn(storage, MONDAY + 2 * DAY, MONDAY + 2 * DAY, "yas")  # at its hour: too late
    withdrawn(storage, MONDAY + 3 * DAY, MONDAY, "")
    whole = found(storage)
    assert (whole.numerator, whole.denominator) == (1, 4)
    assert [(slot["at"], slot["left"]) for slot in whole.beside["withdrawn"]] == [
        ("2026-03-03T10:00", True), ("2026-03-04T10:00", False), ("2026-03-05T10:00", False),
    ]  # fmt: skip
    assert [(note.text.split("{n}")[1][:31], note.values["n"]) for note in whole.notes] == [
        (" slots were withdrawn before th", 1), (" slots were withdrawn after the", 2),
    ]  # fmt: skip


def test_a_withdrawal_counts_from_when_it_was_told(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    plan_of(storage, [MONDAY, MONDAY + DAY])
    published(storage, "x:a", [MONDAY], at=MONDAY + 3 * HOUR)
    withdrawn(storage, MONDAY + DAY, MONDAY + 4 * HOUR, "yas")
    assert found(storage, at=MONDAY + 3 * DAY).denominator == 1
    known_then = asked(storage, PG, "2026-H1", at=MONDAY + 3 * HOUR)
    assert measure(known_then).beside["withdrawn"] == []


def test_a_slot_handed_in_afterwards_counts_and_is_told(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    plan_of(storage, [MONDAY], now=MONDAY + DAY)
    published(storage, "x:a", [MONDAY])
    whole = found(storage)
    assert (whole.numerator, whole.denominator) == (1, 1)
    assert [note.said() for note in whole.notes] == ["1 slots were handed in after their hour"]
    assert found(storage, at=MONDAY + 12 * HOUR).value is None, "nobody knew of it then"


def test_a_slot_whose_hour_is_running_counts_neither_way(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    plan_of(storage, [MONDAY, MONDAY + DAY])
    published(storage, "x:a", [MONDAY, MONDAY + DAY], at=MONDAY + DAY)
    late = MONDAY + DAY + HOUR
    assert (found(storage, at=late).denominator, found(storage, at=late).beside["running"]) == (1, 1)
    assert found(storage, at=late + timedelta(seconds=1)).denominator == 2


# -- the edges of a period


def test_the_edge_cuts_slots_and_not_posts(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    second = timedelta(seconds=1)
    plan_of(storage, [EDGE - second, EDGE])
    published(storage, "x:a", [EDGE + 10 * MINUTE, EDGE + 20 * MINUTE], at=EDGE + 9 * DAY)
    halves = [found(storage, period) for period in ("2026-H1", "2026-H2", "2026")]
    assert [(half.numerator, half.denominator) for half in halves] == [(1, 1), (1, 1), (2, 2)]


@settings(max_examples=30)
@given(
    slots=st.lists(st.integers(-300, 300), max_size=14, unique=True),
    posts=st.lists(st.integers(-300, 300), max_size=14),
    tolerance=st.sampled_from([0, 15, 60]),
)
def test_halves_add_up_to_the_year(slots: list[int], posts: list[int], tolerance: int) -> None:
    """Also where a post near the edge could have met a slot of either half."""
    pg = indicator(Slots(tolerance=tolerance * MINUTE), kind="ratio")
    with TemporaryDirectory() as folder:
        storage = store(Path(folder), "x:a")
        plan_of(storage, [EDGE + n * MINUTE for n in slots])
        published(storage, "x:a", [EDGE + n * MINUTE for n in posts], at=EDGE + 3 * DAY)
        first, second, year = (measure(asked(storage, pg, period)) for period in ("2026-H1", "2026-H2", "2026"))
        planned = [sum(part.asked for part in found.parts) for found in (first, second, year)]
        met = [sum(part.value or 0 for part in found.parts) for found in (first, second, year)]
        assert planned[0] + planned[1] == planned[2] == len(slots)
        assert met[0] + met[1] == met[2]
        storage.connection.close()


def test_the_order_of_everything_is_no_matter(tmp_path: Path) -> None:
    values = []
    for turn in (1, -1):
        (folder := tmp_path / str(turn)).mkdir()
        storage = store(folder, "x:a", "x:b")
        times = [MONDAY + n * 40 * MINUTE for n in range(30)][::turn]
        plan_of(storage, times)
        for key in ("x:a", "x:b")[::turn]:
            published(storage, key, [at + 25 * MINUTE for at in times[:: 3 * turn]][::turn])
        whole = found(storage)
        values.append((whole.numerator, whole.denominator, whole.beside["within"]))
    assert values[0] == values[1]


# -- unknown is never 0


def test_without_a_plan_there_is_no_value(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    published(storage, "x:a", [MONDAY])
    whole = found(storage)
    assert (whole.value, whole.status) == (None, NO_DATA)
    assert [note.said()[:40] for note in whole.lacks] == [
        "no plan of posts was handed in for the p", "no plan of posts was handed in for 27 we",
    ]  # fmt: skip


def test_a_week_without_a_plan_is_told_once_it_is_over(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    plan_of(storage, [at for at in EVERY_WEEK if at not in (EVERY_WEEK[4], EVERY_WEEK[5])])
    sunday = EVERY_WEEK[5] + timedelta(days=6, hours=14)  # its midnight
    assert found(storage, at=sunday - timedelta(seconds=1)).beside["weeks_without_plan"] == ["2026-W05"]
    assert found(storage, at=sunday).beside["weeks_without_plan"] == ["2026-W05", "2026-W06"]
    assert "for 2 weeks: 2026-W05, 2026-W06" in " ".join(note.said() for note in found(storage).lacks)


def test_a_week_that_was_withdrawn_whole_has_a_plan(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    plan_of(storage, EVERY_WEEK)
    withdrawn(storage, EVERY_WEEK[9], BEFORE, "yas")
    assert found(storage).beside["weeks_without_plan"] == []


def test_an_hour_nobody_looked_at_is_unknown(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    plan_of(storage, [MONDAY, MONDAY + DAY, MONDAY + 2 * DAY])
    Archive(storage).told("x:a", MONDAY + 3 * HOUR, posts=[Post("1", "post", MONDAY)], stream="posts", since=MONDAY - DAY)
    Archive(storage).told("x:a", MONDAY + 5 * DAY, stream="posts", since=MONDAY + 36 * HOUR)
    whole = found(storage)
    assert (whole.numerator, whole.denominator, whole.coverage, whole.status) == (1, 3, Fraction(2, 3), PROVISIONAL)
    assert "x: 1 slots lie where its posts were not looked for to the end" in [note.said() for note in whole.lacks]


def test_a_platform_without_an_account_is_unknown(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    plan_of(storage, [MONDAY])
    plan_of(storage, [MONDAY], "tiktok")
    published(storage, "x:a", [MONDAY])
    whole = found(storage)
    assert [(part.part, part.value) for part in whole.parts] == [("tiktok", None), ("x", 1)]
    assert whole.status == PROVISIONAL
    assert "tiktok: no account of it counts, so nothing is known of 1 slots" in [note.said() for note in whole.lacks]


def test_hours_before_an_account_came_and_after_it_was_closed_are_told_apart_from_those_that_nobody_looked_at(
    tmp_path: Path,
) -> None:
    storage = store(tmp_path, "x:a")
    first, last = MONDAY.date() + DAY, MONDAY.date() + 3 * DAY
    storage.register([Account("x:a", "x", "a", since=first, until=last)])
    plan_of(storage, [MONDAY + n * DAY for n in range(7)])
    Archive(storage).told("x:a", MONDAY + 2 * DAY, posts=[Post("1", "post", MONDAY + DAY)], stream="posts", since=MONDAY)
    said = [note.said() for note in found(storage).lacks]
    assert "x: no account of it counts, so nothing is known of 4 slots" in said
    assert "x: 2 slots lie where its posts were not looked for to the end" in said


def test_posts_that_came_later_are_not_known_yet(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    plan_of(storage, [MONDAY])
    published(storage, "x:a", [MONDAY], at=MONDAY + 5 * DAY)
    early = found(storage, at=MONDAY + 4 * DAY)
    assert (early.numerator, early.coverage) == (None, Fraction(0))
    assert found(storage, at=LATER).numerator == 1


def test_a_deleted_post_still_met_its_slot(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    plan_of(storage, [MONDAY])
    posts = [Post("old", "post", MONDAY - DAY), Post("1", "post", MONDAY)]
    Archive(storage).told("x:a", MONDAY + 3 * HOUR, posts=posts, stream="posts", since=MONDAY - 2 * DAY, lasting=True)
    Archive(storage).told("x:a", MONDAY + DAY, posts=posts[:1], stream="posts", since=MONDAY - 2 * DAY, lasting=True)
    assert storage.connection.execute("SELECT gone_at FROM posts WHERE post = '1'").fetchone()[0]
    assert found(storage).numerator == 1


def test_a_touched_row_changes_the_digest(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    plan_of(storage, [MONDAY])
    published(storage, "x:a", [MONDAY])
    before = found(storage).parts[0].digest
    assert before == found(storage).parts[0].digest
    storage.connection.execute("UPDATE plan_slots SET planned_at = '2026-03-02T07:01:00Z'")
    assert found(storage).parts[0].digest != before


# -- for staff


def test_matches_are_written_for_people(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    plan_of(storage, [MONDAY, MONDAY + DAY])
    published(storage, "x:a", [MONDAY])
    put_matches(storage, matches(asked(storage, PG, "2026-H1"), Slots()))
    rows = storage.connection.execute("SELECT matched_post FROM plan_slots ORDER BY planned_at").fetchall()
    assert rows == [("x:a/post0",), (None,)]


# -- taking in


def test_the_same_file_twice_adds_nothing(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    slots = [NewSlot(MONDAY, "x", "Tören"), NewSlot(MONDAY, "x", "Etkinlik"), NewSlot(MONDAY, "instagram", "Tören")]
    assert take_in(storage, slots, f"p.xlsx {'0' * 64}", BEFORE, dry=True).added == 3
    assert storage.connection.execute("SELECT count(*) FROM plan_slots").fetchone() == (0,)
    assert take_in(storage, slots, f"p.xlsx {'0' * 64}", BEFORE).added == 3
    again = take_in(storage, slots, f"q.xlsx {'1' * 64}", BEFORE)
    assert (again.added, again.again, again.left_out) == (0, 3, ())


def test_a_corrected_file_renames_withdraws_and_forgets_nothing(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    take_in(storage, [NewSlot(MONDAY, "x", "Tören"), NewSlot(MONDAY + DAY, "x", "Gezi"), NewSlot(MONDAY + HOUR, "x", "Açılış")], "p.xlsx 0", BEFORE)  # fmt: skip
    new = [NewSlot(MONDAY, "x", "Bayrak töreni"), NewSlot(MONDAY + DAY, "x", "Gezi", withdrawn=True, reason="yağmur")]
    done = take_in(storage, new, "p.xlsx 1", MONDAY)
    assert (done.added, done.renamed, done.withdrawn, [slot.title for slot in done.left_out]) == (0, 1, 1, ["Açılış"])
    rows = storage.connection.execute("SELECT title, withdrawn_at, reason FROM plan_slots ORDER BY planned_at").fetchall()
    assert rows == [("Bayrak töreni", None, ""), ("Açılış", None, ""), ("Gezi", "2026-03-02T07:00:00Z", "yağmur")]
    other = take_in(storage, [NewSlot(MONDAY, "x", "Başka")], "other.xlsx 2", MONDAY)
    assert (other.added, other.renamed, other.left_out) == (1, 0, ())


@pytest.mark.parametrize("zone", [ISTANBUL])
def test_slots_lie_in_the_local_week(tmp_path: Path, zone: object) -> None:
    storage = store(tmp_path, "x:a")
    plan_of(storage, [datetime(2026, 3, 8, 21, tzinfo=UTC)])  # Monday 00:00 in Istanbul
    published(storage, "x:a", [datetime(2026, 3, 8, 21, tzinfo=UTC)])
    assert list(found(storage).beside["weeks"]) == ["2026-W11"]
    assert found(storage).beside["hours"] == {"00": {"planned": 1, "met": 1}}


@pytest.mark.parametrize("days", [1, 9, 40])
def test_slots_before_the_period_keep_their_posts_however_far_back(tmp_path: Path, days: int) -> None:
    """Slots every half hour, and posts between two of them: the first slot of the period has the post that nobody before it took."""
    storage = store(tmp_path, "x:a")
    count = days * 48 + 4
    times = [EDGE - days * DAY + n * HOUR / 2 for n in range(count)]
    plan_of(storage, times)
    posts = [at + HOUR / 4 for at in times[:-2]]
    published(storage, "x:a", posts)
    rule = Slots(tolerance=HOUR / 4, beside=(HOUR / 4,))
    met = matches(asked(storage, indicator(rule, kind="ratio"), "2026-H2"), rule)
    assert list(met.values()) == [f"x:a/post{n}" if n < count - 2 else None for n in range(days * 48, count)]


def test_one_platforms_slots_are_matched_as_among_all(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a", "facebook:b")
    for platform in ("x", "facebook"):
        plan_of(storage, [EDGE + n * HOUR for n in range(3)], platform)
    published(storage, "x:a", [EDGE])
    published(storage, "facebook:b", [EDGE + HOUR])
    rule = Slots(tolerance=HOUR / 4)
    told = asked(storage, indicator(rule, kind="ratio"), "2026-H2")
    both, one = matches(told, rule), matches(told, rule, {"facebook"})
    assert [post for post in both.values() if post] == ["facebook:b/post0", "x:a/post0"]
    assert list(one.items()) == list(both.items())[:3] and len(both) == 6
