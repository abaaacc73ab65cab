"""Purging: rows and answers really go, and that they went is told for ever, beside the seals that rested on them.

`mecra purge` does it on request, the daemon as `[retention]` of the settings says. A dry run makes the whole purge and takes it back,
so that what it tells is what will be done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from config.plan import Plan
from indicators.purged import Measured, changed, measured_seals
from storage import Storage
from storage.database import transaction
from storage.purges import record
from storage.purging import BODIES, Scope, names_of, remove, scrub, wipe_freed
from upkeep.redacting import without


@dataclass(frozen=True, slots=True)
class Purged:
    """What went: rows by table, and the sealed values (snapshot, code, part) that can't be measured again as they were.

    `purge` 0: nothing was there, or it was a dry run. `left`: why the file or its log may still hold what went; empty where neither does.
    """

    scope: Scope
    rows: Mapping[str, int]
    values: tuple[tuple[int, str, str], ...] = ()
    purge: int = 0
    left: str = ""


class _TakenBackError(Exception):
    """The end of a dry run."""


def purge(
    storage: Storage,
    scope: Scope,
    parse: Callable[[str, str], Plan],
    *,
    why: str,
    by: str,
    now: Callable[[], datetime],
    dry: bool = False,
    by_itself: bool = False,
) -> Purged:
    """Take what `scope` names out of the database for good, and write down that it was done. `parse` reads a stored plan (text, name).

    What a person asked for is gone from every page of the file, which is written anew; what goes `by_itself` is wiped where it stood.
    """
    names = names_of(storage, scope)
    wipe_freed(storage.connection)
    found = Purged(scope, {})
    try:
        with transaction(storage.connection, by_itself=by_itself):
            before = _measured(storage, scope, parse)
            removed = remove(storage, scope, lambda body, url: without(body, url, names))
            if removed.nothing:
                raise _TakenBackError
            values = changed(storage, before, _measured(storage, scope, parse))
            found = Purged(scope, removed.rows, tuple(sorted(values)))
            if dry:
                raise _TakenBackError
            found = replace(found, purge=record(storage, scope, removed, values, why=why, by=by, at=now()))
    except _TakenBackError:
        return found
    return replace(found, left=scrub(storage.connection, whole=not by_itself))


def _measured(storage: Storage, scope: Scope, parse: Callable[[str, str], Plan]) -> dict[int, Measured]:
    """No figure is measured from the body of an answer."""
    return {} if scope.kind == BODIES else measured_seals(storage, parse)
