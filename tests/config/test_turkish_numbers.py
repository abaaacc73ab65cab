"""Numbers as Turkish offices write them: exact, never read in two ways, and never anything but a figure, none, or a cure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.turkish_numbers import NoFigure, commas, figure, whole


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("11.617", 11617), ("11617", 11617), ("7.839.999", 7_839_999), ("1 100 000", 1_100_000), ("11\u00a0617", 11617),
        ("11\u202f617", 11617), ("95%", 95), ("%95", 95), ("% 95", 95), ("95 %", 95), ("95,5", Fraction(191, 2)),
        ("%95,5", Fraction(191, 2)), ("1.234,5", Fraction(2469, 2)), ("-%20", -20), ("%-20", -20), ("−20", -20), ("+5", 5),
        ("  52\u00a0", 52), ("0", 0), ("0,5", Fraction(1, 2)), ("0,617", Fraction(617, 1000)), ("\ufeff968", 968), ("007", 7),
        (52, 52), (Decimal("95.5"), Fraction(191, 2)), (0.1, Fraction(1, 10)), (18_000_000.0, 18_000_000), (Fraction(1, 3), Fraction(1, 3)),
    ],
)  # fmt: skip
def test_what_is_written_is_read(text: object, value: int | Fraction) -> None:
    assert figure(text) == value
    assert isinstance(figure(text), Fraction)


@pytest.mark.parametrize("text", ["", " ", "-", "—", "–", "\u00a0-\u00a0", "\u2212", None])
def test_none_is_no_zero(text: object) -> None:
    assert figure(text) is None
    assert whole(text) is None


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("11.61", "11,617"), ("0.617", "a comma begins"), ("95.5", "a comma begins"), ("1.2345", "a comma begins"), ("1,234,567", "1.234.567"),
        ("1,234.5", "1.234.567"), ("1.234.56", "write"), ("%%5", "write"), ("%5%", "write"), ("5%%", "write"), ("--5", "write"), ("5-", "write"),
        ("1e5", "write"), ("1_000", "write"), ("nan", "write"), ("inf", "write"), ("18 milyon", "write"), ("12 34", "write"), ("١٢", "write"),
        ("1２", "write"), ("=A1+1", "result"), ("5,", "write"), (",5", "write"), ("%", "write"), ("9" * 41, "write"), ("<b>5</b>", "write"),
        (True, "write"), (False, "write"), (float("nan"), "write"), (float("inf"), "write"), (Decimal("NaN"), "write"),
        (Decimal("1e999999"), "write"), ([5], "write"), ("- 5 -", "write"), ("+-5", "write"), ("1.234 567", "write"),
    ],
)  # fmt: skip
def test_what_could_be_two_things_is_refused(text: object, cure: str) -> None:
    with pytest.raises(NoFigure) as told:
        figure(text)
    assert cure in told.value.cure and "is no number" in told.value.what
    assert len(str(told.value)) < 200


def test_counted_things_have_no_decimals() -> None:
    assert whole("11.617") == 11617 and whole("5,0") == 5
    for text in ("1,234", "12,000", " 12,000 ", "-12,000"):
        with pytest.raises(NoFigure, match="no whole number"):
            whole(text)


@pytest.mark.parametrize(
    ("value", "are"),
    [
        ("12,000", True),
        ("%12,000", True),
        ("1,234", True),
        ("0,500", False),
        ("5,0", False),
        ("1.234,000", False),
        ("12.000", False),
        (12, False),
    ],
)
def test_commas_that_may_group_thousands(value: object, are: bool) -> None:
    assert commas(value) is are


def turkish(value: int, decimals: str, separator: str) -> str:
    return f"{abs(value):,}".replace(",", separator) + (f",{decimals}" if decimals else "")


@given(
    st.integers(0, 10**15), st.text("0123456789", max_size=6), st.sampled_from([".", " ", "\u00a0", "\u202f", ""]),
    st.sampled_from(["{}", "%{}", "{}%", "% {}", "{} %", " {} ", "\u00a0{}"]), st.booleans(),
)  # fmt: skip
def test_any_figure_comes_back(value: int, decimals: str, separator: str, dress: str, negative: bool) -> None:
    exact = Fraction(f"{value}.{decimals or 0}")
    text = dress.format(turkish(value, decimals, separator))
    assert figure(text) == exact
    assert figure("-" + text.strip()) == -exact if negative else True


@given(st.text())
def test_any_text_is_a_figure_or_none_or_told(text: str) -> None:
    try:
        found = figure(text)
    except NoFigure as told:
        assert told.what and told.cure
    else:
        assert found is None or isinstance(found, Fraction)


@given(st.text("0123456789.,-%+ \u00a0eE", max_size=12))
def test_a_dot_never_begins_decimals(text: str) -> None:
    try:
        found = figure(text)
    except NoFigure:
        return
    assert found is None or "," in text or found.denominator == 1
