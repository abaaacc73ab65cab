"""A backup put in place: unpacked beside the database, read whole and verified, and only then given its name. Nothing is overwritten."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from config import Settings
from indicators.finding import Finding
from model import Clock, MecraError
from storage import acts, damage, opened
from storage.copying import examine, newer_steps
from storage.database import MIGRATIONS
from storage.purges import Purge, purges_in
from upkeep.checking import findings_in, opened_up
from upkeep.copies import synced
from upkeep.packed import DATABASE, ELSEWHERE, SEALS, SETTINGS, BadBackup, Manifest, manifest_of
from upkeep.rotation import STAMP
from words import _

ROOM = 16 << 20
WORKING = ".mecra-restore"
UTC = ZoneInfo("UTC")  # a quick look at seals measures nothing, so that no day is cut anywhere


@dataclass(frozen=True, slots=True)
class Place:
    """Where a backup is restored to: the directory of the settings, their name, and the one of the data."""

    home: Path
    data: Path

    @property
    def database(self) -> Path:
        return self.data / DATABASE


@dataclass(slots=True)
class Restored:
    """What was done. `findings`: what `mecra verify` says from now on, of which kind `removed` are seals that the backup is older than.
    `undone`: purges that the former database knows and the backup does not: what they took is there again.

    `aside`: the former database. `written`, `kept`: settings that were put in place, and those that are others here and were left: (file,
    the backup's beside it). `outside`: (file, where it was on the machine of the backup).
    """

    place: Place
    manifest: Manifest
    findings: list[Finding] = field(default_factory=list)
    undone: list[Purge] = field(default_factory=list)
    aside: Path | None = None
    migrated: bool = False
    written: list[Path] = field(default_factory=list)
    kept: list[tuple[Path, Path]] = field(default_factory=list)
    outside: list[tuple[Path, str]] = field(default_factory=list)


def place_of(settings: Settings) -> Place:
    return Place(settings.path.parent, settings.data)


def place_in(directory: Path, manifest: Manifest) -> Place:
    """Settings and data below one directory, as they were to each other. Raises BadBackup for a manifest that leads out of it."""
    parts = manifest.data.split("/")
    if manifest.data.startswith("/") or ".." in parts or "\\" in manifest.data or "\0" in manifest.data:
        raise BadBackup(_("{path} can't be the data directory of a backup: use another one").format(path=repr(manifest.data)))
    home = directory.absolute()
    return Place(home, home if manifest.data in ("", ".") else home.joinpath(*parts))


def restore(backup: Path, settings: Settings | None, now: Clock, *, to: Path | None = None, replace: bool = False) -> Restored:
    """Put a backup in the settings' place, or into a directory. Raises MecraError, and then everything is as it was: while a daemon runs,
    for a database that is there (without `replace`), for a backup of a newer mecra, and for one that is not as it was made."""
    try:
        manifest = manifest_of(backup)
        if unknown := newer_steps([str(step) for step in manifest.contents.get("schema", [])]):
            raise BadBackup(
                _("{path} was made by a newer mecra (it knows {steps}): upgrade this one").format(
                    path=backup, steps=", ".join(unknown)
                )
            )
        if to is None and settings is None:
            raise MecraError(_("there are no settings here to restore to: name a directory with --to"))
        place = place_in(to, manifest) if to is not None or settings is None else place_of(settings)  # type: ignore[arg-type]
        with _alone(place):
            return _restored(backup, manifest, place, now(), replace=replace)
    except OSError as error:
        raise MecraError(
            _("nothing was restored ({why}): see to room and rights of {path}").format(
                why=error.strerror or error, path=error.filename or to
            )
        ) from error


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """Neither a daemon nor a backup at work there."""
    place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with FileLock(place.data / "daemon.lock", timeout=0), FileLock(place.data / "backup.lock", timeout=0):
            yield
    except Timeout:
        raise MecraError(
            _("`mecra run` (or a backup) is at work on {path}: stop it first (systemctl stop mecra)").format(path=place.database)
        ) from None


def _restored(backup: Path, manifest: Manifest, place: Place, at: datetime, *, replace: bool) -> Restored:
    if _there(place.database) and not replace:
        raise MecraError(
            _("{path} is there already: --replace moves it aside (nothing is deleted), --to DIR restores elsewhere").format(
                path=place.database
            )
        )
    need, free = sum(file.size for file in manifest.files) + ROOM, shutil.disk_usage(place.data).free
    if free < need:
        raise MecraError(
            _("nothing was restored: {path} has {free} MB free, {need} MB are needed").format(
                path=place.data, free=free >> 20, need=need >> 20
            )
        )
    working = place.data / WORKING
    shutil.rmtree(working, ignore_errors=True)
    try:
        done = Restored(place, manifest)
        _prepare(backup, working, done)
        stamp = f"{at.astimezone(UTC):{STAMP}}"
        if _there(place.database):
            done.aside = _moved_aside(place.database, stamp)
        (working / DATABASE).replace(place.database)
        synced(place.data)
        acts.opening(place.database)
        if (working / SEALS).exists() and not (place.data / SEALS).exists():
            (working / SEALS).replace(place.data / SEALS)
        _put_settings(working, place, stamp, done)
        synced(place.data)
        return done
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _prepare(backup: Path, working: Path, done: Restored) -> None:
    """Unpacked, whole, of today's schema, and looked at against the seals that are known here."""
    contents = opened_up(backup, done.manifest, working, lambda: None)
    if contents.schema != MIGRATIONS:
        with opened(working / DATABASE, UTC):
            done.migrated = True
        again, faults = examine(working / DATABASE)
        if again is None or faults:
            raise BadBackup(
                _("{path} can't be brought up to date ({why}): use another backup").format(path=backup, why="; ".join(faults))
            )
        contents = again
    seals = done.place.data / SEALS
    done.findings = findings_in(UTC, working, contents, seals=seals if seals.exists() else None)
    known = {purge.sha256 for purge in purges_in(working / DATABASE)}
    done.undone = [purge for purge in purges_in(done.place.database) if purge.sha256 not in known]


def _there(database: Path) -> bool:
    """A database, or what is left of one."""
    return any(database.with_name(database.name + end).exists() for end in ("", "-wal"))


def _moved_aside(database: Path, stamp: str) -> Path:
    """The database with its write-ahead log, which belongs to no other one, under another name; so is the mark that it is damaged.

    Both have both names before the first one goes, so that a machine that dies between parts no pair.
    """
    aside, number = database.with_name(f"{database.name}.replaced-{stamp}"), 1
    while _there(aside):
        number += 1
        aside = database.with_name(f"{database.name}.replaced-{stamp}-{number}")
    ends = ("", "-wal", "-shm")
    pairs = [(database.with_name(database.name + end), aside.with_name(aside.name + end)) for end in ends]
    pairs.append((damage.mark_of(database), damage.mark_of(aside)))
    for former, new in pairs:
        if former.exists():
            try:
                os.link(former, new)
            except OSError:  # a file system without links
                former.rename(new)
    synced(database.parent)
    for former, _new in pairs:
        former.unlink(missing_ok=True)
    synced(database.parent)
    return aside


def _put_settings(working: Path, place: Place, stamp: str, done: Restored) -> None:
    """What is missing is put in place; what is there stays, and the backup's is put beside it where it is another."""
    for file in done.manifest.files:
        first, *inside = file.name.split("/")
        source = working.joinpath(first, *inside)
        if first == ELSEWHERE:
            target = place.home.joinpath(first, *inside)
        elif first == SETTINGS:
            target = place.home.joinpath(*inside)
        else:
            continue
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if target.exists() and target.read_bytes() != source.read_bytes():
            beside = target.with_name(f"{target.name}.from-backup-{stamp}")
            shutil.move(source, beside)
            done.kept.append((target, beside))
        elif not target.exists():
            shutil.move(source, target)
            done.written.append(target)
        if first == ELSEWHERE:
            done.outside.append((target, file.origin))
