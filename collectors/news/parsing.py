"""A feed's bytes into entries: whatever the bytes are, in bounded time and memory, and without reaching anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from html.entities import html5
from typing import Any
from urllib.parse import urlsplit

from collectors.news.encoding import to_utf8
from collectors.news.tolerant import Unreadable, read_tolerantly
from collectors.news.xmlfeed import MOST_DEPTH, MOST_ITEMS, IllFormed, NoFeed, RawFeed, RawItem, read_strictly
from model import legible

LONGEST_SUMMARY, LONGEST_TITLE, LONGEST_NAME = 500, 300, 2000
BLOCK = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|t[rdh]|table|img|hr|blockquote|figure|figcaption)\b[^<>]*>", re.I)
UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.I | re.S)
TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>")
ORDINARY = re.compile(r"https?://[\w.-]+(?:/\S*)?")
CUT_TAG = re.compile(r"<[a-zA-Z/][^<>]*\Z")
C1 = re.compile("[\x80-\x9f]")
MANGLED = re.compile("[\u00c3-\u00c5\u00e2][\u0080-\u00bf\u0152-\u2122]")
ELEMENT = re.compile(rb"<[a-zA-Z]")
HTML = re.compile(rb"(?>\s+|<!--.*?-->)*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
PROLOG = 65536
MOST_REPAIRS = 20_000
# An ampersand that XML can't read, outside of CDATA: bare, or before a name that only HTML knows.
AMPERSAND = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(\w{2,31};)?", re.S)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item in plain text. `link` is absolute or empty, `published` as the feed writes it, `summary` cut at 500."""

    id: str
    link: str
    title: str
    summary: str = ""
    published: str = ""
    source: str = ""
    source_url: str = ""


def entry_of(row: Any) -> Entry:
    """An entry as it was archived, without what is empty; raises TypeError for a row that is none."""
    entry = Entry(**{"id": "", "link": "", "title": "", **row})
    if not all(isinstance(value, str) for value in row.values()):
        raise TypeError("an entry is made of texts")
    return entry


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed's bytes hold. `half`: they end before the feed does; `more`: there are more than the 500 items read."""

    title: str
    entries: tuple[Entry, ...]
    half: bool = False
    more: bool = False
    dropped: int = 0


def parse(body: bytes, content_type: str = "", url: str = "") -> Feed:
    """The feed in `body`; raises NoFeed, with the reason, where there is none (empty, HTML, hostile, not to be repaired)."""
    if not body.strip():
        raise NoFeed("an empty body")
    clean = to_utf8(body, content_type)
    root = ELEMENT.search(clean)
    prolog = clean[: min(root.start(), PROLOG) if root else PROLOG].lower()
    if b"<!entity" in prolog[prolog.find(b"<!doctype") :]:
        raise NoFeed("it declares entities, which no honest feed does")
    if HTML.match(clean[:PROLOG]):
        raise NoFeed("an HTML page")
    if not clean.startswith(b"<"):
        raise NoFeed("no XML")
    raw = _raw(clean, url)
    entries = [entry for item in raw.items if (entry := _entry(item)).title or entry.link]
    return Feed(plain(raw.title)[:LONGEST_TITLE], tuple(entries), not raw.whole, raw.more, len(raw.items) - len(entries))


def plain(markup: str) -> str:
    """Text without tags, entities and superfluous blanks."""
    if "<" in markup:
        markup = CUT_TAG.sub("", TAG.sub("", BLOCK.sub(" ", UNSEEN.sub(" ", markup))))
    text = " ".join(unescape(markup).split())
    return _legible(text if text.isascii() else _unmangled(text))


def _unmangled(text: str) -> str:
    """Text that somebody encoded twice (`Ä°stanbul`), or whose apostrophes are of another code page, as it was meant."""
    if MANGLED.search(text):
        for codec in ("latin-1", "cp1252"):
            try:
                return text.encode(codec).decode("utf-8")
            except UnicodeError:
                continue
    if C1.search(text):
        return C1.sub(lambda sign: sign[0].encode("latin-1").decode("cp1254", "replace"), text)
    return text


def _raw(clean: bytes, url: str) -> RawFeed:
    try:
        return read_strictly(clean, url)
    except IllFormed:
        pass
    if clean.count(b"&") <= MOST_REPAIRS:
        try:
            return read_strictly(AMPERSAND.sub(_repaired, clean), url)
        except IllFormed:
            pass
    try:
        found = read_tolerantly(clean, url, most_items=MOST_ITEMS, most_depth=MOST_DEPTH)
    except Unreadable as error:
        raise NoFeed(str(error)) from None
    if not found["version"] and not found["items"]:
        raise NoFeed("no feed, and not well-formed")
    items = []
    for item in found["items"][:MOST_ITEMS]:
        values = {name: str(item[name]) for name in ("id", "link", "title", "summary", "published", "source") if item[name]}
        items.append(RawItem(values, set(item["literal"]), source_url=str(item["source_url"])))
    return RawFeed(str(found["title"]), items, more=len(found["items"]) >= MOST_ITEMS)


def _repaired(found: re.Match[bytes]) -> bytes:
    if found[0].startswith(b"<"):
        return found[0]
    name = (found[1] or b"").decode("utf-8", "replace")
    return html5[name].encode() if name in html5 else b"&amp;" + (found[1] or b"")


def _entry(item: RawItem) -> Entry:
    values = item.values
    published = values.get("published") or values.get("updated") or values.get("created", "")
    link = _http(values.get("link", "").replace("&amp;", "&"))
    return Entry(
        id=_legible(values.get("id", ""))[:LONGEST_NAME],
        link=link,
        title=_text(item, "title")[:LONGEST_TITLE],
        summary=(_text(item, "summary") or _text(item, "content"))[:LONGEST_SUMMARY],
        published=plain(published)[:80],
        source=plain(values.get("source", ""))[:LONGEST_TITLE],
        source_url=_http(item.source_url),
    )


def _text(item: RawItem, name: str) -> str:
    value = item.values.get(name, "")[: 40 * LONGEST_SUMMARY]
    return plain(escape(value, quote=False) if name in item.literal else value)


def _legible(text: str) -> str:
    return text if text.isprintable() else legible(text)


def _http(link: str) -> str:
    """The address, where a browser would open it; empty for anything else."""
    link = _legible(link)
    if ORDINARY.fullmatch(link):
        return link[:LONGEST_NAME]
    link = "".join(link.split())
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return link[:LONGEST_NAME] if parts.scheme in ("http", "https") and parts.hostname else ""
