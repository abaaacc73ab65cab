"""What people enter by hand. A row never changes but for its approval, by a second person; a correction is another row.

An entry counts from its approval on, and until the approval of one that corrects it, or corrects a correction of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from model import MecraError, Period, to_text
from storage import Storage
from storage.closing import done_after_seals
from storage.database import transaction
from storage.evidence import Evidence, keep
from storage.knowledge import Known
from words import _

COUNTS, WAITING, CORRECTED, WITHDRAWN, WITHDRAWAL = "counts", "waiting", "corrected", "withdrawn", "withdrawal"
COLUMNS = (
    "entry, indicator, period, day, value, number, url, note, evidence_sha256, entered_by, entered_at, approved_by, approved_at, "
    "corrects, withdraws"
)
LETTERS = str.maketrans("Iİı", "iii")


@dataclass(frozen=True, slots=True)
class Figure:
    """What is entered: a value for a period, a level's value on a day, or (`value` None) an issue of a series on its day.

    `value` is in the unit of the plan's target, a ratio in percent. `corrects` names the entry that this one replaces; with
    `withdraws` nothing stands in for that one.
    """

    indicator: str
    period: Period | None = None
    day: date | None = None
    value: Fraction | int | None = None
    number: str = ""
    url: str = ""
    note: str = ""
    corrects: int | None = None
    withdraws: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure as entered. `state`: `counts`, `waiting` (not approved), `corrected` or `withdrawn` (`by` which entry), or it is
    itself a `withdrawal`; times are UTC text."""

    entry: int
    figure: Figure
    evidence: str | None
    entered_by: str
    entered_at: str
    approved_by: str | None = None
    approved_at: str | None = None
    state: str = WAITING
    by: int | None = None

    @property
    def counts(self) -> bool:
        return self.state == COUNTS


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: capitals, the dots of Turkish i's, blanks and invisible signs are no difference."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    visible = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    plain = unicodedata.normalize("NFC", visible.translate(LETTERS).casefold())
    return " ".join(plain.split())


def enter(storage: Storage, figure: Figure, *, by: str, at: datetime, evidence: Evidence | None = None) -> int:
    """Store a figure, to be approved; answers its number. A withdrawal takes period, day and number of what it withdraws.

    Raises MecraError for a correction of nothing, of another indicator or of what is corrected already, and for a second figure
    where one stands.
    """
    with transaction(storage.connection):
        done_after_seals(storage.connection, at)
        others = _read(storage, figure.indicator)
        if figure.corrects is not None:
            former = _correctable(storage, figure, others)
            if figure.withdraws:
                figure = replace(
                    figure, period=former.figure.period, day=former.figure.day, number=former.figure.number, value=None
                )
        elif standing := next((e for e in _judged(others) if _stands(e) and _same_place(e.figure, figure)), None):
            raise MecraError(
                _("entry {entry} stands there already ({indicator}, {place}): write --corrects {entry} to replace it").format(
                    entry=standing.entry, indicator=figure.indicator, place=place(figure)
                )
            )
        row = (
            figure.indicator,
            str(figure.period) if figure.period else None,
            figure.day.isoformat() if figure.day else None,
            written(figure.value),
            figure.number,
            figure.url,
            figure.note,
            keep(storage, evidence, at) if evidence else None,
            by,
            to_text(at),
            figure.corrects,
            int(figure.withdraws),
        )
        done = storage.connection.execute(
            "INSERT INTO entries (indicator, period, day, value, number, url, note, evidence_sha256, entered_by, entered_at, "
            "corrects, withdraws) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        return int(done.lastrowid or 0)


def approve(storage: Storage, entry: int, *, by: str, at: datetime) -> Entry:
    """A second person's yes. Raises MecraError for an unknown entry, one approved or corrected already, and the same person."""
    with transaction(storage.connection):
        done_after_seals(storage.connection, at)
        found = next((e for e in all_entries(storage) if e.entry == entry), None)
        if found is None:
            raise MecraError(_("there is no entry {entry}: `mecra entries` lists them").format(entry=entry))
        if found.approved_by is not None:
            raise MecraError(
                _("entry {entry} was approved by {person} already: nothing is left to do").format(
                    entry=entry, person=found.approved_by
                )
            )
        if found.by is not None:
            raise MecraError(_("entry {entry} was corrected by entry {by}: approve that one").format(entry=entry, by=found.by))
        if same_person(found.entered_by, by):
            raise MecraError(
                _("entry {entry} was entered by {person}: somebody else approves it (--by NAME)").format(
                    entry=entry, person=found.entered_by
                )
            )
        storage.connection.execute("UPDATE entries SET approved_by = ?, approved_at = ? WHERE entry = ?", (by, to_text(at), entry))
    return next(e for e in all_entries(storage) if e.entry == entry)


def entries_of(storage: Storage, indicator: str, known: Known) -> tuple[Entry, ...]:
    """All that was entered for an indicator, by number, each as it stood at `known.at`."""
    return _judged(_read(storage, indicator), known.text)


def all_entries(storage: Storage, indicator: str | None = None) -> tuple[Entry, ...]:
    """All that was entered, by number, as it stands now."""
    return _judged(_read(storage, indicator))


def place(figure: Figure) -> str:
    """What a figure is for, to be shown: its period or day, and an issue's number."""
    where = str(figure.period or figure.day or "")
    return f"{where} #{figure.number}" if figure.number else where


def _judged(entries: Iterable[Entry], until: str | None = None) -> tuple[Entry, ...]:
    """Each entry's state at an instant (UTC text). One that nobody approved is done with once it is corrected at all."""
    known = [_as_of(entry, until) for entry in entries if until is None or entry.entered_at <= until]
    by_number = {entry.entry: entry for entry in known}
    over: dict[int, Entry] = {}
    for later in known:  # by number, so that the last correction is the one that is named
        number = later.figure.corrects
        if number in by_number and by_number[number].approved_at is None:
            over[number] = later
        while later.approved_at is not None and number in by_number:
            over[number] = later
            before = by_number[number].figure.corrects
            number = before if before is not None and before < number else None
    return tuple(_with_state(entry, over.get(entry.entry)) for entry in known)


def _as_of(entry: Entry, until: str | None) -> Entry:
    """Without an approval of later, or one by who entered it."""
    at = entry.approved_at
    if (
        at is None
        or entry.approved_by is None
        or (until is not None and at > until)
        or same_person(entry.entered_by, entry.approved_by)
    ):
        return replace(entry, approved_by=None, approved_at=None)
    return entry


def _with_state(entry: Entry, over: Entry | None) -> Entry:
    if over is not None:
        return replace(entry, state=WITHDRAWN if over.figure.withdraws else CORRECTED, by=over.entry)
    if entry.approved_at is None:
        return replace(entry, state=WAITING)
    return replace(entry, state=WITHDRAWAL if entry.figure.withdraws else COUNTS)


def _stands(entry: Entry) -> bool:
    return entry.state in (COUNTS, WAITING) and not entry.figure.withdraws


def _same_place(one: Figure, other: Figure) -> bool:
    return (one.period, one.day, one.number, one.value is None) == (other.period, other.day, other.number, other.value is None)


def _correctable(storage: Storage, figure: Figure, others: list[Entry]) -> Entry:
    former = next((e for e in others if e.entry == figure.corrects), None)
    if former is None:
        anywhere = next((e for e in _read(storage, None) if e.entry == figure.corrects), None)
        if anywhere is None:
            raise MecraError(_("there is no entry {entry}: `mecra entries` lists them").format(entry=figure.corrects))
        raise MecraError(
            _("entry {entry} is of {indicator}, not of {other}: a correction is of the same indicator").format(
                entry=figure.corrects, indicator=anywhere.figure.indicator, other=figure.indicator
            )
        )
    if after := next((e for e in others if e.figure.corrects == former.entry), None):
        raise MecraError(
            _("entry {entry} was corrected by entry {by} already: correct that one").format(entry=former.entry, by=after.entry)
        )
    return former


def written(value: Fraction | int | None) -> int | str | None:
    """A whole number as such, another one as the text of its decimal. Raises ValueError for what no decimal writes exactly."""
    if value is None or Fraction(value).denominator == 1:
        return None if value is None else int(value)
    numerator, denominator = scaled(Fraction(value))
    digits = len(str(denominator)) - 1
    return f"{numerator // denominator}.{numerator % denominator:0{digits}d}"


def scaled(value: Fraction) -> tuple[int, int]:
    """Numerator and denominator over the smallest power of ten: 96,4 is (964, 10). Raises ValueError where there is none."""
    for places in range(19):
        if (value * 10**places).denominator == 1:
            return int(value * 10**places), 10**places
    raise ValueError(f"{value} is no decimal number")


def _read(storage: Storage, indicator: str | None) -> list[Entry]:
    rows = storage.connection.execute(
        f"SELECT {COLUMNS} FROM entries WHERE ?1 IS NULL OR indicator = ?1 ORDER BY entry", (indicator,)
    )
    return [_entry(*row) for row in rows]


def _entry(
    entry: int,
    indicator: str,
    period: str | None,
    day: str | None,
    value: int | str | float | None,
    number: str,
    url: str,
    note: str,
    evidence: str | None,
    entered_by: str,
    entered_at: str,
    approved_by: str | None,
    approved_at: str | None,
    corrects: int | None,
    withdraws: int,
) -> Entry:
    figure = Figure(
        indicator=indicator,
        period=Period.parse(period) if period else None,
        day=date.fromisoformat(day) if day else None,
        value=None if value is None else Fraction(str(value)),
        number=number,
        url=url,
        note=note,
        corrects=corrects,
        withdraws=bool(withdraws),
    )
    return Entry(entry, figure, evidence, entered_by, entered_at, approved_by, approved_at)
