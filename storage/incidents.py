"""What is wrong and what was: incidents, the signs of those to come, and the messages that tell of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from model import from_text, to_text
from storage import Storage
from storage.database import transaction
from words import Note

Key: TypeAlias = tuple[str, str]  # (kind, about)
TOLD_WITHIN = timedelta(days=7)  # what has not arrived by then is not sent any more
COLUMNS = "incident, kind, about, since, opened_at, what, cure, over_at"


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is wrong at this moment. `about` is a key that stays while it lasts; `since`: since when it has been so."""

    kind: str
    about: str
    since: datetime
    what: Note
    cure: Note

    @property
    def key(self) -> Key:
        return self.kind, self.about


@dataclass(frozen=True, slots=True)
class Incident:
    """A condition that lasted long enough, as it stood then; `over_at` None: it still lasts."""

    incident: int
    kind: str
    about: str
    since: datetime
    opened_at: datetime
    what: Note
    cure: Note
    over_at: datetime | None = None

    @property
    def key(self) -> Key:
        return self.kind, self.about


@dataclass(frozen=True, slots=True)
class Changes:
    """What a look found: incidents to open, those that are over (their keys), and the signs that there are from now on."""

    opened: Sequence[Condition]
    over: Sequence[Key]
    signs: Mapping[Key, datetime]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One message: incidents that it tells the beginning of, and those that it tells the end of."""

    bulletin: int
    made_at: datetime
    begun: tuple[Incident, ...]
    over: tuple[Incident, ...]

    @property
    def occasion(self) -> str:
        """What the ledger of messages knows it by. With its time: a restored database counts on from an earlier number."""
        return f"alarm {self.bulletin} {to_text(self.made_at)}"


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that has not arrived by a way so far; `recipient`: an address, `webhook` or `command`."""

    occasion: str
    recipient: str
    tries: int
    answer: str
    at: datetime


def undelivered(storage: Storage, since: datetime) -> list[Undelivered]:
    """Of the messages made since an instant, those whose last try did not arrive."""
    rows = storage.connection.execute(
        "SELECT m.occasion, m.recipient, m.outcome, m.answer, m.at, (SELECT count(*) FROM messages t WHERE t.occasion = m.occasion "
        "AND t.recipient = m.recipient AND t.outcome = 'begun') FROM messages m WHERE m.occasion >= 'alarm ' AND m.occasion < 'alarm!' "
        "AND m.at >= ? AND m.recipient IS NOT NULL AND m.message = (SELECT max(message) FROM messages n WHERE n.occasion = m.occasion "
        "AND n.recipient = m.recipient) AND m.outcome != 'sent' ORDER BY m.message",
        (to_text(since),),
    )
    return [Undelivered(occasion, to, tries, answer or outcome, from_text(at)) for occasion, to, outcome, answer, at, tries in rows]


def open_incidents(storage: Storage) -> list[Incident]:
    """What is wrong now, the oldest first."""
    return _read(storage, "over_at IS NULL ORDER BY incident")


def newest_incidents(storage: Storage, most: int) -> list[Incident]:
    """Open ones first, then those that are over, the newest first."""
    return _read(storage, "true ORDER BY over_at IS NOT NULL, incident DESC LIMIT ?", most)


def last_over(storage: Storage, kind: str) -> datetime | None:
    """When an incident of a kind was over last."""
    row = storage.connection.execute("SELECT max(over_at) FROM incidents WHERE kind = ?", (kind,)).fetchone()
    return from_text(row[0]) if row[0] else None


def signs(storage: Storage) -> dict[Key, datetime]:
    """Since when something has not been as the incidents have it."""
    rows = storage.connection.execute("SELECT kind, about, since FROM signs")
    return {(kind, about): from_text(since) for kind, about, since in rows}


def keep(storage: Storage, changes: Changes, now: datetime) -> None:
    """Write what a look found, whole or not at all."""
    if not changes.opened and not changes.over and changes.signs == signs(storage):
        return
    with transaction(storage.connection):
        storage.connection.executemany(
            "UPDATE incidents SET over_at = ? WHERE kind = ? AND about = ? AND over_at IS NULL",
            [(to_text(now), *key) for key in changes.over],
        )
        storage.connection.executemany(
            "INSERT INTO incidents (kind, about, since, opened_at, what, cure) VALUES (?, ?, ?, ?, ?, ?)",
            [(*one.key, to_text(one.since), to_text(now), _packed(one.what), _packed(one.cure)) for one in changes.opened],
        )
        storage.connection.execute("DELETE FROM signs")
        storage.connection.executemany(
            "INSERT INTO signs VALUES (?, ?, ?)", [(*key, to_text(since)) for key, since in changes.signs.items()]
        )


def gather(storage: Storage, now: datetime, patience: timedelta) -> Bulletin | None:
    """A message of everything that was not told yet, once the first of it has waited for the others that come with it."""
    rows = storage.connection.execute(
        "SELECT min(CASE WHEN told_in IS NULL THEN opened_at ELSE over_at END) FROM incidents "
        "WHERE told_in IS NULL OR (over_told_in IS NULL AND over_at IS NOT NULL)"
    )
    first = rows.fetchone()[0]
    if first is None or from_text(first) <= now < from_text(first) + patience:
        return None
    with transaction(storage.connection):
        number = storage.connection.execute("INSERT INTO bulletins (made_at) VALUES (?)", (to_text(now),)).lastrowid or 0
        storage.connection.execute("UPDATE incidents SET told_in = ? WHERE told_in IS NULL", (number,))
        storage.connection.execute(
            "UPDATE incidents SET over_told_in = ? WHERE over_told_in IS NULL AND over_at IS NOT NULL", (number,)
        )
    return _bulletin(storage, number, now)


def bulletins(storage: Storage, since: datetime) -> list[Bulletin]:
    """Every message made since an instant, the oldest first."""
    rows = storage.connection.execute(
        "SELECT bulletin, made_at FROM bulletins WHERE made_at >= ? ORDER BY bulletin", (to_text(since),)
    )
    return [_bulletin(storage, number, from_text(made)) for number, made in rows.fetchall()]


def _bulletin(storage: Storage, number: int, made_at: datetime) -> Bulletin:
    """What began and was over before it was told is told as over alone."""
    begun = _read(storage, "told_in = ?1 AND over_told_in IS NOT ?1 ORDER BY incident", number)
    over = _read(storage, "over_told_in = ?1 ORDER BY incident", number)
    return Bulletin(number, made_at, tuple(begun), tuple(over))


def _read(storage: Storage, where: str, *values: object) -> list[Incident]:
    rows: Iterable[Any] = storage.connection.execute(f"SELECT {COLUMNS} FROM incidents WHERE {where}", values).fetchall()
    return [
        Incident(
            number, kind, about, from_text(since), from_text(opened), _unpacked(what), _unpacked(cure),
            from_text(over) if over else None,
        )
        for number, kind, about, since, opened, what, cure, over in rows
    ]  # fmt: skip


def _packed(note: Note) -> str:
    return json.dumps([note.text, dict(note.values)], ensure_ascii=False)


def _unpacked(text: str) -> Note:
    said, values = json.loads(text)
    return Note(said, values)
