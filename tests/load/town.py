"""A sandbox of several municipalities at once: accounts on all four platforms each, and feeds with a host of their own.

`python -m tests.load.town INSTITUTIONS FEEDS DAYS START` serves one and prints its port. `/__sandbox/load` tells what was asked so far, and
how many requests a host ever had to answer at once.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from sandbox.faults import Reply, Request
from sandbox.press import OUTLETS
from sandbox.server import PLATFORMS, Sandbox, _Handler, _Server
from sandbox.world import World, WorldAccount

IDS = {
    "x": "14800000000000{:05}",
    "facebook": "1002003004{:05}",
    "instagram": "178414000000{:05}",
    "youtube": "UCornekbelediye00000{:05}",
}
HOSTS = {
    "x": ("127.0.0.2", "x"), "facebook": ("127.0.0.3", "graph"), "instagram": ("127.0.0.3", "graph"), "youtube": ("127.0.0.4", "youtube"),
}  # fmt: skip
PATTERNS = (
    re.compile(r"\b14800000000000(\d{5})\b"), re.compile(r"\b1002003004(\d{5})\b"), re.compile(r"\b178414000000(\d{5})\b"),
    re.compile(r"U[CU]ornekbelediye00000(\d{5})"),
)  # fmt: skip
SECRETS = {
    "x": {"bearer_token": "sandbox-x-bearer"},
    "facebook": {"token": "sandbox-meta-page-token"},
    "instagram": {"token": "sandbox-meta-page-token"},
    "youtube": {"client_id": "sandbox", "client_secret": "sandbox-secret", "refresh_token": "sandbox-youtube-refresh"},
}  # fmt: skip


def world(number: int, start: date, end: date) -> World:
    """The municipality of a number: other posts, other texts, other ids than all others."""
    accounts = {
        platform: WorldAccount(platform, ("@" if platform == "youtube" else "") + f"belediye{number}", form.format(number), f"Belediye {number}")
        for platform, form in IDS.items()
    }  # fmt: skip
    return World(seed=100 + number, start=start, end=end, accounts=accounts)


@dataclass
class Box:
    """One municipality, as the platforms' modules look at it."""

    world: World
    town: Town
    state: dict[str, Any] = field(default_factory=dict)
    faults: tuple[()] = ()

    @property
    def now(self) -> datetime:
        return self.town.now


class Town(Sandbox):
    """`kinds`: how often what was asked (platform, kind, status); `most`: how many requests a host had to answer at once."""

    def __init__(self, institutions: int, feeds: int, start: date, end: date, now: datetime) -> None:
        super().__init__(now=now)
        self._server.server_close()
        self._server = Loopback(("", 0), type("Handler", (Handler,), {"sandbox": self}))
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        many = max(institutions, -(-feeds // len(OUTLETS)))
        tokens: dict[str, datetime] = {}
        self.boxes = [Box(world(number, start, end), self, {"youtube.tokens": tokens}) for number in range(many)]
        self.kinds: Counter[tuple[str, str, int]] = Counter()
        self.most: Counter[str] = Counter()
        self._under_way: Counter[str] = Counter()
        self.connections = 0
        self._counting = threading.Lock()

    def answer(self, request: Request) -> Reply:
        """As the municipality that the request is about."""
        host = request.headers.get("Host", "").partition(":")[0]
        with self._counting:
            self._under_way[host] += 1
            self.most[host] = max(self.most[host], self._under_way[host])
        try:
            with self.lock:
                reply = self._answered(request)
                self.kinds[request.platform, kind_of(request), reply.status] += 1
        finally:
            with self._counting:
                self._under_way[host] -= 1
        return reply

    def _answered(self, request: Request) -> Reply:
        module = import_module(PLATFORMS[request.platform])
        if request.platform == "feeds":
            _, number, path = request.path.split("/")
            reply: Reply = module.answer(self.boxes[int(number)], replace(request, path=f"/{path}"))
            return reply
        for box in self._asked_of(request):
            reply = module.answer(box, request)
            if reply.status != 400:  # as the Graph API says that it knows no such object
                break
        return reply

    def _asked_of(self, request: Request) -> list[Box]:
        """The municipality whose account is named; of a single video or story all that might have it."""
        asked = f"{request.path}?{'&'.join(request.query.values())}"
        if found := next((match for form in PATTERNS if (match := form.search(asked))), None):
            return [self.boxes[int(found[1])]]
        videos = request.query.get("id", "").split(",")
        return [box for box in self.boxes if box.world.find("youtube", videos[0])] or self.boxes

    def connected(self, more: int) -> None:
        with self._counting:
            self.connections += more

    def told(self) -> dict[str, Any]:
        return {
            "kinds": [[*kind, count] for kind, count in sorted(self.kinds.items())],
            "most": dict(self.most),
            "connections": self.connections,
        }


class Loopback(_Server):
    """On every address of 127.0.0.0/8, so that each feed has a host of its own; nobody else is let in."""

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return str(client_address[0]).startswith("127.")


class Handler(_Handler):
    sandbox: Town

    def handle(self) -> None:
        self.sandbox.connected(1)
        try:
            super().handle()
        finally:
            self.sandbox.connected(-1)

    def _control(self, what: str, body: bytes) -> Reply:
        return Reply(value=self.sandbox.told()) if what == "load" else super()._control(what, body)


def kind_of(request: Request) -> str:
    """What was asked, without whom."""
    path = re.sub(r"/(v\d+\.\d+|UC\w+|\d{9,}|\d+/[a-z-]+\.xml)", "", request.path)
    if request.platform == "graph":
        owner = "instagram" if "/178414" in request.path or "/1805" in request.path else "facebook"
        path = f"{owner}{path or ' profile'}" + (f" {request.query['period']}" if "period" in request.query else "")
    return path.strip("/")


def feed_url(port: int, number: int) -> str:
    box, outlet = divmod(number, len(OUTLETS))
    return f"http://127.0.{1 + number // 250}.{1 + number % 250}:{port}/feeds/{box}/{OUTLETS[outlet].slug}.xml"


def write_settings(directory: Path, port: int, institutions: int, feeds: int, since: date, more: str = "") -> None:
    """`mecra.toml`, feeds, rule and secrets for a town at this port."""
    accounts = "".join(
        f'[[accounts]]\nplatform = "{platform}"\nhandle = "{"@" if platform == "youtube" else ""}belediye{number}"\nid = "{form.format(number)}"\n\n'
        for number in range(institutions)
        for platform, form in IDS.items()
    )
    platforms = "".join(f'[platforms.{name}]\napi_root = "http://{host}:{port}/{root}"\n\n' for name, (host, root) in HOSTS.items())
    hosts = json.dumps([feed_url(port, number).split("/")[2] for number in range(feeds)])
    (directory / "mecra.toml").write_text(
        f'since = {since}\nplan = "h7.2"\n\n[institution]\nname = "Örnek Belediyesi"\n\n{accounts}{platforms}{more}'
        f'[news]\nrule = "news.toml"\nfeeds = "feeds.toml"\nallow_hosts = {hosts}\n\n[news.gdelt]\nenabled = false\n',
        encoding="utf-8",
    )
    rows = (f'[[feed]]\nname = "gazete{n}"\noutlet = "Gazete {n}"\nurl = "{feed_url(port, n)}"\n\n' for n in range(feeds))
    (directory / "feeds.toml").write_text("".join(rows), encoding="utf-8")
    (directory / "news.toml").write_text(
        'institution = "Örnek Belediyesi"\nplace = "Örnek"\nhead = "Ayşe Yılmaz"\n', encoding="utf-8"
    )


if __name__ == "__main__":
    institutions, feeds, days = map(int, sys.argv[1:4])
    begin = date.fromisoformat(sys.argv[4])
    first = datetime(begin.year, begin.month, begin.day, tzinfo=UTC)
    town = Town(institutions, feeds, begin - timedelta(days=31), begin + timedelta(days=days + 1), first)
    print(town.port, flush=True)
    town.serve()
