"""`mecra explain` and `mecra compare`."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
