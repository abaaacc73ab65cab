from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.cells import explanations, printed, widths
from reports.content import DAY, DECIMAL, NUMBER, PERCENT, TEXT, Cell, Column, Table
from words import speaking


@pytest.mark.parametrize(
    ("cell", "kind", "turkish", "english"),
    [
        (None, NUMBER, "–", "–"),
        ("-", DECIMAL, "-", "-"),
        (22465660, NUMBER, "22.465.660", "22,465,660"),
        (Fraction(26, 1), DECIMAL, "26", "26"),
        (Fraction(1, 3), DECIMAL, "0,33", "0.33"),
        (Fraction(-1, 200), DECIMAL, "-0,01", "-0.01"),
        (Fraction(25110, 24000), PERCENT, "%104,63", "104.63%"),
        (Fraction(-1, 5), PERCENT, "-%20", "-20%"),
        (Fraction(5, 2), NUMBER, "3", "3"),
        (date(2026, 11, 23), DAY, "23.11.2026", "2026-11-23"),
        ("satır\nsonu\x00", TEXT, "satır sonu", "satır sonu"),
    ],
)
def test_a_cell_is_printed_in_the_language_that_is_spoken(cell: Cell, kind: str, turkish: str, english: str) -> None:
    with speaking("tr"):
        assert printed(cell, kind) == turkish
    with speaking("en"):
        assert printed(cell, kind) == english


def test_explanations_of_one_row_stand_together() -> None:
    table = Table("t", "", [Column("a")], [["x"], ["y"]], spans=[(1, "bir"), (1, "iki")])
    assert explanations(table) == {1: "bir\niki"}


@given(
    st.lists(st.tuples(st.floats(0.1, 9), st.sampled_from([TEXT, NUMBER]), st.text("ab ", max_size=30)), min_size=1, max_size=12),
    st.integers(0, 10**12),
)
def test_columns_fill_the_width_exactly(columns: list[tuple[float, str, str]], figure: int) -> None:
    table = Table("t", "", [Column(title, kind, width) for width, kind, title in columns], [[figure] * len(columns)])
    with speaking("tr"):
        found = widths(table, 9000, 100, 160)
    assert sum(found) == 9000
    assert min(found) > 0


def test_a_narrow_column_is_widened_for_its_figures() -> None:
    table = Table("t", "", [Column("Metin", TEXT, 20), Column("Sayı", NUMBER, 0.1)], [["x", 22465660]])
    with speaking("tr"):
        assert widths(table, 9000, 100, 160) == [9000 - 1160, 1160]
