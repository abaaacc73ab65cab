"""The press of tests/bench/years.py: 50 feeds and 82 articles a day, drawn from the day alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tests.bench.bodies import sentence

FEEDS = tuple(f"feed:gazete{n}" for n in range(50))
A_DAY = 82
EXCLUDED = ("yalnızca ilçenin adı geçiyor", "belediyenin kendi sitesi", "spor sonucu")


class Article(NamedTuple):
    """`review` is ruled as counted in the evening; `story`: one text of four is a copy of another."""

    number: int
    key: str
    outlet: str
    url: str
    title: str
    summary: str
    story: str
    status: str
    reason: str
    feed: str


def articles_of_day(day: date) -> Iterator[Article]:
    draw = random.Random(f"press {day}")
    for number in range(A_DAY):
        feed = draw.choice(FEEDS)
        outlet = f"Gazete {feed.removeprefix('feed:gazete')}"
        key = sha256(f"{day} {number}".encode()).hexdigest()
        story = sha256(f"{day} {number - number % 4}".encode()).hexdigest()[:16]
        chance = draw.random()
        status = "counted" if chance < 0.85 else "excluded" if chance < 0.98 else "review"
        reason = draw.choice(EXCLUDED) if status == "excluded" else ""
        url = f"https://{feed.removeprefix('feed:')}.example/haber/{day:%Y/%m/%d}/{key[:12]}"
        yield Article(number, key, outlet, url, sentence(draw, 9), sentence(draw, 25), story, status, reason, feed)


def settings_of_press(directory: Path) -> None:
    feeds = (
        f'[[feed]]\nname = "{feed.removeprefix("feed:")}"\noutlet = "Gazete {n}"\nurl = "https://gazete{n}.example/rss"\n\n'
        for n, feed in enumerate(FEEDS)
    )
    (directory / "feeds.toml").write_text("".join(feeds), encoding="utf-8")
    (directory / "news.toml").write_text(
        'institution = "Ümraniye Belediyesi"\nplace = "Ümraniye"\nhead = "Ayşe Yılmaz"\n', encoding="utf-8"
    )
