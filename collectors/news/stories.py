"""Which articles are copies of one text: a second number beside the appearances, which it never lowers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache

from rapidfuzz import fuzz

from collectors.dates import ISTANBUL
from collectors.turkish import fold
from model import Article

TITLE_RATIO, SUMMARY_SHARE = 85.0, 0.5
DATELINE = re.compile(r"^\s*(?:[A-ZİÇŞĞÜÖÂÎÛ/.,\- ]{2,40}?\s*)?\((AA|DHA|İHA|IHA|ANKA|BHA|İLKHA)\)\s*[-–—]?\s*")
SOURCE = re.compile(r"^(?P<title>\S+(?:\s+\S+){2,})\s+[-–—|]\s+\S+(?:\s+\S+){0,3}$")
WORD = re.compile(r"[a-z0-9]+")


def story_of(article: Article, neighbours: Iterable[Article]) -> str:
    """The story that `article` belongs to: that of the first neighbour that carries the same text, else its own key.

    `neighbours` come in the order in which they were first seen; those more than a day away, counted in Istanbul, are
    passed over. Same text: titles without their outlet at least 85 % alike, or half of the three-word runs of the
    summaries in common (facts: yt_news 18).
    """
    title, runs = bare_title(article.title), _runs(article.summary)
    for other in neighbours:
        if other.key == article.key:
            continue
        alike = fuzz.ratio(title, bare_title(other.title), score_cutoff=TITLE_RATIO) or _shared(runs, _runs(other.summary))
        if alike and _near(article, other):
            return other.story or other.key
    return article.key


def split_dateline(text: str) -> tuple[str, str]:
    """The agency that a text names at its head, and the text without that: "İSTANBUL (DHA) - Belediye …"."""
    found = DATELINE.match(text)
    return (found[1].replace("IHA", "İHA"), text[found.end() :]) if found else ("", text)


@lru_cache(maxsize=4096)
def bare_title(title: str) -> str:
    """The folded title without punctuation and without the " - Outlet" that search engines append."""
    found = SOURCE.match(title)
    return " ".join(WORD.findall(fold(found["title"] if found else title)))


@lru_cache(maxsize=4096)
def _runs(summary: str) -> frozenset[tuple[str, str, str]]:
    words = WORD.findall(fold(split_dateline(summary)[1]))
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _shared(one: frozenset[tuple[str, str, str]], other: frozenset[tuple[str, str, str]]) -> bool:
    if one.isdisjoint(other):
        return False
    common = len(one & other)
    return common >= SUMMARY_SHARE * (len(one) + len(other) - common)


def _near(one: Article, other: Article) -> bool:
    if one.published_at is None or other.published_at is None:
        return True
    days = one.published_at.astimezone(ISTANBUL).date() - other.published_at.astimezone(ISTANBUL).date()
    return abs(days) <= timedelta(days=1)
