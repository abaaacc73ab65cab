"""Why there is no figure of a platform's day where no answer gave the reason: the metric has its days, the account has, or nobody asked."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta

from model import UNREAD
from storage import Storage
from storage.knowledge import Known
from words import N_

NOT_YET = N_("not told yet")
LATER = N_("the platform tells it of later days only")
EARLIER = N_("the platform tells it no more")
GONE = N_("the account was not there any more")
UNASKED = N_("the account's days were not read since")
NEVER = N_("not told")
SETTLED = timedelta(days=4)  # by then every platform has told a day

DEFINED = "SELECT name, since, until FROM definitions WHERE platform = ? AND metric = ? AND stream = 'daily'"
WALKS = """
SELECT substr(started_at, 1, 10), outcome, notes FROM walks
WHERE account = ? AND stream = 'daily' AND finished_at <= ? AND started_at >= ? ORDER BY started_at
"""


def why_untold(storage: Storage, account: str, platform: str, metric: str, days: Sequence[date], known: Known) -> dict[date, str]:
    """A reason for each day, as of what was known: a key of the catalogue. What a metric is called is as the settings say it now."""
    if not days:
        return {}
    defined = storage.connection.execute(DEFINED, (platform, metric)).fetchall()
    walks = storage.connection.execute(WALKS, (account, known.text, min(days).isoformat())).fetchall()
    refused = [at for at, _outcome, notes in walks if _names(notes, [name for name, _since, _until in defined])]
    gone = bool(walks) and walks[-1][1] == "gone"
    read = max((at for at, outcome, _notes in walks if outcome in ("done", "partial")), default="")
    return {day: _why(day, defined, refused[-1:], gone, read, known) for day in days}


def _why(
    day: date, defined: Sequence[tuple[str, str | None, str | None]], refused: Sequence[str], gone: bool, read: str, known: Known
) -> str:
    text = day.isoformat()
    if defined and all(since and text < since for _name, since, _until in defined):
        return LATER
    if any(text <= at for at in refused) or (defined and all(until and text >= until for _name, _since, until in defined)):
        return EARLIER
    if gone:
        return GONE
    if known.at.date() - day <= SETTLED:
        return NOT_YET
    return NEVER if read > (day + SETTLED).isoformat() else UNASKED


def _names(notes: str, names: Sequence[str]) -> bool:
    """Whether a walk's notes say that one of the metrics was refused."""
    said = [note for note in json.loads(notes) if not note.startswith(UNREAD)]
    return any(re.search(rf"\b{re.escape(name)}\b", note) for note in said for name in names)
