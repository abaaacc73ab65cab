"""`mecra demo`: a simulated half-year from the embedded sandbox, through the same code as a real one.

The sandbox is a process of its own with a clock of its own; six-hourly, whatever is due is collected, as the daemon does.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

from collectors.news.urls import host_of
from config import RULE, Settings, load
from config.secrets import Secrets
from console.demo_staff import hand_in_plan, is_statement_day, reports_of, settled, show_statement, state_now
from console.serving import serve
from console.tables import show_table
from daemon import lanes
from model import Account, MecraError, Period, Walk, to_text
from sandbox.press import OUTLETS
from sandbox.world import World
from scheduler import Jobs, Report
from storage import opened
from storage.database import connect
from storage.overview import lines, press
from words import N_, _, day, number

ISTANBUL = ZoneInfo("Europe/Istanbul")
HOURS = (time(8), time(14), time(20), time(23, 30))
LANES_AT_ONCE = 4
SETTLING_DAYS = 8  # YouTube's per-day figures are settled three days late and revised for a week
SECRETS = {
    "x": {"api_key": "sandbox-x-key", "api_secret": "sandbox-x-key-secret", "access_token": "sandbox-x-access",
          "access_secret": "sandbox-x-access-secret"},
    "facebook": {"token": "sandbox-meta-page-token"},
    "instagram": {"token": "sandbox-meta-page-token"},
    "youtube": {"client_id": "sandbox", "client_secret": "sandbox-secret", "refresh_token": "sandbox-youtube-refresh"},
}  # fmt: skip
NEXT = N_("""
The database: {database}

Try next, in another terminal:
  sqlite3 {database} "SELECT * FROM takipciler ORDER BY okundu DESC LIMIT 4"
  .venv/bin/mecra --config {config} status
  .venv/bin/mecra --config {config} explain PG3.1.7 2026-H1
  .venv/bin/mecra --config {config} show 1
  .venv/bin/mecra --config {config} rebuild
""")
LADDERS = """[platforms.x.ladder]
posts = [["12h", "2d"], ["7d", "14d"], ["30d", "184d"]]
[platforms.facebook.ladder]
posts = [["12h", "2d"], ["7d", "14d"], ["30d", "184d"]]
reels = [["12h", "2d"], ["7d", "14d"], ["30d", "184d"]]
[platforms.instagram.ladder]
posts = [["12h", "2d"], ["7d", "14d"], ["30d", "184d"]]
[platforms.youtube.ladder]
posts = [["12h", "2d"], ["7d", "14d"], ["30d", "184d"]]

"""


class Clock:
    """The sandbox's clock, and ours: it moves only when told."""

    def __init__(self, url: str, now: datetime) -> None:
        self.url = url
        self.set(now)

    def __call__(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now
        request = Request(f"{self.url}/__sandbox/clock", data=to_text(now).encode(), method="POST")  # noqa: S310  our own loopback
        with urlopen(request, timeout=5):  # noqa: S310
            pass

    def sleep(self, seconds: float) -> None:
        """Nobody waits in a simulation."""


@contextmanager
def sandbox_process() -> Iterator[str]:
    """A sandbox of its own on a free port of loopback; answers its address."""
    command = [sys.executable, str(Path(__file__).resolve().parent.parent), "sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def write_settings(directory: Path, url: str, world: World) -> Settings:
    """`mecra.toml`, feeds, rule and secrets for the sandbox at `url`, so that every other command works on the demo too."""
    directory.mkdir(parents=True, exist_ok=True)
    accounts = "".join(
        f'[[accounts]]\nplatform = "{a.platform}"\nhandle = "{a.handle}"\nid = "{a.remote_id}"\nlabel = "{a.label}"\n\n'
        for a in world.accounts.values()
    )
    accounts += f'[[accounts]]\nplatform = "page"\nhandle = "bulten"\nlabel = "Örnek 7/24"\nurl = "{url}/page/bulten"\noptions = {{ title = "Örnek 7/24" }}\n\n'
    roots = {"x": f"{url}/x", "facebook": f"{url}/graph", "instagram": f"{url}/graph", "youtube": f"{url}/youtube"}
    platforms = "".join(f'[platforms.{name}]\napi_root = "{root}"\n\n' for name, root in roots.items())
    host = json.dumps([url.removeprefix("http://")])
    (directory / "mecra.toml").write_text(
        f'# Written by `mecra demo`: an invented municipality on the embedded sandbox.\nsince = {world.start}\nplan = "ornek"\n\n'
        f'[institution]\nname = "Örnek Belediyesi"\n\n{accounts}{platforms}{LADDERS}'
        f'[news]\nrule = "news.toml"\nfeeds = "feeds.toml"\nallow_hosts = {host}\n\n'
        f"[news.feed]\npoll_minutes = [660, 1440]\n\n"
        f'[news.gdelt]\nname = "ornek"\napi_root = "{url}/gdelt"\nladder.articles = [["1d", "3d"]]\n',
        encoding="utf-8",
    )
    (directory / "feeds.toml").write_text(
        "".join(f'[[feed]]\nname = "{o.slug}"\noutlet = "{o.name}"\nurl = "{url}/feeds/{o.slug}.xml"\n\n' for o in OUTLETS)
        + "[hosts]\n"
        + "".join(f'"{host_of(o.host)}" = "{o.name}"\n' for o in OUTLETS),
        encoding="utf-8",
    )
    rule = RULE.read_text(encoding="utf-8")
    for name, invented in (("institution", "Örnek Belediyesi"), ("place", "Örnek"), ("head", "Ayşe Yılmaz")):
        rule = re.sub(rf'(?m)^{name} = "[^"]*"', f'{name} = "{invented}"', rule)
    (directory / "news.toml").write_text(rule, encoding="utf-8")
    secrets = Secrets({}, directory / "secrets.toml")
    for platform, values in SECRETS.items():
        secrets.put(platform, **values)
    return load(directory / "mecra.toml", {})


def moments(start: date, end: date) -> Iterator[datetime]:
    """When the simulated daemon looks: four times a day, and once a day while the last figures settle."""
    for offset in range((end - start).days + SETTLING_DAYS):
        day = start + timedelta(days=offset)
        for hour in HOURS if day < end else HOURS[:1]:
            yield datetime.combine(day, hour, ISTANBUL).astimezone(UTC)


def simulate(settings: Settings, clock: Clock, start: date, end: date, report: Report) -> Iterator[datetime]:
    """Collect what is due at each moment; yields after each, for a progress bar."""
    jobs = Jobs(settings, Secrets({}, settings.data / "secrets.toml"), now=clock, sleep=clock.sleep, report=report)
    jobs.prepare()

    def work(lane: list[Account]) -> None:
        jobs.collect(lane, trigger="schedule", only_due=True)

    # One connection stays open: the last one to close would fold the whole write-ahead log into the database each time.
    with opened(settings.database, settings.zone), ThreadPoolExecutor(LANES_AT_ONCE) as pool:
        for moment in moments(start, end):
            clock.set(moment)
            list(pool.map(work, lanes(settings.accounts).values()))
            yield moment


def run(directory: Path, *, once: bool) -> None:
    """The whole demo: sandbox, half-year, what is stored, what to try next; stays until Ctrl-C unless `once`."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    world = World()
    period = Period.half_of(world.start)
    for leftover in ("mecra.db", "mecra.db-wal", "mecra.db-shm"):
        (directory / leftover).unlink(missing_ok=True)
    failed: list[str] = []

    def note(account: Account, stream: str, walk: Walk) -> None:
        if walk.error:
            failed.append(walk.error)

    with sandbox_process() as url:
        settings = write_settings(directory, url, world)
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as progress:
            steps = list(moments(world.start, world.end))
            task = progress.add_task(_("collecting a simulated half-year"), total=len(steps))
            clock, seen = Clock(url, steps[0]), world.start
            hand_in_plan(settings, world, clock())
            for moment in simulate(settings, clock, world.start, world.end, note):
                today = moment.astimezone(ISTANBUL).date()
                progress.update(task, advance=1, description=f"{day(today)}")
                if today != seen and is_statement_day(today):
                    state_now(settings, period, moment)
                seen = today
            clock.set(settled(settings, period))
            stated = state_now(settings, period, clock())
        for error in failed[:5]:
            print(error, file=sys.stderr)
        show_stored(settings)
        print()
        show_statement(settings, stated)
        for path in reports_of(settings, period):
            print(path)
        print(_(NEXT).format(database=settings.database, config=settings.path))
        if not once and not failed:
            print(_("The sandbox stays at {url} until Ctrl-C.").format(url=url), flush=True)
            with suppress(KeyboardInterrupt):
                serve(settings, host="127.0.0.1", port=0, password="", user_header="", now=clock)
    if failed:
        raise MecraError(_("{n} walks failed in the demo").format(n=number(len(failed))))


def show_stored(settings: Settings) -> None:
    """The table that a collection ends with."""
    connection = connect(settings.database, read_only=True)
    try:
        stored, told = lines(connection), press(connection)
    finally:
        connection.close()
    headings = [_("account"), _("followers"), _("posts"), _("views"), _("engagements")]
    rows = [
        [
            line.account,
            *("–" if figure is None else number(figure) for figure in (line.followers, line.posts, line.views, line.engagements)),
        ]
        for line in stored
    ]
    show_table(headings, rows, numbers=(1, 2, 3, 4))
    text = _("news: {counted} counted ({stories} stories, {outlets} outlets), {excluded} excluded, {review} waiting for review")
    print(text.format(**{name: number(value) for name, value in asdict(told).items()}))
