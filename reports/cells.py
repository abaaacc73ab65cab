"""How a table's cells are printed, and how wide its columns are: the same in every document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from reports.content import NUMBER, PERCENT, TEXT, Cell, Column, Table
from reports.inert import MOST, inert
from words import day, exact_percent, exactly

NONE = "–"  # not known, or none


def printed(cell: Cell, kind: str, most: int = MOST) -> str:
    """A cell in the language that is spoken, rounded once, half up; a text on one line."""
    if cell is None:
        return NONE
    if isinstance(cell, str):
        return inert(cell, most)
    if isinstance(cell, date):
        return day(cell)
    if kind == PERCENT:
        return exact_percent(cell)
    return exactly(cell, 0 if kind == NUMBER else 2)


def explanations(table: Table) -> dict[int, str]:
    """What stands below each row."""
    found: dict[int, list[str]] = {}
    for number, text in table.spans:
        found.setdefault(number, []).append(inert(text, lines=True))
    return {number: "\n".join(texts) for number, texts in found.items()}


def widths(table: Table, total: int, letter: int, margins: int) -> list[int]:
    """The columns' widths by their shares, where possible no column narrower than its figures, its days and its title's words.

    `total`, `letter` (the width of one) and `margins` (of a cell) in any unit; the sum is exactly `total`.
    """
    shares = _parts([column.width for column in table.columns], total)
    needs = [margins + letter * _longest(table, at, column) for at, column in enumerate(table.columns)]
    spare = total - sum(needs)
    if all(share >= need for share, need in zip(shares, needs, strict=True)):
        return shares
    if spare <= 0:
        return _parts(needs, total)
    wishes = [max(share - need, 0) for share, need in zip(shares, needs, strict=True)]
    more = _parts(wishes, spare) if any(wishes) else _parts(needs, spare)
    return [need + extra for need, extra in zip(needs, more, strict=True)]


def _longest(table: Table, at: int, column: Column) -> int:
    words = [len(word) for word in inert(column.title, 400).split()]
    if column.kind != TEXT:
        words += [len(printed(row[at], column.kind, 40)) for row in table.rows if not isinstance(row[at], str)]
    return min(max(words, default=1), 24)


def _parts(weights: Sequence[float], total: int) -> list[int]:
    """`total` in whole parts by weight; the sum is exact."""
    whole, edges = sum(weights), [0]
    for at in range(1, len(weights) + 1):
        edges.append(round(total * sum(weights[:at]) / whole))
    return [right - left for left, right in pairwise(edges)]
