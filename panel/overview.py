"""Özet: where the half-year stands, indicator by indicator, and what needs attention."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from model import MecraError, Period
from panel.shell import Shell
from reports.reading import current
from storage.snapshots import heads
from words import _


def overview(shell: Shell, request: Request) -> Response:
    """The half-year that runs, or the period named in the address."""
    period = period_asked(shell, request)
    with shell.storage() as storage:
        found = current(storage, shell.load_plan(), period, shell.now())
        periods = sorted({Period.parse(head.period) for head in heads(storage)} | {shell.period(), period}, reverse=True)
    return shell.page(
        request, "overview.html", found=found, periods=periods, attention=[r for r in found.rows if r.notes and r.lacking]
    )


def period_asked(shell: Shell, request: Request) -> Period:
    """The period that the address names; raises MecraError where it is none."""
    text = request.query_params.get("donem")
    if not text:
        return shell.period()
    try:
        return Period.parse(text)
    except ValueError:
        raise MecraError(_("{period} is no period: write 2026-H1, 2026-H2 or 2026").format(period=repr(text[:40]))) from None


PAGES = (("/", overview),)
