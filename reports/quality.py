"""Data quality: how far each figure is known, what is missing and why, and what came in by other ways than measuring."""

from __future__ import annotations

from fractions import Fraction

from config.plan import Growth, Indicator, Level, Posts
from model import Period, from_text, to_text
from reports.content import DAY, NUMBER, PERCENT, TEXT, Block, Cell, Column, Section, Table, Text
from reports.failures import gap_said
from reports.phrases import account, figure, metric, named, part_name, state, titled
from reports.statement import Row
from reports.subject import Subject
from storage.entries import CORRECTED, COUNTS, WAITING, WITHDRAWAL, WITHDRAWN, Entry, entries_of
from storage.handed_in import files
from storage.told_gaps import missed
from words import N_, _, day, number

STATES = {
    COUNTS: N_("counts"),
    WAITING: N_("waits for approval"),
    CORRECTED: N_("replaced by entry {by}"),
    WITHDRAWN: N_("withdrawn by entry {by}"),
    WITHDRAWAL: N_("a withdrawal"),
}
MOST = 200  # rows of a table of gaps
PRESS = {"items", "articles"}  # what a feed or a search lists


def quality(subject: Subject) -> list[Section]:
    return [
        Section(_("Data quality"), [_indicators(subject), _parts(subject)], new_page=True, wide=True),
        Section(_("What is missing, by reason"), [_gaps(subject)], level=2, wide=True),
        Section(_("Figures that were not measured"), _handed(subject), level=2, wide=True),
        Section(_("News that wait for review"), [_review(subject)], level=2, wide=True),
    ]


def _indicators(subject: Subject) -> Table:
    columns = [
        Column(_("Indicator"), TEXT, 2.2),
        Column(_("Coverage"), PERCENT, 0.8),
        Column(_("State"), TEXT, 1.2),
        Column(_("What lacks"), TEXT, 4.0),
    ]
    rows: list[list[Cell]] = [
        [named(row.indicator), row.coverage, titled(state(row.stored.status, "")), "; ".join(row.lacks) or None]
        for row in subject.rows
    ]
    note = _("Coverage: of the account-days (weeks, slots, days of a source) that a value should rest on, the share that is known.")
    return Table("kalite", _("Coverage by indicator"), columns, rows, notes=[note])


def _parts(subject: Subject) -> Table:
    columns = [
        Column(_("Indicator"), TEXT, 0.8), Column(_("Part"), TEXT, 2.4), Column(_("Should rest on"), NUMBER), Column(_("Known of it"), NUMBER),
        Column(_("Coverage"), PERCENT),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            row.indicator.code,
            part_name(part.part),
            part.asked,
            min(part.covered, part.asked),
            Fraction(min(part.covered, part.asked), part.asked),
        ]
        for row in subject.rows
        for part in row.parts
        if part.asked
    ]
    return Table("kapsama", _("Coverage by account"), columns, rows)


def _gaps(subject: Subject) -> Table | Text:
    span = (subject.asked(subject.plan.indicators[0]).span[0], to_text(subject.known.at))
    metrics, leave_out = _counted(subject)
    days = (subject.period.first, subject.last)
    found = missed(subject.storage, days, span, subject.known, metrics=metrics, leave_out=leave_out)
    if not found:
        return Text([_("Every figure that was asked for has come, or was filled in later.")])
    columns = [
        Column(_("Account"), TEXT, 1.6), Column(_("What"), TEXT, 1.0), Column(_("Reason"), TEXT, 3.0), Column(_("Figures"), NUMBER, 0.8),
        Column(_("Of posts"), NUMBER, 0.8), Column(_("First"), DAY, 0.9), Column(_("Last"), DAY, 0.9),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [account(one.account), metric(one.metric), gap_said(one.reason), one.figures, one.posts or None, one.first, one.last]
        for one in found[:MOST]
    ]
    notes = [_("What could be filled in later is not listed. A missing figure is never taken for 0.")]
    if len(found) > MOST:
        notes.append(_("{n} more rows are left out.").format(n=number(len(found) - MOST)))
    return Table("bosluklar", _("Figures that were asked for and did not come"), columns, rows, notes=notes)


def _counted(subject: Subject) -> tuple[list[str], list[str]]:
    """The metrics that the plan counts, the press's lists, and the kinds of posts that no indicator counts."""
    rules = [one.rule for one in subject.plan.indicators]
    metrics = {metric for rule in rules if isinstance(rule, Growth) for count in rule.counts for metric in count.metrics}
    metrics |= {rule.metric for rule in rules if isinstance(rule, Level)} | PRESS
    left_out = [set(rule.leave_out) for rule in rules if isinstance(rule, (Growth, Posts))]
    return sorted(metrics), sorted(set.intersection(*left_out)) if left_out else []


def _handed(subject: Subject) -> list[Block]:
    entries = [
        (row.indicator, one) for row in subject.rows for one in entries_of(subject.storage, row.indicator.code, subject.known)
    ]
    within = [(indicator, one) for indicator, one in entries if _within(one, subject.period)]
    start = subject.asked(subject.plan.indicators[0]).span[0]
    handed = files(subject.storage, start, subject.known)
    blocks: list[Block] = []
    if within:
        blocks.append(_entries(subject, within))
    if handed:
        columns = [
            Column(_("File"), TEXT, 2.2), Column(_("Account"), TEXT, 1.4), Column(_("Handed in"), TEXT, 1.1), Column(_("Rows"), NUMBER, 0.6),
            Column(_("SHA-256"), TEXT, 3.2),
        ]  # fmt: skip
        rows: list[list[Cell]] = [[f.name, account(f.account), subject.local(to_text(f.at)), f.rows, f.sha256] for f in handed]
        blocks.append(Table("dosyalar", _("Files of figures and clippings"), columns, rows))
    if not blocks:
        blocks.append(Text([_("No figure was entered by hand, and no file was handed in: all figures were measured.")]))
    return blocks


def _within(entry: Entry, period: Period) -> bool:
    one = entry.figure
    return one.period in (period, *period.halves) if one.period else one.day is not None and period.first <= one.day <= period.last


def _entries(subject: Subject, found: list[tuple[Indicator, Entry]]) -> Table:
    columns = [
        Column(_("No"), NUMBER, 0.4), Column(_("Indicator"), TEXT, 0.8), Column(_("For"), TEXT, 0.8), Column(_("Value"), TEXT, 0.9),
        Column(_("State"), TEXT, 1.0), Column(_("Entered"), TEXT, 1.3), Column(_("Approved"), TEXT, 1.3), Column(_("Note and address"), TEXT, 1.6),
        Column(_("SHA-256 of the evidence"), TEXT, 1.8),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            one.entry, one.figure.indicator, _place(one), None if one.figure.value is None else figure(indicator, one.figure.value),
            titled(_(STATES[one.state]).format(by=one.by)), _who(subject, one.entered_by, one.entered_at),
            _who(subject, one.approved_by, one.approved_at), " ".join(filter(None, (one.figure.note, one.figure.url))) or None,
            one.evidence or _("none"),
        ]
        for indicator, one in found
    ]  # fmt: skip
    return Table("elle_girilen", _("Figures that were entered by hand"), columns, rows)


def _place(entry: Entry) -> str:
    one = entry.figure
    where = str(one.period) if one.period else day(one.day) if one.day else ""
    return f"{where} #{one.number}" if one.number else where


def _who(subject: Subject, by: str | None, at: str | None) -> str | None:
    return f"{by}, {day(from_text(at).astimezone(subject.zone).date())}" if by and at else None


def _review(subject: Subject) -> Text:
    said = []
    for row in subject.rows:
        for text in _waiting(row):
            said.append(f"{row.indicator.code}: {text}")
    return Text(said or [_("No news wait for review.")])


def _waiting(row: Row) -> list[str]:
    found = []
    for name in ("collected", "agency"):
        review = (row.beside.get(name) or {}).get("review") or {}
        if review.get("articles"):
            numbers = ", ".join(map(str, review["first"]))
            more = ", …" if review["articles"] > len(review["first"]) else ""
            found.append(
                _("{n} articles wait for a person and are not counted (numbers {numbers}).").format(
                    n=number(review["articles"]), numbers=numbers + more
                )
            )
    if row.beside.get("ruled"):
        found.append(
            _("{n} articles were decided by a person, each with a reason that is kept.").format(n=number(row.beside["ruled"]))
        )
    return found
