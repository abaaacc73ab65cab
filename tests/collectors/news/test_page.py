"""The institution's own pages through the sandbox: every issue once, dated as it says, and each thing that goes wrong by its name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.base import CollectError, Gone, Malformed, RateLimited, Refused, Unavailable
from collectors.http import Door, Line, Outfit
from collectors.news.page import Pages
from collectors.news.urls import url_key
from config import ConfigError, load
from config.secrets import Secrets
from model import Account, Exchange, Page, Post, Records, Walk
from sandbox.page import Bulletin, address, bulletins
from sandbox.server import Sandbox
from sandbox.world import World

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
WORLD = World()
ALL = list(bulletins(WORLD))


@dataclass
class Reader:
    """One page, looked at as the page loop does: the memo of the last good walk."""

    box: Sandbox
    path: str = "bulten"
    title: str = "Örnek 7/24"
    allowed: bool = True
    memo: Any = field(default_factory=dict)
    attempts: int = 3

    def __post_init__(self) -> None:
        secrets, hosts = Secrets({}), [self.box.url.removeprefix("http://")] if self.allowed else []

        def door(line: Line) -> Door:
            return Door(line, now=lambda: self.box.now, secrets=secrets, sleep=lambda s: None, attempts=2)

        outfit = Outfit({"allow_hosts": hosts, "contact": "basin@ornek.example"}, secrets, lambda: self.box.now, door)
        self.pages = Pages(outfit)

    @property
    def account(self) -> Account:
        options = {"title": self.title} if self.title else {}
        return Account(f"page:{self.path}", "page", self.path, url=f"{self.box.url}/page/{self.path}", options=options)

    def look(self) -> tuple[Page, Records]:
        walk = Walk(1, self.account.account, "posts", self.box.now, self.box.now, "daemon", memo=self.memo, attempts=self.attempts)
        page = self.pages.fetch(self.account, "posts", walk)
        self.memo = json.loads(json.dumps(page.memo))
        self.taken = self.pages.door.take()
        return page, Records.joined(self.pages.read(self.account, e) for e in self.taken if e.status == 200 and e.body)

    def fails(self, kind: type[CollectError], match: str) -> None:
        with pytest.raises(kind, match=match) as caught:
            self.look()
        assert type(caught.value) is kind
        assert caught.value.cure


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(WORLD, now=NOW) as running:
        yield running


def truth(box: Sandbox, shown: list[Bulletin]) -> set[Post]:
    """To the minute: a page shows no seconds."""
    return {
        Post(url_key(address(box.url, one)), "issue", one.published_at.astimezone(UTC), address(box.url, one), one.title)
        for one in shown
        if one.published_at <= box.now
    }


def test_the_world_s_bulletins_miss_weeks_and_have_a_double() -> None:
    weeks = [one.published_at.isocalendar()[:2] for one in ALL]
    assert (len(ALL), len(set(weeks))) == (len(weeks), len(weeks) - 1)
    assert [one.number for one in ALL] == list(range(101, 101 + len(ALL)))


@pytest.mark.parametrize("path", ["bulten", "bulten.xml"])
@pytest.mark.parametrize("title", ["Örnek 7/24", ""])
def test_every_issue_of_the_page_and_nothing_else(box: Sandbox, path: str, title: str) -> None:
    page, records = Reader(box, path, title).look()
    assert page.notes == () and page.cursor is None
    found = {(p.post, p.kind, p.published_at, p.url) for p in records.posts}
    assert found == {(p.post, p.kind, p.published_at, p.url) for p in truth(box, ALL)}
    assert all(one.title in " ".join(p.text for p in records.posts) for one in ALL if one.published_at <= NOW)
    if title:
        assert set(records.posts) == truth(box, ALL)


@pytest.mark.parametrize("path", ["bulten", "bulten.xml"])
def test_a_half_year_of_looks_stores_each_issue_once(box: Sandbox, path: str) -> None:
    reader = Reader(box, path)
    told: list[Post] = []
    box.now = datetime(2026, 1, 1, tzinfo=UTC)
    while box.now < datetime(2026, 7, 2, tzinfo=UTC):
        told += reader.look()[1].posts
        box.now += timedelta(hours=30)
    assert len(told) == len(ALL)
    assert set(told) == truth(box, ALL)
    assert sum(exchange.size for exchange in reader.taken) == 0, "nothing new: 304"


def test_only_names_addresses_and_dates_are_archived(box: Sandbox) -> None:
    reader = Reader(box)
    reader.look()
    [exchange] = reader.taken
    assert {key for row in exchange.value["issues"] for key in row} == {"link", "title", "date", "old"}
    assert box.asked[0].headers["User-Agent"] == "mecra/0.1 (+basin@ornek.example)"


def test_an_issue_without_a_date_came_when_it_was_first_seen_unless_it_was_there_before(box: Sandbox) -> None:
    box.fault("undated")
    reader = Reader(box)
    page, records = reader.look()
    there = len([one for one in ALL if one.published_at <= NOW])
    assert records.posts == ()
    assert page.notes == (f"{there} issues without a date were there at the first look: enter them by hand",)
    box.now = datetime(2026, 5, 23, 9, tzinfo=UTC)
    page, records = reader.look()
    assert [(p.text, p.published_at) for p in records.posts] == [
        (one.title, box.now) for one in ALL if NOW < one.published_at <= box.now
    ]
    assert page.notes == ()


def test_an_undated_issue_whose_name_changes_is_no_new_one(box: Sandbox) -> None:
    box.fault("undated")
    reader = Reader(box)
    reader.look()
    reader.memo["rows"] = []  # as if every name had changed since
    reader.memo["sha256"] = reader.memo["etag"] = ""
    assert reader.look()[1].posts == ()


def test_another_pattern_is_another_first_look(box: Sandbox) -> None:
    box.fault("undated")
    reader = Reader(box, title="Sayı 10[12]$")
    assert "2 issues without a date" in reader.look()[0].notes[0]
    reader.title = "örnek"
    page, records = reader.look()
    assert records.posts == () and page.notes


@pytest.mark.parametrize("path", ["bulten", "bulten.xml"])
@pytest.mark.parametrize(
    ("fault", "kind", "match"),
    [
        ("error-200", Malformed, "neither a feed nor a page with links"),
        ("html-200", Malformed, "neither a feed nor a page with links"),
        ("html-challenge", Refused, r"refuses programs \(403"),
        ("empty-body", Malformed, "empty"),
        ("gone", Gone, r"no page there \(410\)"),
        ("redirect-private", Refused, "not a public address"),
        ("429-seconds", RateLimited, "asks for a rest"),
        ("500", Unavailable, "500"),
        ("reset", Unavailable, "no whole answer"),
        ("cut-body", Unavailable, "answer"),
        ("wrong-length", Unavailable, "answer"),
    ],
)
def test_what_goes_wrong_has_a_name(box: Sandbox, path: str, fault: str, kind: type[CollectError], match: str) -> None:
    box.fault(fault)
    reader = Reader(box, path)
    reader.fails(kind, match)
    box.faults.clear()
    assert set(reader.look()[1].posts) == truth(box, ALL)


def test_half_a_feed_and_a_list_that_is_gone(box: Sandbox) -> None:
    feed, page = Reader(box, "bulten.xml"), Reader(box)
    page.look()
    box.fault("half-feed", ".xml")
    feed.fails(Malformed, "half a feed")
    box.fault("no-rows")
    box.now += timedelta(days=21)
    page.fails(Malformed, "none of the .* issues of the last look is listed any more")
    fresh, _ = Reader(box).look()
    assert fresh.notes == ("no issue is listed on the page: see whether its url and title pattern are right",)


@pytest.mark.parametrize("fault", ["duplicate-ids", "missing-key", "vanished-post"])
def test_odd_rows(box: Sandbox, fault: str) -> None:
    reader = Reader(box)
    if fault != "duplicate-ids":
        box.fault(fault, times=1)
        assert len(reader.look()[1].posts) == len(truth(box, ALL)) - 1
        assert len(reader.look()[1].posts) == 1
    else:
        box.fault(fault)
        assert set(reader.look()[1].posts) == truth(box, ALL)


def test_a_page_that_has_moved_is_followed_and_told_once(box: Sandbox) -> None:
    box.fault("redirect-moved")
    reader = Reader(box)
    page, records = reader.look()
    assert set(records.posts) == truth(box, ALL)
    assert page.notes == (f"the page has moved to {box.url}/page/yeni: write that into mecra.toml",)
    assert reader.look()[0].notes == ()


def test_a_page_that_is_not_there_is_tried_three_times(box: Sandbox) -> None:
    box.fault("gone")
    Reader(box, attempts=2).fails(CollectError, "no page there.*given up for a day at the third time")
    Reader(box, attempts=3).fails(Gone, "no page there")


def test_private_addresses_are_not_asked(box: Sandbox) -> None:
    Reader(box, allowed=False).fails(Refused, "only 80 and 443")
    assert box.asked == []


@pytest.mark.parametrize("body", [b"[]", b"{}", b"x", b'{"issues": [1]}', b'{"issues": [{"link": "x"}]}'])
def test_an_archived_page_that_is_none(box: Sandbox, body: bytes) -> None:
    reader = Reader(box)
    with pytest.raises(Malformed, match="an archived page that is none"):
        reader.pages.read(reader.account, Exchange(NOW, "GET", "http://x/", 200, body, len(body)))


# -- settings


def settings(tmp_path: Path, account: str) -> Any:
    path = tmp_path / "mecra.toml"
    path.write_text(
        f'[news]\nfeeds = false\nallow_hosts = ["127.0.0.1"]\n[[accounts]]\nplatform = "page"\n{account}\n', encoding="utf-8"
    )
    return load(path, {})


def test_a_page_among_the_settings(tmp_path: Path) -> None:
    found = settings(
        tmp_path, 'handle = "bulten"\nurl = "https://o.example/b"\noptions = { title = "(?i)örnek 7/24" }\nsince = 2026-01-01'
    )
    account = next(a for a in found.accounts if a.platform == "page")
    assert (account.account, account.url, account.options) == ("page:bulten", "https://o.example/b", {"title": "(?i)örnek 7/24"})
    assert account.since == date(2026, 1, 1)
    assert found.platform("page") == {"allow_hosts": ["127.0.0.1"]}


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ('handle = "bulten"', "write the address of the page"),
        ('handle = "bulten"\nurl = "o.example/b"', "write the address of the page"),
        ('handle = "bulten"\nurl = "https://o.example"\noptions = { title = "(" }', "is no pattern"),
        ('handle = "bulten"\nurl = "https://o.example"\noptions = { title = 7 }', 'write text in "quotes"'),
        ('handle = "bulten"\nurl = "https://o.example"\noptions = { name = "x" }', "there are title"),
    ],
)
def test_mistakes_in_the_settings(tmp_path: Path, account: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        settings(tmp_path, account)
