"""Followers: the sum over the accounts of the last reading at or before the period's edge, each with the time of its reading.

A person who follows on several platforms counts on each: platforms tell numbers, never names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from config.plan import Level
from indicators.asked import Asked
from indicators.result import Measured, Part, digest
from indicators.scope import Share, shares
from model import from_text
from storage.imports import Origin, imported
from storage.levels import LevelReading, level_at
from storage.subscribers import exact_level
from words import N_, Note

STALE = N_("{account}: last read on {day}, {days} days before the edge")
NEVER = N_("{account}: never read up to the edge")
ROUNDED = N_("{account}: the platform rounds this number")
IMPORTED = N_("{account}: from a file handed in on {day}")


def measure_level(asked: Asked, rule: Level) -> Measured:
    """One part an account that counts on the last day; an account without a reading is unknown, never 0."""
    edge_day = asked.last
    counted = shares(asked.storage, asked.plan, asked.period, edge_day, asked.known)
    at_edge = [share for share in counted if share.last == edge_day]
    readings = {share.account.account: level_on(asked, rule, share.account.account, edge_day) for share in at_edge}
    handed = imported(asked.storage, [found.reading for found in readings.values() if found])
    parts, lacks, notes = [], [], []
    for share in at_edge:
        part, lacking, told = _part(asked, rule, share, readings[share.account.account], handed)
        parts.append(part)
        lacks += lacking
        notes += told
    known = [part.value for part in parts if part.value is not None]
    return Measured(
        numerator=sum(known, Fraction(0)) if known else None,
        parts=tuple(parts),
        lacks=tuple(lacks),
        notes=tuple(notes),
        beside={"growth": _growth(asked, rule, at_edge, readings)},
    )


def _part(
    asked: Asked, rule: Level, share: Share, found: LevelReading | None, handed: Mapping[int, Origin]
) -> tuple[Part, list[Note], list[Note]]:
    name = share.account.account
    if found is None:
        return Part(name, None, asked=1), [Note(NEVER, {"account": name})], []
    seen = from_text(found.seen_at).astimezone(asked.zone).date()
    age = (asked.last - seen).days
    stale = age > rule.fresh_days
    notes = [] if found.exact else [Note(ROUNDED, {"account": name})]
    if origin := handed.get(found.reading):
        notes.append(Note(IMPORTED, {"account": name, "day": origin.on(asked.storage).isoformat()}))
    part = Part(
        name,
        found.value,
        closing=found.value,
        closing_reading=found.reading,
        closed_at=found.seen_at,
        asked=1,
        covered=0 if stale else 1,
        digest=digest([(name, rule.metric, found.value, found.at)]),
        notes=tuple(notes),
    )
    lacks = [Note(STALE, {"account": name, "day": seen.isoformat(), "days": age})] if stale else []
    return part, lacks, notes


def level_on(asked: Asked, rule: Level, account: str, day: date) -> LevelReading | None:
    """At the end of a local day. YouTube's exact number goes before the rounded one where its base is known."""
    edge = asked.end_of(day)
    exact = exact_level(asked.storage, account, edge, asked.known) if rule.metric == "followers" else None
    return exact or level_at(asked.storage, account, rule.metric, edge, asked.known)


def _growth(asked: Asked, rule: Level, at_edge: list[Share], readings: dict[str, LevelReading | None]) -> dict[str, Any]:
    """By platform: the sum at the period's beginning and at its edge, over the accounts that are known at both."""
    before = asked.period.first - timedelta(days=1)
    found: dict[str, dict[str, int]] = {}
    for share in at_edge:
        opening, closing = level_on(asked, rule, share.account.account, before), readings[share.account.account]
        if opening and closing:
            sums = found.setdefault(share.account.platform, {"opening": 0, "closing": 0})
            sums["opening"] += opening.value
            sums["closing"] += closing.value
    return found
