"""The shared vocabulary: times, records, and what they promise of each other."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Exchange, Gap, Page, Period, Post, Profile, Reading, Records, Walk, from_text, to_text, utc_now
from tests.fakes import NOON

INSTANTS = st.datetimes(
    NOON.replace(tzinfo=None, year=1), NOON.replace(tzinfo=None, year=9998), timezones=st.timezones() | st.just(UTC)
)


@given(INSTANTS, INSTANTS)
def test_text_order_is_time_order(one: datetime, other: datetime) -> None:
    a, b = to_text(one), to_text(other)
    assert len(a) == len(b) == 20
    seconds = [at.astimezone(UTC).replace(microsecond=0) for at in (one, other)]
    assert (a < b) == (seconds[0] < seconds[1]) and (a == b) == (seconds[0] == seconds[1])
    assert from_text(a) == seconds[0]


@pytest.mark.parametrize("text", ["2026-11-23T10:00:00", "2026-11-23", "20261123T100000", "", "soon", "2026-13-01T00:00:00Z"])
def test_a_time_without_a_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"zone|Invalid|month"):
        from_text(text)


def test_a_naive_time_is_not_taken_for_the_machine_s_own() -> None:
    """`astimezone` would read it in the zone of the machine, which is another one on every server."""
    with pytest.raises(ValueError, match="zone"):
        to_text(NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-07-01T00:00:00+03:00", "2026-06-30T21:00:00Z"),
        ("2026-11-23T07:00:00.999Z", "2026-11-23T07:00:00Z"),
        ("2026-11-23T07:00:00+0000", "2026-11-23T07:00:00Z"),
    ],
)
def test_times_are_utc(text: str, expected: str) -> None:
    assert to_text(from_text(text)) == expected


def test_now_is_aware_and_whole() -> None:
    now = utc_now()
    assert now.tzinfo is UTC and now.microsecond == 0 and abs((datetime.now(UTC) - now).total_seconds()) < 5


def test_summer_time_and_none() -> None:
    """Istanbul has had none since 2016: +3 all year."""
    for month in (1, 7):
        assert to_text(datetime(2026, month, 1, tzinfo=ZoneInfo("Europe/Istanbul"))).endswith("T21:00:00Z")
    assert to_text(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-8)))) == "2026-01-01T08:00:00Z"


def test_an_exchange_knows_its_body() -> None:
    exchange = Exchange(NOON, "GET", "http://h/", 200, b'{"a": 1}', 8)
    assert exchange.value == {"a": 1} and exchange.sha256 == hashlib.sha256(b'{"a": 1}').hexdigest()
    assert Exchange(NOON, "GET", "http://h/", 200, b"", 8, parsed={"a": 1}) == Exchange(NOON, "GET", "http://h/", 200, b"", 8)
    with pytest.raises(ValueError, match="Expecting"):
        Exchange(NOON, "GET", "http://h/", 200, b"<html>", 8).value  # noqa: B018


def test_records_are_joined_in_their_order() -> None:
    one = Records(Profile("1"), (Post("a", "post", NOON),), (Reading("views", 1, "a"),), gaps=(Gap("x", "r"),), faults=("f",))
    other = Records(Profile("2"), (Post("b", "post", NOON),), (Reading("views", 2, "b"),), faults=("g",))
    joined = Records.joined(part for part in (Records(), one, other))
    assert joined.profile == Profile("1") and [p.post for p in joined.posts] == ["a", "b"]
    assert [r.value for r in joined.readings] == [1, 2] and joined.gaps == one.gaps and joined.faults == ("f", "g")
    assert Records.joined([]) == Records()


def test_a_reading_says_what_it_is() -> None:
    reading = Reading("views", 5, "p", date(2026, 3, 1))
    assert (reading.metric, reading.value, reading.post, reading.day, reading.exact) == ("views", 5, "p", date(2026, 3, 1), True)


@given(st.lists(st.tuples(st.booleans(), st.lists(st.sampled_from("abc"), max_size=3)), max_size=6))
def test_notes_are_kept_once_and_make_a_walk_partial(pages: list[tuple[bool, list[str]]]) -> None:
    walk = Walk(1, "x:a", "posts", NOON, NOON, "t")
    said: list[str] = []
    for number, (_, notes) in enumerate(pages):
        walk = walk.after(Page(str(number), notes=tuple(notes)), NOON)
        said += [note for note in dict.fromkeys(notes) if note not in said]
        assert walk.outcome is None and walk.finished_at is None and walk.pages == number + 1
    done = walk.after(Page(), NOON)
    assert list(done.notes) == said and done.outcome == ("partial" if said else "done")
    assert json.dumps(done.notes)


ISTANBUL = ZoneInfo("Europe/Istanbul")


@pytest.mark.parametrize(
    ("instant", "half"),
    [
        ("2025-06-30T20:59:59Z", "2025-H1"),
        ("2025-06-30T21:00:00Z", "2025-H2"),
        ("2025-12-31T20:59:59Z", "2025-H2"),
        ("2025-12-31T21:00:00Z", "2026-H1"),
        ("2025-12-31T21:30:00Z", "2026-H1"),
        ("2026-12-31T21:00:00Z", "2027-H1"),
        ("2028-02-29T12:00:00Z", "2028-H1"),
    ],
)
def test_an_instant_belongs_to_one_half_year_of_istanbul(instant: str, half: str) -> None:
    at, period = from_text(instant), Period.parse(half)
    start, end = period.span(ISTANBUL)
    assert start <= at < end
    assert Period.half_of(at.astimezone(ISTANBUL).date()) == period


@given(st.integers(2000, 2099))
def test_halves_are_the_year(year: int) -> None:
    whole = Period(year)
    first, second = whole.halves
    assert first.days + second.days == whole.days
    assert first.span(ISTANBUL)[1] == second.span(ISTANBUL)[0]
    assert (first.span(ISTANBUL)[0], second.span(ISTANBUL)[1]) == whole.span(ISTANBUL)
    assert [Period.parse(str(period)) for period in (whole, first, second)] == [whole, first, second]


@pytest.mark.parametrize("text", ["", "2026-h1", "2026-H3", "26", "2026-1", "1999", "٢٠٢٦", "2026-H1x"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="no period"):
        Period.parse(text)


def test_what_is_no_period_is_quoted_in_part() -> None:
    with pytest.raises(ValueError, match="is no period") as told:
        Period.parse("7" * 30_000)
    assert len(str(told.value)) < 300
