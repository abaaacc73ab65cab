"""Texts from outside (posts, headlines, notes, handles) as plain text that no document, page or spreadsheet takes for anything else."""

from __future__ import annotations

import re
import unicodedata

MOST = 32_000  # UTF-16 units: a spreadsheet's cell holds 32,767

_BREAKS = re.compile("\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
# Controls, marks that turn the direction of what follows, invisible operators and tags, annotations, and what is no character at all.
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef"
    "\ufffe\uffff\U000e0000-\U000e007f"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")


def inert(text: str, most: int = MOST, *, lines: bool = False) -> str:
    """`text` in NFC and on one line (`lines`: its line breaks kept, as `\\n`), without control characters, direction marks and
    noncharacters; a lone surrogate becomes U+FFFD. What is longer than `most` UTF-16 units ends in an ellipsis."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    cleaned = _DROPPED.sub("", _BREAKS.sub("\n" if lines else " ", whole).replace("\t", " "))
    return _bounded(unicodedata.normalize("NFC", _thinned(cleaned)), most)


def defused(text: str) -> str:
    """`text` for a cell of a CSV file: a spreadsheet would run one that begins like a formula, so an apostrophe stands before it.
    A dash alone stays a dash."""
    return f"'{text}" if _FORMULA.match(text) and len(text.strip()) > 1 else text


def _thinned(text: str) -> str:
    """At most eight marks on one letter: thousands would be drawn over the lines above and below."""
    if text.isascii():
        return text
    kept, run = [], 0
    for letter in text:
        run = run + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if run <= 8:
            kept.append(letter)
    return "".join(kept)


def _bounded(text: str, most: int) -> str:
    if 2 * len(text) <= most:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * most:
        return text
    return units[: 2 * (most - 1)].decode("utf-16-le", "ignore").rstrip(" \n\u200d") + "…"
