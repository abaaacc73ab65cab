"""Which period a page is about: the one that its address names, else the newest half-year that a snapshot is kept of."""

from __future__ import annotations

from starlette.requests import Request

from model import Period
from panel.shell import NotThere, Shell
from storage import Storage
from storage.snapshots import periods_kept
from words import _


def period_asked(shell: Shell, request: Request, storage: Storage) -> Period:
    """Raises NotThere where the address names none."""
    text = request.query_params.get("donem")
    if not text:
        return usual_period(shell, storage)
    try:
        return Period.parse(text)
    except ValueError:
        raise NotThere(_("{period} is no period: write 2026-H1, 2026-H2 or 2026").format(period=repr(text[:40]))) from None


def usual_period(shell: Shell, storage: Storage) -> Period:
    """Of a page that was asked for without a period."""
    halves = [period for period in map(Period.parse, periods_kept(storage)) if period.half]
    return max(halves, default=shell.period())


def periods_offered(shell: Shell, storage: Storage, chosen: Period) -> list[Period]:
    """The newest first; a year before its halves."""
    kept = {Period.parse(text) for text in periods_kept(storage)}
    there = kept | {shell.period(), chosen} | {period.whole_year for period in kept}
    return sorted(there, key=lambda period: (period.year, 3 if not period.half else period.half), reverse=True)
