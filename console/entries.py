"""What was entered by hand, on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from console.tables import show_table
from model import MecraError, Period, from_text
from storage.entries import CORRECTED, COUNTS, WAITING, WITHDRAWAL, WITHDRAWN, Entry, Figure, written
from storage.evidence import Evidence
from words import N_, _, day, exactly, moment

STATES = {
    COUNTS: N_("counts"),
    WAITING: N_("waits for approval"),
    CORRECTED: N_("replaced by entry {by}"),
    WITHDRAWN: N_("withdrawn by entry {by}"),
    WITHDRAWAL: N_("a withdrawal"),
}


def chosen(entries: Iterable[Entry], code: str | None, period: Period | None) -> list[Entry]:
    """Those of an indicator, and of a period: it, its halves, and the days in it."""
    wanted = [entry for entry in entries if code is None or entry.figure.indicator.upper() == code.upper()]
    return [entry for entry in wanted if period is None or _within(entry.figure, period)]


def _within(figure: Figure, period: Period) -> bool:
    if figure.period:
        return figure.period == period or figure.period in period.halves
    return figure.day is not None and period.first <= figure.day <= period.last


def as_object(entry: Entry) -> dict[str, Any]:
    """Whole numbers as such, others as the text of their decimal; times are UTC."""
    figure = entry.figure
    return {
        "entry": entry.entry,
        "indicator": figure.indicator,
        "period": str(figure.period) if figure.period else None,
        "day": figure.day.isoformat() if figure.day else None,
        "value": written(figure.value),
        "number": figure.number,
        "url": figure.url,
        "note": figure.note,
        "evidence": entry.evidence,
        "entered_by": entry.entered_by,
        "entered_at": entry.entered_at,
        "approved_by": entry.approved_by,
        "approved_at": entry.approved_at,
        "state": entry.state,
        "corrects": figure.corrects,
        "withdraws": figure.withdraws,
        "replaced_by": entry.by,
    }


def show_entries(entries: Sequence[Entry], zone: ZoneInfo) -> None:
    if not entries:
        print(_("Nothing was entered by hand."))
        return
    headings = (
        _("entry"), _("indicator"), _("period or day"), _("value"), _("state"), _("entered by"), _("approved by"), _("evidence"), _("note"),
    )  # fmt: skip
    show_table(headings, [_row(entry, zone) for entry in entries], numbers=(0, 3))


def show_entered(entry: Entry, zone: ZoneInfo) -> None:
    show_entries([entry], zone)
    if entry.evidence is None and not entry.figure.url and not entry.figure.withdraws:
        print("! " + _("Without a file or an address nobody can check it: --evidence or --url shows where it comes from."))
    print(_("It counts once somebody else approves it: mecra approve {entry}").format(entry=entry.entry))


def show_approved(entry: Entry, zone: ZoneInfo) -> None:
    show_entries([entry], zone)
    if entry.figure.withdraws:
        print(_("Entry {entry} counts no more.").format(entry=entry.figure.corrects))
    elif entry.figure.corrects is not None:
        print(_("It counts from now on, in the place of entry {entry}.").format(entry=entry.figure.corrects))
    else:
        print(_("It counts from now on."))


def write_file(file: Evidence, output: Path | None) -> Path:
    """Write a file under a name that is free; raises MecraError."""
    path = output or Path(file.name)
    if path.is_dir():
        path /= file.name
    try:
        with path.open("xb") as target:
            target.write(file.body)
    except FileExistsError:
        raise MecraError(_("{file} is there already: name another with -o").format(file=path)) from None
    except OSError as error:
        raise MecraError(_("{file} can't be written ({why}): name another with -o").format(file=path, why=error.strerror)) from None
    return path


def _row(entry: Entry, zone: ZoneInfo) -> tuple[str, ...]:
    figure = entry.figure
    where = str(figure.period) if figure.period else day(figure.day) if figure.day else ""
    return (
        str(entry.entry),
        figure.indicator,
        f"{where} #{figure.number}" if figure.number else where,
        "" if figure.value is None else exactly(figure.value, 6),
        _(STATES[entry.state]).format(by=entry.by),
        _who(entry.entered_by, entry.entered_at, zone),
        _who(entry.approved_by, entry.approved_at, zone),
        " ".join(([entry.evidence[:12]] if entry.evidence else []) + ([figure.url] if figure.url else [])),
        figure.note,
    )


def _who(name: str | None, at: str | None, zone: ZoneInfo) -> str:
    return f"{name}, {moment(from_text(at), zone)}" if name and at else ""
