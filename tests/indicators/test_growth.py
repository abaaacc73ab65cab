"""Views and engagements against a model so plain that it can't be wrong: every value that was seen, by its instant."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.plan import Count, Growth, Scoped
from indicators import measure
from indicators.growth import account_detail
from indicators.result import NO_DATA, OK, PROVISIONAL, Measured
from model import Account, Post, Reading
from storage import Storage
from tests.indicators.looking import DAY, HOUR, MINUTE, copies, look, post
from tests.indicators.standing import Archive, asked, indicator, store

BEGIN = datetime(2024, 12, 31, 21, tzinfo=UTC)
EDGE = datetime(2025, 6, 30, 21, tzinfo=UTC)
NEW_YEAR = datetime(2025, 12, 31, 21, tzinfo=UTC)
SPANS = {"2025-H1": (BEGIN, EDGE), "2025-H2": (EDGE, NEW_YEAR), "2025": (BEGIN, NEW_YEAR)}
RULE = Growth((Count("x", ("views",)), Count("facebook", ("views",))))
VIEWS = indicator(RULE)
PUBLISHED = indicator(replace(RULE, basis="published"))


def views(name: str, value: int, metric: str = "views") -> Reading:
    return Reading(metric, value, name)


# -- a counter at an instant


@dataclass(frozen=True)
class Seen:
    """A post and every value that its counter was seen at."""

    account: str
    post: str
    published: datetime
    values: Mapping[datetime, int]

    def at(self, t: datetime) -> int | None:
        if self.published >= t:
            return 0
        before = [at for at in self.values if at <= t]
        moment = max(before) if before else min(self.values, default=None)
        return None if moment is None else self.values[moment]


def growth(posts: Iterable[Seen], start: datetime, end: datetime) -> int:
    return sum((p.at(end) or 0) - (p.at(start) or 0) for p in posts if p.published < end)


def reached(posts: Iterable[Seen], start: datetime, end: datetime) -> int:
    return sum(p.at(end + 7 * DAY) or 0 for p in posts if start <= p.published < end)


@st.composite
def posts(draw: st.DrawFn, *, monotone: bool = False, edges: bool = False) -> list[Seen]:
    """Posts of up to a year before the period and within it; first readings at once, late, on the edge, never."""
    found = []
    for number in range(draw(st.integers(0, 5))):
        days, seconds = draw(st.integers(-500, 190)), draw(st.sampled_from([0, 1, 3600, -1]))
        published = EDGE + days * DAY + timedelta(seconds=seconds)
        gaps = draw(st.lists(st.integers(1, 200), max_size=5))
        moments = {published + sum(gaps[: n + 1]) * DAY / 2 for n in range(len(gaps))}
        moments |= set(draw(st.lists(st.sampled_from([BEGIN, EDGE, NEW_YEAR, EDGE + timedelta(seconds=1)]), max_size=2)))
        if edges:
            moments |= {BEGIN, EDGE, NEW_YEAR, EDGE + 7 * DAY, NEW_YEAR + 7 * DAY}
        ordered = sorted(at for at in moments if at > published)
        values = draw(st.lists(st.integers(0, 9), min_size=len(ordered), max_size=len(ordered)))
        if monotone:
            values.sort()
        account = draw(st.sampled_from(["x:a", "facebook:b"]))
        found.append(Seen(account, f"p{number}", published, dict(zip(ordered, values, strict=True))))
    return found


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Storage]:
    return copies(tmp_path_factory.mktemp("db"), "x:a", "facebook:b")


def collected(storage: Storage, found: Iterable[Seen], order: random.Random | None) -> None:
    """One answer an account and instant; `order` None: as time goes by. Some answers come twice, rows in any order."""
    archive = Archive(storage)
    answers: dict[tuple[datetime, str], list[Seen]] = {}
    for p in found:
        for at in p.values or [p.published + HOUR]:
            answers.setdefault((at, p.account), []).append(p)
    sequence = sorted(answers)
    if order:
        order.shuffle(sequence)
        sequence += sequence[:3]
    for at, account in sequence:
        told = answers[at, account]
        if order:
            order.shuffle(told)
        read = [views(p.post, p.values[at]) for p in told if at in p.values]
        archive.told(account, at, stream="posts", readings=read * 2, posts=[Post(p.post, "post", p.published) for p in told])


def check(storage: Storage, found: list[Seen]) -> None:
    for period, span in SPANS.items():
        measured = measure(asked(storage, VIEWS, period))
        mine = [p for p in found if p.published < span[1]]
        assert (measured.numerator or 0) == growth(mine, *span)
        assert measured.beside["growth"] == measured.numerator
        assert (
            (measured.beside["published"] or 0)
            == reached(mine, *span)
            == (measure(asked(storage, PUBLISHED, period)).numerator or 0)
        )
        assert (measured.numerator is None) == (not any(p.values for p in mine)), "unknown is never 0"
        for part in measured.parts:
            details = list(account_detail(asked(storage, VIEWS, period), RULE, part.part.split()[0]))
            assert sum(d.value or 0 for d in details) == (part.value or 0) == (part.closing or 0) - (part.opening or 0)


@settings(max_examples=40)
@given(posts())
def test_as_time_goes_by(empty: Callable[[], Storage], found: list[Seen]) -> None:
    """Also counters that fall and begin again, posts older than mecra, first readings after the edge."""
    storage = empty()
    collected(storage, found, None)
    check(storage, found)
    first, second, year = (measure(asked(storage, VIEWS, period)).numerator or 0 for period in SPANS)
    assert first + second == year


@settings(max_examples=40)
@given(posts(monotone=True), st.randoms(use_true_random=False))
def test_in_any_order(empty: Callable[[], Storage], found: list[Seen], order: random.Random) -> None:
    storage = empty()
    collected(storage, found, order)
    check(storage, found)


@settings(max_examples=40)
@given(posts(edges=True), st.randoms(use_true_random=False))
def test_in_any_order_where_the_edges_were_read(empty: Callable[[], Storage], found: list[Seen], order: random.Random) -> None:
    """A counter that falls and rises again between two late readings is known where somebody looked."""
    storage = empty()
    collected(storage, found, order)
    check(storage, found)


@settings(max_examples=40)
@given(posts(), st.integers(-170, 170), st.integers(0, 170))
def test_an_account_that_counts_for_some_days(empty: Callable[[], Storage], found: list[Seen], first: int, days: int) -> None:
    storage = empty()
    collected(storage, found, None)
    since = date(2025, 7, 1) + timedelta(first)
    until = since + timedelta(days)
    scope = [Scoped("x:a", since, until), Scoped("facebook:b")]
    start, end = EDGE + first * DAY, EDGE + (first + days + 1) * DAY
    mine = [p for p in found if p.account == "x:a"]
    others = [p for p in found if p.account != "x:a"]
    values = {period: measure(asked(storage, VIEWS, period, scope=scope)).numerator or 0 for period in SPANS}
    assert values["2025"] == growth(mine, max(start, BEGIN), min(end, NEW_YEAR)) + growth(others, BEGIN, NEW_YEAR)
    assert values["2025"] == values["2025-H1"] + values["2025-H2"]


# -- what a statement knew


@settings(max_examples=40)
@given(posts(), posts(), st.randoms(use_true_random=False))
def test_what_is_stored_afterwards_changes_nothing(
    empty: Callable[[], Storage], found: list[Seen], others: list[Seen], order: random.Random
) -> None:
    """Readings that hold longer, that are split by late ones, posts that nobody had seen: a statement is what it was."""
    storage = empty()
    collected(storage, found, None)
    thens = [asked(storage, rule, period) for rule in (VIEWS, PUBLISHED) for period in SPANS]
    before = [exact(measure(then)) for then in thens]
    late = [replace(p, post=order.choice([p.post, f"{p.post}x"])) for p in others] + [replace(p, post="p0") for p in others[:1]]
    answers = [(p, at, value) for p in late for at, value in p.values.items()]
    order.shuffle(answers)
    for p, at, value in answers:
        seen = Post(p.post, "post", p.published)
        Archive(storage).told(p.account, at, stream="private", readings=[views(p.post, value)], posts=[seen])
    assert [exact(measure(then)) for then in thens] == before


def exact(found: Measured) -> Measured:
    """Without what is told beside: a fall is flagged as it is seen today."""
    return replace(found, notes=(), parts=tuple(replace(part, notes=()) for part in found.parts))


def watched(tmp_path: Path) -> Archive:
    """An account with an old post and a new one, each read every month and in the hour before the edge."""
    archive = Archive(store(tmp_path, "x:a"))
    old, new = post("old", BEGIN - 40 * DAY), post("new", BEGIN + 40 * DAY)
    look(archive, "x:a", BEGIN - 20 * MINUTE, posts=[old], readings=[views("old", 100)])
    look(archive, "x:a", EDGE - 20 * MINUTE, posts=[old, new], readings=[views("old", 110), views("new", 50)])
    return archive


def test_what_is_deleted_or_lowered_later_is_the_next_periods(tmp_path: Path) -> None:
    archive = watched(tmp_path)
    storage = archive.storage
    then = asked(storage, VIEWS, "2025-H1", at=EDGE + 10 * DAY)
    before = measure(then)
    assert (before.numerator, before.status, before.notes) == (60, OK, ())
    old = post("old", BEGIN - 40 * DAY)
    archive.told(
        "x:a", EDGE + 20 * DAY, stream="posts", since=BEGIN - 50 * DAY, posts=[old], readings=[views("old", 90)], lasting=True
    )
    look(archive, "x:a", NEW_YEAR - 20 * MINUTE, back=190 * DAY, posts=[old], readings=[views("old", 95)])
    assert measure(then) == before
    after = measure(asked(storage, VIEWS, "2025-H2"))
    assert (after.numerator, after.status) == (-15, OK)
    assert [note.said() for note in after.notes] == [
        "times that a counter fell: 1, by 20 in all; the fall counts",
        "posts deleted within the period: 1; what their counters gained until then counts: 0",
    ]
    assert (after.parts[0].opening, after.parts[0].closing) == (110, 95), "what did not move is not added up"


def test_figures_of_a_file_are_known_since_they_were_handed_in(tmp_path: Path) -> None:
    """An earlier reading that comes later gives an opening; a statement of before does not know it."""
    archive = Archive(storage := store(tmp_path, "x:a"))
    old = post("old", BEGIN - 400 * DAY)
    look(archive, "x:a", EDGE - 20 * MINUTE, back=600 * DAY, posts=[old], readings=[views("old", 110)])
    then = asked(storage, VIEWS, "2025-H1", at=EDGE + DAY)
    before = measure(then)
    assert (before.numerator, before.status, before.coverage == 0) == (0, PROVISIONAL, True)
    archive.told("x:a", BEGIN, readings=[views("old", 70)])
    assert measure(then) == before
    assert measure(asked(storage, VIEWS, "2025-H1")).numerator == 40


# -- unknown is never 0, and is told


def said(found: Measured) -> list[str]:
    return [note.said() for note in found.lacks]


def test_an_account_that_was_never_read_is_unknown(tmp_path: Path) -> None:
    archive = watched(tmp_path)
    archive.storage.register([replace(archive.storage.accounts()[0], account="facebook:b", platform="facebook")])
    found = measure(asked(archive.storage, VIEWS, "2025-H1"))
    assert (found.numerator, found.status, float(found.coverage)) == (60, PROVISIONAL, 0.5)
    assert [(p.part, p.value, p.covered) for p in found.parts] == [("facebook:b views", None, 0), ("x:a views", 60, 181)]
    assert said(found) == ["facebook:b: days on which its posts were not looked up: 181 (2025-01-01 to 2025-06-30)"]
    assert measure(asked(store(tmp_path / "other", "x:a"), VIEWS, "2025-H1")).status == NO_DATA


def test_an_account_that_posted_nothing_gained_nothing(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a"))
    look(archive, "x:a", EDGE - 20 * MINUTE)
    found = measure(asked(storage, VIEWS, "2025-H1"))
    assert (found.numerator, found.status) == (0, OK)


def test_posts_that_are_older_than_mecra(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a"))
    old, older, new = post("old", BEGIN - 40 * DAY), post("older", BEGIN - 80 * DAY), post("new", BEGIN + 40 * DAY)
    look(archive, "x:a", BEGIN + 60 * DAY, posts=[old, older, new], readings=[views("old", 100), views("new", 50)])
    look(archive, "x:a", EDGE - 20 * MINUTE, posts=[old, new], readings=[views("old", 110), views("new", 60)])
    found = measure(asked(storage, VIEWS, "2025-H1"))
    assert (found.numerator, found.status) == (10 + 60, PROVISIONAL)
    assert said(found) == [
        "x:a: counters of older posts that were first read after the period had begun: 1; what they gained in it before is not known",
        "x:a: counters of posts that were never read: 1",
    ]
    assert (found.parts[0].asked, found.parts[0].covered) == (181, 181 // 3)


def test_the_last_hours_posts_are_first_read_after_the_edge(tmp_path: Path) -> None:
    """That is told and lacks nothing; who looks two days later has not seen the edge."""
    for hours, status in ((2, OK), (48, PROVISIONAL)):
        archive = Archive(storage := store(tmp_path / str(hours), "x:a"))
        look(archive, "x:a", EDGE - 20 * MINUTE)
        look(archive, "x:a", EDGE + hours * HOUR, posts=[post("p", EDGE - 5 * MINUTE)], readings=[views("p", 7)])
        found = measure(asked(storage, VIEWS, "2025-H1"))
        assert (found.numerator, found.status) == (7, status)
        told = [note.said() for note in (*found.notes, *found.lacks)]
        assert told == [
            "counters of posts of the last hours that were first read after the edge: 1; counted before it: 7"
            if status == OK
            else "x:a: counters that were first read more than a day after publication and after the period: 1"
        ]


def test_days_after_the_last_reading_are_not_known(tmp_path: Path) -> None:
    """Nobody looked in the last nine days; afterwards the list is whole again, the counters at the edge never."""
    archive = Archive(storage := store(tmp_path, "x:a"))
    look(archive, "x:a", EDGE - 9 * DAY, posts=[post("p", BEGIN + DAY)], readings=[views("p", 7)])
    look(archive, "x:a", EDGE + 3 * DAY, readings=[views("p", 20)])
    found = measure(asked(storage, VIEWS, "2025-H1"))
    assert (found.numerator, found.parts[0].covered) == (7, 172)
    assert said(found) == ["x:a: counters last read on 2025-06-22; days of which the growth is not known: 9"]
    look(archive, "x:a", NEW_YEAR - 20 * MINUTE, readings=[views("p", 21)])
    following = measure(asked(storage, VIEWS, "2025-H2"))
    assert (following.numerator, following.parts[0].covered) == (14, 184 - 9)
    assert said(following) == [
        "x:a: counters last read on 2025-06-22, 9 days before the period; what they gained in between counts in it"
    ]
    year = measure(asked(storage, VIEWS, "2025"))
    assert (year.numerator, year.parts[0].covered, year.lacks) == (21, 365, ()), "what was read in July is within the year"


def test_a_shallow_look_reads_no_old_counters(tmp_path: Path) -> None:
    """The list is known to its last day, but only a walk as deep as the half-year has read its counters."""
    archive = Archive(storage := store(tmp_path, "x:a"))
    look(archive, "x:a", EDGE - 30 * DAY)
    look(archive, "x:a", EDGE - 20 * MINUTE, back=31 * DAY)
    found = measure(asked(storage, VIEWS, "2025-H1"))
    assert (found.parts[0].covered, found.parts[0].closed_at) == (151, "2025-05-31T21:00:00Z")


def test_a_running_period_is_known_to_the_last_look(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a"))
    now = BEGIN + 40 * DAY + 9 * HOUR
    look(archive, "x:a", BEGIN + 10 * DAY, posts=[post("p", BEGIN + DAY)], readings=[views("p", 5)])
    look(archive, "x:a", now - HOUR, back=40 * DAY, readings=[views("p", 9)])
    found = measure(asked(storage, VIEWS, "2025-H1", at=now))
    assert (found.numerator, found.parts[0].asked, found.parts[0].covered) == (9, 40, 40)


def test_of_an_account_that_was_closed_the_last_deep_look_counts(tmp_path: Path) -> None:
    """No reading as deep as the half-year comes before an end that nobody foresaw: what older posts gained since the last one is not known."""
    archive = Archive(storage := store(tmp_path, "x:a"))
    closed = BEGIN + 100 * DAY
    storage.register([Account("x:a", "x", "a", until=date(2025, 4, 10))])
    look(archive, "x:a", closed - 30 * DAY, posts=[post("p", BEGIN + DAY)], readings=[views("p", 5)])
    look(archive, "x:a", closed + HOUR, back=35 * DAY)
    found = measure(asked(storage, VIEWS, "2025-H1"))
    assert (found.numerator, found.parts[0].asked, found.parts[0].covered) == (5, 100, 70)
    assert said(found) == ["x:a: counters last read on 2025-03-12; days of which the growth is not known: 30"]


# -- metrics, kinds, platforms


def test_kinds_are_left_out_and_platforms_that_nothing_counts_of(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a", "nsosyal:a"))
    seen = [post("1", BEGIN + DAY), post("2", BEGIN + DAY, kind="reply")]
    look(archive, "x:a", EDGE - 20 * MINUTE, posts=seen, readings=[views("1", 7), views("2", 70)])
    found = measure(asked(storage, replace(VIEWS, rule=replace(RULE, leave_out=("reply",))), "2025-H1"))
    assert (found.numerator, found.status) == (7, OK)
    assert [note.said() for note in found.notes] == ["nsosyal:a: the plan counts nothing of its platform"]


def test_metrics_are_added_up_each_a_part(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "x:a"))
    seen = [views("1", 7, "likes"), views("1", 2, "shares"), views("1", 900, "clicks")]
    look(archive, "x:a", EDGE - 20 * MINUTE, posts=[post("1", BEGIN + DAY)], readings=seen)
    rule = Growth((Count("x", ("likes", "shares", "saves")),))
    found = measure(asked(storage, replace(VIEWS, rule=rule), "2025-H1"))
    assert [(p.part, p.value, p.covered) for p in found.parts] == [
        ("x:a likes", 7, 181),
        ("x:a shares", 2, 181),
        ("x:a saves", None, 0),
    ]
    assert (found.numerator, found.status) == (9, PROVISIONAL)
    assert found.beside["by_platform"] == {"x": {"likes": 7, "shares": 2}}
    assert said(found) == ["x:a: counters of posts that were never read: 1"]


def test_stories_have_no_likes_and_lack_none(tmp_path: Path) -> None:
    archive = Archive(storage := store(tmp_path, "instagram:a"))
    streams = ("posts", "stories")
    storage.define(
        [("instagram", ours, ours, s, None, None, "") for ours, s in [("likes", "posts"), *(("views", s) for s in streams)]], []
    )
    look(
        archive, "instagram:a", EDGE - 20 * MINUTE, posts=[post("1", BEGIN + DAY)], readings=[views("1", 7, "likes"), views("1", 9)]
    )
    archive.told(
        "instagram:a", EDGE - 10 * MINUTE, stream="stories", posts=[post("2", EDGE - DAY, kind="story")], readings=[views("2", 70)]
    )
    likes, shown = (
        measure(asked(storage, replace(VIEWS, rule=Growth((Count("instagram", (m,)),))), "2025-H1")) for m in ("likes", "views")
    )
    assert (likes.numerator, likes.status) == (7, OK)
    assert (shown.numerator, shown.parts[0].covered) == (79, 0), "nobody looked for stories before the last evening"


def test_a_break_is_told(tmp_path: Path) -> None:
    archive = watched(tmp_path)
    breaks = [("x", "views", day, f"since {day}") for day in ("2025-01-01", "2025-03-31", "2025-07-01")]
    archive.storage.define([], breaks)
    found = measure(asked(archive.storage, VIEWS, "2025-H1"))
    assert [note.said() for note in found.notes] == ["x: views means something else from 2025-03-31 on: since 2025-03-31"]


# -- both numbers, never mixed


def test_growth_and_what_the_periods_posts_have_reached(tmp_path: Path) -> None:
    archive = watched(tmp_path)
    look(archive, "x:a", EDGE + 7 * DAY, readings=[views("old", 120), views("new", 55)])
    look(archive, "x:a", EDGE + 8 * DAY, readings=[views("old", 130), views("new", 56)])
    growing, reaching = measure(asked(archive.storage, VIEWS, "2025-H1")), measure(asked(archive.storage, PUBLISHED, "2025-H1"))
    assert (growing.numerator, reaching.numerator, reaching.status) == (60, 55, OK)
    for found in (growing, reaching):
        assert (found.beside["growth"], found.beside["published"]) == (60, 55)
    early = measure(asked(archive.storage, PUBLISHED, "2025-H1", at=EDGE + DAY))
    assert (early.numerator, said(early)) == (50, ["the counters of the period's posts are read on 2025-07-08"])


def days(first: date, figures: Iterable[int | None], metric: str = "views") -> list[Reading]:
    return [Reading(metric, value, None, first + timedelta(n)) for n, value in enumerate(figures) if value is not None]


def test_the_platforms_own_days(tmp_path: Path) -> None:
    """The newest figure of each day; posts never fill a day; another period's days are another period's."""
    archive = Archive(storage := store(tmp_path, "youtube:a"))
    rule = Growth((Count("youtube", ("views", "likes"), "days"),))
    storage.define(
        [("youtube", m, m, s, None, None, "") for m, s in [("views", "daily"), ("views", "posts"), ("likes", "daily")]], []
    )
    first = date(2024, 12, 31)
    archive.told("youtube:a", EDGE - DAY, stream="daily", readings=days(first, [1000, *[2] * 181, 1000]))
    archive.told("youtube:a", EDGE + DAY, stream="daily", readings=days(first, [1000, *[3] * 181, 1000]))
    archive.told("youtube:a", EDGE + DAY, stream="daily", readings=days(date(2025, 1, 1), [1] * 100 + [-1] * 81, "likes"))
    look(archive, "youtube:a", EDGE + 7 * DAY, posts=[post("p", BEGIN + DAY)], readings=[views("p", 77)])
    found = measure(asked(storage, replace(VIEWS, rule=rule), "2025-H1"))
    assert [(p.part, p.value, p.covered) for p in found.parts] == [("youtube:a views", 543, 181), ("youtube:a likes", 19, 181)]
    assert (found.numerator, found.status, found.beside["published"]) == (562, OK, 77)
    assert [note.said() for note in found.notes] == [
        "youtube: the platform's own days, by their date; they don't end at local midnight"
    ]
    published = measure(asked(storage, replace(VIEWS, rule=replace(rule, basis="published")), "2025-H1"))
    assert "youtube: likes is told per day only, never of single posts: left out" in [note.said() for note in published.notes]
    then = measure(asked(storage, replace(VIEWS, rule=rule), "2025-H1", at=EDGE - HOUR))
    assert (then.parts[0].value, then.parts[0].asked, then.parts[0].covered) == (362, 180, 0), "likes were not told yet"


@settings(max_examples=40)
@given(st.lists(st.none() | st.integers(-3, 9), min_size=365, max_size=365))
def test_days_add_up_and_missing_ones_are_missing(empty: Callable[[], Storage], figures: list[int | None]) -> None:
    archive = Archive(storage := empty())
    archive.told("x:a", NEW_YEAR + 9 * DAY, stream="daily", readings=days(date(2025, 1, 1), figures))
    rule = indicator(Growth((Count("x", ("views",), "days"),)))
    found = {period: measure(asked(storage, rule, period)) for period in SPANS}
    for period, some in {"2025-H1": figures[:181], "2025-H2": figures[181:], "2025": figures}.items():
        known = [value for value in some if value is not None]
        assert found[period].numerator == (sum(known) if known else None)
        assert (found[period].parts[0].asked, found[period].parts[0].covered) == (len(some), len(known))
        assert (found[period].status == OK) == (len(known) == len(some))
    storage.connection.close()


def test_a_day_without_a_figure_is_told_with_its_reason(tmp_path: Path) -> None:
    from model import Exchange, Gap, Page, Records

    archive = Archive(storage := store(tmp_path, "youtube:a"))
    figures: list[int | None] = [2] * 181
    figures[10] = figures[20] = figures[180] = None
    archive.told("youtube:a", EDGE + DAY, stream="daily", readings=days(date(2025, 1, 1), figures))
    at = EDGE + 3 * DAY
    walk = storage.begin("youtube:a", "daily", since=at, now=at, trigger="manual", memo={}, missed=0)
    gaps = tuple(Gap("views", "no figure for this day", day=date(2025, 1, day)) for day in (11, 21))
    storage.save(walk, walk.after(Page(), at), [(Exchange(at, "GET", "https://x.example", 200, b"gaps", 4), Records(gaps=gaps))])
    found = measure(asked(storage, indicator(Growth((Count("youtube", ("views",), "days"),))), "2025-H1"))
    assert (found.numerator, found.parts[0].covered) == (356, 178)
    assert said(found) == [
        "youtube:a: views: days without a figure: 2 (2025-01-11 to 2025-01-21): no figure for this day",
        "youtube:a: views: days without a figure: 1 (2025-06-30 to 2025-06-30): the account's days were not read since",
    ]


def test_what_an_account_is_made_of(tmp_path: Path) -> None:
    archive = watched(tmp_path)
    details = list(account_detail(asked(archive.storage, VIEWS, "2025-H1"), RULE, "x:a"))
    assert [(d.of, d.value, d.opening, d.closing) for d in details] == [("old", 10, 100, 110), ("new", 50, 0, 50)]
    opening, closing = details[0].opening_seen, details[0].closing_seen
    assert opening and closing and details[1].opening_seen is None
    assert (opening.at, opening.response) == ("2024-12-31T20:40:00Z", 1)
    assert (closing.at, closing.response) == ("2025-06-30T20:40:00Z", 2)
