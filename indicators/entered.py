"""What was entered by hand for a period: the entry that counts, its part of a value, and how it is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from indicators.asked import Asked
from indicators.result import Part, digest
from model import Period, from_text
from storage.entries import COUNTS, WAITING, Entry, scaled
from words import N_, Note

USED = N_("entered by hand for {period}: {value} (entry {entry}; entered by {by} on {day}, approved by {approver} on {approved})")
BESIDE = N_(
    "entered by hand for {period}, not counted: {value} (entry {entry}; entered by {by} on {day}, approved by {approver} on {approved})"
)
UNAPPROVED = N_(
    "entered by hand for {period}, waits for a second person, not counted: {value} (entry {entry}; entered by {by} on {day})"
)
PROOF = N_("the file of entry {entry} has SHA-256 {sha256}")
NO_PROOF = N_("entry {entry} was handed in without a file")
LATER_ONE = N_("entries {entries} are all of {period}: the last one counts")


@dataclass(frozen=True, slots=True)
class Handed:
    """What was entered for one period: the entry that counts, those of the same period before it, and those that wait."""

    period: Period
    entry: Entry | None
    earlier: tuple[Entry, ...]
    waiting: tuple[Entry, ...]


def handed(asked: Asked, entries: Iterable[Entry], period: Period) -> Handed:
    """Of an indicator's entries the figures of exactly this period; issues of a series are none."""
    own = [entry for entry in entries if entry.figure.value is not None and _is_of(asked, entry, period)]
    counting = [entry for entry in own if entry.state == COUNTS]
    waiting = tuple(entry for entry in own if entry.state == WAITING)
    return Handed(period, counting[-1] if counting else None, tuple(counting[:-1]), waiting)


def _is_of(asked: Asked, entry: Entry, period: Period) -> bool:
    """A level is that of the period's last day, whichever period ends with it."""
    figure = entry.figure
    if asked.indicator.kind == "level":
        return (figure.period.last if figure.period else figure.day) == period.last
    return figure.period == period


def share(asked: Asked, entry: Entry) -> tuple[Fraction | int, int]:
    """Numerator and denominator as measuring has them: 96,4 percent is 964 of 1000."""
    value = Fraction(entry.figure.value or 0)
    if asked.indicator.kind != "ratio":
        return value, 1
    numerator, denominator = scaled(value)
    return numerator, denominator * 100


def part(entry: Entry, value: Fraction, weight: int, prefix: str = "") -> Part:
    """An entry as a part of a value, whole in what it stands for (`weight`, in account-days)."""
    figure = entry.figure
    row = (
        entry.entry, figure.indicator, figure.period, figure.day, figure.value, figure.number, figure.url, figure.note, entry.evidence,
        entry.entered_by, entry.entered_at, entry.approved_by, entry.approved_at, figure.corrects, figure.withdraws,
    )  # fmt: skip
    return Part(f"{prefix}entry:{entry.entry}", value, asked=weight, covered=weight, digest=digest([row]))


def plain(value: Fraction | int) -> int | str:
    """For JSON and notes: a whole number, or the text of a fraction."""
    return int(value) if Fraction(value).denominator == 1 else str(value)


def told(asked: Asked, found: Sequence[Handed], used: Iterable[Entry]) -> list[Note]:
    """Everything that was entered for these periods, what counts and what doesn't, by whom, and its proof."""
    counted = {entry.entry for entry in used}
    notes = []
    for one in found:
        if one.entry:
            notes.append(_note(asked, USED if one.entry.entry in counted else BESIDE, one.entry, one.period))
            notes.append(_proof(one.entry))
            if one.earlier:
                numbers = ", ".join(str(entry.entry) for entry in (*one.earlier, one.entry))
                notes.append(Note(LATER_ONE, {"entries": numbers, "period": str(one.period)}))
        notes += [_note(asked, UNAPPROVED, entry, one.period) for entry in one.waiting]
    return notes


def _note(asked: Asked, text: str, entry: Entry, period: Period) -> Note:
    numerator, denominator = share(asked, entry)
    values: dict[str, int | str] = {
        "period": str(period),
        "value": f"%{numerator}/{denominator}" if asked.indicator.kind == "ratio" else plain(numerator),
        "entry": str(entry.entry),
        "by": entry.entered_by,
        "day": _day(asked, entry.entered_at),
    }
    if entry.approved_by and entry.approved_at:
        values |= {"approver": entry.approved_by, "approved": _day(asked, entry.approved_at)}
    return Note(text, values)


def _proof(entry: Entry) -> Note:
    number = str(entry.entry)
    return Note(PROOF, {"entry": number, "sha256": entry.evidence[:12]}) if entry.evidence else Note(NO_PROOF, {"entry": number})


def _day(asked: Asked, at: str) -> str:
    return from_text(at).astimezone(asked.zone).date().isoformat()
