"""`mecra import`: files that people hand in, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import click

from console.command import Group, option
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


COMMANDS: tuple[click.Command, ...] = (import_,)
