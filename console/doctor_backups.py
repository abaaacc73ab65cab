"""Whether there is a backup to rely on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from config import Settings
from console.finding import Finding
from model import Clock
from storage import backups
from words import _, ago, decimal

NOW = "mecra backup"


def backed_up(settings: Settings, now: Clock) -> Iterator[Finding]:
    """The last good one, whether it is still where it was put, what failed since, and whether one disk holds everything."""
    if not settings.database.exists():
        return
    known = backups.known(settings.data)
    if known.good is None:
        yield Finding("warn", _("there is no backup yet"), NOW)
    elif not Path(known.path).is_file():
        yield Finding("fail", _("the last good backup is gone: {path}").format(path=known.path), NOW)
    else:
        old = now() - known.good > settings.alarms.backup_age
        text = _("last good backup: {ago}, {megabytes} MB, {path}")
        said = text.format(ago=ago(now() - known.good), megabytes=decimal(known.size / (1 << 20), 1), path=known.path)
        yield Finding("warn" if old else "ok", said, NOW if old else "")
    if known.failed:
        yield Finding("fail", _("the last try failed: {why}").format(why=known.why), NOW)
    if known.second_why:
        yield Finding("fail", _("the last one was not copied to the second place: {why}").format(why=known.second_why), NOW)
    elif settings.backup.second is None:
        cure = _("name another disk under [backup] second in {path}").format(path=settings.path)
        yield Finding("warn", _("backups have no second place"), cure)
