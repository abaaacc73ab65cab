"""Where collecting meets storing: what is due, and the page loop."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from collectors import APART, COLLECTORS, collector_class, make_collector
from collectors.base import CollectError, Collector, Expired, Gone, Malformed, OverBudget, RateLimited, Refused
from collectors.budget import Budget, limits
from collectors.clock import ahead
from collectors.http import CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS, Door, Line, Outfit
from collectors.ladder import Due, edges_around, next_due, retry_after_failure
from collectors.news import settle
from collectors.turns import turns
from config import Settings
from config.metrics import table
from config.secrets import Secrets
from model import GLANCE, UNREAD, Account, Clock, Exchange, MecraError, Page, Records, Stream, Walk, utc_now
from storage import Overtaken, Storage, opened
from storage.press_sources import leave
from storage.renaming import twice_known
from storage.waiting import waiting
from words import _

log = logging.getLogger("mecra.scheduler")

REFUSED_REST = timedelta(hours=6)
GONE_REST = timedelta(days=1)
LOCK_SECONDS = 60.0
SETTLING = timedelta(days=10)
KEPT = 32  # collectors with an open connection


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one stream of one account: its walk, or why there was none."""

    account: Account
    stream: str
    walk: Walk | None = None
    skipped: str = ""
    failure: CollectError | None = None
    planned: tuple[tuple[str, str, int], ...] = ()

    @property
    def failed(self) -> bool:
        return self.walk is not None and (self.walk.finished_at is None or self.walk.outcome not in ("done", "partial"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a collection was asked for."""

    since: datetime | None
    trigger: str
    only_due: bool
    streams: tuple[str, ...]
    dry: bool


Report = Callable[[Account, str, Walk], None]


def _silent(account: Account, stream: str, walk: Walk) -> None:
    pass


class Jobs:
    """Collections of one institution. `now` and `sleep` are the only clock; `stopping` ends every loop after its page."""

    def __init__(
        self,
        settings: Settings,
        secrets: Secrets,
        *,
        now: Clock = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        report: Report = _silent,
    ) -> None:
        self.settings, self.secrets, self.now, self.sleep, self.report = settings, secrets, now, sleep, report
        self.stopping = threading.Event()
        self.skews: dict[str, int] = {}  # by how many seconds our clock was ahead of each server that answered last
        self._collectors: OrderedDict[str, Collector] = OrderedDict()

    # -- what to collect

    def prepare(self) -> None:
        """Bring the database up to date with the settings: schema, accounts, what each metric means.

        Raises MecraError for an account that is known under another name already: it would count twice.
        """
        definitions, breaks = [], []
        for platform in sorted({a.platform for a in self.settings.accounts}):
            known = table(platform, self._metrics)
            definitions += [
                (platform, m.ours, m.name, m.stream, m.since and m.since.isoformat(), m.until and m.until.isoformat(), m.meaning)
                for m in known.metrics
            ]
            breaks += [(platform, b.ours, b.on.isoformat(), b.what) for b in known.breaks]
        with opened(self.settings.database, self.settings.zone, settle=settle) as storage:
            for name, before in twice_known(storage, self.settings.accounts):
                raise MecraError(
                    _(
                        '{path}: {name} is {before} under another name, and all that was read of it stands under that: write was = "{key}" into its [[accounts]] entry'
                    ).format(path=self.settings.path, name=name, before=before, key=before.partition(":")[2])
                )
            storage.register(self.settings.accounts)
            storage.define(definitions, breaks)
            storage.try_budgets_again()
            leave(storage, (a.account for a in self.settings.accounts), self.now().astimezone(self.settings.zone).date())

    def collect(
        self,
        accounts: Iterable[Account],
        *,
        since: datetime | None = None,
        trigger: str = "manual",
        only_due: bool = False,
        streams: Sequence[str] = (),
        dry: bool = False,
    ) -> list[Run]:
        """Walk every stream of the accounts, one after the other; a failed one never stops the others.

        An unfinished walk is gone on with first. `since` asks for a backfill; `only_due` leaves out what has its time still to come.
        """
        runs: list[Run] = []
        closed: dict[str, str] = {}
        with opened(self.settings.database, self.settings.zone, settle=settle) as storage:
            for account in accounts:
                asked = Asked(since, trigger, only_due, tuple(streams), dry)
                due = [stream for stream in self.streams(account) if not streams or stream.name in streams]
                if only_due:
                    due = [stream for stream in due if self._is_due(storage, account, stream)]
                if self.stopping.is_set() or not due:
                    continue
                try:
                    with self._lock(account, wait=not only_due):
                        collector = self._collector(account, storage, dry)
                        for stream in due:
                            if word := closed.get(account.platform):
                                runs.append(Run(account, stream.name, skipped=word))
                            elif not self.stopping.is_set():
                                runs.append(run := self._collect(storage, collector, account, stream, asked))
                                if run.failure and run.failure.shared:
                                    closed[account.platform] = f"left out: {run.failure.what}"
                except (Timeout, Overtaken):
                    runs.append(Run(account, "", skipped="another mecra is collecting it at this moment"))
        return runs

    def _collector(self, account: Account, storage: Storage, dry: bool) -> Collector:
        """The account's collector, kept with its connections and tokens until something fails or others were used since."""
        if dry:
            return make_collector(account.platform, self.outfit(account.platform, dry=True))
        collector = self._collectors.pop(account.account, None) or make_collector(account.platform, self.outfit(account.platform))
        self._collectors[account.account] = collector
        if len(self._collectors) > KEPT:
            self._collectors.popitem(last=False)[1].door.close()
        collector.door.budget = Budget(limits(self.settings.budgets), storage.spent)
        return collector

    def _forget(self, account: str) -> None:
        """With its connections, as whoever makes room: nobody else would close them before Python looks for what nobody holds."""
        if collector := self._collectors.pop(account, None):
            collector.door.close()

    def _collect(self, storage: Storage, collector: Collector, account: Account, stream: Stream, asked: Asked) -> Run:
        if missing := stream.missing(lambda name: self.secrets.get(account.platform, name)):
            return Run(account, stream.name, skipped=f"needs {', '.join(missing)}: run `mecra auth {account.platform}`")
        apart = account.platform in APART
        if not asked.dry and (until := storage.resting(account.platform, self.now(), only=account.account if apart else None)):
            who = account.account if apart else account.platform
            return Run(account, stream.name, skipped=f"{who} asked for a rest until {until:%H:%M} UTC on {until:%d.%m.%Y}")
        walk = self._walk(storage, account, stream, asked)
        return (
            self._plan(collector, account, stream, walk) if asked.dry else self._finish(storage, collector, account, stream, walk)
        )

    def streams(self, account: Account) -> list[Stream]:
        """The streams of an account, with the settings' ladders. Once its last day is over its per-day figures settle, no more.

        A channel without an interface has none: its figures come in by files.
        """
        if account.platform not in COLLECTORS:
            return []
        own, today = self.settings.ladders, self.now().astimezone(self.settings.zone).date()
        over = account.until is not None and today > account.until
        settling = account.until is not None and today <= account.until + SETTLING
        return [
            replace(s, ladder=own.get((account.platform, s.name), s.ladder))
            for s in collector_class(account.platform).streams.values()
            if not over or (settling and s.name == "daily")
        ]

    def intervals(self) -> dict[tuple[str, str], timedelta]:
        """How often each (account, stream) is to be read at least, of those that are expected today."""
        return {
            (account.account, stream.name): stream.ladder[0].every
            for account in self.settings.accounts
            for stream in self.streams(account)
        }

    def _is_due(self, storage: Storage, account: Account, stream: Stream) -> bool:
        now = self.now()
        wait = waiting(storage, account.account, stream.name, now)
        if wait and wait.until > now and self._keeps_its_time(account, stream, wait.outcome):
            return False  # as `_due` would answer, which looks at every rung
        if walk := storage.unfinished(account.account, stream.name):
            return walk.resume_at is None or walk.resume_at <= now or _clock_was_wrong(walk, now)
        if stream.missing(lambda name: self.secrets.get(account.platform, name)):
            return False
        return self._due(storage, account, stream, now).at <= now

    def _due(self, storage: Storage, account: Account, stream: Stream, now: datetime) -> Due:
        last = storage.last_finished(account.account, stream.name, now)
        horizon = self._horizon(account, now)
        return next_due(
            account.account,
            stream,
            now,
            horizon=horizon,
            due_at=last.due_at if last and self._keeps_its_time(account, stream, last.outcome) else None,
            last_start=lambda depth: storage.last_start(account.account, stream.name, depth, horizon, now),
            edges=edges_around(now, self.settings.zone),
        )

    def _keeps_its_time(self, account: Account, stream: Stream, outcome: str | None) -> bool:
        """An operator's own ladder goes before the source's wish, and holds from the moment it is written; what is gone rests."""
        return outcome == Gone.outcome or (account.platform, stream.name) not in self.settings.ladders

    def _walk(self, storage: Storage, account: Account, stream: Stream, asked: Asked) -> Walk:
        """The walk to go on with, or a new one."""
        now, since = self.now(), asked.since
        if walk := storage.unfinished(account.account, stream.name):
            if asked.dry:
                return walk
            if walk.started_at > now:
                walk = storage.begin_again(walk, now)
            return storage.attempt(walk if since is None or walk.since <= since else storage.widen(walk, since))
        due = self._due(storage, account, stream, now)
        last = storage.last_finished(account.account, stream.name, now)
        memo = last.memo if last else {}
        if asked.dry:
            return Walk(0, account.account, stream.name, now, since or due.since, asked.trigger, memo=memo)
        missed = due.missed if asked.only_due else 0
        trigger = GLANCE if since and since > due.since else asked.trigger
        return storage.begin(
            account.account, stream.name, since=since or due.since, now=now, trigger=trigger, memo=memo, missed=missed
        )

    def _horizon(self, account: Account, now: datetime) -> datetime:
        day = account.since or self.settings.since
        if day is None:
            return edges_around(now, self.settings.zone)[1]
        return datetime(day.year, day.month, day.day, tzinfo=self.settings.zone).astimezone(UTC)

    # -- the page loop

    def _finish(self, storage: Storage, collector: Collector, account: Account, stream: Stream, walk: Walk) -> Run:
        """The walk, gone on with. Whatever breaks, no answer of a page that was not stored gets into another walk."""
        try:
            return self._go_on(storage, collector, account, stream, walk)
        except BaseException:
            self._forget(account.account)
            raise

    def _go_on(self, storage: Storage, collector: Collector, account: Account, stream: Stream, walk: Walk) -> Run:
        """The only loop over pages: fetch, read, save, until the walk is complete or has to wait."""
        asked: set[str | None] = set()
        restarted = False
        while walk.finished_at is None and not self.stopping.is_set():
            page, failure = self._fetch(collector, account, stream, walk, asked)
            last = collector.door.last  # until its answers are taken
            if last and (off := ahead(last)) is not None:
                self.skews[urlsplit(last.url).netloc] = round(off.total_seconds())
            harvest, unread = self._read(collector, account, stream)
            if failure := failure or unread:
                where = "" if failure.at else f"{last.method} {last.path}: " if last else f"{stream.name}: "
                after = self._stopped(walk, account, failure, restarted, where)
            else:
                faults = tuple(UNREAD + fault for _, records in harvest for fault in records.faults)
                notes = tuple(self.secrets.redact(note) for note in page.notes + faults[:20])
                after = walk.after(replace(page, notes=notes), self.now())
                if after.finished_at and after.due_at is None:
                    after = replace(after, due_at=self._due_after(storage, account, stream, after))
            walk = storage.save(walk, after, harvest, lasting=stream.lasting and failure is None)
            if collector.door.budget:
                collector.door.budget.saved()
            self.report(account, stream.name, walk)
            if failure is None:
                continue
            self._forget(account.account)
            if restarted or not isinstance(failure, Expired) or walk.resume_at:
                return Run(account, stream.name, walk, failure=failure)
            restarted = True
            asked.clear()
        return Run(account, stream.name, walk)

    def _fetch(
        self, collector: Collector, account: Account, stream: Stream, walk: Walk, asked: set[str | None]
    ) -> tuple[Page, CollectError | None]:
        try:
            if walk.cursor in asked:
                where = f"{account.account} {stream.name}"
                raise Malformed("the same cursor again", at=where, cure="the platform pages in a circle; tried again later")
            asked.add(walk.cursor)
            return collector.fetch(account, stream.name, walk), None
        except CollectError as error:
            return Page(), error
        except MecraError as error:
            return Page(), Refused(str(error), at=f"{account.account} {stream.name}")
        except Exception as error:
            return Page(), _broken(error, f"{account.account} {stream.name}")

    def _read(
        self, collector: Collector, account: Account, stream: Stream
    ) -> tuple[list[tuple[Exchange, Records]], CollectError | None]:
        """Every exchange of the page with the records in it, and the first error of an answer that could not be read."""
        harvest: list[tuple[Exchange, Records]] = []
        failed: CollectError | None = None
        for exchange in collector.door.take():
            records = Records()
            if exchange.status in stream.statuses and exchange.body:
                try:
                    records = collector.read(account, exchange)
                except CollectError as error:
                    failed = failed or error
                except Exception as error:
                    failed = failed or _broken(error, exchange.url)
            harvest.append((exchange, records))
        return harvest, failed

    def _stopped(self, walk: Walk, account: Account, error: CollectError, restarted: bool, where: str) -> Walk:
        now = self.now()
        text = self.secrets.redact(f"{account.account}: {where}{error}")
        log.log(logging.WARNING if isinstance(error, RateLimited) else logging.ERROR, "%s", text)
        if isinstance(error, Gone):
            return replace(walk, outcome=error.outcome, error=text, finished_at=now, due_at=now + GONE_REST)
        if isinstance(error, Expired) and walk.cursor is not None:
            walk = replace(walk, outcome=error.outcome, error=text, cursor=None, resume_at=None)
            if not restarted:
                return walk
        if isinstance(error, RateLimited):
            resume = error.until
        elif error.outcome == "refused":
            resume = now + REFUSED_REST
        else:
            resume = retry_after_failure(walk.attempts - 1, now)
        return walk.stopped(error.outcome, text, resume)

    def _due_after(self, storage: Storage, account: Account, stream: Stream, walk: Walk) -> datetime:
        horizon = self._horizon(account, walk.started_at)

        def last_start(depth: timedelta) -> datetime | None:
            if walk.trigger != GLANCE and (walk.started_at - walk.since >= depth or walk.since <= horizon):
                return walk.started_at
            return storage.last_start(account.account, stream.name, depth, horizon, self.now())

        now = self.now()
        return next_due(
            account.account,
            stream,
            now,
            horizon=horizon,
            due_at=None,
            last_start=last_start,
            edges=edges_around(now, self.settings.zone),
        ).at

    def _plan(self, collector: Collector, account: Account, stream: Stream, walk: Walk) -> Run:
        """What the first page would ask, and what it may cost; nothing is sent."""
        failed = ""
        try:
            collector.fetch(account, stream.name, walk)
        except CollectError as error:
            failed = str(error)
        planned, collector.door.planned = tuple(collector.door.planned), []
        return Run(account, stream.name, walk, skipped="" if planned else failed, planned=planned)

    # -- what collectors are given

    def outfit(self, platform: str, *, dry: bool = False) -> Outfit:
        """Settings, secrets, clock and door of one platform."""
        settings = {"institution": self.settings.institution, "contact": self.settings.contact, **self.settings.platform(platform)}

        waits = self.settings.http
        timeout = (waits.get("connect_seconds", CONNECT_SECONDS), waits.get("read_seconds", READ_SECONDS))
        total = waits.get("total_seconds", TOTAL_SECONDS)

        def door(line: Line) -> Door:
            return Door(
                line, now=self.now, secrets=self.secrets, sleep=self.sleep, timeout=timeout, total=total, dry=dry, clocked=True,
                turn=turns(self.settings.data / "locks"),
            )  # fmt: skip

        return Outfit(settings, self.secrets, self.now, door, self._metrics, self.settings.zone)

    @property
    def _metrics(self) -> Path:
        return self.settings.path.parent / "metrics"

    @contextmanager
    def _lock(self, account: Account, *, wait: bool) -> Iterator[None]:
        """One process at a time an account: a manual run beside the daemon waits its turn; a killed one leaves no lock.

        Where a budget is set, one a platform: what two spend at once, neither of them would see in the ledger.
        """
        folder = self.settings.data / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as held:
            if any(bucket.partition(".")[0] == account.platform for bucket in self.settings.budgets):
                held.enter_context(FileLock(folder / f"{account.platform}.budget.lock", timeout=LOCK_SECONDS))
            name = "".join(c if c.isalnum() or c in "-_." else "_" for c in account.account)
            held.enter_context(FileLock(folder / f"{name}.lock", timeout=LOCK_SECONDS if wait else 0))
            yield


def _clock_was_wrong(walk: Walk, now: datetime) -> bool:
    """A walk that is to begin or to go on later than any rest of ours takes: its time was set by a clock that was ahead."""
    rests = walk.outcome in (RateLimited.outcome, OverBudget.outcome)
    return walk.started_at > now or (not rests and walk.resume_at is not None and walk.resume_at > now + REFUSED_REST)


def _broken(error: Exception, at: str) -> Malformed:
    """A fault of ours, met in one answer: the account fails with a word, the others go on."""
    log.error("%s: unexpected", at, exc_info=error)
    return Malformed(f"not understood ({type(error).__name__})", at=at, cure="tried again later; the log says where it broke")
