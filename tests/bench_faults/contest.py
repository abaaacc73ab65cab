"""One contestant in one scene: a run with the fault, a run after it, each a process of its own, and what they leave on disk."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

from console.demo import write_settings
from model import to_text
from sandbox.server import Sandbox
from tests.bench.measure import ROOT, environment
from tests.bench_faults import stored
from tests.bench_faults.scenes import FEED, KILLED, STREAMS, Scene, sandbox
from tests.bench_faults.stored import Rows
from tests.faulty import ACCOUNTS, MARMARA, SINCE

PATIENCE = 100.0  # seconds that a run may take, then it is ended and told as waiting
AIRBYTE = ROOT / ".bench" / "airbyte" / "bin" / "source-declarative-manifest"
TOKEN = "sandbox-x-bearer"


Truth = Mapping[str, set[str]]  # of each row the values that are right


@dataclass(frozen=True, slots=True)
class Contestant:
    """`command` takes the directory, the sandbox, and the scene's clock; `rows` reads what is stored there."""

    name: str
    source: str
    command: Callable[[Path, Sandbox], list[str]]
    rows: Callable[[Path], Rows]
    stdout: str = ""  # a file in the directory that its messages go to


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended (`success`, `failure`, `waits`, `killed`), what it said last, the requests it sent, and its rows against the truth."""

    outcome: str
    said: str
    requests: int
    right: int
    told: int
    wrong: int
    lost: int

    @property
    def verdict(self) -> str:
        """`whole`; `told`: incomplete, and it says so; `silent`: incomplete under a success."""
        if not (self.told or self.wrong or self.lost):
            return "whole"
        return "silent" if self.outcome == "success" and (self.wrong or self.lost) else "told"


def mecra(source: str) -> Contestant:
    def command(data: Path, box: Sandbox) -> list[str]:
        since = to_text(SINCE)
        return [
            sys.executable,
            "-m",
            "tests.bench_faults.by_mecra",
            str(data),
            ACCOUNTS[source],
            STREAMS[source],
            since,
            to_text(box.now),
        ]

    return Contestant("mecra", source, command, stored.posts_of_mecra if source == "x" else stored.articles_of_mecra)


def dlt(data: Path, box: Sandbox) -> list[str]:
    user = box.world.accounts["x"].remote_id
    return [sys.executable, "-m", "tests.bench_faults.by_dlt", str(data), f"{box.url}/x", user, TOKEN, to_text(SINCE)]


def reader(data: Path, box: Sandbox) -> list[str]:
    return [sys.executable, "-m", "tests.bench_faults.by_reader", str(data), f"{box.url}/feeds/{FEED}.xml"]


def airbyte(data: Path, box: Sandbox) -> list[str]:
    config = {"root": f"{box.url}/x", "user": box.world.accounts["x"].remote_id, "token": TOKEN, "since": to_text(SINCE)}
    stream = {"name": "posts", "json_schema": {}, "supported_sync_modes": ["full_refresh"], "source_defined_primary_key": [["id"]]}
    catalog = {
        "streams": [
            {"stream": stream, "sync_mode": "full_refresh", "destination_sync_mode": "append_dedup", "primary_key": [["id"]]}
        ]
    }
    for name, value in (("config", config), ("catalog", catalog)):
        (data / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    manifest = Path(__file__).with_name("manifest.yaml")
    return [
        str(AIRBYTE),
        "read",
        "--config",
        str(data / "config.json"),
        "--catalog",
        str(data / "catalog.json"),
        "--manifest-path",
        str(manifest),
    ]


CONTESTANTS = (
    mecra("x"),
    Contestant("dlt", "x", dlt, stored.posts_of_dlt),
    Contestant("Airbyte CDK", "x", airbyte, stored.posts_of_airbyte, "airbyte.jsonl"),
    mecra("feed"),
    Contestant("reader", "feed", reader, stored.articles_of_reader),
)


def played(contestant: Contestant, scene: Scene, data: Path) -> tuple[Run, Run]:
    """The run with the fault, and the one after it."""
    truth = undisturbed(contestant, scene.at)
    with sandbox() as box:
        place = _settled(data, box)
        scene.begin(box)
        if scene.before:
            _run(contestant, place, box, truth)
        scene.strike(box)
        first = _run(contestant, place, box, truth, deadly=scene.fault == KILLED)
        box.faults.clear()
        box.released.set()
        box.now = scene.at + scene.later
        if scene.source == "x":  # what was read before the fault may stand as it was then, or as it is now
            now = _listed(box)
            truth = {key: values | now.get(key, set()) for key, values in truth.items()}
        second = _run(contestant, place, box, truth)
    return first, second


@cache
def undisturbed(contestant: Contestant, at: datetime) -> Truth:
    """The rows that the contestant itself stores when nothing is wrong, with the values that the sandbox told.

    Raises ValueError when it stores none, or another value than was told.
    """
    with sandbox() as box, TemporaryDirectory(prefix="mecra-faults-") as folder:
        place = _settled(Path(folder), box)
        box.now = at
        run = _run(contestant, place, box, {})
        rows = contestant.rows(place)
        told = _listed(box) if contestant.source == "x" else {key: {str(row.value)} for key, row in rows.items()}
    if not rows or run.outcome != "success" or any(str(row.value) not in told.get(key, ()) for key, row in rows.items()):
        raise ValueError(f"{contestant.name} does not store what is told when nothing is wrong: {run}")
    return {key: told[key] for key in rows}


def _settled(data: Path, box: Sandbox) -> Path:
    write_settings(data, box.url, MARMARA)
    return data


def _listed(box: Sandbox) -> Truth:
    """Every post and its views, from the sandbox itself without its faults, under every id that it has had."""
    faults, asked, box.faults = box.faults, list(box.asked), []
    found: dict[str, set[str]] = {}
    query = f"max_results=100&exclude=retweets&start_time={to_text(SINCE)}&tweet.fields=public_metrics"
    following = ""
    while True:
        url = f"{box.url}/x/2/users/{box.world.accounts['x'].remote_id}/tweets?{query}{following}"
        with urlopen(Request(url, headers={"Authorization": f"Bearer {TOKEN}"})) as answer:
            page = json.load(answer)
        for row in page.get("data", ()):  # an edited post goes by its first id here and by its newest there
            found |= {post: {str(row["public_metrics"]["impression_count"])} for post in row["edit_history_tweet_ids"]}
        if "next_token" not in page["meta"]:
            break
        following = f"&pagination_token={page['meta']['next_token']}"
    box.faults, box.asked[:] = faults, asked
    return found


def _run(contestant: Contestant, data: Path, box: Sandbox, truth: Truth, *, deadly: bool = False) -> Run:
    asked = len(box.asked)
    outcome, said = _process(contestant.command(data, box), data, contestant.stdout, box if deadly else None)
    return counted(outcome, said, len(box.asked) - asked, contestant.rows(data), truth)


def counted(outcome: str, said: str, requests: int, rows: Rows, truth: Truth) -> Run:
    """The rows against the truth; a number told as text is the same number."""
    count = Counter[str]()
    for key, values in truth.items():
        held = rows.get(key)
        right = held is not None and str(held.value) in values
        count["lost" if held is None else "right" if right else "told" if held.told else "wrong"] += 1
    return Run(outcome, said, requests, count["right"], count["told"], count["wrong"], count["lost"])


def _process(command: Sequence[str], data: Path, stdout: str, deadly: Sandbox | None) -> tuple[str, str]:
    """How the process ended and its last words. `deadly`: it is killed as soon as the sandbox's fault has struck."""
    errors = data / "stderr.txt"
    with (data / (stdout or "stdout.txt")).open("ab") as out, errors.open("wb") as err:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=err, env=environment())
        end = time.monotonic() + PATIENCE
        killed = False
        while process.poll() is None and time.monotonic() < end and not killed:
            killed = deadly is not None and any(fault.hits for fault in deadly.faults)
            time.sleep(0.05)
        if process.poll() is None:
            process.kill()
        process.wait()
    if killed:
        return "killed", ""
    if process.returncode < 0:
        return "waits", f"ended after {PATIENCE:.0f} s"
    lines = [line for line in errors.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    said = lines[-1] if lines else ""
    if process.returncode == 0 and said.startswith("partial"):
        return "partial", said
    return ("success" if process.returncode == 0 else "failure"), said
