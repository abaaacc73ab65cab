"""Reports put into their directory by the daemon: whole, with their checksums, and never over a file that somebody has edited.

They are written by a process of its own (`writing_child.py`).
"""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from config import Settings
from model import MecraError
from reports.statement import Standings
from storage import Storage
from storage.messages import ReportFile, add_files, files_of, is_ours
from words import _

log = logging.getLogger("mecra.reports")

WORKING = ".being-written"
CHILD = Path(__file__).with_name("writing_child.py")
SECONDS = 600.0  # less than what the daemon takes for hung


def issue(storage: Storage, found: Standings, settings: Settings, occasion: str, at: datetime) -> list[ReportFile]:
    """Write a statement's reports in every form and language, and keep told what was written. Raises OSError and MecraError."""
    files, directory = [], settings.reports
    with written(found, settings) as made:
        for language, path, inside in made:
            target = directory / inside
            digest = sha256(path.read_bytes()).hexdigest()
            _make_room(storage, target, digest)
            size = path.stat().st_size
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
            files.append(ReportFile(language, target, size, digest))
    _clear(storage, files)
    add_files(storage, occasion, files, at)
    return files


@contextmanager
def written(found: Standings, settings: Settings) -> Iterator[list[tuple[str, Path, Path]]]:
    """(language, file, its place within the directory) of a statement's reports, beside their place until the end of the block."""
    working = settings.reports / WORKING
    shutil.rmtree(working, ignore_errors=True)  # of one that was killed
    working.mkdir(parents=True)
    try:
        made = []
        for language, path in _ask(found, settings, working):
            inside = sorted(path.rglob("*")) if path.is_dir() else [path]
            made += [(language, file, file.relative_to(working)) for file in inside if file.is_file()]
        yield made
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _ask(found: Standings, settings: Settings, directory: Path) -> list[tuple[str, Path]]:
    forms, languages = settings.reporting.formats, settings.reporting.languages
    return written_apart(settings.database, settings.zone, found.snapshot.snapshot, forms, languages, directory)


def written_apart(
    database: Path, zone: ZoneInfo, snapshot: int, formats: Sequence[str], languages: Sequence[str], directory: Path
) -> list[tuple[str, Path]]:
    """A kept snapshot's reports, written into a directory by a process of its own: (language, file or directory of files).

    Raises MecraError with what went wrong there.
    """
    asked = {
        "database": str(database), "zone": zone.key, "snapshot": snapshot, "directory": str(directory), "formats": list(formats),
        "languages": list(languages),
    }  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603  this very interpreter, a file of ours; without the environment it knows no secret
            [sys.executable, "-I", str(CHILD)], input=json.dumps(asked).encode(), capture_output=True, timeout=SECONDS, check=False, env={},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise MecraError(_("the report took longer than {minutes:.0f} minutes").format(minutes=SECONDS / 60)) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or [f"ended with {done.returncode}"]
        log.debug("writing a report: %s", "\n".join(said))
        raise MecraError(said[-1])
    return [(language, Path(path)) for language, path in json.loads(done.stdout)]


def attachments(
    storage: Storage, found: Standings, settings: Settings, occasion: str, kinds: tuple[str, ...]
) -> list[tuple[str, bytes]]:
    """Name and bytes of what was written on an occasion; written once more where somebody has edited or moved it since."""
    wanted = [file for file in files_of(storage, occasion) if file.path.suffix[1:] in kinds]
    bodies = {file.path.name: _unchanged(file) for file in wanted}
    if None in bodies.values():
        with written(found, settings) as made:
            bodies = {path.name: path.read_bytes() for _language, path, _inside in made if path.name in bodies}
    return [(name, body) for name, body in bodies.items() if body is not None]


def _unchanged(file: ReportFile) -> bytes | None:
    try:
        body = file.path.read_bytes()
    except OSError:
        return None
    return body if sha256(body).hexdigest() == file.sha256 else None


def _make_room(storage: Storage, target: Path, digest: str) -> None:
    """A file at that place that is not as mecra wrote it is somebody's work: it is kept under another name."""
    if not target.exists():
        return
    there = sha256(target.read_bytes()).hexdigest()
    if there != digest and not is_ours(storage, target, there):
        kept = target.with_name(f"{target.stem}.{there[:8]}{target.suffix}")
        target.replace(kept)
        log.warning("%s was edited: kept as %s", target, kept.name)


def _clear(storage: Storage, files: list[ReportFile]) -> None:
    """Tables of an earlier report that this one has not any more go, unless somebody has edited them."""
    paths = {file.path for file in files}
    for folder in {path.parent for path in paths if path.suffix == ".csv"}:
        for path in sorted(folder.glob("*.csv")):
            if path not in paths and is_ours(storage, path, sha256(path.read_bytes()).hexdigest()):
                path.unlink()
