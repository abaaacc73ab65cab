"""Tables on stdout, as wide as they need to be, so that nothing is cut in a file or a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from words import _, number

MOST_NOTES = 12


def show_table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = ()) -> None:
    """Print rows of text under headings, or nothing without rows; the columns named in `numbers` are set to the right."""
    rows = [[_printable(cell) for cell in row] for row in rows]
    if not rows:
        return
    widths = [max(len(cells[index]) for cells in (headings, *rows)) for index in range(len(headings))]
    for cells in (headings, ["─" * width for width in widths], *rows):
        aligned = (
            cell.rjust(width) if index in numbers else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        print("  ".join(aligned).rstrip())
    print()


def show_notes(notes: Sequence[str]) -> None:
    """What is worth knowing and no error, on a line each; not more than fit on a screen."""
    for note in notes[:MOST_NOTES]:
        print(f"! {note}")
    if len(notes) > MOST_NOTES:
        print(_("... and {n} more notes (--json has them all)").format(n=number(len(notes) - MOST_NOTES)))


def _printable(text: str) -> str:
    """`text` on one line, without what would steer the terminal: titles come from other people's files."""
    return "".join(c if c.isprintable() else " " for c in text)
