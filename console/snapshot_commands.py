"""`mecra snapshot` and `mecra verify`."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
