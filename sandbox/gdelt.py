"""GDELT's DOC 2.0 article list: what it has met of the press, for a phrase and a window, never more than 250.

`box.state["gdelt pace"]` (seconds, off by default) makes it refuse requests that follow too closely, as the real one does.
Facts: yt_news 14.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.faults import Change, Reply, Request
from sandbox.press import BY_SLUG, SEEN_WITHIN, PressItem, mentioning

if TYPE_CHECKING:
    from sandbox.server import Sandbox

PATH = "/api/v2/doc/doc"
MOST = 250
REACH = timedelta(days=92)
STAMP = "%Y%m%d%H%M%S"
REFUSAL = "Please limit requests to one every 5 seconds or contact kalev.leetaru5@gmail.com for larger queries.\n"


def answer(box: Sandbox, request: Request) -> Reply:
    """The articles whose text holds one of the quoted phrases and that were first seen in the window, newest first."""
    if request.path != PATH:
        return Reply(404, raw=b"<html><body>Not Found</body></html>", headers={"Content-Type": "text/html"})
    if (pace := box.state.get("gdelt pace")) and not _paced(box, request.now, float(pace)):
        return _said(REFUSAL)
    phrases = tuple(re.findall(r'"([^"]+)"', request.query.get("query", "")))
    if not phrases:
        return _said("Your query was too short or too long.\n")
    if request.query.get("mode", "").lower() != "artlist" or request.query.get("format", "").lower() != "json":
        return Reply(raw=b"<!DOCTYPE html><html><body>GDELT Summary</body></html>", headers={"Content-Type": "text/html"})
    try:
        start, end = (
            datetime.strptime(request.query[name], STAMP).replace(tzinfo=UTC) for name in ("startdatetime", "enddatetime")
        )
    except (KeyError, ValueError):
        return _said("Invalid query start date.\n")
    if start < request.now - REACH:
        return _said("Invalid query start date.\n")
    near = (item for item in mentioning(box.world, phrases) if start - SEEN_WITHIN <= item.published_at <= end)
    found = [item for item in near if BY_SLUG[item.outlet].indexed and start <= item.seen_at <= min(end, request.now)]
    found.sort(key=lambda item: (item.seen_at, item.number), reverse=True)
    rows = [_row(item) for item in found[: min(MOST, int(request.query.get("maxrecords", 75)))]]
    return Reply(value={"articles": rows} if rows else {})


def _row(item: PressItem) -> dict[str, str]:
    return {
        "url": item.variant_at(item.seen_at),
        "url_mobile": "",
        "title": tokenised(item.title_at(item.seen_at)),
        "seendate": item.seen_at.strftime("%Y%m%dT%H%M%SZ"),
        "socialimage": "",
        "domain": item.host.removeprefix("www."),
        "language": "Turkish",
        "sourcecountry": "Turkey",
    }


def tokenised(title: str) -> str:
    """A title as GDELT's tokeniser leaves it: blanks around punctuation, apostrophes gone."""
    return " ".join(re.sub(r"([:,.;!?%()])", r" \1 ", re.sub(r"[’'‘]", " ", title)).split())


def _paced(box: Sandbox, now: datetime, pace: float) -> bool:
    last: datetime | None = box.state.get("gdelt last")
    box.state["gdelt last"] = now
    return last is None or now - last >= timedelta(seconds=pace)


def _said(text: str, status: int = 200) -> Reply:
    return Reply(status, raw=text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def _rows(change: Callable[[list[dict[str, Any]]], list[Any]]) -> Change:
    """A fault in the rows of an answer that has some."""
    return lambda request, reply: replace(reply, value={"articles": change(list((reply.value or {}).get("articles", [])))})


def _always_full(request: Request, reply: Reply) -> Reply:
    seen = request.query.get("enddatetime", "20260101000000")
    row = {"title": "Örnek Belediyesi açıkladı", "seendate": f"{seen[:8]}T{seen[8:]}Z", "domain": "dolu.example"}
    return Reply(value={"articles": [{**row, "url": f"https://dolu.example/haber-{1_000_000 + i}"} for i in range(MOST)]})


def _bad_escape(request: Request, reply: Reply) -> Reply:
    raw = json.dumps(reply.value, ensure_ascii=False).replace('"title": "', '"title": "\\x\t', 1)
    return Reply(raw=raw.encode())


FAULTS: dict[str, Change] = {
    "throttled-200-text": lambda q, r: _said(REFUSAL),
    "throttled-429": lambda q, r: _said(REFUSAL, 429),
    "query-refused": lambda q, r: _said("The specified phrase is too short.\n"),
    "bad-json": lambda q, r: Reply(raw=b'{"articles": [{"url": "https://a.example/1", "title": "yar'),
    "bad-escape": _bad_escape,
    "full-window": _always_full,
    "error-json": lambda q, r: Reply(value={"error": "internal error"}),
    "no-url": _rows(lambda rows: [{k: v for k, v in row.items() if k != "url"} for row in rows[:1]] + rows[1:]),
    "no-seendate": _rows(lambda rows: [{**row, "seendate": ""} for row in rows[:1]] + rows[1:]),
    "odd-rows": _rows(lambda rows: [None, "x", {"url": 7, "title": []}, *rows]),
    "no-rows": _rows(lambda rows: []),
    "vanished-post": _rows(lambda rows: rows[1:]),
    "duplicate-rows": _rows(lambda rows: [*rows[:1], *rows]),
}
