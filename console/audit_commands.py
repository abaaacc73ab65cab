"""`mecra audit`: what people did by hand, and whether the log of it is whole."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from console.command import Command, option, print_json
from console.told import Told
from words import N_

MOST = 100


@click.command(
    "audit", cls=Command, help=N_("What people changed by hand: who, when, with which command, and how it ended; the newest first.")
)
@option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%d.%m.%Y"]),
    metavar=N_("DATE"),
    help=N_("From this day on (default: the last 100)."),
)
@option("--verify", is_flag=True, help=N_("Check that no line was changed or removed."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def audit(told: Told, since: datetime | None, verify: bool, as_json: bool) -> None:
    from console import auditing
    from model import Period
    from storage import opened
    from storage.audit import done, faults, head

    settings = told.settings()
    with opened(settings.database, settings.zone, read_only=True) as storage:
        last, found = head(storage), list(faults(storage)) if verify else []
        from_day = Period.midnight(since.date(), settings.zone) if since else None
        acts = [] if verify else done(storage, since=from_day, most=None if since else MOST)
    if as_json:
        print_json(auditing.as_object(acts, last, found))
    elif verify:
        auditing.show_faults(found, last)
    else:
        auditing.show_acts(acts, settings.zone)
    sys.exit(1 if found else 0)


COMMANDS: tuple[click.Command, ...] = (audit,)
