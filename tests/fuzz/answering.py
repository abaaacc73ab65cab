"""Whatever is asked through a real door, the bytes of the fuzzer answer: the SDKs, the judges, the archive and `read` in one go."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import requests
import urllib3

from collectors import collector_class
from collectors.base import CollectError, Collector
from collectors.http import Door, Line, Outfit
from collectors.news.guard import Guard
from config.secrets import Secrets
from model import Account, Exchange, Page, Walk
from tests.fuzz.promises import SECRET, Broken, archived, fit, goes_on, keeps, silent
from tests.fuzz.target import NOW

MOST_REQUESTS = 400
ZONE = ZoneInfo("Europe/Istanbul")
NAMES = (
    "X_API_KEY", "X_API_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_SECRET", "FACEBOOK_TOKEN", "INSTAGRAM_TOKEN", "YOUTUBE_API_KEY",
)  # fmt: skip
SECRETS = {f"MECRA_{name}": SECRET for name in NAMES}


class Answers(Guard):
    """A way out that leads nowhere: every request is answered by what `of` says of its path."""

    def __init__(self, of: Callable[[str], tuple[int, Mapping[str, str], bytes]]) -> None:
        super().__init__(("fuzz.example",))
        self.of, self.asked = of, 0

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        self.asked += 1
        if self.asked > MOST_REQUESTS:
            raise Broken(f"more than {MOST_REQUESTS} requests for one page")
        status, headers, body = self.of(request.path_url.partition("?")[0])
        raw = urllib3.HTTPResponse(io.BytesIO(body), headers, status, preload_content=False, decode_content=False)
        return self.build_response(request, raw)


@dataclass(frozen=True)
class Platform:
    """A collector under the fuzzer: its account, and for each stream the memo that it starts with and the answers that are given,
    by the end of the path; all others are the fuzzer's."""

    name: str
    account: Account
    streams: Mapping[str, tuple[Mapping[str, Any], Mapping[str, bytes]]]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def ask(self, body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Every stream's first pages, all of it answered with `body`; raises where a promise is broken."""
        for stream, (memo, given) in self.streams.items():
            self.walk(stream, body, memo=memo, given=given, status=status, headers=headers or {})

    def walk(
        self, stream: str, body: bytes, *, memo: Mapping[str, Any], given: Mapping[str, bytes], status: int = 200,
        headers: Mapping[str, str] | None = None, cursor: str | None = None, pages: int = 3,
    ) -> None:  # fmt: skip
        def of(path: str) -> tuple[int, Mapping[str, str], bytes]:
            canned = next((answer for end, answer in given.items() if path.endswith(end)), None)
            return (status, headers or {}, body) if canned is None else (200, {"Content-Type": "application/json"}, canned)

        collector = self.made(of)
        walk = Walk(1, self.account.account, stream, NOW, NOW - timedelta(days=60), "manual", cursor=cursor, memo=memo, attempts=1)
        for _ in range(pages):
            if walk.finished_at is not None:
                return
            page = self._page(collector, stream, walk)
            if page is None:
                return
            goes_on(page)
            silent((page.cursor, page.memo, [collector.door.secrets.redact(note) for note in page.notes]), "a page")
            walk = walk.after(page, NOW)
            walk = replace(walk, memo=json.loads(json.dumps(dict(walk.memo))))  # as the database gives it back

    def made(self, of: Callable[[str], tuple[int, Mapping[str, str], bytes]]) -> Collector:
        secrets = Secrets(SECRETS)

        def door(line: Line) -> Door:
            return Door(replace(line, pace=0.0), now=lambda: NOW, secrets=secrets, sleep=lambda seconds: None, attempts=2)

        collector = collector_class(self.name)(Outfit(self.settings, secrets, lambda: NOW, door, None, ZONE))
        for scheme in ("http://", "https://"):
            collector.door.mount(scheme, Answers(of))
        return collector

    def _page(self, collector: Collector, stream: str, walk: Walk) -> Page | None:
        page = None
        try:
            page = collector.fetch(self.account, stream, walk)
        except CollectError as error:
            if walk.pages and "cursor can't be read" in error.what:
                raise Broken("a cursor of its own can't be read") from None
            told(error)
            silent(collector.door.secrets.redact(str(error)), "an error")  # as the page loop tells it
        exchanges = collector.door.take()
        archived(exchanges, collector.door.line.keeps)
        for exchange in exchanges:
            if exchange.status in collector.streams[stream].statuses and exchange.body:
                self.read(collector, exchange)
        return page

    def read(self, collector: Collector, exchange: Exchange) -> None:
        """What an archived answer says: fit to be stored, and the same when it is read from the archive years later."""
        try:
            records = collector.read(self.account, exchange)
        except CollectError as error:
            told(error)
            return
        keeps(records)
        again = collector.read(self.account, replace(exchange, parsed=None))
        if again != records:
            raise Broken("read again from the archive it says something else")

    def read_archived(self, url: str, body: bytes) -> None:
        """An archived body as it may stand in a database that was damaged, or written by an earlier version."""
        collector = self.made(lambda path: (500, {}, b""))
        self.read(collector, Exchange(NOW, "GET", url, 200, body, len(body)))


def told(error: CollectError) -> None:
    """An error can be shown and logged."""
    for text in (str(error), error.what, error.at, error.cure):
        fit(" ".join(text.split()), f"a {type(error).__name__}")
    if len(str(error)) > 4000:
        raise Broken(f"an error of {len(str(error))} letters")
