"""When several sightings are one issue: by its number, or by its ISO week where it has none. Pure, in any order of the sightings.

A number that comes up again within `SAME` is the same issue told once more; after that a new one, of a series that counts anew
every year. A sighting without a number belongs to the numbered issue of its week where there is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from indicators.weeks import Week

ENTRY = "entry"
SAME = timedelta(days=180)


@dataclass(frozen=True, slots=True, order=True)
class Sighting:
    """An issue seen on a local day. Ordered by what counts: the earliest day, found before entered, the earlier instant (UTC text)."""

    day: date
    entry: int  # 0: found
    at: str
    via: str
    post: str
    number: str = ""
    url: str = ""
    text: str = ""
    response: int = 0  # the answer that first told of it

    @property
    def week(self) -> Week:
        return Week.of(self.day)


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue: the sighting that it is counted by, and the others."""

    seen: Sighting
    others: tuple[Sighting, ...] = ()

    @property
    def day(self) -> date:
        return self.seen.day

    @property
    def week(self) -> Week:
        return self.seen.week

    @property
    def number(self) -> str:
        """Its number, or its ISO week."""
        return next((s.number for s in (self.seen, *self.others) if s.number), str(self.week))


def issues(sightings: Iterable[Sighting], *, by_week: bool) -> list[Issue]:
    """The issues in the order of their days, each dated by its earliest sighting (of those with its number, if it has one)."""
    ordered = sorted(set(sightings))
    numbered: list[list[Sighting]] = []
    if not by_week:
        latest: dict[str, list[Sighting]] = {}
        for seen in (s for s in ordered if s.number):
            group = latest.get(seen.number)
            if group is None or seen.day - group[-1].day > SAME:
                latest[seen.number] = group = []
                numbered.append(group)
            group.append(seen)
    of_week: dict[Week, list[Sighting]] = {}
    for group in numbered:
        of_week.setdefault(group[0].week, group)
    unnumbered: list[list[Sighting]] = []
    for seen in (s for s in ordered if by_week or not s.number):
        found = of_week.get(seen.week)
        if found is None:
            of_week[seen.week] = found = []
            unnumbered.append(found)
        found.append(seen)
    grouped = [Issue(group[0], tuple(group[1:])) for group in numbered + unnumbered]
    return sorted(grouped, key=lambda issue: issue.seen)
