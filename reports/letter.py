"""What the messages say: a period's figures in short beside its report, and the reminder of one that is not sealed yet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from indicators.snapshot import open_notes
from model import Period
from reports.deadlines import Reminder
from reports.deviations import missing_reasons
from reports.official import goal_text
from reports.phrases import figure, named, report_title, state, titled, weekday
from reports.statement import Row
from reports.subject import Subject
from words import _, day, exact_percent, exactly

MOST = 120  # letters of an indicator's name, so that its line stays one


def report_subject(subject: Subject) -> str:
    """`Örnek Belediyesi: 2026 Yılı Stratejik Plan Değerlendirme Raporu (TASLAK)`."""
    said = f"{subject.plan.institution}: {report_title(subject.period)}"
    if not subject.found.sealed:
        return f"{said} ({_('DRAFT')})"
    revision = subject.snapshot.revision
    return said if revision < 2 else said + _(", correction {n}").format(n=exactly(revision - 1))


def report_text(subject: Subject, attached: Sequence[str], directory: Path) -> str:
    """The figures, what is missing, and where the files are."""
    found, snapshot = subject.found, subject.snapshot
    if found.sealed:
        state_of_it = _("Sealed on {at}, revision {revision}. SHA-256: {sha256}").format(
            at=subject.local(snapshot.sealed_at), revision=exactly(snapshot.revision), sha256=snapshot.sha256
        )
    else:
        draft = _("This is a draft: the period is not sealed, and its figures may still change.")
        state_of_it = f"{draft} {_next_steps(subject.period, subject)}"
    blocks = [
        report_title(subject.period),
        *_standing(subject),
        state_of_it,
        _attachments(attached, directory),
        _by_itself(),
    ]
    return "\n\n".join(blocks) + "\n"


def reminder_subject(reminder: Reminder, institution: str) -> str:
    by = reminder.deadline
    return _("{institution}: {title} is due by {day}").format(
        institution=institution, title=report_title(by.period), day=day(by.day)
    )


def reminder_text(reminder: Reminder, subject: Subject | None) -> str:
    """`subject`: how the period stands, where a statement of it is kept."""
    by = reminder.deadline
    said = [
        _("{title}: it is due by {day}, a {weekday}, and the period is not sealed yet.").format(
            title=report_title(by.period), day=day(by.day), weekday=weekday(by.day.isoweekday())
        )
    ]
    if by.off:
        said.append(
            _("Nobody works on that day, and nothing says that the term grows longer: the last working day is {last}, a {weekday}.")
            .format(last=day(by.last), weekday=weekday(by.last.isoweekday()))
        )  # fmt: skip
    blocks = [" ".join(said)]
    if subject is not None:
        blocks += _standing(subject)
    blocks += [_next_steps(by.period, subject), _by_itself()]
    return "\n\n".join(blocks) + "\n"


def again(text: str) -> str:
    """The same message, where nobody knows whether it has arrived before."""
    said = _("This message may have reached you before: how its last sending ended is not known.")
    return f"{said}\n\n{text}"


def _standing(subject: Subject) -> list[str]:
    goal = _("Performance of the target {code}: {goal}").format(code=subject.plan.code, goal=goal_text(subject.found))
    known = _("Known up to {at}.").format(at=subject.local(subject.snapshot.as_of))
    notes = [f"{titled(note.said())}." for note in open_notes(subject.plan, subject.period, subject.known.at, subject.zone)]
    head = _("Indicators: reached / target of the year's end · performance · where it stands")
    blocks = [f"{goal}\n{' '.join([known, *notes])}", "\n".join([head, *(_line(row) for row in subject.rows)])]
    if lacking := [row.indicator.code for row in subject.rows if row.value is None or row.lacking]:
        blocks.append(_("Something lacks, so that they are provisional: {codes}.").format(codes=", ".join(lacking)))
    if missing := missing_reasons(subject):
        blocks.append(_("The deviation has no reason yet: {codes}.").format(codes=", ".join(missing)))
    return blocks


def _line(row: Row) -> str:
    """`- PG7.2.1 Haber sayısı: 12.530 / 24.000 · %52,21 · seyrinde`; reached over the target of the year."""
    name = named(row.indicator)
    target = "–" if row.target is None else figure(row.indicator, row.target)
    parts = [f"{figure(row.indicator, row.value)} / {target}"]
    if row.performance is not None:
        parts.append(exact_percent(row.performance))
    parts.append(state(row.stored.status, row.stored.band))
    return f"- {name if len(name) <= MOST else name[: MOST - 1] + '…'}: {' · '.join(parts)}"


def _attachments(attached: Sequence[str], directory: Path) -> str:
    said = [_("All files are in {directory}.").format(directory=directory)]
    if attached:
        said.insert(0, _("Attached: {names}.").format(names=", ".join(attached)))
    return " ".join(said)


def _next_steps(period: Period, subject: Subject | None) -> str:
    seal = f"mecra snapshot {period} --seal"
    lacking = subject is None or any(row.value is None or row.lacking for row in subject.rows)
    if lacking:
        return _("Complete what lacks, then seal it: {seal}. If it has to be handed in as it is: {provisional}").format(
            seal=seal, provisional=f"{seal} --provisional"
        )
    return _("It is sealed by: {command}").format(command=seal)


def _by_itself() -> str:
    return _("mecra has sent this message by itself.")
