"""GDELT's DOC 2.0 article list: what its crawlers have met of the press, free and without a key, three months back.

It gives address, title and when the article was first seen; so titles are all that the counting rule can look at. Refusals
come as plain text with status 200: an answer is JSON or it is a failure, and a failure is never 0 (facts: yt_news 14).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from collectors.base import Malformed, RateLimited
from collectors.dates import when
from collectors.http import Answer, Line, Outfit, retry_at
from collectors.news.matching import Rule
from collectors.news.search import Windows, article_of, query_of
from collectors.news.urls import outlet_of, url_key
from model import Account, Article, Exchange, Gap, Page, Records, Rung, Stream, Walk, from_json, legible, to_text

ROOT, PATH = "https://api.gdeltproject.org", "/api/v2/doc/doc"
MOST = 250
PACE = 6.0
REACH = timedelta(days=90)
STEP, NARROWEST = timedelta(days=7), timedelta(minutes=15)
REST = timedelta(minutes=10)
STAMP = "%Y%m%d%H%M%S"
KEPT = ("url", "title", "seendate", "domain", "language", "sourcecountry")
ESCAPE = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?')


class Gdelt:
    """Articles for a query. Windows that come back full are halved."""

    streams: ClassVar[Mapping[str, Stream]] = {"articles": Stream("articles", (Rung(timedelta(hours=6), timedelta(days=3)),))}

    def __init__(self, outfit: Outfit) -> None:
        self._settings = outfit.settings
        root, pace = str(self._settings.get("api_root", ROOT)), float(self._settings.get("pace", PACE))
        self.door = outfit.door(Line("gdelt", judge, roots={ROOT: root}, json=False, pace=pace))

    @cached_property
    def _rule(self) -> Rule:
        return Rule.of(self._settings.get("rule"))

    def fetch(self, account: Account, stream: str, walk: Walk) -> Page:
        query, reach = query_of(account, self._settings), walk.started_at - REACH
        beyond = walk.cursor is None and walk.since < reach
        windows = (
            Windows.of(walk.cursor) if walk.cursor is not None else Windows.between(max(walk.since, reach), walk.started_at, STEP)
        )
        start, end = windows.left[0]
        asked = {"query": query, "mode": "artlist", "format": "json", "maxrecords": str(MOST), "sort": "datedesc"}
        span = {"startdatetime": f"{start:{STAMP}}", "enddatetime": f"{end - timedelta(seconds=1):{STAMP}}"}
        self.door.get(ROOT + PATH, params={**asked, **span})
        rows = article_list(self.door.last.body if self.door.last else b"")["articles"]
        self.door.keep_last(_reduced(rows, walk.since if beyond else None))
        full = len(rows) >= MOST
        notes = [f"GDELT reaches back three months: nothing before {reach:%d.%m.%Y} was asked for"] if beyond else []
        if full and end - start <= NARROWEST:
            notes.append(
                f"GDELT answers {MOST} articles, its most, for {start:%d.%m.%Y %H:%M} to {end:%H:%M} UTC: there may be more"
            )
        return Page(windows.after(full=full, narrowest=NARROWEST).cursor, notes=tuple(notes))

    def read(self, account: Account, exchange: Exchange) -> Records:
        answer = article_list(exchange.body)
        found: dict[str, Article] = {}
        faults = []
        for number, row in enumerate(answer["articles"], 1):
            article = self._article(account, exchange.at, row)
            if isinstance(article, str):
                faults.append(f"GDELT row {number}: {article}")
            else:
                found.setdefault(article.key, article)
        return Records(articles=tuple(found.values()), gaps=_gaps(exchange.url, answer), faults=tuple(faults))

    def _article(self, account: Account, at: datetime, row: Any) -> Article | str:
        """The appearance in one row, or what is wrong with the row."""
        if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in ("url", "title", "seendate")):
            return "no address, title or seendate"
        url, raw = row["url"].strip(), row["seendate"]
        seen = when(raw, seen=at)
        if not url.lower().startswith(("http://", "https://")) or not url_key(url):
            return f"url {url[:80]!r} is no http address"
        if seen is None:
            return f"seendate {raw[:40]!r} is no time ({url[:80]})"
        return article_of(
            self._rule, query_of(account, self._settings), key=url_key(url), outlet=outlet_of(url, self._settings.get("feeds")), url=url, title=joined(row["title"]),
            at=seen, raw=f"seendate {raw}", via="gdelt",
        )  # fmt: skip


def judge(answer: Answer) -> None:
    """Refuse what is no article list; GDELT's own refusals are plain text, mostly with status 200."""
    if answer.status not in (200, 429):
        return
    if "limit requests" in answer.text.lower():
        raise RateLimited(
            f"GDELT asks for fewer requests: {answer.text[:80]}",
            until=max(answer.now + REST, retry_at(answer.headers, answer.now) or answer.now),
            cure="gone on with by itself; if it stays, raise news.gdelt.pace in mecra.toml",
        )
    if answer.status == 200:
        article_list(answer.body)


def article_list(body: bytes) -> dict[str, Any]:
    """The answer, its rows under "articles"; raises Malformed for anything but an article list. `{}` is an empty one.

    GDELT writes control characters and stray backslashes into its titles; both are let pass.
    """
    text = body.decode("utf-8-sig", "replace").strip()
    shown = legible(" ".join(text[:160].split()))
    if not text:
        raise Malformed("an empty body with status 200", cure="tried again later; nothing was measured")
    if text[:1] == "<":
        raise Malformed(f"HTML with status 200: {shown}", cure="tried again later; a proxy or an outage page answers this way")
    if text[:1] != "{":
        raise Malformed(f"GDELT refuses the query: {shown}", cure="check news.gdelt.query in mecra.toml")
    try:
        value = from_json(ESCAPE.sub(lambda found: found[0] if found[1] else r"\\", text), strict=False)
    except ValueError:
        raise Malformed(f"no whole JSON: {shown}", cure="tried again later; nothing was measured") from None
    if value and not isinstance(value.get("articles"), list):
        raise Malformed(f"no article list: {shown}", cure="tried again later; nothing was measured")
    return {"articles": [], **value}


def joined(title: str) -> str:
    """A title without the blanks that GDELT's tokeniser puts around punctuation ("Belediyesi : İSKİ")."""
    title = re.sub(r"\s+(?=[.,:;!?)\]…](?:\s|$))", "", title)
    return " ".join(re.sub(r"(?<=[(\[])\s+|(?<=%)\s+(?=\d)", "", title).split())


def _reduced(rows: list[Any], since: datetime | None) -> bytes:
    """What is archived: the fields that are read, and what was wanted where GDELT reaches less far."""
    clean = [{name: row[name] for name in KEPT if name in row} if isinstance(row, dict) else None for row in rows]
    wanted = {} if since is None else {"wanted_since": to_text(since)}
    return json.dumps({"articles": clean, **wanted}, ensure_ascii=False, separators=(",", ":")).encode()


def _gaps(url: str, answer: Mapping[str, Any]) -> tuple[Gap, ...]:
    asked = parse_qs(urlsplit(url).query)
    start, end = _instant(asked["startdatetime"][0]), _instant(asked["enddatetime"][0])
    gaps = []
    if len(answer["articles"]) >= MOST and end - start <= NARROWEST:
        gaps.append(
            Gap("articles", f"GDELT's most ({MOST}) from {to_text(start)} to {to_text(end)}: there may be more", day=end.date())
        )
    if isinstance(wanted := answer.get("wanted_since"), str) and wanted:
        gaps.append(Gap("articles", f"wanted since {wanted}; GDELT reaches back to {to_text(start)}"))
    return tuple(gaps)


def _instant(stamp: str) -> datetime:
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
