"""Nothing that a feed names leads inside, by whatever name, and what was checked is what is connected to."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from collectors.base import Refused
from collectors.news.guard import Guard, is_public
from tests.fakes import Server, http


def resolving(*answers: list[str]) -> Any:
    """A resolver that answers each question with the next list, and notes the questions."""
    rest, asked = list(answers), []

    def resolve(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in (rest.pop(0) if len(rest) > 1 else rest[0])]

    resolve.asked = asked  # type: ignore[attr-defined]
    return resolve


def session(guard: Guard) -> requests.Session:
    made = requests.Session()
    made.trust_env = False
    for scheme in ("http://", "https://"):
        made.mount(scheme, guard)
    return made


@pytest.fixture
def server() -> Iterator[Server]:
    with Server([http(200, "inside")]) as running:
        yield running


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "172.16.5.5", "192.168.1.1", "127.0.0.1", "127.8.8.8", "0.0.0.0", "169.254.169.254", "100.64.0.1", "224.0.0.1", "240.0.0.1",
     "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
     "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "64:ff9b:1::7f00:1", "no address"],
)  # fmt: skip
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "193.140.80.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_inner_address_counts_as_itself(ip: Any) -> None:
    assert is_public(f"::ffff:{ip}") == is_public(str(ip)) == is_public(f"64:ff9b::{ip}")


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://[::1]/", "https://localhost/",
     "https://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data/", "http://user:pw@127.0.0.1/", "http://0/"],
)  # fmt: skip
def test_names_of_this_machine_are_refused(url: str) -> None:
    with pytest.raises(Refused, match=r"not a public address"):
        session(Guard()).get(url, timeout=2)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x.example/", "gopher://x/", "//x.example/", "http://", "http://[x/", "http://x:99999/"]
)
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(Refused, match="neither http nor https"):
        Guard().check(url)


@pytest.mark.parametrize("url", ["http://x.example:22/", "https://x.example:8080/", "http://x.example:443/"])
def test_other_ports_are_refused(url: str) -> None:
    with pytest.raises(Refused, match="only 80 and 443") as caught:
        Guard().check(url)
    assert "allow_hosts" in caught.value.cure


def test_one_private_address_among_public_ones_is_enough() -> None:
    with pytest.raises(Refused, match=r"10\.1\.1\.1"):
        session(Guard(resolve=resolving(["8.8.8.8", "10.1.1.1"]))).get("http://x.example/", timeout=1)


def test_a_name_is_resolved_once_and_that_address_connected_to(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that answers something else the second time is never asked a second time."""
    port = int(server.url.rpartition(":")[2])
    resolve = resolving(["203.0.113.9"], ["127.0.0.1"])
    met: list[Any] = []

    def connect(address: Any, *args: Any, **options: Any) -> Any:
        met.append(address)
        raise OSError("no way there from a test")

    monkeypatch.setattr("collectors.news.guard.create_connection", connect)
    monkeypatch.setattr("collectors.news.guard.is_public", lambda address: address != "127.0.0.1")
    with pytest.raises(requests.ConnectionError):
        session(Guard(resolve=resolve)).get("http://x.example/", timeout=1)
    assert met == [("203.0.113.9", 80)]
    assert resolve.asked == ["x.example"]
    assert server.asked == []
    assert port


def test_an_allowed_host_is_let_through(server: Server) -> None:
    host = server.url.removeprefix("http://")
    assert session(Guard([host])).get(server.url, timeout=2).text == "inside"
    assert session(Guard(["127.0.0.1"])).get(server.url, timeout=2).text == "inside"
    with pytest.raises(Refused):
        session(Guard(["127.0.0.1:1"])).get(server.url, timeout=2)


def test_behind_a_proxy_what_is_asked_of_it_is_checked(server: Server) -> None:
    through = {"http": server.url}
    assert session(Guard(resolve=resolving(["8.8.8.8"]))).get("http://x.example/", proxies=through, timeout=2).text == "inside"
    with pytest.raises(Refused):
        session(Guard(resolve=resolving(["10.0.0.1"]))).get("http://x.example/", proxies=through, timeout=2)


def test_a_name_that_there_is_none_of_is_no_refusal() -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(requests.ConnectionError, match="Name or service not known"):
        session(Guard(resolve=unknown)).get("http://x.example/", timeout=1)


def test_a_port_that_nobody_listens_on_is_no_refusal() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(requests.ConnectionError):
        session(Guard([f"127.0.0.1:{port}"])).get(f"http://127.0.0.1:{port}/", timeout=1)
