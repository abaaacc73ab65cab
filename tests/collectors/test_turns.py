"""One request at a time a host: whoever asks it, the next one waits until the answer is there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.base import Unavailable
from collectors.http import Door, Line
from collectors.turns import turns
from config.secrets import Secrets
from sandbox.faults import Reply, Request
from sandbox.server import Sandbox

NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Watched(Sandbox):
    """While it answers, somebody else tries to have the host's turn."""

    other: Callable[[str], AbstractContextManager[object]]
    refused = 0

    def answer(self, request: Request) -> Reply:
        with pytest.raises(Unavailable, match="asked by another"), self.other("127.0.0.1"):
            pass
        with self.other("127.0.0.9"):  # another host
            self.refused += 1
        return super().answer(request)


def door(turn: Callable[[str], AbstractContextManager[object]]) -> Door:
    return Door(
        Line("feed", lambda answer: None, json=False), now=lambda: NOW, secrets=Secrets({}), sleep=lambda seconds: None, turn=turn
    )


def test_nobody_else_asks_a_host_that_is_being_asked(tmp_path: Path) -> None:
    box = Watched(now=NOW)
    with box:
        box.other = turns(tmp_path, longest=0)
        for _ in range(2):
            assert door(turns(tmp_path)).get(f"{box.url}/feeds/marmara-postasi.xml").status_code == 200
        assert box.refused == 2
        with box.other("127.0.0.1"):  # both have given it back
            pass


def test_a_turn_is_given_back_after_a_failure(tmp_path: Path) -> None:
    turn = turns(tmp_path, longest=0)
    with pytest.raises(Unavailable):
        door(turn).get("http://127.0.0.1:1/feeds")
    with turn("127.0.0.1"):
        pass


def test_names_of_hosts_are_names_of_files(tmp_path: Path) -> None:
    with turns(tmp_path)("../../[::1]/x"):
        assert [path.name for path in tmp_path.iterdir()] == ["host-.._..____1__x.lock"]
