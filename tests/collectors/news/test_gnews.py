"""Google News through the sandbox: every window whole or said to be cut, nothing kept beyond outlet, title, date and guid."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from collectors.base import CollectError, Expired, Malformed, RateLimited, Unavailable
from collectors.http import Answer, Door, Outfit
from collectors.news.gnews import GoogleNews, judge, same_appearance, without_source
from collectors.news.matching import Rule
from collectors.news.parsing import Entry, parse
from collectors.turkish import fold
from config.secrets import Secrets
from model import Account, Article, Exchange, Records, Walk
from sandbox.faults import Fault
from sandbox.gnews import guid
from sandbox.press import BY_SLUG, PressItem, mentioning
from sandbox.server import Sandbox
from sandbox.world import ISTANBUL, World

NOW = datetime(2026, 6, 20, 12, 2, tzinfo=UTC)
WORLD = World(start=date(2026, 3, 1), end=date(2026, 6, 25))
RULE = replace(Rule.load(), institution="Örnek Belediyesi", place="Örnek", head="Ayşe Yılmaz")
ACCOUNT = Account("gnews:ornek", "gnews", "ornek", options={"query": '"Örnek Belediyesi"'})


def gnews(box: Sandbox, seconds: float = 20) -> GoogleNews:
    secrets = Secrets({})
    outfit = Outfit(
        {"api_root": f"{box.url}/gnews", "rule": RULE},
        secrets,
        lambda: box.now,
        lambda line: Door(line, now=lambda: box.now, secrets=secrets, sleep=lambda s: None, attempts=2, timeout=(5, seconds)),
    )
    return GoogleNews(outfit)


def walk(days: float, cursor: str | None = None) -> Walk:
    return Walk(1, ACCOUNT.account, "articles", NOW, NOW - timedelta(days=days), "manual", cursor)


def collected(collector: GoogleNews, going: Walk) -> tuple[Records, Walk]:
    """The whole walk, as the page loop makes it."""
    parts = []
    while going.finished_at is None:
        page = collector.fetch(ACCOUNT, "articles", going)
        parts += [collector.read(ACCOUNT, exchange) for exchange in collector.door.take() if exchange.status == 200]
        going = going.after(page, NOW)
    return Records.joined(parts), going


def found(days: int) -> list[PressItem]:
    """What is to be found of the world from `days` before today, local days, until now."""
    first = NOW.astimezone(ISTANBUL).date() - timedelta(days=days)
    items = mentioning(WORLD, ("Örnek Belediyesi",))
    return [item for item in items if item.published_at <= NOW and item.published_at.astimezone(ISTANBUL).date() >= first]


def told(item: PressItem) -> tuple[str, str, str, str]:
    host = item.host.removeprefix("www.")
    if item.match_in == "summary":
        return f"{host}#{fold(item.title)}", BY_SLUG[item.outlet].name, "review", "body"
    return f"{host}#{fold(item.title)}", BY_SLUG[item.outlet].name, item.status, item.match_in


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(WORLD, now=NOW) as running:
        yield running


def test_three_days_are_what_there_is(box: Sandbox) -> None:
    records, done = collected(gnews(box), walk(3))
    assert {(a.key, a.outlet, a.status, a.match_in) for a in records.articles} == {told(item) for item in found(3)}
    assert (records.faults, records.gaps, done.notes, done.outcome, len(box.asked)) == ((), (), (), "done", 1)
    by_title = {(a.key, a.published_at) for a in records.articles}
    assert by_title == {(told(item)[0], item.published_at) for item in found(3)}


def test_three_months_come_whole_through_windows_that_are_halved(box: Sandbox) -> None:
    records, done = collected(gnews(box), walk(90))
    assert {a.key for a in records.articles} == {told(item)[0] for item in found(90)}
    assert done.outcome == "done" and done.pages == len(box.asked) >= 13
    assert all(request.query["hl"] + request.query["ceid"] == "trTR:tr" for request in box.asked)


def test_a_wide_window_is_halved_until_it_is_whole(box: Sandbox) -> None:
    records, done = collected(
        gnews(box), walk(80, json.dumps({"windows": [["2026-04-01T00:00:00+03:00", "2026-06-21T00:00:00+03:00"]], "cut": 0}))
    )
    assert {a.key for a in records.articles} == {told(item)[0] for item in found(80)}
    assert done.pages > 15


def test_nothing_else_is_archived(box: Sandbox) -> None:
    collector = gnews(box)
    collector.fetch(ACCOUNT, "articles", walk(3))
    (exchange,) = collector.door.take()
    rows = json.loads(exchange.body)["entries"]
    assert all(set(row) == {"id", "title", "published", "source", "source_url"} for row in rows)
    assert b"font" not in exchange.body and b"personal feed reader" not in exchange.body
    stored = Exchange(exchange.at, exchange.method, exchange.url, exchange.status, exchange.body, exchange.size)
    assert gnews(box).read(ACCOUNT, stored) == collector.read(ACCOUNT, exchange)


def test_links_are_not_decoded(box: Sandbox) -> None:
    records, _ = collected(gnews(box), walk(3))
    assert {a.url for a in records.articles} <= {f"https://news.google.com/rss/articles/{guid(item)}" for item in found(3)}
    assert {request.path for request in box.asked} == {"/rss/search"}


@pytest.mark.parametrize(
    ("fault", "error", "says"),
    [
        ("consent-wall", Malformed, "consent to cookies"),
        ("sorry-page", RateLimited, "robot"),
        ("429-nothing", RateLimited, "robot"),
        ("half-feed", Malformed, "half a feed"),
        ("html-200", Malformed, "an HTML page"),
        ("empty-body", Malformed, "an empty body"),
        ("cut-body", Unavailable, "no whole answer"),
        ("wrong-length", Unavailable, "no whole answer"),
        ("500", Unavailable, "500"),
        ("reset", Unavailable, "no whole answer"),
        ("timeout", Unavailable, "timed out"),
        ("huge", Malformed, "more than 5 MB"),
        ("gzip-bomb", Malformed, "more than 5 MB"),
    ],
)
def test_what_is_no_search_answer_is_an_error_with_a_name(box: Sandbox, fault: str, error: type[CollectError], says: str) -> None:
    box.faults.append(Fault(fault, "gnews"))
    with pytest.raises(error, match=says) as raised:
        collected(gnews(box, seconds=0.5 if fault == "timeout" else 20), walk(3))
    assert raised.value.at and raised.value.cure
    if isinstance(raised.value, RateLimited):
        assert raised.value.until == NOW + timedelta(hours=1)


def test_half_a_feed_keeps_its_whole_items(box: Sandbox) -> None:
    box.faults.append(Fault("half-feed"))
    collector = gnews(box)
    with pytest.raises(Malformed):
        collector.fetch(ACCOUNT, "articles", walk(3))
    (exchange,) = collector.door.take()
    assert 0 < len(collector.read(ACCOUNT, exchange).articles) < len(found(3))


def test_an_item_without_its_source_is_a_fault_and_the_others_are_kept(box: Sandbox) -> None:
    box.faults.append(Fault("no-source"))
    records, _ = collected(gnews(box), walk(3))
    assert len(records.faults) == 1 and "Google News item 1" in records.faults[0]
    assert len(records.articles) == len({told(item)[0] for item in found(3)}) - 1


def test_an_answer_that_is_always_full_ends_with_a_name(box: Sandbox) -> None:
    box.faults.append(Fault("full-window"))
    with pytest.raises(Malformed, match="come back full"):
        collected(gnews(box), walk(60))
    assert len(box.asked) < 15


def test_a_day_that_comes_back_full_is_a_gap(box: Sandbox) -> None:
    box.faults.append(Fault("full-window", times=1))
    records, done = collected(gnews(box), walk(1, '{"windows": [["2026-06-18T21:00:00Z", "2026-06-19T21:00:00Z"]], "cut": 0}'))
    assert [(gap.metric, gap.day) for gap in records.gaps] == [("articles", date(2026, 6, 19))]
    assert done.outcome == "partial" and "there may be more" in done.notes[0]


@pytest.mark.parametrize("cursor", ["", "x", "{}", '{"windows": [], "cut": 0}', '{"windows": [["1"]], "cut": 0}', "[1]", "null"])
def test_a_cursor_of_another_time_starts_the_walk_again(box: Sandbox, cursor: str) -> None:
    with pytest.raises(Expired):
        gnews(box).fetch(ACCOUNT, "articles", walk(3, cursor))


def test_without_a_query_it_asks_for_the_institution(box: Sandbox) -> None:
    collector = gnews(box)
    collector._settings = {**collector._settings, "institution": "Örnek Belediyesi"}
    collector.fetch(replace(ACCOUNT, options={}), "articles", walk(3))
    assert box.asked[0].query["q"].startswith('"Örnek Belediyesi"')


def test_without_a_query_nothing_is_asked(box: Sandbox) -> None:
    with pytest.raises(CollectError, match=r"\[news.gnews\]"):
        gnews(box).fetch(replace(ACCOUNT, options={}), "articles", walk(3))
    assert not box.asked


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"<html>", b'{"entries": [{"colour": 1}]}'])
def test_what_is_no_archived_search_is_malformed(box: Sandbox, body: bytes) -> None:
    with pytest.raises(Malformed):
        gnews(box).read(ACCOUNT, Exchange(NOW, "GET", "https://news.google.com/rss/search?q=x", 200, body, len(body)))


@pytest.mark.parametrize(
    ("title", "source", "bare"),
    [
        ("Park açıldı - Yeni Seher", "Yeni Seher", "Park açıldı"),
        ("Skor 2 - 1 - Yeni Seher", "Yeni Seher", "Skor 2 - 1"),
        ("Park açıldı - Yeni Seher", "", "Park açıldı"),
        ("Park açıldı", "Yeni Seher", "Park açıldı"),
        ("Park açıldı", "", "Park açıldı"),
    ],
)
def test_the_outlet_is_taken_off_the_title(title: str, source: str, bare: str) -> None:
    assert without_source(Entry("", "", title, source=source)) == bare


def _article(via: str, key: str, url: str, title: str = "Park açıldı", at: datetime = NOW) -> Article:
    return Article(key, "A", url, title, at, via, "x", "title", "counted")


def test_one_appearance_that_is_found_two_ways_has_one_key() -> None:
    ours = _article("gnews", "a.example#park acildi", "https://news.google.com/rss/articles/x")
    feed = _article("feed", "a.example/haber/1", "https://www.a.example/haber/1", "PARK AÇILDI")
    assert same_appearance(ours, [feed]).key == feed.key
    assert same_appearance(feed, [ours]).key == ours.key
    assert same_appearance(feed, [replace(feed, key="b")]) == feed
    assert same_appearance(ours, [replace(feed, url="https://b.example/1")]) == ours
    assert same_appearance(ours, [replace(feed, title="Başka")]) == ours
    assert same_appearance(ours, [replace(feed, published_at=NOW - timedelta(days=3))]) == ours
    assert same_appearance(ours, [replace(feed, published_at=None)]).key == feed.key


@pytest.mark.skipif("MECRA_RECORDINGS" not in os.environ, reason="MECRA_RECORDINGS names no folder of recordings")
def test_the_recorded_searches(box: Sandbox) -> None:
    for path in sorted((Path(os.environ["MECRA_RECORDINGS"]) / "feeds/google_news").glob("*.xml")):
        for entry in parse(path.read_bytes()).entries:
            assert entry.title and without_source(entry) and not without_source(entry).endswith(f" - {entry.source or '?'}")


@pytest.mark.parametrize(("asked", "minutes"), [("60", 60), ("7200", 120)])
def test_a_rest_is_as_long_as_was_asked_for_and_no_shorter_than_ours(asked: str, minutes: int) -> None:
    with pytest.raises(RateLimited) as raised:
        judge(Answer("GET", "http://gnews.example/", 429, {"Retry-After": asked}, b"", NOW))
    assert raised.value.until == NOW + timedelta(minutes=minutes)
