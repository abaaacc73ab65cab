"""Weekly bulletins and films: issues found among posts by the plan's title pattern, and issues entered by hand, each counted once.

An issue counts on the local day on which it was first published, whatever week that day is in. Weeks are looked through apart from
that: one without an issue is listed as missing once it is over and every source was looked at, and two issues in another hide it not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from config.plan import Series
from config.titles import as_read, issue_number, title_pattern
from indicators.asked import Asked
from indicators.issues import ENTRY, SAME, Issue, Sighting, issues
from indicators.result import Measured, Part, digest
from indicators.series_sources import Source, sources, weeks_over
from indicators.weeks import DAY, WEEK, Week, weeks_of
from model import from_text
from storage.entries import WAITING, Entry, entries_of
from storage.publications import Posted, Publication, posted
from words import N_, Note

NOTHING_TO_ASK = N_("no account is looked through for {series}, and no issue is entered")
NEVER = N_("{account}: never looked at")
NOT_LOOKED = N_("{account}: not looked through as a whole in {n} of {of} weeks: {weeks}")
NOT_ENTERED = N_("no issue is entered for {n} of {of} weeks: {weeks}")
MISSING = N_("weeks without an issue: {weeks}")
UNKNOWN = N_("weeks in which an issue may have been missed: {weeks}")
DOUBLE = N_("{n} issues in {week}: they fill no other week")
REPEATED = N_("issues found in more than one place: {n}; each counts once, on its first day")
UNNUMBERED = N_("issues without a number, told apart by their week: {n}")
BY_HAND = N_("issues counted from entries by hand: {n} of {of} (entries {entries})")
UNAPPROVED = N_("issues entered that wait for a second person, not counted: {entries}")


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to count from: the sources, every issue of `weeks` and of the period, and the weeks that are over."""

    sources: tuple[Source, ...]
    issues: list[Issue]
    weeks: Mapping[Week, list[date]]  # with the days of the period that their count rests on
    entries: tuple[Entry, ...]
    waiting: tuple[Entry, ...]


def measure_series(asked: Asked, rule: Series) -> Measured:
    """One part an account that is looked through, and one for what is entered; nothing looked at and nothing entered is unknown."""
    found = _found(asked, rule)
    counted = [issue for issue in found.issues if asked.period.first <= issue.day <= asked.last]
    full, entered = {issue.week for issue in found.issues}, {Week.of(_day(entry)) for entry in found.entries}
    sure = full if rule.unique == "week" else entered
    parts = [_part(source, found.weeks, counted, sure) for source in found.sources]
    if not found.sources or any(issue.seen.via == ENTRY for issue in counted):
        weight = [] if found.sources else list(found.weeks)
        parts.append(_entered(counted, len(weight), len([week for week in weight if week in entered])))
    known = [part.value for part in parts if part.value is not None]
    if not found.sources:
        unknown = [week for week in found.weeks if week not in entered]
    else:
        unknown = [week for week in found.weeks if week not in sure | full and not all(s.looked(week.days) for s in found.sources)]
    missing = [week for week in found.weeks if week not in full and week not in unknown]
    doubles = Counter(issue.week for issue in found.issues if issue.week in found.weeks)
    return Measured(
        numerator=sum(known) if known else None,
        parts=tuple(parts),
        lacks=tuple(_lacks(rule, found, sure, entered)),
        notes=tuple(_notes(rule, found, counted, missing, unknown, doubles)),
        beside={
            "series": rule.series,
            "issues": [_told(issue) for issue in counted],
            "weeks": len(found.weeks),
            "missing": [str(week) for week in missing],
            "unknown": [str(week) for week in unknown],
            "double": {str(week): n for week, n in sorted(doubles.items()) if n > 1},
        },
    )


def publications_of(asked: Asked, rule: Series) -> tuple[Publication, ...]:
    """The issues that count in the period, in the order of their days: its rows of the table `publications`."""
    return tuple(_publication(issue) for issue in _found(asked, rule).issues if asked.period.first <= issue.day <= asked.last)


def _publication(issue: Issue) -> Publication:
    seen = issue.seen
    return Publication(
        issue.number, issue.day, str(issue.week), seen.url, seen.via, seen.post or None, seen.entry or None, seen.response or None
    )


def _found(asked: Asked, rule: Series) -> Found:
    """Looks back as far as an issue could have been published before, and on to the end of the last week."""
    today = asked.known.at.astimezone(asked.zone).date()
    first = min(asked.period.first, weeks_of(asked.period)[0].monday) - SAME - WEEK
    last = min(max(asked.period.last, weeks_of(asked.period)[-1].sunday) + WEEK, today)
    known, entries = sources(asked, rule), _entries(asked)
    return Found(
        sources=known,
        issues=issues(_sightings(asked, rule, known, entries, first, last), by_week=rule.unique == "week"),
        weeks=weeks_over(asked),
        entries=tuple(entry for entry in entries if entry.counts),
        waiting=tuple(
            entry
            for entry in entries
            if entry.state == WAITING and not entry.figure.withdraws and asked.period.first <= _day(entry) <= asked.period.last
        ),
    )


def _entries(asked: Asked) -> list[Entry]:
    """What was entered as an issue, of whatever day and state; nothing where the plan takes no figures by hand."""
    if asked.indicator.by_hand == "never":
        return []
    entries = entries_of(asked.storage, asked.indicator.code, asked.known)
    return [entry for entry in entries if entry.figure.value is None and entry.figure.day]


def _sightings(
    asked: Asked, rule: Series, known: Iterable[Source], entries: Iterable[Entry], first: date, last: date
) -> list[Sighting]:
    """Posts that the pattern fits, and entries that count, between two local days."""
    pattern = title_pattern(rule.title)
    found: list[Sighting] = []
    for source in known:
        name = source.account.account
        if not rule.title and source.account.platform != "page":
            continue
        for day, post, text in asked.once(("read", name, first, last), partial(_read, asked, name, first, last)):
            if source.counts_on(day) and (match := pattern.search(text)):
                number = issue_number(match.groupdict().get("number") or "")
                found.append(Sighting(day, 0, post.published_at, name, post.post, number, post.url, post.text, post.response or 0))
    for entry in entries:
        figure, day = entry.figure, _day(entry)
        if entry.counts and first <= day <= last:
            number = issue_number(figure.number)
            found.append(Sighting(day, entry.entry, entry.entered_at, ENTRY, "", number, figure.url, figure.note))
    return found


def _read(asked: Asked, account: str, first: date, last: date) -> list[tuple[date, Posted, str]]:
    """An account's posts by their local days, with their texts as patterns are looked for in them; for every series alike."""
    posts = [
        (from_text(post.published_at).astimezone(asked.zone).date(), post)
        for post in posted(asked.storage, account, first - DAY, last + DAY, asked.known)
    ]
    return [(day, post, as_read(post.text)) for day, post in posts if first <= day <= last]


def _part(source: Source, weeks: Mapping[Week, list[date]], counted: list[Issue], sure: set[Week]) -> Part:
    name = source.account.account
    own = [issue for issue in counted if issue.seen.via == name]
    asked = [week for week in weeks if source.has(week)]
    looked = [week for week in asked if source.looked(weeks[week])]
    covered = sum(week in sure or week in looked for week in asked)
    return Part(name, len(own) if own or looked else None, asked=len(asked), covered=covered, digest=_digest(own))


def _entered(counted: list[Issue], asked: int, covered: int) -> Part:
    own = [issue for issue in counted if issue.seen.via == ENTRY]
    return Part(ENTRY, len(own) if own or covered else None, asked=asked, covered=covered, digest=_digest(own))


def _digest(own: list[Issue]) -> str:
    return digest((s.via, s.post or s.entry, s.at, s.day, s.number, s.text) for issue in own for s in (issue.seen, *issue.others))


def _lacks(rule: Series, found: Found, sure: set[Week], entered: set[Week]) -> list[Note]:
    lacks = []
    for source in found.sources:
        asked = [week for week in found.weeks if source.has(week)]
        if dark := [week for week in asked if week not in sure and not source.looked(found.weeks[week])]:
            told: dict[str, int | str] = {"account": source.account.account, "n": len(dark), "of": len(asked), "weeks": _list(dark)}
            lacks.append(Note(NOT_LOOKED, told) if source.walked else Note(NEVER, {"account": source.account.account}))
    if not found.sources and not found.entries:
        lacks.append(Note(NOTHING_TO_ASK, {"series": rule.series}))
    elif not found.sources and (dark := [week for week in found.weeks if week not in entered]):
        lacks.append(Note(NOT_ENTERED, {"n": len(dark), "of": len(found.weeks), "weeks": _list(dark)}))
    return lacks


def _notes(
    rule: Series, found: Found, counted: list[Issue], missing: list[Week], unknown: list[Week], doubles: Counter[Week]
) -> list[Note]:
    notes = []
    if missing:
        notes.append(Note(MISSING, {"weeks": _list(missing)}))
    if unknown and found.sources:
        notes.append(Note(UNKNOWN, {"weeks": _list(unknown)}))
    notes += [Note(DOUBLE, {"n": n, "week": str(week)}) for week, n in sorted(doubles.items()) if n > 1]
    if repeated := sum(bool(issue.others) for issue in counted):
        notes.append(Note(REPEATED, {"n": repeated}))
    if rule.unique == "number" and (bare := sum(issue.number == str(issue.week) for issue in counted)):
        notes.append(Note(UNNUMBERED, {"n": bare}))
    if by_hand := [issue.seen.entry for issue in counted if issue.seen.via == ENTRY]:
        told: dict[str, int | str] = {"n": len(by_hand), "of": len(counted), "entries": ", ".join(map(str, by_hand))}
        notes.append(Note(BY_HAND, told))
    if found.waiting:
        notes.append(Note(UNAPPROVED, {"entries": ", ".join(str(entry.entry) for entry in found.waiting)}))
    return notes


def _told(issue: Issue) -> dict[str, Any]:
    """One issue, for people: what is known of it at the statement's time and never changes."""
    also = sorted({s.via for s in issue.others if s.via != issue.seen.via})
    return {"number": issue.number, "day": issue.day.isoformat(), "week": str(issue.week), "via": issue.seen.via, "also": also}


def _list(weeks: Iterable[Week]) -> str:
    return ", ".join(map(str, weeks))


def _day(entry: Entry) -> date:
    assert entry.figure.day is not None
    return entry.figure.day
