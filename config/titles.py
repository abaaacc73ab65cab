"""A title pattern against what people write: capitals, the dots of Turkish i's and the kind of blanks make no difference."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# Replaced one by one: `str.translate` by a table takes more than twice as long, and years of posts are looked through.
_LETTERS = (
    *((letter, "i") for letter in "İIı"),
    *((sign, "'") for sign in "’‘"),
    *((unseen, "") for unseen in "\u00ad\ufeff\u200b\u200c\u200d\u2060"),
    ("i\u0307", "i"),  # last: what an İ that is written as two becomes
)
_IN_PATTERNS = str.maketrans({"İ": "i", "ı": "i", "’": "'", "‘": "'"})  # a capital I may be half of a range, and fits i by itself
LONGEST_NUMBER = 40
_NUMBER = re.compile(r"\D*(\d+)\D*")


def as_read(text: str) -> str:
    """What a pattern is looked for in: one blank between words, every i alike, no invisible signs."""
    plain = unicodedata.normalize("NFC", text)
    for letter, read in _LETTERS:
        plain = plain.replace(letter, read)
    return " ".join(plain.split())


@cache
def title_pattern(title: str) -> re.Pattern[str]:
    """The pattern, to be looked for in `as_read` text; raises re.error (`mecra plan check` says so before)."""
    return re.compile(unicodedata.normalize("NFC", title).translate(_IN_PATTERNS), re.IGNORECASE)


def issue_number(text: str) -> str:
    """An issue's number as it is compared: `012`, `#12` and `Sayı 12` are `12`; what holds no or several numbers is kept as it is."""
    found = _NUMBER.fullmatch(text)
    return str(int(found[1])) if found and len(found[1]) <= LONGEST_NUMBER else as_read(text).lower()
