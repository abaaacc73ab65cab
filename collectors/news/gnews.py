"""Google News' RSS search: finds local outlets that have no feed. Off until the operator turns it on.

Its terms allow personal feed readers only (facts: yt_news 13), which is the institution's lawyer's to judge; so nothing is kept
but outlet, title, date and guid, and no link is ever decoded. At most 100 items are answered, without a word when there
are more: a window that comes back nearly full is halved.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from collectors.base import Malformed, RateLimited
from collectors.dates import ISTANBUL, when
from collectors.http import Answer, Line, Outfit, retry_at
from collectors.news.matching import Rule
from collectors.news.parsing import Entry, Feed, entry_of, parse
from collectors.news.search import Windows, article_of, query_of
from collectors.news.stories import story_of
from collectors.news.urls import host_of, outlet_of
from collectors.news.xmlfeed import NoFeed
from collectors.turkish import fold
from model import Account, Article, Exchange, Gap, Page, Records, Rung, Stream, Walk

ROOT, PATH = "https://news.google.com", "/rss/search"
WHERE = f"GET {PATH}"
ARTICLE = "https://news.google.com/rss/articles/"
FULL = 98
DAY, STEP = timedelta(days=1), timedelta(days=7)
PACE = 10.0
REST = timedelta(hours=1)
MOST_BYTES = 5 * 1024 * 1024
BOUND = re.compile(r"\b(after|before):(\d{4}-\d\d-\d\d)")


class GoogleNews:
    """Articles for a query, by days of Istanbul, newest first."""

    streams: ClassVar[Mapping[str, Stream]] = {
        "articles": Stream("articles", (Rung(timedelta(hours=6), timedelta(days=3)),)),
    }

    def __init__(self, outfit: Outfit) -> None:
        self._settings = outfit.settings
        root, pace = str(self._settings.get("api_root", ROOT)), float(self._settings.get("pace", PACE))
        self.door = outfit.door(Line("gnews", judge, roots={ROOT: root}, json=False, pace=pace, most_bytes=MOST_BYTES))

    @cached_property
    def _rule(self) -> Rule:
        return Rule.of(self._settings.get("rule"))

    def fetch(self, account: Account, stream: str, walk: Walk) -> Page:
        query = query_of(account, self._settings)
        windows = (
            Windows.of(walk.cursor)
            if walk.cursor is not None
            else Windows.between(_day(walk.since), _day(walk.started_at) + DAY, STEP)
        )
        start, end = (at.astimezone(ISTANBUL).date() for at in windows.left[0])
        self.door.get(ROOT + PATH, params={"q": f"{query} after:{start} before:{end}", "hl": "tr", "gl": "TR", "ceid": "TR:tr"})
        feed = self._parsed(account)
        if feed.half:
            raise Malformed(
                f"half a feed: it ends after {len(feed.entries)} whole items, which are kept",
                at=WHERE,
                cure="tried again by itself",
            )
        full, notes = len(feed.entries) >= FULL, []
        if full and end - start <= DAY:
            notes.append(f"Google News answers {len(feed.entries)} items, its most, for {start:%d.%m.%Y}: there may be more")
        return Page(windows.after(full=full, narrowest=DAY).cursor, notes=tuple(notes))

    def _parsed(self, account: Account) -> Feed:
        """The feed in the last answer, of which only what may be kept goes to the archive."""
        answer = self.door.last
        assert answer is not None
        try:
            feed = parse(answer.body, answer.headers.get("Content-Type", ""))
        except NoFeed as error:
            self.door.keep_last(b"")
            raise Malformed(f"no feed in the answer ({error})", at=WHERE, cure="tried again later; nothing was measured") from None
        self.door.keep_last(json.dumps({"entries": [_kept(entry) for entry in feed.entries]}, ensure_ascii=False).encode())
        return feed

    def read(self, account: Account, exchange: Exchange) -> Records:
        try:
            entries = [entry_of(row) for row in exchange.value["entries"]]
        except (ValueError, TypeError, KeyError, AttributeError):
            raise Malformed("an archived search that is none", at=account.account) from None
        found: dict[str, Article] = {}
        faults = []
        for number, entry in enumerate(entries, 1):
            if entry.title and host_of(entry.source_url):
                article = self._article(account, exchange.at, entry)
                found.setdefault(article.key, article)
            else:
                faults.append(f"Google News item {number}: no title or no source ({entry.title[:60]!r})")
        return Records(articles=tuple(found.values()), gaps=_gaps(exchange.url, len(entries)), faults=tuple(faults))

    def _article(self, account: Account, at: datetime, entry: Entry) -> Article:
        host, title, known = (
            host_of(entry.source_url),
            without_source(entry),
            outlet_of(entry.source_url, self._settings.get("feeds")),
        )
        return article_of(
            self._rule, query_of(account, self._settings), key=f"{host}#{fold(title)}", outlet=known if known != host else entry.source or host,
            url=ARTICLE + entry.id if entry.id else "", title=title, at=when(entry.published, seen=at), raw=entry.published, via="gnews",
        )  # fmt: skip


def judge(answer: Answer) -> None:
    """Name what Google answers to programs that it does not like."""
    if answer.status == 429:
        until = max(answer.now + REST, retry_at(answer.headers, answer.now) or answer.now)
        cure = f"gone on with by itself from {until:%d.%m.%Y %H:%M} UTC on"
        raise RateLimited("Google takes us for a robot (429)", until=until, cure=cure)
    if 300 <= answer.status < 400 and "consent" in answer.headers.get("Location", ""):
        raise Malformed(
            "Google asks for consent to cookies", cure="it does so in some countries; mecra gives none: switch news.gnews off"
        )


def without_source(entry: Entry) -> str:
    """The title without the " - Outlet" that Google appends."""
    return entry.title.removesuffix(f" - {entry.source}") if entry.source else entry.title.rpartition(" - ")[0] or entry.title


def same_appearance(article: Article, neighbours: Iterable[Article]) -> Article:
    """`article` under the key of an appearance that was found another way: same host, and titles alike as in one story.

    Google hides addresses, so that an appearance found here and in a feed would count twice.
    """
    for other in neighbours:
        ways = {article.found_via, other.found_via}
        if "gnews" in ways and len(ways) == 2 and _host(article) == _host(other) and story_of(article, [other]) != article.key:
            return replace(article, key=other.key)
    return article


def _host(article: Article) -> str:
    return article.key.partition("#")[0] if article.found_via == "gnews" else host_of(article.url)


def _kept(entry: Entry) -> dict[str, str]:
    names = ("id", "title", "published", "source", "source_url")
    return {name: getattr(entry, name) for name in names}


def _gaps(url: str, items: int) -> tuple[Gap, ...]:
    bounds = dict(BOUND.findall(parse_qs(urlsplit(url).query).get("q", [""])[0]))
    if items < FULL or len(bounds) < 2:
        return ()
    start, end = date.fromisoformat(bounds["after"]), date.fromisoformat(bounds["before"])
    if end - start > DAY:
        return ()
    return (Gap("articles", f"Google News' most ({items}) for one day: there may be more", day=start),)


def _day(at: datetime) -> datetime:
    """The Istanbul midnight before `at`."""
    return datetime.combine(at.astimezone(ISTANBUL).date(), time(), ISTANBUL)
