"""`mecra alarms`: what is wrong now and what was, and whether alarms arrive."""

from __future__ import annotations

import sys

import click

from console.command import Group, option, print_json
from console.told import Told
from model import utc_now
from words import N_


@click.group(
    "alarms",
    cls=Group,
    invoke_without_command=True,
    subcommand_metavar=N_("[COMMAND] [ARGS]..."),
    help=N_(
        "What is wrong with mecra itself, since when, and what to do; what was, and who is told. Ends with 1 where something is wrong."
    ),
)
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_context
def alarms(context: click.Context, as_json: bool) -> None:
    from console.alarming import as_objects, known, show
    from storage import opened

    if context.invoked_subcommand is not None:
        return
    told: Told = context.obj
    settings, secrets = told.ready("critical")
    with opened(settings.database, settings.zone, read_only=True) as storage:
        found = known(storage, settings, secrets, utc_now())
    if as_json:
        print_json(as_objects(found))
    else:
        show(found, settings)
    sys.exit(1 if found.open else 0)


@alarms.command("test", help=N_("Send a test message by every way that is set, and say what each answers."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def test(told: Told, as_json: bool) -> None:
    from console.alarming import show_trial, try_out

    settings, secrets = told.ready("critical")
    done = try_out(settings, secrets, utc_now)
    if as_json:
        print_json([one._asdict() for one in done])
    else:
        show_trial(done)
    sys.exit(0 if all(one.outcome == "sent" for one in done) else 1)


COMMANDS: tuple[click.Command, ...] = (alarms,)
