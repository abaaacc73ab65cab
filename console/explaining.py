"""`mecra explain` on a screen: from the figure to its parts, their readings, and the archived answers, for whoever checks it."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from console.tables import show_table
from indicators.arithmetic import in_words
from indicators.explain import Explanation
from indicators.purged import purge_said
from indicators.result import Part
from indicators.steps import Step
from model import from_text
from reports.phrases import BANDS, STATUSES
from words import _, day, exact_percent, exactly, moment, number

LONGEST = 60


def show_explanation(found: Explanation, zone: ZoneInfo) -> None:
    """Everything that is needed to follow the figure without asking anyone."""
    standing = found.standing
    indicator = standing.indicator
    print(f"{indicator.code} · {indicator.label} ({indicator.unit}) · {found.period}")
    print(_origin(found, zone))
    for purge in found.purges:
        print(f"! {purge_said(purge, found.snapshot).said()}")
    if found.unlike:
        print("! " + _("measured again it is another figure than the one that is kept: run `mecra verify`"))
    print()
    if indicator.definition:
        print(_("What counts: {text}").format(text=indicator.definition))
    for line in in_words(standing):
        print(line)
    status = _(STATUSES.get(standing.status, standing.status))
    band = f" · {_(BANDS[standing.band])}" if standing.band in BANDS else ""
    print(_("Status: {status}; coverage {share}").format(status=status + band, share=exact_percent(standing.measured.coverage)))
    for note in standing.measured.lacks:
        print(f"! {note.said()}")
    for note in standing.measured.notes:
        print(f"· {note.said()}")
    print()
    _show_parts(found, zone)
    _show_steps(found, zone)
    _show_answers(found, zone)


def as_json(found: Explanation) -> dict[str, Any]:
    """The same for a program; exact figures are text."""
    standing = found.standing
    return {
        "code": standing.code,
        "period": str(found.period),
        "snapshot": {
            "number": found.snapshot.snapshot, "revision": found.snapshot.revision, "sealed_at": found.snapshot.sealed_at,
            "sha256": found.snapshot.sha256, "as_of": found.snapshot.as_of,
        } if found.snapshot else None,
        "as_of": found.known.text,
        "archive": found.known.response,
        "plan": found.plan.sha256,
        "value": _text(standing.measured.value),
        "numerator": _text(standing.measured.numerator),
        "denominator": _text(standing.measured.denominator),
        "performance": _text(standing.performance),
        "contribution": _text(standing.contribution),
        "status": standing.status,
        "coverage": _text(standing.measured.coverage),
        "arithmetic": in_words(standing),
        "lacks": [note.said() for note in standing.measured.lacks],
        "notes": [note.said() for note in standing.measured.notes],
        "beside": dict(standing.measured.beside),
        "parts": [_part(part) for part in found.parts],
        "rows": [_step(step) for step in found.steps],
        "rows_left_out": found.more,
        "answers": [{name: getattr(a, name) for name in a.__slots__} for a in found.answers.values()],
        "unlike": found.unlike,
        "purges": [purge.purge for purge in found.purges],
    }  # fmt: skip


def _origin(found: Explanation, zone: ZoneInfo) -> str:
    kept, at = found.snapshot, moment(found.known.at, zone)
    if kept is None:
        return _("no snapshot of it is kept: as known on {at}").format(at=at)
    if kept.sealed_at is None:
        return _("provisional snapshot, as known on {at} (answers up to number {answer})").format(
            at=at, answer=number(found.known.response)
        )
    return _("sealed, revision {revision}, as known on {at} (answers up to number {answer}), SHA-256 {sha256}").format(
        revision=kept.revision, at=at, answer=number(found.known.response), sha256=kept.sha256
    )


def _show_parts(found: Explanation, zone: ZoneInfo) -> None:
    parts, ratio = found.parts, found.standing.indicator.kind == "ratio"
    openings = any(part.opening is not None for part in parts)
    headings = [_("part"), *([_("opening"), _("closing")] if openings else []), _("value"), _("last read"), _("covered")]
    rows = []
    for part in parts:
        ends = [_whole(part.opening), _whole(part.closing)] if openings else []
        value = "–" if part.value is None else exact_percent(part.value) if ratio and "entry:" in part.part else exactly(part.value)
        covered = exact_percent(Fraction(min(part.covered, part.asked), part.asked)) if part.asked else ""
        rows.append([_name(part.part), *ends, value, _at(part.closed_at, zone), covered])
    show_table(headings, rows, numbers=range(1, len(headings) - 2))


def _show_steps(found: Explanation, zone: ZoneInfo) -> None:
    if not found.steps:
        return
    headings = [_("of"), _("metric"), _("opening"), _("closing"), _("value"), _("read"), _("answers"), _("text")]
    rows = [
        [
            _name(step.part) if step.of == step.metric else _of(step.of, zone), _(step.metric), _whole(step.opening), _whole(step.closing), _whole(step.value),
            _at(step.closed_at, zone), " ".join(map(str, sorted(step.responses))), _short(step.text or step.url),
        ]
        for step in found.steps
    ]  # fmt: skip
    used = [index for index in range(len(headings)) if any(row[index] for row in rows)]
    show_table(
        [headings[index] for index in used],
        [[row[index] for index in used] for row in rows],
        numbers=[place for place, index in enumerate(used) if index in (2, 3, 4)],
    )
    if found.more:
        print(_("... and {n} more rows: --all shows them, --account only those of one account").format(n=number(found.more)))
        print()


def _show_answers(found: Explanation, zone: ZoneInfo) -> None:
    if found.answers:
        print(_("The archived answers (`mecra show NUMBER` prints one):"))
        rows = [[str(a.response), _at(a.at, zone), f"{a.method} {a.url}", a.sha256] for a in found.answers.values()]
        show_table([_("number"), _("asked on"), _("request"), "SHA-256"], rows, numbers=(0,))


def _name(part: str) -> str:
    """`x:ornek takipçi` of `x:ornek followers`: a metric is said as readers know it."""
    first, blank, last = part.partition(" ")
    return f"{first} {_(last)}" if blank and ":" in first else part


def _of(text: str, zone: ZoneInfo) -> str:
    """A day or an hour on the institution's clocks; anything else as it is."""
    return _at(text, zone) if re.fullmatch(r"\d{4}-\d\d-\d\d(T[\d:]{8}Z)?", text) else text


def _at(text: str | None, zone: ZoneInfo) -> str:
    if not text:
        return ""
    return moment(from_text(text), zone) if "T" in text else day(from_text(f"{text}T00:00:00Z").date())


def _whole(value: int | None) -> str:
    return "" if value is None else number(value)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _text(value: Fraction | int | None) -> str | None:
    return None if value is None else str(Fraction(value))


def _part(part: Part) -> dict[str, Any]:
    plain = {name: getattr(part, name) for name in part.__slots__ if name not in ("value", "notes")}
    return {**plain, "value": _text(part.value), "notes": [note.said() for note in part.notes]}


def _step(step: Step) -> dict[str, Any]:
    return {name: getattr(step, name) for name in step.__slots__}
