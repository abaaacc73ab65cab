"""Connections on which the head of an answer comes in time, or not at all.

A read timeout starts anew with every byte: a server that drips its headers would keep a lane for weeks. The body has its own limit
(transfer.py).
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from functools import partial
from http.client import HTTPException
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

PATIENCE = 2  # read timeouts: one until the first byte, one for the rest


class Connection(HTTPConnection):
    """Raises TimeoutError, as an answer does that does not come at all."""

    def getresponse(self) -> Any:
        return _in_time(self, super().getresponse)


class SecureConnection(HTTPSConnection):
    """The same over TLS."""

    def getresponse(self) -> Any:
        return _in_time(self, super().getresponse)


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


def _in_time(connection: HTTPConnection, head: Any) -> BaseHTTPResponse:
    sock, late = connection.sock, threading.Event()

    def give_up() -> None:
        late.set()
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    limit = connection.timeout if isinstance(connection.timeout, (int, float)) else 30.0
    timer = threading.Timer(PATIENCE * limit, give_up)
    timer.daemon = True
    with suppress(RuntimeError):  # no more threads to be had: asked all the same
        timer.start()
    try:
        answer: BaseHTTPResponse = head()
    except (OSError, HTTPException):
        if late.is_set():
            raise TimeoutError("the head of the answer timed out") from None
        raise
    finally:
        timer.cancel()
    if late.is_set():  # an end in the middle looks like the end of the headers
        answer.close()
        raise TimeoutError("the head of the answer timed out")
    return answer
