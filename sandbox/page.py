"""The invented municipality's own pages: `/page/bulten` lists the issues of its weekly bulletin, `/page/bulten.xml` is their feed.

An issue comes out on Friday at ten, in some weeks none does, and in one there are two. A function of the world alone.
"""

from __future__ import annotations

import email.utils
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from html import escape
from typing import TYPE_CHECKING

from sandbox.faults import Change, Reply, Request
from sandbox.world import ISTANBUL, World

if TYPE_CHECKING:
    from sandbox.server import Sandbox

FIRST_NUMBER = 101
MONTHS = ("Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık")
ITEM = re.compile(r"<li>.*?</li>\n|<item>.*?</item>\n", re.S)
HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One issue of “Örnek 7/24”."""

    number: int
    published_at: datetime

    @property
    def title(self) -> str:
        return f"Örnek 7/24 Haftalık Bülten, Sayı {self.number}"


def bulletins(world: World) -> Iterator[Bulletin]:
    """Every issue between the world's days, oldest first."""
    number = FIRST_NUMBER
    friday = world.start + timedelta(days=(4 - world.start.weekday()) % 7)
    weeks = (world.end - friday).days // 7 + 1 if friday < world.end else 0
    double = 1 + world.below(max(weeks - 1, 1), "bulletin", "double")
    for week in range(weeks):
        day = friday + timedelta(weeks=week)
        if day >= world.end or (week != double and world.below(9, "bulletin", day) == 0):
            continue
        for back in (3, 0) if week == double and weeks > 3 else (0,):
            at = datetime.combine(day - timedelta(days=back), time(10, world.below(50, "bulletin", day, back)), ISTANBUL)
            yield Bulletin(number, at)
            number += 1


def answer(box: Sandbox, request: Request) -> Reply:
    """The list at `request.now`, newest first; 304 where the reader has it; 404 for any other page."""
    shown = [one for one in bulletins(box.world) if one.published_at <= request.now][::-1]
    if request.path.startswith("/bulten/") or request.path not in ("/bulten", "/bulten.xml", "/yeni"):
        return Reply(404, raw="<html><body>Sayfa bulunamadı</body></html>".encode(), headers=HTML)
    raw = (_feed if request.path.endswith(".xml") else _page)(shown, request.base).encode()
    kind = {"Content-Type": "application/rss+xml"} if request.path.endswith(".xml") else HTML
    etag = f'"{hashlib.sha256(raw).hexdigest()[:16]}"'
    if request.headers.get("If-None-Match") == etag:
        return Reply(304, raw=b"", headers={"ETag": etag})
    return Reply(raw=raw, headers={**kind, "ETag": etag})


def address(base: str, bulletin: Bulletin) -> str:
    return f"{base}/page/bulten/{bulletin.number}"


def _page(shown: list[Bulletin], base: str) -> str:
    items = "".join(
        f'<li><a href="/page/bulten/{one.number}">{escape(one.title)}</a> <span class="tarih">{_day(one.published_at)}</span></li>\n'
        for one in shown
    )
    head = '<a href="/">Ana Sayfa</a> <a href="/page/baskan">Başkan</a> <a href="/page/haberler">Haberler</a>'
    return (
        f'<!DOCTYPE html>\n<html lang="tr"><head><title>Bültenler</title></head><body><nav>{head}</nav>\n<h1>Bültenlerimiz</h1>\n'
        f'<ul class="liste">\n{items}</ul>\n<footer>Örnek Belediyesi · <a href="mailto:bilgi@ornek.example">bilgi@ornek.example</a></footer></body></html>'
    )


def _feed(shown: list[Bulletin], base: str) -> str:
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{address(base, one)}</link>"
        f"<pubDate>{email.utils.format_datetime(one.published_at)}</pubDate></item>\n"
        for one in shown
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>Bültenler</title>\n{items}</channel></rss>'


def _day(at: datetime) -> str:
    local = at.astimezone(ISTANBUL)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year} {local:%H:%M}"


def _items(change: Callable[[list[str]], list[str]]) -> Change:
    """A change of the listed issues; what is around them stays."""

    def apply(request: Request, reply: Reply) -> Reply:
        text = (reply.raw or b"").decode()
        found = ITEM.findall(text)
        whole = [ITEM.split(text)[0], *change(found), ITEM.split(text)[-1]]
        return Reply(raw="".join(whole).encode(), headers={"Content-Type": reply.headers["Content-Type"]}) if found else reply

    return apply


def _shut(status: int, text: str) -> Change:
    return lambda request, reply: Reply(status, raw=text.encode(), headers=HTML)


def _moved(request: Request, reply: Reply) -> Reply:
    return reply if request.path == "/yeni" else Reply(301, raw=b"", headers={"Location": f"{request.base}/page/yeni"})


FAULTS: dict[str, Change] = {
    "error-200": lambda q, r: Reply(200, raw=b"Error establishing a database connection", headers={"Content-Type": "text/plain"}),
    "html-challenge": _shut(403, "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>"),
    "gone": _shut(410, "<html><body>Bu sayfa kaldırıldı</body></html>"),
    "no-rows": lambda q, r: Reply(raw=(_feed if q.path.endswith(".xml") else _page)([], q.base).encode(), headers=HTML),
    "duplicate-ids": _items(lambda items: [item for item in items for _ in range(2)]),
    "missing-key": _items(lambda items: [re.sub(r"<a [^>]*>|</a>|<link>.*?</link>", "", items[0]), *items[1:]]),
    "vanished-post": _items(lambda items: items[1:]),
    "undated": _items(lambda items: [re.sub(r"<span.*?</span>|<pubDate>.*?</pubDate>", "", item) for item in items]),
    "half-feed": lambda q, r: replace(r, raw=(r.raw or b"")[: len(r.raw or b"") // 2]),
    "redirect-moved": _moved,
    "redirect-private": lambda q, r: Reply(302, raw=b"", headers={"Location": "http://169.254.169.254/latest/meta-data/"}),
}
