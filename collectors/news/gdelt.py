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

from collectors.base import CollectError, Expired, Malformed, RateLimited
from collectors.http import Answer, Line, Outfit
from collectors.news.dates import when
from collectors.news.matching import Rule
from collectors.news.urls import outlet_of, url_key
from model import Account, Article, Exchange, Gap, Page, Records, Rung, Stream, Walk, to_text

ROOT, PATH = "https://api.gdeltproject.org", "/api/v2/doc/doc"
MOST = 250
PACE = 6.0
REACH = timedelta(days=90)
STEP, NARROWEST = timedelta(days=7), timedelta(minutes=15)
MOST_CUT = 4
REST = timedelta(minutes=10)
STAMP = "%Y%m%d%H%M%S"
KEPT = ("url", "title", "seendate", "domain", "language", "sourcecountry")
ESCAPE = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?')

Window = tuple[datetime, datetime]


class Gdelt:
    """Articles for a query. Windows that come back full are halved."""

    streams: ClassVar[Mapping[str, Stream]] = {"articles": Stream("articles", (Rung(timedelta(hours=6), timedelta(days=3)),))}

    def __init__(self, outfit: Outfit) -> None:
        self._settings = settings = outfit.settings
        line = Line(
            "gdelt", judge, roots={ROOT: settings.get("api_root", ROOT)}, json=False, pace=float(settings.get("pace", PACE))
        )
        self.door = outfit.door(line)

    @cached_property
    def _rule(self) -> Rule:
        return Rule.of(self._settings.get("rule"))

    def _query(self, account: Account) -> str:
        """The account's query as it is written, else the institution's name as a phrase."""
        name = str(self._settings.get("institution", "")).strip()
        if query := str(account.options.get("query") or "").strip() or (f'"{name}"' if name else ""):
            return query
        raise CollectError(
            "no query", at=account.account, cure="write query = '\"Örnek Belediyesi\"' under [news.gdelt] in mecra.toml"
        )

    def fetch(self, account: Account, stream: str, walk: Walk) -> Page:
        query = self._query(account)
        windows, cut = _from_cursor(walk)
        start, end = windows.pop(0)
        asked = {"query": query, "mode": "artlist", "format": "json", "maxrecords": str(MOST), "sort": "datedesc"}
        self.door.get(ROOT + PATH, params={**asked, "startdatetime": f"{start:{STAMP}}", "enddatetime": f"{end:{STAMP}}"})
        rows = article_list(self.door.last.body if self.door.last else b"")["articles"]
        out_of_reach = walk.since < _reach(walk) and walk.cursor is None
        self.door.keep_last(_reduced(rows, walk.since if out_of_reach else None))
        notes = [f"GDELT reaches back three months: nothing before {_reach(walk):%d.%m.%Y} was asked for"] if out_of_reach else []
        if len(rows) >= MOST and end - start > NARROWEST:
            middle = (start + (end - start) / 2).replace(microsecond=0)
            windows = [(middle, end), (start, middle - timedelta(seconds=1)), *windows]
        elif len(rows) < MOST:
            cut = 0
        else:
            cut += 1
            notes.append(
                f"GDELT answers {MOST} articles, its most, for {start:%d.%m.%Y %H:%M} to {end:%H:%M} UTC: there may be more"
            )
            if cut >= MOST_CUT:
                raise Malformed(
                    f"{cut} windows of {NARROWEST} in a row come back full ({MOST})",
                    at=account.account,
                    cure="make news.gdelt.query narrower; if it is narrow, GDELT ignores the window: tried again later",
                )
        return Page(_to_cursor(windows, cut), notes=tuple(notes))

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
        title = joined(row["title"])
        match = self._rule.match(title)
        return Article(
            key=url_key(url),
            outlet=outlet_of(url),
            url=url,
            title=title,
            published_at=seen,
            found_via="gdelt",
            matched=match.term if match else self._query(account),
            match_in=match.place if match else "body",
            status=match.status if match else "review",
            reason=match.reason if match else "GDELT found the words in the text; the title does not show them",
            published_raw=f"seendate {raw}",
            rule=self._rule.version,
        )


def judge(answer: Answer) -> None:
    """Refuse what is no article list; GDELT's own refusals are plain text, mostly with status 200."""
    if answer.status not in (200, 429):
        return
    if "limit requests" in answer.text.lower():
        raise RateLimited(
            f"GDELT asks for fewer requests: {answer.text[:80]}",
            until=answer.now + REST,
            cure="gone on with by itself; if it stays, raise news.gdelt.pace in mecra.toml",
        )
    if answer.status == 200:
        article_list(answer.body)


def article_list(body: bytes) -> dict[str, Any]:
    """The answer, its rows under "articles"; raises Malformed for anything but an article list. `{}` is an empty one.

    GDELT writes control characters and stray backslashes into its titles; both are let pass.
    """
    text = body.decode("utf-8-sig", "replace").strip()
    shown = " ".join(text[:160].split())
    if not text:
        raise Malformed("an empty body with status 200", cure="tried again later; nothing was measured")
    if text[:1] == "<":
        raise Malformed(f"HTML with status 200: {shown}", cure="tried again later; a proxy or an outage page answers this way")
    if text[:1] != "{":
        raise Malformed(f"GDELT refuses the query: {shown}", cure="check news.gdelt.query in mecra.toml")
    try:
        value = json.loads(ESCAPE.sub(lambda found: found[0] if found[1] else r"\\", text), strict=False)
    except (ValueError, RecursionError):
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
    if wanted := answer.get("wanted_since"):
        gaps.append(Gap("articles", f"wanted since {wanted}; GDELT reaches back three months", day=start.date()))
    return tuple(gaps)


def _reach(walk: Walk) -> datetime:
    return walk.started_at - REACH


def _from_cursor(walk: Walk) -> tuple[list[Window], int]:
    """The windows still to ask for, newest first, and how many came back full although they can't be halved."""
    if walk.cursor is None:
        since, end = max(walk.since, _reach(walk)), walk.started_at
        windows = []
        while end > since:
            windows.append((max(since, end - STEP), end))
            end -= STEP + timedelta(seconds=1)
        return windows or [(walk.since, walk.started_at)], 0
    try:
        state = json.loads(walk.cursor)
        stamps = [(_instant(start), _instant(end)) for start, end in state["windows"]]
        return [stamps[0], *stamps[1:]], int(state["cut"])
    except (ValueError, KeyError, TypeError, IndexError):
        raise Expired("the cursor can't be read", at="gdelt", cure="the walk starts again from the top by itself") from None


def _instant(stamp: str) -> datetime:
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)


def _to_cursor(windows: list[Window], cut: int) -> str | None:
    if not windows:
        return None
    return json.dumps({"windows": [[f"{start:{STAMP}}", f"{end:{STAMP}}"] for start, end in windows], "cut": cut})
