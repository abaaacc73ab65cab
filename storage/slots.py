"""The weekly plan of posts by the hour: what was planned and withdrawn, and the posts and walks that it is held against.

A slot is in the plan from the time at which it was handed in, and withdrawn from the time at which that was told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from model import to_text
from storage import Storage
from storage.closing import done_after_seals
from storage.database import transaction
from storage.knowledge import Known

KNOWN = """
SELECT slot, planned_at, platform, title, CASE WHEN withdrawn_at <= ?2 THEN withdrawn_at END,
       CASE WHEN withdrawn_at <= ?2 THEN reason ELSE '' END, source, added_at
FROM plan_slots WHERE planned_at >= ?3 AND planned_at < ?1 AND added_at <= ?2 ORDER BY planned_at, platform, title
"""
PUBLISHED = """
SELECT post, published_at FROM posts
WHERE account = ?1 AND published_at >= ?2 AND published_at < ?3 AND kind NOT IN ('reply', 'story') AND (response IS NULL OR response <= ?4)
  AND published_on BETWEEN date(?2, '-1 day') AND date(?3, '+1 day')
ORDER BY published_at, post
"""
SLOT = "SELECT slot, planned_at, platform, title, withdrawn_at, reason, source, added_at FROM plan_slots"


@dataclass(frozen=True, slots=True)
class Slot:
    """One planned post; times are UTC text. `source` is the file that it came from, and its SHA-256."""

    slot: int
    planned_at: str
    platform: str
    title: str
    withdrawn_at: str | None
    reason: str
    source: str
    added_at: str

    @property
    def left(self) -> bool:
        """Whether it left the plan: withdrawn before its hour, with a reason."""
        return bool(self.withdrawn_at and self.withdrawn_at < self.planned_at and self.reason)


@dataclass(frozen=True, slots=True)
class NewSlot:
    """A slot as a file has it. `reason` is of a withdrawn one; it may be empty."""

    at: datetime
    platform: str
    title: str = ""
    withdrawn: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file did to the plan. `left_out`: slots that an earlier file of the same name had for the same days and this one has not."""

    added: int = 0
    again: int = 0
    renamed: int = 0
    withdrawn: int = 0
    left_out: tuple[Slot, ...] = ()


def slots_between(storage: Storage, start: str, end: str, known: Known) -> list[Slot]:
    """Every slot known that was planned from an instant up to, and without, another (UTC text), by time, platform and title."""
    return [Slot(*row) for row in storage.connection.execute(KNOWN, (end, known.text, start))]


def first_planned(storage: Storage) -> str | None:
    """The first instant that any slot was ever planned for (UTC text)."""
    at: str | None = storage.connection.execute("SELECT min(planned_at) FROM plan_slots").fetchone()[0]
    return at


def posts_between(storage: Storage, account: str, start: str, end: str, known: Known) -> list[tuple[str, str]]:
    """The posts of an account in a span, replies and stories left out: (post, published_at)."""
    return [(post, at) for post, at in storage.connection.execute(PUBLISHED, (account, start, end, known.response))]


def take_in(storage: Storage, new: Sequence[NewSlot], source: str, now: datetime, *, dry: bool = False) -> Taken:
    """Add what the plan has not yet, whole or not at all; `dry` only says what would be.

    A slot of an earlier file of the same name with the same hour and platform and a title that is nowhere in this one has been
    given another title: it is the same slot. What an earlier file had and this one has not stays in the plan.
    """
    name, told = source.rpartition(" ")[0], to_text(now)
    with transaction(storage.connection):
        if not dry:
            done_after_seals(storage.connection, now)
        known = _around(storage, new)
        exact = {(slot.planned_at, slot.platform, slot.title): slot for slot in known}
        wanted = {(to_text(one.at), one.platform, one.title): one for one in new}
        spare = {
            (slot.planned_at, slot.platform): slot
            for key, slot in exact.items()
            if key not in wanted and slot.source.rpartition(" ")[0] == name
        }
        added = renamed = withdrawn = 0
        for key, one in wanted.items():
            slot = exact.get(key)
            if slot is None and (slot := spare.pop(key[:2], None)):
                renamed += 1
                if not dry:
                    storage.connection.execute("UPDATE plan_slots SET title = ? WHERE slot = ?", (one.title, slot.slot))
            if slot is None:
                added += 1
                if not dry:
                    _add(storage, key, one, source, told)
            if one.withdrawn and (slot is None or slot.withdrawn_at is None):
                withdrawn += 1
                if not dry and slot:
                    withdraw(storage, [slot.slot], one.reason, now)
    return Taken(added, len(wanted) - added - renamed, renamed, withdrawn, tuple(spare.values()))


def _add(storage: Storage, key: tuple[str, str, str], one: NewSlot, source: str, told: str) -> None:
    storage.connection.execute(
        "INSERT INTO plan_slots (planned_at, platform, title, withdrawn_at, reason, source, added_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*key, told if one.withdrawn else None, one.reason if one.withdrawn else "", source, told),
    )


def _around(storage: Storage, new: Sequence[NewSlot]) -> list[Slot]:
    """The slots of the days that a file is about."""
    if not new:
        return []
    first, last = to_text(min(one.at for one in new)), to_text(max(one.at for one in new))
    rows = storage.connection.execute(f"{SLOT} WHERE planned_at BETWEEN ? AND ? ORDER BY slot", (first, last))
    return [Slot(*row) for row in rows]


def slots_at(storage: Storage, at: datetime, platform: str = "") -> list[Slot]:
    """The slots of an instant that are not withdrawn, of one platform or of all."""
    rows = storage.connection.execute(
        f"{SLOT} WHERE planned_at = ?1 AND (?2 = '' OR platform = ?2) AND withdrawn_at IS NULL ORDER BY slot",
        (to_text(at), platform),
    )
    return [Slot(*row) for row in rows]


def slots_numbered(storage: Storage, numbers: Iterable[int]) -> list[Slot]:
    """The slots of these numbers, those that there are."""
    found = []
    for number in numbers:
        found += [Slot(*row) for row in storage.connection.execute(f"{SLOT} WHERE slot = ?", (number,))]
    return found


def withdraw(storage: Storage, numbers: Iterable[int], reason: str, now: datetime) -> None:
    """Withdraw slots as of now; one that is withdrawn already stays as it is. The caller holds the transaction."""
    done_after_seals(storage.connection, now)
    storage.connection.executemany(
        "UPDATE plan_slots SET withdrawn_at = ?, reason = ? WHERE slot = ? AND withdrawn_at IS NULL",
        [(to_text(now), reason, number) for number in numbers],
    )


def put_matches(storage: Storage, posts: Mapping[int, str | None]) -> None:
    """Write which post met each slot (`account/post`, None: none did), for people to read; nothing is measured by it."""
    with transaction(storage.connection):
        storage.connection.executemany(
            "UPDATE plan_slots SET matched_post = ?1 WHERE slot = ?2 AND matched_post IS NOT ?1",
            [(post, slot) for slot, post in posts.items()],
        )
