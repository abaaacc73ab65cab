"""The daemon: asks every minute what is due, one lane a platform, until it is told to stop.

The database says what is due (collectors/ladder.py), so that nothing is lost with this process: APScheduler only ticks.
Each platform has an executor of its own with one thread; one that hangs starves no other.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from config import CHANNELS, Settings
from indicators.due import Daily
from model import Account, MecraError, Walk, to_text
from reports.outgoing import Outgoing
from scheduler import Jobs
from storage import Damaged, opened
from storage.damage import look
from storage.trouble import of_disk
from upkeep.alarms import Alarms
from upkeep.copies import Interrupted
from upkeep.health import Lanes, measure
from upkeep.health_server import HealthServer
from upkeep.nightly import Upkeep
from upkeep.nightly import jobs as upkeep_jobs
from upkeep.room import Room
from words import _

log = logging.getLogger("mecra.daemon")

TICK = timedelta(seconds=60)
FEED_LANES = 4
STATEMENTS = "statements"  # a lane of its own: a long measuring keeps no platform waiting
OUTGOING = "reports"  # and one more: a mail server that hangs keeps no statement waiting
UPKEEP = "upkeep"  # and one for what takes minutes at night
ALARMS = "alarms"  # and one that tells of whatever goes wrong in the others
OWN = (STATEMENTS, OUTGOING, UPKEEP, ALARMS)
STOP_SECONDS = 8.0
HUNG_SECONDS = 15 * 60.0
BROKEN = 2  # the database is damaged: starting again does not help
CUT = 75  # EX_TEMPFAIL: a request was cut off; systemd starts us again, and the walk is resumed


class Daemon:
    """One running mecra. `notify` tells systemd (READY=1, WATCHDOG=1 ...); `tick` is how often lanes look for work."""

    def __init__(
        self, settings: Settings, jobs: Jobs, *, tick: timedelta = TICK, notify: Callable[[str], None] = lambda text: None
    ) -> None:
        self.settings, self.jobs, self.tick, self.notify = settings, jobs, tick, notify
        self.lanes = lanes(settings.accounts)
        self._daily, self._outgoing = Daily(settings, jobs.now), Outgoing(settings, jobs.secrets, jobs.now)
        self._busy: dict[str, float] = {}
        self._alarms = Alarms(
            settings, jobs.secrets, jobs.now, intervals=jobs.intervals, skews=lambda: [*jobs.skews.copy().values()]
        )
        self._walks: Counter[tuple[str, str]] = Counter()
        self._counting = threading.Lock()
        jobs.report = self._walked
        self._health = self._listening()
        self._upkeep = Upkeep(upkeep_jobs(settings, jobs.secrets, jobs.now, self._upkeep_lives))
        self._room = Room(settings.data, settings.free_mb)
        self._damaged = ""
        self._over = threading.Event()

    def run(self) -> int:
        """Work until SIGTERM or SIGINT; answers the exit code. Raises MecraError when another mecra runs on this database."""
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler
        from apscheduler.triggers.interval import IntervalTrigger

        lock = FileLock(self.settings.data / "daemon.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise MecraError(
                _("another `mecra run` is already working on {database}: stop it first (systemctl stop mecra)").format(
                    database=self.settings.database
                )
            ) from None
        self._refuse_damaged()
        # One connection stays open: the last one to close would fold the write-ahead log into the database every minute.
        with lock, opened(self.settings.database, self.settings.zone):
            self.jobs.prepare()
            scheduler = BackgroundScheduler(
                timezone=self.settings.zone, executors={name: ThreadPoolExecutor(1) for name in (*self.lanes, *OWN)}
            )
            for name in (*self.lanes, *OWN):
                scheduler.add_job(
                    self._work, IntervalTrigger(seconds=self.tick.total_seconds(), timezone=self.settings.zone), args=[name], id=name,
                    executor=name, max_instances=1, coalesce=True, misfire_grace_time=None, next_run_time=self.jobs.now(),
                )  # fmt: skip
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._stop)
            scheduler.start()
            if self._health:
                self._health.begin()
            self.notify("READY=1\nSTATUS=Çalışıyor")
            log.info(
                "running: %d accounts in %d lanes, database %s",
                len(self.settings.accounts),
                len(self.lanes),
                self.settings.database,
            )
            while not self._over.wait(min(10.0, self.tick.total_seconds())):
                self._watch()
            scheduler.shutdown(wait=False)
            return self._end()

    def _work(self, lane: str) -> None:
        self._busy[lane] = time.monotonic()
        try:
            if lane == STATEMENTS:
                self._daily.work()
            elif lane == OUTGOING:
                self._outgoing.work()
            elif lane == UPKEEP:
                self._upkeep.work()
            elif lane == ALARMS:
                self._alarms.work()
            elif self._room.enough():
                self.jobs.collect(self._one_by_one(lane), trigger="schedule", only_due=True)
        except Damaged as error:
            self._give_up(error)
        except MecraError as error:
            log.error("%s: %s", lane, error)
        except OSError as error:
            log.error("%s: %s", lane, of_disk(error) or error, exc_info=of_disk(error) is None)
        except Exception:
            log.exception("%s: unexpected; tried again at the next tick", lane)
        finally:
            self._busy.pop(lane, None)

    def _one_by_one(self, lane: str) -> Iterator[Account]:
        for account in self.lanes[lane]:
            self._busy[lane] = time.monotonic()
            yield account

    def _walked(self, account: Account, stream: str, walk: Walk) -> None:
        if walk.outcome:
            with self._counting:
                self._walks[account.platform, walk.outcome] += 1

    def _counted(self) -> dict[tuple[str, str], int]:
        with self._counting:
            return dict(self._walks)

    def _listening(self) -> HealthServer | None:
        settings, jobs = self.settings, self.jobs
        if settings.health is None:
            return None
        lanes = Lanes(self._at_work, HUNG_SECONDS, self._counted)
        return HealthServer(settings.health, lambda: measure(settings, jobs.now, lanes), jobs.secrets.get("health", "token") or "")

    def _at_work(self) -> dict[str, float]:
        """For how many seconds each lane has been at one thing."""
        now = time.monotonic()
        return {lane: now - since for lane, since in self._busy.copy().items()}

    def _upkeep_lives(self) -> None:
        """Asked between the steps of what takes minutes; whoever hears that we stop lets go of it."""
        if self._over.is_set():
            raise Interrupted("mecra was told to stop")
        self._busy[UPKEEP] = time.monotonic()

    def _refuse_damaged(self) -> None:
        try:
            look(self.settings.database)
        except Damaged as error:
            self._alarms.at_once(str(error))
            raise

    def _give_up(self, error: Damaged) -> None:
        """Every lane writes into that one file: none goes on, and it is said once. Whoever saw it first ends us, once that is told."""
        self.jobs.stopping.set()
        if not self._damaged:
            self._damaged = str(error)
            log.critical("%s", error)
            self.notify(f"STATUS={error}")
            self._alarms.at_once(self._damaged)
            self._over.set()

    def _watch(self) -> None:
        """Tell systemd that we live, unless a lane has been at one account for too long: then let it restart us."""
        try:
            look(self.settings.database)
        except Damaged as error:
            self._give_up(error)
            return
        hung = [lane for lane, seconds in self._at_work().items() if seconds > HUNG_SECONDS]
        if hung:
            log.error("hung for more than %d min: %s", HUNG_SECONDS // 60, ", ".join(hung))
            return
        self.notify(f"WATCHDOG=1\nSTATUS={to_text(self.jobs.now())} · {', '.join(self._busy) or 'bekliyor'}")

    def _stop(self, number: int, frame: object) -> None:
        self.jobs.stopping.set()
        self._over.set()

    def _end(self) -> int:
        """Let every lane finish its page; whoever takes longer is cut off, and resumed at the next start."""
        self.notify("STOPPING=1")
        deadline = time.monotonic() + STOP_SECONDS
        while self._busy and time.monotonic() < deadline:
            time.sleep(0.05)
        if not self._busy:
            log.info("stopped")
            return BROKEN if self._damaged else 0
        log.warning("stopped; cut off: %s", ", ".join(self._busy))
        for handler in logging.getLogger().handlers:
            handler.flush()
        os._exit(BROKEN if self._damaged else CUT)


def lanes(accounts: tuple[Account, ...]) -> dict[str, list[Account]]:
    """A lane a platform that can be asked; feeds in several, all feeds of one host in the same, so that no host is asked twice at once."""
    found: dict[str, list[Account]] = {}
    for account in accounts:
        if account.platform in CHANNELS:
            continue
        name = account.platform
        if name == "feed":
            name = f"feed-{zlib.crc32((urlsplit(account.url).hostname or '').encode()) % FEED_LANES}"
        found.setdefault(name, []).append(account)
    return found


def notifier(address: str | None) -> Callable[[str], None]:
    """Speaks to systemd's `NOTIFY_SOCKET`; does nothing when there is none."""
    if not address:
        return lambda text: None
    target = "\0" + address[1:] if address.startswith("@") else address

    def notify(text: str) -> None:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
                channel.connect(target)
                channel.sendall(text.encode())
        except OSError as error:
            log.debug("systemd does not listen: %s", error)

    return notify
