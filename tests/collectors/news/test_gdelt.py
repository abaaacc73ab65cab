"""GDELT through the sandbox: exactly what it has met, whole windows, and no refusal that looks like an empty answer."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from collectors.base import CollectError, Expired, Malformed, RateLimited, Unavailable
from collectors.http import Answer, Door, Outfit
from collectors.news.gdelt import Gdelt, article_list, joined, judge
from collectors.news.matching import Rule
from collectors.news.urls import url_key
from config.secrets import Secrets
from model import Account, Article, Exchange, Records, Walk, to_text
from sandbox.faults import Fault
from sandbox.press import BY_SLUG, PressItem, mentioning
from sandbox.server import Sandbox
from sandbox.world import World

NOW = datetime(2026, 6, 20, 12, 2, tzinfo=UTC)
WORLD = World(start=date(2026, 3, 1), end=date(2026, 6, 25))
RULE = replace(Rule.load(), institution="Örnek Belediyesi", place="Örnek", head="Ayşe Yılmaz")
ACCOUNT = Account("gdelt:ornek", "gdelt", "ornek", options={"query": '("Örnek Belediyesi") sourcelang:turkish'})


def gdelt(box: Sandbox, seconds: float = 20) -> Gdelt:
    secrets = Secrets({})
    outfit = Outfit(
        {"api_root": f"{box.url}/gdelt", "rule": RULE},
        secrets,
        lambda: box.now,
        lambda line: Door(line, now=lambda: box.now, secrets=secrets, sleep=lambda s: None, attempts=2, timeout=(5, seconds)),
    )
    return Gdelt(outfit)


def walk(days: float, cursor: str | None = None) -> Walk:
    return Walk(1, ACCOUNT.account, "articles", NOW, NOW - timedelta(days=days), "manual", cursor)


def collected(collector: Gdelt, going: Walk, account: Account = ACCOUNT) -> tuple[Records, Walk]:
    """The whole walk, as the page loop makes it."""
    parts = []
    while going.finished_at is None:
        page = collector.fetch(account, "articles", going)
        parts += [collector.read(account, exchange) for exchange in collector.door.take() if exchange.status == 200]
        going = going.after(page, NOW)
    return Records.joined(parts), going


def met(days: float) -> list[PressItem]:
    """What GDELT has met of the world in the days before now."""
    since = NOW - timedelta(days=days)
    found = mentioning(WORLD, ("Örnek Belediyesi",))
    return [item for item in found if BY_SLUG[item.outlet].indexed and since <= item.seen_at <= NOW]


def told_by_title(item: PressItem) -> tuple[str, str, str]:
    if item.match_in == "summary":
        return url_key(item.url_at(item.seen_at)), "review", "body"
    return url_key(item.url_at(item.seen_at)), item.status, item.match_in


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(WORLD, now=NOW) as running:
        yield running


def test_three_days_are_what_it_has_met(box: Sandbox) -> None:
    records, done = collected(gdelt(box), walk(3))
    assert {(a.key, a.status, a.match_in) for a in records.articles} == {told_by_title(item) for item in met(3)}
    assert len(records.articles) > 10
    assert (records.faults, records.gaps, done.notes, done.outcome) == ((), (), (), "done")
    assert len(box.asked) == 1


def test_an_article_says_where_it_comes_from(box: Sandbox) -> None:
    records, _ = collected(gdelt(box), walk(3))
    item = next(item for item in met(3) if item.match_in == "title" and not item.edited_at)
    article = next(a for a in records.articles if a.key == url_key(item.url_at(NOW)))
    assert article.published_at == item.seen_at
    assert article.published_raw == f"seendate {item.seen_at:%Y%m%dT%H%M%SZ}"
    assert (article.found_via, article.rule, article.outlet) == ("gdelt", RULE.version, item.host.removeprefix("www."))
    assert article.matched


def test_three_months_come_whole_through_windows_that_are_halved(box: Sandbox) -> None:
    records, done = collected(gdelt(box), walk(90))
    assert {a.key for a in records.articles} == {url_key(item.url_at(item.seen_at)) for item in met(90)}
    assert len({a.key for a in records.articles}) > 900
    assert done.pages == len(box.asked) < 60


def test_a_busy_window_is_halved_until_it_is_whole(box: Sandbox) -> None:
    collector = gdelt(box)
    wide = json.dumps({"windows": [[to_text(NOW - timedelta(days=80)), to_text(NOW)]], "cut": 0})
    records, done = collected(collector, walk(80, wide))
    assert {a.key for a in records.articles} == {url_key(item.url_at(item.seen_at)) for item in met(80)}
    assert done.pages > 6 and done.outcome == "done"


def test_nothing_before_its_reach_is_asked_for_and_that_is_said(box: Sandbox) -> None:
    records, done = collected(gdelt(box), walk(170))
    assert min(request.query["startdatetime"] for request in box.asked) == f"{NOW - timedelta(days=90):%Y%m%d%H%M%S}"
    assert done.outcome == "partial" and "three months" in done.notes[0]
    assert [gap.metric for gap in records.gaps] == ["articles"] and "wanted since 2026-01-01" in records.gaps[0].reason


def test_a_walk_goes_on_where_it_stopped(box: Sandbox) -> None:
    collector = gdelt(box)
    page = collector.fetch(ACCOUNT, "articles", walk(30))
    collector.door.take()
    before = len(box.asked)
    collected(gdelt(box), walk(30, page.cursor))
    assert Counter(r.query["startdatetime"] for r in box.asked).most_common(1)[0][1] == 1
    assert len(box.asked) > before


def test_the_same_page_seen_twice_is_one_article(box: Sandbox) -> None:
    box.faults.append(Fault("duplicate-rows"))
    records, _ = collected(gdelt(box), walk(3))
    assert Counter(a.key for a in records.articles).most_common(1)[0][1] == 1
    assert {a.key for a in records.articles} == {told_by_title(item)[0] for item in met(3)}


@pytest.mark.parametrize(
    ("fault", "error", "says"),
    [
        ("throttled-200-text", RateLimited, "fewer requests"),
        ("throttled-429", RateLimited, "fewer requests"),
        ("429-seconds", RateLimited, "429"),
        ("429-date", RateLimited, "429"),
        ("429-nothing", RateLimited, "429"),
        ("429-text", RateLimited, "slow down"),
        ("query-refused", Malformed, "refuses the query: The specified phrase is too short"),
        ("bad-json", Malformed, "no whole JSON"),
        ("error-json", Malformed, "no article list"),
        ("html-200", Malformed, "HTML with status 200"),
        ("empty-body", Malformed, "empty body"),
        ("cut-body", Unavailable, "no whole answer"),
        ("wrong-length", Unavailable, "no whole answer"),
        ("500", Unavailable, "500"),
        ("reset", Unavailable, "no whole answer"),
        ("timeout", Unavailable, "timed out"),
        ("huge", Malformed, "more than"),
        ("gzip-bomb", Malformed, "more than"),
    ],
)
def test_what_is_no_article_list_is_an_error_with_a_name(box: Sandbox, fault: str, error: type[CollectError], says: str) -> None:
    box.faults.append(Fault(fault, "gdelt"))
    with pytest.raises(error, match=says) as raised:
        collected(gdelt(box, seconds=0.5 if fault == "timeout" else 20), walk(3))
    assert raised.value.at
    if isinstance(raised.value, RateLimited):
        assert NOW < raised.value.until <= NOW + timedelta(minutes=15)
    else:
        assert raised.value.cure


@pytest.mark.parametrize(
    ("fault", "lost", "says"),
    [
        ("no-url", 1, "GDELT row 1: no address"),
        ("no-seendate", 1, "GDELT row 1: seendate '' is no time"),
        ("odd-rows", 0, "GDELT row 3: no address"),
        ("bad-escape", 0, ""),
    ],
)
def test_good_rows_are_kept(box: Sandbox, fault: str, lost: int, says: str) -> None:
    box.faults.append(Fault(fault))
    records, _ = collected(gdelt(box), walk(3))
    assert len(records.articles) == len(met(3)) - lost
    assert any(says in text for text in records.faults) if says else records.faults == ()


def test_500_once_is_tried_again(box: Sandbox) -> None:
    box.faults.append(Fault("500", times=1))
    records, _ = collected(gdelt(box), walk(3))
    assert len(records.articles) == len(met(3))


def test_an_answer_that_is_always_full_ends_with_a_name(box: Sandbox) -> None:
    box.faults.append(Fault("full-window"))
    with pytest.raises(Malformed, match="come back full"):
        collected(gdelt(box), walk(3))
    assert len(box.asked) < 20


def test_a_narrow_window_that_comes_back_full_is_a_gap(box: Sandbox) -> None:
    box.faults.append(Fault("full-window", times=1))
    narrow = json.dumps({"windows": [["2026-06-20T10:00:00Z", "2026-06-20T10:10:00Z"]], "cut": 0})
    records, done = collected(gdelt(box), walk(3, narrow))
    assert [(gap.metric, gap.day) for gap in records.gaps] == [("articles", date(2026, 6, 20))]
    assert "there may be more" in done.notes[0] and done.outcome == "partial"


@pytest.mark.parametrize("cursor", ["", "x", "{}", '{"windows": [], "cut": 0}', '{"windows": [["1"]], "cut": 0}', "[1]", "null"])
def test_a_cursor_of_another_time_starts_the_walk_again(box: Sandbox, cursor: str) -> None:
    with pytest.raises(Expired):
        gdelt(box).fetch(ACCOUNT, "articles", walk(3, cursor))
    assert not box.asked


def test_without_a_query_it_asks_for_the_institution(box: Sandbox) -> None:
    collector = gdelt(box)
    collector._settings = {**collector._settings, "institution": "Örnek Belediyesi"}
    collector.fetch(replace(ACCOUNT, options={}), "articles", walk(3))
    assert box.asked[0].query["query"].startswith('"Örnek Belediyesi"')


def test_without_a_query_nothing_is_asked(box: Sandbox) -> None:
    with pytest.raises(CollectError, match=r"\[news.gdelt\]"):
        gdelt(box).fetch(replace(ACCOUNT, options={}), "articles", walk(3))
    assert not box.asked


def test_it_waits_six_seconds_between_requests(box: Sandbox) -> None:
    waits: list[float] = []
    collector = gdelt(box)
    collector.door._sleep = waits.append
    collected(collector, walk(30))
    assert len(waits) == len(box.asked) - 1
    assert all(5.5 < wait <= 6 for wait in waits)


def test_what_is_archived_is_all_that_is_needed(box: Sandbox) -> None:
    collector = gdelt(box)
    collector.fetch(ACCOUNT, "articles", walk(3))
    (exchange,) = collector.door.take()
    assert b"socialimage" not in exchange.body and b"seendate" in exchange.body
    stored = Exchange(exchange.at, exchange.method, exchange.url, exchange.status, exchange.body, exchange.size)
    assert gdelt(box).read(ACCOUNT, stored) == collector.read(ACCOUNT, exchange)


def test_no_article_at_all_is_an_answer(box: Sandbox) -> None:
    account = replace(ACCOUNT, options={"query": '"Başka Bir Kurum"'})
    records, done = collected(gdelt(box), walk(3), account)
    assert (records.articles, done.outcome) == ((), "done")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Örnek Belediyesi : İSKİ nin ihmali", "Örnek Belediyesi: İSKİ nin ihmali"),
        ("Zam yok , indirim var !", "Zam yok, indirim var!"),
        ("Yüzde kaç ? % 40", "Yüzde kaç? %40"),
        ("Toplantı ( canlı ) başladı", "Toplantı (canlı) başladı"),
        ("Örnek Bel . ekipleri", "Örnek Bel. ekipleri"),
        ("Skor : 2 - 1", "Skor: 2 - 1"),
        ("  ", ""),
    ],
)
def test_titles_are_joined_again(title: str, shown: str) -> None:
    assert joined(title) == shown


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (b"{}", 0),
        (b'{"articles": []}', 0),
        (b'\xef\xbb\xbf {"articles": [{"title": "a\tb"}]}', 1),
        (rb'{"articles": [{"title": "a\x b \\x \"c\" \u00fc"}]}', 1),
    ],
)
def test_article_lists(body: bytes, rows: int) -> None:
    assert len(article_list(body)["articles"]) == rows


@pytest.mark.parametrize(
    "body", [b"", b" ", b"[]", b"null", b"<html>", b'{"articles": {}}', b'{"a": 1}', b'{"articles": [', b"[" * 9999]
)
def test_what_is_no_article_list(body: bytes) -> None:
    with pytest.raises(Malformed):
        article_list(body)


@pytest.mark.skipif("MECRA_RECORDINGS" not in os.environ, reason="MECRA_RECORDINGS names no folder of recordings")
def test_the_recorded_answers() -> None:
    recordings = Path(os.environ["MECRA_RECORDINGS"])
    secrets = Secrets({})
    outfit = Outfit({"rule": Rule.load()}, secrets, lambda: NOW, lambda line: Door(line, now=lambda: NOW, secrets=secrets))
    seen = datetime(2026, 11, 24, tzinfo=UTC)
    url = "https://api.gdeltproject.org/api/v2/doc/doc?startdatetime=20261122000000&enddatetime=20261124000000"
    body = (recordings / "feeds/synthetic_tr/gdelt_artlist.json").read_bytes()
    records = Gdelt(outfit).read(ACCOUNT, Exchange(seen, "GET", url, 200, body, len(body)))
    assert [(a.status, a.title) for a in records.articles] == [
        ("counted", "Ümraniye Belediyesi: İSKİ nin ihmali su baskınlarına neden oldu")
    ]
    assert isinstance(records.articles[0], Article)
    throttled = (recordings / "feeds/synthetic_tr/gdelt_throttled_http200.txt").read_bytes()
    with pytest.raises(Malformed, match="limit requests"):
        article_list(throttled)


@pytest.mark.parametrize(("asked", "minutes"), [("60", 10), ("7200", 120)])
def test_a_rest_is_as_long_as_was_asked_for_and_no_shorter_than_ours(asked: str, minutes: int) -> None:
    with pytest.raises(RateLimited) as raised:
        judge(Answer("GET", "http://gdelt.example/", 429, {"Retry-After": asked}, b"Please limit requests", NOW))
    assert raised.value.until == NOW + timedelta(minutes=minutes)
