"""What a newcomer is shown: every command in a section, with examples that parse, on a screen of 80 columns; and the manual page."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli import mecra
from console.manual import EXAMPLES, SECTIONS
from words import _, speak, speaking


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANGUAGE", "")
    yield
    speak("en", {})


def commands(group: click.Group = mecra, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        full = f"{path} {name}".strip()
        yield full, command
        if isinstance(command, click.Group):
            yield from commands(command, full)


def test_every_command_is_in_one_section_and_has_an_example() -> None:
    listed = [name for section in SECTIONS for name in section.commands]
    assert sorted(listed) == sorted(mecra.commands), "console/manual.py: each command once, none that is gone"
    assert set(EXAMPLES) - {""} == {path for path, _command in commands()}


@pytest.mark.parametrize(("path", "typed"), [(path, one.typed) for path, found in EXAMPLES.items() for one in found])
def test_an_example_parses(path: str, typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the real parser, up to where the command would begin to work; files that it names are there."""
    monkeypatch.chdir(tmp_path)
    for name in ("clipping.xlsx", "export.csv", "week-12.xlsx", "scan.pdf", "mecra-20260701T001000Z.zip"):
        (tmp_path / name).write_bytes(b"")
    words = shlex.split(typed.partition(" > ")[0])
    assert not path or [word for word in words if not word.startswith("-")][: len(path.split())] == path.split()
    context = mecra.make_context("mecra", words)
    command: click.Command = mecra
    rest = [*context._protected_args, *context.args]
    while isinstance(command, click.Group) and (rest or not command.invoke_without_command):
        _name, below, rest = command.resolve_command(context, rest)
        assert below is not None
        context, command = below.make_context(below.name, rest, parent=context), below
        rest = [*context._protected_args, *context.args]
    assert rest == []


@pytest.mark.parametrize("language", ["tr", "en"])
def test_help_fits_a_screen_of_80_columns(language: str) -> None:
    shown = CliRunner().invoke(mecra, ["--lang", language, "--help"], terminal_width=80).output.splitlines()
    assert max(len(line) for line in shown) <= 80
    with speaking(language):
        for section in SECTIONS:
            assert f"{_(section.title)}:" in shown
            for name, line in section.commands.items():
                assert f"  {name:<10}  {_(line)}" in shown, f"{name} has one line"


def test_a_command_shows_how_it_is_typed() -> None:
    shown = CliRunner().invoke(mecra, ["--lang", "tr", "collect", "--help"]).output
    assert "Örnekler:\n  mecra collect\n      anahtarı bulunan her şey\n" in shown


@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_manual_page_tells_every_command(language: str) -> None:
    shown = CliRunner().invoke(mecra, ["--lang", language, "manual"]).output
    assert shown.startswith(".TH MECRA 1 ")
    for path, command in commands():
        assert f'.SS "mecra {path}"\n' in shown
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.opts[-1].replace("-", "\\-") in shown


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_manual_page_is_roff_without_a_warning(language: str, tmp_path: Path) -> None:
    page = tmp_path / "mecra.1"
    page.write_text(CliRunner().invoke(mecra, ["manual", "--lang", language]).output, encoding="utf-8")
    environ = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    came = subprocess.run(
        ["groff", "-k", "-ww", "-man", "-Tutf8", str(page)], env=environ, capture_output=True, encoding="utf-8", timeout=60
    )
    assert (came.returncode, came.stderr) == (0, "")
    shown = re.sub(".\b", "", came.stdout)  # bold is a letter over itself
    with speaking(language):
        assert _("this number, from where?") in shown and "MECRA_<PLATFORM>_<NAME>" in shown
    assert "mecra collect x --since 2026-01-01 --dry-run" in shown and '--why "mourning"' in shown, "as it is to be typed"
