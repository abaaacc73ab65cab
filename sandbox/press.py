"""The world's press: twelve invented outlets, what each of them publishes, and what is true of every item.

An item knows whether it counts as news about the institution, why, and which story it belongs to, so that tests compare
the stored articles with the truth. All of it is a pure function of the world's seed and days.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from sandbox.wording import FILLERS, STORIES, TRAPS, Wording, ascii_typed, fold, slug, upper
from sandbox.world import ISTANBUL, World

AGENCIES = ("DHA", "İHA", "AA")
SEEN_WITHIN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Outlet:
    """One publisher. `dates`, `encoding`, `declares` and `form` are how its feed is written, `path` how its addresses are.

    `daily`: items a day that have nothing to do with the institution. `tracks`: its feed links carry trackers.
    """

    slug: str
    name: str
    host: str
    daily: int
    form: str = "rss"
    dates: str = "zone"
    encoding: str = "utf-8"
    declares: bool = True
    path: str = "id-html"
    tracks: bool = False
    max_age: int | None = None
    indexed: bool = True


OUTLETS: tuple[Outlet, ...] = (
    Outlet("marmara-postasi", "Marmara Postası", "www.marmarapostasi.example", 20, max_age=900),
    Outlet("bogaz-gundem", "Boğaz Gündem", "www.bogazgundem.example", 16, encoding="windows-1254", path="id"),
    Outlet("anadolu-aksami", "Anadolu Akşamı", "anadoluaksami.example", 9, encoding="windows-1254", declares=False),
    Outlet("yeni-seher", "Yeni Seher", "www.yeniseher.example", 12, dates="turkish", tracks=True),
    Outlet("haber-iskelesi", "Haber İskelesi", "www.haberiskelesi.example", 10, dates="naive", path="query"),
    Outlet("kiyi-haber", "Kıyı Haber", "www.kiyihaber.example", 8, form="atom", dates="iso", path="id"),
    Outlet("sehir-telgrafi", "Şehir Telgrafı", "sehirtelgrafi.example", 6, form="rdf", dates="iso", max_age=3600),
    Outlet("ornek-gazetesi", "Örnek Gazetesi", "www.ornekgazetesi.example", 5, dates="gmt", tracks=True),
    Outlet("cinar-medya", "Çınar Medya", "cinarmedya.example", 4, path="wordpress", tracks=True),
    Outlet("ilce-manset", "İlçe Manşet", "www.ilcemanset.example", 3, path="pretty", indexed=False),
    Outlet("halkin-nabzi", "Halkın Nabzı", "www.halkinnabzi.example", 7, dates="short-year"),
    Outlet("yaka-ajans", "Yaka Ajans", "www.yakaajans.example", 3, dates="dotted", path="id", indexed=False),
)
BY_SLUG = {outlet.slug: outlet for outlet in OUTLETS}


@dataclass(frozen=True, slots=True)
class PressItem:
    """One appearance. `status` is what a reader of title and summary must say of it: counted, excluded, review or none.

    `match_in` is where the institution is first named, `agency` what the copy itself says; `edited_title` stands from
    `edited_at` on, under a new address with the same number. Copies of one text share `story`.
    """

    outlet: str
    number: int
    published_at: datetime
    title: str
    summary: str
    story: str
    status: str
    match_in: str = ""
    agency: str = ""
    edited_title: str = ""
    edited_at: datetime | None = None

    @property
    def host(self) -> str:
        return BY_SLUG[self.outlet].host

    def title_at(self, at: datetime) -> str:
        return self.edited_title if self.edited_at and self.edited_at <= at else self.title

    def url_at(self, at: datetime) -> str:
        """The address as the outlet's own pages link it, without trackers."""
        name, day = slug(self.title_at(at)), self.published_at.astimezone(ISTANBUL)
        path = {
            "id-html": f"/gundem/{name}-{self.number}.html",
            "id": f"/haber/{name}-{self.number}",
            "query": f"/haber.asp?haberID={self.number}",
            "wordpress": f"/?p={self.number}",
            "pretty": f"/{day:%Y/%m/%d}/{slug(self.title)}-{self.number}/",
        }[BY_SLUG[self.outlet].path]
        return f"https://{self.host}{path}"

    def variant_at(self, at: datetime) -> str:
        """The address under which a search engine may have met the same page: mobile, AMP, tracked or plain."""
        plain = self.url_at(at)
        if BY_SLUG[self.outlet].path in ("query", "wordpress"):
            return plain
        bare = plain.removeprefix("https://").removeprefix("www.")
        mobile, amp = f"https://m.{bare}", plain.replace(self.host, f"{self.host}/amp", 1)
        return (plain, mobile, amp, f"{plain}?utm_source=arama&fbclid=IwAR{self.number}", plain)[self.number % 5]

    @property
    def seen_at(self) -> datetime:
        """When a search engine has met it: at the next full quarter after 10 to 100 minutes."""
        met = self.published_at + timedelta(minutes=10 + self.number % 90)
        return met + timedelta(minutes=-met.minute % 15, seconds=-met.second)


def items(world: World) -> tuple[PressItem, ...]:
    """Everything that the press of this world publishes, oldest first."""
    return _items(_drawn(world))


def visible(world: World, outlet: str, at: datetime) -> tuple[PressItem, ...]:
    """What an outlet has published by `at`, newest first."""
    instants, mine = _by_outlet(_drawn(world))[outlet]
    return mine[: bisect_right(instants, at)][::-1]


def mentioning(world: World, phrases: tuple[str, ...]) -> tuple[PressItem, ...]:
    """The items whose title or summary holds one of the phrases, oldest first, as a full-text search finds them."""
    return _mentioning(_drawn(world), tuple(map(fold, phrases)))


class _Drawn(NamedTuple):
    """What the press of a world depends on."""

    seed: int
    start: date
    end: date
    press: float
    outlets: tuple[str, ...]


def _drawn(world: World) -> _Drawn:
    return _Drawn(world.seed, world.start, world.end, world.press, world.outlets)


@lru_cache(maxsize=32)
def _mentioning(drawn: _Drawn, folded: tuple[str, ...]) -> tuple[PressItem, ...]:
    return tuple(
        item
        for item in _items(drawn)
        if any(phrase in text for text in [fold(f"{item.title} {item.summary}")] for phrase in folded)
    )


@lru_cache(maxsize=32)
def _items(drawn: _Drawn) -> tuple[PressItem, ...]:
    world = World(drawn.seed, drawn.start, drawn.end, press=drawn.press, outlets=drawn.outlets)
    days = [drawn.start + timedelta(days=offset) for offset in range((drawn.end - drawn.start).days)]
    return tuple(sorted((item for day in days for item in _day(world, day)), key=lambda item: (item.published_at, item.outlet)))


@lru_cache(maxsize=32)
def _by_outlet(drawn: _Drawn) -> dict[str, tuple[list[datetime], tuple[PressItem, ...]]]:
    mine: dict[str, list[PressItem]] = {outlet.slug: [] for outlet in OUTLETS}
    for item in _items(drawn):
        mine[item.outlet].append(item)
    return {name: ([item.published_at for item in own], tuple(own)) for name, own in mine.items()}


def _day(world: World, day: date) -> Iterator[PressItem]:
    """A day's items: stories with their copies, one trap, and whatever else the outlets write."""
    serial = dict.fromkeys(BY_SLUG, 0)

    def number(outlet: str) -> int:
        serial[outlet] += 1
        return 1_000_000 + (day - date(2020, 1, 1)).days * 1000 + serial[outlet]

    for index in range(_thinned(world, 2 + world.below(4, "press", day, "stories"), day, "stories")):
        yield from _story(world, day, index, number)
    if _thinned(world, 1, day, "trap"):
        yield _trap(world, day, number)
    for outlet in _outlets(world):
        yield from _rest(world, day, outlet, number)


def _outlets(world: World) -> tuple[Outlet, ...]:
    return tuple(BY_SLUG[slug] for slug in world.outlets) or OUTLETS


def _thinned(world: World, count: int, *name: object) -> int:
    """So many of `count` as the world's press writes; the part of one is drawn."""
    if world.press == 1:
        return count
    whole, part = divmod(int(count * world.press * 1000), 1000)
    return whole + (world.below(1000, "press", "thinned", *name) < part)


def _trap(world: World, day: date, number: Callable[[str], int]) -> PressItem:
    """Something that looks like news about the institution; each kind returns after a week."""
    drawn, wording = world.number("press", day, "trap"), TRAPS[day.toordinal() % len(TRAPS)]
    outlets = _outlets(world)
    outlet, at = outlets[drawn % len(outlets)].slug, _at(day, 9 * 60 + drawn // 64 % 600)
    return PressItem(outlet, number(outlet), at, wording.title, wording.summary, f"{day}/trap", wording.status, wording.match_in)


def _rest(world: World, day: date, outlet: Outlet, number: Callable[[str], int]) -> Iterator[PressItem]:
    """What has nothing to do with the institution."""
    daily = _thinned(world, outlet.daily, day, outlet.slug)
    for index in range(daily):
        drawn = world.number("press", day, outlet.slug, index)
        wording = FILLERS[drawn % len(FILLERS)]
        title = wording.title.format(n=drawn // 4096 % 900 + 2)
        at = _at(day, 7 * 60 + index * 960 // daily + drawn // 64 % 40, drawn % 60)
        yield PressItem(outlet.slug, number(outlet.slug), at, title, wording.summary, f"{day}/{outlet.slug}/{index}", "none")


def _story(world: World, day: date, index: int, number: Callable[[str], int]) -> Iterator[PressItem]:
    """One story about the institution: an agency's, on several outlets, or one outlet's own."""
    name = ("press", day, "story", index)
    wording = STORIES[(day.toordinal() * 5 + index) % len(STORIES)]
    agency = AGENCIES[world.below(3, *name, "agency")] if world.below(3, *name, "wire") else ""
    first = 8 * 60 + world.below(9 * 60, *name, "at")
    outlets = _outlets(world)
    start, count = world.below(len(outlets), *name, "first"), 3 + world.below(7, *name, "count") if agency else 1
    for copy in range(min(count, len(outlets))):
        outlet = outlets[(start + copy * 5) % len(outlets)]
        drawn = world.number(*name, "copy", copy)
        at = _at(day, first + (drawn % 240 if copy else 0), drawn // 256 % 60)
        title, summary, said = _copied(wording, agency, drawn)
        edited = world.below(9, *name, "edit", copy) == 0 and outlet.path in ("id", "id-html")
        yield PressItem(
            outlet.slug,
            number(outlet.slug),
            at,
            title,
            summary,
            f"{day}/story/{index}",
            "counted",
            wording.match_in,
            said,
            f"{title}: Son durum" if edited else "",
            at + timedelta(minutes=90 + drawn % 200) if edited else None,
        )


def _copied(wording: Wording, agency: str, drawn: int) -> tuple[str, str, str]:
    """Title, summary and the agency named, as one desk takes a text over: other apostrophes, capitals, bare ASCII, a dateline."""
    title, summary, said = wording.title, wording.summary, ""
    if agency and drawn % 2:
        summary, said = f"İSTANBUL ({agency}) - {summary}", agency
    manner = drawn // 512 % 6
    if manner in (1, 2):
        title, summary = title.replace("’", "'"), summary.replace("’", "'")
    if manner == 3:
        title = upper(title)
    if manner == 4:
        title = ascii_typed(title)
    if manner == 5:
        summary = re.split(r"(?<=\.) ", summary)[0]
    return title, summary, said


def _at(day: date, minute: int, second: int = 0) -> datetime:
    return (datetime.combine(day, time(), ISTANBUL) + timedelta(minutes=minute, seconds=second)).astimezone(UTC)
