"""News: what the press says about the institution, found in feeds, by searches and in an agency's files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from model import Article


def settle(article: Article, neighbours: Sequence[Article]) -> Article:
    """`article` with its story, under the key of the same appearance found another way. Imported with the first article."""
    from collectors.news.gnews import same_appearance
    from collectors.news.stories import story_of

    known = same_appearance(article, neighbours)
    return replace(known, story=story_of(known, neighbours))
