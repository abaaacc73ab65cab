"""A backup: copied while everything runs, packed with what belongs to it, unpacked again and verified, and only then given its name."""

from __future__ import annotations

import errno
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from filelock import FileLock, Timeout

from config import Settings
from indicators.finding import Finding
from model import Clock, MecraError, to_text
from storage.backups import BackupState, note_failure, note_good
from storage.copying import copy, newer_steps
from upkeep.belongings import belongings, data_seen_from
from upkeep.checking import checked
from upkeep.copies import Alive, Interrupted, copied, synced
from upkeep.packed import DATABASE, SEALS, Manifest, pack
from upkeep.rotation import named, rotate
from words import _

ROOM = 16 << 20


@dataclass(frozen=True, slots=True)
class Made:
    """A backup as it was made and found. With `findings` it is whole, and what is in it is not as it was sealed: none to rely on.

    `removed`: older ones that it took the place of. `second`: where its copy is, or `second_why` there is none.
    """

    path: Path
    size: int
    manifest: Manifest
    findings: tuple[Finding, ...] = ()
    removed: tuple[Path, ...] = ()
    second: Path | None = None
    second_why: str = ""
    same_disk: bool = False

    @property
    def good(self) -> bool:
        return not self.findings


@dataclass(slots=True)
class Work:
    """What one backup is made with."""

    settings: Settings
    at: datetime
    place: Path
    alive: Alive
    full: bool = False
    removed: list[Path] = field(default_factory=list)


def make(settings: Settings, now: Clock, *, directory: Path | None = None, full: bool = False, alive: Alive = lambda: None) -> Made:
    """Make a backup in the settings' directory, copy it to the second one, and remove what is superfluous; in a `directory` that is named
    only make it. `full` measures every sealed value in it again. Raises MecraError when there is no good copy; then nothing is left of it.
    """
    if not settings.database.exists():
        raise MecraError(_("no database at {path}: there is nothing to back up").format(path=settings.database))
    work = Work(settings, now(), directory or settings.backups, alive, full)
    noted = directory is None
    try:
        with _alone(settings):
            made = _made(work)
            return _kept(work, made) if noted else made
    except Interrupted:
        raise
    except (MecraError, OSError) as error:
        why = str(error) if isinstance(error, MecraError) else f"{error.filename or work.place}: {error.strerror}"
        if noted:
            note_failure(settings.data, to_text(work.at), why)
        if isinstance(error, MecraError):
            raise
        raise MecraError(
            _("no backup was made ({why}): see to room and rights of {path}").format(why=why, path=work.place)
        ) from error


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    lock = FileLock(settings.data / "backup.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise Interrupted(_("another backup of {path} is being made: wait for it").format(path=settings.database)) from None
    except OSError as error:
        if error.errno != errno.EROFS:  # from a disk that became read-only it is carried away without one
            raise
    try:
        yield
    finally:
        lock.release()


def _made(work: Work) -> Made:
    settings = work.settings
    work.place.mkdir(mode=0o700, parents=True, exist_ok=True)
    _has_room(work)
    with _working(work) as inside:
        manifest = _packed(work, inside)
        packed = inside / "packed.zip"
        findings = tuple(checked(settings.zone, packed, manifest, inside / "opened", work.alive, full=work.full))
        target = _named(work, doubtful=bool(findings))
        packed.replace(target)
        synced(work.place)
    return Made(target, target.stat().st_size, manifest, findings)


def _has_room(work: Work) -> None:
    """For the copy and what is packed of it, then for that and what is unpacked: a backup must not fill the database's own disk."""
    size = sum(
        path.stat().st_size
        for path in work.settings.data.glob(f"{work.settings.database.name}*")
        if path.suffix in (".db", ".db-wal")
    )
    need, free = 2 * size + ROOM, shutil.disk_usage(work.place).free
    if free < need:
        raise MecraError(
            _("no backup was made: {path} has {free} MB free, {need} MB are needed; make room, or name another directory").format(
                path=work.place, free=free >> 20, need=need >> 20
            )
        )


@contextmanager
def _working(work: Work) -> Iterator[Path]:
    """A directory of this database alone beside the backups, so that what was killed is cleared away by the next one."""
    name = hashlib.sha256(str(work.settings.database).encode()).hexdigest()[:12]
    inside = work.place / f".mecra-{name}"
    shutil.rmtree(inside, ignore_errors=True)
    inside.mkdir(mode=0o700)
    try:
        yield inside
    finally:
        shutil.rmtree(inside, ignore_errors=True)


def _packed(work: Work, inside: Path) -> Manifest:
    settings, database, seals = work.settings, inside / DATABASE, inside / SEALS
    # The seals first: one that is made meanwhile is then in the database alone, where `mecra verify` adds its line.
    with suppress(FileNotFoundError):
        shutil.copyfile(settings.data / SEALS, seals)
    contents = copy(settings.database, database)
    if unknown := newer_steps(contents.schema):
        raise MecraError(
            _("{path} was written by a newer mecra (it knows {steps}): upgrade this one").format(
                path=settings.database, steps=", ".join(unknown)
            )
        )
    work.alive()
    files = [(DATABASE, database, DATABASE), *([(SEALS, seals, SEALS)] if seals.exists() else []), *belongings(settings)]
    manifest = Manifest(
        work.at, _version(), str(settings.database), data_seen_from(settings), settings.path.name, contents.to_json()
    )
    manifest = pack(inside / "packed.zip", manifest, files, settings.backup.compression, work.alive)
    database.unlink()
    return manifest


def _named(work: Work, *, doubtful: bool) -> Path:
    number = 1
    while (target := work.place / named(work.at, number, doubtful=doubtful)).exists():
        number += 1
    return target


# -- once it is made


def _kept(work: Work, made: Made) -> Made:
    """Copied, noted, and older ones removed; those of the second place by themselves, because it may have been away."""
    settings, zone = work.settings, work.settings.zone
    second, why, same = None, "", False
    if settings.backup.second:
        try:
            second = copied(made.path, settings.backup.second, work.alive)
            same = second.stat().st_dev == made.path.stat().st_dev
            rotate(settings.backup.second, settings.database, settings.backup, zone, work.at, work.removed.append)
        except OSError as error:
            why = f"{error.filename or settings.backup.second}: {error.strerror or error}"
    if made.good:
        state = BackupState(to_text(work.at), str(made.path), made.size, second=str(second or ""), second_why=why)
        note_good(settings.data, state)
    else:
        note_failure(settings.data, to_text(work.at), made.findings[0].what.said())
    try:
        rotate(work.place, settings.database, settings.backup, zone, work.at, work.removed.append)
    except OSError as error:
        raise MecraError(
            _("{path} was made, but older ones can't be removed ({why}): see to the rights of {file}").format(
                path=made.path, why=error.strerror, file=error.filename
            )
        ) from error
    return Made(made.path, made.size, made.manifest, made.findings, tuple(work.removed), second, why, same)


def _version() -> str:
    try:
        return version("mecra")
    except PackageNotFoundError:
        return "0"
