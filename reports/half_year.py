"""The report of a half-year: the monitoring table, the management pages, the calculation notes, data quality, and the evidence."""

from __future__ import annotations

from indicators.snapshot import open_notes
from reports.annex import annex
from reports.choices import choices
from reports.content import Report, Section, Text
from reports.cover import report, signatures
from reports.management import management
from reports.official import monitoring
from reports.phrases import report_title, titled
from reports.quality import quality
from reports.subject import Subject
from words import _


def half_year(subject: Subject) -> Report:
    """In the language that is spoken. The second half-year is told, and compared with nothing."""
    period = subject.period
    table = monitoring(subject.found, subject.remarks)
    opening = [] if subject.found.sealed else [Text([draft(subject)])]
    sections = [
        Section(table.caption, [*opening, table], new_page=True),
        signatures(subject),
        *management(subject),
        *choices(subject),
        *quality(subject),
        *annex(subject),
    ]
    return report(subject, report_title(period), sections)


def draft(subject: Subject) -> str:
    """That it is one, and why it can't be final yet."""
    text = _("This is a draft: the snapshot of {period} is not sealed, and its figures may still change.")
    why = open_notes(subject.plan, subject.period, subject.known.at, subject.zone)
    return " ".join([text.format(period=str(subject.period)), *(f"{titled(note.said())}." for note in why)])
