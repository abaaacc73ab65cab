"""What belongs to a database and is no part of it: the settings and the files that they name. Never a secret."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import config
from config import Settings
from upkeep.packed import ELSEWHERE, NEVER, SETTINGS

SHIPPED = Path(config.__file__).parent


def belongings(settings: Settings) -> Iterator[tuple[str, Path, str]]:
    """(name in the backup, file, where it is seen from the settings) of each; what is shipped with mecra is left out."""
    home, outside = settings.path.parent, 0
    for path in dict.fromkeys(Path(os.path.normpath(one)) for one in _named(settings)):
        if path.is_relative_to(SHIPPED) or path.name == NEVER or not path.is_file():
            continue
        if path.is_relative_to(home):
            inside = path.relative_to(home).as_posix()
            yield f"{SETTINGS}/{inside}", path, inside
        else:
            outside += 1
            yield f"{ELSEWHERE}/{outside}/{path.name}", path, str(path)


def _named(settings: Settings) -> Iterator[Path]:
    home, feeds = settings.path.parent, settings.platform("feed")
    yield settings.path
    yield settings.plan
    yield from (feeds[name] for name in ("rule", "feeds") if name in feeds)
    yield home / "exports.toml"
    yield from sorted((home / "metrics").glob("*.toml"))
    if settings.mail and settings.mail.ca:
        yield settings.mail.ca


def data_seen_from(settings: Settings) -> str:
    """The data directory below the settings' one; `.` where it is anywhere else, so that a restored one is one directory."""
    home, data = (Path(os.path.normpath(path)) for path in (settings.path.parent, settings.data))
    return data.relative_to(home).as_posix() if data.is_relative_to(home) else "."
