"""Özet: where the period stands, indicator by indicator, what needs attention, and how it came there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from model import Period
from panel.attention import attention
from panel.periods import period_asked, periods_offered
from panel.shell import Shell
from panel.showing import Shown, shown
from reports.management import performance_chart
from reports.reading import current, standings
from reports.statement import Row, Standings
from reports.subject import Subject
from reports.trend import Trend, goal_chart, goal_trend, small, trend_of
from storage import Storage
from storage.snapshots import last_number
from storage.trends import Stated, stated

FRESH = 300.0  # seconds for which a statement that is not kept may be shown again


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator with the points of its small lines: reached and expected."""

    row: Row
    reached: str
    expected: str


@dataclass(frozen=True, slots=True)
class Course:
    """How a period went: the goal, and the small lines of each indicator."""

    goal: Trend
    lines: Mapping[str, tuple[str, str]]


def overview(shell: Shell, request: Request) -> Response:
    """The newest half-year of which anything is kept, or the period named in the address."""
    with shell.storage() as storage:
        period = period_asked(shell, request, storage)
        found, now = standing(shell, storage, period), shell.now()
        course = shell.kept.get(
            ("course", last_number(storage)[0], found.plan.sha256, period),
            lambda: _course(statements(shell, storage, period), found),
        )
        return shell.page(
            request,
            "overview.html",
            found=found,
            periods=periods_offered(shell, storage, period),
            matters=attention(shell, storage, found, now),
            cards=[Card(row, *course.lines[row.indicator.code]) for row in found.rows],
            goal_expected=course.goal.expected[-1][1] if course.goal.expected else None,
            performance=_performance(shell, storage, found),
            trend=_trend(shell, course.goal),
        )


def standing(shell: Shell, storage: Storage, period: Period) -> Standings:
    """The snapshot of a period that counts; where none is kept, as it is known now, for some minutes."""
    return standings(storage, period) or shell.kept.get(
        ("standing", period), lambda: current(storage, shell.load_plan(), period, shell.now()), FRESH
    )


def statements(shell: Shell, storage: Storage, period: Period) -> list[Stated]:
    """The period's statements, read once for each newest snapshot."""
    return shell.kept.get(("stated", last_number(storage)[0], period), lambda: stated(storage, period))


def _course(told: list[Stated], found: Standings) -> Course:
    return Course(
        goal_trend(told, found.plan), {row.indicator.code: small(trend_of(told, row.indicator), found.period) for row in found.rows}
    )


def _performance(shell: Shell, storage: Storage, found: Standings) -> Shown | None:
    if found.period.half == 2:
        return None
    return shown(shell, performance_chart(Subject(storage, found)))


def _trend(shell: Shell, goal: Trend) -> Shown | None:
    return shown(shell, goal_chart(goal)) if len(goal.reached) > 1 else None


PAGES = (("/", overview),)
