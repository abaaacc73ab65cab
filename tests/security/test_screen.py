"""Texts of strangers on a screen and in the log: none steers a terminal, none writes a line of the log for mecra."""

from __future__ import annotations

import json
import logging
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.logs import write_log
from model import Account, Exchange, Page, Records, from_text
from storage import opened
from storage.database import transaction
from tests.conftest import ISTANBUL
from tests.security.process import ROOT, mecra, plain

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m evil\u202egnp.exe"
STEERING = ("\x1b", "\x9b", "\x07", "\u202e")


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A database with one answer of a hostile feed in it."""
    (tmp_path / "mecra.toml").write_text('[institution]\nname = "Örnek"\n', encoding="utf-8")
    account = Account("feed:a", "feed", "a", label=HOSTILE, url="https://ornek.example/")
    at = from_text("2026-03-01T10:00:00Z")
    with opened(tmp_path / "mecra.db", ISTANBUL) as storage:
        storage.register([account])
        walk = storage.begin(account.account, "items", since=at, now=at, trigger="manual", memo={}, missed=0)
        body = json.dumps({"entries": [{"title": HOSTILE}]}, ensure_ascii=False).encode() + HOSTILE.encode()
        exchange = Exchange(at, "GET", "https://ornek.example/", 200, body, len(body))
        storage.save(walk, walk.after(Page(notes=(HOSTILE,)), at), [(exchange, Records())])
        with transaction(storage.connection):
            storage.connection.execute("UPDATE walks SET error = ?", (HOSTILE,))
    return tmp_path


def on_terminal(place: Path, *args: str) -> str:
    """What a person's terminal is sent."""
    master, slave = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, str(ROOT), "--lang", "en", *args], cwd=place, env=plain(), stdout=slave, stderr=slave
    )
    os.close(slave)
    pieces = []
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # nobody writes any more
            break
        if not piece:
            break
        pieces.append(piece)
    running.wait()
    os.close(master)
    return b"".join(pieces).decode("utf-8", "replace")


@pytest.mark.parametrize("command", [("show", "1"), ("status",), ("status", "--json")])
def test_no_text_of_a_stranger_steers_a_terminal(place: Path, command: tuple[str, ...]) -> None:
    shown = on_terminal(place, *command)
    assert "evil" in shown or command[-1] == "status", shown
    assert [sign for sign in STEERING if sign in shown] == []


def test_a_file_gets_the_answer_as_it_came(place: Path) -> None:
    assert HOSTILE in mecra(place, "show", "1").stdout


def test_what_stops_a_command_steers_nothing_either(place: Path) -> None:
    (place / "mecra.toml").write_text('[institution]\n"\\u001b]0;owned\\u0007\\u009b31m\\u202e evil" = 3\n', encoding="utf-8")
    shown = on_terminal(place, "status")
    assert "evil" in shown
    assert [sign for sign in STEERING if sign in shown] == [], shown


FORGED = "a title\n2026-11-24T00:00:00+0000 CRITICAL mecra.daemon: all tokens were revoked\r\x1b[2Kgone\u2028more"


def test_a_line_of_the_log_is_written_by_mecra_alone(capsys: pytest.CaptureFixture[str]) -> None:
    write_log("info", str)
    log = logging.getLogger("mecra.test")
    log.warning("not read: %s", FORGED)
    try:
        raise ValueError(FORGED)
    except ValueError:
        log.exception("%s", FORGED)
    said = capsys.readouterr().err
    assert [line for line in said.split("\n") if line.startswith("2026-11-24T00:00:00+0000 CRITICAL")] == []
    assert "all tokens were revoked" in said and not {"\x1b", "\r", "\u2028"} & set(said)
    assert sum(not line.startswith("  ") for line in said.splitlines()) == 2


def test_json_of_the_log_steers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    write_log("info", str, as_json=True)
    logging.getLogger("mecra.test").warning("%s", HOSTILE)
    [line] = capsys.readouterr().err.splitlines()
    assert [sign for sign in STEERING if sign in line] == [] and "evil" in json.loads(line)["message"]
