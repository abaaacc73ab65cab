"""`mecra import news`: what a clipping agency's file holds, how its columns were understood, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from console.tables import show_table
from model import MecraError
from words import _, day, number

SHOWN_ROWS, SHOWN_ERRORS = 5, 20


def mapping_of(pairs: Sequence[str]) -> dict[str, str]:
    """`field=column` pairs; raises MecraError for anything else."""
    found = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals or not field.strip() or not column.strip():
            raise MecraError(_("--map {pair}: write field=column, e.g. title=Başlık").format(pair=pair))
        found[field.strip()] = column.strip()
    return found


def show_import(imported: Any) -> None:
    """The columns, the first rows, the notes and the errors of a loaded file (collectors.news.clippings.Import)."""
    print(_("{file}: {rows} rows").format(file=imported.file, rows=number(len(imported.rows))))
    show_table((_("field"), _("column")), list(imported.mapping.items()))
    rows = [(str(row.row), day(date.fromisoformat(row.day)), row.outlet, row.title, row.url) for row in imported.rows[:SHOWN_ROWS]]
    show_table((_("row"), _("day"), _("outlet"), _("title"), _("address")), rows, numbers=(0,))
    for note in imported.notes:
        print(f"! {note}")
    for error in imported.errors[:SHOWN_ERRORS]:
        print(f"✗ {error}")
    if len(imported.errors) > SHOWN_ERRORS:
        print(_("... and {n} more errors").format(n=number(len(imported.errors) - SHOWN_ERRORS)))
