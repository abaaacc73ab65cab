"""`mecra import plan` and `mecra withdraw`: what a file plans, how it was understood, and what it changes in the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config import Settings
from console.importing import SHOWN_ERRORS
from console.tables import show_notes, show_table
from indicators.scope import NO_ACCOUNTS
from model import MecraError, to_text
from storage import opened
from storage.slots import NewSlot, Slot, Taken, slots_at, slots_numbered, take_in, withdraw
from words import N_, _, moment, number

if TYPE_CHECKING:
    from collectors.calendar.planned import PlanFile

NO_SLOT = N_("no slot {wanted}: look in the table plan_slots")


def load_plan_file(settings: Settings, file: Path, platforms: Sequence[str], mapping: dict[str, str], now: datetime) -> PlanFile:
    """The plan that a file holds; "all platforms" are those of the settings. Raises MecraError."""
    from collectors.calendar.load import load

    ours = _ours(settings)
    default: dict[str, None] = {}
    for named in platforms:
        default |= dict.fromkeys(_platforms(named, ours))
    return load(file, settings.zone, now=now, ours=ours, default=tuple(default), mapping=mapping)


def _ours(settings: Settings) -> tuple[str, ...]:
    return tuple(dict.fromkeys(account.platform for account in settings.accounts if account.platform not in NO_ACCOUNTS))


def _platforms(named: str, ours: Sequence[str]) -> tuple[str, ...]:
    from collectors.calendar.platforms import platforms_in

    found = platforms_in(named, ours)
    if not found:
        raise MecraError(_("--platform {name}: no such platform; write instagram, x, facebook or youtube").format(name=named))
    return found


def take(settings: Settings, plan: PlanFile, now: datetime, *, dry: bool) -> Taken:
    """Take the plan in, whole or not at all; `dry` writes nothing."""
    new = [NewSlot(slot.at, slot.platform, slot.title, slot.withdrawn, slot.reason) for slot in plan.slots]
    if dry and not settings.database.exists():
        return Taken(added=len(new), withdrawn=sum(slot.withdrawn for slot in new))
    with opened(settings.database, settings.zone) as storage:
        return take_in(storage, new, f"{plan.file} {plan.sha256}", now, dry=dry)


def _known(settings: Settings) -> set[str]:
    """The platforms of the settings' accounts, and of the channels that files brought."""
    if not settings.database.exists():
        return set(_ours(settings))
    with opened(settings.database, settings.zone) as storage:
        return {account.platform for account in storage.accounts()} | set(_ours(settings))


def notes_of(settings: Settings, plan: PlanFile, taken: Taken | None, now: datetime) -> list[str]:
    """What is worth knowing: of the file, and of what it changes."""
    notes = list(plan.notes)
    for platform in sorted({slot.platform for slot in plan.slots} - _known(settings)):
        notes.append(
            _("{platform}: no account in the settings, so whether its posts went out is not known").format(platform=platform)
        )
    if over := sum(slot.at < now for slot in plan.slots):
        notes.append(_("{n} slots are handed in after their hour: they count, and it is told").format(n=number(over)))
    if late := sum(slot.withdrawn and slot.at <= now for slot in plan.slots):
        notes.append(_("{n} slots are withdrawn after their hour: they stay in the plan").format(n=number(late)))
    for slot in taken.left_out if taken else ():
        text = _(
            "slot {slot} of an earlier file of this name ({at}, {platform}) is not in this one and stays in the plan: mecra withdraw {slot}"
        )
        notes.append(text.format(slot=slot.slot, at=_moment(slot, settings), platform=slot.platform))
    return notes


def show_plan(settings: Settings, plan: PlanFile) -> None:
    """How the file was understood: its columns, the slots of each week by platform, and the errors."""
    print(_("{file}: {n} planned posts").format(file=plan.file, n=number(len(plan.slots))))
    show_table((_("field"), _("column")), list(plan.mapping.items()))
    platforms = sorted({slot.platform for slot in plan.slots})
    weeks: dict[date, dict[str, int]] = {}
    for slot in plan.slots:
        day = slot.at.astimezone(settings.zone).date()
        counts = weeks.setdefault(date.fromisocalendar(*day.isocalendar()[:2], 1), dict.fromkeys(platforms, 0))
        counts[slot.platform] += 1
    rows = [(_week(monday), *(number(counts[platform]) for platform in platforms)) for monday, counts in sorted(weeks.items())]
    show_table((_("week"), *platforms), rows, numbers=tuple(range(1, len(platforms) + 1)))
    for error in plan.errors[:SHOWN_ERRORS]:
        print(f"✗ {error}")
    if len(plan.errors) > SHOWN_ERRORS:
        print(_("... and {n} more errors").format(n=number(len(plan.errors) - SHOWN_ERRORS)))


def show_taken(taken: Taken, notes: Sequence[str], *, dry: bool) -> None:
    show_notes(notes)
    if not (taken.added or taken.renamed or taken.withdrawn):
        print(_("nothing new: all {n} planned posts are in the plan already").format(n=number(taken.again)))
        return
    text = _("would be added: {added}; with another title: {renamed}; withdrawn: {withdrawn}; there already: {again}")
    if not dry:
        text = _("added: {added}; with another title: {renamed}; withdrawn: {withdrawn}; there already: {again}")
    counts = {"added": taken.added, "renamed": taken.renamed, "withdrawn": taken.withdrawn, "again": taken.again}
    print(text.format(**{name: number(count) for name, count in counts.items()}))


def as_object(plan: PlanFile, taken: Taken | None, notes: Sequence[str]) -> dict[str, Any]:
    """`--json`. `taken` null: nothing was, because of the errors."""
    return {
        "file": plan.file,
        "sha256": plan.sha256,
        "mapping": dict(plan.mapping),
        "slots": [
            {"at": to_text(s.at), "platform": s.platform, "title": s.title, "withdrawn": s.withdrawn, "reason": s.reason, "place": s.place}
            for s in plan.slots
        ],
        "taken": taken
        and {"added": taken.added, "again": taken.again, "renamed": taken.renamed, "withdrawn": taken.withdrawn, "left_out": [s.slot for s in taken.left_out]},
        "notes": list(notes),
        "errors": [
            {"where": e.where, "row": e.row, "column": e.column, "value": e.value, "what": e.what, "cure": e.cure} for e in plan.errors
        ],
    }  # fmt: skip


def withdrawn_slots(
    settings: Settings, numbers: Sequence[int], at: datetime | None, platform: str | None, why: str, by: str, now: datetime
) -> list[Slot]:
    """Withdraw slots by number, or those of an hour; answers them. Raises MecraError where it is not plain which are meant."""
    from storage.database import transaction

    named = _platforms(platform, _ours(settings)) if platform else ("",)
    with opened(settings.database, settings.zone) as storage, transaction(storage.connection):
        if numbers:
            found = slots_numbered(storage, numbers)
            if lost := sorted(set(numbers) - {slot.slot for slot in found}):
                raise MecraError(_(NO_SLOT).format(wanted=lost[0]))
            if gone := [slot for slot in found if slot.withdrawn_at]:
                raise MecraError(
                    _("slot {slot} is withdrawn already: {reason}").format(slot=gone[0].slot, reason=gone[0].reason or "-")
                )
        else:
            found = [slot for one in named for slot in slots_at(storage, at or now, one)]
            if not found:
                raise MecraError(_(NO_SLOT).format(wanted=moment(at or now, settings.zone)))
            if len({slot.platform for slot in found}) < len(found):
                listed = ", ".join(f"{slot.slot} ({slot.platform}: {slot.title or '-'})" for slot in found)
                raise MecraError(_("several slots at that hour: name one by its number: {slots}").format(slots=listed))
        withdraw(storage, [slot.slot for slot in found], f"{why} ({by})", now)
    return found


def show_withdrawn(settings: Settings, slots: Sequence[Slot], now: datetime) -> None:
    for slot in slots:
        said = {"slot": slot.slot, "at": _moment(slot, settings), "platform": slot.platform, "title": slot.title or "-"}
        if slot.planned_at > to_text(now):
            print(_("withdrawn: slot {slot}, {at}, {platform}, {title}").format(**said))
        else:
            print(_("withdrawn after its hour, so it stays in the plan: slot {slot}, {at}, {platform}, {title}").format(**said))


def _moment(slot: Slot, settings: Settings) -> str:
    return moment(datetime.fromisoformat(slot.planned_at), settings.zone)


def _week(monday: date) -> str:
    from words import day

    year, week, _day = monday.isocalendar()
    return f"{year}-W{week:02} ({day(monday)})"
