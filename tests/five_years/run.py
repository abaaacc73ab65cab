"""The run: a daemon's lanes and its statements, with a clock that goes from look to look, and the acts of the people around it."""

from __future__ import annotations

import heapq
import resource
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from config import Settings
from config.plan_file import load_plan
from config.secrets import Secrets
from indicators.due import Daily
from indicators.seal import seal
from model import Account, MecraError, Period, Walk
from sandbox.press import items
from sandbox.server import Sandbox
from sandbox.weekly_plan import as_csv
from sandbox.world import ISTANBUL
from scheduler import Jobs
from storage import opened
from storage.rulings import rule
from storage.seal_file import NAME, add_missing
from storage.snapshots import all_sealed
from tests.five_years.town import END, START, Files, Town
from tests.truth import appearance

LOOKS = (time(8), time(23, 20))


def at(day: str, hour: int = 12, minute: int = 0) -> datetime:
    """An hour of a day in Istanbul."""
    return datetime.combine(date.fromisoformat(day), time(hour, minute), ISTANBUL).astimezone(UTC)


@dataclass
class Years:
    """The machine, its operator and the world. `ahead` is how far the machine's clock is wrong; `off`: it does not run."""

    box: Sandbox
    files: Files
    settings: Settings
    ahead: timedelta = timedelta(0)
    off: bool = False
    full: bool = False
    errors: list[tuple[datetime, str, str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    looks: int = 0

    @property
    def world(self) -> Town:
        assert isinstance(self.box.world, Town)
        return self.box.world

    def now(self) -> datetime:
        """What the machine's clock shows."""
        return self.box.now + self.ahead

    def restart(self) -> None:
        """The daemon begins again with the settings as they are written now."""
        self.settings = self.files.written()
        self.secrets = Secrets({}, self.settings.data / "secrets.toml")
        self.jobs = Jobs(self.settings, self.secrets, now=self.now, sleep=lambda seconds: None, report=self._note)
        self.daily = Daily(self.settings, self.now)
        self.jobs.prepare()

    def _note(self, account: Account, stream: str, walk: Walk) -> None:
        if walk.error:
            self.errors.append((self.box.now, account.account, stream, walk.error))

    def look(self) -> None:
        """One tick of the daemon: all lanes, one after the other, and what statements are due."""
        if self.off:
            return
        self.looks += 1
        try:
            with full_disk() if self.full else nullcontext():
                self.jobs.collect(self.settings.accounts, trigger="schedule", only_due=True)
            if self.box.now.astimezone(ISTANBUL).day == 12:
                self.daily.work()
        except MecraError as error:
            self.refused.append(str(error))

    # -- what staff do

    def judge_news(self) -> None:
        """Whatever waits for a person is looked at by one, who knows the truth."""
        truth = {(item.host, item.number): item.status for item in items(self.world)}
        with opened(self.settings.database, self.settings.zone) as storage:
            query = "SELECT article, url FROM articles WHERE status = 'review' AND key NOT IN (SELECT article_key FROM rulings)"
            ruled: dict[str, list[int]] = {"counted": [], "excluded": []}
            for article, url in storage.connection.execute(query):
                ruled["counted" if truth[appearance(url)] == "counted" else "excluded"].append(article)
            for status, articles in ruled.items():
                if articles:
                    rule(storage, articles, status, "haberin tamamı okundu", "Ayşe Yılmaz", self.now())

    def seal(self, *periods: str, reason: str = "") -> None:
        """Seal as staff do, also where something lacks: the figures have to be handed in."""
        self.judge_news()
        self.box.now += timedelta(minutes=1)
        plan = load_plan(self.settings.plan)
        with opened(self.settings.database, self.settings.zone) as storage:
            for period in periods:
                seal(storage, plan, Period.parse(period), self.now(), by="Ayşe", now=self.now, reason=reason, provisional=True)
                self.box.now += timedelta(minutes=1)
            add_missing(self.settings.data / NAME, all_sealed(storage))

    def hand_in_plan(self, period: str) -> None:
        """The slots of a half-year, as a file, before the first of them."""
        from console.slots import load_plan_file, take

        half, (head, *rows) = Period.parse(period), as_csv(self.world).splitlines(keepends=True)
        own = [row for row in rows if half.first <= _day(row.decode()) <= half.last]
        file = self.settings.path.parent / f"plan-{period}.csv"
        file.write_bytes(b"".join([head, *own]))
        plan = load_plan_file(self.settings, file, (), {}, self.now())
        assert not plan.errors, plan.errors[:3]
        take(self.settings, plan, self.now(), dry=False)


def _day(row: str) -> date:
    return date(*(int(part) for part in reversed(row[:10].split("."))))


@contextmanager
def full_disk() -> Iterator[None]:
    """No file grows any more: the kernel refuses every write, as it does where there is no space left."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


Act = tuple[datetime, Callable[[Years], None]]


def live(directory: Path, box: Sandbox, acts: Iterable[Act], until: date = END) -> Years:
    """Five years, day by day; what happens at the same time as a look happens before it."""
    files = Files(directory, box.url, box.world)  # type: ignore[arg-type]
    years = Years(box, files, files.written())
    box.now = at(START.isoformat(), 0, 5)
    years.restart()
    queue = [(moment, 0, number, act) for number, (moment, act) in enumerate(acts)]
    days = [START + timedelta(n) for n in range((until - START).days)]
    queue += [
        (datetime.combine(day, hour, ISTANBUL).astimezone(UTC), 1, number, Years.look)
        for number, (day, hour) in enumerate((day, hour) for day in days for hour in LOOKS)
    ]
    heapq.heapify(queue)
    with opened(years.settings.database, years.settings.zone):  # as in the daemon, one connection stays open
        while queue:
            moment, _, _, act = heapq.heappop(queue)
            box.now = max(box.now, moment)
            act(years)
    return years
