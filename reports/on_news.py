"""News: what counts and what doesn't, by month and by outlet; what was collected and what an agency counted stand side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from config.plan import News
from indicators.by_month import months_of
from reports import charts
from reports.content import NUMBER, TEXT, Block, Cell, Chart, Column, Table, Text
from reports.figures import counted
from reports.phrases import month, reason, slug
from reports.statement import Row
from reports.subject import Subject
from words import N_, _, number

MOST = 20  # outlets that are named
SOURCES = {"collected": N_("mecra's own collection"), "agency": N_("clipping agency's files")}


def news_blocks(subject: Subject, row: Row, rule: News) -> list[Block]:
    found = {name: row.beside[name] for name in SOURCES if row.beside.get(name)}
    if rule.official not in found:
        return []
    own, key = found[rule.official], slug(row.indicator.code)
    blocks: list[Block] = [_both(key, rule, found)]
    if own["appearances"]:
        blocks += [_months(subject, row, key, own["by_month"]), _outlets(key, own["by_outlet"])]
    if own["excluded"]:
        reasons = ", ".join(f"{reason(stored)} ({number(count)})" for stored, count in own["excluded"].items())
        blocks.append(Text([_("Not counted, by reason: {reasons}.").format(reasons=reasons)]))
    return blocks


def _both(key: str, rule: News, found: Mapping[str, Any]) -> Table:
    columns = [
        Column(_("Source"), TEXT, 2.0), Column(_("Appearances"), NUMBER), Column(_("Distinct stories"), NUMBER),
        Column(_("Waiting for review"), NUMBER), Column(_("Not counted"), NUMBER),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [_(SOURCES[name]), one["appearances"], one["stories"], one["review"]["articles"], sum(one["excluded"].values())]
        for name, one in found.items()
    ]
    caption = _("News by source; the official count is set off, the two are never added up")
    return Table(f"{key}_sayimlar", caption, columns, rows, bold=frozenset({list(found).index(rule.official)}))


def _months(subject: Subject, row: Row, key: str, by_month: Mapping[str, int]) -> Chart:
    rows = [(month(one.name), by_month.get(one.name, 0)) for one in months_of(subject.asked(row.indicator))]
    caption = _("News by month")
    draw = partial(charts.months, [name for name, _count in rows], {_("Appearances"): [count for _name, count in rows]})
    data = counted(f"{key}_aylar", caption, _("Month"), _("Appearances"), rows)
    return Chart(f"{key}_aylar_grafik", caption, _alt(rows), draw(), data, draw)


def _outlets(key: str, by_outlet: Mapping[str, int]) -> Chart:
    """The most frequent ones first; they are kept by name."""
    every = sorted(by_outlet.items(), key=lambda one: (-one[1], one[0]))
    rows, rest = every[:MOST], every[MOST:]
    draw = partial(charts.bars, rows, unknown=_("not known"))
    if rest:
        rows.append((_("{n} more outlets").format(n=number(len(rest))), sum(count for _name, count in rest)))
    caption = _("News by outlet")
    data = counted(f"{key}_yayinlar", caption, _("Outlet"), _("Appearances"), rows)
    return Chart(f"{key}_yayinlar_grafik", caption, _alt(rows), draw(), data, draw)


def _alt(rows: Sequence[tuple[str, int]]) -> str:
    return "; ".join(f"{name}: {number(count)}" for name, count in rows)
