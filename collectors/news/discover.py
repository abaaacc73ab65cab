"""Finding a site's feeds, and saying of a feed whether it is worth collecting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import urljoin

from collectors.base import CollectError, Gone, Malformed, Refused
from collectors.dates import when
from collectors.http import Answer, Door, Outfit
from collectors.news.encoding import to_utf8
from collectors.news.feeds import ACCEPT
from collectors.news.guard import follow, guarded_door
from collectors.news.matching import Rule
from collectors.news.parsing import parse, plain
from collectors.news.urls import joined
from collectors.news.xmlfeed import NoFeed
from model import Account

# Where the content systems of Turkish outlets put them (facts: yt_news 12).
PATHS = ("/rss", "/feed/", "/rss.xml", "/service/rss.php", "/rss/rss.asp")
LINK = re.compile(r"<link\b[^<>]{0,2000}>", re.I)
ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,40})\s*=\s*(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'>]{1,2000}))""")
MOST_NAMED = 10
SILENT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class FeedState:
    """What a feed looks like now. `verdict`: ok, moved, silent, empty, half, blocked, gone, broken, unreachable.

    `matched` items name the institution; `newest` is the last date in it; `cure` what the operator can do.
    """

    url: str
    verdict: str
    title: str = ""
    items: int = 0
    matched: int = 0
    newest: datetime | None = None
    found: str = ""
    what: str = ""
    cure: str = ""

    @property
    def usable(self) -> bool:
        return self.verdict in ("ok", "moved", "silent", "empty")


def check(feed: Account | str, outfit: Outfit) -> FeedState:
    """The state of one feed; never raises for what the feed does."""
    url = feed if isinstance(feed, str) else feed.url
    return _checked(guarded_door(outfit), url, Rule.of(outfit.settings.get("rule")))


def discover(site: str, outfit: Outfit) -> list[FeedState]:
    """The feeds of a site (`cekmekoyhaber.com.tr` or an address): those that its page names, else those at usual places."""
    door, rule = guarded_door(outfit), Rule.of(outfit.settings.get("rule"))
    page = site if "://" in site else f"https://{site}/"
    named: list[tuple[str, str]] = []
    try:
        named = list(_named(_asked(door, page)))[:MOST_NAMED]
    except CollectError as error:
        if isinstance(error, Refused):
            return [_failed(page, error)]
    found = [state for url, title in named if (state := _checked(door, url, rule, found=title or "named by the page")).usable]
    if not found:
        guesses = [urljoin(page, path) for path in PATHS]
        found = [state for url in guesses if (state := _checked(door, url, rule, found="at a usual place")).usable]
    return found


def _checked(door: Door, url: str, rule: Rule, found: str = "") -> FeedState:
    try:
        answer, moved = follow(door, url, {"Accept": ACCEPT})
        feed = parse(answer.body, answer.headers.get("Content-Type", ""), answer.url)
    except CollectError as error:
        return _failed(url, error, found)
    except NoFeed as error:
        return FeedState(url, "broken", found=found, what=str(error), cure="`mecra feeds discover` finds a site's feeds")
    finally:
        door.take()
    dates = sorted(date for entry in feed.entries if (date := when(entry.published, seen=answer.now)))
    newest = dates[-1] if dates else None
    verdict, what, cure = "ok", "", ""
    if feed.half:
        verdict, what, cure = "half", "it ends inside an element", "tell the outlet; what is whole is collected"
    elif not feed.entries:
        verdict, what, cure = "empty", "no items", "look again in a few days"
    elif newest and answer.now - newest > SILENT:
        verdict, what, cure = "silent", f"nothing new since {newest:%d.%m.%Y}", "look for another feed of this outlet"
    elif moved:
        verdict, what, cure = "moved", f"now at {moved}", "write that address into the feed list"
    matched = sum(rule.match(entry.title, entry.summary) is not None for entry in feed.entries)
    return FeedState(url, verdict, feed.title, len(feed.entries), matched, newest, found, what, cure)


def _failed(url: str, error: CollectError, found: str = "") -> FeedState:
    verdicts = {Refused: "blocked", Gone: "gone", Malformed: "broken"}
    return FeedState(url, verdicts.get(type(error), "unreachable"), found=found, what=error.what, cure=error.cure)


def _asked(door: Door, page: str) -> Answer:
    try:
        return follow(door, page, {"Accept": "text/html, */*;q=0.5"})[0]
    finally:
        door.take()


def _named(answer: Answer) -> Iterator[tuple[str, str]]:
    """The feeds that a page's head names, each once: address and title."""
    text = to_utf8(answer.body[:500_000], answer.headers.get("Content-Type", "")).decode()
    seen = set()
    for tag in LINK.findall(text):
        attributes = {found[1].lower(): unescape(found[2] or found[3] or found[4] or "") for found in ATTRIBUTE.finditer(tag)}
        if "alternate" not in attributes.get("rel", "").lower().split():
            continue
        if not re.search(r"rss|atom|rdf|application/xml|text/xml", attributes.get("type", ""), re.I):
            continue
        url = joined(answer.url, attributes.get("href", "").strip())
        if url.partition(":")[0].lower() in ("http", "https") and url not in seen:
            seen.add(url)
            yield url, plain(attributes.get("title", ""))[:100]
