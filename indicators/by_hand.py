"""Figures entered by hand beside the measured ones: never mixed without being told.

An entry counts once a second person approved it. Where the plan says `fill` it stands in for what measuring knows nothing of, where
it says `instead` it goes before what was measured. A flow's year is the sum of its halves, each entered or measured. Issues of a
series are no figures: they are counted among the measured ones (indicators/series.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from config.plan import ByHand
from indicators import measure
from indicators.asked import Asked
from indicators.entered import Handed, handed, part, plain, share, told
from indicators.result import NO_DATA, Measured, Part
from model import Period
from storage.entries import Entry, entries_of
from words import N_, Note

NOTHING = N_("nothing that is approved was entered for {period}")
UNKNOWN_HALF = N_("{period}: neither measured nor entered")
OTHER_SUM = N_("what was entered for the halves of {period} adds up to {value}")


def resolve(asked: Asked) -> Measured:
    """The indicator's official value: as measured, or as entered and approved where the plan lets that stand in.

    `beside` keeps apart what was `entered` (by which `entries`) and what measuring alone says (`measured`).
    """
    measured = measure(asked)
    if asked.indicator.by_hand == "never":
        return measured
    entries = entries_of(asked.storage, asked.indicator.code, asked.known)
    own = handed(asked, entries, asked.period)
    halves = _halves(asked, entries)
    used: list[Entry] = []
    found = measured
    if own.entry and _stands_in(asked, measured):
        used = [own.entry]
        found = _whole(asked, measured, own.entry, halves)
    elif any(half.entry for half in halves):
        parts = {half: measure(asked.within(half)) for half in asked.period.halves if asked.within(half).begun}
        standing = {half.period: half.entry for half in halves if half.entry and _stands_in(asked, parts[half.period])}
        used = list(standing.values())
        found = _summed(parts, standing) if used else measured
    if found.value is None and isinstance(asked.indicator.rule, ByHand):
        found = replace(found, lacks=(*found.lacks, Note(NOTHING, {"period": str(asked.period)})))
    return _told(asked, measured, found, [own, *halves], used)


def _halves(asked: Asked, entries: Sequence[Entry]) -> list[Handed]:
    """A flow's year may be handed in by halves; nothing else may."""
    if asked.period.half or asked.indicator.kind != "flow":
        return []
    return [handed(asked, entries, half) for half in asked.period.halves if asked.within(half).begun]


def _stands_in(asked: Asked, measured: Measured) -> bool:
    return asked.indicator.by_hand == "instead" or measured.status == NO_DATA or measured.coverage == 0


def _whole(asked: Asked, measured: Measured, entry: Entry, halves: Sequence[Handed]) -> Measured:
    """The entry alone. Why nothing was measured is no lack any more, but told."""
    numerator, denominator = share(asked, entry)
    notes = [*measured.lacks, *measured.notes]
    values = [Fraction(half.entry.figure.value or 0) for half in halves if half.entry]
    if len(values) == 2 and sum(values) != numerator:
        notes.append(Note(OTHER_SUM, {"period": str(asked.period), "value": plain(sum(values, Fraction(0)))}))
    return Measured(
        numerator=numerator,
        denominator=denominator,
        parts=(part(entry, Fraction(numerator) / denominator, _weight(asked.period, measured)),),
        notes=tuple(notes),
        beside=measured.beside,
    )


def _summed(halves: Mapping[Period, Measured], standing: Mapping[Period, Entry]) -> Measured:
    """A flow's year as the sum of its halves that have begun, each entered or as measured; their parts say which half they are of."""
    values: list[Fraction] = []
    parts: list[Part] = []
    lacks: list[Note] = []
    notes: list[Note] = []
    for half, measured in halves.items():
        weight = _weight(half, measured)
        if entry := standing.get(half):
            value = Fraction(entry.figure.value or 0)
            values.append(value)
            parts.append(part(entry, value, weight, f"{half} "))
            continue
        parts += [replace(one, part=f"{half} {one.part}") for one in measured.parts]
        lacks += measured.lacks
        notes += measured.notes
        if measured.value is not None:
            values.append(measured.value)
        else:
            lacks.append(Note(UNKNOWN_HALF, {"period": str(half)}))
        if not any(one.asked for one in measured.parts):
            parts.append(Part(f"{half} -", None, asked=weight))
    return Measured(sum(values, Fraction(0)), parts=tuple(parts), lacks=_once(lacks), notes=_once(notes))


def _weight(period: Period, measured: Measured) -> int:
    """What an entered figure stands for: the account-days that were to be measured; the period's days where none were."""
    return sum(one.asked for one in measured.parts) or period.days


def _told(asked: Asked, measured: Measured, found: Measured, given: Sequence[Handed], used: Sequence[Entry]) -> Measured:
    """With both figures apart, and everything that was entered in the notes."""
    counting = [one.entry for one in given if one.entry]
    shown = used or (counting[:1] if given[0].entry else counting)
    beside = {**measured.beside, **found.beside}
    if shown:
        entered = sum((Fraction(*share(asked, entry)) for entry in shown), Fraction(0))
        beside |= {
            "entered": plain(entered),
            "entries": sorted(entry.entry for entry in shown),
            "measured": None if measured.value is None else plain(measured.value),
        }
    return replace(found, notes=(*found.notes, *told(asked, given, used)), beside=beside)


def _once(notes: Sequence[Note]) -> tuple[Note, ...]:
    """In order, without repetitions: both halves may lack the same account."""
    found: list[Note] = []
    for note in notes:
        if note not in found:
            found.append(note)
    return tuple(found)
