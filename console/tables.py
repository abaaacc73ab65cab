"""Tables on stdout: rich's on a terminal; elsewhere as wide as they need to be, so that nothing is cut in a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from console.words import _, number

WIDE, MOST_NOTES = 400, 12


def show_table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = (), title: str = "") -> None:
    """Print rows of text under headings; the columns named in `numbers` are set to the right."""
    rows = list(rows)
    if not rows:
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDE)
    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for index, heading in enumerate(headings):
        right: Any = "right" if index in numbers else "left"
        table.add_column(heading, justify=right, overflow="fold")
    for row in rows:
        table.add_row(*(_plain(cell) for cell in row))
    console.print(table)


def show_notes(notes: Sequence[str]) -> None:
    """What is worth knowing and no error, on a line each; not more than fit on a screen."""
    for note in notes[:MOST_NOTES]:
        print(f"! {note}")
    if len(notes) > MOST_NOTES:
        print(_("... and {n} more notes (--json has them all)").format(n=number(len(notes) - MOST_NOTES)))


def _plain(cell: str) -> str:
    from rich.markup import escape

    return escape(cell)
