"""`mecra panel`: the pages for staff."""

from __future__ import annotations

import click

from console.command import Command, option
from console.told import Told
from model import MecraError, utc_now
from words import N_, _

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command(
    "panel", cls=Command, help=N_("Show the panel: read-only pages for a browser, on this machine unless told otherwise.")
)
@option("--port", type=click.IntRange(0, 65535), default=8801, show_default=True, help=N_("Its port."))
@option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar=N_("ADDRESS"),
    help=N_("The address it listens on; beyond loopback somebody has to sign in."),
)
@click.pass_obj
def panel(told: Told, port: int, host: str) -> None:
    from console.serving import serve

    settings, secrets = told.ready("warning")
    password, header = secrets.get("panel", "password") or "", str(settings.panel.get("user_header", ""))
    seen_beyond = host not in LOOPBACK or settings.panel.get("hosts")  # under another name it is a proxy's, which lets others in
    if seen_beyond and not password and not header:
        raise MecraError(
            _(
                "beyond this machine the panel needs a password (MECRA_PANEL_PASSWORD) or panel.user_header of a reverse proxy: set one"
            )
        )
    serve(settings, host=host, port=port, password=password, user_header=header, now=utc_now)


COMMANDS: tuple[click.Command, ...] = (panel,)
