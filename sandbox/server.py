"""The sandbox's HTTP server: one port, a prefix a platform, a clock that moves only when told.

`/x /graph /youtube /feeds /gdelt /gnews /page` answer as the platforms do. `/__sandbox/clock` reads (GET) or sets (POST, ISO 8601)
the clock, `/__sandbox/faults` lists, adds (POST JSON) or clears (DELETE) faults.
"""

from __future__ import annotations

import gzip
import json
import socket
import struct
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from types import ModuleType, TracebackType
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from model import from_text, to_text
from sandbox.faults import WAY, Change, Fault, Reply, Request
from sandbox.world import World

PLATFORMS = {
    "x": "sandbox.x", "graph": "sandbox.graph", "youtube": "sandbox.youtube",
    "feeds": "sandbox.feeds", "gdelt": "sandbox.gdelt", "gnews": "sandbox.gnews",
    "page": "sandbox.page",
}  # fmt: skip
HANG_SECONDS = 30.0


class Sandbox:
    """A running sandbox. Use as a context manager; `url` is its base, `asked` every request that came in.

    `dates`: what time its answers say that it is; unless it is set they say none.
    """

    def __init__(self, world: World | None = None, *, now: datetime | None = None, port: int = 0) -> None:
        self.world = world or World()
        self.now = now or datetime(2026, 7, 1, 6, tzinfo=UTC)
        self.faults: list[Fault] = []
        self.asked: list[Request] = []
        self.state: dict[str, Any] = {}
        self.dates: Callable[[], datetime] | None = None
        self.lock = threading.Lock()
        self.released = threading.Event()
        self._server = _Server(("127.0.0.1", port), type("Handler", (_Handler,), {"sandbox": self}))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Sandbox:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def serve(self) -> None:
        """Answer until interrupted."""
        self._server.serve_forever()

    def fault(self, name: str, match: str = "", *, times: int | None = None, skip: int = 0) -> Fault:
        """Switch a fault on; KeyError for a name that no platform knows."""
        if name not in WAY and not any(name in _module(p).FAULTS for p in PLATFORMS):
            raise KeyError(name)
        fault = Fault(name, match, times, skip)
        self.faults.append(fault)
        return fault

    def counts(self) -> Counter[str]:
        """How often each `platform/path` was asked."""
        return Counter(f"{request.platform}{request.path}" for request in self.asked)

    def answer(self, request: Request) -> Reply:
        module = _module(request.platform)
        with self.lock:
            self.asked.append(request)
            reply: Reply = module.answer(self, request)
            own: Mapping[str, Change] = module.FAULTS
            for fault in self.faults:
                if (fault.name in WAY or fault.name in own) and fault.strikes(request):
                    reply = own.get(fault.name, WAY.get(fault.name, _same))(request, reply)
        return reply


def _same(request: Request, reply: Reply) -> Reply:
    return reply


def _module(platform: str) -> ModuleType:
    return import_module(PLATFORMS[platform])


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, or is killed, is nothing to tell of."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    sandbox: Sandbox

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def send_response(self, code: int, message: str | None = None) -> None:
        self.send_response_only(code, message)
        if self.sandbox.dates:
            self.send_header("Date", format_datetime(self.sandbox.dates(), usegmt=True))

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        parts = urlsplit(self.path)
        platform, _, rest = parts.path.lstrip("/").partition("/")
        if platform == "__sandbox":
            self._send(self._control(rest, body))
            return
        if platform not in PLATFORMS:
            self._send(Reply(404, value={"error": "no such platform in the sandbox"}))
            return
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        request = Request(
            self.command,
            platform,
            "/" + unquote(rest),
            query,
            self.headers,
            body,
            self.sandbox.now,
            self.sandbox.url,
        )
        self._send(self.sandbox.answer(request))

    do_GET = do_POST = do_DELETE = do_HEAD = _serve  # noqa: N815  the names are http.server's

    def _control(self, what: str, body: bytes) -> Reply:
        box = self.sandbox
        if what == "clock":
            if self.command == "POST":
                box.now = from_text(body.decode())
            return Reply(value={"now": to_text(box.now)})
        if what == "faults":
            if self.command == "POST":
                box.fault(**json.loads(body))
            elif self.command == "DELETE":
                box.faults.clear()
            return Reply(value=[vars(fault) for fault in box.faults])
        return Reply(404, value={"error": "clock or faults"})

    def _send(self, reply: Reply) -> None:
        raw = reply.raw if reply.raw is not None else json.dumps(reply.value, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", **reply.headers}
        if reply.manner == "hang":
            self.sandbox.released.wait(HANG_SECONDS)
            self.close_connection = True
            return
        if reply.manner == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        length = len(raw)
        if reply.manner == "gzip-bomb":
            raw = gzip.compress(b" " * (200 * 2**20))
            headers["Content-Encoding"], length = "gzip", len(raw)
        elif reply.manner == "huge":
            length = 200 * 2**20
        elif reply.manner in ("cut", "wrong-length"):
            length = len(raw) + (0 if reply.manner == "cut" else 100)
        elif "gzip" in self.headers.get("Accept-Encoding", "") and len(raw) > 20_000:
            raw = gzip.compress(raw, 1)
            headers["Content-Encoding"], length = "gzip", len(raw)
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if reply.status not in (204, 304):
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command == "HEAD" or reply.status in (204, 304):
            return
        try:
            if reply.manner == "huge":
                for _ in range(200):
                    self.wfile.write(b" " * 2**20)
            else:
                self.wfile.write(raw[: len(raw) // 2] if reply.manner == "cut" else raw)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        if reply.manner in ("cut", "wrong-length"):
            self.wfile.flush()
            self.close_connection = True
