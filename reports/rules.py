"""What each indicator counts and what it doesn't: its definition, its source, and the settings of its rule, each as a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from config.plan import Growth, Level, News, Plan, Posts, Series, Slots
from reports.content import TEXT, Cell, Column, Table
from reports.official import named_in_full
from reports.phrases import account, kind_of_post, metric, platform
from words import N_, _, number, span

OFFICIAL = {"collected": N_("mecra's own collection"), "agency": N_("clipping agency's files")}
SOURCES = {"days": N_("the platform's own figures per day"), "posts": N_("growth of the posts' counters")}


def definitions(plan: Plan) -> Table:
    """Gösterge künyesi: below each definition the rule's settings."""
    columns = [
        Column(_("Indicator"), TEXT, 1.5),
        Column(_("What counts, and what does not"), TEXT, 3.4),
        Column(_("Source"), TEXT, 1.6),
    ]
    rows: list[list[Cell]] = [[named_in_full(one), one.definition or None, one.source or None] for one in plan.indicators]
    spans = [(at, "\n".join(f"• {text}" for text in sentences(one.rule))) for at, one in enumerate(plan.indicators)]
    return Table("kunye", _("Definitions of the indicators"), columns, rows, spans=spans)


def sentences(rule: object) -> Iterator[str]:
    """The settings of one indicator's rule, each as a sentence."""
    if isinstance(rule, News):
        yield _("Official count: {source}; the other one is shown beside and never added.").format(
            source=_(OFFICIAL[rule.official])
        )
        yield _(
            "An appearance counts on the local day of its publication, once for each outlet and address; copies count one by one."
        )
    elif isinstance(rule, Level):
        yield _(
            "{metric} of each account: the last reading at or before the end of the last day; one older than {days} days leaves the value provisional."
        ).format(metric=metric(rule.metric), days=rule.fresh_days)
    elif isinstance(rule, Series):
        yield _("Looked for on: {places}. Pattern: {pattern}").format(
            places=", ".join(map(account, rule.accounts)) or _("entries by hand only"), pattern=rule.title or "–"
        )
        yield (
            _("One issue for each number; without a number for each ISO week.")
            if rule.unique == "number"
            else _("One issue for each ISO week.")
        )
    elif isinstance(rule, Slots):
        yield _(
            "A slot is met by a post of its platform at most {span} before or after its hour; one post meets one slot. Shown beside: {others}."
        ).format(span=span(rule.tolerance), others=", ".join(map(span, rule.beside)))
        yield _("A slot that was withdrawn before its hour and with a reason leaves the plan; any other withdrawal does not.")
    elif isinstance(rule, Posts):
        yield _("Official count: {count}. The same content on several platforms within {span} is one unique content.").format(
            count=_("each platform's posts") if rule.official == "posts" else _("unique contents"),
            span=_("{n} h").format(n=number(int(rule.within.total_seconds() // 3600))),
        )
        yield from _left_out(rule.leave_out)
    elif isinstance(rule, Growth):
        for count in rule.counts:
            yield _("{platform}: {metrics} ({source}).").format(
                platform=platform(count.platform), metrics=", ".join(map(metric, count.metrics)), source=_(SOURCES[count.source])
            )
        yield (
            _("Official basis: growth within the period.")
            if rule.basis == "growth"
            else _("Official basis: what the period's posts had reached {days} days after its end.").format(days=rule.after_days)
        )
        yield _("The other basis is shown beside; the two are never mixed. A counter that falls lowers the value.")
        yield from _left_out(rule.leave_out)
    else:
        yield _("Only figures that were entered by hand and approved by a second person.")


def _left_out(kinds: tuple[str, ...]) -> Iterator[str]:
    if kinds:
        yield _("Kinds of posts that are left out: {kinds}.").format(kinds=", ".join(map(kind_of_post, kinds)))
