"""`mecra init`: settings, feed list, counting rule, data directory and secrets file of a new institution."""

from __future__ import annotations

import os
from pathlib import Path

from config import EXAMPLE, FEEDS, RULE
from model import MecraError
from words import _

DATA, SECRETS = "data", "secrets.toml"


def set_up(directory: Path | None) -> list[Path]:
    """Write what is missing, and answer what was written. Raises MecraError when there are settings already.

    A directory that is named holds everything (`MECRA_DATA`); without one, `./mecra.toml` and `./data`.
    """
    place, data = (directory, directory) if directory else (Path(), Path(DATA))
    settings, secrets = place / "mecra.toml", data / SECRETS
    if settings.exists():
        raise MecraError(_("{path} is there already; nothing was written").format(path=settings))
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = EXAMPLE.read_text(encoding="utf-8")
    written = [settings]
    for shipped in (FEEDS, RULE):
        if not (own := place / shipped.name).exists():
            _write(own, shipped.read_text(encoding="utf-8"))
            written.append(own)
    if not secrets.exists():
        with os.fdopen(os.open(secrets, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("# Written by `mecra auth`. Mode 0600; keep it out of backups that others read.\n")
        written.append(secrets)
    # The last: with them it is set up, and without them whoever tries again goes on.
    _write(settings, text if directory else text.replace(f'# data = "{DATA}"', f'data = "{DATA}"', 1))
    return written


def _write(path: Path, text: str) -> None:
    """Whole under its name, or not at all."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
