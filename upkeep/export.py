"""Handing over: the database as one file that anybody can open, with what every table and column means, the ready questions, checksums.

Nothing in it depends on the clock or on the machine: the same rows give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config import Settings
from model import MecraError
from reports.inert import defused, inert
from storage import opened
from storage.catalogue import MEANINGS
from storage.columns import meaning
from storage.exporting import KEPT_BACK, VIEWS, columns_of, counts, hand_over, newest, views
from storage.questions import QUESTIONS
from upkeep.export_readme import readme
from words import N_, _, speaking

DATABASE = "mecra.db"
METADATA = "metadata.json"
READMES = {"tr": "BENİOKU.md", "en": "README.md"}
SUMS = "SHA256SUMS"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can say
CHUNK = 1 << 20
ABOUT = N_("What an institution reaches on social media and in the press, each figure with where it comes from")


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was written where: names with sizes in bytes and SHA-256, rows by table."""

    path: Path
    files: tuple[tuple[str, int, str], ...]
    rows: dict[str, int]


def export(settings: Settings, path: Path, *, bodies: bool = False, tables: bool = False) -> HandedOver:
    """Write the whole into `path`: a directory that is not there yet, or a file that ends in .zip. `bodies`: the archived answers too;
    `tables`: the views as CSV files too. Raises MecraError where something stands at `path`, or can't be written."""
    if path.exists():
        raise MecraError(_("{path} is there already: name another, or remove it").format(path=path))
    with opened(settings.database, settings.zone, read_only=True):
        pass  # it is there, ours, and up to date
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as place:
            directory = Path(place) / "export"
            directory.mkdir(mode=0o700)
            hand_over(settings.database, directory / DATABASE, bodies=bodies)
            _describe(directory, settings, bodies=bodies)
            if tables:
                _write_tables(directory)
            files = _summed(directory)
            done = HandedOver(path, files, counts(directory / DATABASE))
            if path.suffix == ".zip":
                packed = Path(place) / "export.zip"
                _pack(directory, packed)
                packed.chmod(0o600)
                packed.replace(path)
            else:
                directory.replace(path)
            return done
    except OSError as error:
        raise MecraError(
            _("{path} can't be written ({why}): see to disk space and rights").format(path=path, why=error.strerror)
        ) from error


def metadata(path: Path, institution: str) -> dict[str, Any]:
    """What Datasette shows beside the tables (its `metadata.json`), in Turkish and English."""
    tables = {
        name: {
            "description": _both(MEANINGS[name]),
            "columns": {column: _both(meaning(name, column) or "") for column in columns},
        }
        for name, columns in columns_of(path).items()
    }
    queries = {one.name: {"title": _both(one.title), "sql": one.sql.strip()} for one in QUESTIONS}
    return {
        "title": f"mecra · {institution}" if institution else "mecra",
        "description": _both(ABOUT),
        "databases": {Path(DATABASE).stem: {"tables": tables, "queries": queries}},
    }


def _both(text: str) -> str:
    """In Turkish and in English."""
    said = []
    for language in ("tr", "en"):
        with speaking(language):
            said.append(_(text))
    return " / ".join(dict.fromkeys(said))


def _describe(directory: Path, settings: Settings, *, bodies: bool) -> None:
    database = directory / DATABASE
    said = metadata(database, settings.institution)
    (directory / METADATA).write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    at, seal = newest(database)
    for language, name in READMES.items():
        with speaking(language):
            text = readme(settings.institution, columns_of(database), VIEWS, KEPT_BACK, at=at, seal=seal, bodies=bodies)
        (directory / name).write_text(text, encoding="utf-8")


def _write_tables(directory: Path) -> None:
    """The views as the reports' CSV files are: UTF-8 with a byte-order mark, `;`, CRLF, nothing that a spreadsheet would run."""
    (directory / "csv").mkdir()
    for name, columns, rows in views(directory / DATABASE):
        with (directory / "csv" / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
            writer.writerow(columns)
            writer.writerows([defused(inert(cell)) if isinstance(cell, str) else cell for cell in row] for row in rows)


def _summed(directory: Path) -> tuple[tuple[str, int, str], ...]:
    """Write SHA256SUMS, which `sha256sum -c` reads, and answer what it says, with sizes."""
    found = []
    for file in _files(directory):
        with file.open("rb") as opened_file:
            found.append(
                (
                    file.relative_to(directory).as_posix(),
                    file.stat().st_size,
                    hashlib.file_digest(opened_file, "sha256").hexdigest(),
                )
            )
    (directory / SUMS).write_text("".join(f"{sha256}  {name}\n" for name, _size, sha256 in found), encoding="utf-8")
    return tuple(found)


def _files(directory: Path) -> Sequence[Path]:
    return sorted(path for path in directory.rglob("*") if path.is_file())


def _pack(directory: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w") as target:
        for file in _files(directory):
            entry = zipfile.ZipInfo(file.relative_to(directory).as_posix(), EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            with file.open("rb") as source, target.open(entry, "w", force_zip64=True) as packed:
                shutil.copyfileobj(source, packed, CHUNK)
