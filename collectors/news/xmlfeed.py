"""RSS, RDF and Atom as the standards have them, read with expat: fast, and unable to reach outside its bytes.

What is not well-formed is left to the tolerant reader. No entity is ever declared, so none can grow or read a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from html.entities import html5
from typing import Any
from xml.parsers import expat

from collectors.news.urls import joined

MOST_ITEMS = 500
MOST_DEPTH = 100
MOST_PIECES = 20_000

ATOM = frozenset({"http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "http://example.com/newformat#"})
PLAIN = frozenset({
    "", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/", "http://channel.netscape.com/rdf/simple/0.9/",
    "http://backend.userland.com/rss2", "http://blogs.law.harvard.edu/tech/rss", "http://my.netscape.com/publish/formats/rss-0.91.dtd",
    "http://purl.org/net/rss1.1#", "http://backend.userland.com/rss", "http://purl.org/rss/2.0", "http://www.rssboard.org/rss-specification",
}) | ATOM  # fmt: skip
DUBLIN = frozenset({"http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"})
CONTENT = "http://purl.org/rss/1.0/modules/content/"
XHTML = "http://www.w3.org/1999/xhtml"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
BASE = "http://www.w3.org/XML/1998/namespace base"

ROOTS = frozenset({"rss", "RDF", "feed", "rdf"})
FIELDS = {
    "title": "title", "link": "link", "guid": "id", "id": "id", "pubDate": "published", "published": "published",
    "issued": "published", "updated": "updated", "modified": "updated", "date": "updated", "created": "created",
    "description": "summary", "summary": "summary", "encoded": "content", "content": "content", "fullitem": "content", "body": "content", "source": "source",
}  # fmt: skip
CUT_SHORT = frozenset({expat.errors.codes[text] for text in (
    expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN, expat.errors.XML_ERROR_PARTIAL_CHAR,
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION)})  # fmt: skip
JUNK_AFTER_END = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]


class NoFeed(Exception):
    """These bytes are no feed, or one that nobody should read; the text says why."""


class IllFormed(Exception):
    """Not XML, so that nothing can be said of the rest."""


class _Enough(Exception):
    pass


@dataclass
class RawItem:
    """One item as written: markup still in `title` and `summary`, except where `literal` says that it is text."""

    values: dict[str, str] = field(default_factory=dict)
    literal: set[str] = field(default_factory=set)
    permalink: str = ""
    source_url: str = ""


@dataclass
class RawFeed:
    """A feed's title and items in its own order. `whole` is False where the bytes end before the feed does."""

    title: str = ""
    items: list[RawItem] = field(default_factory=list)
    whole: bool = True
    more: bool = False


def read_strictly(body: bytes, url: str = "") -> RawFeed:
    """The feed in clean UTF-8 bytes; raises IllFormed or NoFeed. At most 500 items; links are made absolute."""
    reader = _Reader(url)
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = 65536
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.SkippedEntityHandler = reader.text, reader.skipped
    parser.EntityDeclHandler = reader.declared
    try:
        parser.Parse(body, True)
    except _Enough:
        reader.feed.more = True
    except expat.ExpatError as error:
        if error.code in CUT_SHORT and reader.depth:
            reader.feed.whole = False
        elif error.code != JUNK_AFTER_END:
            raise IllFormed(str(error)) from None
    return reader.feed


class _Reader:
    def __init__(self, url: str) -> None:
        self.feed, self.depth = RawFeed(), 0
        self._item: RawItem | None = None
        self._item_depth = self._field_depth = 0
        self._field = self._kind = ""
        self._text: list[str] = []
        self._bases = [(0, url)]
        self._channel_depth = 1

    def start(self, name: str, attrs: Mapping[str, str]) -> None:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise NoFeed(f"elements nested more than {MOST_DEPTH} deep")
        space, _, local = name.rpartition(" ")
        if self.depth == 1 and local not in ROOTS:
            raise NoFeed("an HTML page" if local.lower() == "html" else f"no feed: it begins with <{local[:40]}>")
        if BASE in attrs:
            self._bases.append((self.depth, joined(self._bases[-1][1], attrs[BASE].strip(), self._bases[-1][1])))
        if self._field:
            self._markup(f"<{local}>")
        elif self._item is not None:
            if self.depth == self._item_depth + 1:
                self._open(space, local, attrs)
        elif local in ("item", "entry") and space in PLAIN:
            self._begin(attrs)
        elif local == "channel" and self.depth == 2:
            self._channel_depth = 2
        elif local == "title" and space in PLAIN and self.depth == self._channel_depth + 1 and not self.feed.title:
            self._collect("title", "html")

    def end(self, name: str) -> None:
        if self._field:
            if self.depth == self._field_depth:
                self._close()
            else:
                self._markup(f"</{name.rpartition(' ')[2]}>")
        elif self._item is not None and self.depth == self._item_depth:
            if self._item.permalink:
                self._item.values.setdefault("link", self._item.permalink)
            self.feed.items.append(self._item)
            self._item = None
        while self._bases[-1][0] == self.depth:
            self._bases.pop()
        self.depth -= 1

    def text(self, data: str) -> None:
        if self._field and len(self._text) < MOST_PIECES:
            self._text.append(escape(data, quote=False) if self._kind in ("xhtml", "application/xhtml+xml") else data)

    def _markup(self, tag: str) -> None:
        if len(self._text) < MOST_PIECES:
            self._text.append(tag)

    def skipped(self, name: str, is_parameter: bool) -> None:
        if self._field and not is_parameter:
            self._text.append(html5.get(f"{name};", f"&{name};"))

    def declared(self, *_: Any) -> None:
        raise NoFeed("it declares entities, which no honest feed does")

    def _begin(self, attrs: Mapping[str, str]) -> None:
        if len(self.feed.items) >= MOST_ITEMS:
            raise _Enough
        self._item, self._item_depth = RawItem(), self.depth
        if about := attrs.get(f"{RDF} about", "").strip():
            self._item.values["id"] = about

    def _open(self, space: str, local: str, attrs: Mapping[str, str]) -> None:
        assert self._item is not None
        known = FIELDS.get(local) if self._ours(space, local) else None
        if known is None:
            return
        if known == "link" and "href" in attrs:
            if attrs.get("rel", "alternate") == "alternate" and attrs.get("type", "text/html") in (
                "text/html",
                "application/xhtml+xml",
            ):
                self._item.values.setdefault("link", self._absolute(attrs["href"]))
            return
        kind = attrs.get("type", "text") if space in ATOM else "html"
        if local == "guid":
            kind = "permalink" if attrs.get("isPermaLink", "true").strip().lower() != "false" else ""
        elif local == "source":
            self._item.source_url = attrs.get("url", "").strip()
        self._collect(known, kind)

    def _ours(self, space: str, local: str) -> bool:
        if local in ("encoded", "body"):
            return space == (CONTENT if local == "encoded" else XHTML)
        if local == "source":
            return space in PLAIN and space not in ATOM
        return space in PLAIN or space in DUBLIN

    def _collect(self, name: str, kind: str) -> None:
        self._field, self._field_depth, self._kind = name, self.depth, kind
        self._text = []

    def _close(self) -> None:
        name, value = self._field, "".join(self._text).strip()
        self._field = ""
        if self._item is None:
            self.feed.title = value
        elif value and name not in self._item.values:
            self._item.values[name] = self._absolute(value) if name == "link" else value
            if self._kind in ("text", "text/plain"):
                self._item.literal.add(name)
            elif self._kind == "permalink":
                self._item.permalink = self._absolute(value)

    def _absolute(self, link: str) -> str:
        link, base = link.strip(), self._bases[-1][1]
        if not base or link.startswith(("http://", "https://")):
            return link
        return joined(base, link)
