"""The annex: what the snapshot is, and every part that its figures were counted from, each with its digest."""

from __future__ import annotations

from fractions import Fraction

from reports.content import DECIMAL, TEXT, Cell, Column, Section, Table, Text
from reports.phrases import part_name
from reports.subject import Subject
from words import _, number


def annex(subject: Subject) -> list[Section]:
    said = _(
        "Each row is a part of a figure, as it was sealed. The digest is the SHA-256 of the rows that the part was counted from: a row that is "
        "touched later is found by “mecra verify”. “mecra explain {code} {period}” walks from the figure to the archived answers."
    ).format(code=subject.plan.indicators[0].code, period=str(subject.period))
    return [Section(_("Annex: evidence"), [Text([said]), _seal(subject), _evidence(subject)], new_page=True, wide=True)]


def _seal(subject: Subject) -> Table:
    found = subject.snapshot
    rows: list[list[Cell]] = [
        [_("Snapshot"), str(found.snapshot) if found.snapshot else None],
        [_("Revision"), str(found.revision) if found.sealed_at else _("not sealed")],
        [_("Known up to"), subject.local(found.as_of)],
        [_("Last archived answer"), number(found.archive)],
        [_("Sealed on"), subject.local(found.sealed_at)],
        [_("Sealed by"), found.sealed_by],
        [_("Reason of the revision"), found.reason or None],
        [_("SHA-256 of the snapshot"), found.sha256],
        [_("SHA-256 of the seal before it"), found.previous_sha256],
        [_("SHA-256 of the plan"), found.plan],
    ]
    return Table("muhur", _("The snapshot"), [Column(_("What"), TEXT, 1.4), Column(_("Value"), TEXT, 4.0)], rows)


def _evidence(subject: Subject) -> Table:
    columns = [
        Column(_("Indicator"), TEXT, 0.8), Column(_("Part"), TEXT, 1.9), Column(_("Value"), DECIMAL, 0.9), Column(_("Opening"), DECIMAL, 0.9),
        Column(_("Closing"), DECIMAL, 0.9), Column(_("Opening read on"), TEXT, 0.9), Column(_("Closing read on"), TEXT, 0.9),
        Column(_("Digest (SHA-256)"), TEXT, 2.6),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            part.code, part_name(part.part), _exact(part.value), _exact(part.opening), _exact(part.closing),
            subject.local(part.opened_at), subject.local(part.closed_at), part.digest or None,
        ]
        for row in subject.rows
        for part in row.parts
    ]  # fmt: skip
    return Table("kanitlar", _("List of evidence"), columns, rows)


def _exact(value: object) -> Fraction | None:
    return None if value is None else Fraction(str(value))
