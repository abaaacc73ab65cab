"""Tab, in the shells themselves: commands, options, accounts with their colon, indicators of the plan, periods, formats, files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = (
    '[news]\nfeeds = false\n[news.gdelt]\nenabled = false\n[[accounts]]\nplatform = "x"\nhandle = "umraniyebeltr"\n'
    '[[accounts]]\nplatform = "youtube"\nhandle = "umraniye"\n'
)
BASH = """
eval "$(mecra completion bash)"
compopt() { :; }
COMP_LINE=$1 COMP_POINT=${#1}
_mecra_completion mecra
printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """
autoload -U compinit && compinit -u -D
eval "$(mecra completion zsh)"
compadd() { print -l -- $completions }
_describe() { print -l -- ${completions_with_descriptions%%:*} }
_path_files() { print -l -- "(files)" }
words=(${(Q)${(z)1}}); [[ $1 == *" " ]] && words+=("")
CURRENT=$#words
_mecra_completion
"""
FISH = "mecra completion fish | source\ncomplete -C $argv[1]"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Settings with two accounts, and a `mecra` in the path."""
    (tmp_path / "mecra.toml").write_text(SETTINGS, encoding="utf-8")
    program = tmp_path / "bin" / "mecra"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT}" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return tmp_path


def offered(place: Path, shell: str, line: str) -> list[str]:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    environ = {"PATH": f"{place / 'bin'}:{os.environ['PATH']}", "HOME": str(place), "LC_ALL": "C.UTF-8", "TERM": "dumb"}
    how = {"bash": ["--norc", "-c", BASH, "bash"], "zsh": ["-f", "-c", ZSH, "zsh"], "fish": ["--no-config", "-c", FISH]}[shell]
    came = subprocess.run([shell, *how, line], cwd=place, env=environ, capture_output=True, encoding="utf-8", timeout=300)
    assert came.returncode == 0 or shell == "zsh", came.stderr
    return [found.partition("\t")[0] for found in came.stdout.splitlines() if found]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_commands_accounts_indicators_and_formats(place: Path, shell: str) -> None:
    assert offered(place, shell, "mecra sna") == ["snapshot", "snapshots"]
    assert offered(place, shell, "mecra explain PG7.2.") == [f"PG7.2.{n}" for n in range(1, 9)]
    assert set(offered(place, shell, "mecra report 2026-H1 --format ")) == {"docx", "xlsx", "pdf", "csv", "all"}
    assert {"news", "x", "youtube", "x:umraniyebeltr", "youtube:umraniye"} <= set(offered(place, shell, "mecra collect "))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_an_account_is_completed_behind_its_colon(place: Path, shell: str) -> None:
    """bash puts back only what stands behind the colon, because a colon parts words there."""
    whole = offered(place, shell, "mecra collect x:um")
    assert whole == (["umraniyebeltr"] if shell == "bash" else ["x:umraniyebeltr"])


def test_options_periods_and_what_is_half_typed(place: Path) -> None:
    assert offered(place, "bash", "mecra collect --si") == ["--since"]
    assert offered(place, "bash", "mecra explain PG7.2.1 2025") == ["2025-H2", "2025-H1", "2025"]
    assert offered(place, "bash", 'mecra explain "PG7.2.1" 2025-H') == ["2025-H2", "2025-H1"]
    assert offered(place, "bash", "mecra --config mecra.toml --lang e") == ["en"]


def test_settings_that_are_wrong_offer_nothing_and_say_nothing(place: Path) -> None:
    (place / "mecra.toml").write_text("no settings at all", encoding="utf-8")
    assert offered(place, "bash", "mecra collect ") == []
    assert offered(place, "bash", "mecra col") == ["collect"]


def test_bash_is_told_to_ask_us(place: Path) -> None:
    environ = {"PATH": f"{place / 'bin'}:{os.environ['PATH']}", "HOME": str(place)}
    came = subprocess.run(
        ["bash", "--norc", "-c", 'eval "$(mecra completion bash)"; complete -p mecra'],
        cwd=place, env=environ, capture_output=True, encoding="utf-8", timeout=300,
    )  # fmt: skip
    assert came.stdout == "complete -o nosort -F _mecra_completion mecra\n", came.stderr
