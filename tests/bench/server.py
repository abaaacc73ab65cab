"""A process of its own that serves the bytes: `/x/<growth>/2/...`, `/feeds/etag/<n>.xml`, `/feeds/plain/<n>.xml`.

A feed closes its connection, since 500 publishers are 500 hosts. Its first line on stdout is JSON: where it listens, and what the bytes add up to. It ends when its stdin is closed.
"""

from __future__ import annotations

import json
import sys
import threading
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.bench import bodies

GROWTHS = (0, 7)


@cache
def pages(growth: int) -> dict[str, bytes]:
    return {token: bodies.encoded(page) for token, page in bodies.timeline(growth)}


@cache
def feed(number: int) -> bytes:
    return bodies.feed(number)


def me() -> bytes:
    counts = {"followers_count": 1000, "following_count": 10, "tweet_count": 20_000, "listed_count": 5}
    return bodies.encoded({"data": {"id": bodies.USER, "name": "Örnek", "username": bodies.HANDLE, "public_metrics": counts}})


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is http.server's
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        root, kind, *rest = parts.path.strip("/").split("/")
        etag = ""
        if root == "feeds":
            body = feed(int(rest[0].removesuffix(".xml")))
            content = "application/rss+xml; charset=utf-8"
            etag = f'"{sha256(body).hexdigest()[:16]}"' if kind == "etag" else ""
        else:
            query = dict(parse_qsl(parts.query))
            body = pages(int(kind))[query.get("pagination_token", "")] if rest[-1] == "tweets" else me()
            content = "application/json; charset=utf-8"
        unchanged = bool(etag) and self.headers.get("If-None-Match") == etag
        self.send_response_only(304 if unchanged else 200)  # without Date: the clients have clocks of their own
        self.send_header("Content-Type", content)
        if etag:
            self.send_header("ETag", etag)
        if root == "feeds":
            self.send_header("Connection", "close")
        if not unchanged:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not unchanged:
            self.wfile.write(body)


def main() -> None:
    for growth in GROWTHS:
        pages(growth)
    for number in range(bodies.FEEDS):
        feed(number)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    said = {
        "url": f"http://127.0.0.1:{server.server_port}",
        "sums": {growth: bodies.sums(growth) for growth in GROWTHS},
        "letters": sum(len(title) for number in range(bodies.FEEDS) for title in bodies.titles(number)),
    }
    print(json.dumps(said), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
