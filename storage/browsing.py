"""What pages that leaf through long lists have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")
SIZE = 50  # rows of a page


@dataclass(frozen=True, slots=True)
class Leaf(Generic[Row]):
    """One page of a list; `number` counts from 1 and is a page that there is."""

    rows: Sequence[Row]
    number: int
    found: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.found // SIZE))

    @property
    def first(self) -> int:
        return (self.number - 1) * SIZE + 1 if self.found else 0

    @property
    def last(self) -> int:
        return min(self.number * SIZE, self.found)


def nearest(number: int, found: int) -> int:
    """The page of this number, or the last one that there is."""
    return max(1, min(number, -(-found // SIZE)))
