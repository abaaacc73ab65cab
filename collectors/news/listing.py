"""The links of an HTML page, each with what it is called there and the date that stands by it. In time that grows with the page.

What belongs to a link is what its innermost elements hold as long as they lead nowhere else: a list item, a table row, a card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import unescape
from itertools import islice
from urllib.parse import unquote, urljoin, urlsplit

from collectors.dates import when
from collectors.news.encoding import to_utf8
from collectors.news.parsing import LONGEST_NAME, LONGEST_TITLE, UNSEEN, plain
from collectors.news.urls import joined, url_key

MOST_PIECES, MOST_LINKS, MOST_DEPTH, LONGEST_BLOCK = 200_000, 2000, 200, 600
PIECE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>|[^<]+|<")
ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,40})\s*=\s*(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'>]{1,2000}))""")
LINE = "br"  # from one line break to the next
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
# Opening one of these ends the open one of its kind, as far as the elements that may hold several. A <dt> lasts to the next one.
SIBLINGS = {
    "li": "ul ol", "tr": "table", "td": "tr", "th": "tr", "dt": "dl", "p": "div td li article section", "a": "body", "option": "select",
}  # fmt: skip
# They hold items, and are none.
LISTS = frozenset(["html", "body", "main", "table", "tbody", "thead", "ul", "ol", "dl", "select", "nav", "header", "footer"])
DATE = re.compile(
    r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-]20\d\d(?!\d)(?: \d{1,2}:\d\d)?"
    r"|(?<!\d)20\d\d-\d\d-\d\d(?!\d)(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|(?<!\d)\d{1,2} [^\W\d]{3,9}\.?,? 20\d\d(?!\d)(?:,? \d{1,2}:\d\d)?"
)
IN_ADDRESS = re.compile(r"(?<!\d)(?:20\d\d[/-]\d\d?[/-]\d\d?|\d\d?[.-]\d\d?[.-]20\d\d)(?!\d)")
SHARES = re.compile(r"sharer|/share\b|/intent/|^https?://(?:wa\.me|api\.whatsapp\.com|t\.me/share)", re.I)


@dataclass(frozen=True, slots=True)
class Link:
    """Where it leads; the names that the page gives it, nearest first; the date by it, as written, empty where there is none."""

    url: str
    names: tuple[str, ...]
    date: str = ""


@dataclass(slots=True)
class _Block:
    """An open element: its text as far as it may be that of one item, and the one address that it leads to."""

    tag: str
    text: list[str] = field(default_factory=list)
    length: int = 0
    date: str = ""
    key: str = ""
    several: bool = False

    def add(self, text: str) -> None:
        if self.length <= LONGEST_BLOCK:
            self.text.append(text)
            self.length += len(text)


def links(body: bytes, content_type: str, url: str, *, seen: datetime) -> list[Link]:
    """The links of the page, each address once, in the page's order. A date that lies after `seen` is not believed."""
    reader = _Reader(url, seen)
    text = UNSEEN.sub(" ", to_utf8(body, content_type).decode())
    for piece in islice(PIECE.finditer(text), MOST_PIECES):
        if piece[2] is None:
            reader.text(piece[0])
        elif piece[1]:
            reader.close(piece[2].lower())
        else:
            reader.open(piece[2].lower(), piece[3])
    return list(reader.found())


class _Reader:
    def __init__(self, url: str, seen: datetime) -> None:
        self._base, self._own, self._seen = url, url_key(url), seen
        self._open = [_Block("html")]
        self._names: dict[str, list[str]] = {}
        self._urls: dict[str, str] = {}
        self._dates: dict[str, str] = {}
        self._keys: dict[str, str] = {}

    def text(self, markup: str) -> None:
        if text := plain(markup[:LONGEST_NAME]):
            self._open[-1].add(text)

    def open(self, tag: str, attributes: str) -> None:
        known = {found[1].lower(): unescape(found[2] or found[3] or found[4] or "") for found in ATTRIBUTE.finditer(attributes)}
        if tag in SIBLINGS:
            self._end_sibling(tag)
        if tag in ("br", "hr"):
            self._end_line()
        elif tag == "base" and known.get("href"):
            self._base = joined(self._base, known["href"], self._base)
        elif tag == "img" and known.get("alt"):
            self._open[-1].add(plain(known["alt"]))
        if tag in VOID or (attributes.endswith("/") and tag != "a") or len(self._open) >= MOST_DEPTH:
            return
        block = _Block(tag, key=self._led_to(known.get("href", "")) if tag == "a" else "")
        stamp = known.get("datetime") or known.get("data-date") or ""
        block.date = stamp if when(stamp, seen=self._seen) else ""
        if block.key:
            named = [plain(known.get(name, ""))[:LONGEST_TITLE] for name in ("title", "aria-label")]
            self._names.setdefault(block.key, []).extend(filter(None, named))
        self._open.append(block)

    def close(self, tag: str) -> None:
        """End the innermost open element of that name, and what was left open in it."""
        if tag == "dt":
            return
        if block := next((one for one in reversed(self._open[1:]) if one.tag == tag), None):
            self.close_until(block)

    def found(self) -> Iterator[Link]:
        while len(self._open) > 1:
            self._end()
        for key, url in self._urls.items():
            names = sorted(dict.fromkeys(self._names.get(key, ())), key=len)
            yield Link(url, tuple(names), self._dates.get(key) or self._in_address(url))

    def _led_to(self, href: str) -> str:
        """The key of the address, empty for what is no other page."""
        if href not in self._keys:
            self._keys[href] = self._key_of(href)
        return self._keys[href]

    def _key_of(self, href: str) -> str:
        try:
            url = urljoin(self._base, "".join(href.split()))
            parts = urlsplit(url)
        except ValueError:
            return ""
        if not href.strip() or parts.scheme not in ("http", "https") or not parts.hostname or SHARES.search(url):
            return ""
        key = url_key(url)
        if key == self._own or (key not in self._urls and len(self._urls) >= MOST_LINKS):
            return ""
        self._urls.setdefault(key, url[:LONGEST_NAME])
        return key

    def _end_sibling(self, tag: str) -> None:
        holders = SIBLINGS[tag].split()
        for block in reversed(self._open[1:]):
            if block.tag == tag:
                self.close_until(block)
            if block.tag == tag or block.tag in holders:
                return

    def close_until(self, block: _Block) -> None:
        """End an open element, and what is open in it."""
        while self._end() is not block:
            pass

    def _end_line(self) -> None:
        """A line with a link and a date is an item too."""
        if self._open[-1].tag == LINE:
            self._end()
        else:
            self._settle(replace(self._open[-1], tag=LINE))
        self._open.append(_Block(LINE))

    def _end(self) -> _Block:
        """Give the innermost element's address what it holds, and what it holds to the one around it."""
        block = self._open.pop()
        self._settle(block)
        around = self._open[-1]
        around.several |= block.several or bool(around.key and block.key and around.key != block.key)
        around.key = around.key or block.key
        around.date = around.date or block.date
        around.add(" ".join(block.text))
        return block

    def _settle(self, block: _Block) -> None:
        if not block.key or block.several or block.tag in LISTS or block.length > LONGEST_BLOCK:
            return
        text = " ".join(" ".join(block.text).split())
        if text:
            self._names.setdefault(block.key, []).append(text[:LONGEST_TITLE])
        if block.key not in self._dates and (date := block.date or self._in_text(text)):
            self._dates[block.key] = date

    def _in_text(self, text: str) -> str:
        written = (found[0] for found in DATE.finditer(text))
        return next((date for date in map(_dotted, written) if when(date, seen=self._seen)), "")

    def _in_address(self, url: str) -> str:
        written = (found[0].replace("/", "-") for found in IN_ADDRESS.finditer(unquote(urlsplit(url).path)))
        return next((date for date in map(_dotted, written) if when(date, seen=self._seen)), "")


def _dotted(date: str) -> str:
    """A day that is written `6-3-2026`, as `6.3.2026`."""
    return re.sub(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})", r"\1.\2.\3", date)
