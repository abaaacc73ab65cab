"""`mecra enter`, `mecra approve`, `mecra entries`: figures by hand."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
