"""Tables on stdout: rich's on a terminal; elsewhere as wide as they need to be, so that nothing is cut in a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

WIDE = 400


def show_table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = (), title: str = "") -> None:
    """Print rows of text under headings; the columns named in `numbers` are set to the right."""
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


def _plain(cell: str) -> str:
    from rich.markup import escape

    return escape(cell)
