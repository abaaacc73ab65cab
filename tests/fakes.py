"""What the tests of the spine stand on: a server that answers byte for byte as told, and a collector of a small platform.

`Server` runs the bytes itself, so that a test can hang, cut, drip or reset where a proper HTTP library would not.
`Small` is a platform of one listing and a news feed, each page a pure function of its cursor, over real HTTP.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from collectors.base import Expired, Gone, Malformed, Refused
from collectors.http import Answer, Line, Outfit
from model import Account, Article, Exchange, Gap, Page, Post, Profile, Reading, Records, Rung, Stream, Walk, from_text, to_text

NOON = datetime(2026, 3, 15, 9, tzinfo=UTC)


# -- a server


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    target: str


Manner = Callable[[socket.socket], None]
Script = Callable[[Asked], "bytes | Manner"]


class Server:
    """Answers each request with what `script` says: bytes are sent and the connection kept, a callable has the socket."""

    def __init__(self, script: Script | Iterable[bytes | Manner]) -> None:
        if callable(script):
            self.script: Script = script
        else:
            rest = list(script)
            self.script = lambda asked: rest.pop(0) if len(rest) > 1 else rest[0]
        self.asked: list[Asked] = []
        self.connections = 0
        self.over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._open: set[socket.socket] = set()
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Server:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.over.set()
        self._listening.close()
        for connection in list(self._open):
            connection.close()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.add(connection)
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as stream:
                while first := stream.readline():
                    headers = {}
                    while (line := stream.readline()) not in (b"\r\n", b""):
                        name, _, value = line.decode("latin-1").partition(":")
                        headers[name.strip().lower()] = value.strip()
                    stream.read(int(headers.get("content-length", 0)))
                    method, target, _ = first.decode("latin-1").split(" ", 2)
                    parts = urlsplit(target)
                    asked = Asked(method, parts.path, dict(parse_qsl(parts.query)), headers, target)
                    self.asked.append(asked)
                    reply = self.script(asked)
                    if callable(reply):
                        reply(connection)
                        return
                    connection.sendall(reply)
        except (OSError, ValueError):
            return
        finally:
            self._open.discard(connection)


def http(status: int = 200, body: bytes | str = b"", *, length: int | None = None, **headers: Any) -> bytes:
    """A whole answer. `length`: claim another length than the body's; header names are written with underscores."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X"]
    if status not in (204, 304):
        lines.append(f"Content-Length: {len(data) if length is None else length}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + data


def as_json(value: Any, status: int = 200, **headers: Any) -> bytes:
    return http(status, json.dumps(value, ensure_ascii=False), Content_Type="application/json", **headers)


def hang(seconds: float = 30.0, first: bytes = b"") -> Manner:
    """Send `first`, then nothing, until the client goes."""

    def manner(connection: socket.socket) -> None:
        connection.sendall(first)
        connection.settimeout(seconds)
        with contextlib.suppress(TimeoutError):
            connection.recv(1)

    return manner


def reset(first: bytes = b"") -> Manner:
    """Send `first`, then a TCP reset."""

    def manner(connection: socket.socket) -> None:
        connection.sendall(first)
        if first:
            time.sleep(0.05)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return manner


def drip(first: bytes, rest: bytes, every: float = 0.02) -> Manner:
    """Send `first`, then `rest` byte by byte: each read is in time, the whole never ends."""

    def manner(connection: socket.socket) -> None:
        connection.sendall(first)
        for number in rest:
            connection.sendall(bytes([number]))
            time.sleep(every)

    return manner


def closing(raw: bytes) -> Manner:
    """Send the bytes and hang up."""
    return lambda connection: connection.sendall(raw)


# -- a platform


DAY = timedelta(days=1)


@dataclass
class Small:
    """A platform of `size` posts, one an hour before `now`, newest first; `cuts` are where its pages end.

    Every page repeats the last `overlap` posts of the one before. A post's views are a function of its number.
    """

    now: datetime = NOON
    size: int = 20
    cuts: tuple[int, ...] = (5, 10, 15)
    overlap: int = 0
    every: timedelta = timedelta(hours=1)
    empty: tuple[int, ...] = ()
    gone: set[int] = field(default_factory=set)
    cursors: Mapping[str, str] = field(default_factory=dict)
    likes: int = 0

    def published(self, number: int) -> datetime:
        return self.now - self.every * (number + 1)

    def views(self, number: int) -> int:
        """Grows with `likes` for every other post, and falls for every third."""
        return number * 37 % 101 + self.likes * (number % 2) - self.likes * (number % 3 == 0)

    def post(self, number: int) -> dict[str, Any]:
        return {
            "id": f"p{number}",
            "at": to_text(self.published(number)),
            "text": f"gönderi {number} ışıl",
            "views": self.views(number),
            "author": {"name": "Üçüncü Kişi"},
        }

    def page(self, index: int) -> dict[str, Any]:
        """Page `index`: posts, articles, a gap now and then, and the cursor of the next page."""
        bounds = [0, *(cut for cut in self.cuts if cut < self.size), self.size]
        begin, end = bounds[index], bounds[index + 1]
        numbers = [] if index in self.empty else [n for n in range(max(0, begin - self.overlap), end) if n not in self.gone]
        following = str(index + 1) if end < self.size else None
        return {
            "followers": 1000,
            "posts": [self.post(n) for n in numbers],
            "news": [{"key": f"https://haber.example/{n}", "title": f"Haber {n} belediye", "at": to_text(self.published(n))} for n in numbers[:2]],
            "cursor": self.cursors.get(following, following) if following else None,
        }  # fmt: skip

    @property
    def pages(self) -> int:
        return len([cut for cut in self.cuts if cut < self.size]) + 1

    def answer(self, asked: Asked) -> bytes:
        return as_json(self.page(int(asked.query.get("cursor", "0"))))


KEEPS = frozenset({"followers", "posts", "news", "cursor", "id", "at", "text", "views", "key", "title", "label", "error"})


def judge(answer: Answer) -> None:
    """The small platform's own errors: `{"error": "expired"}` and so on, whatever the status."""
    said = answer.value.get("error") if isinstance(answer.value, dict) else None
    kinds = {"expired": Expired, "gone": Gone, "refused": Refused, "malformed": Malformed}
    if said in kinds:
        raise kinds[said](f"the platform says {said}", cure="look there")


class FakeCollector:
    """A collector of the small platform; its root is the setting `api_root`."""

    streams: ClassVar[Mapping[str, Stream]] = {
        "posts": Stream("posts", (Rung(timedelta(hours=1), DAY), Rung(DAY, 7 * DAY)), edge=True, lasting=True),
    }

    def __init__(self, outfit: Outfit) -> None:
        self.settings = outfit.settings
        self.door = outfit.door(
            Line(
                "fake",
                judge,
                roots={"http://small.example": str(outfit.settings.get("api_root", "http://127.0.0.1:9"))},
                keeps=KEEPS,
                quote=lambda path, query: int(outfit.settings.get("quote", 0)),
                price=lambda answer: int(outfit.settings.get("price", 0)),
            )
        )

    def fetch(self, account: Account, stream: str, walk: Walk) -> Page:
        query = {"since": to_text(walk.since)} | ({"cursor": walk.cursor} if walk.cursor is not None else {})
        process = {"X-Process": str(os.getpid())}
        body = self.door.get(f"http://small.example/{account.handle}/{stream}", params=query, headers=process).json()
        notes = tuple(body.get("notes", ()))
        due_in = timedelta(minutes=body["due_in"]) if "due_in" in body else None
        return Page(body["cursor"], memo={"pages": walk.memo.get("pages", 0) + 1}, notes=notes, due_in=due_in)

    def read(self, account: Account, exchange: Exchange) -> Records:
        value = exchange.value
        if "posts" not in value:
            raise Malformed("no posts in it", at=exchange.url, cure="look there")
        posts, readings, gaps, faults = [], [], [], []
        for entry in value["posts"]:
            try:
                posts.append(Post(entry["id"], "post", from_text(entry["at"]), text=entry["text"]))
            except (KeyError, ValueError) as error:
                faults.append(f"post {entry.get('id')}: {error!r}")
                continue
            if isinstance(entry.get("views"), int):
                readings.append(Reading("views", entry["views"], post=entry["id"]))
            else:
                gaps.append(Gap("views", "not told", post=entry["id"]))
            if int(entry["id"][1:]) % 7 == 0:
                gaps.append(Gap("saves", "not told", post=entry["id"]))
        readings.append(Reading("followers", value["followers"]))
        articles = tuple(
            Article(n["key"], "haber.example", n["key"], n["title"], from_text(n["at"]), "fake", "belediye", "title", "counted")
            for n in value.get("news", ())
        )
        return Records(
            Profile("1", "Küçük"), tuple(posts), tuple(readings), articles=articles, gaps=tuple(gaps), faults=tuple(faults)
        )
