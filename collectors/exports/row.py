"""One row of a file of figures: whose, of when, of which post, and how many."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from collectors.exports import values
from collectors.exports.layout import Layout
from collectors.exports.said import Listed, Said, Told
from collectors.exports.who import Accounts
from collectors.sheets import cells
from collectors.sheets.cells import CellError, RowError, empty
from collectors.sheets.heads import heading, letter
from collectors.sheets.workbook import Cell, Sheet
from config.exports import Export, Figure
from model import Account, Post, Reading
from words import _

Value = TypeVar("Value")
MOST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Table:
    """What all rows of one sheet share. `where` names the file (and the sheet), `figures` are known by every heading they may have."""

    where: str
    sheet: Sheet
    layout: Layout
    figures: Mapping[str, Figure]
    accounts: Accounts
    told: Told
    now: datetime
    zone: ZoneInfo
    name: str = ""

    @property
    def export(self) -> Export | None:
        return self.layout.export


@dataclass(slots=True)
class Row:
    """One row as it is read: figures, perhaps a post, and every cell that is wrong. `hourless`: a post without an hour."""

    table: Table
    number: int
    cells: list[Cell]
    said: list[Said] = field(default_factory=list)
    listed: Listed | None = None
    errors: list[RowError] = field(default_factory=list)
    hourless: bool = False
    named: str = ""

    def read(self) -> Row:
        """Itself, read."""
        layout = self.table.layout
        for column in sorted({*layout.fields.values(), *layout.figures, *layout.join}):
            if (self.number, column) in self.table.sheet.unknown:
                self.wrong(column, _("a formula without its result"), _("open the file in Excel, save it, and hand it in again"))
        account = self.taken("account", self._account)
        post = self.taken("post", lambda: self._post(account)) if account else None
        when = self.taken("at", self._when)
        if account is None or post is None or when is None or self.errors:
            return self
        for column, figure in self._columns():
            if (said := self.taken_at(column, lambda c=column, f=figure: self._said(c, f, account, post, *when))) is not None:  # type: ignore[misc]
                self.said.append(said)
        if post and self.said:
            self.taken("published_at", lambda: self._list(account, post, self.said[0].at))
        return self

    # -- cells

    def cell(self, name: str) -> Cell:
        return self.at(self.table.layout.fields.get(name))

    def at(self, column: int | None) -> Cell:
        return None if column is None or column >= len(self.cells) or empty(self.cells[column]) else self.cells[column]

    def taken(self, name: str, read: Callable[[], Value]) -> Value | None:
        """What `read` makes of a field's cell; None, and an error of the row, where it can't."""
        return self.taken_at(self.table.layout.fields.get(name), read, name)

    def taken_at(self, column: int | None, read: Callable[[], Value], name: str = "") -> Value | None:
        try:
            return read()
        except CellError as error:
            self.wrong(column, error.what, error.cure, name)
            return None

    def wrong(self, column: int | None, what: str, cure: str, name: str = "") -> None:
        place = name if column is None else f"{letter(column)} ({self.table.layout.titles.get(column, '')})"
        self.errors.append(RowError(self.table.where, self.number + 1, place, cells.text(self.at(column))[:80], what, cure))

    # -- what they mean

    def _account(self) -> Account:
        table = self.table
        platform = cells.text(self.cell("platform")) or (table.export.platform if table.export else "")
        if (cell := self.cell("account")) is not None:
            self.named = cells.text(cell)
        if table.told.account:
            return table.told.account
        if not self.named:
            raise CellError(_("no account"), _("say whose figure it is, e.g. tiktok:umraniyebeltr"))
        return table.accounts.named(self.named, platform)

    def _post(self, account: Account) -> str:
        """The post's id; empty for a figure of the account itself."""
        if join := self.table.layout.join:
            parts = [values.post_id(self.at(column), None, "") for column in join]
            if not all(parts):
                raise CellError(_("no id of a post"), _("every row of this export has one"))
            return "_".join(parts)
        found = values.post_id(self.cell("post"), self.cell("url"), account.platform)
        if not found and self.table.export and {"post", "url"} & set(self.table.export.columns):
            raise CellError(_("no id of a post"), _("every row of this export has one"))
        return found

    def _when(self) -> tuple[date | None, datetime | None]:
        """The local day and, where an hour is told, the instant; what whoever handed it in said where the row says nothing."""
        cell = self.cell("at")
        if cell is None:
            if self.table.told.at is None:
                raise CellError(_("no day"), _("say when it was read: 23.11.2026 or 23.11.2026 14:30"))
            return None, self.table.told.at
        return self._moment(cell, self.cell("time"))

    def _moment(self, cell: Cell, hour: Cell = None) -> tuple[date, datetime | None]:
        export = self.table.export
        zone = (export.zone if export else None) or self.table.zone
        return values.moment(cell, hour, self.table.now, zone, american=export is not None and export.dates == "mdy")

    def _columns(self) -> Iterator[tuple[int, Figure]]:
        """The columns of this row that hold figures, each with the figure that it holds."""
        layout = self.table.layout
        if layout.figures:
            known = {figure.ours: figure for figure in self.table.figures.values()}
            yield from ((column, known[ours]) for column, ours in layout.figures.items())
            return
        word = cells.text(self.cell("metric"))
        if figure := self.table.figures.get(heading(word)):
            yield layout.fields["value"], figure
        else:
            self.wrong(
                layout.fields["metric"],
                _("no figure that is known"),
                _("write one of the words in docs/metrics.md, e.g. followers"),
            )

    def _said(self, column: int, figure: Figure, account: Account, post: str, day: date | None, at: datetime | None) -> Said | None:
        """One figure; None where the cell says nothing, which is never 0."""
        if (cell := self.at(column)) is None:
            return None
        table = self.table
        flow = not post and figure.account == "flow"
        english = table.export is not None and table.export.numbers == "en"
        value, exact = values.count(cell, english=english, signed=figure.net and flow)
        if post and not figure.post:
            raise CellError(
                _("{figure} is no figure of a single post").format(figure=figure.ours), _("leave the cell empty, or the post's id")
            )
        if not post and not figure.account:
            raise CellError(
                _("{figure} is a figure of single posts").format(figure=figure.ours), _("give the post's id or address")
            )
        if flow and (day is None or at is not None):
            raise CellError(
                _("{figure} of an account belongs to a whole day").format(figure=figure.ours),
                _("give the day alone, as 23.11.2026, one row a day"),
            )
        if at is None:
            assert day is not None
            at = values.end_of(day, table.now, table.zone)
        reading = Reading(figure.ours, value, post or None, day if flow else None, exact)
        return Said(account, at, reading, self.number + 1, table.name)

    def _list(self, account: Account, post: str, at: datetime) -> None:
        """The post itself, where the row says when it was published."""
        export = self.table.export
        published = values.published_by_id(post) if export and export.id_time else None
        if published is None:
            if (cell := self.cell("published_at")) is None:
                return
            published = self._moment(cell)[1]
        if published is None:
            self.hourless = True
            return
        if published > at:
            raise CellError(_("published after the figure was read"), _("correct the one or the other"))
        text = cells.text(self.cell("text"))[:MOST_TEXT]
        self.listed = Listed(account, at, Post(post, self._kind(text), published, self._url(), text))

    def _kind(self, text: str) -> str:
        export, written = self.table.export, cells.text(self.cell("kind"))
        if export is None:
            return written[:40].lower() or "post"
        if export.reply and re.match(export.reply, text):
            return "reply"
        kinds = {heading(theirs): ours for theirs, ours in export.kinds.items()}
        return kinds.get(heading(written), written[:40].lower() or export.kind)

    def _url(self) -> str:
        for name in ("url", "post"):
            written = cells.text(self.cell(name))
            if written.lower().startswith(("http://", "https://", "www.")):
                return cells.address(written)
        return ""
