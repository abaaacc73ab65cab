"""The command as a person calls it, on a small sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import mecra
from console.demo import write_settings
from model import utc_now
from sandbox.server import Sandbox
from sandbox.world import World
from words import speak

Call = Callable[..., Result]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Call]:
    """`call("status", "--json")` in English, in a directory of its own, with nothing of ours in the environment."""
    for name in ("MECRA_DATA", "MECRA_CONFIG", "LANGUAGE"):
        monkeypatch.setenv(name, "")
    monkeypatch.chdir(tmp_path)

    def run(*args: str, given: str = "", language: str = "en") -> Result:
        return CliRunner().invoke(mecra, ["--lang", language, *args], input=given, prog_name="mecra")

    yield run
    speak("en", {})


@pytest.fixture(scope="session")
def world() -> World:
    """A week, some days ago: the command has the machine's own clock."""
    today = utc_now().date()
    return World(start=today - timedelta(days=15), end=today - timedelta(days=8))


@pytest.fixture
def box(world: World, tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox, and the settings for it in `tmp_path`; without GDELT, which asks for patience."""
    with Sandbox(world, now=utc_now()) as sandbox:
        write_settings(tmp_path, sandbox.url, world)
        path = tmp_path / "mecra.toml"
        path.write_text(
            path.read_text(encoding="utf-8").replace('name = "ornek"', 'name = "ornek"\nenabled = false'), encoding="utf-8"
        )
        yield sandbox
