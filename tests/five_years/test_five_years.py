"""Five years of a daemon's life, 2025 to 2029: everything is sealed, verified, and the world's truth, or says truly why it is not."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from console.sealing import verified
from indicators.growth_posts import UNREAD as COUNTERS
from indicators.result import NOT_COMPARED, OK, PROVISIONAL
from indicators.snapshot import details_of
from model import Period, from_text
from sandbox.server import Sandbox
from storage import opened
from storage.snapshots import Snapshot, ValueRow, all_sealed
from tests.five_years import truths
from tests.five_years.reasons import Lack, lacks
from tests.five_years.run import Years, live
from tests.five_years.script import HALVES, YEARS, script
from tests.five_years.town import town
from tests.truth import expected, stories_told

pytestmark = pytest.mark.timeout(3600)  # two and a half minutes of one core; a busy machine is no failure
PERIODS = (*HALVES, *YEARS)
SLEPT = ("2027-H1", "2027-H2")  # the halves beside the edge that the machine slept over
CLOSED = "facebook"


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Years]:
    with Sandbox(town()) as box:
        box.dates = lambda: box.now
        yield live(tmp_path_factory.mktemp("five-years"), box, script())


@pytest.fixture(scope="module")
def sealed(years: Years) -> dict[str, Snapshot]:
    with opened(years.settings.database, years.settings.zone, read_only=True) as storage:
        return {snapshot.period: snapshot for snapshot in all_sealed(storage)}


def rows(years: Years, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(years.settings.database) as connection:
        return connection.execute(query).fetchall()


def told(row: ValueRow) -> dict[str, set[date]]:
    """The days that a value says it lacks, by the metric or the account."""
    found: dict[str, set[date]] = {}
    for note in details_of(row).lacks:
        if "first" in note.values:
            first, last = (date.fromisoformat(str(note.values[end])) for end in ("first", "last"))
            who = f"{note.values.get('account', '')} {note.values.get('metric', '')}".strip()
            found.setdefault(who, set()).update(first + timedelta(n) for n in range((last - first).days + 1))
    return found


def seen(snapshot: Snapshot, platform: str) -> date:
    """The last day on which a platform's list was seen to its end: the closed account's posts of later days nobody can know."""
    row = snapshot.value("PG3.1.6")
    assert row is not None
    lost = told(row).get(f"{platform}:ornekbelediye") if platform == CLOSED else None
    return min(lost) - timedelta(days=1) if lost else date.max


def test_ten_half_years_and_five_years_are_sealed_and_verified(years: Years, sealed: dict[str, Snapshot]) -> None:
    assert sorted(sealed) == sorted(PERIODS)
    snapshots, findings = verified(years.settings, quick=False)
    assert len(snapshots) == 15
    assert [finding.what.said() for finding in findings] == []


def test_every_reading_is_what_the_world_said_at_both_ends_of_its_life(years: Years) -> None:
    stories = stories_told(years.world)
    readings = rows(years, "SELECT account, post, metric, day, value, at, until FROM readings")
    assert len(readings) > 50_000
    wrong = [
        (account, post, metric, day, value, at)
        for account, post, metric, day, value, at, until in readings
        for moment in {at, until}
        if expected(years.world, stories, account, post, metric, day, moment) != value  # type: ignore[arg-type]
    ]
    assert wrong == []


@pytest.mark.parametrize("period", PERIODS)
def test_what_lacks_says_truly_why(sealed: dict[str, Snapshot], years: Years, period: str) -> None:
    """Every reason is that of an event, within its days, and every event that touches the period is told."""
    for row in sealed[period].values:
        found = [Lack.of(note) for note in details_of(row).lacks]
        wanted = lacks(years.world, period, row.code)
        unexplained = [str(lack) for lack in found if not any(lack.is_of(event) for event in wanted)]
        untold = [str(event) for event in wanted if not any(lack.is_of(event) for lack in found)]
        assert (unexplained, untold) == ([], []), row.code
        assert row.status in ((PROVISIONAL,) if wanted else (OK, NOT_COMPARED)), row.code


@pytest.mark.parametrize("period", PERIODS)
def test_news_followers_issues_slots_and_posts_are_the_worlds(sealed: dict[str, Snapshot], years: Years, period: str) -> None:
    snapshot, world, span = sealed[period], years.world, Period.parse(period)

    def until(platform: str) -> date:
        return seen(snapshot, platform)

    values = {row.code: row.numerator for row in snapshot.values}
    slots = list(truths.slots(world, span, until))
    right = {
        "PG3.1.1": truths.news(world, span),
        "PG3.1.2": sum(truths.followers(world, name, truths.edge(span)) for name in truths.at_the_edge(span)),
        **{code: truths.weeks(world, span, title, until) for code, title in truths.SERIES.items()},
        "PG3.1.5": sum(met for _platform, met, _planned in slots),
        "PG3.1.6": truths.published(world, span, until),
    }
    if period == SLEPT[0]:  # the last reading before the machine slept, which each account's note names
        del right["PG3.1.2"]
        for part in snapshot.parts_of("PG3.1.2"):
            assert part.closed_at
            platform = part.part.partition(":")[0]
            assert part.value == truths.followers(world, platform, from_text(part.closed_at))
    assert {code: values[code] for code in right} == {code: str(value) for code, value in right.items()}
    planned = snapshot.value("PG3.1.5")
    assert planned and planned.denominator == str(sum(number for _platform, _met, number in slots))


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("code", ["PG3.1.7", "PG3.1.8"])
def test_views_and_engagements_are_the_worlds_part_by_part(
    sealed: dict[str, Snapshot], years: Years, period: str, code: str
) -> None:
    def parts(which: str) -> dict[str, int | None]:
        return {part.part: int(part.value) if part.value is not None else None for part in sealed[which].parts_of(code)}

    def right(which: str) -> dict[str, int | None]:
        row = sealed[which].value(code)
        assert row is not None
        untold = {(who.partition(":")[0], who.rpartition(" ")[2]): days for who, days in told(row).items() if " " in who}
        return truths.growth(years.world, code, Period.parse(which), untold, lambda platform: seen(sealed[which], platform))

    found, true = parts(period), right(period)
    if period in SLEPT:  # what the counters gained while nobody read them is in the half that read them: both together are true
        counters = [name for name in true if name.partition(":")[0] in truths.FROM_POSTS[code]]
        first, second = (parts(half) for half in SLEPT)
        assert {name: (first[name] or 0) + (second[name] or 0) for name in counters} == {
            name: (right(SLEPT[0])[name] or 0) + (right(SLEPT[1])[name] or 0) for name in counters
        }
        assert all(0 <= (first[name] or 0) <= (right(SLEPT[0])[name] or 0) for name in counters)
        found, true = ({name: value for name, value in side.items() if name not in counters} for side in (found, true))
    if period in (
        "2028-H2",
        "2028",
    ):  # what older posts gained after the last deep look at the account that was closed is not known
        last = lasting_look(sealed[period], code)
        for name in [name for name in true if name.startswith(f"{CLOSED}:") and name.partition(":")[0] in truths.FROM_POSTS[code]]:
            metric = name.rpartition(" ")[2]
            least = truths.grown(years.world, CLOSED, metric, Period.parse(period), last - timedelta(days=1))
            assert least <= (found.pop(name) or 0) <= (true.pop(name) or 0)
    assert found == true


def lasting_look(snapshot: Snapshot, code: str) -> date:
    """The day of the last look at the closed account that went back to the half-year's beginning, as its note says it."""
    row = snapshot.value(code)
    assert row is not None
    days = [str(note.values["day"]) for note in details_of(row).lacks if note.text == COUNTERS]
    return date.fromisoformat(days[0]) if days else date.max


def test_each_event_was_met_and_said(years: Years) -> None:
    """The script did happen: without its words in the walks, a year without events would be what was tested."""
    words = Counter(
        said
        for _moment, _account, _stream, error in years.errors
        for said in (
            "the platform answers 500", "HTML", "24 h 0 min ahead of", "the token has expired", "invalid_grant", "does not exist",
            "no feed there (410)", "Value passed for the token was invalid",
        )
        if said in error
    )  # fmt: skip
    assert len(words) == 8, words
    notes = " ".join(str(row[0]) for row in rows(years, "SELECT DISTINCT notes FROM walks WHERE notes != '[]'"))
    for said in (
        "Meta answered with v28.0 instead of v26.0: set platforms.instagram.version",
        "instagram no longer knows the metric saves", "the feed has moved to",
    ):  # fmt: skip
        assert said in notes
    assert years.refused and all(text.startswith("nothing was stored") for text in years.refused)
    assert rows(years, "SELECT account FROM accounts WHERE platform = 'x'") == [("x:ornekbelediye",)]
    unfinished = rows(years, "SELECT account FROM walks WHERE finished_at IS NULL")
    assert set(unfinished) <= {("feed:ornek-gazetesi",)}, "the last try at a feed that then left the list is not gone on with"


def test_halves_add_up_to_their_year(sealed: dict[str, Snapshot]) -> None:
    for year in YEARS:
        for code in ("PG3.1.1", "PG3.1.6", "PG3.1.7", "PG3.1.8"):
            rows_of = [sealed[period].value(code) for period in (f"{year}-H1", f"{year}-H2", year)]
            first, second, whole = (int(row.numerator or 0) for row in rows_of if row)
            assert first + second == whole, (year, code)
