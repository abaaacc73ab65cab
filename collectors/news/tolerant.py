"""Feeds that are not well-formed, read with feedparser in a process of its own: so much time, so much memory, no network.

Run as a program it reads clean UTF-8 bytes and writes JSON; `read_tolerantly` runs it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

SECONDS, MEGABYTES = 4, 512
MOST_BYTES = 1_500_000
ITEM_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.I)
MARKUP = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(/?)[a-zA-Z][^<>]*?(/?)>", re.S)
FORBIDDEN = ("socket.", "urllib.", "http.", "subprocess.", "os.system", "os.exec", "ftplib.")


class Unreadable(Exception):
    """Neither expat nor feedparser can make a feed of these bytes; the text says why."""


def read_tolerantly(body: bytes, url: str, *, most_items: int, most_depth: int) -> dict[str, Any]:
    """`{"title", "version", "items": [{"id", "link", ...}]}` of bytes that are not well-formed; raises Unreadable."""
    ends = ITEM_END.finditer(body)
    last = next((end.end() for count, end in enumerate(ends, 1) if count == most_items), len(body))
    body = body[:last]
    if len(body) > MOST_BYTES:
        raise Unreadable("not well-formed, and too large to be repaired")
    if deepest(body) > most_depth:
        raise Unreadable(f"elements nested more than {most_depth} deep")
    command = [sys.executable, "-I", __file__, url]
    try:
        done = subprocess.run(command, input=body, capture_output=True, timeout=SECONDS + 1, env={}, check=True)  # noqa: S603
        return dict(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError):
        raise Unreadable(f"not well-formed, and not repaired within {SECONDS} s") from None


def deepest(body: bytes) -> int:
    """How deep its elements are nested, as far as tags that nobody closed can tell."""
    depth = most = 0
    for tag in MARKUP.finditer(body):
        if tag[1] == b"/":
            depth = max(0, depth - 1)
        elif tag[1] is not None and not tag[2]:
            depth += 1
            most = max(most, depth)
    return most


def _parsed(body: bytes, url: str) -> dict[str, Any]:
    import io

    import feedparser

    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    found = feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    return {"title": found.feed.get("title", ""), "version": found.get("version", ""), "items": [_item(e) for e in found.entries]}


def _item(entry: Any) -> dict[str, Any]:
    source = entry.get("source") or {}
    literal = [n for n in ("title", "summary") if (entry.get(f"{n}_detail") or {}).get("type") == "text/plain"]
    return {
        "id": entry.get("id", ""), "link": entry.get("link", ""), "title": entry.get("title", ""), "literal": literal,
        "summary": entry.get("summary", ""), "published": entry.get("published") or entry.get("updated") or entry.get("created") or "",
        "source": source.get("title", ""), "source_url": source.get("href", "") or source.get("url", ""),
    }  # fmt: skip


def _confined() -> None:
    """Bound this process, and refuse it every way out."""
    import resource

    import feedparser  # noqa: F401  its own imports are done before the doors close

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES * 2**20, MEGABYTES * 2**20))

    def refuse(event: str, arguments: Any) -> None:
        if event.startswith(FORBIDDEN):
            raise PermissionError(event)

    sys.addaudithook(refuse)


if __name__ == "__main__":
    _confined()
    sys.stdout.write(json.dumps(_parsed(sys.stdin.buffer.read(), sys.argv[1])))
