"""Gösterge: one figure with all that belongs to it: how it was calculated, its parts, its months, what lacks, what was entered."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from model import Period
from panel.overview import standing, statements
from panel.periods import period_asked, periods_offered
from panel.shell import NotThere, Shell
from panel.showing import blocks_shown, shown
from reports.content import Block
from reports.following import arithmetic
from reports.management import FAMILIES
from reports.phrases import part_name
from reports.quality import STATES
from reports.statement import Row, Standings
from reports.subject import subject_of
from reports.trend import indicator_chart, trend_of
from storage import Storage
from storage.entries import Entry, all_entries
from words import _, language


def indicator(shell: Shell, request: Request) -> Response:
    """The figure of a period, as the snapshot that counts has it."""
    with shell.storage() as storage:
        period = period_asked(shell, request, storage)
        found = standing(shell, storage, period)
        row = row_of(found, request.path_params["code"])
        trend = trend_of(statements(shell, storage, period), row.indicator)
        return shell.page(
            request,
            "indicator.html",
            found=found,
            row=row,
            periods=periods_offered(shell, storage, period),
            arithmetic=arithmetic(row),
            openings=any(part.opening is not None for part in row.parts),
            part_name=part_name,
            trend=shown(shell, indicator_chart(trend, row.indicator)) if len(trend.reached) > 1 else None,
            details=blocks_shown(shell, details(shell, storage, found, row)),
            entries=_entered(storage, row.indicator.code, period),
            states=STATES,
            remark=subject_of(storage, found).remark(row.indicator.code),
        )


def row_of(found: Standings, code: str) -> Row:
    """Raises NotThere for a code that the plan has not."""
    for row in found.rows:
        if row.indicator.code == code:
            return row
    codes = ", ".join(row.indicator.code for row in found.rows)
    raise NotThere(_("The plan has no indicator of that code. It has: {codes}.").format(codes=codes))


def details(shell: Shell, storage: Storage, found: Standings, row: Row) -> Sequence[Block]:
    """The tables and charts of the indicator's family, measured once a statement."""
    family = FAMILIES.get(type(row.indicator.rule))
    if family is None:
        return ()
    key = ("details", *identity(found), row.indicator.code, language())
    return shell.kept.get(key, lambda: tuple(family(subject_of(storage, found), row, row.indicator.rule)))


def identity(found: Standings) -> tuple[object, ...]:
    """What tells one statement from every other."""
    return found.snapshot.period, found.snapshot.snapshot, found.snapshot.as_of, found.snapshot.taken_at, found.snapshot.plan


def _entered(storage: Storage, code: str, period: Period) -> list[Entry]:
    """What was entered for the period or for a day of it, of whatever state, the newest first."""
    within = {str(period), *map(str, period.halves)}
    return [
        entry
        for entry in reversed(all_entries(storage, code))
        if str(entry.figure.period) in within or (entry.figure.day and period.first <= entry.figure.day <= period.last)
    ]


PAGES = (("/gosterge/{code}", indicator),)
