"""Feeds through the sandbox: every appearance once, nothing read twice, and each thing that goes wrong by its name."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from collectors.base import CollectError, Gone, Malformed, RateLimited, Refused, Unavailable
from collectors.http import Door, Line, Outfit
from collectors.news.feeds import Feeds, _about, _ids
from collectors.news.matching import Rule
from collectors.news.parsing import Entry, Feed, parse
from collectors.news.urls import url_key
from config.secrets import Secrets
from model import Account, Exchange, Page, Records, Walk
from sandbox.press import BY_SLUG, OUTLETS, PressItem, items, visible
from sandbox.server import Sandbox
from sandbox.world import World

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
WORLD = World(start=date(2026, 3, 1), end=date(2026, 3, 20))
RULE = replace(Rule.load(), institution="Örnek Belediyesi", place="Örnek", head="Ayşe Yılmaz")


@dataclass
class Poller:
    """One feed, polled as the page loop does: the memo of the last good walk, the attempts of this one."""

    box: Sandbox
    slug: str = "marmara-postasi"
    settings: dict[str, Any] = field(default_factory=dict)
    memo: Any = field(default_factory=dict)
    attempts: int = 0
    patience: float = 20.0
    bodies: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        secrets = Secrets({})
        host = self.box.url.removeprefix("http://")

        def door(line: Line) -> Door:
            now, patience = lambda: self.box.now, (5.0, self.patience)
            return Door(line, now=now, secrets=secrets, sleep=lambda s: None, attempts=2, timeout=patience)

        self.feeds = Feeds(Outfit({"rule": RULE, "allow_hosts": [host], **self.settings}, secrets, lambda: self.box.now, door))
        outlet = BY_SLUG[self.slug]
        self.account = Account(
            f"feed:{self.slug}", "feed", self.slug, label=outlet.name, url=f"{self.box.url}/feeds/{self.slug}.xml"
        )

    def poll(self) -> tuple[Page, Records]:
        self.attempts += 1
        now = self.box.now
        walk = Walk(1, self.account.account, "items", now, now, "daemon", memo=self.memo, attempts=self.attempts)
        page = self.feeds.fetch(self.account, "items", walk)
        self.memo, self.attempts = json.loads(json.dumps(page.memo)), 0
        return page, self.read()

    def read(self) -> Records:
        exchanges = self.feeds.door.take()
        self.bodies += [exchange.body for exchange in exchanges]
        return Records.joined(self.feeds.read(self.account, e) for e in exchanges if e.status == 200 and e.body)

    def fails(self, kind: type[CollectError], match: str) -> CollectError:
        with pytest.raises(kind, match=match) as caught:
            self.poll()
        assert type(caught.value) is kind
        assert caught.value.cure
        return caught.value


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(WORLD, now=NOW) as running:
        yield running


def truth(shown: tuple[PressItem, ...], at: datetime) -> dict[str, tuple[str, str, str, str]]:
    return {
        url_key(item.url_at(at)): (item.title_at(at), item.status, item.match_in, item.agency)
        for item in shown
        if item.status != "none"
    }


def said(records: Records) -> dict[str, tuple[str, str, str, str]]:
    return {a.key: (a.title, a.status, a.match_in, a.agency) for a in records.articles}


@pytest.mark.parametrize("slug", [outlet.slug for outlet in OUTLETS])
def test_each_outlet_is_read_as_it_wrote(box: Sandbox, slug: str) -> None:
    page, records = Poller(box, slug).poll()
    shown = visible(WORLD, slug, NOW)[:30]
    assert page.notes == ()
    assert page.cursor is None
    assert said(records) == truth(shown, NOW)
    published = {url_key(item.url_at(NOW)): item.published_at for item in shown}
    assert {a.key: a.published_at for a in records.articles} == {a.key: published[a.key] for a in records.articles}
    assert {a.outlet for a in records.articles} <= {BY_SLUG[slug].name}
    assert {a.rule for a in records.articles} <= {RULE.version}


def test_every_appearance_of_a_week_once(box: Sandbox) -> None:
    """Polled when the pages ask for it, all items of a week are there, under one key each, edits of titles or not."""
    seen: dict[str, int] = {}
    for slug in ("marmara-postasi", "bogaz-gundem", "halkin-nabzi"):
        box.now = NOW
        poller = Poller(box, slug)
        gaps: list[object] = []
        while box.now < NOW + timedelta(days=7):
            page, records = poller.poll()
            gaps += records.gaps
            for article in records.articles:
                seen[article.key] = seen.get(article.key, 0) + 1
            assert page.due_in is not None
            box.now += page.due_in
        assert gaps == []
        published = [i for i in items(WORLD) if i.outlet == slug and NOW < i.published_at <= NOW + timedelta(days=6)]
        wanted = {url_key(item.url_at(item.published_at)) for item in published if item.status != "none"}
        assert wanted <= set(seen)
    assert set(seen.values()) == {1}


def test_an_unchanged_feed_costs_a_304(box: Sandbox) -> None:
    poller = Poller(box)
    poller.poll()
    page, records = poller.poll()
    assert records == Records()
    asked = box.asked[-1].headers
    assert asked["If-None-Match"] == poller.memo["etag"]
    assert poller.memo["etag"].startswith('"')
    assert asked["If-Modified-Since"] == poller.memo["modified"]
    assert page.notes == ()


def test_unchanged_bytes_without_validators_are_not_parsed_again(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    poller = Poller(box)
    poller.poll()
    poller.memo |= {"etag": None, "modified": None}
    monkeypatch.setattr("collectors.news.feeds.parse", lambda *_: pytest.fail("parsed again"))
    _, records = poller.poll()
    assert records == Records()
    assert poller.bodies[-1] == b""


def test_only_new_entries_are_archived_without_authors_and_texts(box: Sandbox) -> None:
    poller = Poller(box)
    poller.poll()
    box.now += timedelta(hours=3)
    poller.poll()
    first, second = (json.loads(body) for body in poller.bodies)
    assert first["first"] is True
    assert "first" not in second
    assert len(first["entries"]) == 30
    before = {entry["link"] for entry in first["entries"]}
    assert 0 < len(second["entries"]) < 30
    assert before.isdisjoint(entry["link"] for entry in second["entries"])
    assert set().union(*first["entries"]) <= {"id", "link", "title", "summary", "published"}
    assert max(len(entry["summary"]) for entry in first["entries"]) <= 500


def test_a_feed_that_rolled_over_leaves_a_gap(box: Sandbox) -> None:
    poller = Poller(box)
    poller.poll()
    box.fault("rolled-over")
    box.now += timedelta(hours=1)
    _, records = poller.poll()
    (gap,) = records.gaps
    assert (gap.metric, gap.day) == ("items", box.now.date()), "by the day, so that a later one is another row"
    assert "none of the entries of the last poll" in gap.reason


def test_a_frozen_feed_is_an_alarm_after_its_own_measure(box: Sandbox) -> None:
    box.fault("frozen")
    poller = Poller(box)
    notes = []
    for _ in range(8):
        page, _ = poller.poll()
        notes.append(page.notes)
        box.now += timedelta(days=1)
    assert notes[0] == ()
    assert "no new item for 7 days" in notes[-1][0]
    assert page.due_in is not None
    assert page.due_in >= timedelta(hours=12)


def test_the_interval_follows_the_feed_and_what_it_asks_for(box: Sandbox) -> None:
    quick = Poller(box, "marmara-postasi").poll()[0].due_in
    slow = Poller(box, "yaka-ajans").poll()[0].due_in
    asked = Poller(box, "sehir-telgrafi", {"poll_minutes": [15, 20]}).poll()[0].due_in
    assert quick and slow and asked
    assert timedelta(minutes=15) <= quick < timedelta(hours=2) < slow <= timedelta(hours=24)
    assert asked == timedelta(hours=1)


def test_a_feed_whose_encoding_is_mislabelled(box: Sandbox) -> None:
    box.fault("mislabelled")
    _, records = Poller(box).poll()
    assert said(records) == truth(visible(WORLD, "marmara-postasi", NOW)[:30], NOW)


def test_half_a_feed_is_named_and_its_whole_entries_kept(box: Sandbox) -> None:
    box.fault("half-feed", times=1)
    poller = Poller(box)
    poller.fails(Malformed, "half a feed")
    half = said(poller.read())
    shown = visible(WORLD, "marmara-postasi", NOW)[:30]
    whole = truth(shown, NOW)
    kept = [entry["title"] for entry in json.loads(poller.bodies[0])["entries"]]
    assert kept == [item.title for item in shown[: len(kept)]]
    assert 10 < len(kept) < 20
    assert half.items() <= whole.items()
    assert poller.memo == {}
    assert said(poller.poll()[1]) == whole


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ("html-200", Malformed, "an HTML page"),
        ("empty-body", Malformed, "an empty body"),
        ("cut-body", Unavailable, "no whole answer"),
        ("wrong-length", Unavailable, "no whole answer"),
        ("429-seconds", RateLimited, "asks for a rest"),
        ("429-date", RateLimited, "asks for a rest"),
        ("429-nothing", RateLimited, "asks for a rest"),
        ("429-text", RateLimited, "asks for a rest"),
        ("500", Unavailable, "500"),
        ("timeout", Unavailable, "timed out"),
        ("reset", Unavailable, "no whole answer"),
        ("huge", Malformed, "more than 5 MB"),
        ("gzip-bomb", Malformed, "more than 5 MB"),
        ("html-challenge", Refused, "engelli"),
        ("redirect-private", Refused, r"10\.0\.0\.1"),
        ("redirect-metadata", Refused, r"169\.254\.169\.254"),
        ("redirect-file", Refused, "neither http nor https"),
        ("redirect-loop", Malformed, "more than 5 redirects"),
        ("bomb", Malformed, "declares entities"),
    ],
)
def test_what_goes_wrong_has_a_name_and_stores_nothing(box: Sandbox, fault: str, kind: type[CollectError], words: str) -> None:
    box.fault(fault)
    poller = Poller(box, patience=0.5 if fault == "timeout" else 20.0)
    error = poller.fails(kind, words)
    assert poller.read() == Records()
    assert set(poller.bodies) <= {b""}
    if isinstance(error, RateLimited):
        assert not error.shared


def test_a_feed_that_is_gone_is_given_up_at_the_third_time(box: Sandbox) -> None:
    box.fault("not-found")
    poller = Poller(box)
    poller.fails(CollectError, "404")
    poller.fails(CollectError, "404")
    poller.fails(Gone, "404")


def test_a_repeated_failure_says_so(box: Sandbox) -> None:
    box.fault("html-200")
    poller = Poller(box)
    poller.fails(Malformed, "an HTML page")
    poller.fails(Malformed, "an HTML page")
    assert "failed 3 times in a row" in poller.fails(Malformed, "an HTML page").cure


def test_a_feed_without_items_is_noted(box: Sandbox) -> None:
    box.fault("no-items")
    page, records = Poller(box).poll()
    assert page.notes == ("the feed holds no items",)
    assert records == Records()


def test_a_move_for_good_is_noted_once(box: Sandbox) -> None:
    box.fault("redirect-moved")
    poller = Poller(box)
    page, records = poller.poll()
    assert len(records.articles) > 0
    assert page.notes == (f"the feed has moved to {box.url}/feeds/moved/marmara-postasi.xml: write that into the feed list",)
    box.now += timedelta(hours=1)
    assert poller.poll()[0].notes == ()


def test_validators_change_only_after_a_feed_was_read(box: Sandbox) -> None:
    poller = Poller(box)
    poller.poll()
    before = dict(poller.memo)
    box.now += timedelta(hours=5)
    box.fault("half-feed", times=1)
    poller.fails(Malformed, "half a feed")
    poller.read()
    assert poller.memo == before
    assert len(poller.poll()[1].articles) > 0


def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(box: Sandbox) -> None:
    poller = Poller(box)
    guard: Any = poller.feeds.door.get_adapter("http://")
    guard._resolve = lambda host, port, **_: [(2, 1, 6, "", ("192.168.1.7", port))]
    poller.account = replace(poller.account, url="http://feeds.example/rss")
    poller.fails(Refused, r"192\.168\.1\.7")
    assert box.asked == []


def test_an_old_date_on_a_new_entry_is_flagged(box: Sandbox) -> None:
    poller = Poller(box)
    poller.memo = {"url": poller.account.url, "ids": ["0000000000"]}
    _, records = poller.poll()
    late = [a for a in records.articles if a.published_at and NOW - a.published_at > timedelta(days=3)]
    assert all("before it was first seen" in a.reason for a in late)
    assert not any("before it was first seen" in a.reason for a in records.articles if a not in late)


def test_no_cookie_is_sent_back_and_the_contact_is_told(box: Sandbox) -> None:
    poller = Poller(box, settings={"contact": "basin@ornek.example"})
    poller.poll()
    headers = box.asked[-1].headers
    assert "basin@ornek.example" in headers["User-Agent"]
    assert "Cookie" not in headers and "Referer" not in headers


def test_a_changed_address_forgets_the_old_feed(box: Sandbox) -> None:
    poller = Poller(box)
    poller.poll()
    poller.memo["url"] = "http://elsewhere.example/"
    assert len(poller.poll()[1].articles) > 0


def archived(body: object) -> Exchange:
    return Exchange(NOW, "GET", "https://a.example/rss", 200, json.dumps(body).encode(), 0)


@pytest.mark.parametrize("body", [[], {"entries": [{"author": "x"}]}, {"entries": [7]}, {}, "x", None])
def test_an_archive_that_is_none_is_named(box: Sandbox, body: object) -> None:
    poller = Poller(box)
    with pytest.raises(Malformed, match="archived feed"):
        poller.feeds.read(poller.account, archived(body))


def test_an_entry_without_address_has_the_feeds_own_key(box: Sandbox) -> None:
    poller = Poller(box)
    rows = [{"title": "Örnek Belediyesi 1", "id": "g1"}, {"title": "Örnek Belediyesi 2"}, {"title": "ÖRNEK BELEDİYESİ 2"}]
    first, second = poller.feeds.read(poller.account, archived({"entries": rows})).articles
    assert first.key == "feed:marmara-postasi#g1"
    assert second.title == "Örnek Belediyesi 2"
    assert poller.feeds.read(poller.account, archived({"entries": rows[1:]})).articles == (second,)


def test_a_changed_address_under_the_same_guid_is_no_new_entry() -> None:
    def feed(slug: str, guid: str) -> bytes:
        item = f"<item><title>Örnek Belediyesi {slug}</title><link>https://a.example/{slug}</link><guid isPermaLink='false'>{guid}</guid></item>"
        return f"<rss version='2.0'><channel>{item}<item><title>b</title><guid>https://a.example/b</guid></item></channel></rss>".encode()

    first = parse(feed("bir", "7"))
    edited, other = parse(feed("iki", "7")), parse(feed("iki", "8"))
    known = {one for own in _ids(first.entries) for one in own}
    assert not known.isdisjoint(_ids(edited.entries)[0])
    assert known.isdisjoint(_ids(other.entries)[0])


def test_a_guid_that_entries_share_tells_nothing() -> None:
    entries = tuple(Entry("same", f"https://a.example/{n}", str(n)) for n in range(3))
    assert [len(own) for own in _ids(entries)] == [1, 1, 1]


def test_what_is_left_out_is_noted() -> None:
    assert _about(Feed("t", (Entry("", "", "x"),) * 500, more=True, dropped=2)) == [
        "the feed holds more than the 500 items that were read",
        "2 items without title and address were passed over",
    ]


def test_nothing_of_a_page_is_logged(box: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="mecra")
    box.fault("html-challenge")
    Poller(box).fails(Refused, "engelli")
    assert "Just a moment" not in caplog.text
