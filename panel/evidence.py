"""The rows that one part of a figure was counted from, each with the archived answers that it came in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from model import Period
from panel.asking import page_asked
from panel.indicator import identity, row_of
from panel.overview import standing
from panel.periods import period_asked
from panel.shell import NotThere, Shell
from reports.following import Again, Followed, followed, measured_again
from reports.phrases import part_name
from reports.statement import Standings
from storage import Storage
from words import _

ROWS = 100  # a page


def evidence(shell: Shell, request: Request) -> Response:
    """A page of them."""
    with shell.storage() as storage:
        period = period_asked(shell, request, storage)
        found = standing(shell, storage, period)
        row, name = row_of(found, request.path_params["code"]), request.path_params["part"]
        part = next((part for part in row.parts if part.part == name), None)
        if part is None:
            raise NotThere(_("The figure has no such part."))
        rows = _rows(shell, storage, found, row.indicator.code, period, name)
    pages = max(1, -(-len(rows.steps) // ROWS))
    number = min(max(page_asked(request), 1), pages)
    shown = rows.steps[(number - 1) * ROWS : number * ROWS]
    return shell.page(
        request,
        "evidence.html",
        found=found,
        row=row,
        part=part,
        name=part_name(name),
        half=_half_of(name),
        rows=rows,
        steps=shown,
        number=number,
        pages=pages,
        account=name.partition(" ")[0] if ":" in name.partition(" ")[0] else "",
        metrics=any(step.metric for step in shown),
        openings=any(step.opening is not None or step.closing is not None for step in shown),
    )


def _rows(shell: Shell, storage: Storage, found: Standings, code: str, period: Period, name: str) -> Followed:
    plan = found.plan if found.snapshot.snapshot else shell.load_plan()
    return shell.rows_kept.get(
        (*identity(found), code, name),
        lambda: followed(storage, plan, code, period, name, shell.now(), again=measured(shell, storage, found, code, period)),
    )


def measured(shell: Shell, storage: Storage, found: Standings, code: str, period: Period) -> Again:
    """The figure measured again as of its statement, once for all its parts."""
    plan = found.plan if found.snapshot.snapshot else shell.load_plan()
    key = ("measured", *identity(found), code)
    return shell.kept.get(key, lambda: measured_again(storage, plan, code, period, shell.now()))


def _half_of(name: str) -> Period | None:
    """A year's parts that are those of a half-year say so first: their rows stand there."""
    try:
        return Period.parse(name.partition(" ")[0])
    except ValueError:
        return None


PAGES = (("/gosterge/{code}/{part:path}", evidence),)
