"""`mecra report`, `mecra note` and `mecra notes`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from console.command import Command, option, print_json
from console.completion import indicators, periods
from console.told import Told
from model import utc_now
from words import LANGUAGES, N_, _

FORMATS = ("docx", "xlsx", "pdf", "csv", "all")


@click.command(
    "report",
    cls=Command,
    help=N_("Write a half-year's or a year's report: of its sealed snapshot, else a draft of the newest provisional one."),
)
@click.argument("period", metavar=N_("PERIOD"), shell_complete=periods)
@option("--format", "form", type=click.Choice(FORMATS), default="all", show_default=True, help=N_("What to write."))
@option("--lang", "language", type=click.Choice(LANGUAGES), help=N_("Language of the report (default: the settings' language)."))
@option(
    "-o",
    "--output",
    "directory",
    metavar=N_("DIRECTORY"),
    type=click.Path(file_okay=False, path_type=Path),
    help=N_("Where to (default: reports/ in the data directory)."),
)
@option(
    "--snapshot", "number", type=int, metavar=N_("NUMBER"), help=N_("Of this snapshot, by its number in `mecra snapshots --json`.")
)
@click.pass_obj
def report(told: Told, period: str, form: str, language: str | None, directory: Path | None, number: int | None) -> None:
    from console.reporting import period_of, standings_of
    from reports.writing import FORMATS as EVERY
    from reports.writing import reasons_missing, write_report
    from storage import opened

    settings, wanted = told.settings(), period_of(period)
    with opened(settings.database, settings.zone, read_only=True) as storage:
        found = standings_of(storage, wanted, number)
        missing = reasons_missing(storage, found)
        formats = EVERY if form == "all" else (form,)
        for path in write_report(storage, found, formats, language or settings.language, directory or settings.reports):
            print(path)
    if not found.sealed:
        print(_("! a draft: {period} is not sealed (`mecra snapshot {period} --seal`)").format(period=str(wanted)), file=sys.stderr)
    if missing:
        text = _("! no reason is written for {codes}: `mecra note {code} {period} --reason ...`")
        print(text.format(codes=", ".join(missing), code=missing[0], period=str(wanted)), file=sys.stderr)


@click.command(
    "note",
    cls=Command,
    help=N_("Write beside an indicator why it deviates, what will be done, and the answers to the questions of a year."),
)
@click.argument("code", metavar=N_("INDICATOR"), shell_complete=indicators)
@click.argument("period", metavar=N_("PERIOD"), shell_complete=periods)
@option(
    "--reason", metavar=N_("TEXT"), help=N_("Why the performance deviates from the target; an empty text takes back what was said.")
)
@option("--measures", metavar=N_("TEXT"), help=N_("The measures to be taken."))
@option("--relevance", metavar=N_("TEXT"), help=N_("Have findings and needs changed?"))
@option("--effectiveness", metavar=N_("TEXT"), help=N_("Were the values reached, and did that meet the needs?"))
@option("--efficiency", metavar=N_("TEXT"), help=N_("Did costs come up that were not foreseen?"))
@option("--sustainability", metavar=N_("TEXT"), help=N_("Which risks are there in keeping up the values?"))
@option("--by", metavar=N_("NAME"), help=N_("Who does it (default: $MECRA_USER, else the login name)."))
@click.pass_obj
def note(told: Told, /, code: str, period: str, by: str | None, **texts: str | None) -> None:
    from console.reporting import code_of, period_of
    from storage import opened
    from storage.indicator_notes import write

    settings, wanted = told.settings(), period_of(period)
    indicator = code_of(settings, code)
    with opened(settings.database, settings.zone) as storage:
        said = {name: text for name, text in texts.items() if text is not None}
        made = write(storage, indicator, wanted, said, by=told.person(by), at=utc_now())
    print(
        _("Note {note} on {code}, {period}: the next report says it.").format(
            note=made.note, code=made.indicator, period=made.period
        )
    )


@click.command("notes", cls=Command, help=N_("What was written beside the indicators of a period, the history too."))
@click.argument("period", metavar=N_("PERIOD"), shell_complete=periods)
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def notes(told: Told, period: str, as_json: bool) -> None:
    from console.reporting import note_json, period_of, show_notes
    from storage import opened
    from storage.indicator_notes import notes_of

    settings, wanted = told.settings(), period_of(period)
    with opened(settings.database, settings.zone, read_only=True) as storage:
        found = notes_of(storage, wanted)
    if as_json:
        print_json([note_json(one) for one in found])
    else:
        show_notes(found, settings.zone, wanted)


COMMANDS: tuple[click.Command, ...] = (report, note, notes)
