"""`mecra backup` and `mecra restore`."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console.command import Command, option, print_json
from console.told import Told
from model import MecraError, utc_now
from words import N_

if TYPE_CHECKING:
    from config import Settings


@click.command(
    "backup",
    cls=Command,
    help=N_("Make a backup now, while everything runs, and check it by opening it; --list shows those there are."),
)
@option(
    "-o", "--output", "directory", metavar=N_("DIR"), type=click.Path(file_okay=False, path_type=Path),
    help=N_("Into this directory alone, from which nothing is ever removed (default: [backup] directory, and the second one)."),
)  # fmt: skip
@option("--full", is_flag=True, help=N_("Measure every sealed value in it again, as `mecra verify` does."))
@option("--list", "listing", is_flag=True, help=N_("Only show the backups there are."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def backup(told: Told, directory: Path | None, full: bool, listing: bool, as_json: bool) -> None:
    from console import backing_up
    from upkeep.backup import make

    if listing:
        settings = _if_any(told) if directory else told.settings()
        found = backing_up.listed(settings, directory)
        if as_json:
            print_json(backing_up.list_json(found))
        else:
            backing_up.show_list(found, settings)
        return
    settings = told.settings()
    made = make(settings, utc_now, directory=directory.absolute() if directory else None, full=full)
    if as_json:
        print_json(backing_up.made_json(made))
    else:
        backing_up.show_made(made, settings, full=full)
    sys.exit(0 if made.good and not made.second_why else 1)


@click.command(
    "restore", cls=Command, help=N_("Put a backup in place, or into a directory; what is there is moved aside, never deleted.")
)
@click.argument("backup", metavar=N_("BACKUP"), type=click.Path(exists=True, dir_okay=False, path_type=Path))
@option(
    "--to", metavar=N_("DIR"), type=click.Path(file_okay=False, path_type=Path),
    help=N_("Settings and data into this directory (default: where the settings say)."),
)  # fmt: skip
@option("--replace", is_flag=True, help=N_("Move the database that is there aside."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def restore(told: Told, backup: Path, to: Path | None, replace: bool, as_json: bool) -> None:
    from console import backing_up
    from upkeep.restore import restore as put_back

    settings = _if_any(told) if to else told.settings()
    done = put_back(backup, settings, utc_now, to=to, replace=replace)
    if as_json:
        print_json(backing_up.restored_json(done))
    else:
        backing_up.show_restored(done, settings)
    sys.exit(1 if done.findings or done.undone else 0)


def _if_any(told: Told) -> Settings | None:
    """A machine may have none yet."""
    with suppress(MecraError):
        return told.settings()
    return None


COMMANDS: tuple[click.Command, ...] = (backup, restore)
