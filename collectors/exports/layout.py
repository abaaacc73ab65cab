"""Which column of a file is what: a platform's own export, known by its headings, or our own table, long or wide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from collectors.sheets import cells
from collectors.sheets.heads import SEARCHED, Columns, find_head, heading
from collectors.sheets.workbook import Cell, FileError, Sheet
from config.exports import FIELDS, Export, Words
from words import N_, _

FORM = N_(
    "the table needs a head such as Hesap, Tarih, Gösterge, Değer; or Hesap, Tarih, Takipçi, Görüntülenme (docs/operating.md)"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The head of one sheet: its row (from 0), the column of each field, and our figure in each column that holds one."""

    row: int
    fields: Mapping[str, int]
    figures: Mapping[int, str]
    titles: Mapping[int, str]
    export: Export | None = None
    join: tuple[int, ...] = ()

    @property
    def understood(self) -> dict[str, str]:
        """Field or figure -> the title that its column has."""
        named = {name: self.titles[column] for name, column in self.fields.items()}
        return named | {ours: self.titles[column] for column, ours in self.figures.items()}


def layouts(
    path: Path, sheets: Sequence[Sheet], words: Words, mapping: Mapping[str, str], *, account: bool, at: bool
) -> list[tuple[Sheet, Layout]]:
    """The sheets that hold figures; raises FileError that says what is missing in the best one where none does.

    `account` and `at`: whether whoever hands it in says whose figures they are, and of when.
    """
    if unknown := sorted(set(mapping) - set(FIELDS) - set(words.figures)):
        there = ", ".join((*FIELDS, *words.figures))
        raise FileError(path, _("{name} is no field").format(name=repr(unknown[0])), _("map one of {fields}").format(fields=there))
    found: list[tuple[Sheet, Layout]] = []
    lacking: list[tuple[int, str, str]] = []
    for sheet in sheets:
        layout = _export(sheet.rows, words, mapping) or _table(sheet.rows, words, mapping)
        if layout is None:
            continue
        place = _("row {row}").format(row=layout.row + 1)
        if sheet.name:
            place = _("row {row} of sheet {sheet}").format(row=layout.row + 1, sheet=repr(sheet.name))
        titles = cells.titles(sheet.rows[layout.row])
        lost = [title for title in mapping.values() if heading(title) not in map(heading, map(cells.text, sheet.rows[layout.row]))]
        missing = [*_missing(layout, account, at)]
        if lost:
            what = _("no column {title} in {place}").format(title=repr(lost[0]), place=place)
            lacking.append((0, what, _("its columns are {titles}").format(titles=titles)))
        elif missing:
            what, cure = missing[0]
            what = _("no column for {what} in {place} ({titles})").format(what=what, place=place, titles=titles)
            lacking.append((len(missing), what, cure))
        else:
            found.append((sheet, layout))
    if found:
        return found
    if lacking:
        raise FileError(path, *min(lacking)[1:])
    raise FileError(path, _("no row names its columns"), _(FORM))


def _missing(layout: Layout, account: bool, at: bool) -> Iterator[tuple[str, str]]:
    fields = layout.fields
    if not account and "account" not in fields:
        yield _("the account"), _("say whose figures they are: --account tiktok:name; or name the column: --map account=TITLE")
    if not layout.figures and not {"metric", "value"} <= set(fields):
        yield (
            _("figures"),
            _("name the columns: --map metric=TITLE --map value=TITLE, or a column for each figure: --map views=TITLE"),
        )
    if not at and "at" not in fields:
        yield _("the day"), _("say when they were read: --at '2026-06-30 18:00'; or name the column: --map at=TITLE")


def _export(rows: Sequence[Sequence[Cell]], words: Words, mapping: Mapping[str, str]) -> Layout | None:
    """The export with the most headings among those whose headings are all in one row."""
    for number, row in enumerate(rows[:SEARCHED]):
        named = _named(row)
        known = [export for export in words.exports if all(heading(head) in named for head in export.heads)]
        if known:
            export = max(known, key=lambda one: len(one.heads))
            fields = {field: named[heading(title)] for field, title in export.columns.items() if heading(title) in named}
            figures = {named[heading(title)]: ours for title, ours in export.figures.items() if heading(title) in named}
            for field, title in mapping.items():
                if (column := named.get(heading(title))) is not None:
                    fields, figures = _mapped(field, column, fields, figures)
            join = tuple(named[heading(title)] for title in export.join if heading(title) in named)
            return Layout(number, fields, figures, _titles(row), export, join)
    return None


def _mapped(field: str, column: int, fields: dict[str, int], figures: dict[int, str]) -> tuple[dict[str, int], dict[int, str]]:
    if field in FIELDS:
        return fields | {field: column}, {at: ours for at, ours in figures.items() if at != column}
    return fields, {at: ours for at, ours in figures.items() if ours != field} | {column: field}


def _table(rows: Sequence[Sequence[Cell]], words: Words, mapping: Mapping[str, str]) -> Layout | None:
    names = {field: tuple(heading(name) for name in words.columns[field]) for field in FIELDS}
    names |= {ours: tuple(heading(name) for name in (ours, *figure.names)) for ours, figure in words.figures.items()}
    head = find_head(rows, Columns(names, {}), mapping)
    if head is None:
        return None
    fields = {field: column for field, column in head.columns.items() if field in FIELDS}
    figures = {column: ours for ours, column in head.columns.items() if ours not in FIELDS}
    if {"metric", "value"} <= set(fields):
        figures = {}  # one figure a row: other columns say what else is known of it
    return Layout(head.row, fields, figures, _titles(rows[head.row]))


def _named(row: Sequence[Cell]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, cell in enumerate(row):
        if isinstance(cell, str) and cell.strip():
            found.setdefault(heading(cell), column)
    return found


def _titles(row: Sequence[Cell]) -> dict[int, str]:
    return {column: cells.text(cell)[:80] for column, cell in enumerate(row)}
