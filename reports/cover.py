"""The first page of a report: what it is, of which snapshot, and what is still missing on it."""

from __future__ import annotations

from collections.abc import Sequence

from reports.content import Report, Section, Signatures
from reports.deviations import missing_reasons
from reports.official import goal_text
from reports.subject import Subject
from storage.plans import SHORT
from words import _, day, language


def report(subject: Subject, title: str, sections: Sequence[Section]) -> Report:
    """The sections with their first page; marked on every page as long as the snapshot is not sealed."""
    plan = subject.plan
    return Report(
        name=f"{plan.code}-{subject.period}",
        title=title,
        subtitle=plan.target.text,
        institution=plan.institution,
        language=language(),
        made_on=subject.day,
        sections=sections,
        mark="" if subject.found.sealed else _("DRAFT"),
        facts=_facts(subject),
    )


def signatures(subject: Subject, *, wide: bool = False) -> Section:
    """The last one signs for the responsible unit."""
    approved = _("Approved by ({unit})").format(unit=subject.plan.unit.text)
    return Section(_("Signatures"), [Signatures([_("Prepared by"), _("Checked by"), approved])], level=2, wide=wide)


def _facts(subject: Subject) -> list[tuple[str, str]]:
    plan, period, snapshot = subject.plan, subject.period, subject.snapshot
    facts = [
        (_("Aim"), plan.aim.text),
        (_("Target"), plan.target.text),
        (_("Responsible unit"), plan.unit.text),
        (_("Period"), f"{day(period.first)} – {day(period.last)}"),
        (_("Performance of the target"), goal_text(subject.found)),
        (_("Known up to"), subject.local(snapshot.as_of) or ""),
        (_("Snapshot"), _snapshot(subject)),
        (_("Version of the plan"), plan.sha256[:SHORT]),
    ]
    if missing := missing_reasons(subject):
        facts.append((_("Missing reasons"), _("{codes}: the deviation has no reason yet.").format(codes=", ".join(missing))))
    return facts


def _snapshot(subject: Subject) -> str:
    found = subject.snapshot
    if found.sealed_at is None:
        return _("not sealed: a draft")
    return _("revision {revision}, sealed on {at} by {by}; SHA-256 {sha256}").format(
        revision=found.revision, at=subject.local(found.sealed_at), by=found.sealed_by or "–", sha256=found.sha256 or "–"
    )
