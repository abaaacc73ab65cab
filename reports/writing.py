"""A snapshot's report as files: for the command, the daemon and the panel alike. Same snapshot and notes, same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path

from reports.content import Report
from reports.deviations import missing_reasons
from reports.half_year import half_year
from reports.statement import Standings
from reports.subject import subject_of
from reports.year import year
from storage import Storage
from words import speaking

# Each writer is loaded when it is wanted: their libraries are heavy.
WRITERS: Mapping[str, str] = {"docx": "reports.word", "xlsx": "reports.excel", "pdf": "reports.pdf", "csv": "reports.csv_files"}
FORMATS = tuple(WRITERS)


def report_of(storage: Storage, found: Standings, language: str) -> Report:
    """What the report of a snapshot says."""
    with speaking(language):
        subject = subject_of(storage, found)
        return half_year(subject) if subject.period.half else year(subject)


def reasons_missing(storage: Storage, found: Standings) -> list[str]:
    """The codes of a year's indicators whose deviation has no reason yet."""
    return missing_reasons(subject_of(storage, found))


def write_report(storage: Storage, found: Standings, formats: Iterable[str], language: str, directory: Path) -> list[Path]:
    """Write a snapshot's report in each format; answers what was written: a file each, of `csv` a directory of files.

    Raises OSError where the directory can't be written.
    """
    made = report_of(storage, found, language)
    directory.mkdir(parents=True, exist_ok=True)
    name = file_name(made)
    written = []
    for one in formats:
        write: Callable[[Report, Path], Path] = import_module(WRITERS[one]).write
        written.append(write(made, directory / (f"{name}-csv" if one == "csv" else f"{name}.{one}")))
    return written


def file_name(report: Report) -> str:
    """`H7.2-2026-H1`, in English `H7.2-2026-H1.en`: letters, digits, dots and dashes only."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in ".-_") else "_" for c in report.name).strip("._") or "report"
    return plain if report.language == "tr" else f"{plain}.{report.language}"
