"""The publishers' feeds: `/feeds/<outlet>.xml`, thirty newest items, each outlet with its own format, encoding and dates."""

from __future__ import annotations

import email.utils
import hashlib
from datetime import datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

from model import from_text
from sandbox.faults import Change, Reply, Request
from sandbox.press import BY_SLUG, Outlet, PressItem, visible
from sandbox.rss_faults import ITEMS
from sandbox.world import ISTANBUL

if TYPE_CHECKING:
    from sandbox.server import Sandbox

NEWEST = 30
MONTHS = ["Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"]
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "rdf": "text/xml"}


def answer(box: Sandbox, request: Request) -> Reply:
    """The feed at `request.now`; 304 when either validator still holds; 404 for a feed that there is none of."""
    outlet = BY_SLUG.get(request.path.removeprefix("/moved").strip("/").removesuffix(".xml"))
    if outlet is None:
        return Reply(404, raw=b"<html><body>404</body></html>", headers={"Content-Type": "text/html"})
    at = _frozen_at(box, request) or request.now
    shown = visible(box.world, outlet.slug, at)[:NEWEST]
    raw = written(outlet, shown, at)
    changed = max((item.edited_at if item.edited_at and item.edited_at <= at else item.published_at for item in shown), default=at)
    etag, modified = f'"{hashlib.sha256(raw).hexdigest()[:16]}"', email.utils.format_datetime(changed, usegmt=True)
    headers = {"Content-Type": _content_type(outlet), "ETag": etag, "Last-Modified": modified}
    if outlet.max_age is not None:
        headers["Cache-Control"] = f"public, max-age={outlet.max_age}"
    asked = request.headers.get("If-None-Match")
    same = asked == etag if asked else request.headers.get("If-Modified-Since") == modified
    return Reply(304, raw=b"", headers=headers) if same else Reply(200, raw=raw, headers=headers)


def written(outlet: Outlet, shown: tuple[PressItem, ...], at: datetime) -> bytes:
    """The feed's bytes. A title that the encoding can't hold is sent as character references, as real systems do."""
    body = {"rss": _rss, "atom": _atom, "rdf": _rdf}[outlet.form](outlet, shown, at)
    declared = f' encoding="{outlet.encoding}"' if outlet.declares else ""
    text = f'<?xml version="1.0"{declared}?>\n{body}'
    return text.encode(outlet.encoding, "xmlcharrefreplace")


def _content_type(outlet: Outlet) -> str:
    return TYPES[outlet.form] + (f"; charset={outlet.encoding}" if outlet.declares and outlet.form != "rdf" else "")


def _link(outlet: Outlet, item: PressItem, at: datetime) -> str:
    url = item.url_at(at)
    if outlet.tracks:
        url += ("&" if "?" in url else "?") + "utm_source=rss&utm_medium=feed"
    return escape(url)


def _rss(outlet: Outlet, shown: tuple[PressItem, ...], at: datetime) -> str:
    rows = "".join(
        f"<item><title>{escape(item.title_at(at))}</title><link>{_link(outlet, item, at)}</link>"
        f'<guid isPermaLink="false">{outlet.slug}:{item.number}</guid><pubDate>{_date(outlet, item.published_at)}</pubDate>'
        f"<description><![CDATA[<p>{escape(item.summary)}</p>]]></description></item>\n"
        for item in shown
    )
    head = f"<title>{escape(outlet.name)}</title><link>https://{outlet.host}/</link><language>tr</language>"
    return f'<rss version="2.0"><channel>{head}\n{rows}</channel></rss>'


def _atom(outlet: Outlet, shown: tuple[PressItem, ...], at: datetime) -> str:
    rows = "".join(
        f'<entry><title type="text">{escape(item.title_at(at))}</title><link rel="alternate" href="{_link(outlet, item, at)}"/>'
        f"<id>tag:{outlet.host},{item.number}</id><published>{_date(outlet, item.published_at)}</published>"
        f"<updated>{_date(outlet, item.published_at)}</updated><summary>{escape(item.summary)}</summary></entry>\n"
        for item in shown
    )
    head = f"<title>{escape(outlet.name)}</title><id>https://{outlet.host}/</id><updated>{_date(outlet, at)}</updated>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{head}\n{rows}</feed>'


def _rdf(outlet: Outlet, shown: tuple[PressItem, ...], at: datetime) -> str:
    rows = "".join(
        f'<item rdf:about="{_link(outlet, item, at)}"><title>{escape(item.title_at(at))}</title><link>{_link(outlet, item, at)}</link>'
        f"<description>{escape(item.summary)}</description><dc:date>{_date(outlet, item.published_at)}</dc:date></item>\n"
        for item in shown
    )
    spaces = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://purl.org/rss/1.0/"'
    head = f'<channel rdf:about="https://{outlet.host}/"><title>{escape(outlet.name)}</title><link>https://{outlet.host}/</link></channel>'
    return f"<rdf:RDF {spaces}>{head}\n{rows}</rdf:RDF>"


def _date(outlet: Outlet, at: datetime) -> str:
    local = at.astimezone(ISTANBUL)
    english = email.utils.format_datetime(local)
    return {
        "zone": english,
        "iso": local.isoformat(),
        "gmt": email.utils.format_datetime(at, usegmt=True),
        "naive": f"{local:%Y-%m-%d %H:%M:%S}",
        "turkish": f"{local.day} {MONTHS[local.month - 1]} {local.year} {local:%H:%M:%S}",
        "dotted": f"{local:%d.%m.%Y %H:%M:%S}",
        "short-year": english.replace(f" {local.year} ", f" {local.year % 100:02} "),
    }[outlet.dates]


def _frozen_at(box: Sandbox, request: Request) -> datetime | None:
    """Since when this feed stands still, where the fault `frozen` is on."""
    where = f"feeds{request.path}"
    if not any(fault.name == "frozen" and fault.match in where for fault in box.faults):
        return None
    return from_text(box.state.setdefault(f"frozen {where}", request.now.isoformat()))


def _refilled(request: Request, reply: Reply) -> Reply:
    """Thirty items that nobody has seen before: the feed has rolled over since the last look."""
    outlet = BY_SLUG.get(request.path.strip("/").removesuffix(".xml"))
    if outlet is None:
        return reply
    last = int(request.now.timestamp()) // 60 % 900_000 * 100
    shown = tuple(
        PressItem(outlet.slug, last + 99 - i, request.now - timedelta(minutes=1 + i), f"Son dakika: {last + i}", "", "", "none")
        for i in range(NEWEST)
    )
    return Reply(200, raw=written(outlet, shown, request.now), headers={"Content-Type": _content_type(outlet)})


def _halved(request: Request, reply: Reply) -> Reply:
    raw = reply.raw or b""
    return Reply(200, raw=raw[: len(raw) // 2], headers=reply.headers)


def _mislabelled(request: Request, reply: Reply) -> Reply:
    outlet = BY_SLUG.get(request.path.strip("/").removesuffix(".xml"))
    text = (reply.raw or b"").decode(outlet.encoding if outlet else "utf-8", "replace")
    declared = text.replace(text.split("\n", 1)[0], '<?xml version="1.0" encoding="utf-8"?>', 1)
    return Reply(
        reply.status, raw=declared.encode("cp1254", "xmlcharrefreplace"), headers={"Content-Type": "text/xml; charset=utf-8"}
    )


def _another_encoding(request: Request, reply: Reply) -> Reply:
    """The publisher has a new system: the feed is in Windows-1254 from now on, and says so."""
    outlet = BY_SLUG.get(request.path.strip("/").removesuffix(".xml"))
    if outlet is None or reply.status != 200:
        return reply
    text = (reply.raw or b"").decode(outlet.encoding)
    declared = text.replace(text.split("\n", 1)[0], '<?xml version="1.0" encoding="windows-1254"?>', 1)
    headers = {**reply.headers, "Content-Type": "text/xml; charset=windows-1254"}
    return Reply(200, raw=declared.encode("cp1254", "xmlcharrefreplace"), headers=headers)


def _redirect(target: str, status: int = 302) -> Change:
    return lambda request, reply: Reply(status, raw=b"", headers={"Location": target.format(path=request.path, base=request.base)})


def _page(status: int, text: str) -> Change:
    return lambda request, reply: Reply(status, raw=text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "haber">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b']><rss version="2.0"><channel><title>&j;</title></channel></rss>'
)
FAULTS: dict[str, Change] = {
    **ITEMS,
    "html-challenge": _page(403, "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking</body></html>"),
    "gone": _page(410, "<html><body>Bu yayın kaldırıldı</body></html>"),
    "not-found": _page(404, "<html><body>Sayfa bulunamadı</body></html>"),
    "half-feed": _halved,
    "rolled-over": _refilled,
    "frozen": lambda request, reply: reply,
    "mislabelled": _mislabelled,
    "another-encoding": _another_encoding,
    "no-items": lambda q, r: Reply(200, raw=b'<rss version="2.0"><channel><title>x</title></channel></rss>'),
    "redirect-private": _redirect("http://10.0.0.1/rss.xml"),
    "redirect-metadata": _redirect("http://169.254.169.254/latest/meta-data/"),
    "redirect-file": _redirect("file:///etc/passwd"),
    "redirect-loop": _redirect("{base}/feeds{path}"),
    "redirect-moved": lambda q, r: r if q.path.startswith("/moved") else _redirect("{base}/feeds/moved{path}", 301)(q, r),
    "bomb": lambda q, r: Reply(200, raw=BOMB, headers={"Content-Type": "text/xml"}),
}
