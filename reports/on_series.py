"""A weekly publication: its issues, the weeks without one, the weeks with two."""

from __future__ import annotations

from functools import partial

from config.plan import Series
from indicators.weeks import Week, weeks_of
from reports import charts_calendar
from reports.charts_calendar import AHEAD, DOUBLE, ISSUED, MISSING
from reports.content import DAY, TEXT, Block, Cell, Chart, Column, Table, Text
from reports.phrases import account, in_runs, iso_day, slug
from reports.statement import Row
from reports.subject import Subject
from words import N_, _, number

ENTRY = "entry"
STATES = {
    ISSUED: N_("published"),
    MISSING: N_("not published"),
    DOUBLE: N_("two issues"),
    AHEAD: N_("not over, or not looked through"),
}


def series_blocks(subject: Subject, row: Row, rule: Series) -> list[Block]:
    issues = row.beside.get("issues")
    if issues is None:
        return []
    said = [
        _("Weeks looked at: {weeks}; issues: {issues}.").format(
            weeks=number(row.beside.get("weeks", 0)), issues=number(len(issues))
        )
    ]
    missing, unknown, double = (row.beside.get(name) or () for name in ("missing", "unknown", "double"))
    said.append(_("Weeks without an issue: {weeks}.").format(weeks=in_runs(missing) or _("none")))
    said.append(_("Weeks with more than one issue: {weeks}.").format(weeks=in_runs(double) or _("none")))
    if unknown:
        said.append(_("Weeks that were not looked through as a whole: {weeks}.").format(weeks=in_runs(unknown)))
    return [Text([" ".join(said)]), *([_strip(subject, row, rule)] if issues else [])]


def _strip(subject: Subject, row: Row, rule: Series) -> Chart:
    """The weeks as a strip, and beside it the issues themselves."""
    key, beside = slug(row.indicator.code), row.beside
    issued, missing, double = ({*names} for names in (_weeks(row), beside.get("missing", ()), beside.get("double", {})))

    def state(week: Week) -> str:
        name = str(week)
        return DOUBLE if name in double else ISSUED if name in issued else MISSING if name in missing else AHEAD

    states = {week: state(week) for week in weeks_of(subject.period)}
    names = {state: _(text) for state, text in STATES.items()}
    draw = partial(charts_calendar.weeks, [(rule.series, list(states.values()))], names=names, week=_("week"))
    caption = _("{series}: the weeks of the period").format(series=rule.series)
    alt = "; ".join(
        f"{names[state]}: {', '.join(str(week) for week, one in states.items() if one == state)}"
        for state in STATES
        if state in states.values()
    )
    return Chart(f"{key}_haftalar", caption, alt, draw(), _issues(key, row), draw)


def _weeks(row: Row) -> list[str]:
    return [issue["week"] for issue in row.beside["issues"]]


def _issues(key: str, row: Row) -> Table:
    """Their numbers only where they have some besides their week."""
    issues = row.beside["issues"]
    numbered = any(one["number"] != one["week"] for one in issues)
    columns = [
        Column(_("Day"), DAY),
        Column(_("ISO week"), TEXT, 0.9),
        Column(_("Found on"), TEXT, 1.7),
        Column(_("Also on"), TEXT, 2.4),
    ]
    rows: list[list[Cell]] = [
        [iso_day(one["day"]), one["week"], _place(one["via"]), ", ".join(map(_place, one["also"])) or None] for one in issues
    ]
    if numbered:
        columns.insert(0, Column(_("Number"), TEXT, 0.8))
        rows = [[one["number"] if one["number"] != one["week"] else None, *cells] for one, cells in zip(issues, rows, strict=True)]
    return Table(f"{key}_sayilar", _("The issues that count"), columns, rows)


def _place(via: str) -> str:
    return _("entered by hand") if via == ENTRY else account(via)
