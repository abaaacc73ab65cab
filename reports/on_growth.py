"""Views and engagements: both bases, by platform and metric, by month, and the posts that brought most."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from config.plan import Growth
from indicators.by_month import growth_by_month, months_of
from indicators.scope import shares
from model import from_text
from reports import charts
from reports.content import DAY, NUMBER, TEXT, Block, Cell, Chart, Column, Table
from reports.inert import inert
from reports.phrases import kind_of_post, metric, month, platform, slug
from reports.statement import Row
from reports.subject import Subject
from storage.top_posts import TopPost, top_posts
from words import N_, _, day, number

MOST = 15
CLIP = 90  # letters of a post's text
BASES = {
    "growth": N_("gained in the period, whenever the content was published"),
    "published": N_("reached by what was published in the period"),
}


def growth_blocks(subject: Subject, row: Row, rule: Growth) -> list[Block]:
    if not row.beside.get("by_platform"):
        return []
    blocks: list[Block] = [_both(row, rule), _platforms(row), _months(subject, row, rule)]
    if top := _top(subject, row, rule):
        blocks.append(top)
    return blocks


def _both(row: Row, rule: Growth) -> Table:
    columns = [Column(_("Basis"), TEXT, 3.0), Column(row.indicator.label, NUMBER)]
    rows: list[list[Cell]] = [[_(text), row.beside.get(name)] for name, text in BASES.items()]
    caption = _("Both bases; the official one is set off, the two are never mixed")
    return Table(f"{slug(row.indicator.code)}_esaslar", caption, columns, rows, bold=frozenset({list(BASES).index(rule.basis)}))


def _platforms(row: Row) -> Table:
    """Official by platform and metric, and the other basis's sum beside it."""
    own, other = row.beside["by_platform"], row.beside.get("other_by_platform") or {}
    columns = [
        Column(_("Platform"), TEXT, 1.2),
        Column(_("Counted"), TEXT, 1.4),
        Column(_("Official basis"), NUMBER),
        Column(_("Other basis"), NUMBER),
    ]
    rows: list[list[Cell]] = []
    bold = set()
    for name in sorted({*own, *other}):
        metrics = {**other.get(name, {}), **own.get(name, {})}
        rows += [[platform(name), metric(one), own.get(name, {}).get(one), other.get(name, {}).get(one)] for one in sorted(metrics)]
        if len(metrics) > 1:
            bold.add(len(rows))
            rows.append([platform(name), _("Total"), _sum(own.get(name)), _sum(other.get(name))])
    bold.add(len(rows))
    rows.append([_("Total"), None, _all(own), _all(other)])
    return Table(
        f"{slug(row.indicator.code)}_platformlar", _("By platform and what is counted"), columns, rows, bold=frozenset(bold)
    )


def _sum(values: Mapping[str, int] | None) -> int | None:
    return sum(values.values()) if values else None


def _all(by_platform: Mapping[str, Mapping[str, int]]) -> int | None:
    return sum(sum(values.values()) for values in by_platform.values()) if by_platform else None


def _months(subject: Subject, row: Row, rule: Growth) -> Chart:
    asked = subject.asked(row.indicator)
    found, months = growth_by_month(asked, rule), [one.name for one in months_of(asked)]
    names = sorted(found)
    figures = {platform(name): [found[name].get(of) for of in months] for name in names}
    caption = _("By month and platform, on the official basis")
    columns = [Column(_("Month"), TEXT, 1.2), *(Column(platform(name), NUMBER) for name in names), Column(_("Total"), NUMBER)]
    rows: list[list[Cell]] = []
    for of in months:
        values = [found[name].get(of) for name in names]
        known = [value for value in values if value is not None]
        rows.append([month(of), *values, sum(known) if known else None])
    alt = "; ".join(f"{line[0]}: {_('not known') if line[-1] is None else number(int(str(line[-1])))}" for line in rows)
    draw = partial(charts.months, [month(of) for of in months], figures)
    key = slug(row.indicator.code)
    return Chart(f"{key}_aylar_grafik", caption, alt, draw(), Table(f"{key}_aylar", caption, columns, rows), draw)


def _top(subject: Subject, row: Row, rule: Growth) -> Table | None:
    asked = subject.asked(row.indicator)
    found: list[TopPost] = []
    for share in shares(subject.storage, subject.plan, subject.period, subject.last, subject.known):
        start, end = share.span(subject.zone)
        metrics = [one for count in rule.counts if count.platform == share.account.platform for one in count.metrics]
        found += top_posts(
            subject.storage, share.account.account, metrics, (start, min(end, asked.span[1])), subject.known, most=MOST,
            leave_out=rule.leave_out,
        )  # fmt: skip
    best = sorted(found, key=lambda post: (-post.value, post.published_at, post.account, post.post))[:MOST]
    if not best:
        return None
    columns = [
        Column(_("Rank"), NUMBER, 0.5), Column(_("Day"), DAY), Column(_("Platform"), TEXT, 1.1), Column(_("Kind"), TEXT, 0.9),
        Column(_("Post"), TEXT, 4.0), Column(row.indicator.label, NUMBER, 1.2),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            at, from_text(post.published_at).astimezone(subject.zone).date(), platform(post.account.partition(":")[0]),
            kind_of_post(post.kind), inert(post.text, CLIP), post.value,
        ]
        for at, post in enumerate(best, 1)
    ]  # fmt: skip
    note = _(
        "Posts published in the period; the value is what each one's counters were last read at up to {day}, so it may contain what was "
        "gained after the period."
    ).format(day=day(subject.day))
    caption = _("The posts that reached most: {indicator}").format(indicator=row.indicator.label)
    spans = [(at, inert(post.url, 300)) for at, post in enumerate(best) if post.url]
    return Table(f"{slug(row.indicator.code)}_ilk{MOST}", caption, columns, rows, notes=[note], spans=spans)
