"""The driver of processes that die, and the institution that they work for."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Came:
    """How a process ended. `said`: what is on its screen, both kinds."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


Mecra = Callable[..., Came]


@pytest.fixture(scope="session")
def mecra() -> Iterator[Mecra]:
    """`mecra(directory, "enter", …, moment=7)`: a command in a process of its own; `act="collect"`: one of acts.py."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.power.driver"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def run(directory: Path, *args: object, **more: Any) -> Came:
        assert process.stdin and process.stdout
        more.setdefault("environ", {})
        more["environ"] = {"MECRA_CONFIG": str(directory / "mecra.toml"), "MECRA_USER": "Ayşe Yılmaz", **more["environ"]}
        print(json.dumps({"directory": str(directory), "args": [str(a) for a in args], **more}), file=process.stdin, flush=True)
        return Came(**json.loads(process.stdout.readline()))

    yield run
    assert process.stdin
    process.stdin.close()
    process.wait(60)
