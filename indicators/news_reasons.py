"""Why an article counts, does not count or waits, in the reader's language: it is stored as the counting rule says it."""

from __future__ import annotations

import re

from words import N_, _, number

LATE = re.compile(r"dated (\d+) days before it was first seen")  # as collectors/news/feeds.py writes it
SEEN = N_("dated {days} days before it was first seen")


def reason_said(reason: str) -> str:
    """A stored reason for a screen. What the settings or a person wrote stays as it is."""
    whole = _(reason)
    return whole if whole != reason else "; ".join(_piece(piece) for piece in reason.split("; "))


def _piece(text: str) -> str:
    late = LATE.fullmatch(text)
    return _(SEEN).format(days=number(int(late[1]))) if late else _(text)
