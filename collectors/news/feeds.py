"""Publishers' feeds: asked politely, read only where they changed, and alarmed about when they fall silent.

A feed is an account: its `url`, its outlet as `label`. What is archived is title, summary, address and date of the entries
that the last poll did not have: no author, no text.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar

from collectors.base import CollectError, Gone, Malformed, Unavailable
from collectors.dates import when
from collectors.http import Answer, Outfit
from collectors.news.guard import follow, guarded_door
from collectors.news.matching import Rule
from collectors.news.parsing import Entry, Feed, entry_of, parse
from collectors.news.rhythm import Rhythm
from collectors.news.stories import split_dateline
from collectors.news.urls import outlet_of, url_key
from collectors.news.xmlfeed import NoFeed
from collectors.remembered import texts_of
from collectors.turkish import fold
from model import SILENT, Account, Article, Exchange, Gap, Page, Records, Rung, Stream, Walk

REPEATED = 3
LATE = timedelta(days=3)
MAX_AGE = re.compile(r"max-age\s*=\s*(\d{1,9})", re.I)
ACCEPT = "application/rss+xml, application/atom+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"


class Feeds:
    """One feed an account. Settings: `rule`, `allow_hosts`, `contact`, `poll_minutes` ([15, 1440]), `silent_days` (own rhythm)."""

    streams: ClassVar[Mapping[str, Stream]] = {"items": Stream("items", (Rung(timedelta(minutes=30)),))}

    def __init__(self, outfit: Outfit) -> None:
        self._settings = outfit.settings
        self.door = guarded_door(outfit)

    @cached_property
    def _rule(self) -> Rule:
        return Rule.of(self._settings.get("rule"))

    def fetch(self, account: Account, stream: str, walk: Walk) -> Page:
        """The feed as it is now. What was archived before an error is good: a half feed still gives its whole entries."""
        memo = walk.memo if walk.memo.get("url") == account.url else {}
        try:
            return self._polled(account, memo)
        except (Unavailable, Malformed) as error:
            if walk.attempts < REPEATED:
                raise
            cure = f"failed {walk.attempts} times in a row: open {account.url} in a browser, and run `mecra feeds check`"
            raise type(error)(error.what, at=error.at, cure=cure) from None
        except Gone as error:
            if walk.attempts >= REPEATED:
                raise
            raise CollectError(
                error.what, at=error.at, cure="tried again by itself; given up for a day at the third time"
            ) from None

    def _polled(self, account: Account, memo: Mapping[str, Any]) -> Page:
        answer, moved = follow(self.door, account.url, {"Accept": ACCEPT, **_conditions(memo)})
        now, rhythm = answer.now, Rhythm.of(memo.get("rhythm"))
        kept = {**memo, "url": account.url, "moved": moved}
        notes = [f"the feed has moved to {moved}: write that into the feed list"] if moved not in ("", memo.get("moved")) else []
        if answer.status != 304:
            self.door.keep_last(b"")
            digest = hashlib.sha256(answer.body).hexdigest()
            if digest != memo.get("sha256"):
                feed = self._parsed(answer)
                ids = _ids(feed.entries)
                fresh = self._archive(account, feed, ids, memo)
                if feed.half:
                    raise Malformed(
                        f"half a feed: it ends inside an element after {len(feed.entries)} whole entries, which are kept",
                        at=account.url, cure="tried again by itself; the publisher's server cut it off",
                    )  # fmt: skip
                notes += _about(feed)
                rhythm = rhythm.after(now, fresh, (when(entry.published, seen=now) for entry in feed.entries))
                kept |= {"sha256": digest, "ids": sorted({one for own in ids for one in own})}
            kept |= {"etag": answer.headers.get("ETag"), "modified": answer.headers.get("Last-Modified")}
        rhythm = rhythm.at(now)
        if silent := rhythm.silent(now, self._settings.get("silent_days")):
            notes.append(f"{SILENT}{silent.days} days: see whether {account.url} still lives")
        due = max(rhythm.interval(*self._settings.get("poll_minutes", (15, 1440))), _max_age(answer))
        return Page(memo={**kept, "rhythm": rhythm.to_memo()}, due_in=due, notes=tuple(notes))

    def _parsed(self, answer: Answer) -> Feed:
        try:
            return parse(answer.body, answer.headers.get("Content-Type", ""), answer.url)
        except NoFeed as error:
            raise Malformed(
                f"no feed in the answer ({error})", at=answer.url, cure="`mecra feeds discover` finds a site's feeds"
            ) from None

    def _archive(self, account: Account, feed: Feed, ids: list[tuple[str, ...]], memo: Mapping[str, Any]) -> int:
        """Put the entries that the last poll did not have in place of the body; answers how many there are."""
        known = texts_of(memo.get("ids")).keys()
        fresh = [entry for entry, own in zip(feed.entries, ids, strict=True) if known.isdisjoint(own)]
        value: dict[str, Any] = {"feed": feed.title, "entries": [_reduced(entry) for entry in fresh]}
        if not known:
            value["first"] = True
        elif len(fresh) == len(feed.entries) > 0:
            value["gap"] = f"none of the entries of the last poll are left among the {len(fresh)} of this one"
        if fresh:
            self.door.keep_last(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
        return len(fresh)

    def read(self, account: Account, exchange: Exchange) -> Records:
        """Articles that the counting rule has a word on; a gap where entries may have been lost."""
        try:
            value = exchange.value
            entries = [entry_of(row) for row in value["entries"]]
            gap = str(value.get("gap") or "")
        except (ValueError, TypeError, KeyError, AttributeError):
            raise Malformed("an archived feed that is none", at=account.account) from None
        articles: dict[str, Article] = {}
        for entry in entries:
            if article := self._article(account, entry, exchange, first=bool(value.get("first"))):
                articles.setdefault(article.key, article)
        return Records(articles=tuple(articles.values()), gaps=(Gap("items", gap, day=exchange.at.date()),) if gap else ())

    def _article(self, account: Account, entry: Entry, exchange: Exchange, *, first: bool) -> Article | None:
        match = self._rule.match(entry.title, entry.summary)
        if match is None:
            return None
        agency, summary = split_dateline(entry.summary)
        published, reason = when(entry.published, seen=exchange.at), match.reason
        if published and not first and exchange.at - published > LATE:
            reason = "; ".join(filter(None, [reason, f"dated {(exchange.at - published).days} days before it was first seen"]))
        return Article(
            key=_key(entry, account), outlet=account.label or outlet_of(entry.link, self._settings.get("feeds")), url=entry.link, title=entry.title,
            published_at=published, found_via="feed", matched=match.term, match_in=match.place, status=match.status, reason=reason,
            published_raw=entry.published, agency=agency, summary=summary, rule=self._rule.version,
        )  # fmt: skip


def _conditions(memo: Mapping[str, Any]) -> dict[str, str]:
    asked = {"If-None-Match": memo.get("etag"), "If-Modified-Since": memo.get("modified")}
    return {name: str(value) for name, value in asked.items() if value}


def _max_age(answer: Answer) -> timedelta:
    found = MAX_AGE.search(answer.headers.get("Cache-Control", ""))
    return min(timedelta(seconds=int(found[1])), timedelta(days=1)) if found else timedelta(0)


def _about(feed: Feed) -> list[str]:
    notes = []
    if not feed.entries:
        notes.append("the feed holds no items")
    if feed.more:
        notes.append(f"the feed holds more than the {len(feed.entries)} items that were read")
    if feed.dropped:
        notes.append(f"{feed.dropped} items without title and address were passed over")
    return notes


def _ids(entries: tuple[Entry, ...]) -> list[tuple[str, ...]]:
    """For each entry short hashes of its address and, where no other entry of the feed shares it, of its guid."""
    guids = Counter(entry.id for entry in entries)
    found = []
    for entry in entries:
        own = [_short(url_key(entry.link) or fold(entry.title))]
        if entry.id and guids[entry.id] == 1:
            own.append(_short(f"guid {entry.id}"))
        found.append(tuple(own))
    return found


def _short(name: str) -> str:
    return hashlib.blake2b(name.encode(), digest_size=5).hexdigest()


def _key(entry: Entry, account: Account) -> str:
    own = entry.id or _short(f"{fold(entry.title)} {entry.published}")
    return url_key(entry.link) or f"{account.account}#{own}"


def _reduced(entry: Entry) -> dict[str, str]:
    row = {"id": entry.id, "link": entry.link, "title": entry.title, "summary": entry.summary, "published": entry.published}
    return {name: value for name, value in row.items() if value and not (name == "id" and value == entry.link)}
