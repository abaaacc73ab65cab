"""A small world behind every fault: what is collected of it undisturbed, with a fault, and once the fault is over."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from shutil import copyfile
from typing import Any, TypeAlias

from collectors import NEWS
from config import Settings, load
from config.secrets import Secrets
from console.demo import write_settings
from model import Account
from sandbox.server import Sandbox
from sandbox.world import World, WorldPost
from scheduler import Jobs, Run
from tests.truth import expected, stories_told

NOON = datetime(2026, 6, 24, 9, tzinfo=UTC)  # everything is published, and every day is settled
EVENING = datetime(2026, 6, 19, 15, tzinfo=UTC)  # four stories live
NIGHT = datetime(2026, 6, 20, 3, tzinfo=UTC)  # the press has been quiet for some hours
SINCE = datetime(2026, 6, 9, tzinfo=UTC)
MARMARA = World(start=date(2026, 6, 10), end=date(2026, 6, 20), scale=2.5, deletions=False)
VIDEOS = World(start=date(2026, 6, 10), end=date(2026, 6, 20), scale=12, deletions=False)
ACCOUNTS = {
    "x": "x:ornekbelediye", "facebook": "facebook:ornekbelediye", "instagram": "instagram:ornekbelediye",
    "youtube": "youtube:ornekbelediye", "feed": "feed:yaka-ajans", "gdelt": "gdelt:ornek", "gnews": "gnews:ornek",
    "page": "page:bulten",
}  # fmt: skip
PATIENCE = "\n[http]\nconnect_seconds = 5\nread_seconds = 20\n"
HURRY = {"connect_seconds": 5.0, "read_seconds": 0.15}
Key: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True)
class Stored:
    """What a database holds of one account, by key; when it was read left out."""

    posts: dict[Key, Key]
    readings: set[Key]
    gaps: set[Key]
    articles: dict[Key, Key]
    fell: set[Key]

    @property
    def keys(self) -> set[Key]:
        return (
            {("post", *k) for k in self.posts} | {("reading", *k) for k in self.readings} | {("article", *k) for k in self.articles}
        )


@dataclass
class Clock:
    """Ours and the sandboxes': it moves only when told."""

    boxes: list[Sandbox]
    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def set(self, at: datetime) -> None:
        self.at = at
        for box in self.boxes:
            box.now = at


@dataclass
class Place:
    """Sandboxes, settings, a clock and a database; `begin` begins anew."""

    directory: Path
    boxes: dict[str, Sandbox]
    settings: Settings
    clock: Clock
    secrets: Secrets
    undisturbed: dict[tuple[str, str], Stored] = field(default_factory=dict)

    def box(self, platform: str) -> Sandbox:
        return self.boxes["youtube" if platform == "youtube" else "others"]

    def account(self, platform: str) -> Account:
        return next(a for a in self.settings.accounts if a.account == ACCOUNTS[platform])

    @cached_property
    def _empty(self) -> Path:
        self.jobs().prepare()
        return Path(copyfile(self.settings.database, self.directory / "empty.db"))

    def begin(self, platform: str, stream: str) -> None:
        """No fault, a time at which the stream is complete, and nothing collected."""
        self.clock.set(EVENING if stream == "stories" else NIGHT if platform in NEWS else NOON)
        for box in self.boxes.values():
            box.faults.clear()
            box.asked.clear()
            box.state.clear()
            box.state["x_page"] = 20
            box.fault("too-much-data", "published_posts")
            box.fault("too-much-data", "/media")
        empty = self._empty
        for leftover in self.directory.glob("mecra.db*"):
            leftover.unlink()
        copyfile(empty, self.settings.database)

    def end_fault(self, platform: str) -> None:
        del self.box(platform).faults[2:]

    def pass_by(self, **span: float) -> None:
        self.clock.set(self.clock() + timedelta(**span))

    def jobs(self, *, hurried: bool = False) -> Jobs:
        settings = replace(self.settings, http=HURRY) if hurried else self.settings
        return Jobs(settings, self.secrets, now=self.clock, sleep=lambda seconds: None)

    def run(self, platform: str, stream: str, *, hurried: bool = False) -> Run:
        [run] = self.jobs(hurried=hurried).collect([self.account(platform)], streams=[stream], since=SINCE)
        return run

    def rows(self, what: str, platform: str) -> list[Key]:
        db = sqlite3.connect(self.settings.database)
        try:
            return db.execute(f"SELECT {what} AND account = ?", (ACCOUNTS[platform],)).fetchall()
        finally:
            db.close()

    def stored(self, platform: str) -> Stored:
        """What is stored of an account now; days that the world's end has not settled left out."""
        end = str(self.box(platform).world.end)
        return Stored(
            posts={
                row[:1]: row[1:]
                for row in self.rows(
                    "post, stream, kind, published_at, url, text, gone_at IS NOT NULL FROM posts WHERE 1", platform
                )
            },
            readings={row for row in self.rows("post, metric, day FROM readings WHERE 1", platform) if not row[2] or row[2] < end},
            gaps={
                row
                for row in self.rows("post, metric, day FROM gaps WHERE filled_at IS NULL", platform)
                if not row[2] or row[2] < end
            },
            articles=_told_apart(
                self.rows("key, outlet, title, status, url, published_at, story FROM articles WHERE 1", platform),
                dated=platform != "gnews",
            ),
            fell=set(self.rows("post, metric, day FROM readings WHERE fell", platform)),
        )

    def wrong(self, platform: str) -> list[Key]:
        """The readings that are not the world's at both ends of their life, and those that stand there twice."""
        world, account = self.box(platform).world, ACCOUNTS[platform]
        rows = self.rows("post, metric, day, value, at, until, fell FROM readings WHERE 1", platform)
        times = Counter((*row[:3], row[4]) for row in rows)
        return [
            row
            for row in rows
            if times[(*row[:3], row[4])] > 1
            or any(expected(world, _stories(), account, row[0], row[1], row[2], at) != row[3] for at in {row[4], row[5]})
        ]

    def reference(self, platform: str, stream: str) -> Stored:
        """What an undisturbed walk stores."""
        if (platform, stream) not in self.undisturbed:
            self.begin(platform, stream)
            run = self.run(platform, stream)
            assert run.walk and run.walk.outcome == "done", run
            assert self.wrong(platform) == []
            self.undisturbed[platform, stream] = self.stored(platform)
        return self.undisturbed[platform, stream]


def _told_apart(articles: list[Key], *, dated: bool) -> dict[Key, Key]:
    """Articles by key: outlet and status, and where the key is more than a title (which keeps what came with it first) the rest.
    A story, which is named after its first copy, by the least of its keys."""
    first: dict[str, str] = {}
    for key, *_, story in sorted(articles):
        first.setdefault(story, key)
    return {
        (key,): (outlet, status, *((title, url, published, first[story]) if dated else ()))
        for key, outlet, title, status, url, published, story in articles
    }


@cache
def _stories() -> dict[str, WorldPost]:
    return stories_told(MARMARA)


@contextmanager
def placed(directory: Path) -> Iterator[Place]:
    with ExitStack() as stack:
        boxes = {name: stack.enter_context(Sandbox(world, now=NOON)) for name, world in (("others", MARMARA), ("youtube", VIDEOS))}
        url = boxes["others"].url
        write_settings(directory, url, MARMARA)
        path = directory / "mecra.toml"
        text = path.read_text(encoding="utf-8").replace(f"{url}/youtube", f"{boxes['youtube'].url}/youtube")
        gnews = f'\n[news.gnews]\nenabled = true\nname = "ornek"\napi_root = "{url}/gnews"\n'
        path.write_text(text + gnews + PATIENCE, encoding="utf-8")
        yield Place(directory, boxes, load(path, {}), Clock(list(boxes.values())), Secrets({}, directory / "secrets.toml"))
