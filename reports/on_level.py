"""A level: each account's last reading before the edge, with its time and whether the platform rounds it; growth by platform."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial

from config.plan import Level
from indicators.by_month import level_by_month, months_of
from indicators.followers import ROUNDED
from reports import charts_lines
from reports.content import NUMBER, PERCENT, TEXT, Block, Cell, Chart, Column, Table
from reports.phrases import metric, month, part_name, platform, slug
from reports.statement import Row
from reports.subject import Subject
from words import _, number


def level_blocks(subject: Subject, row: Row, rule: Level) -> list[Block]:
    blocks: list[Block] = [_accounts(subject, row)]
    if row.beside.get("growth"):
        blocks.append(_growth(row))
    if chart := _course(subject, row, rule):
        blocks.append(chart)
    return blocks


def _accounts(subject: Subject, row: Row) -> Table:
    rows: list[list[Cell]] = []
    for part in row.parts:
        rounded = any(text == ROUNDED for text, _values in row.details.get("parts", {}).get(part.part, []))
        sure = None if part.value is None or not part.closed_at else _("rounded by the platform") if rounded else _("exact")
        rows.append([part_name(part.part), _whole(part.value), subject.local(part.closed_at), sure])
    rows.append([_("Total"), None if row.value is None else int(row.value), None, None])
    columns = [
        Column(_("Account"), TEXT, 2.2), Column(_("Value"), NUMBER), Column(_("Read on"), TEXT, 1.3), Column(_("Accuracy"), TEXT, 1.5),
    ]  # fmt: skip
    caption = _("The accounts at the end, each with the time of its reading")
    return Table(f"{slug(row.indicator.code)}_hesaplar", caption, columns, rows, bold=frozenset({len(rows) - 1}))


def _growth(row: Row) -> Table:
    rows: list[list[Cell]] = []
    for name, sums in row.beside["growth"].items():
        opening, closing = sums["opening"], sums["closing"]
        rows.append([platform(name), opening, closing, closing - opening, _grown(opening, closing)])
    opening, closing = (sum(sums[end] for sums in row.beside["growth"].values()) for end in ("opening", "closing"))
    rows.append([_("Total"), opening, closing, closing - opening, _grown(opening, closing)])
    columns = [
        Column(_("Platform"), TEXT, 1.6), Column(_("At the beginning"), NUMBER), Column(_("At the end"), NUMBER),
        Column(_("Change"), NUMBER), Column(_("Change (%)"), PERCENT),
    ]  # fmt: skip
    note = _("Only accounts that are known at both ends.")
    caption = _("Change within the period, by platform")
    return Table(f"{slug(row.indicator.code)}_artis", caption, columns, rows, notes=[note], bold=frozenset({len(rows) - 1}))


def _grown(opening: int, closing: int) -> Cell:
    return Fraction(closing - opening, opening) if opening else None


def _course(subject: Subject, row: Row, rule: Level) -> Chart | None:
    asked = subject.asked(row.indicator)
    ends = {one.name: one.last for one in months_of(asked)}
    found: Mapping[str, Mapping[str, int | None]] = level_by_month(asked, rule)
    names = sorted(found)
    series = [
        charts_lines.Line(platform(name), [(ends[of], value) for of, value in found[name].items() if value is not None])
        for name in names
    ]
    if not any(line.points for line in series):
        return None
    caption = _("{metric} at the months' ends, by platform").format(metric=metric(rule.metric))
    columns = [Column(_("Month"), TEXT, 1.2), *(Column(platform(name), NUMBER) for name in names)]
    rows: list[list[Cell]] = [[month(of), *(found[name].get(of) for name in names)] for of in ends]
    alt = "; ".join(
        f"{line.label}: {number(int(line.points[0][1]))} – {number(int(line.points[-1][1]))}" for line in series if line.points
    )
    key = slug(row.indicator.code)
    draw = partial(charts_lines.lines, series)
    return Chart(f"{key}_seyir_grafik", caption, alt, draw(), Table(f"{key}_seyir", caption, columns, rows), draw)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None
