"""What happens after a seal happens after what it knew, also for whoever waited for the database or has a slow clock.

A sealed statement is measured again from what had happened by its instant; so nothing may happen at or before it any more.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from model import MecraError, from_text, to_text
from words import _


def last_instant(connection: sqlite3.Connection) -> str | None:
    """The latest instant (UTC text) that a sealed snapshot knows."""
    row = connection.execute("SELECT max(as_of) FROM snapshots WHERE sealed_at IS NOT NULL").fetchone()
    return str(row[0]) if row[0] is not None else None


def done_after_seals(connection: sqlite3.Connection, at: datetime) -> None:
    """To be asked in the transaction that stores what a person does. Raises MecraError where a seal knows of that instant already."""
    sealed = last_instant(connection)
    if sealed is not None and to_text(at) <= sealed:
        raise MecraError(_("a snapshot as of {at} is sealed: try again after that instant, or set the clock").format(at=sealed))


def moved_after_seals(connection: sqlite3.Connection, at: datetime) -> datetime:
    """When what mecra does itself counts as done: at that instant, or just after the seals that don't know of it."""
    sealed = last_instant(connection)
    return at if sealed is None or to_text(at) > sealed else from_text(sealed) + timedelta(seconds=1)
