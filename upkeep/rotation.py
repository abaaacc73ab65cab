"""Which backups are kept: of the newest days, weeks and months one each, the last of each. And which files are backups of ours at all."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.backup import Backups
from model import MecraError
from upkeep.packed import Manifest, manifest_of

NAME = re.compile(r"mecra-(\d{8}T\d{6}Z)(?:-\d+)?(\.doubtful)?\.zip", re.A)
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup of this database in a directory. `doubtful`: whole, but what is in it is not as it was sealed; none to rely on."""

    path: Path
    at: datetime
    manifest: Manifest
    doubtful: bool = False


def named(at: datetime, number: int = 1, *, doubtful: bool = False) -> str:
    """`mecra-20261124T001000Z.zip`"""
    return f"mecra-{at.astimezone(UTC):{STAMP}}{f'-{number}' if number > 1 else ''}{'.doubtful' if doubtful else ''}.zip"


def kept_in(directory: Path, database: Path | None = None) -> list[Kept]:
    """The backups of a database, or of any, oldest first. Whatever has another name, can't be read, or is of another database, is none."""
    found = []
    for path in sorted(directory.glob("mecra-*.zip")):
        match = NAME.fullmatch(path.name)
        if match is None or path.is_symlink() or not path.is_file():
            continue
        try:
            manifest = manifest_of(path)
        except (MecraError, OSError):
            continue
        if database is None or _same(manifest.database, database):
            found.append(Kept(path, manifest.made_at, manifest, bool(match[2])))
    return sorted(found, key=lambda one: (one.at, one.path.name))


def _same(told: str, database: Path) -> bool:
    return os.path.normpath(told) == os.path.normpath(database)


def last_good(found: Iterable[Kept], now: datetime) -> Kept | None:
    """The newest that may be relied on; one that a wrong clock dated after now says nothing."""
    good = [one for one in found if not one.doubtful and one.at <= now]
    return good[-1] if good else None


def superfluous(found: Iterable[Kept], wanted: Backups, zone: ZoneInfo, now: datetime) -> list[Kept]:
    """Those that need not be kept. The last good one always is, and so is whatever is dated after now, and the last doubtful one."""
    past = [one for one in found if one.at <= now]
    good, doubtful = [one for one in past if not one.doubtful], [one for one in past if one.doubtful]
    stay = {one.path for one in (*good[-1:], *doubtful[-1:])}
    for most, span in ((wanted.daily, _day), (wanted.weekly, _week), (wanted.monthly, _month)):
        last = {span(one.at.astimezone(zone)): one.path for one in good}  # the last of each: they are in order
        stay |= set(list(last.values())[len(last) - min(most, len(last)) :])
    return [one for one in past if one.path not in stay]


def _day(at: datetime) -> Hashable:
    return at.date()


def _week(at: datetime) -> Hashable:
    return at.isocalendar()[:2]


def _month(at: datetime) -> Hashable:
    return at.year, at.month


def rotate(directory: Path, database: Path, wanted: Backups, zone: ZoneInfo, now: datetime, told: Callable[[Path], None]) -> None:
    """Remove what is superfluous; `told` is asked with each file that went. Raises OSError."""
    for one in superfluous(kept_in(directory, database), wanted, zone, now):
        one.path.unlink()
        told(one.path)
