"""`mecra withdraw`: a planned post that will not be made, and why."""

from __future__ import annotations

from datetime import datetime

import click

from console.command import Command, option, print_json
from console.told import Told
from model import MecraError, utc_now
from words import N_, _


@click.command("withdraw", cls=Command, help=N_("Take planned posts out of the plan, before their hour and with a reason."))
@click.argument("slots", nargs=-1, metavar=N_("[SLOT]..."), type=click.IntRange(1))
@option(
    "--on",
    type=click.DateTime(["%Y-%m-%d", "%d.%m.%Y"]),
    metavar=N_("DATE"),
    help=N_("The day of the slot, instead of its number."),
)
@option("--at", metavar=N_("HH:MM"), help=N_("Its hour."))
@option("--platform", metavar=N_("PLATFORM"), help=N_("Its platform; without it, all that are planned at that hour."))
@option("--why", metavar=N_("TEXT"), required=True, help=N_("The reason: kept with the slot, and told with the figure."))
@option("--by", metavar=N_("NAME"), help=N_("Who does it (default: $MECRA_USER, else the login name)."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def withdraw(
    told: Told,
    slots: tuple[int, ...],
    on: datetime | None,
    at: str | None,
    platform: str | None,
    why: str,
    by: str | None,
    as_json: bool,
) -> None:
    from collectors.calendar.hours import instant, time_of
    from collectors.sheets.cells import CellError
    from console.slots import show_withdrawn, withdrawn_slots

    settings, now = told.settings(), utc_now()
    if bool(slots) == bool(on and at) or bool(on) != bool(at):
        raise MecraError(_("name slots by number, or by --on DATE and --at HH:MM"))
    if not (why := " ".join(why.split())):
        raise MecraError(_("--why: write the reason"))
    try:
        hour = instant(on.date(), time_of(at), settings.zone, now) if on else None
    except CellError as error:
        raise MecraError(f"--at {at}: {error.what} -> {error.cure}") from None
    found = withdrawn_slots(settings, slots, hour, platform, why, told.person(by), now)
    if as_json:
        keys = ("slot", "planned_at", "platform", "title")
        print_json({"withdrawn": [{key: getattr(slot, key) for key in keys} for slot in found], "at": f"{now:%Y-%m-%dT%H:%M:%SZ}"})
    else:
        show_withdrawn(settings, found, now)


COMMANDS: tuple[click.Command, ...] = (withdraw,)
