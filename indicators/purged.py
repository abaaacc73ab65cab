"""What was purged, and the seals: a value that can't be measured again as it was is compared with what was measured right after the purge.

So what went on purpose is told as that, and whatever is touched later is found as before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any, TypeVar

from config.plan import Plan
from indicators.finding import Finding, found
from indicators.recompute import ALIKE, PLACE, measured_again
from model import MecraError
from storage import Storage
from storage.plans import plan_body
from storage.purges import Purge, all_purges, broken, since_purged
from storage.purging import BODIES
from storage.snapshots import PartRow, Snapshot, ValueRow, all_sealed
from words import N_, Note

Row = TypeVar("Row", ValueRow, PartRow)
Measured = dict[tuple[str, str], str]
TOLD = N_("purge {purge} of {day} by {by}, because: {why} ({whose}; {rows})")
REST = N_(
    "some of what it was measured from was purged on {day} by {by}, because: {why}; the seal stands, and the rest is as it was left then"
)
RECORD = N_("the record of purge {purge} is not the one that was written")
SINCE = N_("since it was measured, something was purged on {day} by {by}, because: {why} ({whose}; {rows})")
LOOK = N_("look for who changed the database, and restore a backup of before")
CHECK = N_("ask whoever is named there whether that was meant: `mecra purge --list` tells it again")
NOTHING = N_("nothing is to be done")
WORDS = ("note", "details")  # of a value; another version may choose them otherwise


def fingerprints(snapshot: Snapshot) -> Measured:
    """A hash of its head ('', ''), of each value (code, '') and of each part (code, part)."""
    return {
        ("", ""): _hash({name: getattr(snapshot, name) for name in ALIKE}),
        **{(row.code, ""): _hash({k: v for k, v in asdict(row).items() if k not in WORDS}) for row in snapshot.values},
        **{(row.code, row.part): _hash({k: v for k, v in asdict(row).items() if k not in PLACE}) for row in snapshot.parts},
    }


def measured_seals(storage: Storage, parse: Callable[[str, str], Plan]) -> dict[int, Measured]:
    """Every sealed snapshot measured again, by its number; without those that can't be."""
    every: dict[int, Measured] = {}
    for snapshot in all_sealed(storage):
        try:
            again = measured_again(storage, parse(plan_body(storage, snapshot.plan), snapshot.plan[:12]), snapshot)
        except MecraError:
            continue
        every[snapshot.snapshot] = fingerprints(again)
    return every


def changed(
    storage: Storage, before: Mapping[int, Measured], after: Mapping[int, Measured]
) -> dict[tuple[int, str, str], str | None]:
    """What a purge changed of what is measured. Only what was as sealed, or as an earlier purge left it: what was wrong stays wrong."""
    wrong: dict[tuple[int, str, str], str | None] = {}
    for snapshot in all_sealed(storage):
        number = snapshot.snapshot
        right: dict[tuple[str, str], str | None] = {**fingerprints(snapshot)}
        right |= {place: sha256 for place, (_purge, sha256) in since_purged(storage, number).items()}
        was, now = before.get(number, {}), after.get(number, {})
        for place in was.keys() | now.keys():
            if was.get(place) != now.get(place) and was.get(place) == right.get(place):
                wrong[number, *place] = now.get(place)
    return wrong


def as_sealed(storage: Storage, sealed: Snapshot, again: Snapshot) -> tuple[Snapshot, set[int]]:
    """What was measured again, with the sealed rows in place of those that are exactly as a purge left them; and those purges."""
    since = since_purged(storage, sealed.snapshot)
    now = fingerprints(again)
    told = {place: purge for place, (purge, sha256) in since.items() if now.get(place) == sha256}
    if not told:
        return again, set()
    head = {name: getattr(sealed, name) for name in ALIKE} if ("", "") in told else {}
    values = _replaced(again.values, sealed.values, told, lambda row: (row.code, ""))
    parts = _replaced(again.parts, sealed.parts, told, lambda row: (row.code, row.part))
    return replace(again, **head, values=values, parts=parts), set(told.values())


def purges_told(storage: Storage) -> Iterator[Finding]:
    """Whether what was purged is told as it was written; each purge is told, because whoever takes rows away could call it one."""
    wrong = broken(storage)
    for number in wrong:
        yield Finding("purge", Note(RECORD, {"purge": str(number)}), Note(LOOK))
    for purge in all_purges(storage):
        if purge.purge not in wrong:
            yield Finding("purged", Note(TOLD, purge_values(purge)), Note(CHECK, {"purge": str(purge.purge)}), failed=False)


def purged_of(snapshot: Snapshot, purge: Purge) -> Finding:
    """That a sealed snapshot can't be measured again as it was, and why."""
    return replace(found("purged", REST, NOTHING, snapshot, **purge_values(purge)), failed=False)


def purges_of(storage: Storage, snapshot: Snapshot | None, code: str) -> tuple[Purge, ...]:
    """The purges that took something from what a sealed value was measured from; of a provisional snapshot, those since it was taken."""
    if snapshot is None:
        return ()
    if snapshot.sealed_at is None:
        return tuple(purge for purge in all_purges(storage) if purge.purged_at >= snapshot.taken_at and purge.kind != BODIES)
    since = since_purged(storage, snapshot.snapshot)
    numbers = {purge for (of, _part), (purge, _sha256) in since.items() if of == code}
    return tuple(purge for purge in all_purges(storage) if purge.purge in numbers) if numbers else ()


def purge_said(purge: Purge, snapshot: Snapshot | None) -> Note:
    """Beside a figure that may have rested on what went."""
    return Note(REST if snapshot and snapshot.sealed_at else SINCE, purge_values(purge))


def purge_values(purge: Purge) -> dict[str, int | str]:
    """What a text about a purge may name."""
    rows = ", ".join(f"{table} {number}" for table, number in sorted(purge.rows.items()))
    return {
        "purge": str(purge.purge), "day": purge.purged_at[:10], "by": purge.purged_by, "why": purge.why, "rows": rows,
        "whose": purge.account or "–",
    }  # fmt: skip


def _replaced(
    again: Iterable[Row], sealed: Iterable[Row], told: Mapping[tuple[str, str], int], place: Callable[[Row], tuple[str, str]]
) -> tuple[Row, ...]:
    left = [row for row in again if place(row) not in told]
    return tuple(left + [row for row in sealed if place(row) in told])


def _hash(value: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True, default=repr).encode()).hexdigest()
