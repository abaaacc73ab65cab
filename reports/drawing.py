"""Charts drawn by a process beside this one: drawing holds the interpreter's lock for as long as it takes, and a library that dies takes
nothing but that process with it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

CHILD = Path(__file__).with_name("drawing_child.py")


class Undrawn(Exception):
    """The chart can't be drawn; the log says why."""


class Drawing:
    """Draws for several threads, in turn. The process begins with the first chart, and anew after one that it died of."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def png(self, spec: Mapping[str, Any]) -> bytes:
        """Raises Undrawn."""
        with self._lock:
            self._child = self._child or _begun()
            try:
                drawn = _asked(self._child, json.dumps(spec).encode() + b"\n")
            except (OSError, EOFError):
                self._child.kill()
                self._child.communicate()
                self._child, drawn = None, b""
        if not drawn:
            raise Undrawn
        return drawn


@cache
def drawing() -> Drawing:
    """The one of this process."""
    return Drawing()


def _begun() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  this very interpreter, a file of ours; without the environment it knows no secret
        [sys.executable, "-I", str(CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}
    )


def _asked(child: subprocess.Popen[bytes], line: bytes) -> bytes:
    """Empty where the chart can't be drawn. Raises OSError or EOFError where the process has come to its end over it."""
    assert child.stdin is not None and child.stdout is not None
    child.stdin.write(line)
    child.stdin.flush()
    head = child.stdout.read(4)
    length = int.from_bytes(head)
    drawn = child.stdout.read(length)
    if len(head) < 4 or len(drawn) < length:
        raise EOFError
    return drawn
