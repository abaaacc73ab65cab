"""`mecra import`: files that people hand in, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import click

from console.command import Group, option, print_json
from console.completion import accounts
from console.told import Told
from model import MecraError, utc_now
from words import N_, _, number


@click.group("import", cls=Group, help=N_("Take in files."))
def import_() -> None:
    pass


@import_.command("news", help=N_("Take in a clipping agency's Excel or CSV file, whole or not at all."))
@click.argument("file", metavar=N_("FILE"), type=click.Path(exists=True, dir_okay=False, path_type=Path))
@option("--map", "pairs", multiple=True, metavar=N_("FIELD=COLUMN"), help=N_("Name a column that is not found by itself."))
@option("--dry-run", is_flag=True, help=N_("Only say what would be taken in."))
@click.pass_obj
def import_news(told: Told, file: Path, pairs: tuple[str, ...], dry_run: bool) -> None:
    import archive
    from collectors.news.clippings import load
    from console.importing import mapping_of, show_import

    mapping = mapping_of(pairs)
    imported = load(file, mapping, now=utc_now())
    show_import(imported)
    if imported.errors:
        raise MecraError(_("{n} errors: nothing was taken in").format(n=len(imported.errors)))
    if not dry_run:
        run = archive.import_news(told.jobs()[2], file, mapping)
        print(_("{rows} new appearances stored").format(rows=number(run.walk.rows if run.walk else 0)))


@import_.command(
    "readings", help=N_("Take in figures from an Excel or CSV file: our own table, or a platform's export. Whole or not at all.")
)
@click.argument("file", metavar=N_("FILE"), type=click.Path(exists=True, dir_okay=False, path_type=Path))
@option(
    "--account",
    metavar=N_("KEY"),
    shell_complete=accounts,
    help=N_("Whose figures they are, where no column says so: e.g. tiktok:umraniyebeltr."),
)
@option(
    "--at", metavar=N_("TIME"), help=N_("When they were read, where no column says so: '2026-06-30 18:00', or a day for its end.")
)
@option("--label", metavar=N_("NAME"), default="", help=N_("The name of an account that is met for the first time."))
@option("--map", "pairs", multiple=True, metavar=N_("FIELD=COLUMN"), help=N_("Name a column that is not found by itself."))
@option("--dry-run", is_flag=True, help=N_("Only say what would be taken in."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def import_readings(
    told: Told,
    file: Path,
    account: str | None,
    at: str | None,
    label: str,
    pairs: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    import archive
    from console import readings
    from console.importing import mapping_of
    from scheduler import Jobs

    jobs = Jobs(*told.ready()) if dry_run else told.jobs()[2]
    said = readings.told_of(jobs, account, at, label)
    figures = archive.load_readings(jobs, file, said, mapping_of(pairs))
    if not as_json:
        readings.show(figures, jobs.settings)
    came = None if dry_run or figures.errors else archive.import_readings(jobs, figures)
    if as_json:
        print_json(readings.as_object(figures, came))
    elif came:
        readings.show_came(came, jobs.settings)
    if figures.errors:
        raise MecraError(_("{n} errors: nothing was taken in").format(n=number(len(figures.errors))))


@import_.command("plan", help=N_("Take in a weekly post plan: Excel, CSV or a calendar (.ics). Whole or not at all."))
@click.argument("file", metavar=N_("FILE"), type=click.Path(exists=True, dir_okay=False, path_type=Path))
@option("--platform", "platforms", multiple=True, metavar=N_("PLATFORM"), help=N_("The platforms of planned posts that name none."))
@option("--map", "pairs", multiple=True, metavar=N_("FIELD=COLUMN"), help=N_("Name a column that is not found by itself."))
@option("--dry-run", is_flag=True, help=N_("Only say what would be taken in."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def import_plan(told: Told, file: Path, platforms: tuple[str, ...], pairs: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    from console import slots
    from console.importing import mapping_of

    settings, now = told.settings(), utc_now()
    plan = slots.load_plan_file(settings, file, platforms, mapping_of(pairs), now)
    if not as_json:
        slots.show_plan(settings, plan)
    taken = None if plan.errors else slots.take(settings, plan, now, dry=dry_run)
    notes = slots.notes_of(settings, plan, taken, now)
    if as_json:
        print_json(slots.as_object(plan, taken, notes))
    elif taken:
        slots.show_taken(taken, notes, dry=dry_run)
    if plan.errors:
        raise MecraError(_("{n} errors: nothing was taken in").format(n=number(len(plan.errors))))


COMMANDS: tuple[click.Command, ...] = (import_,)
