"""A half-year of an invented institution, with all eight indicators measured from little: two accounts, one feed, a weekly plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.plan import Plan
from config.plan_file import load_plan
from indicators.seal import seal
from indicators.snapshot import take
from model import Article, Gap, Period, Post, Reading
from reports.reading import standings
from reports.statement import Standings
from storage import Storage
from storage.plans import register_plan
from storage.slots import NewSlot, take_in
from storage.snapshots import keep_provisional
from tests.indicators.papers import Press, article
from tests.indicators.standing import Archive
from tests.reports.sample import HOSTILE

PLAN = Path(__file__).parents[2] / "config" / "plans" / "ornek.toml"
H1 = Period(2026, 1)
BEGIN = datetime(2025, 12, 31, 21, tzinfo=UTC)
END = datetime(2026, 6, 30, 21, tzinfo=UTC)
LAST = datetime(2026, 7, 12, 6, tzinfo=UTC)
DAY = timedelta(days=1)
X, YOUTUBE, FEED = "x:ornek", "youtube:ornek", "feed:posta"
TITLES = ("Örnek 7/24 bülteni yayında", "1 Dakikada 1 Hafta", *HOSTILE[:4])


def the_plan() -> Plan:
    return load_plan(PLAN)


def half_a_year(path: Path) -> Storage:
    """Collected, planned and read: a bulletin each week but the fifth, a hostile text among the posts."""
    press = Press(path, FEED, X, YOUTUBE)
    storage, archive = press.storage, Archive(press.storage)
    weeks = [BEGIN + timedelta(weeks=n, days=1, hours=9) for n in range(26)]
    planned = [NewSlot(at, "x", "Bülten") for at in weeks] + [NewSlot(at + 6 * DAY, "x", "Boş") for at in weeks[::5]]
    withdrawn = NewSlot(weeks[3] + 3 * DAY, "youtube", "Tören", withdrawn=True, reason="=1+1 hava muhalefeti")
    take_in(storage, [*planned, withdrawn], "plan.csv abc", BEGIN)
    posts: list[Post] = []
    for n, at in enumerate([*weeks, LAST - 12 * timedelta(hours=1)]):
        if n < len(weeks):
            posts += _posts(n, at)
        now = at + timedelta(hours=20)
        readings = [Reading(m, (n + 1) * 10 + i * 3, p.post) for p in posts for i, m in enumerate(("views", "likes", "comments"))]
        archive.told(X, now, stream="posts", since=BEGIN - 7 * DAY, posts=posts, readings=readings)
        for key, followers in ((X, 1000 + n), (YOUTUBE, 200 + n)):
            archive.told(key, now, readings=[Reading("followers", followers, exact=key == X)])
        days = [(at - k * DAY).date() for k in range(8)]
        told = [Reading(m, 5 + k, day=day) for k, day in enumerate(days) for m in ("views", "likes", "comments", "shares")]
        archive.told(YOUTUBE, now, stream="daily", readings=told)
        archive.told(YOUTUBE, now + timedelta(minutes=1), stream="posts", since=BEGIN - 7 * DAY)
        press.tell(FEED, now, *_articles(n, at), gaps=[Gap("items", "eksik", day=now.date())] if n == 2 else [])
    register_plan(storage, the_plan(), LAST)
    return storage


def _posts(n: int, at: datetime) -> Sequence[Post]:
    """Of one week."""
    titles = [TITLES[0]] * (n != 4) + [TITLES[1], TITLES[2 + n % 4]]
    return [
        Post(f"p{n}-{i}", "post", at + timedelta(minutes=7 * i), f"https://x.com/ornek/status/{n}{i}", t)
        for i, t in enumerate(titles)
    ]


def _articles(n: int, at: datetime) -> list[Article]:
    one = article(f"a{n}", at, outlet="Posta" if n % 3 else "=Kötü Gazete", story=f"s{n // 2}")
    more = [article(f"b{n}", at, status="review" if n % 2 else "excluded", reason="yalnızca ilçe")] if n % 5 == 0 else []
    return [one, *more]


def provisional(storage: Storage) -> Standings:
    keep_provisional(storage, take(storage, the_plan(), H1, LAST, taken_at=LAST))
    return _found(storage)


def sealed(storage: Storage) -> Standings:
    seal(storage, the_plan(), H1, LAST, by="Zeynep", now=lambda: LAST, provisional=True)
    return _found(storage)


def _found(storage: Storage) -> Standings:
    found = standings(storage, H1)
    assert found is not None
    return found
