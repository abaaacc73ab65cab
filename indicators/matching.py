"""Slots and posts, one to one, within a tolerance: as many pairs as there can be. Pure; one platform at a time.

On a line with one tolerance for all, the greedy sweep is optimal: slots in order of time, each takes the earliest post that is free
and near enough. What it passes over is too early for this slot, and so for every later one. No slot or post after a slot moves
what the slots before it got; so the pairs of a half-year are the same whether it is measured alone or within its year.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple


class At(NamedTuple):
    """A slot or a post: when, and a key that tells it from others of the same time."""

    at: datetime
    key: str


def match(slots: Iterable[At], posts: Iterable[At], tolerance: timedelta) -> list[tuple[At, At | None]]:
    """Each slot with its post, or with None; by time, then key, whatever the order of what came in.

    A post exactly `tolerance` before or after a slot is near enough.
    """
    free, first = sorted(posts), 0
    pairs: list[tuple[At, At | None]] = []
    for slot in sorted(slots):
        while first < len(free) and free[first].at < slot.at - tolerance:
            first += 1
        if first < len(free) and free[first].at <= slot.at + tolerance:
            pairs.append((slot, free[first]))
            first += 1
        else:
            pairs.append((slot, None))
    return pairs
