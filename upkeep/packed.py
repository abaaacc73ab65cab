"""The file that a backup is: a zip of the database, of what belongs to it, and of a manifest that says what has to be in it.

Whoever reads one believes nothing: names, kinds, lengths and checksums are those of the manifest, or it is refused.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from model import MecraError, from_text, to_text
from words import _

FORMAT = "mecra backup 1"
MANIFEST = "manifest.json"
DATABASE, SEALS = "mecra.db", "seals.txt"
SETTINGS, ELSEWHERE = "settings", "elsewhere"
NEVER = "secrets.toml"
PART = re.compile(r"(?!\.{1,2}$)[^/\\:\x00-\x1f\x7f]{1,120}")
MOST_FILES, MOST_MANIFEST = 500, 4 << 20
CHUNK = 1 << 20
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    TypeError,
    KeyError,
    OverflowError,
    struct.error,
)


class BadBackup(MecraError):
    """A file that is no backup, or not as it was made."""


@dataclass(frozen=True, slots=True)
class Packed:
    """One file in it. `origin` is where it was; a relative path is seen from the settings."""

    name: str
    size: int
    sha256: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """When it was made, by which mecra, of which database (its path); `data` and `settings` are its directory, seen from the settings,
    and the settings' name. `contents` is what was in the database (storage.copying.Contents)."""

    made_at: datetime
    mecra: str
    database: str
    data: str
    settings: str
    contents: Mapping[str, Any]
    files: tuple[Packed, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self), "made_at": to_text(self.made_at), "files": [asdict(file) for file in self.files]}


def pack(
    target: Path, manifest: Manifest, files: Iterable[tuple[str, Path, str]], level: int, alive: Callable[[], None]
) -> Manifest:
    """Write (name, file, origin) and the manifest of them into a new file (mode 0600), on disk when this returns. Raises OSError."""
    packed = []
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
            for name, path, origin in files:
                with path.open("rb") as body:
                    packed.append(_add(archive, manifest.made_at, name, body, origin, alive))
            whole = replace(manifest, files=tuple(packed))
            text = json.dumps(whole.to_json(), ensure_ascii=False, indent=1).encode()
            archive.writestr(_entry(MANIFEST, manifest.made_at), text, compresslevel=level)
        file.flush()
        os.fsync(file.fileno())
    return whole


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second))
    entry.external_attr = (stat.S_IFREG | 0o600) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _add(archive: zipfile.ZipFile, at: datetime, name: str, body: IO[bytes], origin: str, alive: Callable[[], None]) -> Packed:
    digest, size = hashlib.sha256(), 0
    with archive.open(_entry(name, at), "w", force_zip64=True) as member:
        while chunk := body.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            member.write(chunk)
            alive()
    return Packed(name, size, digest.hexdigest(), origin)


# -- reading


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Raises BadBackup for whatever is wrong with it, OSError where it can't be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (*BROKEN, OSError) as error:
        if (
            isinstance(error, OSError) and error.errno != errno.EINVAL
        ):  # what it is where a length in the zip leads before its beginning
            raise
        raise BadBackup(_("{path} is no backup that can be read ({why}): use another one").format(path=path, why=error)) from error


def manifest_of(path: Path) -> Manifest:
    """What a backup says of itself; nothing in it is checked yet. Raises BadBackup."""
    with _opened(path) as archive:
        if archive.getinfo(MANIFEST).file_size > MOST_MANIFEST:
            raise ValueError("its manifest is too long")
        with archive.open(MANIFEST) as file:
            raw = json.loads(file.read(MOST_MANIFEST + 1))
        if not isinstance(raw, dict) or raw.get("format") != FORMAT:
            raise ValueError(f"its format is {raw.get('format')!r}" if isinstance(raw, dict) else "it has no manifest")
        texts = {name: _text(raw.get(name)) for name in ("mecra", "database", "data", "settings")}
        files = tuple(_packed(one) for one in raw["files"])
        if not isinstance(raw["contents"], dict):
            raise ValueError("it does not say what is in it")
        return Manifest(made_at=from_text(_text(raw["made_at"])), contents=raw["contents"], files=files, **texts)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 4096:
        raise ValueError("its manifest is not as mecra writes one")
    return value


def _packed(raw: object) -> Packed:
    if not isinstance(raw, dict) or not isinstance(raw.get("size"), int) or raw["size"] < 0:
        raise ValueError("its manifest is not as mecra writes one")
    return Packed(_safe(_text(raw.get("name"))), raw["size"], _text(raw.get("sha256")), _text(raw.get("origin", "")))


def _safe(name: str) -> str:
    """A name that stays below the directory that it is unpacked into, and is of a kind that a backup has."""
    parts = name.split("/")
    known = name in (DATABASE, SEALS) or (len(parts) > 1 and parts[0] in (SETTINGS, ELSEWHERE))
    if not known or len(name) > 240 or not all(PART.fullmatch(part) for part in parts) or parts[-1] == NEVER:
        raise ValueError(f"{name!r} has no place in a backup")
    return name


def unpack(path: Path, manifest: Manifest, directory: Path, alive: Callable[[], None]) -> None:
    """Every file of a backup into an empty directory (mode 0600), each as long and with the checksum that the manifest says.

    Raises BadBackup; what was unpacked by then is left for the caller to remove.
    """
    with _opened(path) as archive:
        entries = archive.infolist()
        names = sorted(entry.filename for entry in entries)
        if len(entries) > MOST_FILES or names != sorted([MANIFEST, *(file.name for file in manifest.files)]):
            raise ValueError("it holds other files than its manifest says")
        by_name = {entry.filename: entry for entry in entries}
        if len({name.casefold() for name in by_name}) != len(entries) or DATABASE not in by_name:
            raise ValueError("a file is in it twice, or the database is not")
        for file in manifest.files:
            if stat.S_IFMT(by_name[file.name].external_attr >> 16) not in (0, stat.S_IFREG):
                raise ValueError(f"{file.name} is no plain file")
            target = directory.joinpath(*file.name.split("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(by_name[file.name]) as member, os.fdopen(_created(target), "wb") as out:
                _out(file, member, out, alive)


def _created(target: Path) -> int:
    return os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)


def _out(file: Packed, member: IO[bytes], out: IO[bytes], alive: Callable[[], None]) -> None:
    """Not a byte more than was said, so that nothing small fills a disk."""
    digest, left = hashlib.sha256(), file.size
    while chunk := member.read(CHUNK):
        left -= len(chunk)
        if left < 0:
            raise ValueError(f"{file.name} is longer than its manifest says")
        digest.update(chunk)
        out.write(chunk)
        alive()
    if left or digest.hexdigest() != file.sha256:
        raise ValueError(f"{file.name} is not as it was packed: its SHA-256 is another")
    out.flush()
    os.fsync(out.fileno())
