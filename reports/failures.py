"""An error as it was stored, in the reader's language: what happened where, and what to do. What a platform said itself stays as it is."""

from __future__ import annotations

import re
from functools import cache

from reports.failure_words import CURES, GAPS, WHAT
from words import _

PLACE = re.compile(r"\{(\w+)\}")
TRANSLATED = ("what", "where")  # places that hold words of ours


def failure_said(error: str) -> str:
    """`place: what -> cure`, each part translated that is ours."""
    what, arrow, cure = error.partition(" -> ")
    return f"{_said(what, WHAT)}{arrow}{_said(cure, CURES)}" if arrow else _said(what, WHAT)


def cure_said(cure: str) -> str:
    """Only the advice."""
    return _said(cure, CURES)


def gap_said(reason: str) -> str:
    """Why a figure is missing."""
    whole = _(reason)
    return whole if whole != reason else _said(reason, GAPS)


def _said(text: str, known: tuple[str, ...]) -> str:
    for template, pattern in _patterns(known):
        if found := pattern.fullmatch(text):
            values = found.groupdict()
            before = values.pop("before__") or ""
            return before + _(template).format(
                **{name: _(value) if name in TRANSLATED else value for name, value in values.items()}
            )
    return text


@cache
def _patterns(known: tuple[str, ...]) -> list[tuple[str, re.Pattern[str]]]:
    """Those that say most come first. Before a text may stand where it happened."""
    longest = sorted(known, key=lambda text: -len(PLACE.sub("", text)))
    return [(text, re.compile(f"(?P<before__>.*?: )?{_pattern(text)}", re.S)) for text in longest]


def _pattern(text: str) -> str:
    """Brackets that are no places stand doubled in none of the texts."""
    pieces = PLACE.split(text)
    return "".join(f"(?P<{piece}>.*?)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces))
