"""Plan realisation: how many planned posts went out in time, by platform, weekday and hour, and which left the plan."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from config.plan import Slots
from reports import charts_calendar
from reports.content import NUMBER, PERCENT, TEXT, Block, Cell, Chart, Column, Table, Text
from reports.figures import met
from reports.phrases import iso_day, platform, slug, weekday
from reports.statement import Row
from reports.subject import Subject
from words import _, day, exact_percent, number

MOST = 60  # slots that are told one by one


def slots_blocks(subject: Subject, row: Row, rule: Slots) -> list[Block]:
    beside, key = row.beside, slug(row.indicator.code)
    if not beside.get("platforms"):
        return []
    blocks: list[Block] = [
        _within(row, rule),
        met(f"{key}_platformlar", _("Plan realisation by platform"), _("Platform"), ((platform(n), one) for n, one in beside["platforms"].items())),
        met(f"{key}_gunler", _("Plan realisation by weekday"), _("Weekday"), ((weekday(int(n)), one) for n, one in beside["weekdays"].items())),
        met(f"{key}_saatler", _("Plan realisation by hour"), _("Hour"), ((f"{n}:00", one) for n, one in beside["hours"].items())),
    ]  # fmt: skip
    if beside.get("cells"):
        blocks.append(_heat(key, beside["cells"]))
    late, missed = len(beside.get("late", ())), len(beside.get("missed", ()))
    text = _("Not in time: {all}; of these {late} went out within 24 hours all the same, {missed} saw no post.")
    blocks.append(Text([text.format(all=number(late + missed), late=number(late), missed=number(missed))]))
    if beside.get("weeks"):
        blocks.append(met(f"{key}_haftalar", _("Plan realisation by week"), _("ISO week"), beside["weeks"].items()))
    if beside.get("withdrawn"):
        blocks.append(_withdrawn(subject, key, beside["withdrawn"]))
    return blocks


def _within(row: Row, rule: Slots) -> Table:
    planned = int(Fraction(row.stored.denominator or 0))
    official = str(int(rule.tolerance.total_seconds() // 60))
    found = sorted((int(minutes), count) for minutes, count in row.beside.get("within", {}).items())
    rows: list[list[Cell]] = [
        [_("{n} minutes").format(n=minutes), planned, count, Fraction(count, planned) if planned else None]
        for minutes, count in found
    ]
    columns = [
        Column(_("Before or after the hour, at most"), TEXT, 2.0), Column(_("Planned"), NUMBER), Column(_("Met"), NUMBER),
        Column(_("Realisation"), PERCENT),
    ]  # fmt: skip
    bold = frozenset(number for number, (minutes, _count) in enumerate(found) if str(minutes) == official)
    caption = _("Plan realisation by tolerance; the official one is set off")
    return Table(f"{slug(row.indicator.code)}_sinirlar", caption, columns, rows, bold=bold)


def _heat(key: str, cells: Mapping[str, Mapping[str, int]]) -> Chart:
    """Weekday by hour; the table beside it has the hours as rows."""
    found = {(int(name.split()[0]), name.split()[1]): one for name, one in cells.items()}
    hours, days = sorted({hour for _at, hour in found}), [weekday(at) for at in range(1, 8)]
    counts = {(at - 1, hours.index(hour)): (one["met"], one["planned"]) for (at, hour), one in found.items()}
    caption = _("Plan realisation by weekday and hour (%)")
    draw = partial(charts_calendar.heat, days, hours, counts, hour=_("Hour"))
    columns = [Column(_("Hour"), TEXT, 0.8), *(Column(name, PERCENT) for name in days)]
    rows: list[list[Cell]] = [[f"{hour}:00", *(_rate(counts.get((on, at))) for on in range(7))] for at, hour in enumerate(hours)]
    worst = sorted((Fraction(*counts[cell]), days[cell[0]], hours[cell[1]]) for cell in counts if counts[cell][1])[:3]
    alt = _("The share of planned posts that went out in time. Lowest: {cells}.").format(
        cells=", ".join(f"{name} {hour}:00 {exact_percent(rate)}" for rate, name, hour in worst)
    )
    return Chart(f"{key}_isi", caption, alt, draw(), Table(f"{key}_gun_saat", caption, columns, rows), draw)


def _rate(cell: tuple[int, int] | None) -> Fraction | None:
    return Fraction(*cell) if cell and cell[1] else None


def _withdrawn(subject: Subject, key: str, found: list[dict[str, Any]]) -> Table:
    columns = [
        Column(_("Planned for"), TEXT, 1.2), Column(_("Platform")), Column(_("Title"), TEXT, 2.2),
        Column(_("Withdrawn on"), TEXT, 1.2), Column(_("Reason"), TEXT, 1.6), Column(_("Left the plan"), TEXT, 0.8),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            _planned(one["at"]), platform(one["platform"]), one["title"], subject.local(one["withdrawn_at"]), one["reason"] or None,
            _("yes") if one["left"] else _("no"),
        ]
        for one in found[:MOST]
    ]  # fmt: skip
    notes = [_("{n} more slots were withdrawn.").format(n=number(len(found) - MOST))] if len(found) > MOST else []
    return Table(f"{key}_geri_cekilen", _("Slots that were withdrawn"), columns, rows, notes=notes)


def _planned(at: str) -> str:
    """`02.03.2026 14:30` of a local `2026-03-02T14:30`."""
    return f"{day(iso_day(at))} {at[11:16]}"
