"""The press in the store: asked by day through its indexes, ruled by people, and equal after a rebuild of the tables."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from model import MecraError, to_text
from storage.knowledge import Known, known_at
from storage.overview import Press as Overview
from storage.overview import press as overview
from storage.press import BETWEEN, appearances
from storage.reviewing import waiting, whole
from storage.rulings import history, rule, standing
from tests.indicators.papers import FEED, FILE, HOUR, SEARCH, Press, article
from tests.indicators.standing import LATER

JUNE = datetime(2025, 6, 15, 9, tzinfo=UTC)


@pytest.fixture
def press(tmp_path: Path) -> Press:
    """Four articles of one day: counted, excluded, waiting, and one of an agency's file."""
    found = Press(tmp_path)
    found.tell(
        FEED, JUNE, article("a", JUNE, story="s"), article("b", JUNE, status="excluded", reason="stadyum adı"),
        article("c", JUNE, outlet="Telgraf", status="review", reason="yalnızca ilçe", story="s"),
    )  # fmt: skip
    found.tell(FILE, JUNE, article("agency:1", JUNE, via="agency"))
    return found


def told(press: Press, at: datetime = LATER, first: str = "2025-06-15", last: str = "2025-06-15") -> dict[str, tuple[str, str]]:
    known = known_at(press.storage, at)
    found = appearances(press.storage, date.fromisoformat(first), date.fromisoformat(last), known)
    return {one.key: (one.status, one.reason) for one in found}


def test_what_the_rule_said_until_somebody_rules(press: Press) -> None:
    assert told(press) == {
        "a": ("counted", ""), "agency:1": ("counted", ""), "b": ("excluded", "stadyum adı"), "c": ("review", "yalnızca ilçe"),
    }  # fmt: skip
    rule(press.storage, [press.number("b"), press.number("c")], "counted", "  açılış\n haberi ", "Ayşe", JUNE + HOUR)
    assert told(press)["b"] == told(press)["c"] == ("counted", "açılış haberi")
    assert told(press, JUNE + HOUR - timedelta(seconds=1))["b"] == ("excluded", "stadyum adı")


def test_both_ends_are_days_of_it_and_nothing_else_is(press: Press) -> None:
    assert len(told(press, first="2025-06-01", last="2025-06-15")) == len(told(press, first="2025-06-15", last="2025-06-30")) == 4
    assert told(press, first="2025-06-16", last="2025-06-30") == told(press, first="2025-06-01", last="2025-06-14") == {}


def test_an_article_stands_on_one_day_only_whenever_it_is_asked_for(press: Press) -> None:
    """Found by a search on the 20th, dated the 18th by a feed a day later."""
    met = JUNE + 120 * HOUR
    press.tell(SEARCH, met, article("d", met, via="gdelt", raw="seendate 1"))
    press.tell(FEED, met + 24 * HOUR, article("d", JUNE + 72 * HOUR))
    for at, day in ((met, "2025-06-20"), (met + 25 * HOUR, "2025-06-18")):
        days = [f"2025-06-{n}" for n in range(14, 25) if "d" in told(press, at, f"2025-06-{n}", f"2025-06-{n}")]
        assert days == [day]


def test_days_are_found_through_indexes(press: Press) -> None:
    span = {"first": "2025-01-01", "last": "2025-06-30", "response": 9}
    plan = [row[3] for row in press.storage.connection.execute(f"EXPLAIN QUERY PLAN {BETWEEN.format('')}", span)]
    assert [line for line in plan if "articles" in line and "USING INDEX" not in line] == []
    assert any("articles_moved" in line for line in plan)


def test_one_outlet_is_the_same_looked_up_alone(press: Press) -> None:
    known = known_at(press.storage, LATER)
    every = appearances(press.storage, JUNE.date(), JUNE.date(), known)
    for outlet in {one.outlet for one in every}:
        alone = appearances(press.storage, JUNE.date(), JUNE.date(), known, outlet)
        assert alone == [one for one in every if one.outlet == outlet]
    assert appearances(press.storage, JUNE.date(), JUNE.date(), known, "Yok") == []


def test_a_ruling_says_why_of_an_article_that_is_there(press: Press) -> None:
    number = press.number("c")
    for articles, why, what in (
        ([number], " \n", "needs a reason"),
        ([number], "\u200b\x1b", "needs a reason"),
        ([number, 999], "açılış", "no article 999"),
    ):
        with pytest.raises(MecraError, match=what):
            rule(press.storage, articles, "counted", why, "Ayşe", JUNE)
    assert history(press.storage, "c") == ()
    with pytest.raises(sqlite3.IntegrityError):
        rule(press.storage, [number], "review", "geri", "Ayşe", JUNE)


def test_rulings_are_kept_one_after_the_other(press: Press) -> None:
    number = press.number("c")
    (first,) = rule(press.storage, [number, number], "counted", "açılış", "Ayşe", JUNE)
    (second,) = rule(press.storage, [number], "excluded", "ilan", "Mehmet", JUNE)
    assert history(press.storage, "c") == (first, second)
    assert (second.key, second.status, second.why, second.ruled_by, second.ruled_at) == (
        "c", "excluded", "ilan", "Mehmet", to_text(JUNE),
    )  # fmt: skip
    assert standing(press.storage, to_text(JUNE)) == {"c": second}, "of the same second the later one"
    assert standing(press.storage, to_text(JUNE - HOUR)) == {}
    for statement in ("UPDATE rulings SET why = 'x'", "DELETE FROM rulings"):
        with pytest.raises(sqlite3.IntegrityError, match="rule again"):
            press.storage.connection.execute(statement)


def test_no_ruling_goes_behind_a_seal(press: Press) -> None:
    press.storage.connection.execute("INSERT INTO plans VALUES ('p', 'H1', 'x', '2025-01-01T00:00:00Z', '')")
    press.storage.connection.execute(
        "INSERT INTO snapshots (period, revision, as_of, taken_at, plan, archive, status, sealed_at) "
        "VALUES ('2025-H1', 1, '2025-07-11T00:00:00Z', '2025-07-11T00:00:00Z', 'p', 9, 'ok', '2025-07-11T00:00:00Z')"
    )
    press.storage.connection.commit()
    with pytest.raises(MecraError, match="is sealed"):
        rule(press.storage, [press.number("c")], "counted", "açılış", "Ayşe", datetime(2025, 7, 11, tzinfo=UTC))
    rule(press.storage, [press.number("c")], "counted", "açılış", "Ayşe", datetime(2025, 7, 11, 0, 0, 1, tzinfo=UTC))
    before = appearances(press.storage, JUNE.date(), JUNE.date(), Known(9, datetime(2025, 7, 11, tzinfo=UTC)))
    assert {one.key for one in before if one.status == "review"} == {"c"}


def test_the_overview_counts_what_people_ruled(press: Press) -> None:
    assert overview(press.storage.connection) == Overview(counted=1, excluded=1, review=1, stories=1, outlets=2, agency=1)
    rule(press.storage, [press.number("c"), press.number("b")], "excluded", "ilan", "Ayşe", JUNE)
    rule(press.storage, [press.number("b")], "counted", "açılış", "Ayşe", JUNE)
    rule(press.storage, [press.number("agency:1")], "excluded", "ilan", "Ayşe", JUNE)
    assert overview(press.storage.connection) == Overview(counted=2, excluded=1, review=0, stories=2, outlets=2, agency=0)


def test_what_waits_and_all_that_is_known_of_one(press: Press) -> None:
    number = press.number("c")
    (one,) = waiting(press.storage)
    assert (one.article, one.day, one.outlet, one.why) == (number, "2025-06-15", "Telgraf", "yalnızca ilçe")
    press.tell(SEARCH, JUNE + HOUR, article("c", JUNE, via="gdelt"))
    (ruling,) = rule(press.storage, [number], "excluded", "ilan", "Ayşe", JUNE + HOUR)
    assert waiting(press.storage) == []
    found = whole(press.storage, number)
    assert found is not None and (found.status, found.reason, found.rulings) == ("excluded", "ilan", (ruling,))
    assert found.stored.status == "counted", "what the rule said, once a search decided"
    assert [copy.article for copy in found.copies] == [press.number("a")]
    assert [answer.response for answer in found.answers] == [found.stored.response, found.stored.decided_by]
    assert whole(press.storage, 999) is None
