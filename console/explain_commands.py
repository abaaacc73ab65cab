"""`mecra explain` and `mecra compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console.command import Command, option, print_json
from console.completion import accounts, indicators, periods
from console.told import Told
from model import MecraError, Period, utc_now
from words import N_, _

if TYPE_CHECKING:
    from storage import Storage
    from storage.knowledge import Known

ROWS = 40


@click.command(
    "explain", cls=Command, help=N_("Where a figure comes from: its parts, their readings, the archived answers, the arithmetic.")
)
@click.argument("code", metavar=N_("INDICATOR"), shell_complete=indicators)
@click.argument("period", metavar=N_("PERIOD"), shell_complete=periods)
@option("--account", metavar=N_("ACCOUNT"), shell_complete=accounts, help=N_("Only this account, outlet, platform or entry."))
@option("--all", "everything", is_flag=True, help=N_("All rows, not only the first ones."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def explain(told: Told, code: str, period: str, account: str | None, everything: bool, as_json: bool) -> None:
    from config.plan_file import load_plan
    from console import explaining
    from indicators.explain import explain as explained
    from storage import opened

    settings = told.settings()
    plan, wanted = load_plan(settings.plan, settings.path.parent / "metrics"), _period(period)
    with opened(settings.database, settings.zone, read_only=True) as storage:
        most = None if everything or as_json else ROWS
        found = explained(storage, plan, code, wanted, utc_now(), account=account, most=most)
        if as_json:
            print_json(explaining.as_json(found))
        else:
            explaining.show_explanation(found, settings.zone)


@click.command("compare", cls=Command, help=N_("Two periods side by side: like for like, with scopes and meanings that changed."))
@click.argument("first", metavar=N_("PERIOD"), shell_complete=periods)
@click.argument("second", metavar=N_("PERIOD"), shell_complete=periods)
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def compare(told: Told, first: str, second: str, as_json: bool) -> None:
    from config.plan_file import load_plan
    from console import comparing
    from indicators.compare import compare as compared
    from storage import opened

    settings = told.settings()
    plan, periods = load_plan(settings.plan, settings.path.parent / "metrics"), (_period(first), _period(second))
    with opened(settings.database, settings.zone, read_only=True) as storage:
        one, other = ((period, _known(storage, period)) for period in periods)
        found = compared(storage, plan, one, other)
    if as_json:
        print_json(comparing.as_json(found, *periods))
    else:
        comparing.show_comparison(found, *periods)


def _known(storage: Storage, period: Period) -> Known:
    """What the sealed snapshot of a period knew, so that its figures are the sealed ones; else what is known now."""
    from model import from_text
    from storage.knowledge import Known, known_at
    from storage.snapshots import latest_sealed

    sealed = latest_sealed(storage, period)
    return Known(sealed.archive, from_text(sealed.as_of)) if sealed else known_at(storage, utc_now())


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise MecraError(_("{period} is no period: write 2026-H1, 2026-H2 or 2026").format(period=text)) from error


COMMANDS: tuple[click.Command, ...] = (explain, compare)
