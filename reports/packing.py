"""Finished documents: put in their place whole, the same content as the same bytes."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say


def repacked(document: bytes) -> bytes:
    """A zip without the instants and attributes of its writing."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(document)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            target.writestr(entry, given.read(name))
    return made.getvalue()


def placed(content: bytes, path: Path) -> Path:
    """`content` at `path`: whoever reads it finds the old file or the whole new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of files by their names, in the order of the names."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            target.writestr(entry, files[name])
    return made.getvalue()
