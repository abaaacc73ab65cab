"""The files that people handed in: figures and clippings, as it stood at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from model import from_text
from storage import Storage
from storage.knowledge import Known

BUCKETS = ("import", "agency")
FILES = f"""
SELECT w.account, p.url, min(p.sha256), w.finished_at, w.rows
FROM responses p JOIN walks w USING (walk)
WHERE p.bucket IN {BUCKETS} AND p.at >= ? AND p.response <= ? AND w.finished_at <= ?
GROUP BY w.walk, p.url ORDER BY w.finished_at, w.walk, p.url
"""


@dataclass(frozen=True, slots=True)
class File:
    """`sha256`: of the file where it is a file of figures, else of what is archived of it. `rows` were stored."""

    account: str
    name: str
    sha256: str
    at: datetime
    rows: int


def files(storage: Storage, start: str, known: Known) -> list[File]:
    """Those with figures of an instant (UTC text) or later, and clippings handed in since; by the time of handing in."""
    found = []
    for account, url, sha256, at, rows in storage.connection.execute(FILES, (start, known.response, known.text)):
        name, _, own = url.removeprefix("file:").partition("?sha256=")
        found.append(File(account, name, own or sha256, from_text(at), rows))
    return found
