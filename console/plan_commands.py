"""`mecra plan`: is a plan file right, what stands in it, which versions are kept."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from console.command import CANNOT_WORK, Group, option, print_json
from console.told import Told
from words import N_


@click.group("plan", cls=Group, help=N_("The strategic plan's target card: check it, show it, list its versions."))
def plan() -> None:
    pass


@plan.command("check", help=N_("Every mistake in a plan file, with its line and its cure; or what was read, where there is none."))
@click.argument("file", metavar=N_("[FILE]"), required=False)
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def check(told: Told, file: str | None, as_json: bool) -> None:
    from config import plan_path
    from config.plan_file import check_plan
    from console.plan_objects import as_object, mistakes_as_objects
    from console.plan_tables import show_mistakes, show_summary

    path = plan_path(Path("mecra.toml"), file) if file else told.settings().plan
    found, mistakes = check_plan(path)
    if as_json:
        print_json({"file": str(path), "mistakes": mistakes_as_objects(mistakes), "plan": as_object(found) if found else None})
    elif found:
        show_summary(found)
    else:
        show_mistakes(path, mistakes)
    sys.exit(0 if found else CANNOT_WORK)


@plan.command("show", help=N_("The whole target card: texts, targets, how each indicator is measured."))
@option(
    "--version", metavar="SHA256", help=N_("A version that is kept, by the beginning of its hash (default: the plan in force).")
)
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def show(told: Told, version: str | None, as_json: bool) -> None:
    from config.plan_file import load_plan, parse_plan
    from console.plan_objects import as_object
    from console.plan_tables import show_card
    from storage import opened
    from storage.plans import plan_body, version_of

    settings = told.settings()
    if version is None:
        found = load_plan(settings.plan)
    else:
        with opened(settings.database, settings.zone, read_only=True) as storage:
            sha256 = version_of(storage, version)
            found = parse_plan(plan_body(storage, sha256), sha256)
    if as_json:
        print_json(as_object(found))
    else:
        show_card(found)


@plan.command("versions", help=N_("The versions of the plan that snapshots were taken by."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def versions(told: Told, as_json: bool) -> None:
    from config.plan_file import load_plan
    from console.plan_objects import versions_as_objects
    from console.plan_tables import show_versions
    from storage import opened
    from storage.plans import versions as kept

    settings = told.settings()
    now = load_plan(settings.plan)
    with opened(settings.database, settings.zone, read_only=True) as storage:
        found = kept(storage)
    if as_json:
        print_json(versions_as_objects(found, now.sha256))
    else:
        show_versions(found, now, settings.zone)


COMMANDS: tuple[click.Command, ...] = (plan,)
