"""Dates as Turkish feeds write them (facts: yt_news 16.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.dates import ISTANBUL, when

SEVEN = datetime(2026, 11, 23, 7, tzinfo=UTC)
SEEN = SEVEN + timedelta(minutes=30)


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 23 Nov 2026 10:00:00 +0300",
        "Mon, 23 Nov 2026 10:00:00  +0300",
        "Mon, 23 Nov 26 10:00:00 +0300",
        "Mon, 23 Nov 2026 10:00:00 +03:00",
        "Mon, 23 Nov 2026 10:00 +03",
        "Sun, 23 Nov 2026 10:00:00 +0300",
        "Mon, 23 Nov 2026 07:00:00 GMT",
        "Mon, 23 Nov 2026 07:00:00 [GMT]",
        "Mon, 23 Nov 2026 07:00:00 Z",
        "Mon, 23 Nov 2026 10:00:00 GMT+3",
        "Mon, 23 Nov 2026 09:00:00 EET",
        "Mon, 23 Nov 2026 10:00:00 EEST",
        "Mon, 23 Nov 2026 10:00:00 TRT",
        "Mon, 23 Nov 2026 02:00:00 EST",
        "Mon, 23 Nov 2026 10:00:00",
        "Pzt, 23 Kas 2026 10:00:00 +0300",
        "Pazartesi, 23 Kasım 2026 10:00:00",
        "23 Kasım 2026 10:00",
        "23 KASIM 2026 10:00",
        "23 Kasım 2026, 10:00",
        "23 Kasım 2026 Pazartesi 10:00:00",
        "23.11.2026 10:00:00",
        "23.11.2026 10:00",
        "23/11/2026 10:00",
        "2026-11-23 10:00:00",
        "2026-11-23T10:00:00",
        "2026-11-23T10:00:00.250+03:00",
        "2026-11-23T10:00:00+0300",
        "2026-11-23T07:00:00Z",
        "20261123T070000Z",
        "1795417200",
        "1795417200000",
        "Mon Nov 23 10:00:00 2026",
        "Nov 23, 2026 10:00",
        "  Mon, 23 Nov 2026 10:00:00 +0300 \n",
    ],
)
def test_ten_o_clock_in_istanbul(text: str) -> None:
    assert when(text, seen=SEEN) == SEVEN


@pytest.mark.parametrize("month", range(1, 13))
def test_turkish_months(month: int) -> None:
    long = ["Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"][
        month - 1
    ]
    at = datetime(2025, month, 5, 10, tzinfo=ISTANBUL)
    for name in (long, long[:3], long.upper(), long.replace("i", "İ").upper(), long.lower()):
        assert when(f"05 {name} 2025 10:00", seen=SEEN) == at


@pytest.mark.parametrize(
    "text",
    ["", "dün", "32 Kasım 2026 10:00", "23.13.2026 10:00", "2026-11-23 25:00", "Mon, 00 Nov 2026", "-1", "99999999999", "0001-01-01",
     "Mon, 23 Foo 2026 10:00:00 +0300", "Mon, 23 Nov 2026 10:00:00 +9900", "1970-01-01T00:00:00Z"],
)  # fmt: skip
def test_no_date_is_none(text: str) -> None:
    assert when(text, seen=SEEN) is None


def test_a_day_alone_begins_in_istanbul() -> None:
    assert when("2026-11-23", seen=SEEN) == datetime(2026, 11, 22, 21, tzinfo=UTC)
    assert when("23.11.2026", seen=SEEN) == datetime(2026, 11, 22, 21, tzinfo=UTC)


def test_summer_time_of_before_2016() -> None:
    assert when("01.01.2015 10:00", seen=SEEN) == datetime(2015, 1, 1, 8, tzinfo=UTC)
    assert when("01.07.2015 10:00", seen=SEEN) == datetime(2015, 7, 1, 7, tzinfo=UTC)


def test_istanbul_time_mislabelled_as_gmt_is_set_right() -> None:
    assert when("Mon, 23 Nov 2026 10:00:00 GMT", seen=SEEN) == SEVEN
    assert when("2026-11-23T10:00:00Z", seen=SEEN) == SEVEN
    assert when("2026-11-23T10:00:00+00:00", seen=SEEN) == SEVEN


def test_the_future_is_not_believed() -> None:
    assert when("Mon, 23 Nov 2026 10:34:00 +0300", seen=SEEN) == SEVEN + timedelta(minutes=34)
    assert when("Mon, 23 Nov 2026 10:36:00 +0300", seen=SEEN) is None
    assert when("Mon, 23 Nov 2026 14:00:00 GMT", seen=SEEN) is None
    assert when("Mon, 23 Nov 2099 10:00:00", seen=SEEN) is None


@given(st.text(max_size=100))
def test_any_text_is_a_date_or_none(text: str) -> None:
    at = when(text, seen=SEEN)
    assert at is None or (at.tzinfo is UTC and at <= SEEN + timedelta(minutes=5))


@given(st.integers(631_152_000, 1_795_000_000), st.integers(-14 * 60, 14 * 60))
def test_what_is_written_is_read(epoch: int, offset: int) -> None:
    at = datetime.fromtimestamp(epoch, UTC)
    sign, (hours, minutes) = "-" if offset < 0 else "+", divmod(abs(offset), 60)
    text = f"{at + timedelta(minutes=offset):%Y-%m-%dT%H:%M:%S}{sign}{hours:02}:{minutes:02}"
    assert when(text, seen=SEEN) == at
