"""The way to hosts that strangers name: public addresses only, and the address that was checked is the one connected to."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from collectors.base import CollectError, Gone, Malformed, RateLimited, Refused
from collectors.http import USER_AGENT, Answer, Door, Line, Outfit, retry_at
from collectors.news.urls import joined
from collectors.punctual import Connection, SecureConnection

MOST_BYTES = 5 * 1024 * 1024
MOST_HOPS = 5
REST = timedelta(minutes=30)
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
            raise Refused("an address that is neither http nor https", cure="correct its url in the feed list, or in mecra.toml")
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
                cure=f'correct its url, or add "{host}" to news.allow_hosts if it is meant',
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


class _Connection(Connection):
    def __init__(self, guard: Guard, *args: Any, **options: Any) -> None:
        self.guard = guard
        super().__init__(*args, **options)

    def _new_conn(self) -> socket.socket:
        return _connected(self)


class _SecureConnection(SecureConnection):
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


class Redirected(CollectError):
    """The outlet names another address; `lasting`: for good."""

    def __init__(self, location: str, lasting: bool) -> None:
        super().__init__("a redirect")
        self.location, self.lasting = location, lasting


def judge(answer: Answer) -> None:
    """What an outlet's status means for its feed alone; the door decides on the rest."""
    if 300 <= answer.status < 400 and answer.status != 304 and (location := answer.headers.get("Location")):
        raise Redirected(location.encode("latin-1", "replace").decode("utf-8", "replace"), answer.status in (301, 308))
    if answer.status in (404, 410):
        raise Gone(f"no feed there ({answer.status})", cure="correct its url in the feed list, or set enabled = false")
    if answer.status in (401, 403, 451):
        raise Refused(
            f"the outlet refuses programs ({answer.status}, engelli)",
            cure="ask the outlet, or set enabled = false in the feed list; search sources may find its articles",
        )
    retry = retry_at(answer.headers, answer.now)
    if answer.status == 429 or (answer.status == 503 and retry):
        until = retry or answer.now + REST
        raise RateLimited(f"the outlet asks for a rest ({answer.status})", until=until, shared=False, cure="waits by itself")


def guarded_door(outfit: Outfit, line: Line | None = None) -> Door:
    """A door for addresses that outlets name: guarded, without cookies and passwords, and with the operator's contact in its name."""
    door = outfit.door(line or Line("feed", judge, json=False, most_bytes=MOST_BYTES))
    guard = Guard(outfit.settings.get("allow_hosts", ()))
    for scheme in PORTS:
        door.mount(f"{scheme}://", guard)
    door.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    door.auth = lambda request: request  # nothing that a .netrc or an address says is sent
    if contact := outfit.settings.get("contact"):
        door.headers["User-Agent"] = f"{USER_AGENT} (+{contact})"
    return door


def follow(door: Door, url: str, headers: Mapping[str, str]) -> tuple[Answer, str]:
    """The answer at the end of the redirects, each of them checked, and where the address has moved for good, if it has."""
    here, moved, lasting = url, "", True
    for _ in range(MOST_HOPS + 1):
        guard = door.get_adapter(here if here.startswith("http") else "http://")
        assert isinstance(guard, Guard)
        guard.check(here)
        try:
            door.get(here, headers=dict(headers))
        except Redirected as hop:
            door.keep_last(b"")
            here, lasting = joined(here, hop.location), lasting and hop.lasting
            moved = here if lasting else moved
            continue
        assert door.last is not None
        return door.last, moved
    raise Malformed(f"more than {MOST_HOPS} redirects", at=url, cure="open it in a browser and correct the url in the feed list")
