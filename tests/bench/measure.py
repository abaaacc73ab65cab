"""One contestant, once: a process of its own, and what the kernel says it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU is user and system together, of the whole process from its start; `start` is the part before the work began."""

    cpu: float
    wall: float
    megabytes: float
    start: float
    said: Mapping[str, Any]


def run(part: str, *args: str) -> Cost:
    """`python -m tests.bench.<part>`; its last line on stdout is JSON. Raises RuntimeError with its stderr when it fails."""
    command = [sys.executable, "-m", f"tests.bench.{part}", *args]
    environ = {**os.environ, "RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # installed packages are compiled, our own files would not be
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ)
    assert process.stdout is not None and process.stderr is not None
    out = process.stdout.read()
    errors = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[2:])}: exit {process.returncode}\n{errors[-2000:]}")
    said = json.loads(out.strip().splitlines()[-1])
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, said.pop("start"), said)


def best(part: str, *args: str, times: int) -> Cost:
    """The run with the least CPU: whatever else the machine was doing, it can only have added."""
    return min((run(part, *args) for _ in range(times)), key=lambda cost: cost.cpu)


def ready() -> float:
    """CPU seconds of this process so far: what its start and its imports took."""
    return time.process_time()
