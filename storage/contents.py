"""When two posts on different platforms have the same content: by the words that they begin with."""

from __future__ import annotations

import re
import unicodedata

WORDS = 10  # X cuts a text short, Instagram adds hashtags: the beginning is what they share
NOISE = re.compile(r"https?://\S+|[#@]\w+")


def content_key(text: str) -> str | None:
    """The first words, without capitals, links, hashtags, names, marks and emoji; None where there are none."""
    bare = NOISE.sub(" ", text).replace("İ", "i").replace("I", "ı").lower()
    words = re.findall(r"\w+", unicodedata.normalize("NFC", bare))
    return " ".join(words[:WORDS]) or None
