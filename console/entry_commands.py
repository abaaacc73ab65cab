"""`mecra enter`, `mecra approve`, `mecra entries`, `mecra evidence`: figures by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from console.command import Command, option, print_json
from console.completion import indicators, periods
from console.told import Told
from model import utc_now
from words import N_, _

DAY = click.DateTime(["%Y-%m-%d", "%d.%m.%Y"])
BY = N_("Who does it (default: $MECRA_USER, else the login name).")


@click.command("enter", cls=Command, help=N_("Enter a figure by hand; it counts once somebody else approves it."))
@click.argument("code", metavar=N_("CODE"), shell_complete=indicators)
@option(
    "--period", metavar=N_("PERIOD"), shell_complete=periods, help=N_("The half-year or year that the figure is of: 2026-H1, 2026.")
)
@option("--on", type=DAY, metavar=N_("DAY"), help=N_("The day of an issue, or the last day of a half-year for a level."))
@option("--value", metavar=N_("NUMBER"), help=N_("The figure, as it is written in Turkish: 11.617 or %95,5."))
@option("--number", metavar=N_("NUMBER"), help=N_("The number of an issue."))
@option("--url", metavar=N_("ADDRESS"), help=N_("Where it can be seen."))
@option(
    "--evidence", type=click.Path(path_type=Path), metavar=N_("FILE"), help=N_("A file that shows it, up to 20 MB; it is kept.")
)
@option("--note", metavar=N_("TEXT"), help=N_("What is to be known about it; of a correction, why."))
@option("--corrects", type=click.IntRange(1), metavar=N_("ENTRY"), help=N_("The entry that this one replaces."))
@option("--withdraw", is_flag=True, help=N_("Nothing stands in for the entry that is corrected."))
@option("--by", metavar=N_("NAME"), help=BY)
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def enter(
    told: Told,
    code: str,
    period: str | None,
    on: datetime | None,
    value: str | None,
    number: str | None,
    url: str | None,
    evidence: Path | None,
    note: str | None,
    corrects: int | None,
    withdraw: bool,
    by: str | None,
    as_json: bool,
) -> None:
    from config.plan_file import load_plan
    from console.entering import Given, judged, read_evidence
    from console.entries import as_object, show_entered
    from storage import opened
    from storage.entries import all_entries
    from storage.entries import enter as store

    settings, person, now = told.settings(), told.person(by), utc_now()
    plan = load_plan(settings.plan, settings.path.parent / "metrics")
    given = Given(code, period, on.date() if on else None, value, number, url, note, corrects, withdraw)
    file = read_evidence(evidence) if evidence is not None else None
    with opened(settings.database, settings.zone) as storage:
        figure = judged(given, plan, all_entries(storage), now.astimezone(settings.zone).date())
        stored = store(storage, figure, by=person, at=now, evidence=file)
        entry = next(one for one in all_entries(storage) if one.entry == stored)
    print_json(as_object(entry)) if as_json else show_entered(entry, settings.zone)


@click.command("approve", cls=Command, help=N_("Approve what somebody else entered: from then on it counts."))
@click.argument("entry", metavar=N_("ENTRY"), type=click.IntRange(1))
@option("--by", metavar=N_("NAME"), help=BY)
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def approve(told: Told, entry: int, by: str | None, as_json: bool) -> None:
    from console.entries import as_object, show_approved
    from storage import opened
    from storage.entries import approve as store

    settings, person = told.settings(), told.person(by)
    with opened(settings.database, settings.zone) as storage:
        found = store(storage, entry, by=person, at=utc_now())
    print_json(as_object(found)) if as_json else show_approved(found, settings.zone)


@click.command("entries", cls=Command, help=N_("What was entered by hand: by whom, when, and whether it counts."))
@click.argument("code", metavar=N_("[CODE]"), required=False, shell_complete=indicators)
@option("--period", metavar=N_("PERIOD"), shell_complete=periods, help=N_("Only what is of this half-year or year."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def entries(told: Told, code: str | None, period: str | None, as_json: bool) -> None:
    from console.entering import period_of
    from console.entries import as_object, chosen, show_entries
    from storage import opened
    from storage.entries import all_entries

    settings = told.settings()
    wanted = period_of(period) if period is not None else None
    with opened(settings.database, settings.zone, read_only=True) as storage:
        found = chosen(all_entries(storage), code, wanted)
    if as_json:
        print_json({"entries": [as_object(entry) for entry in found]})
    else:
        show_entries(found, settings.zone)


@click.command("evidence", cls=Command, help=N_("Get the file back that was handed in with an entry; its checksum is compared."))
@click.argument("entry", metavar=N_("ENTRY"), type=click.IntRange(1))
@option(
    "-o", "--output", type=click.Path(path_type=Path), metavar=N_("FILE"), help=N_("Write it there (default: its own name, here).")
)
@click.pass_obj
def evidence(told: Told, entry: int, output: Path | None) -> None:
    from console.entries import write_file
    from storage import opened
    from storage.evidence import evidence_of

    settings = told.settings()
    with opened(settings.database, settings.zone, read_only=True) as storage:
        file = evidence_of(storage, entry)
    path = write_file(file, output)
    print(_("{file}: {n} bytes, sha256 {sha256}").format(file=path, n=len(file.body), sha256=file.sha256))


COMMANDS: tuple[click.Command, ...] = (enter, approve, entries, evidence)
