"""What a file of figures says, in plain values: the answer of a dry run, and what an import stores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from collectors.sheets.cells import RowError
from model import Account, Post, Reading
from words import _

Series: TypeAlias = tuple[str, datetime, str, str | None, date | None]


@dataclass(frozen=True, slots=True)
class Said:
    """One figure of a row: `at` (UTC) is the instant that it belongs to."""

    account: Account
    at: datetime
    reading: Reading
    row: int
    sheet: str = ""

    @property
    def series(self) -> Series:
        return self.account.account, self.at, self.reading.metric, self.reading.post, self.reading.day

    @property
    def place(self) -> str:
        if self.sheet:
            return _("row {row} of sheet {sheet}").format(row=self.row, sheet=repr(self.sheet))
        return _("row {row}").format(row=self.row)


@dataclass(frozen=True, slots=True)
class Listed:
    """A post that a row describes, seen at `at`."""

    account: Account
    at: datetime
    post: Post


@dataclass(frozen=True, slots=True)
class Told:
    """What whoever hands a file in says of all its rows: whose figures they are, and of when, where no column does."""

    account: Account | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a file holds. `export` is the one that it was recognised as, `mapping` says which column was taken for what,
    `notes` what was passed over."""

    file: str
    sha256: str
    size: int
    export: str = ""
    figures: tuple[Said, ...] = ()
    posts: tuple[Listed, ...] = ()
    errors: tuple[RowError, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def accounts(self) -> dict[str, Account]:
        return {said.account.account: said.account for said in self.figures}
