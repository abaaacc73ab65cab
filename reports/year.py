"""The report of a year: the evaluation table with its reasons and questions, the years together, the performance results."""

from __future__ import annotations

from reports.annex import annex
from reports.choices import choices
from reports.content import Block, Report, Section, Text
from reports.cover import report, signatures
from reports.cumulative import cumulative
from reports.deviations import missing_reasons
from reports.half_year import draft
from reports.management import management
from reports.official import evaluation, results
from reports.phrases import report_title
from reports.quality import quality
from reports.subject import Subject
from words import _, exact_percent, exactly


def year(subject: Subject) -> Report:
    """In the language that is spoken."""
    table, together, realised = (
        evaluation(subject.found, subject.remarks), cumulative(subject), results(subject.found, subject.remarks),
    )  # fmt: skip
    sections = [
        Section(table.caption, [*_opening(subject), table], new_page=True, wide=True),
        signatures(subject, wide=True),
        Section(together.caption, [together], new_page=True, wide=True),
        Section(realised.caption, [realised], new_page=True, wide=True),
        *management(subject),
        *choices(subject),
        *quality(subject),
        *annex(subject),
    ]
    return report(subject, report_title(subject.period), sections)


def _opening(subject: Subject) -> list[Block]:
    said = [] if subject.found.sealed else [draft(subject)]
    if missing := missing_reasons(subject):
        text = _(
            "A performance that is more than {points} percent points off {full} needs a reason. It is missing for: {codes} "
            "(“mecra note {code} {period} --reason …”)."
        )
        said.append(
            text.format(
                points=exactly(subject.plan.deviation),
                full=exact_percent(1),
                codes=", ".join(missing),
                code=missing[0],
                period=str(subject.period),
            )
        )
    return [Text(said)] if said else []
