"""What the town's press writes: a tenth of what its six feeds hold about the institution, some of it meant ill."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache

from model import Article, Records
from sandbox.press import BY_SLUG, PressItem, items
from sandbox.world import World
from tests.browser.hostile import ADDRESS, HEADLINES
from tests.browser.town_accounts import Look

FEEDS = ("marmara-postasi", "bogaz-gundem", "yeni-seher", "sehir-telgrafi", "cinar-medya", "ilce-manset")
DAY = timedelta(days=1)
EVERY_SIXTIETH = 60


def as_told(article: Article, _neighbours: Sequence[Article]) -> Article:
    """The article, in the story that the world gave it."""
    return article


def looks(world: World, at: datetime) -> Iterator[Look]:
    for feed in FEEDS:
        new = tuple(_article(n, item) for n, item in _kept(world) if item.outlet == feed and at - DAY < item.published_at <= at)
        yield Look(f"feed:{feed}", "items", f"https://{BY_SLUG[feed].host}/rss", Records(articles=new), DAY)


def _kept(world: World) -> tuple[tuple[int, PressItem], ...]:
    return _sampled(world.seed, world.start, world.end)


@cache
def _sampled(*world: object) -> tuple[tuple[int, PressItem], ...]:
    """A few of them: where there are so many that the pages take their time nothing more is seen."""
    told = [item for item in items(World(*world)) if item.status != "none" and item.outlet in FEEDS]  # type: ignore[arg-type]
    return tuple(enumerate(item for n, item in enumerate(told) if n % 5 == 0))


def _article(number: int, item: PressItem) -> Article:
    title, url = item.title, item.url_at(item.published_at)
    if number % EVERY_SIXTIETH == 7:
        title, url = HEADLINES[number // EVERY_SIXTIETH % len(HEADLINES)], ADDRESS
    return Article(
        f"{item.outlet}/{item.number}", BY_SLUG[item.outlet].name, url, title, item.published_at, "feed", "Örnek Belediyesi",
        item.match_in or "title", item.status, "yalnızca ilçenin adı geçiyor" if item.status == "excluded" else "",
        agency="", summary=item.summary, story=item.story, published_raw=item.published_at.isoformat(),
    )  # fmt: skip
