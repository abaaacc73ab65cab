"""`make bench-faults`: the faults of the pipeline against dlt, Airbyte's CDK and lemon24/reader; writes docs/peers.md.

`--only WORD` plays the scenes whose name holds the word and prints, without writing; `--at-once N` contestants at a time (2).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.measure import ROOT
from tests.bench_faults.contest import AIRBYTE, CONTESTANTS, Contestant, Run, played
from tests.bench_faults.report import Played, page
from tests.bench_faults.scenes import Scene, scenes

REPORT = ROOT / "docs" / "peers.md"


def play(contestant: Contestant, scene: Scene) -> tuple[Run, Run]:
    with TemporaryDirectory(prefix="mecra-faults-") as folder:
        runs = played(contestant, scene, Path(folder))
    print(f"{contestant.name:12} {scene.source:5} {scene.told:45} {runs[0].verdict:7} {runs[1].verdict:7}", flush=True)
    return runs


def versions() -> dict[str, str]:
    """What was run, of each contestant."""
    python = AIRBYTE.with_name("python")
    told = subprocess.run(
        [str(python), "-c", "from importlib.metadata import version; print(version('airbyte-cdk'))"], capture_output=True, text=True, check=True
    )  # fmt: skip
    return {"mecra": version("mecra"), "dlt": version("dlt"), "Airbyte CDK": told.stdout.strip(), "reader": version("reader")}


def main(argv: Sequence[str]) -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench_faults")
    options.add_argument("--only", default="")
    options.add_argument("--at-once", type=int, default=2)
    told = options.parse_args(argv)
    pairs = [(one, scene) for source in ("x", "feed") for scene in scenes(source) if told.only in scene.told
             for one in CONTESTANTS if one.source == source]  # fmt: skip
    with ThreadPoolExecutor(told.at_once) as pool:
        results = list(pool.map(lambda pair: play(*pair), pairs))
    table: Played = {(scene, one.name): runs for (one, scene), runs in zip(pairs, results, strict=True)}
    if told.only:
        for (scene, name), runs in table.items():
            print(scene.told, name, *runs, sep="\n    ")
        return
    REPORT.write_text(page(table, versions()), encoding="utf-8")
    print(f"{REPORT} written")


if __name__ == "__main__":
    main(sys.argv[1:])
