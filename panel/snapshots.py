"""Anlık görüntüler: every statement that is kept, whether the seals stand, and one statement with its values and its reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from starlette.requests import Request
from starlette.responses import Response

from model import Period
from panel.shell import NotThere, Shell
from reports.reading import numbered
from reports.sealing import Doubt, doubts, stands
from reports.statement import Row, Standings
from storage import Storage
from storage.snapshots import Snapshot, heads, last_number
from words import _, language

LARGEST = 2**63 - 1
CHECKED = 300.0  # seconds for which a look at the seals holds


@dataclass(frozen=True, slots=True)
class Kept:
    """The statements of one period, the newest first: the one that counts, and all others."""

    period: Period
    counts: Snapshot
    sealed: Sequence[Snapshot]
    provisional: Sequence[Snapshot]


@dataclass(frozen=True, slots=True)
class Beside:
    """An indicator in two statements; `change` is the first less the second."""

    row: Row
    other: Row | None
    change: Fraction | None


def snapshots(shell: Shell, request: Request) -> Response:
    """By period, the newest first."""
    with shell.storage() as storage:
        every = heads(storage)
        return shell.page(
            request,
            "snapshots.html",
            periods=_by_period(every),
            doubts=_doubts(shell, storage),
            sealed=any(s.sealed_at for s in every),
        )


def snapshot(shell: Shell, request: Request) -> Response:
    """One statement; `ile` names another one to hold it against."""
    with shell.storage() as storage:
        found = asked(storage, request.path_params["number"])
        other = _other(storage, request)
        doubted = [one for one in _doubts(shell, storage) if one.failed and (one.period, one.revision) == _place(found)]
        return shell.page(
            request,
            "snapshot.html",
            found=found,
            stands=stands(found.snapshot) if found.sealed else None,
            doubts=doubted,
            others=[head for head in heads(storage) if head.snapshot != found.snapshot.snapshot],
            against=other,
            beside=_beside(found, other) if other else (),
        )


def asked(storage: Storage, number: int) -> Standings:
    """The statement of a number. Raises NotThere."""
    found = numbered(storage, number) if number <= LARGEST else None
    if found is None:
        raise NotThere(_("No snapshot has that number: provisional ones of a day make place for newer ones of the same day."))
    return found


def _by_period(every: Sequence[Snapshot]) -> list[Kept]:
    found = []
    for period in sorted({Period.parse(head.period) for head in every}, key=lambda p: (p.last, -p.half), reverse=True):
        mine = [head for head in every if head.period == str(period)]
        sealed = sorted((head for head in mine if head.sealed_at), key=lambda head: head.revision, reverse=True)
        provisional = sorted(
            (head for head in mine if not head.sealed_at), key=lambda head: (head.as_of, head.snapshot), reverse=True
        )
        found.append(Kept(period, (sealed or provisional)[0], sealed, provisional))
    return found


def _doubts(shell: Shell, storage: Storage) -> list[Doubt]:
    """Looked at once for each newest snapshot, and again after some minutes."""
    data = shell.database.parent
    key = ("doubts", last_number(storage)[0], language())
    return shell.kept.get(key, lambda: doubts(storage, data, shell.load_plan), CHECKED)


def _other(storage: Storage, request: Request) -> Standings | None:
    text = request.query_params.get("ile", "")
    return asked(storage, int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _place(found: Standings) -> tuple[str, int]:
    return found.snapshot.period, found.snapshot.revision


def _beside(found: Standings, other: Standings) -> list[Beside]:
    """Each indicator of the first with the same one of the second."""
    theirs = {row.indicator.code: row for row in other.rows}
    pairs = [(row, theirs.get(row.indicator.code)) for row in found.rows]
    return [
        Beside(row, one, row.value - one.value if one and one.value is not None and row.value is not None else None)
        for row, one in pairs
    ]


PAGES = (("/anlik-goruntuler", snapshots), ("/anlik-goruntuler/{number:int}", snapshot))
