"""Weekly issues: each counted once, by its first day; weeks without one are listed, and nothing hides them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.plan import Indicator, Scoped, Series
from indicators import measure
from indicators.asked import Asked
from indicators.issues import Sighting, issues
from indicators.result import NO_DATA, OK, PROVISIONAL, Measured
from indicators.series import publications_of
from indicators.weeks import Week, weeks_of
from model import Period, Post
from storage import Storage
from storage.entries import Figure, approve, enter
from storage.publications import put_publications
from tests.indicators.standing import ISTANBUL, Archive, account, asked, indicator, store
from words import speaking

TITLE = r"(?i)ümraniye 7/24\D*(?P<number>\d+)?"
BULLETIN = Series("Ümraniye 7/24", TITLE, ("x",), "number")
BOTH = replace(BULLETIN, accounts=("x", "page:bulten"))
FILM = Series("1 Dakikada 1 Hafta", "1 dakikada 1 hafta", ("x", "youtube"), "week")
YEARS = (2025, 2026, 2027, 2028, 2029)


def of(rule: Series, **more: object) -> Indicator:
    return indicator(rule, code="PG7.2.3", target=52, **more)  # type: ignore[arg-type]


def noon(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), ISTANBUL).astimezone(UTC)


def post(day: date, text: str, *, hour: int = 12, name: str = "") -> Post:
    return Post(name or f"{day}/{text}", "post", noon(day, hour), f"https://x.example/{day}", text)


def fridays(period: str) -> list[date]:
    return [week.monday + timedelta(days=4) for week in weeks_of(Period.parse(period))]


class Town:
    """A store whose accounts are looked through from the beginning of 2025 to an instant."""

    def __init__(self, path: Path, *accounts: str) -> None:
        self.storage: Storage = store(path, *accounts)
        self.archive, self.accounts = Archive(self.storage), accounts

    def tells(self, posts: Mapping[str, Iterable[Post]], at: datetime, since: datetime | None = None) -> Town:
        for key in self.accounts:
            start = since or datetime(2024, 12, 1, tzinfo=UTC)
            self.archive.told(key, at, posts=posts.get(key, ()), stream="posts", since=start)
        return self

    def enters(self, day: date, number: str = "", *, approved: bool = True, at: datetime | None = None, **more: object) -> int:
        at = at or noon(day, 18)
        figure = Figure("PG7.2.3", day=day, number=number, **more)  # type: ignore[arg-type]
        entry = enter(self.storage, figure, by="ayşe", at=at)
        if approved:
            approve(self.storage, entry, by="mehmet", at=at)
        return entry

    def asked(self, rule: Series, period: str, **more: object) -> Asked:
        return asked(self.storage, of(rule), period, **more)  # type: ignore[arg-type]

    def measure(self, rule: Series, period: str, **more: object) -> Measured:
        return measure(self.asked(rule, period, **more))


AFTER = datetime(2027, 1, 10, tzinfo=UTC)


def test_the_weeks_of_every_half_year_of_the_plan() -> None:
    """facts: domain_tr 4.4"""
    counted = {year: [len(weeks_of(Period(year, half))) for half in (1, 2)] for year in YEARS}
    assert counted == {2025: [26, 26], 2026: [26, 27], 2027: [25, 27], 2028: [26, 26], 2029: [26, 26]}
    assert len(weeks_of(Period(2026))) == 53
    assert (str(weeks_of(Period(2026))[0]), weeks_of(Period(2026))[0].monday) == ("2026-W01", date(2025, 12, 29))
    last = weeks_of(Period(2026, 2))[-1]
    assert (str(last), last.monday, last.sunday) == ("2026-W53", date(2026, 12, 28), date(2027, 1, 3))


def test_a_year_of_fifty_three_weeks(tmp_path: Path) -> None:
    town = Town(tmp_path, "x:a").tells({"x:a": [post(day, "1 DAKİKADA 1 HAFTA") for day in fridays("2026")]}, AFTER)
    year = town.measure(FILM, "2026")
    # The Friday of 2026-W53 is 1 January 2027: it counts there, and 2026 has its 52.
    assert (year.value, year.status, year.beside["missing"], year.beside["weeks"]) == (Fraction(52), OK, [], 53)
    halves = [town.measure(FILM, half).value for half in ("2026-H1", "2026-H2")]
    assert halves == [Fraction(26), Fraction(26)]
    assert town.measure(FILM, "2027-H1", at=AFTER).value == 1


def test_an_issue_counts_on_its_local_day_and_not_in_its_week(tmp_path: Path) -> None:
    edge = datetime(2026, 12, 31, 20, 59, 59, tzinfo=UTC)
    posts = [
        Post("a", "post", edge, text="Ümraniye 7/24 sayı 52"),
        Post("b", "post", edge + timedelta(seconds=1), text="Ümraniye 7/24 sayı 53"),
    ]
    town = Town(tmp_path, "x:a").tells({"x:a": posts}, AFTER)
    told = {period: town.measure(BULLETIN, period).beside["issues"] for period in ("2026-H2", "2027-H1")}
    assert [(i["number"], i["day"], i["week"]) for i in told["2026-H2"]] == [("52", "2026-12-31", "2026-W53")]
    assert [(i["number"], i["day"], i["week"]) for i in told["2027-H1"]] == [("53", "2027-01-01", "2026-W53")]


def test_missing_weeks_are_listed_and_a_double_issue_hides_none(tmp_path: Path) -> None:
    days = fridays("2026-H1")
    numbers = {day: 100 + index for index, day in enumerate(days)}
    issued = [post(day, f"ÜMRANİYE 7/24, sayı {numbers[day]}") for day in days if day not in (days[4], days[20])]
    issued.append(post(days[9] + timedelta(days=1), "ümraniye  7/24\nsayı 999"))
    town = Town(tmp_path, "x:a", "page:bulten").tells({"x:a": issued, "page:bulten": [issued[0]]}, AFTER)
    found = town.measure(BOTH, "2026-H1")
    assert (found.value, found.status, found.coverage) == (Fraction(25), OK, Fraction(1))
    assert found.beside["missing"] == ["2026-W05", "2026-W21"]
    assert found.beside["double"] == {"2026-W10": 2}
    assert [note.said() for note in found.notes] == [
        "weeks without an issue: 2026-W05, 2026-W21",
        "2 issues in 2026-W10: they fill no other week",
        "issues found in more than one place: 1; each counts once, on its first day",
    ]
    with speaking("tr"):
        assert [note.said() for note in found.notes] == [
            "yayın bulunmayan haftalar: 2026-W05, 2026-W21",
            "2026-W10 haftasında 2 yayın var: başka bir haftanın yerini tutmaz",
            "birden çok yerde bulunan yayın sayısı: 1; her biri bir kez, ilk yayımlandığı günde sayılır",
        ]


def test_one_issue_on_several_platforms_is_counted_where_it_came_first(tmp_path: Path) -> None:
    day = date(2026, 3, 6)
    posts = {
        "x:a": [post(day, "Ümraniye 7/24 #112", hour=15)],
        "page:bulten": [post(day, "Ümraniye 7/24 - 0112", hour=9)],
    }
    town = Town(tmp_path, "x:a", "page:bulten").tells(posts, AFTER)
    town.enters(day - timedelta(days=1), "112")
    found = town.measure(BOTH, "2026-H1")
    assert found.beside["issues"] == [
        {"number": "112", "day": "2026-03-05", "week": "2026-W10", "via": "entry", "also": ["page:bulten", "x:a"]}
    ]
    assert {part.part: part.value for part in found.parts} == {"entry": 1, "page:bulten": 0, "x:a": 0}


def test_an_issue_told_again_in_the_next_half_year_counts_in_the_first(tmp_path: Path) -> None:
    posts = [post(date(2026, 6, 26), "Ümraniye 7/24 sayı 26", name="a"), post(date(2026, 7, 3), "Ümraniye 7/24 sayı 26", name="b")]
    town = Town(tmp_path, "x:a").tells({"x:a": posts}, AFTER)
    values = [town.measure(BULLETIN, period).value for period in ("2026-H1", "2026-H2", "2026")]
    assert values == [1, 0, 1]


def test_a_series_that_counts_anew_every_year(tmp_path: Path) -> None:
    posts = [post(date(2026, 1, 9), "Ümraniye 7/24 sayı 1", name="a"), post(date(2027, 1, 8), "Ümraniye 7/24 sayı 1", name="b")]
    town = Town(tmp_path, "x:a").tells({"x:a": posts}, AFTER)
    assert [town.measure(BULLETIN, period).value for period in ("2026-H1", "2027-H1")] == [1, 1]
    for period in ("2026-H1", "2027-H1", "2026", "2027-H1"):
        found = publications_of(town.asked(BULLETIN, period), BULLETIN)
        put_publications(town.storage, BULLETIN.series, Period.parse(period), found)
    rows = town.storage.connection.execute(
        "SELECT number, published_on, iso_week, url, via, post, entry FROM publications"
    ).fetchall()
    assert rows == [
        ("1", "2026-01-09", "2026-W02", "https://x.example/2026-01-09", "x:a", "a", None),
        ("1 (2027-01-08)", "2027-01-08", "2027-W01", "https://x.example/2027-01-08", "x:a", "b", None),
    ]


def test_the_table_follows_an_issue_that_was_found_earlier_still(tmp_path: Path) -> None:
    def listed() -> list[tuple[str, str]]:
        for period in ("2026-H2", "2026-H1"):
            found = publications_of(town.asked(BULLETIN, period), BULLETIN)
            put_publications(town.storage, BULLETIN.series, Period.parse(period), found)
        return town.storage.connection.execute("SELECT number, published_on FROM publications").fetchall()

    town = Town(tmp_path, "x:a").tells({"x:a": [post(date(2026, 7, 3), "Ümraniye 7/24 sayı 26")]}, AFTER)
    assert listed() == [("26", "2026-07-03")]
    town.enters(date(2026, 6, 29), "26")
    assert listed() == [("26", "2026-06-29")]


def test_an_issue_without_a_number_is_that_of_its_week(tmp_path: Path) -> None:
    posts = [
        post(date(2026, 3, 2), "Ümraniye 7/24 yayında"), post(date(2026, 3, 6), "Ümraniye 7/24 sayı 112"),
        post(date(2026, 3, 13), "Ümraniye 7/24 yeni sayısıyla yayında"), post(date(2026, 3, 15), "Ümraniye 7/24"),
    ]  # fmt: skip
    town = Town(tmp_path, "x:a").tells({"x:a": posts}, AFTER)
    found = town.measure(BULLETIN, "2026-H1")
    assert [(i["number"], i["day"]) for i in found.beside["issues"]] == [("112", "2026-03-06"), ("2026-W11", "2026-03-13")]
    assert "issues without a number, told apart by their week: 1" in [note.said() for note in found.notes]


def test_what_is_entered_counts_once_approved_and_until_corrected(tmp_path: Path) -> None:
    rule, day = replace(BULLETIN, accounts=(), title=""), date(2026, 3, 6)
    town = Town(tmp_path)
    one = town.enters(day, "112", at=datetime(2026, 3, 7, tzinfo=UTC))
    town.enters(date(2026, 3, 13), "113", approved=False, at=datetime(2026, 3, 14, tzinfo=UTC))
    before = town.measure(rule, "2026-H1", at=datetime(2026, 7, 10, tzinfo=UTC))
    assert (before.value, before.status) == (Fraction(1), PROVISIONAL)
    assert [note.said() for note in before.lacks] == [
        f"no issue is entered for 25 of 26 weeks: {', '.join(str(w) for w in weeks_of(Period(2026, 1)) if w.week != 10)}"
    ]
    assert [note.said() for note in before.notes] == [
        "issues counted from entries by hand: 1 of 1 (entries 1)",
        "issues entered that wait for a second person, not counted: 2",
    ]
    assert before.beside["missing"] == []
    town.enters(date(2025, 12, 26), "112", corrects=one, at=datetime(2026, 7, 20, tzinfo=UTC))
    assert town.measure(rule, "2026-H1").value is None
    assert town.measure(rule, "2025-H2").value == 1
    assert town.measure(rule, "2026-H1", at=datetime(2026, 7, 10, tzinfo=UTC)) == before


def test_a_withdrawn_entry_counts_no_more(tmp_path: Path) -> None:
    town = Town(tmp_path, "x:a").tells({}, AFTER)
    one = town.enters(date(2026, 3, 6), "112", at=datetime(2026, 3, 7, tzinfo=UTC))
    assert town.measure(BULLETIN, "2026-H1").value == 1
    town.enters(date(2026, 3, 6), corrects=one, withdraws=True, at=datetime(2026, 3, 9, tzinfo=UTC))
    found = town.measure(BULLETIN, "2026-H1")
    assert (found.value, len(found.beside["missing"])) == (Fraction(0), 26)


def test_a_plan_that_takes_nothing_by_hand(tmp_path: Path) -> None:
    town = Town(tmp_path, "x:a").tells({}, AFTER)
    town.enters(date(2026, 3, 6), "112")
    assert measure(asked(town.storage, of(BULLETIN, by_hand="never"), "2026-H1")).value == 0


def test_nobody_looked_and_nobody_entered(tmp_path: Path) -> None:
    found = Town(tmp_path, "x:a").measure(BULLETIN, "2026-H1")
    assert (found.value, found.status, found.coverage, found.beside["missing"]) == (None, NO_DATA, Fraction(0), [])
    empty = Town(tmp_path / "other").measure(replace(BULLETIN, accounts=()), "2026-H1")
    assert (empty.value, empty.status) == (None, NO_DATA)
    assert [note.said() for note in empty.lacks] == ["no account is looked through for Ümraniye 7/24, and no issue is entered"]


def test_weeks_that_were_not_looked_through_are_unknown_and_not_missing(tmp_path: Path) -> None:
    town = Town(tmp_path, "x:a", "x:b")
    start, half, end = (datetime(2025, 12, 1, tzinfo=UTC), datetime(2026, 4, 5, 21, tzinfo=UTC), AFTER)
    town.archive.told("x:a", end, stream="posts", since=start, posts=[post(date(2026, 1, 9), "Ümraniye 7/24 sayı 1")])
    town.archive.told("x:b", half - timedelta(days=9), stream="posts", since=start)
    town.archive.told("x:b", half, stream="posts", since=half - timedelta(days=9))
    found = town.measure(BULLETIN, "2026-H1")
    assert (found.value, found.status) == (Fraction(1), PROVISIONAL)
    assert [(p.part, p.value, p.asked, p.covered) for p in found.parts] == [("x:a", 1, 26, 26), ("x:b", 0, 26, 14)]
    assert (found.beside["missing"][:2], len(found.beside["missing"])) == (["2026-W01", "2026-W03"], 13)
    assert found.beside["unknown"] == [f"2026-W{n}" for n in range(15, 27)]
    assert found.lacks[0].said().startswith("x:b: not looked through as a whole in 12 of 26 weeks: 2026-W15,")
    town.enters(date(2026, 4, 10), "14", at=datetime(2026, 4, 11, tzinfo=UTC))
    assert [p.covered for p in town.measure(BULLETIN, "2026-H1").parts if p.part == "x:b"] == [15]


def test_facebook_s_reels_are_looked_through_too(tmp_path: Path) -> None:
    town = Town(tmp_path, "facebook:a").tells({}, AFTER)
    rule = replace(BULLETIN, accounts=("facebook",))
    assert town.measure(rule, "2026-H1").coverage == 0
    town.archive.told("facebook:a", AFTER, stream="reels", since=datetime(2026, 1, 4, 21, tzinfo=UTC))
    assert town.measure(rule, "2026-H1").coverage == Fraction(25, 26)


def test_a_week_that_is_not_over_is_not_missing(tmp_path: Path) -> None:
    now = datetime(2026, 1, 16, 9, tzinfo=UTC)
    town = Town(tmp_path, "x:a").tells({"x:a": [post(date(2026, 1, 2), "Ümraniye 7/24 sayı 1")]}, now)
    found = town.measure(BULLETIN, "2026-H1", at=now)
    assert (found.value, found.beside["weeks"], found.beside["missing"]) == (Fraction(1), 2, ["2026-W02"])


def test_a_page_tells_nothing_of_the_time_before_its_oldest_issue(tmp_path: Path) -> None:
    listed = [post(day, "Ümraniye 7/24 sayı 1", name=str(day)) for day in fridays("2026-H1")[9:]]
    town = Town(tmp_path, "page:bulten").tells({"page:bulten": listed}, AFTER)
    rule = replace(BULLETIN, accounts=("page:bulten",), title="", unique="week")
    found = town.measure(rule, "2026-H1")
    assert (found.value, found.beside["missing"]) == (Fraction(17), [])
    assert found.beside["unknown"] == [f"2026-W{n:02}" for n in range(1, 10)]
    silent = Town(tmp_path / "silent", "page:bulten").tells({}, AFTER)
    assert silent.measure(rule, "2026-H1").value is None


def test_a_page_that_is_new_among_the_settings_changes_no_statement_of_before(tmp_path: Path) -> None:
    town, at = Town(tmp_path, "x:a").tells({}, AFTER), AFTER + timedelta(days=1)
    rule = replace(BULLETIN, accounts=("x", "page"))
    before = town.measure(rule, "2026-H1", at=at)
    town.storage.register([account("page:bulten")])
    town.archive.told("page:bulten", at + timedelta(days=1), stream="posts", since=datetime(2025, 12, 1, tzinfo=UTC))
    assert town.measure(rule, "2026-H1", at=at) == before
    assert [part.part for part in town.measure(rule, "2026-H1").parts] == ["page:bulten", "x:a"]


def test_an_account_counts_between_its_days_only(tmp_path: Path) -> None:
    days = fridays("2026-H1")
    town = Town(tmp_path, "x:a", "x:mayor").tells(
        {"x:a": [post(days[0], "Ümraniye 7/24 sayı 1"), post(days[-1], "Ümraniye 7/24 sayı 26")],
         "x:mayor": [post(days[3], "Ümraniye 7/24 sayı 4")]}, AFTER
    )  # fmt: skip
    scope = [Scoped("x:a", since=date(2026, 3, 2), until=date(2026, 6, 28)), Scoped("facebook:a")]
    found = town.measure(BOTH, "2026-H1", scope=scope)
    assert [(p.part, p.value, p.asked, p.covered) for p in found.parts] == [("page:bulten", None, 26, 0), ("x:a", 1, 17, 17)]
    assert "page:bulten: never looked at" in [note.said() for note in found.lacks]


def test_posts_that_are_gone_since_stay_counted(tmp_path: Path) -> None:
    town = Town(tmp_path, "x:a").tells({"x:a": [post(date(2026, 3, 6), "Ümraniye 7/24 sayı 112")]}, AFTER)
    before = town.measure(BULLETIN, "2026-H1")
    town.storage.connection.execute("UPDATE posts SET gone_at = '2027-02-01T00:00:00Z'")
    assert town.measure(BULLETIN, "2026-H1") == before


def test_what_came_later_is_not_known(tmp_path: Path) -> None:
    town = Town(tmp_path, "x:a")
    at = datetime(2026, 7, 10, tzinfo=UTC)
    town.tells({"x:a": [post(date(2026, 3, 6), "Ümraniye 7/24 sayı 112")]}, at)
    before = town.measure(BULLETIN, "2026-H1", at=at)
    town.tells({"x:a": [post(date(2026, 3, 13), "Ümraniye 7/24 sayı 113")]}, AFTER)
    town.enters(date(2026, 3, 20), "114", at=AFTER)
    assert town.measure(BULLETIN, "2026-H1", at=at) == before
    assert town.measure(BULLETIN, "2026-H1").value == 3


def test_a_post_that_is_edited_later_changes_no_statement_of_before(tmp_path: Path) -> None:
    town, at = Town(tmp_path, "x:a"), datetime(2026, 7, 10, tzinfo=UTC)
    day = date(2026, 3, 6)
    for months, text in enumerate(["Ümraniye 7/24 sayı 11", "Ümraniye 7/24 sayı 112", "", "Başka bir şey"]):
        moment = at + timedelta(days=30 * months)
        town.tells({"x:a": [post(day, text, name="a")]}, moment)
    told = [town.measure(BULLETIN, "2026-H1", at=at + timedelta(days=30 * months)).beside["issues"] for months in range(4)]
    assert [[issue["number"] for issue in issues] for issues in told] == [["11"], ["112"], ["112"], []]


@pytest.mark.parametrize(
    "text",
    ["ÜMRANİYE 7/24", "ümraniye 7/24", "Ümrani̇ye 7/24", "ÜMRANIYE\u00a07/24", "Ümraniye\n\t 7/24", "Ümrani\u200bye 7/24"],
)
def test_capitals_and_blanks_make_no_difference(tmp_path: Path, text: str) -> None:
    town = Town(tmp_path, "x:a").tells({"x:a": [post(date(2026, 3, 6), f"{text} No: 112")]}, AFTER)
    for title in ("Ümraniye 7/24", "ÜMRANİYE 7/24", r"ümranıye\s7/24"):
        assert town.measure(replace(BULLETIN, title=title), "2026-H1").value == 1


# -- the order in which things are found never matters

DAYS = st.integers(0, 800).map(lambda offset: date(2025, 11, 1) + timedelta(days=offset))
SEEN = st.builds(
    lambda day, entry, via, number: Sighting(
        day, entry, f"{day}T09:00:00Z", "entry" if entry else via, "" if entry else f"{via}{day}{number}", number
    ),
    DAYS, st.integers(0, 1), st.sampled_from(["x:a", "youtube:b"]), st.sampled_from(["", "1", "2", "112"]),
)  # fmt: skip


@given(st.lists(SEEN, max_size=25), st.booleans(), st.randoms())
def test_the_same_issues_in_any_order(seen: list[Sighting], by_week: bool, order: random.Random) -> None:
    found = issues(seen, by_week=by_week)
    shuffled = [*seen, *seen[:3]]
    order.shuffle(shuffled)
    assert issues(shuffled, by_week=by_week) == found
    assert sum(1 + len(issue.others) for issue in found) == len(set(seen)), "every sighting is one issue's"
    if by_week:
        assert len({issue.week for issue in found}) == len(found)


OFFSETS = st.lists(st.tuples(st.integers(0, 380), st.sampled_from(["x:a", "youtube:b"]), st.integers(1, 12)), max_size=10)


@given(OFFSETS, st.sampled_from(["number", "week"]), st.randoms())
def test_halves_add_up_and_the_order_of_collection_never_matters(
    tmp_path_factory: pytest.TempPathFactory, found: list[tuple[int, str, int]], unique: str, order: random.Random
) -> None:
    rule = Series("s", TITLE, ("x", "youtube"), unique)
    told = [(via, post(date(2025, 12, 25) + timedelta(days=offset), f"Ümraniye 7/24 sayı {n}")) for offset, via, n in found]

    def values(sequence: list[tuple[str, Post]]) -> Callable[[], list[Measured]]:
        town = Town(tmp_path_factory.mktemp("db"), "x:a", "youtube:b").tells({}, AFTER)
        for via, one in sequence:
            town.archive.told(via, AFTER, posts=[one], stream="posts")
        measured = [town.measure(rule, period) for period in ("2026-H1", "2026-H2", "2026")]
        town.storage.connection.close()
        return lambda: measured

    shuffled = [*told]
    order.shuffle(shuffled)
    one, other = values(told)(), values(shuffled)()
    assert one == other
    assert sum(m.value or 0 for m in one[:2]) == one[2].value
    assert sorted(one[0].beside["missing"] + one[1].beside["missing"]) == one[2].beside["missing"]


def test_days_of_another_half_year_s_week_are_looked_at_with_the_first(tmp_path: Path) -> None:
    """1 to 3 January 2027 are of 2026-W53: no week of 2027-H1, yet an issue of these days counts there."""
    town, at = Town(tmp_path, "x:a"), datetime(2027, 7, 9, tzinfo=UTC)
    town.archive.told("x:a", at, stream="posts", since=datetime(2027, 1, 3, 21, tzinfo=UTC))
    found = town.measure(BULLETIN, "2027-H1", at=at)
    assert (found.beside["weeks"], found.coverage, len(found.beside["missing"])) == (25, Fraction(24, 25), 25)
    assert found.lacks[0].said() == "x:a: not looked through as a whole in 1 of 25 weeks: 2027-W01"


def test_days_before_the_period_are_not_counted_but_may_have_had_the_week_s_issue(tmp_path: Path) -> None:
    """29 to 31 December 2025 are of 2026-W01: nobody looked at them, and 2026-H1 is known without them."""
    town = Town(tmp_path, "x:a").tells({}, AFTER, since=datetime(2025, 12, 31, 21, tzinfo=UTC))
    found = town.measure(BULLETIN, "2026-H1")
    assert (found.status, found.beside["unknown"], len(found.beside["missing"])) == (OK, ["2026-W01"], 25)
    assert found.notes[1].said() == "weeks in which an issue may have been missed: 2026-W01"


def test_weeks_in_text() -> None:
    assert [str(Week.of(date(2026, 12, 31))), str(Week.of(date(2027, 1, 4)))] == ["2026-W53", "2027-W01"]
