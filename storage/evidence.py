"""Files handed in with what is entered by hand: kept in the database itself, under the SHA-256 of their bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from model import MecraError, to_text
from storage import Storage
from words import _

MOST_BYTES = 20_000_000
LONGEST_NAME = 120
UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file: what it was called, and its bytes. `name` is harmless: no path, nothing that steers a terminal."""

    name: str
    body: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def evidence(name: str, body: bytes) -> Evidence:
    """A file to hand in. Raises MecraError for one that is empty or over 20 MB."""
    safe = safe_name(name)
    if not body:
        raise MecraError(_("{file} is empty: hand in the file that shows the figure").format(file=safe))
    if len(body) > MOST_BYTES:
        size, most = f"{len(body) / 1_000_000:.1f}", MOST_BYTES // 1_000_000
        raise MecraError(
            _("{file} has {size} MB, at most {most} are kept: make it smaller").format(file=safe, size=size, most=most)
        )
    return Evidence(safe, body)


def safe_name(name: str) -> str:
    """The last part of a path of any system, printable and short."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    printable = " ".join("".join(c if c.isprintable() else " " for c in last).split()).lstrip(". ")
    if len(printable) <= LONGEST_NAME:
        return printable or UNNAMED
    stem, dot, suffix = printable.rpartition(".")
    if not dot or len(suffix) > 10:
        return printable[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"


def keep(storage: Storage, file: Evidence, at: datetime) -> str:
    """Keep a file within the caller's transaction, once however often it is handed in; answers its SHA-256."""
    storage.connection.execute(
        "INSERT INTO evidence (sha256, name, bytes, body, added_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (file.sha256, file.name, len(file.body), file.body, to_text(at)),
    )
    return file.sha256


def evidence_of(storage: Storage, entry: int) -> Evidence:
    """The file of an entry. Raises MecraError where there is none, or where its bytes are no longer those handed in."""
    row = storage.connection.execute(
        "SELECT e.evidence_sha256, v.name, v.body FROM entries e LEFT JOIN evidence v ON v.sha256 = e.evidence_sha256 WHERE e.entry = ?",
        (entry,),
    ).fetchone()
    if row is None:
        raise MecraError(_("there is no entry {entry}: `mecra entries` lists them").format(entry=entry))
    if row[0] is None:
        raise MecraError(
            _("entry {entry} was handed in without a file: see its note and address in `mecra entries`").format(entry=entry)
        )
    found = Evidence(row[1] or "", bytes(row[2] or b""))
    if found.sha256 != row[0]:
        raise MecraError(
            _("the file of entry {entry} is not the one that was handed in ({sha256}): restore a backup").format(
                entry=entry, sha256=row[0]
            )
        )
    return found
