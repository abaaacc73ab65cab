"""A file of figures, whole or not at all: what it says, and every cell that is wrong with what would be right."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from collectors.exports.layout import layouts
from collectors.exports.row import Row, Table
from collectors.exports.said import Figures, Listed, Said, Series, Told
from collectors.exports.who import Accounts
from collectors.sheets import cells
from collectors.sheets.cells import RowError
from collectors.sheets.heads import heading
from collectors.sheets.tables import read_tables
from collectors.sheets.workbook import Cell, FileError
from collectors.turkish import fold
from config.exports import Words
from words import _

TOTALS = ("toplam", "genel toplam", "ara toplam", "total", "totals")


def load(
    path: Path, words: Words, accounts: Accounts, now: datetime, zone: ZoneInfo, *, told: Told | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Figures:  # fmt: skip
    """The figures of a file; raises FileError when there are none in it at all.

    `mapping` names the column of a field or of a figure where its title is not found by itself, e.g. `{"views": "Gösterim"}`.
    """
    told = told or Told()
    sheets = read_tables(path)
    tables = layouts(path, sheets, words, mapping or {}, account=told.account is not None, at=told.at is not None)
    by_heading = {heading(name): figure for figure in words.figures.values() for name in (figure.ours, *figure.names)}
    gathered = _Gathered()
    for sheet, layout in tables:
        several = len(tables) > 1
        where = _("{file}, sheet {sheet}").format(file=path.name, sheet=sheet.name) if several else path.name
        gathered.take(Table(where, sheet, layout, by_heading, accounts, told, now, zone, sheet.name if several else ""))
    taken = [table[0].name for table in tables]
    without = [repr(sheet.name) for sheet in sheets if sheet.rows and sheet.name not in taken]
    gathered.notes += [_("sheet {sheet} holds no figures").format(sheet=name) for name in without]
    if told.account and len(gathered.named) > 1:
        names = ", ".join(sorted(gathered.named))
        raise FileError(path, _("it tells of several accounts ({accounts})").format(accounts=names), _("leave --account out"))
    if not gathered.said and not gathered.errors:
        raise FileError(path, _("no figure below the head of the table"), _("export it again with its figures"))
    raw = path.read_bytes()
    return Figures(
        path.name, hashlib.sha256(raw).hexdigest(), len(raw),
        export=next((layout.export.name for sheet, layout in tables if layout.export), ""),
        figures=tuple(gathered.said.values()),
        posts=tuple(gathered.posts.values()),
        errors=tuple(gathered.errors),
        mapping={name: title for sheet, layout in reversed(tables) for name, title in layout.understood.items()},
        notes=tuple(gathered.notes),
    )  # fmt: skip


class _Gathered:
    """What the rows of all sheets say together: a figure that is told twice must be the same."""

    def __init__(self) -> None:
        self.said: dict[Series, Said] = {}
        self.posts: dict[tuple[str, str], Listed] = {}
        self.errors: list[RowError] = []
        self.notes: list[str] = []
        self.named: set[str] = set()

    def take(self, table: Table) -> None:
        titles, hourless = table.sheet.rows[table.layout.row], 0
        for number, values in enumerate(table.sheet.rows[table.layout.row + 1 :], table.layout.row + 1):
            filled = cells.filled(values)
            if not filled and not any((number, column) in table.sheet.unknown for column in range(len(values))):
                continue
            if filled and (reason := _passed_over(filled, values, titles)):
                self._note(table, number, reason)
                continue
            row = Row(table, number, values).read()
            self.errors += row.errors
            for said in row.said:
                self._add(said, row)
            if row.listed:
                self.posts.setdefault((row.listed.account.account, row.listed.post.post), row.listed)
            if not row.said and not row.errors:
                self._note(table, number, _("no figure in it"))
            self.named |= {row.named} - {""}
            hourless += row.hourless
        if hourless:
            text = _("{where}: {n} posts have no hour of publication: their figures are kept, they count as no posts")
            self.notes.append(text.format(where=table.where, n=hourless))

    def _note(self, table: Table, number: int, what: str) -> None:
        self.notes.append(_("{where}, row {row}: {what}").format(where=table.where, row=number + 1, what=what))

    def _add(self, said: Said, row: Row) -> None:
        earlier = self.said.setdefault(said.series, said)
        if earlier is said:
            return
        ours, theirs = said.reading, earlier.reading
        if ours.value == theirs.value:
            text = _("{place}: {figure} is the same as in {earlier}, counted once")
            self.notes.append(text.format(place=said.place, figure=ours.metric, earlier=earlier.place))
        else:
            what = _("{value} here and {other} in {earlier}, for the same time")
            what = what.format(value=ours.value, other=theirs.value, earlier=earlier.place)
            self.errors.append(RowError(row.table.where, said.row, ours.metric, str(ours.value), what, _("delete the wrong row")))


def _passed_over(filled: list[str], values: list[Cell], titles: list[Cell]) -> str:
    """Why a row holds no figures: a total, or the head once more; empty for one that does."""
    if [fold(cells.text(cell)) for cell in values] == [fold(cells.text(cell)) for cell in titles]:
        return _("the head again")
    return _("a total") if fold(filled[0]).startswith(TOTALS) else ""
