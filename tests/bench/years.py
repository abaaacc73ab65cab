"""A municipality's database after some years of collecting, and what its indicators must come to.

`python -m tests.bench.years DIRECTORY YEARS` (without YEARS it brings a kept one up to date): ten accounts, 4,000 posts and 600,000 readings a year, 30,000 articles of 50 feeds, in
the order in which collecting would have stored them, up to twelve days after the end of 2025. Every hour, every edge of a half-year
and every day of a feed is looked at, so that nothing lacks. The sums are told in `sums.json`, by period and indicator.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from model import Period, to_text
from storage.schema_speed import SPEED
from tests.bench.yearly_posts import ACCOUNTS, DAILY, Post, posts_of_year, streams
from tests.bench.yearly_press import FEEDS, articles_of_day, settings_of_press

LAST_YEAR, SETTLED_DAYS = 2025, 12
ZONE = ZoneInfo("Europe/Istanbul")
WALK = "INSERT INTO walks (walk, account, stream, started_at, finished_at, since, depth, outcome, pages, rows, attempts, trigger) VALUES (?, ?, ?, ?, ?, ?, ?, 'done', 1, 20, 1, 'schedule')"
RESPONSE = "INSERT INTO responses VALUES (?, ?, ?, 'GET', ?, 200, 3000, ?, ?, 210, ?, 20)"
POST = "INSERT INTO posts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)"
READING = "INSERT INTO readings (account, post, metric, day, value, at, until, exact, fell, response) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)"
ARTICLE = (
    "INSERT INTO articles (key, outlet, url, canonical_url, title, summary, published_at, published_on, found_on, first_seen_at, "
    "last_seen_at, found_via, matched, match_in, story, status, reason, rule, account, response) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'feed', 'Ümraniye Belediyesi', 'title', ?, ?, ?, 'r1', ?, ?)"
)
RULING = "INSERT INTO rulings (article_key, status, why, ruled_by, ruled_at) VALUES (?, 'counted', 'belediyeyle ilgili', 'ayse', ?)"
SLOT = "INSERT OR IGNORE INTO plan_slots (planned_at, platform, title, source, added_at) VALUES (?, ?, ?, 'plan.xlsx 0', ?)"
LAST_MOVES = SPEED[SPEED.index("INSERT INTO last_moves") :].rstrip(";\n ")  # what storing readings one by one keeps beside them
DAY, HOUR = 24, timedelta(hours=1)


@dataclass
class Years:
    """The clock: hours since the first local midnight. Of each stream the archive's number of every hour's answer."""

    first: int
    sums: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    answers: dict[tuple[str, str], dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def __post_init__(self) -> None:
        self.begin = Period(self.first, 1).span(ZONE)[0]
        self.halves = [Period(year, half) for year in range(self.first, LAST_YEAR + 1) for half in (1, 2)]
        self.edges = [self.hour(half.span(ZONE)[1]) for half in self.halves]
        self.days = (self.edges[-1] // DAY) + SETTLED_DAYS

    def hour(self, at: datetime) -> int:
        return int((at - self.begin) / HOUR)

    def text(self, hour: int, seconds: int = 600) -> str:
        return to_text(self.begin + timedelta(hours=hour, seconds=seconds))

    def half_of(self, hour: int) -> int:
        """The number of the half-year that an hour is in; one past the last one after its end."""
        return next((number for number, edge in enumerate(self.edges) if hour < edge), len(self.edges))

    def add(self, number: int, code: str, amount: int) -> None:
        if number < len(self.halves):
            half = self.halves[number]
            self.sums[str(half)][code] += amount
            self.sums[str(half.year)][code] += amount

    def depth(self, hour: int) -> int:
        """How many hours a walk over posts looks back: the ladder of the collectors, and all of a half-year at its end."""
        if hour + 1 in self.edges:
            number = self.edges.index(hour + 1)
            return hour + 2 - (self.edges[number - 1] if number else 0)
        rungs = ((30 * DAY, 184 * DAY), (7 * DAY, 31 * DAY), (DAY, 7 * DAY), (1, DAY))
        return next(depth for every, depth in rungs if hour % every == (6 if every > 1 else 0))


def fill(directory: Path, years: int) -> None:
    from config import load
    from config.secrets import Secrets
    from scheduler import Jobs
    from storage.database import connect

    settings = load(directory / "mecra.toml", {})
    Jobs(settings, Secrets({})).prepare()
    connection = connect(settings.database)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -1000000")
    connection.execute("PRAGMA foreign_keys = OFF")
    clock = Years(LAST_YEAR + 1 - years)
    _collect(connection, clock)
    connection.execute("DELETE FROM last_moves")
    connection.execute(LAST_MOVES)
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    tables = ("accounts", "posts", "readings", "articles", "rulings", "plan_slots", "walks", "responses")
    rows = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    connection.close()
    told = {"rows": rows, "megabytes": settings.database.stat().st_size / 2**20, "sums": clock.sums}
    (directory / "sums.json").write_text(json.dumps(told), encoding="utf-8")


def _collect(connection: sqlite3.Connection, clock: Years) -> None:
    """Day by day: what is published, then the walks, and what they read."""
    readings: dict[int, list[tuple[Any, ...]]] = defaultdict(list)  # of posts, by day
    seen: dict[int, list[Post]] = defaultdict(list)
    draw = random.Random(2)
    number = 0
    levels = {account: 20_000 + 900 * k for k, account in enumerate(ACCOUNTS)}
    rows: list[tuple[Any, ...]] = []
    for day in range(clock.days):
        today = (clock.begin + timedelta(days=day, hours=3)).date()
        if today.timetuple().tm_yday == 1 and today.year <= LAST_YEAR:
            for post in posts_of_year(clock, today.year):
                seen[post.seen // DAY].append(post)
                _plan(connection, clock, post)
                for reading in post.readings:
                    readings[reading[0] // DAY].append((*reading, post))
            _plan_more(connection, clock, today.year)
        number = _walks(connection, clock, day, number)
        connection.executemany(POST, (_post(clock, post) for post in seen.pop(day, ())))
        told = sorted(readings.pop(day, ()), key=lambda row: (row[0], ACCOUNTS.index(row[5].account)))
        rows = [_reading(clock, *row) for row in told]
        rows += _levels(clock, day, levels, draw)
        rows += _figures(clock, day, today)
        connection.executemany(READING, rows)
        _press(connection, clock, day, today)
        connection.commit()


def _walks(connection: sqlite3.Connection, clock: Years, day: int, number: int) -> int:
    """Every walk of a day, each with one answer."""
    walks, responses = [], []
    for hour in range(day * DAY, day * DAY + DAY):
        for order, (account, stream, url) in enumerate(streams(hour, hour + 1 in clock.edges, FEEDS)):
            number += 1
            second = 600 + order
            depth = clock.depth(hour) if stream in ("posts", "reels") else 72
            at = clock.text(hour, second + 1)
            walks.append((number, account, stream, clock.text(hour, second), clock.text(hour, second + 2),
                          clock.text(hour - depth - 1, second), (depth + 1) * 3600))  # fmt: skip
            body = f'{{"data": "{random.Random(number).randbytes(350).hex()}"}}'.encode()
            responses.append(
                (number, number, at, f"https://api.example/{url}{number}", sha256(body).hexdigest(), zlib.compress(body, 1), account.partition(":")[0])
            )  # fmt: skip
            clock.answers[account, stream][hour] = number
    connection.executemany(WALK, walks)
    connection.executemany(RESPONSE, responses)
    return number


def _post(clock: Years, post: Post) -> tuple[Any, ...]:
    published = clock.begin + timedelta(hours=post.hour, seconds=post.second)
    on = published.astimezone(ZONE).date().isoformat()
    at, response = clock.text(post.seen, 601), clock.answers[post.account, post.stream][post.seen]
    return (post.account, post.name, post.stream, post.kind, to_text(published), on, f"https://example.org/{post.name}", post.text,
            post.key, at, at, response)  # fmt: skip


def _reading(clock: Years, hour: int, metric: str, value: int, until: int, fell: int, post: Post) -> tuple[Any, ...]:
    response = clock.answers[post.account, post.stream][hour]
    return post.account, post.name, metric, None, value, clock.text(hour, 601), clock.text(until, 601), fell, response


def _levels(clock: Years, day: int, levels: dict[str, int], draw: random.Random) -> Iterator[tuple[Any, ...]]:
    """Followers, read at seven and before an edge; they change every time."""
    for hour in (day * DAY + 7, day * DAY + 23):
        if hour % DAY == 7 or hour + 1 in clock.edges:
            for account in ACCOUNTS:
                levels[account] += draw.randrange(-20, 45)
                at = clock.text(hour, 601)
                yield account, None, "followers", None, levels[account], at, at, 0, clock.answers[account, "profile"][hour]
        if hour + 1 in clock.edges:
            half = clock.halves[clock.edges.index(hour + 1)]
            clock.sums[str(half)]["PG7.2.2"] = clock.sums[str(half.year)]["PG7.2.2"] = sum(levels.values())


def _figures(clock: Years, day: int, today: date) -> Iterator[tuple[Any, ...]]:
    """The platforms' own figures of the three days before, as they stand by now; the third time they are final."""
    hour = day * DAY + 9
    at = clock.text(hour, 601)
    for account in ACCOUNTS:
        for metric, counts in DAILY.get(account.partition(":")[0], {}).items():
            for back in (1, 2, 3):
                if day < back:
                    continue
                value = random.Random(f"{account} {metric} {day - back}").randrange(300, 4000) // (
                    1 if metric == "views" else 40
                ) - (3 - back)
                yield (
                    account,
                    None,
                    metric,
                    (today - timedelta(days=back)).isoformat(),
                    value,
                    at,
                    at,
                    0,
                    clock.answers[account, "daily"][hour],
                )
                if back == 3 and counts:
                    clock.add(clock.half_of((day - back) * DAY), counts, value)


def _press(connection: sqlite3.Connection, clock: Years, day: int, today: date) -> None:
    found = list(articles_of_day(today))
    hours = [day * DAY + 8, day * DAY + 20]
    rows = []
    for article in found:
        hour = hours[article.number % 2]
        at = clock.text(hour, 601)
        rows.append((article.key, article.outlet, article.url, article.url, article.title, article.summary, clock.text(hour - 2), today.isoformat(),
                     today.isoformat(), at, at, article.story, article.status, article.reason, article.feed,
                     clock.answers[article.feed, "items"][hour]))  # fmt: skip
        if article.status != "excluded":
            clock.add(clock.half_of(day * DAY), "PG7.2.1", 1)
    connection.executemany(ARTICLE, rows)
    connection.executemany(RULING, [(a.key, clock.text(day * DAY + 23, 3000)) for a in found if a.status == "review"])


def _plan(connection: sqlite3.Connection, clock: Years, post: Post) -> None:
    """Three posts of four were planned, up to half an hour from when they went out."""
    if post.planned is None or post.kind == "reply":
        return
    at = clock.begin + timedelta(hours=post.hour, seconds=post.second + post.planned)
    added = clock.text(max(post.hour - 200, 0))
    if connection.execute(SLOT, (to_text(at), post.account.partition(":")[0], post.name[-8:], added)).rowcount:
        number = clock.half_of(clock.hour(at))
        clock.add(number, "PG7.2.5", 1)
        clock.add(number, "planned", 1)


def _plan_more(connection: sqlite3.Connection, clock: Years, year: int) -> None:
    """One a day and platform that nothing met: at four in the morning nothing goes out."""
    for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days):
        hour = clock.hour(Period.midnight(date(year, 1, 1) + timedelta(days=n), ZONE)) + 4
        for platform in dict.fromkeys(account.partition(":")[0] for account in ACCOUNTS):
            connection.execute(SLOT, (clock.text(hour, 0), platform, "gece", clock.text(max(hour - 200, 0))))
            clock.add(clock.half_of(hour), "planned", 1)


def write_settings(directory: Path, years: int) -> None:
    accounts = "".join(
        f'[[accounts]]\nplatform = "{platform}"\nhandle = "{handle}"\nid = "{n + 1000}"\n\n'
        for n, (platform, _, handle) in enumerate(account.partition(":") for account in ACCOUNTS)
    )
    (directory / "mecra.toml").write_text(
        f'since = {LAST_YEAR + 1 - years}-01-01\nplan = "h7.2"\n\n[institution]\nname = "Ümraniye Belediyesi"\n\n{accounts}'
        '[budgets.x]\nusd_per_month = 25\n\n[news]\nrule = "news.toml"\nfeeds = "feeds.toml"\n\n[news.gdelt]\nenabled = false\n',
        encoding="utf-8",
    )
    settings_of_press(directory)


def migrate(directory: Path) -> None:
    from config import load
    from storage import opened

    settings = load(directory / "mecra.toml", {})
    with opened(settings.database, settings.zone):
        pass


if __name__ == "__main__":
    where, *more = sys.argv[1:]
    if more:
        Path(where).mkdir(exist_ok=True)
        write_settings(Path(where), int(more[0]))
        fill(Path(where), int(more[0]))
    else:
        migrate(Path(where))
