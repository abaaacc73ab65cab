"""An answer whose head drips ends like one that does not come; without that a hostile feed would keep its lane for weeks."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from collectors.base import Unavailable
from collectors.http import Door, Line, Outfit
from collectors.news.guard import guarded_door
from config.secrets import Secrets
from tests.fakes import NOON, Server, http

LINE = Line("feed", lambda answer: None, json=False)
WHOLE = http(200, "whole")


def slowly(connection: socket.socket) -> None:
    """Every byte is in time for a read; all of them together are not."""
    head, body = WHOLE.split(b"\r\n\r\n")
    connection.sendall(head + b"\r\n")
    for number in range(60):
        connection.sendall(b"X-%d: y\r\n" % number)
        time.sleep(0.1)
    connection.sendall(b"\r\n" + body)


def plain(line: Line) -> Door:
    return Door(line, now=lambda: NOON, secrets=Secrets({}), attempts=1, timeout=(5, 0.5), total=60)


def guarded(line: Line) -> Door:
    outfit = Outfit({"allow_hosts": ["127.0.0.1"]}, Secrets({}), lambda: NOON, plain, Path("metrics"), ZoneInfo("UTC"))
    return guarded_door(outfit, line)


@pytest.mark.parametrize("opened", [plain, guarded])
def test_a_head_that_drips_is_given_up(opened: Callable[[Line], Door]) -> None:
    with Server([slowly]) as server:
        door = opened(LINE)
        with pytest.raises(Unavailable, match="timed out"):
            door.get(server.url)
        [exchange] = door.take()
        assert exchange.status == 0, "asked, and charged for"


@pytest.mark.parametrize("opened", [plain, guarded])
def test_a_connection_is_kept_for_the_next_request(opened: Callable[[Line], Door]) -> None:
    with Server([WHOLE]) as server:
        door = opened(LINE)
        for _ in range(3):
            assert door.get(server.url).content == b"whole"
        assert server.connections == 1
