"""`mecra completion` and `mecra manual`: what a shell and `man` read."""

from __future__ import annotations

import click

from console.command import Command, option
from words import LANGUAGES, N_, language, speaking

SHELLS = ("bash", "zsh", "fish")


@click.command(
    "completion", cls=Command, help=N_("Print the script that lets a shell complete mecra's commands, accounts and periods.")
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    from console.completion import script

    print(script(shell, context.find_root().command), end="")


@click.command("manual", cls=Command, help=N_("Print the manual page, for `man`: every command with its options and examples."))
@option("--lang", "spoken", type=click.Choice(LANGUAGES), help=N_("Its language (default: the settings' language)."))
@click.pass_context
def manual(context: click.Context, spoken: str | None) -> None:
    from console.manual_page import page

    with speaking(spoken or language()):
        print(page(context.find_root().command), end="")


COMMANDS: tuple[click.Command, ...] = (completion, manual)
