"""How far the press was looked at in a period: the days of its feeds and searches, or the months of an agency's files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from indicators.asked import Asked
from indicators.result import Part
from storage.press import Appearance
from storage.press_sources import PRESS, feed_days, search_days
from words import N_, Note

NONE = N_("no source of news is under watch")
UNREAD = N_("{source}: not read on {days} of {asked} days ({first} to {last})")
NEVER = N_("{source}: not read on any of its {asked} days; where it is new, give it its first day (since) in the feed list")
MORE = N_("{sources} more sources with days on which they were not read: {days} days in all")
NO_FILE = N_("no agency file for {months}")
PART = N_("the agency's rows of {month} are only from {first} to {last}")
REACH = {"gdelt": timedelta(days=90)}  # it answers no farther back, whatever it is asked
EVER = timedelta(days=36500)
NAMED = 5  # sources with missing days that are told one by one
EDGE = timedelta(days=3)  # of a month: a file may well have nothing on its first or last days


@dataclass(frozen=True, slots=True)
class Sources:
    """`parts` have no value, only how much was asked and covered; their names begin with `source:`."""

    parts: tuple[Part, ...] = ()
    lacks: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()
    beside: Mapping[str, Any] = field(default_factory=dict)

    @property
    def covered(self) -> bool:
        return any(part.covered for part in self.parts)


@dataclass(frozen=True, slots=True)
class Source:
    """A feed or a search: the days that it should have been read in, and those of them that it was."""

    account: str
    asked: tuple[date, ...]
    read: frozenset[date]

    @property
    def missing(self) -> list[date]:
        return [day for day in self.asked if day not in self.read]


def sources(asked: Asked) -> Sources:
    """Feeds and searches by kind, in source-days that are over."""
    there = _watched(asked)
    found = {kind: _looked(asked, kind, there.get(kind, {})) for kind in PRESS if there.get(kind)}
    every = [source for several in found.values() for source in several]
    return Sources(
        parts=tuple(
            Part(f"source:{kind}", None, asked=sum(len(s.asked) for s in several), covered=sum(len(s.read) for s in several))
            for kind, several in found.items()
        ),
        lacks=tuple(_missing(every) if every else [Note(NONE)]),
        beside={
            kind: {"sources": len(several), "missing": {s.account: len(s.missing) for s in several if s.missing}}
            for kind, several in found.items()
        },
    )


def files(asked: Asked, rows: Sequence[Appearance]) -> Sources:
    """An agency's files by month: a month is known when a file has rows of it."""
    days: dict[str, list[str]] = {}
    for row in rows:
        days.setdefault(row.day[:7], []).append(row.day)
    months = _months(asked)
    lacking = [month for month in months if month not in days]
    notes = []
    for month, (begins, ends) in months.items():
        if month in days:
            first, last = min(days[month]), max(days[month])
            if first > (begins + EDGE).isoformat() or last < (ends - EDGE).isoformat():
                notes.append(Note(PART, {"month": month, "first": first, "last": last}))
    return Sources(
        parts=(Part("source:agency", None, asked=len(months), covered=len(months) - len(lacking)),),
        lacks=(Note(NO_FILE, {"months": ", ".join(lacking)}),) if lacking else (),
        notes=tuple(notes),
        beside={"agency": {month: len(own) for month, own in sorted(days.items())}},
    )


def _watched(asked: Asked) -> dict[str, dict[str, tuple[date, ...]]]:
    """By kind the sources of the statement's scope, or of the settings where that names none, each with its days that are over."""
    named = [(one.account, one.since, one.until) for one in asked.plan.scope if one.account.partition(":")[0] in (*PRESS, "agency")]
    if not named:
        accounts = asked.storage.accounts(known=asked.known.text)
        named = [(a.account, a.since, a.until) for a in accounts if a.platform in PRESS]
    over = [day for day in _days(asked.period.first, asked.last) if asked.end_of(day) <= asked.known.text]
    found: dict[str, dict[str, tuple[date, ...]]] = {}
    for account, since, until in sorted(named, key=lambda one: one[0]):
        first, last = max(asked.period.first, since or date.min), min(asked.last, until or date.max)
        if first <= last and (kind := account.partition(":")[0]) in PRESS:
            found.setdefault(kind, {})[account] = tuple(day for day in over if first <= day <= last)
    return found


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(n) for n in range((last - first).days + 1))


def _looked(asked: Asked, kind: str, there: Mapping[str, tuple[date, ...]]) -> list[Source]:
    if kind == "feed":
        days = sorted({day for own in there.values() for day in own})
        read = feed_days(asked.storage, list(there), days, asked.known)
    else:
        reach = REACH.get(kind, EVER)
        read = {name: search_days(asked.storage, name, own, asked.known, reach=reach) for name, own in there.items()}
    return [Source(name, own, frozenset(read[name]).intersection(own)) for name, own in there.items()]


def _missing(found: Iterable[Source]) -> list[Note]:
    worst = sorted((source for source in found if source.missing), key=lambda source: (-len(source.missing), source.account))
    notes = [
        Note(
            NEVER if source.account.startswith("feed:") and not source.read else UNREAD,
            {
                "source": source.account, "days": len(source.missing), "asked": len(source.asked),
                "first": source.missing[0].isoformat(), "last": source.missing[-1].isoformat(),
            },
        )
        for source in worst[:NAMED]
    ]  # fmt: skip
    if rest := worst[NAMED:]:
        notes.append(Note(MORE, {"sources": len(rest), "days": sum(len(source.missing) for source in rest)}))
    return notes


def _months(asked: Asked) -> dict[str, tuple[date, date]]:
    """The months of the period that are over, each with its first and its last day."""
    found, first = {}, asked.period.first
    while first <= asked.last:
        after = (first + timedelta(days=32)).replace(day=1)
        last = after - timedelta(days=1)
        if asked.end_of(last) <= asked.known.text:
            found[f"{first:%Y-%m}"] = first, last
        first = after
    return found
