"""The head of a table in a file that was handed in: which row it is, and which column is what.

Heads are searched and recognised by their words, and a mapping of the operator's overrides whatever is found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collectors.sheets.workbook import Cell
from collectors.turkish import fold

SEARCHED = 60


@dataclass(frozen=True, slots=True)
class Columns:
    """`names`: what each field's column may be called, folded, the surest name first; a field further down gives way to one above.
    `wanted`: what a row can't do without, in words, and the fields that give it."""

    names: Mapping[str, tuple[str, ...]]
    wanted: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table: its row (from 0), the column of each field and its title; `missing` is what no column gives, in words."""

    row: int
    columns: Mapping[str, int]
    titles: Mapping[str, str]
    missing: tuple[str, ...] = ()


def find_head(rows: Sequence[Sequence[Cell]], known: Columns, mapping: Mapping[str, str]) -> Head | None:
    """The row that names the most columns, of the first sixty; None where no row names two."""
    heads = [_head(number, row, known, mapping) for number, row in enumerate(rows[:SEARCHED])]
    best = max(heads, key=lambda head: (-len(head.missing), len(head.columns)), default=None)
    return best if best and len(best.columns) >= 2 else None


def _head(number: int, row: Sequence[Cell], known: Columns, mapping: Mapping[str, str]) -> Head:
    named: dict[str, list[int]] = {}
    for column, cell in enumerate(row):
        if isinstance(cell, str) and cell.strip():
            for name in {heading(cell), heading(re.sub(r"\(.*?\)|\[.*?\]", " ", cell))} - {""}:
                named.setdefault(name, []).append(column)
    columns: dict[str, int] = {}
    for field, title in mapping.items():
        if found := named.get(heading(title)):
            columns[field] = found[0]
    for field, names in known.names.items():
        if field not in mapping:
            free = [column for name in names for column in named.get(name, ()) if column not in columns.values()]
            if free:
                columns[field] = free[0]
    missing = tuple(name for name, fields in known.wanted.items() if not any(field in columns for field in fields))
    return Head(number, columns, {field: " ".join(str(row[column]).split()) for field, column in columns.items()}, missing)


def heading(text: str) -> str:
    """A column's title as it is compared: `"Reklam  Eşdeğeri (TL) *"` is `reklam esdegeri tl`."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(text)).split())


def letter(column: int) -> str:
    """`C` for column 2, as Excel shows it."""
    return (letter(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)
