"""A statement as the rows that it is kept in: each figure rounded once, beside it the exact one; notes in Turkish, and as they were told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from config.plan import Plan, Scoped
from indicators.formulas import FULL
from indicators.result import OK, PROVISIONAL, Part
from indicators.scope import NEWS, NO_ACCOUNTS
from indicators.statement import RUNNING, SETTLING, WHOLE_YEAR, Standing, state_known
from model import Period, to_text
from storage import Storage
from storage.knowledge import Known, known_at
from storage.snapshots import PartRow, Snapshot, ValueRow
from words import Note, rounded, speaking

PLACES = 2
NEARLY_ALL = 99.99


def take(storage: Storage, plan: Plan, period: Period, at: datetime, *, taken_at: datetime) -> Snapshot:
    """The statement of a period as known at an instant, not stored yet. What it rests on is named, so that it can be measured again."""
    return take_known(storage, within_scope(storage, plan, known := known_at(storage, at)), period, known, taken_at=taken_at)


def take_known(storage: Storage, plan: Plan, period: Period, known: Known, *, taken_at: datetime) -> Snapshot:
    """The same, where what was known is named, over the accounts of the plan's scope."""
    statement = state_known(storage, plan, period, known)
    still_open = open_notes(plan, period, known.at, storage.zone)
    return Snapshot(
        period=str(period),
        as_of=known.text,
        taken_at=to_text(taken_at),
        plan=plan.sha256,
        archive=known.response,
        goal=_percent(statement.goal),
        goal_exact=_exact(statement.goal),
        status=PROVISIONAL if still_open or statement.status != OK else OK,
        note=_in_turkish([*still_open, *apart(period)]),
        scope=_dump([[s.account, s.since and s.since.isoformat(), s.until and s.until.isoformat()] for s in plan.scope]),
        values=tuple(_value_row(standing) for standing in statement.standings),
        parts=tuple(_part_row(standing.code, part) for standing in statement.standings for part in standing.measured.parts),
    )


def within_scope(storage: Storage, plan: Plan, known: Known) -> Plan:
    """The plan with its accounts named, and the sources of news: those of the settings as they are now, where it names none itself."""
    there = [(a.platform, Scoped(a.account, a.since, a.until)) for a in storage.accounts(known=known.text)]
    press = [] if any(_is_news(s) for s in plan.scope) else [scoped for platform, scoped in there if platform in NEWS]
    own = [] if any(not _is_news(s) for s in plan.scope) else [scoped for platform, scoped in there if platform not in NO_ACCOUNTS]
    return replace(plan, scope=(*plan.scope, *own, *press))


def _is_news(scoped: Scoped) -> bool:
    return scoped.account.partition(":")[0] in NEWS


def scope_of(snapshot: Snapshot) -> tuple[Scoped, ...]:
    """The accounts that a stored snapshot was about."""
    return tuple(Scoped(account, _day(since), _day(until)) for account, since, until in json.loads(snapshot.scope))


def settled_at(plan: Plan, period: Period, zone: ZoneInfo) -> datetime:
    """From when on the last figures of a period are in."""
    return Period.midnight(period.last + timedelta(days=plan.settled_days + 1), zone)


def open_notes(plan: Plan, period: Period, at: datetime, zone: ZoneInfo) -> list[Note]:
    """Why a whole statement is not final yet, whatever its indicators say."""
    settled = settled_at(plan, period, zone)
    if at < period.span(zone)[1]:
        return [Note(RUNNING, {"day": period.last.isoformat()})]
    if at < settled:
        return [Note(SETTLING, {"day": settled.astimezone(zone).date().isoformat()})]
    return []


def apart(period: Period) -> list[Note]:
    """That a second half-year is not compared with the year's target."""
    return [Note(WHOLE_YEAR, {"year": str(period.year)})] if period.half == 2 else []


@dataclass(frozen=True, slots=True)
class Details:
    """What stands beside a stored value: why it is provisional, what is to be told, second figures, and notes by part."""

    lacks: tuple[Note, ...]
    notes: tuple[Note, ...]
    beside: Mapping[str, Any]
    parts: Mapping[str, tuple[Note, ...]]


def details_of(row: ValueRow) -> Details:
    """`details` read back; said in whatever language is spoken."""
    found = json.loads(row.details)
    return Details(
        _read(found.get("lacks", [])),
        _read(found.get("notes", [])),
        found.get("beside", {}),
        {part: _read(notes) for part, notes in found.get("parts", {}).items()},
    )


def _value_row(standing: Standing) -> ValueRow:
    measured, indicator = standing.measured, standing.indicator
    value = measured.value
    if value is not None and indicator.kind == "ratio":
        value *= FULL
    coverage = _percent(measured.coverage)
    if measured.coverage < 1 and coverage == FULL:
        coverage = NEARLY_ALL
    details = {
        "lacks": _told(measured.lacks),
        "notes": _told(measured.notes),
        "beside": measured.beside,
        "parts": {part.part: _told(part.notes) for part in measured.parts if part.notes},
    }
    return ValueRow(
        code=standing.code,
        value=_figure(value),
        numerator=_exact(measured.numerator),
        denominator=None if measured.numerator is None else _exact(measured.denominator),
        baseline=_figure(indicator.baseline),
        target=_figure(standing.target),
        performance=_percent(standing.performance),
        performance_exact=_exact(standing.performance),
        capped=_percent(standing.capped),
        contribution=_percent(standing.contribution),
        expected=_figure(standing.expected),
        coverage=coverage,
        status=standing.status,
        band=standing.band,
        note=_in_turkish([*measured.lacks, *measured.notes]),
        details=_dump(details),
    )


def _part_row(code: str, part: Part) -> PartRow:
    value = None if part.value is None else Fraction(part.value)
    return PartRow(
        code=code,
        part=part.part,
        value=value if value is None else (int(value) if value.denominator == 1 else str(value)),
        opening=part.opening,
        closing=part.closing,
        opening_reading=part.opening_reading,
        closing_reading=part.closing_reading,
        opened_at=part.opened_at,
        closed_at=part.closed_at,
        asked=part.asked,
        covered=part.covered,
        digest=part.digest,
        note=_in_turkish(part.notes),
    )


def _figure(value: Fraction | None) -> int | float | None:
    if value is None or value.denominator == 1:
        return None if value is None else int(value)
    return float(rounded(value, PLACES))


def _percent(share: Fraction | None) -> float | None:
    return None if share is None else float(rounded(share * FULL, PLACES))


def _exact(value: Fraction | int | None) -> str | None:
    return None if value is None else str(Fraction(value))


def _told(notes: Iterable[Note]) -> list[list[Any]]:
    return [[note.text, dict(note.values)] for note in notes]


def _read(told: Iterable[Any]) -> tuple[Note, ...]:
    return tuple(Note(text, values) for text, values in told)


def _in_turkish(notes: Iterable[Note]) -> str:
    with speaking("tr"):
        return "; ".join(dict.fromkeys(note.said() for note in notes))


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
