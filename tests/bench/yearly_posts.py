"""The accounts of tests/bench/years.py: 400 posts a year each, and everything that was ever read of their counters."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from model import Period

if TYPE_CHECKING:
    from tests.bench.years import Years

PLATFORMS = ("x", "x", "x", "x", "facebook", "facebook", "instagram", "instagram", "youtube", "youtube")
ACCOUNTS = tuple(f"{platform}:hesap{n}" for n, platform in enumerate(PLATFORMS))
POSTS, DAY = 400, 24
VIEWS, ENGAGEMENTS = "PG7.2.7", "PG7.2.8"
# By platform and counter: how likely it is to have changed when it is read, how much it gains then, and what counts it.
COUNTERS = {
    "x": {"views": (1, 300, VIEWS), "likes": (0.9, 9, ENGAGEMENTS), "comments": (0.45, 3, ENGAGEMENTS), "shares": (0.5, 4, ENGAGEMENTS),
          "quotes": (0.3, 3, ENGAGEMENTS), "saves": (0.45, 3, ENGAGEMENTS), "engagements": (0.9, 15, "")},
    "facebook": {"views": (1, 300, ""), "reach": (1, 200, ""), "clicks": (0.8, 9, ""), "reactions": (0.9, 12, ENGAGEMENTS),
                 "comments": (0.5, 3, ENGAGEMENTS), "shares": (0.5, 4, ENGAGEMENTS)},
    "instagram": {"views": (1, 300, ""), "reach": (1, 200, ""), "likes": (0.9, 12, ""), "comments": (0.5, 3, ""), "shares": (0.5, 4, ""),
                  "saves": (0.45, 3, ""), "engagements": (0.95, 15, "")},
    "youtube": {"views": (1, 300, ""), "likes": (0.7, 9, ""), "comments": (0.3, 3, "")},
}  # fmt: skip
DAILY = {
    "facebook": {"views": VIEWS, "reach": "", "engagements": "", "profile_views": "", "followers": "", "follows": "", "unfollows": ""},
    "instagram": {"views": VIEWS, "likes": ENGAGEMENTS, "comments": ENGAGEMENTS, "shares": ENGAGEMENTS, "saves": ENGAGEMENTS,
                  "reach": "", "engagements": "", "profile_views": "", "follows": "", "unfollows": ""},
    "youtube": {"views": VIEWS, "likes": ENGAGEMENTS, "comments": ENGAGEMENTS, "shares": ENGAGEMENTS, "saves": "", "engaged_views": "",
                "follows": "", "unfollows": "", "minutes_watched": ""},
}  # fmt: skip
PUBLISHED = {"views": VIEWS} | dict.fromkeys(("likes", "reactions", "comments", "shares", "quotes", "saves"), ENGAGEMENTS)
WEEKLY = (ACCOUNTS[0], ACCOUNTS[-1])
ISSUES = ("Ümraniye 7/24 bültenimizin {}. sayısı yayında", "1 Dakikada 1 Hafta: {}. hafta")
ZONE = ZoneInfo("Europe/Istanbul")
TEXT = "Ümraniye'de yeni parkımız açıldı. Bütün komşularımızı bekliyoruz: {}"
Read = tuple[int, str, int, int, int]  # hour, metric, value, hour until which it stayed, whether it fell


@dataclass
class Post:
    """`hour` and `second` of its publication, `planned`: seconds from then to when it was planned."""

    account: str
    name: str
    stream: str
    kind: str
    hour: int
    second: int
    text: str
    key: str
    planned: int | None
    seen: int  # the hour in which it was first read
    readings: list[Read] = field(default_factory=list)


def walked(platform: str, hour: int, edge: bool) -> bool:
    """Whether a platform's posts are read in an hour."""
    return platform != "youtube" or hour % 6 == 0 or edge


def streams(hour: int, edge: bool, feeds: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """What is walked in an hour, as the collectors' ladders have it: account, stream, address."""
    of_day = hour % DAY
    for account in ACCOUNTS:
        platform = account.partition(":")[0]
        if walked(platform, hour, edge):
            yield account, "posts", "posts?after="
        if platform == "facebook":
            yield account, "reels", "reels?after="
        if of_day == 7 or edge:
            yield account, "profile", "profile?"
        if of_day == 9 and platform in DAILY:
            yield account, "daily", "insights?"
        if of_day == 11 and platform == "x":
            yield account, "private", "private?"
    if of_day in (8, 20):
        for feed in feeds:
            yield feed, "items", "rss?"


def posts_of_year(clock: Years, year: int) -> Iterator[Post]:
    """By account. Between one and seven in the morning nothing goes out; a bulletin and a film come every Wednesday, on two accounts."""
    begin, days = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
    first = clock.hour(Period.midnight(begin, ZONE))
    wednesdays = [n for n in range(days) if (begin + timedelta(days=n)).isoweekday() == 3]
    for n in wednesdays:
        for code in ("PG7.2.3", "PG7.2.4"):
            clock.add(clock.half_of(first + n * DAY), code, 1)
    for account in ACCOUNTS:
        draw = random.Random(f"{account} {year}")
        issues = [(n, text) for n in wednesdays for text in ISSUES] if account in WEEKLY else []
        for number in range(POSTS):
            day, text = issues[number] if number < len(issues) else (draw.randrange(days), TEXT)
            hour = first + day * DAY + draw.randrange(8, 24)
            yield _post(
                clock,
                account,
                hour,
                text.format((begin + timedelta(days=day)).toordinal() // 7 - 105_000),
                draw,
                reply=text is TEXT,
            )


def _post(clock: Years, account: str, hour: int, text: str, draw: random.Random, *, reply: bool) -> Post:
    platform = account.partition(":")[0]
    stream = "reels" if platform == "facebook" and draw.random() < 0.2 else "posts"
    kind = "reply" if reply and draw.random() < 0.05 else "post"
    planned = draw.randrange(-1800, 1800) if draw.random() < 0.75 else None
    name, key = _name(platform, draw, hour), f"key {hour // 24} {draw.randrange(10)}"
    hours = _hours(clock, hour, platform)
    post = Post(account, name, stream, kind, hour, draw.randrange(700, 3600), text, key, planned, hours[0])
    for metric, (chance, gain, growth) in COUNTERS[platform].items():
        values = _values(hours, chance, gain, draw)
        post.readings += [(h, metric, value, until, fell) for h, value, until, fell in values]
        if kind != "reply":
            _count(clock, hour, [(h, value) for h, value, _, _ in values], growth, PUBLISHED.get(metric, ""))
    if kind != "reply":
        clock.add(clock.half_of(hour), "PG7.2.6", 1)
    return post


def _name(platform: str, draw: random.Random, hour: int) -> str:
    """Platforms number by time; YouTube does not."""
    if platform == "youtube":
        return "".join(draw.choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_", k=11))
    number = (hour << 40) + draw.randrange(1 << 40)
    return f"1{number:018d}" if platform != "facebook" else f"100064000000_{number:018d}"


def _hours(clock: Years, hour: int, platform: str) -> list[int]:
    """When its counters were read: as often as the walks look so far back."""
    found = set(range(hour + 1, hour + DAY + 1))
    for every, reach in ((DAY, 7 * DAY), (7 * DAY, 31 * DAY), (30 * DAY, 184 * DAY)):
        found |= set(range(hour + 1 + (5 - hour) % every, hour + reach, every))
    if edge := next((edge for edge in clock.edges if hour + 1 < edge), 0):
        found.add(edge - 1)
    return sorted(h for h in found if h < clock.days * DAY and walked(platform, h, h + 1 in clock.edges))


def _values(hours: Sequence[int], chance: float, gain: int, draw: random.Random) -> list[tuple[int, int, int, int]]:
    """A row as long as the value stays, as collecting stores it; one change of 250 is a fall."""
    found: list[tuple[int, int, int, int]] = []
    value, before = draw.randrange(gain), -1
    for hour in hours:
        if draw.random() < chance:
            value += -draw.randrange(1, 4) if value > 3 and draw.random() < 0.004 else draw.randrange(gain)
        if value == before:
            found[-1] = (*found[-1][:2], hour, found[-1][3])
        else:
            found.append((hour, value, hour, int(value < before)))
        before = value
    return found


def _count(clock: Years, hour: int, values: Sequence[tuple[int, int]], growth: str, published: str) -> None:
    """What the counter gained in each half-year, and what it had reached a week after the ends of its half-year and of its year."""
    hours = [h for h, _ in values]

    def at(edge: int) -> int:
        return 0 if hour >= edge else values[max(bisect_left(hours, edge) - 1, 0)][1]

    own = clock.half_of(hour)
    if own == len(clock.edges):
        return
    begins = [0, *clock.edges]
    if growth:
        for number in range(own, min(clock.half_of(hours[-1]) + 1, len(clock.edges))):
            clock.add(number, growth, at(begins[number + 1]) - at(begins[number]))
    if published:
        half, year_end = clock.halves[own], clock.edges[own | 1]
        clock.sums[str(half)][f"{published} published"] += at(clock.edges[own] + 7 * DAY)
        clock.sums[str(half.year)][f"{published} published"] += at(year_end + 7 * DAY)
