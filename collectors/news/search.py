"""What the searches have in common: they answer so many articles and no more, and know little beyond a title."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from collectors.base import CollectError, Expired, Malformed
from collectors.news.matching import Rule
from model import Account, Article, from_json, from_text, to_text
from words import N_

MOST_CUT = 4

Window: TypeAlias = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Windows:
    """The spans of time still to ask for, newest first, their ends excluded; the walk's cursor.

    `cut`: how many of the narrowest in a row came back full.
    """

    left: tuple[Window, ...]
    cut: int = 0

    @classmethod
    def between(cls, since: datetime, until: datetime, step: timedelta) -> Windows:
        """From `until` back to `since`, in steps; one window at least."""
        left = [(max(since, until - step), until)]
        while left[-1][0] > since:
            left.append((max(since, left[-1][0] - step), left[-1][0]))
        return cls(tuple(left))

    @classmethod
    def of(cls, cursor: str) -> Windows:
        """The windows that a cursor names; raises Expired for one that can't be read."""
        try:
            state = from_json(cursor)
            left = tuple((from_text(start), from_text(end)) for start, end in state["windows"])
            if left:
                return cls(left, int(state["cut"]))
        except (ValueError, KeyError, TypeError):
            pass
        raise Expired("the cursor can't be read", cure="the walk starts again from the top by itself")

    @property
    def cursor(self) -> str | None:
        if not self.left:
            return None
        return json.dumps({"windows": [[to_text(start), to_text(end)] for start, end in self.left], "cut": self.cut})

    def after(self, *, full: bool, narrowest: timedelta) -> Windows:
        """The windows once the first was answered: halved when it came back full, as far as that goes.

        Raises Malformed when the fourth of the narrowest in a row comes back full: no news is that frequent.
        """
        (start, end), rest = self.left[0], self.left[1:]
        parts = -((start - end) // narrowest)
        if full and parts > 1:
            middle = start + parts // 2 * narrowest
            return Windows(((middle, end), (start, middle), *rest), self.cut)
        cut = self.cut + 1 if full else 0
        if cut >= MOST_CUT:
            raise Malformed(
                f"{cut} windows in a row come back full",
                cure="make the query in mecra.toml narrower; if it is narrow, the search ignores the window: tried again later",
            )
        return Windows(rest, cut)


def query_of(account: Account, settings: Mapping[str, Any]) -> str:
    """The account's query as it is written, else the institution's name as a phrase; raises CollectError without either."""
    name = str(settings.get("institution", "")).strip()
    if query := str(account.options.get("query") or "").strip() or (f'"{name}"' if name else ""):
        return query
    raise CollectError(
        "no query", at=account.account, cure=f"write query = '\"Örnek Belediyesi\"' under [news.{account.platform}] in mecra.toml"
    )


def article_of(
    rule: Rule, query: str, *, key: str, outlet: str, url: str, title: str, at: datetime | None, raw: str, via: str
) -> Article:
    """An appearance of which only the title is known: where that does not show the words, it waits for a person."""
    match = rule.match(title)
    return Article(
        key=key,
        outlet=outlet,
        url=url,
        title=title,
        published_at=at,
        found_via=via,
        matched=match.term if match else query,
        match_in=match.place if match else "body",
        status=match.status if match else "review",
        reason=match.reason if match else N_("found by the words of its text; the title does not show them"),
        published_raw=raw,
        rule=rule.version,
    )
