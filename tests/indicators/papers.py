"""A press to be measured: articles as feeds, searches and files tell of them, and sources that are read day after day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from model import Article, Exchange, Gap, Page, Period, Records
from storage import Handed, Storage
from tests.indicators.standing import ISTANBUL, account, store

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FEED, SEARCH, FILE = "feed:posta", "gdelt:search", "agency:import"


def article(
    key: str,
    at: datetime | None,
    *,
    outlet: str = "Posta",
    status: str = "counted",
    reason: str = "",
    via: str = "feed",
    raw: str = "",
    story: str = "",
) -> Article:
    return Article(
        key, outlet, f"https://{key}", f"Ümraniye Belediyesi {key}", at, via, "Ümraniye Belediyesi", "title", status, reason,
        published_raw=raw or (str(at) if at else ""), story=story or key,
    )  # fmt: skip


def as_told(article: Article, _neighbours: Sequence[Article]) -> Article:
    """The article, in the story that the test gave it."""
    return article


class Press:
    """A store with one feed and one search, unless others are named."""

    def __init__(self, path: Path | Storage, *accounts: str) -> None:
        self.names = accounts or (FEED, SEARCH, FILE)
        self.storage = path if isinstance(path, Storage) else Storage(store(path, *self.names).connection, ISTANBUL, as_told)
        self._told = 0

    def tell(self, source: str, at: datetime, *articles: Article, since: datetime | None = None, gaps: Iterable[Gap] = ()) -> None:
        """One answer of a source: a poll of a feed, a search back to `since`, or a file that is handed in."""
        self._told += 1
        exchange = Exchange(at, "GET", f"https://{source}", 200, f"{source} {at} {self._told}".encode(), 10)
        records = Records(articles=articles, gaps=tuple(gaps))
        if source.startswith("agency:"):
            self.storage.take_in([Handed(account(source), [(exchange, records)])], at)
            return
        stream = "items" if source.startswith("feed:") else "articles"
        walk = self.storage.begin(source, stream, since=since or at, now=at, trigger="schedule", memo={}, missed=0)
        self.storage.save(walk, walk.after(Page(), at), [(exchange, records)])

    def watch(self, period: str, *sources: str, without: Iterable[date] = ()) -> None:
        """Read the sources every evening at eleven (a feed) or every morning at one, three days back (a search), from the day before
        a period to the day after it."""
        left_out = set(without)
        for day in days_of(period):
            at = Period.midnight(day, ISTANBUL)
            for source in sources or [name for name in self.names if name != FILE]:
                if day not in left_out:
                    if source.startswith("feed:"):
                        self.tell(source, at + 23 * HOUR)
                    else:
                        self.tell(source, at + HOUR, since=at - 3 * DAY)

    def number(self, key: str) -> int:
        return int(self.storage.connection.execute("SELECT article FROM articles WHERE key = ?", (key,)).fetchone()[0])


def days_of(period: str) -> Iterator[date]:
    found = Period.parse(period)
    day = found.first - DAY
    while day <= found.last + DAY:
        yield day
        day += DAY
