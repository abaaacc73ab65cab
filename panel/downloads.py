"""Reports of a snapshot, written when somebody asks for one; the same snapshot and notes give the same bytes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from threading import Lock
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from panel.indicator import identity
from panel.shell import NotThere, Shell
from panel.snapshots import asked
from reports.packing import packed
from reports.statement import Standings
from reports.writing import FORMATS, file_name, report_of, write_report
from storage import Storage
from storage.indicator_notes import last_note
from words import _, language

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
}
_one_at_a_time = Lock()


def report(shell: Shell, request: Request) -> Response:
    """One file, or all of them in a zip, in the language of the page."""
    kind = request.path_params["kind"]
    if kind not in TYPES:
        raise NotThere(_("A report is written as docx, xlsx, pdf or zip."))
    with shell.storage() as storage:
        found = asked(storage, request.path_params["number"])
        key = (*identity(found), kind, language(), last_note(storage))
        name, body = shell.reports_kept.get(key, lambda: _written(storage, found, kind))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(body, media_type=TYPES[kind], headers=headers)


def _written(storage: Storage, found: Standings, kind: str) -> tuple[str, bytes]:
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="mecra-") as place:
        directory = Path(place)
        paths = write_report(storage, found, FORMATS if kind == "zip" else (kind,), language(), directory)
        if kind != "zip":
            return paths[0].name, paths[0].read_bytes()
        files = {str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()}
        return f"{file_name(report_of(storage, found, language()))}.zip", packed(files)


PAGES = (("/rapor/{number:int}.{kind}", report),)
