"""One contestant, once: a process of its own, and what the kernel says it took."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUIET = {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU is user and system together, of the whole process from its start; memory is its peak."""

    cpu: float
    wall: float
    megabytes: float


def before_others() -> None:
    """Let this process, and those that it begins, go before what else the machine does, where it may: so that what is waited for is ours."""
    with suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))


def environment() -> dict[str, str]:
    """As a person's: installed packages are compiled, and so are our own files once they have run."""
    environ = {**os.environ, **QUIET}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return environ


def run(command: Sequence[str]) -> Cost:
    """Python with `command`; raises RuntimeError with the end of its stderr when it fails.

    A child's peak includes the pages that this process has when it makes it, so this process must stay small.
    """
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                               env=environment())  # fmt: skip
    assert process.stderr is not None
    with process.stderr as stream:
        errors = stream.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {process.returncode}\n{errors[-2000:]}")
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def part(name: str, *args: str) -> Cost:
    """`python -m tests.bench.<name>`"""
    return run(["-m", f"tests.bench.{name}", *args])
