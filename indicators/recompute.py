"""A sealed snapshot measured again from the readings, and compared with what was sealed: value by value, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from config.plan import Plan
from indicators.finding import Finding, found
from indicators.snapshot import scope_of, take_known
from model import Period, from_text
from storage import Storage
from storage.knowledge import Known
from storage.proof import Origin, origins
from storage.snapshots import PartRow, Snapshot, ValueRow
from words import N_

ALIKE = ("goal_exact", "status")
TOLD = ("note", "details")  # words, which another version may choose otherwise
PLACE = ("opening_reading", "closing_reading", "note")  # numbers that `mecra rebuild` gives anew; words
RESTORE = N_("look for who changed the database, and restore a backup; `mecra explain {code} {period}` tells what was sealed")
CORRECT = N_('where the new figure is the right one: `mecra snapshot {period} --seal --reason "..."`')
HEAD = N_("measured again it is {now}, sealed was {was}")
VALUE = N_("{code}: measured again it is {now}, sealed was {was}")
TOUCHED_VALUE = N_("{code}: its stored row was touched: it says {was}, measured again it is {now}")
NO_VALUE = N_("{code}: its value is gone from the sealed snapshot")
MORE_VALUE = N_("{code}: a value that the plan has not was put into the sealed snapshot")
PART = N_("{code}, {part}: measured again it is {now}, sealed was {was}")
TOUCHED_PART = N_("{code}, {part}: its stored evidence was touched: it says {was}, measured again it is {now}")
ROWS = N_("{code}, {part}: the rows that it was counted from are no longer those that were sealed")
NO_PART = N_("{code}, {part}: measured now, and not in the sealed evidence")
MORE_PART = N_("{code}, {part}: in the sealed evidence, and not measured any more")
READING = N_("{code}, {part}: reading {reading} ({account}, {metric}) says {now} now, sealed was {was}")
NO_READING = N_("{code}, {part}: reading {reading} is not there any more")
UNKNOWN = "–"


def measured_again(storage: Storage, plan: Plan, snapshot: Snapshot) -> Snapshot:
    """The snapshot's rows from what was known then, over the accounts that counted then."""
    period, known = Period.parse(snapshot.period), Known(snapshot.archive, from_text(snapshot.as_of))
    return take_known(storage, replace(plan, scope=scope_of(snapshot)), period, known, taken_at=from_text(snapshot.taken_at))


def differences(storage: Storage, sealed: Snapshot, again: Snapshot, *, touched: bool) -> Iterator[Finding]:
    """What is not as it was sealed. `touched`: the seal does not fit the stored rows, so that they are in doubt, and their words too."""
    if columns := [column for column in ALIKE if getattr(sealed, column) != getattr(again, column)]:
        yield found("value", HEAD, CORRECT, sealed, was=_said(sealed, columns), now=_said(again, columns))
    codes = list(dict.fromkeys([*(row.code for row in again.values), *(row.code for row in sealed.values)]))
    for code in codes:
        was, now = sealed.value(code), again.value(code)
        if was is None or now is None:
            yield found("value", NO_VALUE if was is None else MORE_VALUE, RESTORE, sealed, code=code)
            continue
        yield from _of_value(sealed, was, now, touched)
        yield from _of_parts(storage, sealed, code, sealed.parts_of(code), again.parts_of(code), touched)


def _of_value(sealed: Snapshot, was: ValueRow, now: ValueRow, touched: bool) -> Iterator[Finding]:
    if columns := _differing(was, now, () if touched else TOLD):
        text, cure = (TOUCHED_VALUE, RESTORE) if touched else (VALUE, CORRECT)
        yield found("value", text, cure, sealed, code=was.code, was=_said(was, columns), now=_said(now, columns))


def _of_parts(
    storage: Storage, sealed: Snapshot, code: str, was: Iterable[PartRow], now: Iterable[PartRow], touched: bool
) -> Iterator[Finding]:
    before, after = {row.part: row for row in was}, {row.part: row for row in now}
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            yield found("part", NO_PART if one is None else MORE_PART, RESTORE, sealed, code=code, part=name)
            if one is not None:
                yield from _readings(storage, sealed, one)
            continue
        columns = _differing(one, other, PLACE[:2] if touched else PLACE)
        if columns == ["digest"]:
            yield found("part", ROWS, RESTORE, sealed, code=code, part=name)
        elif columns:
            said = [column for column in columns if column != "digest"]
            text = TOUCHED_PART if touched else PART
            yield found("part", text, RESTORE, sealed, code=code, part=name, was=_said(one, said), now=_said(other, said))
        if columns:
            yield from _readings(storage, sealed, one)


def _readings(storage: Storage, sealed: Snapshot, row: PartRow) -> Iterator[Finding]:
    """What the readings that the evidence names say now, where it is something else."""
    named = [(row.opening_reading, row.opening), (row.closing_reading, row.closing)]
    there = origins(storage, [number for number, _was in named if number is not None])
    for number, was in named:
        if number is None:
            continue
        origin: Origin | None = there.get(number)
        if origin is None:
            yield found("reading", NO_READING, RESTORE, sealed, code=row.code, part=row.part, reading=str(number))
        elif was is not None and origin.value != was:
            yield found(
                "reading", READING, RESTORE, sealed, code=row.code, part=row.part, reading=str(number), account=origin.account,
                metric=origin.metric, now=str(origin.value), was=str(was),
            )  # fmt: skip


def _differing(one: ValueRow | PartRow, other: ValueRow | PartRow, left_out: tuple[str, ...]) -> list[str]:
    """By name, the columns that are not equal."""
    return [name for name in one.__slots__ if name not in left_out and getattr(one, name) != getattr(other, name)]


def _said(row: Snapshot | ValueRow | PartRow, columns: Iterable[str]) -> str:
    """`value 251, status ok`: the columns as they are called in the database."""
    values = [(column, getattr(row, column)) for column in columns]
    return ", ".join(f"{column} {UNKNOWN if value is None else value}" for column, value in values)
