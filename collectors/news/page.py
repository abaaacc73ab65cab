"""The institution's own pages that list what it publishes: a web page or a feed on which the issues of a bulletin stand.

A page is an account, `page:bulten`, with its `url`; each issue becomes a post, named by its address. What is archived of a page is
name, address and date of the issues that the last look did not have.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from collectors.base import CollectError, Gone, Malformed, Refused
from collectors.dates import when
from collectors.http import Answer, Line, Outfit
from collectors.news import guard
from collectors.news.guard import MOST_BYTES, follow, guarded_door
from collectors.news.listing import links
from collectors.news.parsing import parse
from collectors.news.urls import url_key
from collectors.news.xmlfeed import NoFeed
from collectors.remembered import texts_of
from config.titles import as_read, title_pattern
from model import Account, Exchange, Page, Post, Records, Rung, Stream, Walk

ACCEPT = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"
MOST_REMEMBERED, REPEATED = 2000, 3


@dataclass(frozen=True, slots=True)
class Issue:
    """What a page calls an issue, where it is, and its date as written, empty where none was found."""

    link: str
    title: str
    date: str = ""


class Pages:
    """One page an account. Its option `title`: the pattern of an issue's name; without it every link that has a date is one.

    Settings: `allow_hosts`, `contact`.
    """

    streams: ClassVar[Mapping[str, Stream]] = {
        "posts": Stream("posts", (Rung(timedelta(hours=6), timedelta(days=184)),), edge=True)
    }

    def __init__(self, outfit: Outfit) -> None:
        self.door = guarded_door(outfit, Line("page", judge, json=False, most_bytes=MOST_BYTES))

    def fetch(self, account: Account, stream: str, walk: Walk) -> Page:
        """The page as it is now. An issue without a date that was there at the first look can't be dated, and is told of."""
        try:
            return self._looked(account, walk)
        except Gone as error:
            if walk.attempts >= REPEATED:
                raise
            cure = f"{error.cure}; tried again by itself, and given up for a day at the third time"
            raise CollectError(error.what, at=error.at, cure=cure) from None

    def _looked(self, account: Account, walk: Walk) -> Page:
        title = str(account.options.get("title", ""))
        memo = walk.memo if (walk.memo.get("url"), walk.memo.get("title")) == (account.url, title) else {}
        conditions = {"If-None-Match": memo.get("etag"), "If-Modified-Since": memo.get("modified")}
        headers = {"Accept": ACCEPT} | {name: str(value) for name, value in conditions.items() if value}
        answer, moved = follow(self.door, account.url, headers)
        kept = {**memo, "url": account.url, "title": title, "moved": moved}
        notes = [f"the page has moved to {moved}: write that into mecra.toml"] if moved not in ("", memo.get("moved")) else []
        if answer.status != 304:
            self.door.keep_last(b"")
            digest = hashlib.sha256(answer.body).hexdigest()
            if digest != memo.get("sha256"):
                issues = self._issues(account, answer, title, memo)
                notes += self._archive(issues, memo)
                seen = dict.fromkeys([*map(_address, issues), *texts_of(memo.get("seen"))])
                kept |= {"sha256": digest, "seen": list(seen)[:MOST_REMEMBERED], "rows": sorted({_row(issue) for issue in issues})}
            kept |= {"etag": answer.headers.get("ETag"), "modified": answer.headers.get("Last-Modified")}
        return Page(memo=kept, notes=tuple(notes))

    def _issues(self, account: Account, answer: Answer, title: str, memo: Mapping[str, Any]) -> list[Issue]:
        """The issues that the page lists; raises Malformed where there are none any more, or nothing is listed at all."""
        try:
            found = _in_feed(answer, title)
        except NoFeed as error:
            listed = links(answer.body, answer.headers.get("Content-Type", ""), answer.url, seen=answer.now)
            if not listed:
                cure = "open it in a browser; if it needs a script to show its list, name a feed or another page as its url"
                raise Malformed(f"neither a feed nor a page with links ({error})", at=account.url, cure=cure) from None
            found = [issue for link in listed if (issue := _issue(link.url, link.names, link.date, title))]
        if memo.get("rows") and not found:
            cure = (
                f"open it in a browser; correct the url or the title pattern of {account.account} in mecra.toml if it has changed"
            )
            raise Malformed(
                f"none of the {len(texts_of(memo['rows']))} issues of the last look is listed any more", at=account.url, cure=cure
            )
        return found

    def _archive(self, issues: list[Issue], memo: Mapping[str, Any]) -> list[str]:
        """Put the issues that the last look did not have in place of the body; answers what there is to say of them."""
        known, seen = texts_of(memo.get("rows")).keys(), texts_of(memo.get("seen")).keys()
        fresh = [issue for issue in issues if _row(issue) not in known]
        rows = [_reduced(issue, old=not seen or _address(issue) in seen) for issue in fresh]
        if rows:
            self.door.keep_last(json.dumps({"issues": rows}, ensure_ascii=False, separators=(",", ":")).encode())
        if not issues:
            return ["no issue is listed on the page: see whether its url and title pattern are right"]
        undated = sum(not issue.date for issue in fresh)
        return [f"{undated} issues without a date were there at the first look: enter them by hand"] if undated and not seen else []

    def read(self, account: Account, exchange: Exchange) -> Records:
        """A post an issue; one without a date was published when it was first seen, unless it had been there before."""
        try:
            rows = [
                (str(row["link"]), str(row["title"]), str(row.get("date", "")), bool(row.get("old")))
                for row in exchange.value["issues"]
            ]
        except (ValueError, TypeError, KeyError, AttributeError):
            raise Malformed("an archived page that is none", at=account.account) from None
        posts: dict[str, Post] = {}
        for link, title, date, old in rows:
            if not url_key(link):
                continue
            at = when(date, seen=exchange.at) or (None if old else exchange.at)
            if at is not None:
                posts.setdefault(url_key(link), Post(url_key(link), "issue", at, link, title))
        return Records(posts=tuple(posts.values()))


def judge(answer: Answer) -> None:
    """What a status means for a page of the institution's own."""
    try:
        guard.judge(answer)
    except Gone:
        raise Gone(f"no page there ({answer.status})", cure="correct its url in mecra.toml") from None
    except Refused:
        cure = "ask whoever runs the site to let mecra read it, or enter the issues by hand"
        raise Refused(f"the site refuses programs ({answer.status}, engelli)", cure=cure) from None


def _in_feed(answer: Answer, title: str) -> list[Issue]:
    feed = parse(answer.body, answer.headers.get("Content-Type", ""), answer.url)
    if feed.half:
        raise Malformed(
            f"half a feed: it ends inside an element after {len(feed.entries)} whole entries", at=answer.url, cure="tried again by itself"
        )  # fmt: skip
    dated = ((entry, entry.published if when(entry.published, seen=answer.now) else "") for entry in feed.entries)
    return [issue for entry, date in dated if (issue := _issue(entry.link, (entry.title, entry.summary), date, title))]


def _issue(link: str, names: Iterable[str], date: str, title: str) -> Issue | None:
    """The link as an issue, by the first of its names that the pattern fits; without a pattern by all it is called, if it has a date."""
    called = [name for name in names if name]
    if not link or not called:
        return None
    if not title:
        return Issue(link, called[-1], date) if date else None
    pattern = title_pattern(title)
    return next((Issue(link, name, date) for name in called if pattern.search(as_read(name))), None)


def _reduced(issue: Issue, *, old: bool) -> dict[str, Any]:
    row = {"link": issue.link, "title": issue.title, "date": issue.date, "old": old}
    return {name: value for name, value in row.items() if value}


def _address(issue: Issue) -> str:
    return _short(url_key(issue.link))


def _row(issue: Issue) -> str:
    return _short(f"{url_key(issue.link)} {issue.title} {issue.date}")


def _short(name: str) -> str:
    return hashlib.blake2b(name.encode(), digest_size=5).hexdigest()
