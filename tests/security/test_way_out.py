"""The way out against whoever answers or listens: redirects that lead inside, another's certificate, a link laid out for us."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server
from zoneinfo import ZoneInfo

import pytest

from collectors.base import CollectError, Refused, Unavailable
from collectors.http import Door, Line, Outfit
from collectors.news.guard import follow, guarded_door
from config.secrets import Secrets
from tests.fakes import NOON, Server, http
from tests.reports.mail_server import authority, server_context

TOKEN = "a-token-of-the-institution"


def door(line: Line) -> Door:
    return Door(line, now=lambda: NOON, secrets=Secrets({}), sleep=lambda seconds: None, attempts=1, timeout=(5, 5))


def guarded(*allowed: str) -> Door:
    return guarded_door(Outfit({"allow_hosts": list(allowed)}, Secrets({}), lambda: NOON, door, Path("metrics"), ZoneInfo("UTC")))


INSIDE = (
    "http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/", "http://10.0.0.1/", "http://localhost/", "http://0/",
    "http://2130706433/", "http://0x7f.1/", "//192.168.1.1/feed", "file:///etc/passwd", "gopher://127.0.0.1:25/_HELO", "ftp://ornek.example/",
    "http://127.0.0.1:1/", "https://93.184.215.14:22/", "HTTP://127.0.0.1/", "http://user:pass@127.0.0.1/",
)  # fmt: skip


@pytest.mark.parametrize("target", INSIDE)
def test_a_feed_that_redirects_inside_is_refused(target: str) -> None:
    """The first address is allowed by host and port, none of the others is; nothing is asked of them."""
    with Server([http(302, b"", Location=target)]) as server:
        opened = guarded(server.url.removeprefix("http://"))
        with pytest.raises(CollectError) as caught:
            follow(opened, f"{server.url}/feed", {})
        assert isinstance(caught.value, (Refused, Unavailable)) or "address" in str(caught.value), str(caught.value)
        paths = [asked.path for asked in server.asked]
        assert paths[0] == "/feed" and set(paths) == {"/feed"}, paths
        assert [exchange for exchange in opened.take() if exchange.status == 200] == []


def test_an_allowed_host_is_no_way_to_its_neighbours() -> None:
    with Server([http(200, b"inner service")]) as inner, Server([http(302, b"", Location=inner.url)]) as server:
        with pytest.raises(Refused, match="only 80 and 443"):
            follow(guarded(server.url.removeprefix("http://")), server.url, {})
        assert inner.asked == []


def test_no_secret_of_an_address_or_of_the_session_goes_along() -> None:
    with Server(lambda asked: http(200, b"ok")) as other:
        host = other.url.removeprefix("http://")
        with Server([http(302, b"", Location=f"http://someone:{TOKEN}@{host}/", Set_Cookie="a=b; Path=/")]) as server:
            opened = guarded("127.0.0.1", host, server.url.removeprefix("http://"))
            follow(opened, server.url, {})
        [asked] = other.asked
        assert not {"authorization", "cookie", "referer"} & asked.headers.keys()


# -- whoever listens in between


@contextmanager
def impostor(context: ssl.SSLContext) -> Iterator[tuple[int, list[bytes]]]:
    """Answers TLS on loopback with whatever certificate it has; what it gets to read."""
    heard: list[bytes] = []

    def answer() -> None:
        while True:
            try:
                raw, _ = listening.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(raw, server_side=True) as connection:
                    heard.append(connection.recv(65536))
                    connection.sendall(http(200, b"{}", Content_Type="application/json"))
            except OSError:
                raw.close()

    with create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listening.getsockname()[1], heard


@pytest.mark.parametrize("way", ["platform", "feed"])
@pytest.mark.parametrize("trusted", [True, False], ids=["of another name", "of an unknown authority"])
def test_another_s_certificate_is_told_nothing(tmp_path: Path, way: str, trusted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority(tmp_path)) if trusted else "")
    with impostor(server_context(tmp_path, "api.elsewhere.example")) as (port, heard):
        opened = guarded(f"127.0.0.1:{port}") if way == "feed" else door(Line("x", lambda answer: None))
        with pytest.raises(Unavailable):
            opened.get(f"https://127.0.0.1:{port}/2/users/me", headers={"Authorization": f"Bearer {TOKEN}"})
        assert heard == []


def test_the_right_certificate_is_let_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the others are refused for what they are."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority(tmp_path)))
    with impostor(server_context(tmp_path, "localhost")) as (port, heard):
        door(Line("x", lambda answer: None)).get(
            f"https://localhost:{port}/2/users/me", headers={"Authorization": f"Bearer {TOKEN}"}
        )
        assert TOKEN.encode() in heard[0]
