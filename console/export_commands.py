"""`mecra export`: the database for handing over."""

from __future__ import annotations

from pathlib import Path

import click

from console.command import Command, option, print_json
from console.told import Told
from words import N_, _, number


@click.command(
    "export",
    cls=Command,
    help=N_("Write the database for handing over: one SQLite file, what every column means, the ready questions, checksums."),
)
@click.argument("path", metavar=N_("DIRECTORY|FILE.zip"), type=click.Path(path_type=Path))
@option("--with-archive", "bodies", is_flag=True, help=N_("The archived answers and the files of entries too."))
@option("--csv", "tables", is_flag=True, help=N_("The Turkish views as CSV files too."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def export(told: Told, path: Path, bodies: bool, tables: bool, as_json: bool) -> None:
    from console.tables import show_table
    from upkeep.export import export as write

    done = write(told.settings(), path, bodies=bodies, tables=tables)
    if as_json:
        files = [{"name": name, "bytes": size, "sha256": sha256} for name, size, sha256 in done.files]
        print_json({"path": str(done.path), "files": files, "rows": done.rows})
        return
    show_table(
        (_("File"), _("bytes"), "SHA-256"), [(name, number(size), sha256) for name, size, sha256 in done.files], numbers=(1,)
    )
    print(_("{path}: {rows} rows in {tables} tables, to be opened with any SQLite program").format(
        path=done.path, rows=number(sum(done.rows.values())), tables=number(len(done.rows))
    ))  # fmt: skip


COMMANDS: tuple[click.Command, ...] = (export,)
