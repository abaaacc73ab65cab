"""What can go wrong among the items of an RSS answer, a publisher's or a search's."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from sandbox.faults import Change, Reply, Request

ITEM = re.compile(rb"<item>.*?</item>\s*", re.DOTALL)


def _items(change: Callable[[list[bytes]], list[bytes]]) -> Change:
    """A change of the items of an answer that has some; its head and its end stay."""

    def apply(request: Request, reply: Reply) -> Reply:
        raw = reply.raw or b""
        found = ITEM.findall(raw)
        if not found:
            return reply
        return replace(reply, raw=ITEM.split(raw)[0] + b"".join(change(found)) + ITEM.split(raw)[-1])

    return apply


def _unnamed(item: bytes) -> bytes:
    return re.sub(rb"<(title|link|guid|source)\b.*?</\1>", b"", item, flags=re.DOTALL)


ITEMS: dict[str, Change] = {
    "error-200": lambda q, r: Reply(200, raw=b"Error establishing a database connection", headers={"Content-Type": "text/plain"}),
    "duplicate-ids": _items(lambda items: [item for item in items for _ in range(2)]),
    "missing-key": _items(lambda items: [_unnamed(items[0]), *items[1:]]),
    "no-rows": _items(lambda items: []),
    "vanished-post": _items(lambda items: items[1:]),
}
