"""The commands over one year of data and over five: what each takes, and that every figure is the one that the data was made with.

The database is made by tests/bench/years.py in a process of its own, and kept under `.bench` for the next run; every run works on
a copy. *Cold* is after the system has forgotten the file.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

from tests.bench.measure import ROOT, Cost, before_others, environment, part, run

PERIODS = ("2025-H1", "2025-H2", "2025")
SETTLED = "2026-01-12"
CODES = tuple(f"PG7.2.{n}" for n in range(1, 9))
PROMISED = {"snapshot 2025-H1": 2.0, "snapshot 2025-H2": 2.0, "snapshot 2025": 4.0} | {
    f"explain {code} 2025-H2": 0.5 for code in CODES
}
COMMANDS = (*PROMISED, "explain PG7.2.8 2025", "snapshots", "status")
NEW, KEPT, VERIFY = "the panel's overview, measured anew", "the panel's overview of a kept snapshot", "verify"
OVERVIEW = "/?donem=2025-H2"
KEPT_IN = ROOT / ".bench"


@dataclass(frozen=True, slots=True)
class Took:
    """The least CPU of several runs, and one run on a cold file."""

    warm: Cost
    cold: Cost


@dataclass(frozen=True, slots=True)
class Years:
    """One database: how many rows there are, and what everything took on it. `seals` were verified."""

    years: int
    rows: Mapping[str, int]
    megabytes: float
    made: Cost
    seals: int
    took: Mapping[str, Took]


@contextmanager
def copied(years: int) -> Iterator[Path]:
    """A copy of the database of so many years, which may be written to."""
    kept = _kept(years)
    with tempfile.TemporaryDirectory(prefix="copy-", dir=KEPT_IN) as name:
        folder = Path(name) / "mecra"
        shutil.copytree(kept, folder)
        part("years", str(folder))
        yield folder


def _kept(years: int) -> Path:
    """Made again when what it is made by has changed; a new schema is a migration of the copy."""
    sources = sorted((ROOT / "tests" / "bench").glob("year*.py"))
    mark = sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    folder = KEPT_IN / f"years-{years}-{mark}"
    if not (folder / "made.json").exists():
        for old in KEPT_IN.glob(f"years-{years}-*"):
            shutil.rmtree(old)
        KEPT_IN.mkdir(exist_ok=True)
        made = part("years", str(folder), str(years))
        (folder / "made.json").write_text(json.dumps(asdict(made)), encoding="utf-8")
    return folder


def measured(years: int, times: int) -> Years:
    """Raises ValueError for a figure that is not the one that the data was made with."""
    with copied(years) as folder:
        made = Cost(**json.loads((folder / "made.json").read_text(encoding="utf-8")))
        before_others()
        told = json.loads((folder / "sums.json").read_text(encoding="utf-8"))
        took = {NEW: _overview(folder, times)}
        for command in COMMANDS:
            _check(folder, command, told["sums"])
            took[command] = _took(folder, command, times)
            print(f"{years} years  {command:28} {took[command].warm.cpu:6.2f} s CPU {took[command].warm.wall:6.2f} s", flush=True)
        took[KEPT] = _overview(folder, times)
        sealed = [period for year in range(2026 - years, 2026) for period in (f"{year}-H1", f"{year}-H2", str(year))]
        for period in sealed:
            answer_of(
                folder, f"snapshot {period} --as-of {SETTLED} --seal --provisional --by bench"
            )  # the plan has no target of the years before it
        if not answer_of(folder, "verify")["whole"]:
            raise ValueError("what was sealed is not whole")
        took[VERIFY] = _took(folder, "verify", 1)
        print(f"{years} years  verify ({len(sealed)} seals) {took[VERIFY].warm.cpu:.2f} s CPU", flush=True)
        return Years(years, told["rows"], told["megabytes"], made, len(sealed), took)


def _took(folder: Path, command: str, times: int) -> Took:
    forget(folder / "mecra.db")
    cold = run(_called(folder, command))
    warm = [run(_called(folder, command)) for _ in range(times)]
    return Took(min(warm, key=lambda cost: cost.cpu), cold)


def forget(database: Path) -> None:
    """Let the system read the file from the disk again."""
    with database.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _called(folder: Path, command: str) -> list[str]:
    return [".", "--config", str(folder / "mecra.toml"), *command.split()]


def answer_of(folder: Path, command: str) -> Any:
    done = subprocess.run([sys.executable, *_called(folder, f"{command} --json")], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        raise ValueError(f"{command}: exit {done.returncode}\n{done.stderr.decode()[-2000:]}")
    return json.loads(done.stdout)


def _check(folder: Path, command: str, sums: Mapping[str, Mapping[str, int]]) -> None:
    what, *rest = command.split()
    if what == "explain":
        code, period = rest
        told = answer_of(folder, command)
        if int(told["numerator"]) != sums[period][code] or told["coverage"] != "1" or told["lacks"]:
            raise ValueError(
                f"{command}: {told['numerator']}, made with {sums[period][code]}; coverage {told['coverage']}, {told['lacks']}"
            )
    elif what == "snapshot":
        right = sums[rest[0]]
        for row in answer_of(folder, f"{command} --dry-run")["values"]:
            beside = row["details"]["beside"]
            other = (row["code"], "published") if "published" in beside else None
            if int(row["numerator"]) != right[row["code"]] or row["coverage"] != 100 or row["status"] not in ("ok", "not compared"):
                raise ValueError(f"{command}: {row['code']} {row['numerator']}, made with {right[row['code']]}; {row['note']}")
            if other and beside["published"] != right[" ".join(other)]:
                raise ValueError(f"{command}: {row['code']} published {beside['published']}, made with {right[' '.join(other)]}")
            if row["code"] == "PG7.2.5" and int(row["denominator"]) != right["planned"]:
                raise ValueError(f"{command}: {row['denominator']} planned, made with {right['planned']}")


def _overview(folder: Path, times: int) -> Took:
    """One page of a panel that runs: its CPU and how long it was waited for; the first time the libraries are loaded."""
    with panel(folder) as (address, pid):
        _page(address, pid)
        forget(folder / "mecra.db")
        cold = _page(address, pid)
        return Took(min((_page(address, pid) for _ in range(times)), key=lambda cost: cost.cpu), cold)


@contextmanager
def panel(folder: Path) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-u", *_called(folder, "panel --port 0")]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            address = next((word for word in said.split() if word.startswith("http")), None)
            if address is None:
                raise RuntimeError(f"the panel did not begin: {said}")
            yield address, process.pid
        finally:
            process.terminate()


def _page(address: str, pid: int) -> Cost:
    from urllib.request import urlopen  # here, because the bench's own process has to stay small

    before, started = cpu_of(pid), monotonic()
    with urlopen(address.rstrip("/") + OVERVIEW, timeout=60) as answer:
        page = answer.read().decode()
    wall = monotonic() - started
    if answer.status != 200 or "PG7.2.8" not in page:
        raise ValueError(f"the panel answers {answer.status}: {page[:500]}")
    return Cost(cpu_of(pid) - before, wall, 0)


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100
