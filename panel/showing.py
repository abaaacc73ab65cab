"""What a report is made of, on a page: its charts as pictures with their tables beside, its tables, its texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from panel.pictures import Draw, Picture
from panel.shell import Shell
from reports.charts_style import Spec
from reports.content import Block, Chart, Table, Text


@dataclass(frozen=True, slots=True)
class Shown:
    """A chart on a page."""

    caption: str
    picture: Picture
    data: Table


def shown(shell: Shell, chart: Chart) -> Shown:
    """A chart, offered to the browser; nothing is drawn yet."""
    return Shown(chart.caption, shell.pictures.offer(_draw(chart), title=chart.caption, alt=chart.alt), chart.data)


def blocks_shown(shell: Shell, blocks: Iterable[Block]) -> list[Table | Shown | Text]:
    """The blocks that a page can show, in order."""
    found: list[Table | Shown | Text] = []
    for block in blocks:
        if isinstance(block, Chart):
            found.append(shown(shell, block))
        elif isinstance(block, (Table, Text)):
            found.append(block)
    return found


def _draw(chart: Chart) -> Draw:
    return partial(_again, chart)


def _again(chart: Chart, theme: str, width: int) -> Spec:
    return dict(chart.draw(theme=theme, width=width) if chart.draw else chart.spec)
