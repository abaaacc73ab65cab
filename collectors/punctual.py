"""Connections on which the head of an answer comes in time, or not at all.

A read timeout starts anew with every byte: a server that drips its headers would keep a lane for weeks. The body has its own limit
(transfer.py).
"""

from __future__ import annotations

import io
import socket
import time
from functools import partial
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

PATIENCE = 2  # read timeouts: one until the first byte, one for the rest
DEFAULT_SECONDS = 30.0


class _Timed(io.RawIOBase):
    """What a socket says until a moment of the machine's own clock; TimeoutError after it. `until` None: no limit but the socket's."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self.raw, self.sock = raw, sock
        self.each = sock.gettimeout() or DEFAULT_SECONDS
        self.until: float | None = time.monotonic() + PATIENCE * self.each

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self.until is not None:
            left = self.until - time.monotonic()
            if left <= 0:
                raise TimeoutError("the head of the answer timed out")
            self.sock.settimeout(min(self.each, left))
        return self.raw.readinto(buffer)

    def whole(self) -> None:
        """The head is there."""
        self.until = None
        if self.sock.fileno() >= 0:
            self.sock.settimeout(self.each)

    def close(self) -> None:
        super().close()
        self.raw.close()


class _Response(HTTPResponse):
    """Reads its status and headers within `PATIENCE` read timeouts."""

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self._timed = _Timed(self.fp.detach(), sock)
        self.fp = io.BufferedReader(self._timed)

    def begin(self) -> None:
        super().begin()
        self._timed.whole()


class Connection(HTTPConnection):
    """Raises TimeoutError, as an answer does that does not come at all."""

    response_class = _Response


class SecureConnection(HTTPSConnection):
    """The same over TLS."""

    response_class = _Response


class Punctual(HTTPAdapter):
    """For a session: every answer's head within twice the read timeout."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **options)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(_pool, HTTPConnectionPool),
            "https": partial(_pool, HTTPSConnectionPool),
        }


def _pool(kind: type[HTTPConnectionPool], host: str, port: int, **options: Any) -> HTTPConnectionPool:
    pool = kind(host, port, **options)
    pool.ConnectionCls = SecureConnection if kind is HTTPSConnectionPool else Connection
    return pool
