"""`make fuzz`, `python -m tests.fuzz [--minutes N] [TARGET ...]`: each parser for a while, one after the other.

Guided by coverage where atheris can be imported (`uv run --with atheris python -m tests.fuzz`), else by chance from the seeds.
What breaks a promise is written to the directory of findings and told; the run goes on.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main() -> int:
    told = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz the parsers of whatever comes from outside.")
    told.add_argument("targets", nargs="*", metavar="TARGET", help="default: all of them")
    told.add_argument("--minutes", type=float, default=60, help="for all targets together (60)")
    told.add_argument("--findings", type=Path, default=ROOT / ".fuzz", help="where inputs that break a promise are kept (.fuzz)")
    told.add_argument("--list", action="store_true", help="only name the targets")
    told.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = told.parse_args()
    if options.one:
        from tests.fuzz.running import one

        return one(options.targets[0], options.minutes * 60, options.findings)
    from tests.fuzz.targets import TARGETS

    names = options.targets or [target.name for target in TARGETS]
    if unknown := sorted(set(names) - {target.name for target in TARGETS}):
        told.error(f"{unknown[0]} is no target; there are {', '.join(target.name for target in TARGETS)}")
    if options.list:
        print("\n".join(names))
        return 0
    options.findings.mkdir(parents=True, exist_ok=True)
    print(f"{'target':24}{'executions':>12}{'minutes':>9}{'findings':>9}")
    found = 0
    for name in names:
        command = [sys.executable, "-m", "tests.fuzz", "--one", name, "--minutes", str(options.minutes / len(names))]
        subprocess.run([*command, "--findings", str(options.findings)], cwd=ROOT, check=False)
        try:
            run = json.loads((options.findings / f"{name}.json").read_text())
        except OSError:
            print(f"{name:24} ended without a word")
            found += 1
            continue
        found += len(run["findings"])
        print(f"{name:24}{run['executions']:12}{run['seconds'] / 60:9.2f}{len(run['findings']):9}", flush=True)
        for what, file in run["findings"].items():
            print(f"    {what} ({file})", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
