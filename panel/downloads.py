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
from reports.issuing import written_apart
from reports.packing import packed
from reports.writing import FORMATS
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
        name, body = shell.reports_kept.get(key, lambda: _written(shell, found.snapshot.snapshot, kind))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(body, media_type=TYPES[kind], headers=headers)


def _written(shell: Shell, snapshot: int, kind: str) -> tuple[str, bytes]:
    """By a process of its own, so that nobody waits for a page meanwhile."""
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="mecra-") as place:
        directory, forms = Path(place), FORMATS if kind == "zip" else (kind,)
        paths = [path for _language, path in written_apart(shell.database, shell.zone, snapshot, forms, [language()], directory)]
        if kind != "zip":
            return paths[0].name, paths[0].read_bytes()
        files = {str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()}
        return f"{paths[0].name.removesuffix(paths[0].suffix)}.zip", packed(files)


PAGES = (("/rapor/{number:int}.{kind}", report),)
