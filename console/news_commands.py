"""`mecra news`: what counts, decided by a person."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
