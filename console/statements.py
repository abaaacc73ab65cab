"""A snapshot for a person who reads it on a screen: one table, the goal, and beneath each indicator what is to be told."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from config.plan import Indicator, Plan
from console.tables import show_table
from indicators.snapshot import Details, apart, details_of, open_notes
from model import Period, from_text
from reports.phrases import BANDS, STATUSES
from storage.snapshots import Figure, Snapshot, ValueRow
from words import _, day, exact_percent, exactly, moment

NARROW = 5  # columns of the first half, where a screen is too narrow for all


def show_snapshot(snapshot: Snapshot, plan: Plan, zone: ZoneInfo) -> None:
    """The whole of it; `plan` is the one that it was taken by."""
    period = Period.parse(snapshot.period)
    print(f"{plan.code} · {snapshot.period} · {day(period.first)} – {day(period.last)} · {plan.institution}")
    print(_("as of {at}").format(at=moment(from_text(snapshot.as_of), zone)) + " · " + _state(snapshot, zone))
    if snapshot.reason:
        print(_("reason: {reason}").format(reason=snapshot.reason))
    print()
    rows = [(indicator, row) for indicator in plan.indicators if (row := snapshot.value(indicator.code))]
    _show_wide([_headings(), *(_row(indicator, row) for indicator, row in rows)])
    _show_goal(snapshot, plan, rows, zone)
    for indicator, row in rows:
        _show_notes(indicator, row)


def show_list(snapshots: Sequence[Snapshot], zone: ZoneInfo) -> None:
    """One line a snapshot."""
    headings = (_("period"), _("revision"), _("as of"), _("goal"), _("status"), _("sealed"), _("by"), "sha256")
    rows = [
        (
            s.period, str(s.revision) if s.sealed_at else "", moment(from_text(s.as_of), zone), _percent(s.goal), _(STATUSES.get(s.status, s.status)),
            moment(from_text(s.sealed_at), zone) if s.sealed_at else "–", s.sealed_by or "", (s.sha256 or "")[:12],
        )
        for s in snapshots
    ]  # fmt: skip
    show_table(headings, rows, numbers=(1, 3))


def as_json(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot's rows; exact figures are text, `details` an object."""
    head = {name: value for name, value in asdict(snapshot).items() if name not in ("values", "parts", "scope")}
    values = [
        {**asdict(row), "details": details_json(details_of(row)), "parts": [asdict(part) for part in snapshot.parts_of(row.code)]}
        for row in snapshot.values
    ]
    return {**head, "values": values}


def head_json(snapshot: Snapshot) -> dict[str, Any]:
    return {name: value for name, value in asdict(snapshot).items() if name not in ("values", "parts", "scope")}


def details_json(details: Details) -> dict[str, Any]:
    """Notes in the language that is spoken."""
    return {
        "lacks": [note.said() for note in details.lacks],
        "notes": [note.said() for note in details.notes],
        "beside": dict(details.beside),
    }


def _state(snapshot: Snapshot, zone: ZoneInfo) -> str:
    said = _(STATUSES.get(snapshot.status, snapshot.status))
    if snapshot.sealed_at is None:
        return _("{status}, not sealed").format(status=said)
    return _("{status}, sealed on {at} by {by}, revision {revision}, SHA-256 {sha256}").format(
        status=said,
        at=moment(from_text(snapshot.sealed_at), zone),
        by=snapshot.sealed_by,
        revision=snapshot.revision,
        sha256=snapshot.sha256,
    )


def _headings() -> tuple[str, ...]:
    return (
        _("indicator"), _("value"), _("met / planned"), _("start (A)"), _("year's target (B)"), _("performance"), _("counted"), _("contribution"),
        _("expected by now"), _("coverage"), _("status"),
    )  # fmt: skip


def _row(indicator: Indicator, row: ValueRow) -> tuple[str, ...]:
    ratio = indicator.kind == "ratio"
    status = _(STATUSES.get(row.status, row.status))
    return (
        row.code,
        _figure(row.value, ratio),
        f"{exactly(Fraction(row.numerator))} / {exactly(Fraction(row.denominator))}"
        if ratio and row.numerator and row.denominator
        else "",
        indicator.baseline_printed if row.baseline is None else _figure(row.baseline, ratio),
        _figure(row.target, ratio),
        "–" if row.performance_exact is None else exact_percent(Fraction(row.performance_exact)),
        _percent(row.capped),
        _percent(row.contribution),
        _figure(row.expected, ratio),
        _percent(row.coverage),
        f"{status} · {_(BANDS.get(row.band, row.band))}" if row.band else status,
    )


def _show_wide(rows: Sequence[Sequence[str]]) -> None:
    """In one piece where the screen has room (a file always has), else in two."""
    headings, body = rows[0], rows[1:]
    if all(not row[2] for row in body):
        headings, body = _without(headings, 2), [_without(row, 2) for row in body]
    width = sum(max(len(cells[index]) for cells in rows) + 2 for index in range(len(rows[0])))
    if width <= shutil.get_terminal_size((width, 24)).columns or not _on_screen():
        show_table(headings, body, numbers=range(1, len(headings) - 1))
        return
    first = range(NARROW)
    second = [0, *range(NARROW, len(headings))]
    for columns in (list(first), second):
        picked = [[cells[index] for index in columns] for cells in (headings, *body)]
        show_table(picked[0], picked[1:], numbers=range(1, len(columns) - (columns is second)))


def _on_screen() -> bool:
    return sys.stdout.isatty()


def _without(cells: Sequence[str], left_out: int) -> list[str]:
    return [cell for index, cell in enumerate(cells) if index != left_out]


def _show_goal(snapshot: Snapshot, plan: Plan, rows: Iterable[tuple[Indicator, ValueRow]], zone: ZoneInfo) -> None:
    if snapshot.goal_exact is not None:
        print(_("Performance of the goal: {goal}").format(goal=exact_percent(Fraction(snapshot.goal_exact))))
    period = Period.parse(snapshot.period)
    for note in (*open_notes(plan, period, from_text(snapshot.as_of), zone), *apart(period)):
        print(f"! {note.said()}")
    if lacking := [row.code for _indicator, row in rows if row.value is None or details_of(row).lacks]:
        print("! " + _("something lacks: {codes}").format(codes=", ".join(lacking)))
    print()


def _show_notes(indicator: Indicator, row: ValueRow) -> None:
    details = details_of(row)
    summed = {note.text for note in (*details.lacks, *details.notes)}  # what is told of the whole is not told again of each part
    of_parts = [_of_part(part, note.said()) for part, notes in details.parts.items() for note in notes if note.text not in summed]
    print(f"{row.code} {indicator.label} ({indicator.unit})")
    for note in details.lacks:
        print(f"  ! {note.said()}")
    for said in dict.fromkeys([*(note.said() for note in details.notes), *of_parts]):
        print(f"  · {said}")


def _of_part(part: str, said: str) -> str:
    """A note of one part names it, if it does not do so itself."""
    return said if said.startswith(part) else f"{part}: {said}"


def _figure(value: Figure, ratio: bool) -> str:
    if value is None:
        return "–"
    exact = Fraction(str(value))
    return exact_percent(exact / 100) if ratio else exactly(exact)


def _percent(value: float | None) -> str:
    """A stored number of percent, rounded when it was stored."""
    return "–" if value is None else exact_percent(Fraction(str(value)) / 100)
