"""When and where backups are made, and how many of them are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from config.checks import ConfigError, known, of_kind
from words import _

AT = "03:10"
KEPT = {"daily": 7, "weekly": 4, "monthly": 6}
COMPRESSION = 6  # of zlib
MOST = 1000


@dataclass(frozen=True, slots=True)
class Backups:
    """`directory`: where they are made (default: `backups` beside the database); `second`: where each one is copied to.

    `nightly`: by the daemon, at `at` of the institution's clocks. Of the newest days, weeks and months so many are kept. `compression`: 0 to 9.
    """

    directory: Path | None = None
    second: Path | None = None
    nightly: bool = True
    at: time = time(3, 10)
    daily: int = KEPT["daily"]
    weekly: int = KEPT["weekly"]
    monthly: int = KEPT["monthly"]
    compression: int = COMPRESSION


def backups(raw: Any, path: Path) -> Backups:
    """`[backup]`. Raises ConfigError."""
    known(raw, {"directory", "second", "nightly", "at", "compression", *KEPT}, path, "backup.")
    directory, second = (_directory(raw.get(name, ""), path, f"backup.{name}") for name in ("directory", "second"))
    if second and second == directory:
        raise ConfigError(
            _("{path}: backup.second = {second!r} is the first directory too; name one on another disk").format(
                path=path, second=str(second)
            )
        )
    daily, weekly, monthly = (_count(raw.get(name, default), path, f"backup.{name}") for name, default in KEPT.items())
    if not daily:
        raise ConfigError(_("{path}: backup.daily = 0; keep at least the last one: write 1 or more").format(path=path))
    return Backups(
        directory,
        second,
        of_kind(raw.get("nightly", True), (bool,), path, "backup.nightly"),
        _at(raw.get("at", AT), path),
        daily,
        weekly,
        monthly,
        _count(raw.get("compression", COMPRESSION), path, "backup.compression", most=9),
    )


def _directory(value: Any, path: Path, key: str) -> Path | None:
    text = of_kind(value, (str,), path, key)
    return path.parent / text if text else None


def _count(value: Any, path: Path, key: str, most: int = MOST) -> int:
    if not 0 <= of_kind(value, (int,), path, key) <= most:
        raise ConfigError(
            _("{path}: {key} = {value!r}; write a whole number from 0 to {most}").format(path=path, key=key, value=value, most=most)
        )
    return int(value)


def _at(value: Any, path: Path) -> time:
    """TOML has a kind of its own for it, and people write text."""
    if isinstance(value, time):
        return value
    text = of_kind(value, (str,), path, "backup.at")
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text, re.A):
        raise ConfigError(
            _('{path}: backup.at = {value!r}; write hour and minute, e.g. "{at}"').format(path=path, value=value, at=AT)
        )
    return time.fromisoformat(text)
