"""What a report says, before anyone decides how it looks: headings, texts, tables, charts, in the reader's language.

Figures stay exact (Fraction, int) until a writer rounds them, once, by the kind of their column. All texts are plain text; whatever
comes from outside (a headline, a post) is data and never markup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

Cell: TypeAlias = str | int | Fraction | date | None

TEXT, NUMBER, DECIMAL, PERCENT, DAY = "text", "number", "decimal", "percent", "day"


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: `text`, `number` (whole, grouped), `decimal` (at most two places), `percent` (a share, 1 is %100) or `day`.
    `width`: its share of the table's width beside the other columns'."""

    title: str
    kind: str = TEXT
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is its file or sheet name (ASCII, short). A cell of None is printed as "–": not known, or none. `notes` stand below.

    `spans`: texts that stand below a row, over the whole width (row number, text): the explanation of an indicator.
    `bold`: rows to be set off (a sum, the goal).
    """

    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    spans: Sequence[tuple[int, str]] = ()
    bold: frozenset[int] = frozenset()
    head: Sequence[tuple[str, str]] = ()  # label and text of rows above the columns' titles, over the whole width


@dataclass(frozen=True, slots=True)
class Chart:
    """A Vega-Lite specification with what it shows as text (`alt`) and as a table beside it. `draw(theme=, width=)` specifies the
    same for dark pages and narrow ones."""

    name: str
    caption: str
    alt: str
    spec: Mapping[str, Any]
    data: Table
    draw: Callable[..., Mapping[str, Any]] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs; `listed`: as bullets."""

    paragraphs: Sequence[str]
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Signatures:
    """A block for names, dates and signatures, by role."""

    roles: Sequence[str]


Block: TypeAlias = Table | Chart | Text | Signatures


@dataclass(frozen=True, slots=True)
class Section:
    """`level` 1 or 2. `new_page`: begins on a page of its own. `wide`: its tables want the page on its side."""

    title: str
    blocks: Sequence[Block]
    level: int = 1
    new_page: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """`mark` stands on every page where it is not empty: TASLAK, as long as the snapshot is not sealed. `made_on` is the day of the
    snapshot, never of the printing, so that the same snapshot gives the same bytes. `language` is `tr` or `en`."""

    name: str
    title: str
    subtitle: str
    institution: str
    language: str
    made_on: date
    sections: Sequence[Section]
    mark: str = ""
    facts: Sequence[tuple[str, str]] = field(default_factory=tuple)  # on the title page: label, text

    @property
    def tables(self) -> list[Table]:
        """Every table in order, those of the charts too."""
        blocks = [block for section in self.sections for block in section.blocks]
        return [block.data if isinstance(block, Chart) else block for block in blocks if isinstance(block, (Table, Chart))]
