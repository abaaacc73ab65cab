"""What people write beside an indicator's figures: reasons, measures, and the answers to the questions of a year. Append-only.

Of each field the newest note that says something of it counts; an empty text takes back what was said. The history is kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from model import MecraError, Period, to_text
from storage import Storage
from storage.database import transaction
from words import N_, _

REASON, MEASURES = "reason", "measures"
QUESTIONS = ("relevance", "effectiveness", "efficiency", "sustainability")
FIELDS = (REASON, MEASURES, *QUESTIONS)
MOST = 4000
NOTHING = N_("nothing to write: name one of {options}")
TOO_LONG = N_("{option} has {n} characters, at most {most} are kept: write it shorter")


@dataclass(frozen=True, slots=True)
class Written:
    """One note: the fields that it says something of. `written_at` is UTC text."""

    note: int
    indicator: str
    period: str
    texts: Mapping[str, str]
    written_by: str
    written_at: str


@dataclass(frozen=True, slots=True)
class Remarks:
    """What counts of an indicator in a period, by field; a field that nothing is said of is not among `texts`."""

    texts: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        return self.texts.get(name, "")


def write(storage: Storage, indicator: str, period: Period, texts: Mapping[str, str], *, by: str, at: datetime) -> Written:
    """Add a note. Raises MecraError for one that says nothing, and for a text over 4,000 characters."""
    said = {name: cleaned(texts[name]) for name in FIELDS if name in texts}
    if not said:
        raise MecraError(_(NOTHING).format(options=", ".join(f"--{name}" for name in FIELDS)))
    for name, text in said.items():
        if len(text) > MOST:
            raise MecraError(_(TOO_LONG).format(option=f"--{name}", n=len(text), most=MOST))
    with transaction(storage.connection):
        done = storage.connection.execute(
            f"INSERT INTO indicator_notes (indicator, period, {', '.join(FIELDS)}, written_by, written_at) "
            f"VALUES (?, ?, {', '.join('?' * len(FIELDS))}, ?, ?)",
            (indicator, str(period), *(said.get(name) for name in FIELDS), by, to_text(at)),
        )
    return Written(int(done.lastrowid or 0), indicator, str(period), said, by, to_text(at))


def notes_of(storage: Storage, period: Period, indicator: str | None = None) -> list[Written]:
    """Everything that was ever written of a period, oldest first."""
    rows = storage.connection.execute(
        f"SELECT note, indicator, period, written_by, written_at, {', '.join(FIELDS)} FROM indicator_notes "
        "WHERE period = ?1 AND (?2 IS NULL OR indicator = ?2) ORDER BY note",
        (str(period), indicator),
    )
    return [
        Written(
            note, code, of, {name: text for name, text in zip(FIELDS, texts, strict=True) if text is not None}, by, at
        )
        for note, code, of, by, at, *texts in rows
    ]  # fmt: skip


def remarks(storage: Storage, period: Period) -> dict[str, Remarks]:
    """By indicator what counts of a period."""
    texts: dict[str, dict[str, str]] = {}
    for one in notes_of(storage, period):
        texts.setdefault(one.indicator, {}).update(one.texts)
    return {code: Remarks({name: text for name, text in said.items() if text}) for code, said in texts.items()}


def cleaned(text: str) -> str:
    """Without control characters and lone surrogates; line breaks stay, blanks at the ends go."""
    whole = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    lines = ("".join(" " if unicodedata.category(c) == "Cc" else c for c in line).rstrip() for line in whole.split("\n"))
    return "\n".join(lines).strip()


def last_note(storage: Storage) -> int:
    """The number of the newest note of all; 0 where there is none."""
    return int(storage.connection.execute("SELECT coalesce(max(note), 0) FROM indicator_notes").fetchone()[0])
