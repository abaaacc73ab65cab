"""`mecra mail`: what was sent by itself, and whether the mail server takes messages on."""

from __future__ import annotations

import sys

import click

from console.command import Command, option, print_json
from console.told import Told
from model import utc_now
from words import N_


@click.command(
    "mail", cls=Command, help=N_("What was mailed to whom, or why not; --test sends a message and says what the server answers.")
)
@option("--test", "trying", is_flag=True, help=N_("Send a test message to everybody under [mail] to."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def mail(told: Told, trying: bool, as_json: bool) -> None:
    from console.mailing import messages_json, show_messages, show_trial, trial_json, try_out
    from storage import opened
    from storage.messages import newest

    if trying:
        settings, secrets = told.ready("critical")
        found = try_out(settings, secrets, utc_now)
        if as_json:
            print_json(trial_json(settings, found))
        else:
            show_trial(settings, found)
        sys.exit(1 if found.refused else 0)
    settings = told.settings()
    with opened(settings.database, settings.zone, read_only=True) as storage:
        rows = newest(storage, 100)
    if as_json:
        print_json(messages_json(rows))
    else:
        show_messages(rows, settings)


COMMANDS: tuple[click.Command, ...] = (mail,)
