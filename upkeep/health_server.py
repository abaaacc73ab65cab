"""`/health` and `/metrics` over HTTP, for a monitor on this machine; beyond it only for who has the token.

One look answers everybody who asks within some seconds, so that asking often costs nothing.
"""

from __future__ import annotations

import hmac
import json
import logging
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from config.alarms import Listening
from model import MecraError
from upkeep.health import FAILING, Health
from upkeep.metrics import CONTENT_TYPE, exposition
from words import _

log = logging.getLogger("mecra.health")

FRESH = 5.0  # seconds for which a look holds
PATIENCE = 10.0  # seconds for a request to come whole
MOST_AT_ONCE = 8


class HealthServer:
    """Answers in threads of its own, from `begin` to `end`. Raises MecraError where it would answer strangers."""

    def __init__(self, at: Listening, look: Callable[[], Health], token: str = "") -> None:
        if not at.alone and not token:
            raise MecraError(
                _("health.listen = {at} can be reached from other machines: set MECRA_HEALTH_TOKEN, or listen on 127.0.0.1").format(
                    at=f"{at.host}:{at.port}"
                )
            )
        self.at, self.token = at, token
        self._look, self._seen, self._lock = look, (float("-inf"), b"", b"", 200), threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    @property
    def port(self) -> int:
        return int(self._server.server_address[1]) if self._server else self.at.port

    def begin(self) -> None:
        """A port that is taken keeps nobody from working: it is told."""
        try:
            self._server = _server(self)
        except OSError as error:
            log.error(
                "health.listen = %s:%d can't be listened on (%s): nobody can ask for health", self.at.host, self.at.port, error
            )
            return
        threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()
        log.info("health and metrics: http://%s:%d/health", self.at.host, self.port)

    def end(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def seen(self) -> tuple[bytes, bytes, int]:
        """(health as JSON, metrics, the status of the answer) of a look that is some seconds old at most."""
        with self._lock:
            at, health, metrics, status = self._seen
            if time.monotonic() - at > FRESH:
                found = self._look()
                health = json.dumps(found.to_json(), ensure_ascii=False, indent=1).encode()
                metrics, status = exposition(found), 503 if found.status == FAILING else 200
                self._seen = (time.monotonic(), health, metrics, status)
            return health, metrics, status

    def admits(self, header: str | None) -> bool:
        return not self.token or hmac.compare_digest((header or "").encode(), f"Bearer {self.token}".encode())


def _server(asked: HealthServer) -> ThreadingHTTPServer:
    slots = threading.BoundedSemaphore(MOST_AT_ONCE)

    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE
        server_version, sys_version = "mecra", ""

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if not asked.admits(self.headers.get("Authorization")):
                self.said(401, b"", "text/plain", ("WWW-Authenticate", "Bearer"))
            elif path not in ("/health", "/metrics"):
                self.said(404, b"/health, /metrics\n", "text/plain")
            else:
                try:
                    health, metrics, status = asked.seen()
                except Exception:
                    log.exception("health could not be measured")
                    self.said(500, b"", "text/plain")
                    return
                if path == "/health":
                    self.said(status, health + b"\n", "application/json; charset=utf-8")
                else:
                    self.said(200, metrics, CONTENT_TYPE)

        def do_HEAD(self) -> None:
            self.do_GET()

        def said(self, status: int, body: bytes, kind: str, *more: tuple[str, str]) -> None:
            self.send_response(status)
            headers = (("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store"), *more)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            log.debug(format, *args)

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        address_family = socket.AF_INET6 if ":" in asked.at.host else socket.AF_INET

        def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
            """Not more threads than some, whoever holds connections open: whoever comes then is hung up on."""
            if not slots.acquire(blocking=False):
                self.shutdown_request(request)
                return
            super().process_request(request, client_address)

        def process_request_thread(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
            try:
                super().process_request_thread(request, client_address)
            finally:
                slots.release()

        def handle_error(self, request: object, client_address: object) -> None:
            log.debug("a client hung up", exc_info=True)

    return Server((asked.at.host, asked.at.port), Handler)
