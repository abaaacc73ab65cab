"""Hesaplama notları: every choice that a figure rests on, printed; taken from the plan itself, so that none can be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from config.plan import ByHand, Growth, Level, News, Plan, Posts, Scoped, Series, Slots
from indicators.scope import NEWS
from reports.content import DAY, PERCENT, TEXT, Cell, Column, Section, Table, Text
from reports.phrases import KINDS, account, metric, named, platform, titled
from reports.rules import definitions
from reports.subject import Subject
from storage.breaks import Break, breaks_between
from words import N_, _, day, exact_percent, exactly, number

MEASURES = {
    News: N_("news"), Level: N_("level at the edge"), Series: N_("weekly series"), Slots: N_("post plan"), Posts: N_("posts"),
    Growth: N_("growth of counters"), ByHand: N_("by hand"),
}  # fmt: skip
BY_HAND = {
    "fill": N_("by hand where nothing was measured"),
    "instead": N_("by hand before what was measured"),
    "never": N_("never by hand"),
}


def choices(subject: Subject) -> list[Section]:
    """The general rules, the accounts, each indicator's own rules, and the plan's notes."""
    plan = subject.plan
    sections = [
        Section(_("Calculation notes"), [Text(list(_general(subject)), listed=True), _formulas(subject)], new_page=True),
        Section(_("Scope"), [_scope(subject)], level=2),
        Section(_("What counts, indicator by indicator"), [definitions(plan)], level=2),
    ]
    if breaks := _breaks(subject):
        sections.append(Section(_("Definitions that changed"), [breaks], level=2))
    if said := [*_headings(plan), *plan.notes]:
        sections.append(Section(_("Notes on the plan"), [Text(said, listed=True)], level=2))
    return sections


def _general(subject: Subject) -> Iterator[str]:
    plan, period = subject.plan, subject.period
    after = period.last + timedelta(days=1)
    yield _(
        "Period: from {first} 00:00 up to, and without, {after} 00:00, local time ({zone}). What happens one second later belongs to the "
        "next period."
    ).format(first=day(period.first), after=day(after), zone=subject.zone.key)
    yield _(
        "A flow adds up what happened in the period, a level is the last reading at or before its end, a ratio is the sum of what was met "
        "over the sum of what was planned."
    )
    yield _(
        "All calculations are exact, with fractions; each figure is rounded once, half up, when it is shown (two places at most). Weights "
        "are applied to unrounded values."
    )
    yield _(
        "Performance is shown as it is; in the performance of the target it counts from 0 up to its cap. The performance of the target is "
        "the sum of effect times counted performance."
    )
    yield _(
        "What is not known is never taken for 0: it stays out of the sum, lowers the coverage, and leaves the figure marked as provisional."
    )
    yield _(
        "A is the value at the beginning of the plan period and stays the same for all its years; B is the target of the year's end, in a half-year too."
    )
    yield _("The last figures of a period are in {days} days after its end; until then its figures are provisional.").format(
        days=plan.settled_days
    )
    yield _(
        "At the year's end a performance that is more than {points} percent points off {full} needs a reason, above it as well as below."
    ).format(points=exactly(plan.deviation), full=exact_percent(1))
    yield _(
        "Limits of the words at the year's end: from {reached} reached, above {full} exceeded, from {partly} partly reached."
    ).format(reached=exact_percent(plan.bands.reached / 100), full=exact_percent(1), partly=exact_percent(plan.bands.partly / 100))
    yield _("A person who follows on several platforms counts on each: platforms tell numbers, never names.")
    yield _("The figures are those that were known on {at}; what came later changes no sealed figure.").format(
        at=subject.local(subject.snapshot.as_of)
    )


def _formulas(subject: Subject) -> Table:
    columns = [
        Column(_("Indicator"), TEXT, 2.4), Column(_("Kind"), TEXT, 0.8), Column(_("Measured by"), TEXT, 1.3), Column(_("Formula"), TEXT, 1.1),
        Column(_("Baseline"), TEXT, 1.4), Column(_("Cap"), PERCENT, 0.7), Column(_("Figures by hand"), TEXT, 1.7),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            named(one), titled(_(KINDS[one.kind])), titled(_(MEASURES[type(one.rule)])), one.formula.replace("-", "−"),
            _baseline(one.baseline_printed, one.baseline_period), one.cap / 100, titled(_(BY_HAND[one.by_hand])),
        ]
        for one in subject.plan.indicators
    ]  # fmt: skip
    note = _(
        "A baseline that covers half a year is shown for information where the target is a year's: then C/B is used. C/B is also used where "
        "there is no baseline, which is neither 0 nor missing."
    )
    return Table("formuller", _("How each indicator is calculated"), columns, rows, notes=[note])


def _baseline(printed: str, period: str) -> str:
    year, _dash, half = period.partition("-")
    if printed == "-" or not period:
        return printed
    return _("{value} (first half of {year})").format(value=printed, year=year) if half == "H1" else f"{printed} ({period})"


def _scope(subject: Subject) -> Table:
    columns = [Column(_("Account"), TEXT, 2.4), Column(_("Counts from"), DAY), Column(_("Counts until"), DAY)]
    own = [one for one in subject.plan.scope if one.account.partition(":")[0] not in NEWS]
    rows: list[list[Cell]] = [[account(one.account), one.since, one.until] for one in sorted(own, key=lambda one: one.account)]
    notes = [_("An account without a day counts in the whole period. Accounts that are not named here do not count.")]
    press = [one for one in subject.plan.scope if one.account.partition(":")[0] in NEWS]
    if press:
        notes.append(_("Sources of news: {sources}.").format(sources=", ".join(_press(press, subject.period.first, subject.last))))
    return Table("kapsam", _("The accounts that count"), columns, rows, notes=notes)


def _press(found: list[Scoped], first: date, last: date) -> list[str]:
    """How many of each kind were under watch in the period."""
    counts: dict[str, int] = {}
    for one in found:
        if (one.since or first) <= last and (one.until or last) >= first:
            kind = one.account.partition(":")[0]
            counts[kind] = counts.get(kind, 0) + 1
    return [f"{platform(kind)}: {number(count)}" for kind, count in sorted(counts.items())]


def _breaks(subject: Subject) -> Table | None:
    """Of what the plan counts, since the year before the plan began."""
    counted = {
        (count.platform, one)
        for indicator in subject.plan.indicators
        if isinstance(indicator.rule, Growth)
        for count in indicator.rule.counts
        for one in count.metrics
    }
    first = date(min(subject.plan.years or (subject.period.year,)) - 1, 12, 31)
    found: list[Break] = [
        one for one in breaks_between(subject.storage, first, subject.period.last) if (one.platform, one.metric) in counted
    ]
    if not found:
        return None
    columns = [
        Column(_("From"), DAY, 0.8),
        Column(_("Platform")),
        Column(_("What is counted"), TEXT, 1.2),
        Column(_("What changed"), TEXT, 4.0),
    ]
    rows: list[list[Cell]] = [[one.on, platform(one.platform), metric(one.metric), _(one.what)] for one in found]
    note = _("Old figures are not converted: over such a day unlike things are added up or compared.")
    return Table("tanimlar", _("Definitions that platforms changed"), columns, rows, notes=[note])


def _headings(plan: Plan) -> list[str]:
    """Columns of the printed plan that were read otherwise than they are printed."""
    return [
        _("Heading of a column, as printed: “{printed}”; read as {read}.").format(printed=printed, read=read)
        for read, printed in sorted(plan.headings.items())
    ]
