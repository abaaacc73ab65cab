"""A professional Instagram account through the sandbox: exactly what the world holds, and every fault by its name."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from collectors.base import CollectError, Malformed, RateLimited, Refused, Unavailable
from collectors.graph import chosen
from collectors.graph_days import midnight, pacific_day
from collectors.graph_errors import TOO_FEW, TOO_OLD
from collectors.graph_values import NO_DAY
from config.secrets import Secrets
from model import Exchange, Records, Walk
from sandbox import graph as sandbox_graph
from sandbox.graph_instagram import stories
from sandbox.server import Sandbox
from sandbox.world import World, WorldPost
from tests.collectors.graph_walks import NOW, PAGE, USER, WORLD, collector, walked

MEDIA = {
    "likes": "likes", "comments": "comments", "views": "views", "reach": "reach", "saves": "saves", "shares": "shares",
    "engagements": "total_interactions",
}  # fmt: skip
STORY = {"views": "views", "reach": "reach", "shares": "shares", "replies": "replies", "engagements": "total_interactions"}
PER_DAY = {
    "reach": "reach", "views": "views", "engagements": "total_interactions", "likes": "likes", "comments": "comments",
    "shares": "shares", "saves": "saves", "profile_views": "profile_views", "follows": "follows", "unfollows": "unfollows",
}  # fmt: skip


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(WORLD, now=NOW) as running:
        yield running


def shown(days: float = 60) -> list[WorldPost]:
    return [p for p in WORLD.visible("instagram", NOW) if p.published_at >= NOW - timedelta(days=days)]


def truth(days: float = 60) -> dict[tuple[str, str | None, date | None], int]:
    return {(ours, p.post, None): WORLD.counter(p, metric, NOW) for p in shown(days) for ours, metric in MEDIA.items()}


# -- exact


def test_profile(box: Sandbox) -> None:
    got = walked(box, "instagram", "profile")
    assert got.values() == {
        ("followers", None, None): WORLD.followers("instagram", NOW),
        ("posts_total", None, None): len(WORLD.visible("instagram", NOW)),
    }
    assert got.records.profile and got.records.profile.remote_id == USER.remote_id
    assert got.records.profile.url == "https://www.instagram.com/ornekbelediye/"


def test_media_and_their_figures_come_in_one_request_a_page(box: Sandbox) -> None:
    got = walked(box, "instagram", "posts")
    assert got.posts() == {p.post: p.kind for p in shown()}
    assert {"image", "carousel", "reel"} == set(got.posts().values())
    assert got.values() == truth()
    assert (got.records.gaps, got.records.faults, got.walk.outcome) == ((), (), "done")
    assert len(box.asked) == -(-len(shown()) // 50)
    assert not any("access_token" in request.query for request in box.asked)


def test_media_asked_one_by_one_tell_what_only_their_kind_has(box: Sandbox) -> None:
    got = walked(box, "instagram", "posts", days=5, insights="each")
    values = got.values()
    assert {key: value for key, value in values.items() if key[0] != "profile_clicks"} == truth(5)
    feed = {p.post: WORLD.counter(p, "profile_clicks", NOW) for p in shown(5) if p.kind != "reel"}
    assert {post: value for (metric, post, _), value in values.items() if metric == "profile_clicks"} == feed
    assert len(box.asked) == 1 + len(shown(5))


def test_days_are_the_accounts_own(box: Sandbox) -> None:
    got = walked(box, "instagram", "daily", days=35)
    days = [pacific_day(NOW) - timedelta(days=n) for n in range(1, 36)]
    assert got.values() == {(ours, None, d): WORLD.flow("instagram", m, d) for ours, m in PER_DAY.items() for d in days}
    assert (got.records.gaps, got.records.faults) == ((), ())
    assert len(box.asked) == 2 * 35 + 2, "two requests a day, and one for the reach of each 29 days"


def test_windows_stay_below_thirty_days_even_when_summer_time_ends() -> None:
    world, now = World(start=date(2025, 10, 1), end=date(2026, 1, 1)), datetime(2025, 11, 25, 9, tzinfo=UTC)
    with Sandbox(world, now=now) as box:
        got = walked(box, "instagram", "daily", days=45)
        spans = [int(r.query["until"]) - int(r.query["since"]) for r in box.asked]
    assert got.error is None
    assert 86400 * 29 < max(spans) <= 86400 * 30
    assert (3600 * 25 in spans) and got.records.gaps == ()


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_the_last_three_days_are_read_again_and_no_other(box: Sandbox, platform: str) -> None:
    rung = collector(box.url, platform).streams["daily"].ladder[0]
    assert (rung.every, rung.depth) == (timedelta(days=1), timedelta(days=3))
    memo = walked(box, platform, "daily", days=20).walk.memo
    box.now += timedelta(days=1, minutes=7)
    box.asked.clear()
    since = box.now - rung.depth
    reader = collector(box.url, platform, now=box.now)
    walk = Walk(2, USER.account, "daily", box.now, since, "schedule", memo=memo)
    days, requests = set(), 0
    while walk.finished_at is None:
        walk = walk.after(reader.fetch(PAGE if platform == "facebook" else USER, "daily", walk), box.now)
        for exchange in reader.door.take():
            days |= {r.day for r in reader.read(USER, exchange).readings}
            requests += 1
    assert days == {pacific_day(box.now) - timedelta(days=n) for n in (1, 2, 3)}
    assert requests == (1 if platform == "facebook" else 7)


def test_days_that_were_not_settled_before_a_long_pause_are_read_after_it(box: Sandbox) -> None:
    box.now = NOW - timedelta(days=15)
    first = walked(box, "facebook", "daily", days=5)
    last = max(day for _, _, day in first.values() if day)
    box.now = NOW
    walk = replace(first.walk, started_at=NOW, since=first.walk.started_at - timedelta(hours=1), finished_at=None)
    reader = collector(box.url, "facebook")
    reader.fetch(PAGE, "daily", walk)
    days = {r.day for exchange in reader.door.take() for r in reader.read(PAGE, exchange).readings}
    assert min(day for day in days if day) == last - timedelta(days=1)
    assert len(days) == (pacific_day(NOW) - last).days + 1


def test_half_a_year_of_days_is_367_requests_and_goes_on_at_any_day() -> None:
    world, now = World(start=date(2026, 1, 1), end=date(2026, 7, 1)), datetime(2026, 6, 30, 9, tzinfo=UTC)
    with Sandbox(world, now=now) as box:
        box.fault("500", "insights", skip=101)
        stopped = walked(box, "instagram", "daily", days=180)
        assert isinstance(stopped.error, Unavailable) and stopped.walk.pages == 49
        box.faults.clear()
        asked = len(box.asked)
        walk, reader, days = stopped.walk, collector(box.url, "instagram", now=now), set()
        while walk.finished_at is None:
            walk = walk.after(reader.fetch(USER, "daily", walk), now)
            days |= {r.day for e in reader.door.take() for r in reader.read(USER, e).readings if r.metric == "views"}
        assert len(days) == 180 - 49, "no day twice"
        assert len(box.asked) - asked + 49 * 2 + 2 == 367, "two a day, and one for the reach of each 29 days"


def test_days_that_nobody_can_know_yet_or_that_do_not_count_are_no_gaps(box: Sandbox) -> None:
    box.now = datetime.combine(WORLD.start + timedelta(days=12), time(9, 30), UTC)
    got = walked(box, "instagram", "daily", days=20)
    early = {gap.day for gap in got.records.gaps}
    assert early == {WORLD.start - timedelta(days=n) for n in range(1, 9)}, "the world begins later"
    assert {gap.metric for gap in got.records.gaps} == PER_DAY.keys()
    assert {gap.reason for gap in got.records.gaps} == {NO_DAY}, "one reason a day, without a date in it"
    since = replace(USER, since=WORLD.start)
    assert walked(box, "instagram", "daily", days=20, account=since).records.gaps == ()
    until = replace(USER, until=WORLD.start - timedelta(days=5))
    assert max(g.day for g in walked(box, "instagram", "daily", days=20, account=until).records.gaps if g.day) == until.until


def test_what_meta_keeps_for_two_years_only_is_no_gap_when_it_is_older(box: Sandbox) -> None:
    url = f"https://graph.facebook.com/v26.0/{USER.remote_id}/media?fields=id,timestamp,like_count,insights.metric(reach)"
    for year, lacking in ((2023, {"likes"}), (2026, {"likes", "reach"})):
        body = f'{{"data":[{{"id":"1","timestamp":"{year}-04-01T10:00:00+0000"}}]}}'.encode()
        records = collector(box.url, "instagram").read(USER, Exchange(NOW, "GET", url, 200, body, len(body)))
        assert {g.metric for g in records.gaps} == lacking


def test_stories_while_they_live(box: Sandbox) -> None:
    living = stories(WORLD, NOW)
    measured = [s for s in living if WORLD.counter(s, "views", NOW) >= 5]
    assert 0 < len(measured) < len(living), "this moment has a story that hardly anybody saw"
    got = walked(box, "instagram", "stories")
    assert got.posts() == {s.post: "story" for s in living}
    assert got.values() == {(ours, s.post, None): WORLD.counter(s, metric, NOW) for s in measured for ours, metric in STORY.items()}
    quiet = {s.post for s in living} - {s.post for s in measured}
    assert {(g.metric, g.post, g.reason) for g in got.records.gaps} == {(ours, post, TOO_FEW) for post in quiet for ours in STORY}
    assert (got.walk.outcome, got.walk.notes) == ("done", ())
    stream = collector(box.url, "instagram").streams["stories"]
    assert (stream.lasting, stream.ladder[0].every) == (False, timedelta(hours=6))


def test_a_story_is_looked_at_once_more_before_it_ends(box: Sandbox) -> None:
    story = stories(WORLD, NOW)[0]
    box.now = story.published_at + timedelta(hours=20)
    got = walked(box, "instagram", "stories")
    assert got.walk.due_at == story.published_at + timedelta(hours=23, minutes=15)
    box.now = story.published_at + timedelta(hours=23, minutes=30)
    late = walked(box, "instagram", "stories")
    assert story.post in late.posts()
    assert late.walk.due_at is None or late.walk.due_at > box.now
    box.now = story.published_at + timedelta(hours=24)
    assert story.post not in walked(box, "instagram", "stories").posts()


# -- media that can't be measured


def test_media_older_than_the_professional_account_are_gaps_and_the_others_go_on(box: Sandbox) -> None:
    box.fault("before-business")
    got = walked(box, "instagram", "posts", days=10)
    assert got.error is None
    old = {p.post for p in shown(10) if int(p.post) % 3 == 0}
    figures = {key: v for key, v in got.values().items() if key[0] != "profile_clicks"}
    assert figures == {key: v for key, v in truth(10).items() if key[1] not in old or key[0] in ("likes", "comments")}
    assert {(g.post, g.reason) for g in got.records.gaps} == {(post, TOO_OLD) for post in old}
    assert {g.metric for g in got.records.gaps} == {"views", "reach", "saves", "shares", "engagements", "profile_clicks"}
    assert (got.walk.outcome, got.walk.notes) == ("done", ())


REFUSALS = {
    TOO_FEW: {"code": 10, "message": "(#10) Not enough viewers for the media to show insights"},
    TOO_OLD: {"code": 100, "error_subcode": 2108006, "message": "Invalid parameter"},
    "": {"code": 10, "message": "(#10) Application does not have permission for this action"},
    " ": {"code": 100, "message": "(#100) metric[0] must be one of the following values: reach"},
}


@pytest.mark.parametrize("path", ["18050000000000052/insights?metric=views,reach", f"{USER.remote_id}/stories?fields=id",
                                  f"{USER.remote_id}/insights?metric=views&period=day"])  # fmt: skip
@pytest.mark.parametrize("reason", REFUSALS)
def test_only_a_mediums_own_refusal_is_a_gap_and_every_other_one_says_nothing(box: Sandbox, reason: str, path: str) -> None:
    body = json.dumps({"error": {"type": "OAuthException", **REFUSALS[reason]}}).encode()
    for status in (400, 200):
        told = Exchange(NOW, "GET", f"https://graph.facebook.com/v26.0/{path}", status, body, len(body))
        records = collector(box.url, "instagram").read(USER, told)
        of_medium = reason.strip() and path.startswith("1805")
        assert {(g.metric, g.post, g.reason) for g in records.gaps} == (
            {(ours, "18050000000000052", reason) for ours in ("views", "reach")} if of_medium else set()
        )
        assert replace(records, gaps=()) == Records()


def test_a_medium_that_vanished_between_listing_and_reading(box: Sandbox) -> None:
    box.fault("vanished-post", "/insights", times=1)
    got = walked(box, "instagram", "posts", days=5, insights="each")
    assert got.error is None
    assert got.walk.notes[0].startswith("1 without figures")
    assert len({post for metric, post, _ in got.values() if metric == "views"}) == len(shown(5)) - 1


@pytest.mark.parametrize("fault", ["retired-metric", "opaque-metric"])
@pytest.mark.parametrize(("stream", "name", "ours"), [("posts", "saved", "saves"), ("daily", "profile_views", "profile_views")])
def test_one_dead_metric_is_found_and_the_others_go_on(box: Sandbox, fault: str, stream: str, name: str, ours: str) -> None:
    healthy = walked(box, "instagram", stream, days=3).values()
    box.fault(fault)
    got = walked(box, "instagram", stream, days=3)
    assert got.error is None
    assert got.walk.memo["dead"] == {name: "2026-04-10"}
    assert got.values() == {key: value for key, value in healthy.items() if key[0] != ours}
    assert any(name in note for note in got.walk.notes)
    asked = len(box.asked)
    walked(box, "instagram", stream, days=3, memo=got.walk.memo)
    assert not any(name in str(request.query) for request in box.asked[asked:])


# -- faults, by their names

STOPPING = [
    ("error-200", Unavailable),
    ("transient", Unavailable),
    ("expired-token", Refused),
    ("missing-permission", Refused),
    ("app-rate-limit", RateLimited),
    ("buc-rate-limit", RateLimited),
    ("html-200", Malformed),
    ("empty-body", Malformed),
    ("cut-body", Unavailable),
    ("429-nothing", RateLimited),
    ("500", Unavailable),
    ("timeout", Unavailable),
    ("reset", Unavailable),
]


@pytest.mark.parametrize(("fault", "kind"), STOPPING)
@pytest.mark.parametrize("stream", ["posts", "daily", "stories"])
def test_a_fault_has_its_name_and_what_came_before_it_is_kept(
    box: Sandbox, stream: str, fault: str, kind: type[CollectError]
) -> None:
    whole = walked(box, "instagram", stream, days=4, insights="each").values()
    box.fault(fault, "graph", skip=2)
    got = walked(box, "instagram", stream, days=4, insights="each")
    assert type(got.error) is kind, got.error
    assert "GET /graph/v26.0/1" in str(got.error)
    assert got.values().items() <= whole.items()
    assert len(got.exchanges) >= 2


@pytest.mark.parametrize("fault", ["500", "transient", "error-200", "reset", "cut-body"])
def test_what_happens_once_is_borne(box: Sandbox, fault: str) -> None:
    box.fault(fault, times=1)
    got = walked(box, "instagram", "posts")
    assert (got.error, got.values()) == (None, truth())


def test_listings_that_misbehave(box: Sandbox) -> None:
    box.fault("too-much-data")
    assert walked(box, "instagram", "posts").values() == truth()
    for fault in ("empty-page-with-cursor", "duplicate-ids"):
        box.fault(fault)
        assert walked(box, "instagram", "posts").values() == truth(), fault
        box.faults.pop()
    box.fault("repeated-cursor")
    assert isinstance(walked(box, "instagram", "posts").error, Malformed)


def test_odd_values(box: Sandbox) -> None:
    box.fault("number-as-string")
    assert walked(box, "instagram", "posts").values() == truth()
    assert walked(box, "instagram", "daily", days=3).records.faults == ()
    box.faults.clear()
    box.fault("missing-key")
    got = walked(box, "instagram", "posts")
    assert len(got.records.faults) == 2, "one row of each page"
    assert "timestamp is missing" in got.records.faults[0]
    assert len(got.posts()) == len(shown()) - 2
    gaps = walked(box, "instagram", "daily", days=3).records.gaps
    assert {(gap.metric, gap.day) for gap in gaps} == {
        (ours, pacific_day(NOW) - timedelta(days=3)) for ours in ("reach", "views", "follows", "unfollows")
    }, "the two days after it may still come"


def test_hidden_likes_are_a_gap(box: Sandbox) -> None:
    reader = collector(box.url, "instagram")
    url = f"https://graph.facebook.com/v26.0/{USER.remote_id}/media?fields=id,timestamp,like_count,comments_count"
    body = b'{"data":[{"id":"1","timestamp":"2026-04-01T10:00:00+0000","comments_count":2}]}'
    records = reader.read(USER, Exchange(NOW, "GET", url, 200, body, len(body)))
    assert [(g.metric, g.post) for g in records.gaps] == [("likes", "1")]
    assert [(r.metric, r.value) for r in records.readings] == [("comments", 2)]


def test_an_advertisement_is_no_post(box: Sandbox) -> None:
    url = f"https://graph.facebook.com/v26.0/{USER.remote_id}/media?fields=id,timestamp,media_product_type"
    body = b'{"data":[{"id":"1","timestamp":"2026-04-01T10:00:00+0000","media_product_type":"AD"}]}'
    assert collector(box.url, "instagram").read(USER, Exchange(NOW, "GET", url, 200, body, len(body))).posts == ()


def test_a_total_over_several_days_is_no_days_figure(box: Sandbox) -> None:
    first = date(2026, 4, 1)
    query = f"metric=views&period=day&metric_type=total_value&since={midnight(first)}&until={midnight(first + timedelta(days=2))}"
    url = f"https://graph.facebook.com/v26.0/{USER.remote_id}/insights?{query}"
    body = b'{"data":[{"name":"views","period":"day","total_value":{"value":7}}]}'
    records = collector(box.url, "instagram").read(USER, Exchange(NOW, "GET", url, 200, body, len(body)))
    assert records.readings == ()
    assert records.faults == ("account views: one total over 2 days",)


# -- who is asked


@pytest.mark.parametrize("token", [sandbox_graph.TOKEN, sandbox_graph.USER_TOKEN])
def test_whoami_is_the_page_and_its_professional_account(box: Sandbox, token: str) -> None:
    secrets = {p: Secrets({f"MECRA_{p.upper()}_TOKEN": token}) for p in ("facebook", "instagram")}
    assert collector(box.url, "facebook", secrets=secrets["facebook"]).whoami() == (PAGE.remote_id, "Örnek Belediyesi")
    assert collector(box.url, "instagram", secrets=secrets["instagram"]).whoami() == (USER.remote_id, "ornekbelediye")
    for platform in secrets:
        with pytest.raises(Refused, match=f"MECRA_{platform.upper()}_TOKEN"):
            collector(box.url, platform, secrets=Secrets({})).whoami()


def test_of_several_pages_whoami_is_the_one_that_is_known() -> None:
    rows = [{"id": "1", "username": "Baska"}, {"id": "2", "username": "OrnekBelediye"}]
    assert [chosen(rows, known)["id"] for known in ((), ("@ornekbelediye",), ("2",), ("yok",))] == ["1", "2", "2", "1"]


@pytest.mark.parametrize("token", [sandbox_graph.TOKEN, sandbox_graph.USER_TOKEN])
def test_without_an_id_the_account_is_found_through_its_page(box: Sandbox, token: str) -> None:
    secrets = Secrets({"MECRA_INSTAGRAM_TOKEN": token})
    got = walked(box, "instagram", "profile", account=replace(USER, remote_id=""), secrets=secrets)
    assert got.error is None
    assert got.walk.memo["id"] == USER.remote_id


def test_an_account_that_is_not_linked(box: Sandbox) -> None:
    error = walked(box, "instagram", "profile", account=replace(USER, remote_id="", handle="baskasi")).error
    assert isinstance(error, Refused)
    assert "ornekbelediye" in str(error) and "baskasi" in str(error)


def test_no_token(box: Sandbox) -> None:
    error = walked(box, "instagram", "stories", secrets=Secrets({})).error
    assert isinstance(error, Refused)
    assert "MECRA_INSTAGRAM_TOKEN" in str(error)


MARKED = "EAAGmarkedTOKENmarked0123456789"


@pytest.mark.parametrize("fault", sorted({*(name for name, _ in STOPPING), *sandbox_graph.FAULTS}))
def test_no_token_anywhere(box: Sandbox, fault: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_graph, "TOKEN", MARKED)
    caplog.set_level(logging.DEBUG)
    box.fault(fault)
    secrets = Secrets({"MECRA_INSTAGRAM_TOKEN": MARKED})
    for stream in ("posts", "daily", "stories"):
        got = walked(box, "instagram", stream, days=2, secrets=secrets)
        texts: list[Any] = [caplog.text, repr(got.walk), repr(got.records), *(e.url + e.body.decode() for e in got.exchanges)]
        if got.error:
            texts += traceback.format_exception(got.error)
        for text in texts:
            assert MARKED not in text
