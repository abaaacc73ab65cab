"""One target in a process of its own: so many CPU seconds an input, so much memory, every kind of finding once."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

SECONDS = 10.0  # of CPU for one input; under coverage everything takes several times as long
MEMORY = 4 * 2**30
OURS = ("collectors", "config", "console", "indicators", "model", "panel", "reports", "storage", "upkeep", "words")
ROOT = Path(__file__).parents[2]


class TooLong(BaseException):
    """An input that takes more CPU than it may."""


class Run:
    """What came of it so far, written down as it goes: a crash of an extension leaves that."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder, self.executions, self.began, self.written = name, folder, 0, time.monotonic(), 0.0
        self.findings: dict[str, str] = {}
        self.kinds: set[str] = set()
        self.last = folder / f"{name}.last"

    def saw(self, error: BaseException, data: bytes) -> None:
        where = _where(error)
        what = f"{type(error).__name__} at {where}: {' '.join(str(error).split())[:120]}"
        kind = re.sub(r"'[^']*'|\d+", "…", what) if type(error).__name__ == "Broken" else what.partition(": ")[0]
        if kind in self.kinds:
            return
        self.kinds.add(kind)
        file = self.folder / f"{self.name}-{hashlib.sha256(data).hexdigest()[:10]}"
        file.write_bytes(data)
        self.findings[what] = file.name
        self.write()

    def write(self) -> None:
        self.written = time.monotonic()
        seconds = self.written - self.began
        told = {
            "executions": self.executions,
            "seconds": round(seconds, 1),
            "cpu": round(time.process_time(), 1),
            "findings": self.findings,
        }
        (self.folder / f"{self.name}.json").write_text(json.dumps(told, ensure_ascii=True, indent=1))


def one(name: str, seconds: float, folder: Path) -> int:
    """Run one target for so long."""
    logging.disable(logging.CRITICAL)
    folder.mkdir(parents=True, exist_ok=True)
    guided = _guide()
    from tests.fuzz.mutating import changed
    from tests.fuzz.targets import TARGETS

    target = next(target for target in TARGETS if target.name == name)
    run = Run(name, folder)
    run.write()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGVTALRM, _too_long)

    def tried(data: bytes) -> None:
        run.executions += 1
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            with _silent():
                target.run(data)
        except (Exception, TooLong) as error:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            run.saw(error, data)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if time.monotonic() - run.written > 2:
            run.write()

    seeds = [seed for seed in (*target.seeds(), *target.more()) if len(seed) <= 60_000]
    if guided is None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        random = Random(name)
        for seed in seeds:
            tried(seed)
        while time.monotonic() - run.began < seconds:
            tried(changed(random.choice(seeds), random, target.kind, seeds))
    else:
        _guided(guided, tried, seeds, target.kind, seconds, folder / f"{name}.corpus")
    run.write()
    return 0


def _guide() -> Any:
    """atheris with our packages instrumented, None where it is not installed."""
    try:
        atheris: Any = import_module("atheris")
    except ImportError:
        return None
    with atheris.instrument_imports(include=[*OURS], enable_loader_override=False):
        import_module("tests.fuzz.targets")
    return atheris


def _guided(atheris: Any, tried: Any, seeds: list[bytes], kind: str, seconds: float, corpus: Path) -> None:
    from tests.fuzz.mutating import changed

    corpus.mkdir(exist_ok=True)
    for seed in seeds:
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)

    def mutator(data: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)
        found = (
            atheris.Mutate(data, most) if kind == "bytes" and random.random() < 0.4 else changed(bytes(data), random, kind, seeds)
        )
        return bytes(found[:most])

    arguments = [
        "fuzz",
        f"-max_total_time={max(1, round(seconds))}",
        "-timeout=600",
        "-max_len=60000",
        "-rss_limit_mb=4096",
        "-verbosity=0",
        f"-artifact_prefix={corpus}-",
        "-print_final_stats=0",
        str(corpus),
    ]
    atheris.Setup(arguments, lambda data: tried(bytes(data)), custom_mutator=mutator)
    atheris.Fuzz()


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """What a parser prints is no matter here."""
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        yield


def _too_long(*_: object) -> None:
    raise TooLong(f"more than {SECONDS:g} seconds of CPU")


def _where(error: BaseException) -> str:
    """The innermost line of ours, else of whoever raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [
        frame
        for frame in frames
        if str(ROOT) in frame.filename and "/.venv/" not in frame.filename and "/tests/" not in frame.filename
    ]
    frame = (ours or frames)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


if sys.flags.optimize:
    raise SystemExit("asserts are needed here")
