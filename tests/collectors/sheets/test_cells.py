"""Cells and heads of agency files, one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from collectors.news.clippings import _tone as tone
from collectors.news.columns import COLUMNS
from collectors.sheets.cells import CellError, address, decimal_number, moment, whole_number
from collectors.sheets.heads import find_head, heading, letter
from tests.collectors.news.spreadsheets import NOW


@pytest.mark.parametrize(
    ("cell", "number"),
    [("11.617", 11617), ("11617", 11617), (11617.0, 11617), (11.617, 11617), (11.6, 11600), ("11\u00a0617", 11617), ("1.234.567", 1234567),
     ("11.617,00", 11617), ("1,234,567", 1234567), ("11.617 adet".replace(" adet", ""), 11617), (0, 0)],
)  # fmt: skip
def test_whole_numbers(cell: Any, number: int) -> None:
    assert whole_number(cell) == number


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1.234,56 ₺", "1234.56"), ("1.234,56 TL", "1234.56"), ("₺ 2.000", "2000"), ("12,5", "12.5"), ("12.5", "12.5"), (12.5, "12.5"),
     ("1,234.56", "1234.56"), ("-20", "-20"), ("11.617", "11617")],
)  # fmt: skip
def test_amounts(cell: Any, number: str) -> None:
    assert decimal_number(cell) == Decimal(number)


@pytest.mark.parametrize("cell", ["abc", "1.2.3", "12 adet", True, timedelta(hours=1), "1..2", "٣", "12,000", "1,000", "-12,000"])
def test_what_is_no_number(cell: Any) -> None:
    with pytest.raises(CellError):
        whole_number(cell)


@pytest.mark.parametrize("cell", ["www.a.example/x", "a.example", "http://a.example", "<https://a.example/ş>"])
def test_addresses(cell: str) -> None:
    assert address(cell).startswith("http")


def test_days_without_an_hour_have_no_instant() -> None:
    assert moment(date(2026, 11, 23), None, NOW) == (date(2026, 11, 23), None)
    assert moment(datetime(2026, 11, 23, 22, tzinfo=UTC), None, NOW)[0] == date(2026, 11, 24)


def test_tones_are_no_names() -> None:
    assert [tone(cell) for cell in ("OLUMLU ", "Olumsuz", "nötr", "Ali Veli", None)] == ["olumlu", "olumsuz", "nötr", "", ""]


def test_heads_and_letters() -> None:
    assert heading("  Reklam\u00a0 EŞDEĞERİ (TL) *") == "reklam esdegeri tl"
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert find_head([["x"], ["Tarih"]], COLUMNS, {}) is None
    head = find_head([["Tarih", "Mecra", "Yayın", "Başlık", "StxCm", "Reklam Eşdeğeri (TL)", "Erişim"]], COLUMNS, {})
    assert head is not None and head.columns == {
        "date": 0,
        "outlet": 2,
        "title": 3,
        "medium": 1,
        "reach": 6,
        "ad_value": 5,
        "area": 4,
    }
