"""Where collecting meets storing: the page loop, what is due, and the daemon that asks every minute."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from collectors import make_collector
from collectors.base import CollectError, Collector, Expired, Gone, Malformed, RateLimited
from collectors.http import Budget, Door, Limit, Line, Outfit
from collectors.ladder import edges_around, next_due, retry_after_failure
from config import Settings
from config.metrics import table
from config.secrets import Secrets
from model import Account, Article, Clock, Exchange, Page, Records, Stream, Walk, utc_now
from storage import Storage, opened

log = logging.getLogger("mecra.scheduler")

ZONES = {"youtube": ZoneInfo("America/Los_Angeles")}
REFUSED_REST = timedelta(hours=6)
GONE_REST = timedelta(days=1)
LOCK_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one stream of one account: its walk, or why there was none."""

    account: Account
    stream: str
    walk: Walk | None = None
    skipped: str = ""
    planned: tuple[tuple[str, str, int], ...] = ()

    @property
    def failed(self) -> bool:
        return self.walk is not None and (self.walk.finished_at is None or self.walk.outcome not in ("done", "partial"))


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

    # -- what to collect

    def prepare(self) -> None:
        """Bring the database up to date with the settings: schema, accounts, what each metric means."""
        definitions, breaks = [], []
        for platform in sorted({a.platform for a in self.settings.accounts}):
            known = table(platform, self._metrics)
            definitions += [(platform, m.ours, m.name, m.stream, _iso(m.since), _iso(m.until), m.meaning) for m in known.metrics]
            breaks += [(platform, b.ours, b.on.isoformat(), b.what) for b in known.breaks]
        with self._storage() as storage:
            storage.register(self.settings.accounts)
            storage.define(definitions, breaks)

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
        for account in accounts:
            if self.stopping.is_set():
                break
            with self._storage() as storage:
                try:
                    with self._lock(account, wait=not only_due):
                        runs += self._collect_account(storage, account, since, trigger, only_due, streams, dry)
                except Timeout:
                    runs.append(Run(account, "", skipped="another mecra is collecting it at this moment"))
        return runs

    def _collect_account(
        self,
        storage: Storage,
        account: Account,
        since: datetime | None,
        trigger: str,
        only_due: bool,
        streams: Sequence[str],
        dry: bool,
    ) -> list[Run]:
        runs = []
        collector = make_collector(account.platform, self.outfit(account.platform, storage, dry))
        for stream in self.streams(account, collector):
            if (streams and stream.name not in streams) or self.stopping.is_set():
                continue
            now = self.now()
            if missing := [name for name in stream.needs if not self.secrets.get(account.platform, name)]:
                runs.append(Run(account, stream.name, skipped=f"needs {', '.join(missing)}: run `mecra auth {account.platform}`"))
                continue
            if only_due and (until := storage.resting(account.platform, now)):
                runs.append(Run(account, stream.name, skipped=f"{account.platform} asked for a rest until {until:%H:%M} UTC"))
                continue
            walk = self._walk(storage, account, stream, now, since, trigger, only_due, dry)
            if walk is None:
                continue
            runs.append(
                self._plan(collector, account, stream, walk) if dry else self._finish(storage, collector, account, stream, walk)
            )
        return runs

    def streams(self, account: Account, collector: Collector) -> list[Stream]:
        """The streams of an account, with the settings' ladders."""
        own = self.settings.ladders
        return [replace(s, ladder=own.get((account.platform, s.name), s.ladder)) for s in collector.streams.values()]

    def _walk(
        self,
        storage: Storage,
        account: Account,
        stream: Stream,
        now: datetime,
        since: datetime | None,
        trigger: str,
        only_due: bool,
        dry: bool,
    ) -> Walk | None:
        """The walk to go on with or to begin; None when nothing is due."""
        if walk := storage.unfinished(account.account, stream.name):
            if only_due and walk.resume_at and walk.resume_at > now:
                return None
            if since is None or walk.since <= since:
                return walk
        last = storage.last_finished(account.account, stream.name)
        horizon = self._horizon(account, now)
        due = next_due(
            account.account, stream, now, horizon=horizon, due_at=last.due_at if last else None, edges=edges_around(now, self.settings.zone),
            last_start=lambda depth: storage.last_start(account.account, stream.name, depth, horizon),
        )  # fmt: skip
        if only_due and due.at > now:
            return None
        lower, memo, missed = since or due.since, last.memo if last else {}, due.missed if only_due else 0
        if dry:
            return Walk(0, account.account, stream.name, now, lower, trigger, memo=memo)
        if walk:
            return storage.widen(walk, lower)
        return storage.begin(account.account, stream.name, since=lower, now=now, trigger=trigger, memo=memo, missed=missed)

    def _horizon(self, account: Account, now: datetime) -> datetime:
        day = account.since or self.settings.since
        if day is None:
            return edges_around(now, self.settings.zone)[1]
        return datetime(day.year, day.month, day.day, tzinfo=self.settings.zone).astimezone(UTC)

    # -- the page loop

    def _finish(self, storage: Storage, collector: Collector, account: Account, stream: Stream, walk: Walk) -> Run:
        """The only loop over pages: fetch, read, save, until the walk is complete or has to wait."""
        walk = replace(walk, attempts=walk.attempts + 1)
        storage.attempt(walk)
        asked: set[str | None] = set()
        restarted = False
        while walk.finished_at is None and not self.stopping.is_set():
            page, failure = self._fetch(collector, account, stream, walk, asked)
            harvest, unread = self._read(storage, collector, account)
            if failure := failure or unread:
                after = self._stopped(walk, account, failure)
            else:
                faults = tuple(fault for _, records in harvest for fault in records.faults)
                after = walk.after(replace(page, notes=page.notes + faults[:20]), self.now())
                if after.finished_at and after.due_at is None:
                    after = replace(after, due_at=self._due_after(storage, account, stream, after))
            walk = storage.save(walk, after, harvest, lasting=stream.lasting)
            if collector.door.budget:
                collector.door.budget.saved()
            self.report(account, stream.name, walk)
            if failure and (restarted or not isinstance(failure, Expired) or walk.resume_at):
                break
            if failure:
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

    def _read(
        self, storage: Storage, collector: Collector, account: Account
    ) -> tuple[list[tuple[Exchange, Records]], CollectError | None]:
        """Every exchange of the page with the records in it, and the first error of an answer that could not be read."""
        harvest: list[tuple[Exchange, Records]] = []
        failed: CollectError | None = None
        for exchange in collector.door.take():
            records = Records()
            if exchange.status == 200 and exchange.body:
                try:
                    records = with_stories(storage, collector.read(account, exchange), exchange.at, harvest)
                except CollectError as error:
                    failed = failed or error
            harvest.append((exchange, records))
        return harvest, failed

    def _stopped(self, walk: Walk, account: Account, error: CollectError) -> Walk:
        now = self.now()
        text = self.secrets.redact(f"{account.account}: {error}")
        log.log(logging.WARNING if isinstance(error, RateLimited) else logging.ERROR, "%s", text)
        if isinstance(error, Gone):
            return replace(walk, outcome=error.outcome, error=text, finished_at=now, due_at=now + GONE_REST)
        if isinstance(error, Expired) and walk.cursor is not None:
            return replace(walk, outcome=error.outcome, error=text, cursor=None, resume_at=None)
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
            if walk.started_at - walk.since >= depth or walk.since <= horizon:
                return walk.started_at
            return storage.last_start(account.account, stream.name, depth, horizon)

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
        try:
            collector.fetch(account, stream.name, walk)
        except CollectError as error:
            planned = tuple(collector.door.planned)
            collector.door.planned.clear()
            return Run(account, stream.name, walk, skipped="" if planned else str(error), planned=planned)
        return Run(account, stream.name, walk)

    # -- what collectors are given

    def outfit(self, platform: str, storage: Storage | None = None, dry: bool = False) -> Outfit:
        """Settings, secrets, clock and door of one platform."""
        settings = {"institution": self.settings.institution, "contact": self.settings.contact, **self.settings.platform(platform)}
        budget = self._budget(storage) if storage else None

        def door(line: Line) -> Door:
            return Door(line, now=self.now, secrets=self.secrets, budget=budget, sleep=self.sleep, dry=dry)

        return Outfit(settings, self.secrets, self.now, door, self._metrics, self.settings.zone)

    @property
    def _metrics(self) -> Path:
        return self.settings.path.parent / "metrics"

    def _budget(self, storage: Storage) -> Budget | None:
        limits = [
            Limit(bucket, *_bounds(name.rsplit("_", 1)[1], ZONES.get(bucket.partition(":")[0], ZoneInfo("UTC"))),
                  requests=value if name.startswith("requests") else None, cost=value if name.startswith("cost") else None, name=f"{bucket} {name}")
            for bucket, values in self.settings.budgets.items()
            for name, value in values.items()
        ]  # fmt: skip
        return Budget(tuple(limits), storage.spent) if limits else None

    @contextmanager
    def _storage(self) -> Iterator[Storage]:
        with opened(self.settings.database, self.settings.zone) as storage:
            yield storage

    @contextmanager
    def _lock(self, account: Account, *, wait: bool) -> Iterator[None]:
        """One process at a time an account: a manual run beside the daemon waits its turn; a killed one leaves no lock."""
        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in account.account)
        path = self.settings.data / "locks" / f"{name}.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path, timeout=LOCK_SECONDS if wait else 0):
            yield


def with_stories(storage: Storage, records: Records, at: datetime, harvest: Sequence[tuple[Exchange, Records]]) -> Records:
    """Every article with the story that it is a copy of: among those stored, and those of the same page."""
    if not records.articles:
        return records
    from collectors.news.stories import story_of

    settled: list[Article] = [article for _, earlier in harvest for article in earlier.articles]
    known = len(settled)
    for article in records.articles:
        day = (article.published_at or at).astimezone(storage.zone).date()
        settled.append(replace(article, story=story_of(article, [*storage.articles_near(day), *settled])))
    return replace(records, articles=tuple(settled[known:]))


def _bounds(span: str, zone: ZoneInfo) -> tuple[Callable[[datetime], datetime], Callable[[datetime], datetime]]:
    """The beginning and the end of the day or month, in `zone`, that an instant is in."""

    def begins(at: datetime) -> datetime:
        local = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return (local if span == "day" else local.replace(day=1)).astimezone(UTC)

    def ends(at: datetime) -> datetime:
        local = begins(at).astimezone(zone)
        following = local + timedelta(days=1) if span == "day" else (local.replace(day=28) + timedelta(days=4)).replace(day=1)
        return following.astimezone(UTC)

    return begins, ends


def _iso(day: object) -> str | None:
    return None if day is None else str(day)
