"""News: each appearance once, on its local day, as it was known; what was collected and what an agency counted apart."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.news import settle
from config.plan import News, Scoped
from indicators import measure
from indicators.recompute import measured_again
from indicators.result import NO_DATA, OK, PROVISIONAL, Measured
from indicators.snapshot import take
from model import Gap, Period
from storage import Storage
from storage.press_sources import leave
from storage.rulings import rule
from tests.indicators.looking import copies
from tests.indicators.papers import DAY, FEED, FILE, HOUR, SEARCH, Press, article, as_told, days_of
from tests.indicators.standing import ISTANBUL, LATER, account, asked, indicator, plan
from words import speaking

PG, AGENCY = indicator(News()), indicator(News("agency"))
JUNE = datetime(2025, 6, 15, 9, tzinfo=UTC)
EDGE = datetime(2025, 6, 30, 21, tzinfo=UTC)


def found(storage: Storage, period: str = "2025-H1", at: datetime = LATER, official: str = "collected") -> Measured:
    return measure(asked(storage, AGENCY if official == "agency" else PG, period, at=at))


def outlets(measured: Measured) -> dict[str, object]:
    return {part.part: part.value for part in measured.parts if not part.part.startswith("source:")}


@pytest.mark.parametrize(
    ("at", "period"),
    [
        (EDGE - timedelta(seconds=1), "2025-H1"),
        (EDGE, "2025-H2"),
        (datetime(2025, 12, 31, 20, 59, 59, tzinfo=UTC), "2025-H2"),
        (datetime(2025, 12, 31, 21, tzinfo=UTC), "2026-H1"),
        (datetime(2028, 2, 28, 21, tzinfo=UTC), "2028-H1"),  # the 29th in Istanbul
        (datetime(2028, 2, 29, 20, 59, 59, tzinfo=UTC), "2028-H1"),
    ],
)
def test_an_appearance_belongs_to_the_half_year_of_its_local_day(tmp_path: Path, at: datetime, period: str) -> None:
    press = Press(tmp_path)
    press.tell(FEED, at + HOUR, article("a", at))
    there = {half: found(press.storage, half).value for half in ("2025-H1", "2025-H2", "2026-H1", "2028-H1", period[:4])}
    assert {half for half, value in there.items() if value == 1} == {period, period[:4]}
    assert found(press.storage, period).beside["collected"]["by_month"] == {f"{at + 3 * HOUR:%Y-%m}": 1}


def test_a_whole_half_year_with_everything_to_tell(tmp_path: Path) -> None:
    press = Press(tmp_path)
    press.watch("2025-H1")
    later = datetime(2025, 7, 2, 12, tzinfo=UTC)
    one, copy = article("a", JUNE, story="s"), article("b", JUNE + 40 * HOUR, outlet="Telgraf", story="s")
    other = article("c", JUNE - 60 * DAY, story="c")
    stadium = article("d", JUNE, status="excluded", reason="stadyum adı")
    waits = article("e", JUNE, status="review", reason="yalnızca ilçe")
    press.tell(FEED, later, one, copy, other, stadium, waits)
    press.tell(FILE, later + HOUR, article("agency:1", JUNE, via="agency"), article("agency:2", JUNE, via="agency"))
    told = found(press.storage)
    assert (told.numerator, told.coverage, told.status) == (3, Fraction(1), PROVISIONAL)
    assert outlets(told) == {"Posta": 2, "Telgraf": 1}
    assert [(p.part, p.value, p.asked, p.covered) for p in told.parts[2:]] == [
        ("source:feed", None, 181, 181),
        ("source:gdelt", None, 181, 181),
    ]
    collected, agency = told.beside["collected"], told.beside["agency"]
    assert (collected["appearances"], collected["stories"], agency["appearances"]) == (3, 2, 2)
    assert collected["by_outlet"] == {"Posta": 2, "Telgraf": 1}
    assert collected["by_month"] == {"2025-04": 1, "2025-06": 2}
    assert collected["excluded"] == {"stadyum adı": 1}
    assert collected["review"] == {"articles": 1, "first": [press.number("e")]}
    with speaking("tr"):
        assert [note.said() for note in told.lacks] == ["1 haber inceleme bekliyor; sayılabilir (`mecra news review`)"]
        assert [note.said() for note in told.notes] == [
            "3 yansıma, 2 tekil haber; aynı metnin kopyaları tek tek sayılır",
            "medya takip ajansının dosyalarındaki sayı 2; ikisi toplanmaz",
        ]


def test_the_agencys_count_is_a_count_of_its_own(tmp_path: Path) -> None:
    press = Press(tmp_path)
    press.tell(FEED, JUNE, article("a", JUNE))
    press.tell(FILE, JUNE, *(article(f"agency:{n}", datetime(2025, n, 20, tzinfo=UTC), via="agency") for n in (1, 2, 4, 5, 6)))
    told = found(press.storage, official="agency")
    assert (told.numerator, told.coverage, told.status) == (5, Fraction(5, 6), PROVISIONAL)
    assert [(p.part, p.asked, p.covered) for p in told.parts[1:]] == [("source:agency", 6, 5)]
    with speaking("tr"):
        assert [note.said() for note in told.lacks] == ["ajans dosyası bulunmayan aylar: 2025-03"]
        assert "mecra'nın kendi derlediği sayı 1; ikisi toplanmaz" in [note.said() for note in told.notes]
        assert "ajansın 2025-01 ayına ait satırları yalnızca 20.01.2025 – 20.01.2025 arasında" in [n.said() for n in told.notes]
    assert found(press.storage).value == 1
    assert found(press.storage, "2025-H2", official="agency").status == NO_DATA


def test_a_month_that_runs_is_not_asked_of_the_agency(tmp_path: Path) -> None:
    press = Press(tmp_path)
    press.tell(FILE, JUNE, article("agency:1", datetime(2025, 1, 20, tzinfo=UTC), via="agency"))
    told = found(press.storage, at=datetime(2025, 2, 28, 20, 59, tzinfo=UTC), official="agency")
    assert told.value is None, "the file is handed in in June"
    told = measure(asked(press.storage, AGENCY, "2025-H1", at=JUNE))
    assert [(p.asked, p.covered) for p in told.parts[1:]] == [(5, 1)]


# -- as it was known


def test_a_ruling_counts_from_its_time_on(tmp_path: Path) -> None:
    press = Press(tmp_path)
    press.tell(FEED, JUNE, article("a", JUNE), article("b", JUNE, status="review"), article("c", JUNE, status="excluded"))
    before = found(press.storage, at=JUNE + DAY)
    rule(press.storage, [press.number("b"), press.number("c")], "counted", "başkanın açılışı", "Ayşe", JUNE + 2 * DAY)
    rule(press.storage, [press.number("a")], "excluded", "ilan", "Ayşe", JUNE + 3 * DAY)
    rule(press.storage, [press.number("c")], "excluded", "yanlış okunmuş", "Mehmet", JUNE + 4 * DAY)
    assert found(press.storage, at=JUNE + DAY) == before
    values = [found(press.storage, at=JUNE + days * DAY).value for days in (1, 2, 3, 4)]
    assert values == [1, 3, 2, 1]
    now = found(press.storage)
    assert not [note for note in now.lacks if "review" in note.text]
    assert now.beside["collected"]["excluded"] == {"ilan": 1, "yanlış okunmuş": 1}
    assert now.beside["ruled"] == 3


def test_what_a_later_answer_decides_or_dates_is_not_known_before(tmp_path: Path) -> None:
    press = Press(tmp_path)
    met = EDGE + 2 * HOUR
    press.tell(SEARCH, met, article("a", met, via="gdelt", raw="seendate 1"), article("b", JUNE, via="gdelt", status="review"))
    before = {half: found(press.storage, half, at=met + DAY) for half in ("2025-H1", "2025-H2")}
    press.tell(FEED, met + 2 * DAY, article("a", EDGE - HOUR), article("b", JUNE))
    assert {half: found(press.storage, half, at=met + DAY) for half in before} == before
    assert [before[half].beside["collected"]["appearances"] for half in before] == [0, 1]
    assert before["2025-H1"].beside["collected"]["review"]["articles"] == 1
    now = {half: found(press.storage, half) for half in before}
    assert [now[half].beside["collected"]["appearances"] for half in now] == [2, 0]
    assert now["2025-H1"].beside["collected"]["review"]["articles"] == 0


def test_an_article_that_was_found_later_is_not_known_before(tmp_path: Path) -> None:
    press = Press(tmp_path)
    press.tell(FEED, JUNE, article("a", JUNE))
    before = found(press.storage, at=EDGE + 10 * DAY)
    press.tell(SEARCH, EDGE + 20 * DAY, article("b", JUNE, via="gdelt"), since=EDGE - 300 * DAY)
    press.tell(FILE, EDGE + 20 * DAY, article("agency:1", JUNE, via="agency"))
    assert found(press.storage, at=EDGE + 10 * DAY) == before
    assert found(press.storage).value == 2


# -- whatever the order


@given(data=st.data())
def test_the_order_of_collection_changes_nothing(data: st.DataObject, empty: object) -> None:
    """The same articles, told in any order, in any pieces, some of them again."""
    choices = st.sampled_from(["counted", "excluded", "review"])
    hours = data.draw(st.lists(st.integers(-30, 30), min_size=1, max_size=12))
    told = [
        article(f"k{n}", EDGE + hour * HOUR, outlet=f"O{n % 3}", status=data.draw(choices), story=f"s{n // 2}")
        for n, hour in enumerate(hours)
    ]
    values = []
    for order in (told, data.draw(st.permutations(told))):
        press = Press(Storage(empty().connection, ISTANBUL, as_told))  # type: ignore[operator]
        again = [*order, *data.draw(st.lists(st.sampled_from(told), max_size=6))]
        at, pieces = EDGE + 40 * HOUR, random.Random(len(again)).randrange(1, 4)
        for piece in range(pieces):
            press.tell(FEED, at + piece * HOUR, *again[piece::pieces])
        halves = [found(press.storage, half) for half in ("2025-H1", "2025-H2")]
        whole = found(press.storage, "2025")
        assert (halves[0].numerator or 0) + (halves[1].numerator or 0) == (whole.numerator or 0)
        values.append([(m.numerator, m.parts, _without_numbers(m)) for m in (*halves, whole)])
        press.storage.connection.close()
    assert values[0] == values[1]
    counted = [one for one in told if one.status == "counted"]
    assert (values[0][2][0] or 0) == len(counted), "stories never lower the count"


def test_copies_of_one_text_count_one_by_one(tmp_path: Path) -> None:
    """The stories as collecting finds them: one text in five papers and a mirror of it are five appearances of one story."""
    press = Press(Storage(Press(tmp_path).storage.connection, ISTANBUL, settle))
    text = "Ümraniye Belediyesi yeni kütüphaneyi açtı"
    press.tell(FEED, JUNE, *(replace(article(f"o{n}.example/1", JUNE, outlet=f"O{n}"), title=text, story="") for n in range(5)))
    press.tell(FEED, JUNE + HOUR, replace(article("o1.example/1", JUNE, outlet="O1"), title=text, story=""))
    collected = found(press.storage).beside["collected"]
    assert (collected["appearances"], collected["stories"]) == (5, 1)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> object:
    return copies(tmp_path_factory.mktemp("press"), FEED, SEARCH, FILE)


def _without_numbers(measured: Measured) -> dict[str, object]:
    collected = dict(measured.beside["collected"])
    return {**collected, "review": collected["review"]["articles"]}


# -- how far it was looked at


def test_no_source_and_nothing_read_are_no_data(tmp_path: Path) -> None:
    told = found(Press(tmp_path / "none", "x:a", FILE).storage)
    assert (told.value, told.status, told.coverage) == (None, NO_DATA, Fraction(0))
    assert [note.said() for note in told.lacks] == ["no source of news is under watch"]
    told = found(Press(tmp_path / "unread").storage)
    assert (told.value, told.status) == (None, NO_DATA)
    assert [note.values["days"] for note in told.lacks] == [181, 181]


def test_a_watched_half_year_without_news_is_nothing_and_known(tmp_path: Path) -> None:
    press = Press(tmp_path)
    press.watch("2025-H1")
    told = found(press.storage)
    assert (told.numerator, told.status) == (0, OK)


@pytest.mark.parametrize("gone", [FEED, SEARCH])
def test_without_one_source_the_value_is_provisional(tmp_path: Path, gone: str) -> None:
    press = Press(tmp_path)
    press.watch("2025-H1", *{FEED, SEARCH} - {gone})
    press.tell(*((FEED, JUNE) if gone == SEARCH else (SEARCH, JUNE)), article("a", JUNE))
    told = found(press.storage)
    assert (told.numerator, told.coverage, told.status) == (1, Fraction(1, 2), PROVISIONAL)
    assert [(note.values["source"], note.values["days"]) for note in told.lacks] == [(gone, 181)]


def test_a_feed_catches_up_within_two_days_and_no_later(tmp_path: Path) -> None:
    march = date(2025, 3, 10)
    for days, missing in ((1, 0), (2, 1), (5, 4)):
        press = Press(tmp_path / str(days), FEED)
        press.watch("2025-H1", without=[march + n * DAY for n in range(days)])
        told = found(press.storage)
        assert told.parts[-1].asked - told.parts[-1].covered == missing, days
        if missing:
            assert (told.lacks[0].values["first"], told.lacks[0].values["days"]) == ("2025-03-09", missing)


def test_a_feed_that_rolled_over_says_since_when(tmp_path: Path) -> None:
    press = Press(tmp_path, FEED)
    noon = datetime(2025, 3, 11, 9, tzinfo=UTC)
    for day in days_of("2025-H1"):
        at = Period.midnight(day, ISTANBUL) + 12 * HOUR
        press.tell(FEED, at, gaps=[Gap("items", "none are left", day=at.date())] if at == noon else [])
    told = found(press.storage)
    assert (told.parts[-1].asked, told.parts[-1].covered) == (181, 179)
    assert (told.lacks[0].values["first"], told.lacks[0].values["last"]) == ("2025-03-10", "2025-03-11")
    assert found(press.storage, at=noon - HOUR).coverage == Fraction(68, 69), "the 10th ends, and is read the next noon"


def test_a_walk_that_ended_late_read_late(tmp_path: Path) -> None:
    press = Press(tmp_path, FEED)
    press.watch("2025-H1", without=[date(2025, 3, 10) + n * DAY for n in range(6)])
    begun = datetime(2025, 3, 10, 9, tzinfo=UTC)
    press.storage.connection.execute(
        "INSERT INTO walks (account, stream, started_at, finished_at, since, depth, outcome, trigger) "
        "VALUES (?, 'items', '2025-03-10T09:00:00Z', '2025-03-15T09:00:00Z', '2025-03-10T09:00:00Z', 0, 'done', 'schedule')",
        (FEED,),
    )
    told = found(press.storage)
    assert told.lacks[0].values["days"] == 4 and begun.date().isoformat() > str(told.lacks[0].values["first"])


def test_a_search_covers_what_its_walks_asked_for(tmp_path: Path) -> None:
    press = Press(tmp_path, SEARCH)
    press.tell(SEARCH, EDGE + DAY, since=EDGE - 400 * DAY)  # GDELT reaches back ninety days
    assert [(p.asked, p.covered) for p in found(press.storage).parts] == [(181, 89)]
    press = Press(tmp_path / "gnews", "gnews:search")
    press.tell("gnews:search", EDGE + DAY, since=EDGE - 400 * DAY, gaps=[Gap("articles", "a full day", day=date(2025, 5, 5))])
    assert [(p.asked, p.covered) for p in found(press.storage).parts] == [(181, 180)]


def test_a_source_is_asked_between_its_days(tmp_path: Path) -> None:
    press = Press(tmp_path, FEED, "feed:yeni", "feed:eski", "feed:sonra")
    press.storage.connection.execute("UPDATE accounts SET since = '2025-06-20' WHERE account = 'feed:yeni'")
    press.storage.connection.execute("UPDATE accounts SET until = '2025-01-10' WHERE account = 'feed:eski'")
    press.storage.connection.execute("UPDATE accounts SET since = '2025-07-01' WHERE account = 'feed:sonra'")
    told = found(press.storage)
    assert told.parts[-1].asked == 181 + 11 + 10
    assert told.beside["sources"]["feed"] == {"sources": 3, "missing": {FEED: 181, "feed:yeni": 11, "feed:eski": 10}}


def test_many_silent_feeds_are_told_in_few_words(tmp_path: Path) -> None:
    press = Press(tmp_path, *(f"feed:f{n:02}" for n in range(12)))
    told = found(press.storage)
    assert len(told.lacks) == 6
    assert told.lacks[-1].said() == "7 more sources with days on which they were not read: 1,267 days in all"


def test_the_statements_scope_names_its_sources(tmp_path: Path) -> None:
    """A feed that is added later, or leaves the list, changes nothing of a statement that named its own."""
    press = Press(tmp_path, FEED, "feed:yeni")
    press.watch("2025-H1", FEED)
    scope = [Scoped("x:a"), Scoped(FEED), Scoped(FILE)]
    told = measure(asked(press.storage, PG, "2025-H1", scope=scope))
    assert (told.coverage, told.status) == (Fraction(1), OK)
    assert measure(asked(press.storage, PG, "2025-H1", scope=[Scoped("x:a")])).coverage == Fraction(1, 2)
    assert measure(asked(press.storage, PG, "2025-H1", scope=[Scoped(FILE)])).status == NO_DATA


def test_a_snapshot_measured_again_knows_the_sources_of_its_time(tmp_path: Path) -> None:
    press = Press(tmp_path, FEED, SEARCH, FILE, "x:a")
    press.watch("2025-H1", FEED, SEARCH)
    press.tell(FEED, JUNE, article("a", JUNE), article("b", JUNE, status="review"))
    for official in (PG, AGENCY):
        taken = take(press.storage, plan(official), Period.parse("2025-H1"), EDGE + 11 * DAY, taken_at=EDGE + 11 * DAY)
        press.storage.register([account("feed:yeni"), account("gnews:search")])
        leave(press.storage, ["feed:yeni"], date(2025, 2, 1))
        rule(press.storage, [press.number("b")], "counted", "başkanın açılışı", "Ayşe", EDGE + 12 * DAY)
        assert measured_again(press.storage, plan(official), taken) == taken
        assert [account for account, _, _ in json.loads(taken.scope)][:2] == ["x:a", FILE]


def test_a_feed_that_left_the_list_is_asked_no_more(tmp_path: Path) -> None:
    press = Press(tmp_path, FEED, "feed:eski", SEARCH)
    for _ in range(2):  # the first day on which it is missed counts
        leave(press.storage, [FEED, SEARCH], date(2025, 2, 1))
        leave(press.storage, [FEED, SEARCH], date(2025, 3, 1))
        assert found(press.storage).parts[0].asked == 181 + 31
    press.storage.register([account("feed:eski")])
    assert found(press.storage).parts[0].asked == 2 * 181


def test_a_touched_key_shows_in_the_digest(tmp_path: Path) -> None:
    press = Press(tmp_path)
    press.tell(FEED, JUNE, article("a", JUNE), article("b", JUNE))
    before = found(press.storage)
    press.storage.connection.execute("UPDATE articles SET key = 'z' WHERE key = 'a'")
    after = found(press.storage)
    assert before.value == after.value and before.parts[0].digest != after.parts[0].digest
    assert replace(before.parts[0], digest="") == replace(after.parts[0], digest="")
