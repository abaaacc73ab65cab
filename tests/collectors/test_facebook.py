"""A Facebook Page through the sandbox: exactly what the world holds, each content once, and metrics that die."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from collectors.base import Expired, Gone, Malformed, Refused, Unavailable
from collectors.facebook import POSTS
from collectors.graph_days import PACIFIC, midnight, pacific_day
from config.metrics import table
from config.secrets import Secrets
from model import Account, Walk
from sandbox import graph as sandbox_graph
from sandbox.server import Sandbox
from sandbox.world import World
from tests.collectors.graph_walks import NOW, PAGE, WORLD, collector, paged, shown, truth, walked

PER_DAY = ("views", "reach", "engagements", "profile_views", "follows", "unfollows")


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(WORLD, now=NOW) as running:
        yield running


# -- exact


def test_profile(box: Sandbox) -> None:
    got = walked(box, "facebook", "profile")
    followers = WORLD.followers("facebook", NOW)
    assert got.values() == {("followers", None, None): followers, ("page_likes", None, None): followers - 1500}
    assert got.records.profile and got.records.profile.remote_id == PAGE.remote_id
    assert got.records.profile.label == "Örnek Belediyesi"
    assert (got.walk.outcome, got.records.gaps, len(box.asked)) == ("done", (), 1)


@pytest.mark.parametrize("stream", ["posts", "reels"])
def test_counters_equal_the_world(box: Sandbox, stream: str) -> None:
    got = walked(box, "facebook", stream)
    assert got.posts() == {p.post: p.kind for p in shown(stream)}
    assert got.values() == truth(stream)
    assert {p.post: (p.published_at, p.text) for p in got.records.posts} == {
        p.post: (p.published_at, p.text) for p in shown(stream)
    }
    assert all(p.url.startswith("https://www.facebook.com/") for p in got.records.posts)
    assert (got.records.gaps, got.records.faults, got.walk.outcome, got.walk.notes) == ((), (), "done", ())


def test_a_video_stands_on_two_edges_and_is_stored_once(box: Sandbox) -> None:
    posts, reels = walked(box, "facebook", "posts").posts(), walked(box, "facebook", "reels").posts()
    assert not posts.keys() & reels.keys()
    assert posts | reels == {p.post: p.kind for p in WORLD.visible("facebook", NOW)}
    assert "video" in posts.values()
    assert set(reels.values()) == {"reel"}


def test_a_second_walk_reads_the_same(box: Sandbox) -> None:
    assert walked(box, "facebook", "posts").records == walked(box, "facebook", "posts").records


def test_shares_that_are_absent_are_none_and_nothing_else_is(box: Sandbox) -> None:
    fresh = min(shown("posts"), key=lambda p: p.published_at).published_at + timedelta(minutes=1)
    box.now = fresh
    got = walked(box, "facebook", "posts", days=1)
    assert got.values()["shares", got.records.posts[0].post, None] == 0
    assert b'"shares"' not in got.exchanges[0].body


def test_days_are_the_pages_own(box: Sandbox) -> None:
    got = walked(box, "facebook", "daily", days=30)
    days = [pacific_day(NOW) - timedelta(days=n) for n in range(1, 31)]
    expected: dict[Any, int] = {(m, None, d): WORLD.flow("facebook", m, d) for m in PER_DAY for d in days}
    for day in days:
        end = datetime.fromtimestamp(midnight(day + timedelta(days=1)), UTC)
        assert end.astimezone(PACIFIC).hour == 0
        expected["followers", None, day] = WORLD.followers("facebook", end)
    assert got.values() == expected
    assert got.records.gaps == ()
    assert b"+0000" in got.exchanges[0].body, "the archived body keeps the raw end_time"


def test_windows_of_insights_stay_below_ninety_days_even_when_summer_time_ends() -> None:
    world, now = World(start=date(2025, 8, 1), end=date(2026, 4, 1)), datetime(2026, 3, 20, 9, tzinfo=UTC)
    with Sandbox(world, now=now) as box:
        got = walked(box, "facebook", "daily", days=225)
        spans = [int(r.query["until"]) - int(r.query["since"]) for r in box.asked]
    assert got.error is None
    assert len(spans) == 3
    assert max(spans) <= 90 * 86400
    days = {day for _, _, day in got.values()}
    assert days == {pacific_day(now) - timedelta(days=n) for n in range(1, 226)}


def test_a_day_without_a_value_is_a_gap(box: Sandbox) -> None:
    got = walked(box, "facebook", "daily", days=60)
    before = {gap.day for gap in got.records.gaps}
    assert before and max(day for day in before if day) < WORLD.start
    assert not before & {day for _, _, day in got.values()}


# -- paging


def test_pages_follow_the_cursor_and_never_the_link(box: Sandbox) -> None:
    reader = collector(box.url, "facebook", now=NOW)
    small = replace(POSTS, size=7)
    walk = Walk(1, PAGE.account, "posts", NOW, NOW - timedelta(days=60), "manual")
    posts: list[str] = []
    pages = 0
    cursor = None
    while pages == 0 or cursor:
        living, _ = reader.graph.living("posts", walk)
        _, cursor, _ = reader.graph.listed(PAGE.remote_id, small, replace(walk, cursor=cursor), living, since=0, until=2**31)
        for exchange in reader.door.take():
            posts += [p.post for p in reader.read(PAGE, exchange).posts]
        pages += 1
    assert pages == -(-len(shown("posts")) // 7)
    assert sorted(posts) == sorted(p.post for p in shown("posts"))
    assert not any("access_token" in request.query for request in box.asked)


def test_a_page_too_large_for_meta_is_asked_in_smaller_ones(box: Sandbox) -> None:
    got = paged(box)
    assert got.values() == truth("posts")
    assert got.walk.pages > 2
    assert [int(r.query["limit"]) for r in box.asked][:5] == [100, 50, 25, 12, 12], "the smaller size is kept"


def test_a_cursor_that_comes_again_is_malformed_and_the_rows_before_it_are_kept(box: Sandbox) -> None:
    box.fault("repeated-cursor")
    got = paged(box)
    assert isinstance(got.error, Malformed)
    assert "the same cursor again" in str(got.error)
    assert len(got.posts()) >= 12


def test_an_empty_page_with_a_cursor_goes_on(box: Sandbox) -> None:
    box.fault("empty-page-with-cursor")
    got = paged(box)
    assert got.error is None
    assert got.values() == truth("posts")


def test_ids_that_come_on_two_pages_are_the_same_posts(box: Sandbox) -> None:
    box.fault("duplicate-ids")
    got = paged(box)
    assert len(got.records.posts) > len(got.posts()) == len(shown("posts"))
    assert got.values() == truth("posts")


def test_a_dead_cursor_starts_the_walk_again(box: Sandbox) -> None:
    box.fault("expired-cursor")
    got = paged(box)
    assert isinstance(got.error, Expired)
    assert len(got.posts()) == 12


def test_a_walk_goes_on_at_its_cursor(box: Sandbox) -> None:
    box.fault("too-much-data", "published_posts")
    box.fault("reset", "published_posts", skip=6)
    first = walked(box, "facebook", "posts")
    assert isinstance(first.error, Unavailable)
    box.faults.clear()
    walk = replace(first.walk, finished_at=None)
    page = collector(box.url, "facebook").fetch(PAGE, "posts", walk)
    assert page.cursor is None or json.loads(page.cursor)["size"] == 12
    assert box.asked[-1].query["after"] == json.loads(walk.cursor or "")["after"]


# -- metrics that die


@pytest.mark.parametrize("fault", ["retired-metric", "opaque-metric"])
@pytest.mark.parametrize(
    ("stream", "name", "ours"),
    [
        ("posts", "post_clicks", "clicks"),
        ("reels", "post_video_social_actions", "shares"),
        ("daily", "page_views_total", "profile_views"),
    ],
)
def test_one_dead_metric_is_found_and_the_others_go_on(box: Sandbox, fault: str, stream: str, name: str, ours: str) -> None:
    healthy = walked(box, "facebook", stream, days=30)
    box.fault(fault)
    got = walked(box, "facebook", stream, days=30)
    assert got.error is None
    assert got.walk.memo["dead"] == {name: "2026-04-10"}
    assert got.walk.outcome == "partial"
    assert name in got.walk.notes[0] and "metrics/facebook.toml" in got.walk.notes[0]
    assert got.values() == {key: value for key, value in healthy.values().items() if key[0] != ours}
    asked = len(box.asked)
    again = walked(box, "facebook", stream, days=30, memo=got.walk.memo)
    assert (len(box.asked) - asked, again.walk.memo["dead"]) == (1, {name: "2026-04-10"})
    box.faults.clear()
    box.now = NOW + timedelta(days=31)
    assert walked(box, "facebook", stream, days=30, memo=got.walk.memo).walk.memo["dead"] == {}


# -- who is asked, and with what


def test_without_an_id_the_page_is_found_by_its_name(box: Sandbox) -> None:
    got = walked(box, "facebook", "posts", account=replace(PAGE, remote_id=""))
    assert got.values() == truth("posts")
    assert got.walk.memo["id"] == PAGE.remote_id
    again = walked(box, "facebook", "reels", account=replace(PAGE, remote_id=""), memo={"id": PAGE.remote_id})
    assert len(again.exchanges) == 1


def test_a_page_that_is_not_there(box: Sandbox) -> None:
    error = walked(box, "facebook", "profile", account=Account("facebook:x", "facebook", "x", "424242")).error
    assert isinstance(error, Gone)


def test_no_token(box: Sandbox) -> None:
    error = walked(box, "facebook", "profile", secrets=Secrets({})).error
    assert isinstance(error, Refused)
    assert "MECRA_FACEBOOK_TOKEN" in str(error) and "mecra auth facebook" in str(error)
    assert box.asked == []


def test_a_wrong_token_and_a_proof(box: Sandbox) -> None:
    wrong = Secrets({"MECRA_FACEBOOK_TOKEN": "not-the-token-at-all"})
    assert isinstance(walked(box, "facebook", "profile", secrets=wrong).error, Refused)
    names = {"MECRA_FACEBOOK_TOKEN": sandbox_graph.TOKEN, "MECRA_FACEBOOK_APP_SECRET": sandbox_graph.APP_SECRET}
    proven = walked(box, "facebook", "profile", secrets=Secrets(names))
    assert proven.error is None
    assert "appsecret_proof" in box.asked[-1].query
    assert "appsecret_proof=***" in proven.exchanges[0].url
    names["MECRA_FACEBOOK_APP_SECRET"] = "another-secret"
    assert "APP_SECRET" in str(walked(box, "facebook", "profile", secrets=Secrets(names)).error)


def test_the_table_names_every_metric_once_a_stream() -> None:
    metrics = table("facebook").metrics
    assert len({(m.stream, m.ours) for m in metrics}) == len(metrics)
    assert all(m.meaning for m in metrics)
