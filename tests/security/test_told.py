"""What a process tells of itself: no secret among its arguments, none in what it leaves behind when it breaks."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli import mecra
from console.command import Command, Group
from tests.security.process import ROOT, plain

SECRET = re.compile(r"token|secret|passw|parola|key|credential", re.I)
PLAIN = "EAAB-a-token-nobody-has-registered-0123456789"


def commands(group: click.Group) -> Iterator[click.Command]:
    for command in group.commands.values():
        yield command
        if isinstance(command, click.Group):
            yield from commands(command)


def test_no_command_takes_a_secret_as_an_argument() -> None:
    """Everybody on the machine can read the arguments of a process, and a shell keeps them."""
    wanting = [
        (command.name, param.name) for command in commands(mecra) for param in command.params if SECRET.search(str(param.name))
    ]
    assert wanting == []


def test_what_breaks_a_command_is_told_without_what_it_worked_on() -> None:
    @click.group(cls=Group)
    def group() -> None:
        pass

    @group.command("break", cls=Command)
    def broken() -> None:
        token = PLAIN
        raise ValueError(len(token))

    told = CliRunner().invoke(group, ["break"])
    assert told.exit_code == 2 and PLAIN not in told.output


def test_what_breaks_beyond_a_command_is_told_so_too(tmp_path: Path) -> None:
    """Python's own traceback names lines and no values; nothing is installed that would."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import cli, daemon, scheduler\n"
        f"def work(token):\n    raise RuntimeError('broken')\nwork('{PLAIN[:9]}' + '{PLAIN[9:]}')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT)], cwd=tmp_path, env=plain(), capture_output=True, text=True, check=False
    )
    assert "RuntimeError: broken" in done.stderr and PLAIN not in done.stderr


@pytest.mark.parametrize("folder", [ROOT])
def test_nothing_shows_the_values_of_a_traceback(folder: Path) -> None:
    for path in (
        *folder.glob("*.py"),
        *(p for part in ("console", "panel", "upkeep", "reports", "collectors") for p in (folder / part).rglob("*.py")),
    ):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"rich\.traceback|show_locals|capture_locals|cgitb|faulthandler|debug=True", text), path
