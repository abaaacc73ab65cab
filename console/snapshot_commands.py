"""`mecra snapshot`, `mecra snapshots` and `mecra verify`."""

from __future__ import annotations

import sys

import click

from console.command import Command, option, print_json
from console.completion import periods
from console.told import Told
from model import MecraError, utc_now
from words import N_, _


@click.command(
    "snapshot", cls=Command, help=N_("Where a half-year or a year stands: all indicators against their targets; --seal freezes it.")
)
@click.argument("period", metavar=N_("PERIOD"), shell_complete=periods)
@option("--as-of", "as_of", metavar=N_("TIME"), help=N_("As it was known then: a day (its end), or an instant with its zone."))
@option("--seal", "to_seal", is_flag=True, help=N_("Seal it: from then on it never changes."))
@option("--provisional", is_flag=True, help=N_("Seal it though something lacks; it stays marked as provisional."))
@option("--reason", default="", metavar=N_("TEXT"), help=N_("Why a sealed period is sealed anew: a new revision."))
@option("--by", metavar=N_("NAME"), help=N_("Who does it (default: $MECRA_USER, else the login name)."))
@option("--dry-run", is_flag=True, help=N_("Only show it; nothing is stored."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def snapshot(
    told: Told,
    period: str,
    as_of: str | None,
    to_seal: bool,
    provisional: bool,
    reason: str,
    by: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    from console.sealing import Wish, instant, state_it
    from console.statements import as_json as whole
    from console.statements import show_snapshot
    from model import Period

    if (reason.strip() or provisional) and not to_seal:
        raise MecraError(_("--reason and --provisional belong to --seal: write --seal as well"))
    if to_seal and dry_run:
        raise MecraError(_("--seal and --dry-run don't go together: leave one out"))
    try:
        wanted = Period.parse(period)
    except ValueError as error:
        raise MecraError(_("{period} is no period: write 2026-H1, 2026-H2 or 2026").format(period=period)) from error
    settings, now = told.settings(), utc_now()
    at = instant(as_of, settings.zone, now) if as_of else now
    wish = Wish(wanted, at, seal=to_seal, provisional=provisional, reason=" ".join(reason.split()), dry=dry_run, newest=at == now)
    found, words, plan = state_it(settings, wish, told.person(by) if to_seal else "")
    if as_json:
        print_json(whole(found))
    else:
        show_snapshot(found, plan, settings.zone)
    for line in words:
        print(line, file=sys.stderr if as_json else sys.stdout)


@click.command("snapshots", cls=Command, help=N_("List every snapshot that is kept, the newest first."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def snapshots(told: Told, as_json: bool) -> None:
    from console.statements import head_json, show_list
    from storage import opened
    from storage.snapshots import heads

    settings = told.settings()
    with opened(settings.database, settings.zone, read_only=True) as storage:
        found = heads(storage)
    if as_json:
        print_json([head_json(one) for one in found])
    elif found:
        show_list(found, settings.zone)
    else:
        print(_("No snapshot is kept yet: `mecra snapshot 2026-H1` takes one."))


@click.command("verify", cls=Command, help=N_("Check every seal, the chain of them, and every sealed value against the readings."))
@option("--quick", is_flag=True, help=N_("Only the seals; measure nothing again."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def verify(told: Told, quick: bool, as_json: bool) -> None:
    from console.sealing import found_json, show_findings, verified

    settings = told.settings()
    sealed, findings = verified(settings, quick=quick)
    if as_json:
        print_json(found_json(sealed, findings))
    else:
        show_findings(sealed, findings, quick=quick)
    sys.exit(1 if any(finding.failed for finding in findings) else 0)


COMMANDS: tuple[click.Command, ...] = (snapshot, snapshots, verify)
