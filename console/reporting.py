"""What `mecra report`, `note` and `notes` look up and print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from config import Settings
from config.plan_file import load_plan
from console.tables import show_table
from model import MecraError, Period, from_text
from reports.reading import numbered, standings
from reports.statement import Standings
from storage import Storage
from storage.indicator_notes import FIELDS, Written
from words import N_, _, moment

NAMES = {
    "reason": N_("reason of the deviation"),
    "measures": N_("measures"),
    "relevance": N_("relevance"),
    "effectiveness": N_("effectiveness"),
    "efficiency": N_("efficiency"),
    "sustainability": N_("sustainability"),
}


def period_of(text: str) -> Period:
    """Raises MecraError for what is no period."""
    try:
        return Period.parse(text)
    except ValueError as error:
        raise MecraError(_("{period} is no period: write 2026-H1, 2026-H2 or 2026").format(period=text)) from error


def code_of(settings: Settings, code: str) -> str:
    """The code as the plan in force writes it. Raises MecraError for one that it has not."""
    plan = load_plan(settings.plan, settings.path.parent / "metrics")
    for one in plan.indicators:
        if one.code.casefold() == code.strip().casefold():
            return one.code
    codes = ", ".join(one.code for one in plan.indicators)
    raise MecraError(_("{code} is no indicator of {plan}: there are {codes}").format(code=code, plan=plan.code, codes=codes))


def standings_of(storage: Storage, period: Period, number: int | None) -> Standings:
    """The snapshot to report on. Raises MecraError where none is kept, and for a number of another period."""
    if number is None:
        found = standings(storage, period)
        if found is None:
            raise MecraError(_("no snapshot of {period} is kept: `mecra snapshot {period}` takes one").format(period=str(period)))
        return found
    found = numbered(storage, number)
    if found is None or found.period != period:
        raise MecraError(
            _("snapshot {number} is none of {period}: see `mecra snapshots --json`").format(number=number, period=str(period))
        )
    return found


def note_json(one: Written) -> dict[str, Any]:
    """A text of null: this note says nothing of that field."""
    return {
        "note": one.note, "indicator": one.indicator, "period": one.period, **{name: one.texts.get(name) for name in FIELDS},
        "written_by": one.written_by, "written_at": one.written_at,
    }  # fmt: skip


def show_notes(found: Sequence[Written], zone: ZoneInfo, period: Period) -> None:
    """One line a text; what a later note replaced stays, and says so."""
    if not found:
        print(_("Nothing is written of {period} yet: `mecra note CODE {period} --reason ...`").format(period=str(period)))
        return
    newest = {(one.indicator, name): one.note for one in found for name in one.texts}
    rows = [
        (
            str(one.note), one.indicator, _(NAMES[name]), text or "–", _("counts") if newest[one.indicator, name] == one.note else _("replaced"),
            one.written_by, moment(from_text(one.written_at), zone),
        )
        for one in found
        for name, text in one.texts.items()
    ]  # fmt: skip
    show_table((_("No"), _("indicator"), _("what"), _("text"), _("state"), _("written by"), _("written on")), rows, numbers=(0,))
