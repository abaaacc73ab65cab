"""The sandbox's press is a pure function of its world, says what is true, and is served as real outlets serve theirs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import feedparser
import pytest
import requests
from rapidfuzz import fuzz

from collectors.news.encoding import to_utf8
from collectors.news.matching import Rule
from collectors.news.urls import url_key
from sandbox.faults import Fault
from sandbox.gdelt import tokenised
from sandbox.press import BY_SLUG, OUTLETS, SEEN_WITHIN, PressItem, items, visible
from sandbox.server import Sandbox
from sandbox.wording import STORIES, TRAPS, fold
from sandbox.world import World

NOW = datetime(2026, 3, 20, 12, 2, tzinfo=UTC)
WORLD = World(start=date(2026, 3, 10), end=date(2026, 3, 25))
RULE = replace(Rule.load(), institution="Örnek Belediyesi", place="Örnek", head="Ayşe Yılmaz")


def test_two_worlds_of_one_seed_publish_the_same() -> None:
    assert items(WORLD) == items(World(start=WORLD.start, end=WORLD.end))
    assert items(WORLD) != items(World(seed=8, start=WORLD.start, end=WORLD.end))


def test_every_kind_of_truth_is_there_and_every_outlet_takes_part() -> None:
    statuses = Counter(item.status for item in items(WORLD))
    assert set(statuses) == {"counted", "excluded", "review", "none"}
    assert statuses["none"] > statuses["counted"] > 50
    assert {item.outlet for item in items(WORLD) if item.status == "counted"} == set(BY_SLUG)
    assert {item.match_in for item in items(WORLD)} == {"title", "summary", ""}
    assert {item.agency for item in items(WORLD)} == {"", "DHA", "İHA", "AA"}
    assert any(item.edited_at for item in items(WORLD))


def test_the_truth_is_what_the_counting_rule_says() -> None:
    for item in items(WORLD):
        match = RULE.match(item.title, item.summary)
        assert (match.status if match else "none", match.place if match else "") == (item.status, item.match_in), item


def test_no_two_wordings_are_alike_enough_to_be_taken_for_one_story() -> None:
    titles = [fold(wording.title) for wording in (*STORIES, *TRAPS)]
    assert max(fuzz.ratio(one, other) for one, other in combinations(titles, 2)) < 80


def test_copies_of_a_story_stand_in_different_outlets_within_a_day() -> None:
    stories: dict[str, list[PressItem]] = {}
    for item in items(WORLD):
        if item.status == "counted":
            stories.setdefault(item.story, []).append(item)
    assert max(len(copies) for copies in stories.values()) >= 5
    for copies in stories.values():
        assert len({item.outlet for item in copies}) == len(copies)
        assert max(i.published_at for i in copies) - min(i.published_at for i in copies) < timedelta(days=1)


def test_addresses_are_unique_and_their_variants_name_the_same_page() -> None:
    keys = [url_key(item.url_at(NOW)) for item in items(WORLD)]
    assert len(set(keys)) == len(keys)
    for item in items(WORLD)[:500]:
        assert url_key(item.variant_at(NOW)) == url_key(item.url_at(NOW))
        assert item.published_at < item.seen_at < item.published_at + SEEN_WITHIN


def test_an_edited_title_keeps_its_number() -> None:
    edited = next(item for item in items(WORLD) if item.edited_at)
    assert edited.edited_at is not None
    before, after = edited.edited_at - timedelta(seconds=1), edited.edited_at
    assert edited.title_at(before) != edited.title_at(after)
    assert str(edited.number) in edited.url_at(before) and str(edited.number) in edited.url_at(after)
    assert edited.url_at(before) != edited.url_at(after)


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.slug)
def test_a_feed_says_what_its_outlet_has_published(outlet: object) -> None:
    slug = getattr(outlet, "slug")  # noqa: B009  the parameter is an Outlet
    with Sandbox(WORLD, now=NOW) as box:
        answer = requests.get(f"{box.url}/feeds/{slug}.xml", timeout=5)
        again = requests.get(f"{box.url}/feeds/{slug}.xml", timeout=5, headers={"If-None-Match": answer.headers["ETag"]})
        since = {"If-Modified-Since": answer.headers["Last-Modified"]}
        unchanged = requests.get(f"{box.url}/feeds/{slug}.xml", timeout=5, headers=since)
    shown = visible(WORLD, slug, NOW)[:30]
    parsed = feedparser.parse(to_utf8(answer.content))
    assert [entry.title for entry in parsed.entries] == [item.title_at(NOW) for item in shown]
    assert [url_key(entry.link) for entry in parsed.entries] == [url_key(item.url_at(NOW)) for item in shown]
    assert (again.status_code, unchanged.status_code, again.content) == (304, 304, b"")


def test_feeds_differ_in_format_encoding_and_dates() -> None:
    with Sandbox(WORLD, now=NOW) as box:
        raw = {o.slug: requests.get(f"{box.url}/feeds/{o.slug}.xml", timeout=5).content for o in OUTLETS}
    assert {feedparser.parse(to_utf8(body)).version for body in raw.values()} == {"rss20", "atom10", "rss10"}
    assert b"windows-1254" in raw["bogaz-gundem"][:60]
    assert b"encoding" not in raw["anadolu-aksami"][:60]
    with pytest.raises(UnicodeDecodeError):
        raw["anadolu-aksami"].decode()
    assert b"20 Mart 2026" in raw["yeni-seher"]
    assert b"<pubDate>2026-03-20 " in raw["haber-iskelesi"]


@pytest.mark.parametrize(
    ("fault", "status", "holds"),
    [
        ("html-challenge", 403, b"Just a moment"),
        ("gone", 410, b"kald"),
        ("not-found", 404, b"bulunamad"),
        ("bomb", 200, b"<!ENTITY"),
        ("no-items", 200, b"<channel>"),
        ("mislabelled", 200, b'encoding="utf-8"'),
        ("rolled-over", 200, b"Son dakika"),
    ],
)
def test_feed_faults(fault: str, status: int, holds: bytes) -> None:
    with Sandbox(WORLD, now=NOW) as box:
        box.faults.append(Fault(fault, "kiyi-haber"))
        answer = requests.get(f"{box.url}/feeds/kiyi-haber.xml", timeout=5, allow_redirects=False)
        other = requests.get(f"{box.url}/feeds/yaka-ajans.xml", timeout=5)
    assert answer.status_code == status
    assert holds in answer.content
    assert other.content.count(b"<item>") == 30


@pytest.mark.parametrize(
    ("fault", "target"),
    [
        ("redirect-private", "http://10.0.0.1/"),
        ("redirect-metadata", "http://169.254.169.254/"),
        ("redirect-file", "file:///etc/passwd"),
        ("redirect-loop", "/feeds/kiyi-haber.xml"),
        ("redirect-moved", "/feeds/moved/kiyi-haber.xml"),
    ],
)
def test_feed_redirects(fault: str, target: str) -> None:
    with Sandbox(WORLD, now=NOW) as box:
        box.faults.append(Fault(fault))
        answer = requests.get(f"{box.url}/feeds/kiyi-haber.xml", timeout=5, allow_redirects=False)
        assert answer.status_code in (301, 302)
        assert target in answer.headers["Location"]
        if fault == "redirect-moved":
            assert requests.get(answer.headers["Location"], timeout=5).status_code == 200


def test_half_a_feed_has_the_length_that_it_says() -> None:
    with Sandbox(WORLD, now=NOW) as box:
        whole = requests.get(f"{box.url}/feeds/kiyi-haber.xml", timeout=5)
        box.faults.append(Fault("half-feed"))
        half = requests.get(f"{box.url}/feeds/kiyi-haber.xml", timeout=5)
    assert len(half.content) == len(whole.content) // 2
    assert not half.content.rstrip().endswith(b">") or b"</feed>" not in half.content


def test_a_frozen_feed_stands_still() -> None:
    with Sandbox(WORLD, now=NOW) as box:
        box.faults.append(Fault("frozen", "marmara"))
        first = requests.get(f"{box.url}/feeds/marmara-postasi.xml", timeout=5).content
        box.now = NOW + timedelta(days=2)
        assert requests.get(f"{box.url}/feeds/marmara-postasi.xml", timeout=5).content == first
        box.faults.clear()
        assert requests.get(f"{box.url}/feeds/marmara-postasi.xml", timeout=5).content != first


def test_gdelt_titles_are_tokenised() -> None:
    assert tokenised("Örnek Belediyesi’nden: 5 bin, evet!") == "Örnek Belediyesi nden : 5 bin , evet !"


def test_gdelt_keeps_its_pace_when_told_to() -> None:
    asked = {"query": '"Örnek Belediyesi"', "mode": "artlist", "format": "json"}
    asked |= {"startdatetime": "20260315000000", "enddatetime": "20260316000000"}
    with Sandbox(WORLD, now=NOW) as box:
        box.state["gdelt pace"] = 5
        url = f"{box.url}/gdelt/api/v2/doc/doc"
        assert requests.get(url, params=asked, timeout=5).json()["articles"]
        assert "limit requests" in requests.get(url, params=asked, timeout=5).text
        box.now += timedelta(seconds=6)
        assert requests.get(url, params=asked, timeout=5).json()["articles"]
