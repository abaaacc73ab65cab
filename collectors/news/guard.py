"""The way to hosts that strangers name: public addresses only, and the address that was checked is the one connected to."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from collectors.base import Refused

PORTS = {"http": 80, "https": 443}
CARRIERS = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("::/96"))
Resolve = Callable[..., Iterable[tuple[Any, ...]]]


class Guard(HTTPAdapter):
    """Mounted on a session it opens http and https on ports 80 and 443, and only to public addresses.

    `allow_hosts` (`host` or `host:port`) are let through as they are: an inner news server, a test. Raises Refused. A proxy
    of the environment connects by itself; then only the address that is asked of it is checked.
    """

    def __init__(self, allow_hosts: Iterable[str] = (), resolve: Resolve = socket.getaddrinfo) -> None:
        self._allowed, self._resolve = frozenset(allow_hosts), resolve
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": partial(_pool, self), "https": partial(_secure_pool, self)}

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        self.check(request.url or "")
        proxies: Mapping[str, str] = options.get("proxies") or {}
        parts = urlsplit(request.url or "")
        if proxies.get(parts.scheme) or proxies.get("all"):
            with suppress(OSError):  # behind a proxy a machine may be unable to resolve names
                self.addresses(parts.hostname or "", parts.port or PORTS[parts.scheme])
        return super().send(request, *args, **options)

    def check(self, url: str) -> None:
        """Raises Refused unless the address is one that a feed may have: scheme and port, before anything is resolved."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host or parts.scheme not in PORTS:
            raise Refused("an address that is neither http nor https", cure="correct the feed's url in the feed list")
        if port not in (None, PORTS[parts.scheme]) and not self._allows(host, port):
            raise Refused(
                f"port {port} of {host}: only 80 and 443 are opened", cure=f'add "{host}:{port}" to news.allow_hosts if it is meant'
            )

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of `host`, all of them public; raises Refused, or OSError where there are none."""
        found = [str(row[4][0]) for row in self._resolve(host, port, type=socket.SOCK_STREAM)]
        if not self._allows(host, port) and (private := next((one for one in found if not is_public(one)), None)):
            raise Refused(
                f"{host} leads to {private}, which is not a public address",
                cure=f'remove the feed, or add "{host}" to news.allow_hosts if it is meant',
            )
        return found

    def _allows(self, host: str, port: int | None) -> bool:
        return host in self._allowed or f"{host}:{port}" in self._allowed


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet; one inside another (IPv4-mapped, NAT64, 6to4) counts as itself."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and any(ip in network for network in CARRIERS):
            inner = IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _pool(guard: Guard, host: str, port: int, **options: Any) -> HTTPConnectionPool:
    pool = HTTPConnectionPool(host, port, **options)
    pool.ConnectionCls = partial(_Connection, guard)  # type: ignore[assignment]
    return pool


def _secure_pool(guard: Guard, host: str, port: int, **options: Any) -> HTTPSConnectionPool:
    pool = HTTPSConnectionPool(host, port, **options)
    pool.ConnectionCls = partial(_SecureConnection, guard)  # type: ignore[assignment]
    return pool


class _Connection(HTTPConnection):
    def __init__(self, guard: Guard, *args: Any, **options: Any) -> None:
        self.guard = guard
        super().__init__(*args, **options)

    def _new_conn(self) -> socket.socket:
        return _connected(self)


class _SecureConnection(HTTPSConnection):
    def __init__(self, guard: Guard, *args: Any, **options: Any) -> None:
        self.guard = guard
        super().__init__(*args, **options)

    def _new_conn(self) -> socket.socket:
        return _connected(self)


def _connected(connection: _Connection | _SecureConnection) -> socket.socket:
    """A socket to one of the addresses that were checked, none of them looked up a second time."""
    host, port = connection.host.strip("[]"), connection.port
    try:
        addresses = connection.guard.addresses(host, port)
    except socket.gaierror as error:
        raise NameResolutionError(host, connection, error) from error
    failure: OSError | None = None
    for address in addresses:
        try:
            return create_connection((address, port), connection.timeout, socket_options=connection.socket_options)
        except OSError as error:
            failure = error
    if isinstance(failure, TimeoutError):
        raise ConnectTimeoutError(connection, f"connection to {host} timed out") from failure
    raise NewConnectionError(connection, f"no connection to {host}: {failure}") from failure
