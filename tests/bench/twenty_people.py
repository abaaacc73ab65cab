"""Twenty people in the panel at once, over five years of data, while a daemon writes: how long each page was waited for.

The real `mecra panel` in a process of its own, a writer beside it (tests/bench/writer.py), and for each person one connection that stays
open. Everybody goes the way of a newcomer, each from another page on, follows the links that are there, looks at a page for one to five
seconds, and has its charts drawn as a browser does.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.bench.five_years import PERIODS, SETTLED, answer_of, copied, cpu_of, panel
from tests.bench.measure import ROOT, before_others, environment

PEOPLE, ROUNDS = 20, 4
LOOKS = (1.0, 5.0)  # seconds
PROMISED = 0.1
CHART = "a chart of a page"
# What is looked at, and where: an address, or the pattern of a link on one of the pages before it.
WALK: tuple[tuple[str, str], ...] = (
    ("overview", "/"),
    ("overview of a year", "/?donem=2025"),
    ("indicator", r"/gosterge/PG7\.2\.\d\?donem=2025"),
    ("rows of a part", r"/gosterge/PG7\.2\.\d/[^\"]+"),
    ("archived answer", r"/yanit/\d+"),
    ("posts", "/gonderiler"),
    ("posts of five years by views", "/gonderiler?donem=tumu&sirala=goruntulenme"),
    ("posts of five years searched", "/gonderiler?donem=tumu&ara=park"),
    ("one post", r"/gonderiler/[^\"?]+/[^\"?]+"),
    ("news", "/haberler"),
    ("news of five years searched", "/haberler?donem=tumu&ara=belediye"),
    ("one article", r"/haberler/\d+"),
    ("stories", "/haberler/konular"),
    ("outlets and months of a year", "/haberler/gazeteler?donem=2025"),
    ("weekly plan", "/plan?donem=2025-H2"),
    ("another week", r"/plan\?donem=2025-H2&hafta=[^\"]+"),
    ("snapshots", "/anlik-goruntuler"),
    ("one snapshot", r"/anlik-goruntuler/\d+"),
    ("data health", "/veri-sagligi"),
)


@dataclass
class Waited:
    """Seconds by page; `cpu` and `megabytes` are the panel's, `walks` what the writer stored meanwhile."""

    pages: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seconds: float = 0
    cpu: float = 0
    megabytes: float = 0
    walks: int = 0


class Person:
    """One who walks through the panel. What goes wrong is kept for whoever waits."""

    def __init__(self, number: int, address: str, rounds: int, waited: Waited) -> None:
        self._draw, self._waited, self._steps = random.Random(number), waited, rounds * len(WALK)
        self._connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
        self._place, self._links, self._charts = number * 7, defaultdict(list), set()  # type: ignore[var-annotated]
        self.failure: Exception | None = None

    def walk(self) -> None:
        try:
            time.sleep(self._draw.uniform(0, LOOKS[1]))
            for _ in range(self._steps):
                self._look(*WALK[self._place % len(WALK)])
                self._place += 1
                time.sleep(self._draw.uniform(*LOOKS))
        except Exception as error:
            self.failure = error
        finally:
            self._connection.close()

    def _look(self, name: str, where: str) -> None:
        if "\\" in where:
            if not self._links[name]:
                return
            where = self._draw.choice(self._links[name])
        page = self._asked(name, where).decode()
        for other, pattern in WALK:
            if "\\" in pattern and (found := re.findall(rf'href="({pattern})"', page)):
                self._links[other] = [unescape(one) for one in found]
        for chart in set(re.findall(r'<img src="(/grafik/[^"]+)"', page)) - self._charts:
            self._charts.add(chart)
            self._asked(CHART, chart)

    def _asked(self, name: str, where: str) -> bytes:
        started = time.monotonic()
        try:
            answer = self._answer(where)
        except ConnectionError:  # the panel closes a connection that rests for five seconds; browsers open another one
            self._connection.close()
            answer = self._answer(where)
        body = answer.read()
        self._waited.pages[name].append(time.monotonic() - started)
        if answer.status != 200:
            raise RuntimeError(f"{where}: {answer.status}\n{body.decode()[:300]}")
        return body

    def _answer(self, where: str) -> HTTPResponse:
        self._connection.request("GET", quote(where, safe="/?&=%:+"), headers={"Accept-Encoding": "gzip"})
        return self._connection.getresponse()


def walked(people: int = PEOPLE, rounds: int = ROUNDS) -> Waited:
    """Raises RuntimeError where a page is not answered."""
    waited = Waited()
    with copied(5) as folder:
        for period in PERIODS:
            answer_of(folder, f"snapshot {period} --as-of {SETTLED} --seal --by bench")
        before_others()
        with panel(folder) as (address, pid), _writing(folder) as writer:
            rested(pid)
            started, cpu = time.monotonic(), cpu_of(pid)
            crowd = [Person(number, address, rounds, waited) for number in range(people)]
            threads = [threading.Thread(target=person.walk) for person in crowd]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            waited.seconds, waited.cpu = time.monotonic() - started, cpu_of(pid) - cpu
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
            waited.megabytes = int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024
            waited.walks = int(writer.communicate("\n")[0])
    for person in crowd:
        if person.failure:
            raise person.failure
    return waited


@contextmanager
def _writing(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.bench.writer", str(folder)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def rested(pid: int, patience: float = 600) -> None:
    """The panel has looked ahead: it does nothing any more. People come after the daily statement is taken, not within its minute."""
    deadline, before = time.monotonic() + patience, -1.0
    while (now := cpu_of(pid)) != before:
        if time.monotonic() > deadline:
            raise RuntimeError("the panel does not come to rest")
        before = now
        time.sleep(2)


def share(times: Sequence[float], percent: int) -> float:
    """The time within which so many of a hundred were answered."""
    return sorted(times)[max(-(-len(times) * percent // 100), 1) - 1]


def late(pages: Mapping[str, Sequence[float]]) -> list[str]:
    """The pages over what was promised; charts are asked for after the page is there."""
    return [name for name, times in pages.items() if name != CHART and share(times, 95) > PROMISED]


if __name__ == "__main__":
    found = walked(rounds=int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
    for name in (*dict(WALK), CHART):
        if times := found.pages.get(name):
            print(f"{name:32} {len(times):5} " + " ".join(f"{share(times, p) * 1000:7.0f}" for p in (50, 95, 99, 100)))
    print(f"{found.seconds:.0f} s, {found.cpu:.1f} s CPU, {found.megabytes:.0f} MB, {found.walks} walks; late: {late(found.pages)}")
