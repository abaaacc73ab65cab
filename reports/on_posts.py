"""Posts: each platform's own, and the unique contents among them; by month, platform and kind."""

from __future__ import annotations

from functools import partial

from config.plan import Posts
from indicators.by_month import months_of
from reports import charts
from reports.content import NUMBER, TEXT, Block, Cell, Chart, Column, Table, Text
from reports.figures import counted
from reports.phrases import kind_of_post, month, platform, slug
from reports.statement import Row
from reports.subject import Subject
from words import _, number


def posts_blocks(subject: Subject, row: Row, rule: Posts) -> list[Block]:
    beside, key = row.beside, slug(row.indicator.code)
    if "posts" not in beside:
        return []
    blocks: list[Block] = [_both(key, row, rule)]
    if not beside["posts"]:
        return blocks
    unit = _("Posts")
    by_month = [(month(one.name), beside["by_month"].get(one.name, 0)) for one in months_of(subject.asked(row.indicator))]
    caption = _("Posts by month")
    draw = partial(charts.months, [name for name, _count in by_month], {unit: [count for _name, count in by_month]})
    alt = "; ".join(f"{name}: {number(count)}" for name, count in by_month)
    data = counted(f"{key}_aylar", caption, _("Month"), unit, by_month)
    blocks.append(Chart(f"{key}_aylar_grafik", caption, alt, draw(), data, draw))
    platforms = [(platform(name), count) for name, count in beside["by_platform"].items()]
    kinds = sorted(((kind_of_post(name), count) for name, count in beside["by_kind"].items()), key=lambda one: (-one[1], one[0]))
    blocks.append(counted(f"{key}_platformlar", _("Posts by platform"), _("Platform"), unit, platforms))
    blocks.append(counted(f"{key}_turler", _("Posts by kind"), _("Kind"), unit, kinds))
    left_out = ", ".join(f"{kind_of_post(name)}: {number(count)}" for name, count in beside.get("left_out", {}).items())
    said = [_("Deleted since, and counted all the same: {n}.").format(n=number(beside.get("deleted", 0)))]
    if left_out:
        said.append(_("Kinds that the plan leaves out: {kinds}.").format(kinds=left_out))
    blocks.append(Text([" ".join(said)]))
    return blocks


def _both(key: str, row: Row, rule: Posts) -> Table:
    columns = [Column(_("Way of counting"), TEXT, 3.0), Column(_("Count"), NUMBER)]
    hours = int(rule.within.total_seconds() // 3600)
    rows: list[list[Cell]] = [
        [_("Posts: each platform for itself"), row.beside["posts"]],
        [_("Unique contents: the same on several platforms within {n} hours is one").format(n=hours), row.beside["contents"]],
    ]
    caption = _("Posts in two ways of counting; the official one is set off")
    return Table(f"{key}_sayimlar", caption, columns, rows, bold=frozenset({0 if rule.official == "posts" else 1}))
