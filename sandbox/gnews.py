"""Google News' RSS search: at most 100 items for a phrase between two days, under links that don't say where they lead.

Facts: yt_news 13.
"""

from __future__ import annotations

import base64
import email.utils
import hashlib
import re
from datetime import UTC, date, datetime, time, timedelta
from html import escape
from typing import TYPE_CHECKING

from sandbox.faults import Change, Reply, Request
from sandbox.press import BY_SLUG, PressItem, mentioning
from sandbox.rss_faults import ITEMS
from sandbox.world import ISTANBUL

if TYPE_CHECKING:
    from sandbox.server import Sandbox

MOST = 100
TERMS = "This RSS feed URL is made available solely for the purpose of rendering results within a personal feed reader."


def answer(box: Sandbox, request: Request) -> Reply:
    """The newest items that hold one of the quoted phrases, published from `after:` to before `before:`."""
    if request.path != "/rss/search":
        return Reply(404, raw=b"<html><body>404</body></html>", headers={"Content-Type": "text/html"})
    query = request.query.get("q", "")
    phrases = tuple(re.findall(r'"([^"]+)"', query))
    after, before = (_bound(query, word) for word in ("after", "before"))
    found = [
        item
        for item in mentioning(box.world, phrases)
        if item.published_at <= request.now
        and (after is None or item.published_at >= after)
        and (before is None or item.published_at < before)
    ]
    return Reply(raw=written(query, found[-MOST:][::-1]), headers={"Content-Type": "application/xml; charset=utf-8"})


def written(query: str, found: list[PressItem]) -> bytes:
    rows = "".join(_row(item) for item in found)
    head = f"<generator>NFE/5.0</generator><title>{escape(query)} - Google Haberler</title><language>tr</language>"
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{head}<copyright>{TERMS}</copyright>{rows}</channel></rss>'.encode()


def guid(item: PressItem) -> str:
    """An id that leads nowhere offline, as Google's have been since 2024."""
    return "CBMi" + base64.urlsafe_b64encode(hashlib.sha256(f"{item.outlet}/{item.number}".encode()).digest()).decode().rstrip("=")


def _row(item: PressItem) -> str:
    name = BY_SLUG[item.outlet].name
    title, link = escape(f"{item.title} - {name}"), f"https://news.google.com/rss/articles/{guid(item)}?oc=5"
    shown = escape(f'<a href="{link}" target="_blank">{title}</a>&nbsp;&nbsp;<font color="#6f6f6f">{name}</font>')
    published = email.utils.format_datetime(item.published_at, usegmt=True)
    return (
        f'<item><title>{title}</title><link>{link}</link><guid isPermaLink="false">{guid(item)}</guid><pubDate>{published}</pubDate>'
        f'<description>{shown}</description><source url="https://{item.host}">{name}</source></item>'
    )


def _bound(query: str, word: str) -> datetime | None:
    found = re.search(rf"\b{word}:(\d{{4}}-\d\d-\d\d)", query)
    return datetime.combine(date.fromisoformat(found[1]), time(), ISTANBUL).astimezone(UTC) if found else None


def _always_full(request: Request, reply: Reply) -> Reply:
    query = request.query.get("q", "")
    end = _bound(query, "before") or request.now
    row = PressItem("marmara-postasi", 0, end - timedelta(minutes=1), "Örnek Belediyesi açıkladı", "", "", "counted")
    return Reply(raw=written(query, [row] * MOST), headers={"Content-Type": "application/xml; charset=utf-8"})


def _page(status: int, text: str) -> Change:
    return lambda request, reply: Reply(status, raw=text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


FAULTS: dict[str, Change] = {
    **ITEMS,
    "full-window": _always_full,
    "consent-wall": lambda q, r: Reply(302, raw=b"", headers={"Location": "https://consent.google.com/ml?continue=x"}),
    "sorry-page": _page(429, "<html><head><title>Sorry...</title></head><body>unusual traffic</body></html>"),
    "half-feed": lambda q, r: Reply(200, raw=(r.raw or b"")[: len(r.raw or b"") // 2], headers=r.headers),
    "no-source": lambda q, r: Reply(200, raw=re.sub(rb"<source.*?</source>", b"", r.raw or b"", count=1), headers=r.headers),
}
