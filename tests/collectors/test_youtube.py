"""YouTube's collector against the sandbox's truth, and what becomes of each thing that goes wrong."""

from __future__ import annotations

import logging
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from collectors.base import CollectError, Expired, Gone, Malformed, RateLimited, Refused, Unavailable, Unsupported
from collectors.google import Client
from collectors.google_errors import judge, next_quota_day
from collectors.http import Answer
from collectors.youtube import Place, YouTube, bucket, units
from collectors.youtube_answers import NO_DAY, REFUSED
from config.metrics import SHIPPED, table
from config.secrets import Secrets
from model import Account, Exchange, Reading, Walk
from sandbox import youtube as google
from sandbox.server import Sandbox
from sandbox.youtube_days import FLOWS, last_settled, on_day
from tests.collectors.youtube_walks import ACCOUNT, OWNER, PUBLIC, after, make_collector, small_world, walk_through

OF_DAYS = {metric.ours for metric in table("youtube").metrics if metric.stream == "daily"}
OURS = {"views": "views", "likes": "likes", "comments": "comments"}


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """A channel with 150 days behind it: two pages of videos."""
    world = small_world(150)
    with Sandbox(world, now=after(world)) as box:
        yield box


@pytest.fixture
def small() -> Iterator[Sandbox]:
    """A channel with twelve days behind it: one page."""
    world = small_world(12)
    with Sandbox(world, now=after(world)) as box:
        yield box


# -- exact


@pytest.mark.parametrize("environ", [OWNER, PUBLIC], ids=["owner", "key"])
def test_the_channel_is_told_exactly_and_the_rounded_figure_says_so(small: Sandbox, environ: dict[str, str]) -> None:
    outcome = walk_through(small, "profile", collector=make_collector(small, environ))
    assert outcome.error is None
    assert outcome.records.profile is not None
    assert outcome.records.profile.remote_id == small.world.accounts["youtube"].remote_id
    assert outcome.records.profile.url == "https://www.youtube.com/@ornekbelediye"
    followers = small.world.followers("youtube", small.now)
    told = {(r.metric, r.value, r.exact) for r in outcome.records.readings}
    assert told == {
        ("followers", followers // 100 * 100, False),
        ("posts_total", len(small.world.visible("youtube", small.now)), True),
        ("views_total", google.views_total(small.world, small.now), True),
    }


def test_every_video_and_counter_equals_the_world(box: Sandbox) -> None:
    outcome = walk_through(box, "posts")
    visible = box.world.visible("youtube", box.now)
    assert len(visible) > 50, "two pages are wanted"
    assert outcome.error is None
    assert outcome.walk.pages == 2
    assert {(p.post, p.published_at, p.text) for p in outcome.records.posts} == {(p.post, p.published_at, p.text) for p in visible}
    wanted = {(p.post, ours, None): box.world.counter(p, name, box.now) for p in visible for name, ours in OURS.items()}
    of_posts = {key: value for key, value in outcome.values.items() if key[0]}
    assert of_posts == wanted
    assert not outcome.records.faults and not outcome.records.gaps


def test_every_day_equals_the_world_and_days_to_come_are_no_gaps(box: Sandbox) -> None:
    outcome = walk_through(box, "daily")
    days = [box.world.start + timedelta(days=n) for n in range((last_settled(box.now) - box.world.start).days + 1)]
    ours = {m.name: m.ours for m in table("youtube").metrics if m.stream == "daily"}
    assert set(ours) == set(FLOWS)
    per_day = {key: value for key, value in outcome.values.items() if key[2]}
    assert per_day == {(None, ours[name], day): on_day(box.world, name, day) for name in FLOWS for day in days}
    assert outcome.records.gaps == ()
    assert outcome.walk.pages == 2, "150 days are two windows of at most 90"


def test_views_and_engaged_views_part_on_the_day_of_the_break() -> None:
    world = replace(small_world(), start=date(2026, 8, 15), end=date(2026, 9, 5))
    with Sandbox(world, now=after(world)) as box:
        values = walk_through(box, "daily").values
    for day in (date(2026, 8, 15) + timedelta(days=n) for n in range(17)):
        same = values[None, "views", day] == values[None, "engaged_views", day]
        assert same == (day < date(2026, 8, 24)), day
    breaks = {(b.ours, b.on) for b in table("youtube").breaks}
    assert {("views", date(2026, 8, 24)), ("views", date(2025, 3, 31)), ("views_total", date(2026, 8, 24))} <= breaks


def test_the_uploads_are_read_on_one_page_past_the_window(box: Sandbox) -> None:
    """Newest first is not promised, so that a page must lie wholly before the window to end the walk."""
    visible = box.world.visible("youtube", box.now)
    outcome = walk_through(box, "posts", since=visible[10].published_at)
    assert outcome.walk.pages == 2
    assert box.counts()["youtube/youtube/v3/videos"] == 2
    box.asked.clear()
    with Sandbox(small_world(400, scale=1.5), now=after(small_world(400))) as large:
        newest = large.world.visible("youtube", large.now)[0].published_at
        assert walk_through(large, "posts", since=newest - timedelta(days=1)).walk.pages == 2
        assert walk_through(large, "posts").walk.pages > 4


def test_the_days_that_were_not_settled_last_time_are_read_again(box: Sandbox) -> None:
    first = walk_through(box, "daily")
    box.asked.clear()
    box.now += timedelta(days=1)
    again = walk_through(box, "daily", since=box.now - timedelta(hours=1), memo=first.walk.memo)
    days = {r.day for r in again.records.readings if r.day}
    assert last_settled(box.now) - timedelta(days=6) in days, "the last seven days that have figures"
    assert box.counts() == {"youtube/token": 1, "youtube/v2/reports": 1}, "the memo spares the look-up of the channel"


def test_a_long_pause_leaves_no_unsettled_day_behind() -> None:
    world = small_world(60)
    with Sandbox(world, now=after(world) - timedelta(days=40)) as box:
        first = walk_through(box, "daily")
        last = max(r.day for r in first.records.readings if r.day)
        box.now += timedelta(days=30)
        again = walk_through(box, "daily", since=first.walk.started_at - timedelta(hours=1), memo=first.walk.memo)
    assert min(r.day for r in again.records.readings if r.day) < last


def test_private_videos_are_no_posts_even_for_their_owner(small: Sandbox) -> None:
    world = small.world
    hidden = replace(world.posts["youtube"][0], private=True)
    world.posts["youtube"] = (hidden, *world.posts["youtube"][1:])
    for environ in (OWNER, PUBLIC):
        outcome = walk_through(small, "posts", collector=make_collector(small, environ))
        assert hidden.post not in {p.post for p in outcome.records.posts}
        assert hidden.post not in {r.post for r in outcome.records.readings}


def test_a_deleted_video_is_simply_not_seen_any_more() -> None:
    world = small_world(60)
    gone = next(p for p in world.posts["youtube"] if p.deleted_at)
    assert gone.deleted_at
    with Sandbox(world, now=gone.deleted_at - timedelta(hours=1)) as box:
        assert gone.post in {p.post for p in walk_through(box, "posts").records.posts}
        box.now += timedelta(hours=2)
        outcome = walk_through(box, "posts")
    assert outcome.error is None
    assert gone.post not in {p.post for p in outcome.records.posts}


def test_a_channel_is_found_by_its_id_and_a_wrong_one_is_gone(small: Sandbox) -> None:
    by_id = replace(ACCOUNT, remote_id=small.world.accounts["youtube"].remote_id)
    assert walk_through(small, "profile", account=by_id).error is None
    outcome = walk_through(small, "profile", account=Account("youtube:@yok", "youtube", "@yok"))
    assert isinstance(outcome.error, Gone)
    assert "mecra.toml" in outcome.error.cure


def test_whoami_names_the_channel_of_the_consent(small: Sandbox) -> None:
    channel = small.world.accounts["youtube"]
    assert make_collector(small).whoami() == (channel.remote_id, channel.label)
    with pytest.raises(Refused, match="mecra auth youtube"):
        make_collector(small, PUBLIC).whoami()


def test_the_base_of_the_exact_subscribers_comes_with_each_profile(small: Sandbox) -> None:
    base = {"subscriber_base": 48_300, "subscriber_base_on": date(2026, 1, 3)}
    told = walk_through(small, "profile", account=replace(ACCOUNT, options=base)).records.readings
    assert [r for r in told if r.metric == "followers_base"] == [Reading("followers_base", 48_300, day=date(2026, 1, 3))]
    assert [r.exact for r in told if r.metric == "followers"] == [False]
    for options in ({}, {"subscriber_base": 48_300}, {"subscriber_base_on": date(2026, 1, 3)}):
        told = walk_through(small, "profile", account=replace(ACCOUNT, options=options)).records.readings
        assert "followers_base" not in {r.metric for r in told}


# -- what goes wrong: the named outcome, the endpoint and the next step

REFUSALS: list[tuple[str, str, str, type[CollectError]]] = [
    ("error-200", "profile", "channels", Malformed),
    ("error-200", "posts", "videos", Malformed),
    ("error-200", "daily", "reports", Malformed),
    ("html-200", "profile", "channels", Malformed),
    ("html-200", "posts", "playlistItems", Malformed),
    ("html-200", "daily", "reports", Malformed),
    ("empty-body", "profile", "channels", Malformed),
    ("empty-body", "posts", "videos", Malformed),
    ("empty-body", "daily", "token", Malformed),
    ("cut-body", "posts", "playlistItems", Unavailable),
    ("cut-body", "profile", "token", Unavailable),
    ("wrong-length", "daily", "reports", Unavailable),
    ("reset", "profile", "channels", Unavailable),
    ("500", "posts", "videos", Unavailable),
    ("500", "daily", "token", Unavailable),
    ("429-seconds", "profile", "channels", RateLimited),
    ("429-date", "posts", "playlistItems", RateLimited),
    ("429-nothing", "daily", "reports", RateLimited),
    ("429-text", "posts", "videos", RateLimited),
    ("quota", "profile", "channels", RateLimited),
    ("quota", "daily", "reports", RateLimited),
    ("expired-token", "profile", "token", Refused),
    ("expired-token", "posts", "playlistItems", Refused),
    ("missing-permission", "profile", "channels", Refused),
    ("missing-permission", "daily", "reports", Refused),
    ("repeated-cursor", "posts", "playlistItems", Malformed),
    ("expired-cursor", "posts", "playlistItems", Expired),
    ("lost-list", "posts", "playlistItems", Malformed),
]


@pytest.mark.parametrize(("fault", "stream", "match", "outcome"), REFUSALS, ids=["-".join(r[:3]) for r in REFUSALS])
def test_a_fault_has_its_named_outcome(fault: str, stream: str, match: str, outcome: type[CollectError], box: Sandbox) -> None:
    box.fault(fault, match)
    error = walk_through(box, stream).error
    assert type(error) is outcome or (outcome is Refused and isinstance(error, Refused))
    assert error is not None
    assert match in error.at, "the endpoint is named"
    if not fault.startswith("429"):
        assert error.cure, "the next step is named"


@pytest.mark.parametrize("stream", ["profile", "posts", "daily"])
def test_a_timeout_is_unavailable(stream: str, small: Sandbox) -> None:
    small.fault("timeout")
    collector = make_collector(small, timeout=(0.2, 0.2), attempts=2)
    assert isinstance(walk_through(small, stream, collector=collector).error, Unavailable)


@pytest.mark.parametrize("fault", ["500", "reset", "cut-body", "wrong-length"])
def test_what_passes_is_tried_again_and_nothing_is_lost(fault: str, small: Sandbox) -> None:
    small.fault(fault, times=2)
    outcome = walk_through(small, "posts")
    assert outcome.error is None
    assert len(outcome.records.posts) == len(small.world.visible("youtube", small.now))


def test_good_pages_before_a_fault_are_kept(box: Sandbox) -> None:
    box.fault("html-200", "videos", skip=1)
    outcome = walk_through(box, "posts")
    assert isinstance(outcome.error, Malformed)
    assert len(outcome.records.posts) == 50
    assert outcome.walk.pages == 1
    assert outcome.walk.cursor, "the second page is where it goes on"


def test_the_quota_comes_back_at_midnight_in_california(small: Sandbox) -> None:
    small.state["youtube.limits"] = {"data": 1}
    error = walk_through(small, "posts").error
    assert isinstance(error, RateLimited)
    assert error.until == next_quota_day(small.now)
    assert error.shared
    assert walk_through(small, "daily", memo={"channel": "UCornekbelediye0000000001", "uploads": "UU"}).error is None, "own bucket"
    small.now = error.until + timedelta(minutes=1)
    assert walk_through(small, "profile").error is None


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        (datetime(2026, 7, 1, 6, tzinfo=UTC), datetime(2026, 7, 1, 7, tzinfo=UTC)),
        (datetime(2026, 7, 1, 7, tzinfo=UTC), datetime(2026, 7, 2, 7, tzinfo=UTC)),
        (datetime(2026, 1, 1, 7, 59, tzinfo=UTC), datetime(2026, 1, 1, 8, tzinfo=UTC)),
        (datetime(2026, 3, 8, 9, tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC)),
    ],
)
def test_the_quota_day_is_a_pacific_one(now: datetime, midnight: datetime) -> None:
    assert next_quota_day(now) == midnight


def test_an_access_token_that_died_early_is_renewed_once(small: Sandbox) -> None:
    collector = make_collector(small)
    assert walk_through(small, "profile", collector=collector).error is None
    small.state["youtube.tokens"].clear()
    outcome = walk_through(small, "profile", collector=collector)
    assert outcome.error is None
    assert [e.status for e in outcome.exchanges] == [401, 200, 200]
    assert outcome.values


def test_an_access_token_is_used_for_its_hour_and_not_longer(small: Sandbox) -> None:
    collector = make_collector(small)
    for minutes, requests in ((0, 2), (50, 1), (10, 2)):
        small.now += timedelta(minutes=minutes)
        assert [e.status for e in walk_through(small, "profile", collector=collector).exchanges] == [200] * requests


def test_a_dead_refresh_token_says_what_kills_them(small: Sandbox) -> None:
    small.fault("expired-token", "token")
    error = walk_through(small, "profile").error
    assert isinstance(error, Refused)
    assert all(word in str(error) for word in ("mecra auth youtube", "7 days", "6 months"))
    assert small.counts()["youtube/token"] == 1, "not tried again"


def test_another_channels_consent_is_told_from_a_lack_of_quota(small: Sandbox) -> None:
    other = replace(ACCOUNT, remote_id="UCotherbelediye0000000001")
    memo = {"channel": other.remote_id, "uploads": "UUotherbelediye0000000001"}
    error = walk_through(small, "daily", account=other, memo=memo).error
    assert isinstance(error, Refused)
    assert "brand account" in error.cure
    assert isinstance(walk_through(small, "posts", account=other, memo=memo).error, Gone), "playlistNotFound"


@pytest.mark.parametrize(
    ("environ", "stream", "said"),
    [
        ({}, "profile", "MECRA_YOUTUBE_API_KEY"),
        (PUBLIC, "daily", "mecra auth youtube"),
        ({"MECRA_YOUTUBE_REFRESH_TOKEN": google.REFRESH_TOKEN}, "profile", "MECRA_YOUTUBE_CLIENT_ID"),
        ({**OWNER, "MECRA_YOUTUBE_CLIENT_SECRET": "not-the-secret"}, "profile", "MECRA_YOUTUBE_CLIENT_ID"),
        ({**OWNER, "MECRA_YOUTUBE_REFRESH_TOKEN": "not-the-token"}, "profile", "mecra auth youtube"),
        ({"MECRA_YOUTUBE_API_KEY": "not-the-key"}, "profile", "MECRA_YOUTUBE_API_KEY"),
        ({"MECRA_YOUTUBE_REFRESH_TOKEN_FILE": "/nowhere"}, "profile", "/nowhere"),
    ],
)
def test_missing_and_wrong_credentials_are_refused_with_the_next_step(
    environ: dict[str, str], stream: str, said: str, small: Sandbox
) -> None:
    error = walk_through(small, stream, collector=make_collector(small, environ)).error
    assert isinstance(error, Refused)
    assert said in str(error)


# -- rows


def test_an_empty_page_with_a_cursor_goes_on(small: Sandbox) -> None:
    small.fault("empty-page-with-cursor")
    outcome = walk_through(small, "posts")
    assert outcome.error is None
    assert outcome.walk.pages == 2
    assert len(outcome.records.posts) == len(small.world.visible("youtube", small.now))


def test_an_id_that_comes_twice_is_asked_for_once_a_page(small: Sandbox) -> None:
    small.fault("duplicate-ids")
    outcome = walk_through(small, "posts")
    visible = small.world.visible("youtube", small.now)
    assert outcome.walk.pages == 2
    asked = [request.query["id"].split(",") for request in small.asked if request.path.endswith("/videos")]
    assert asked == [[p.post for p in visible]] * 2
    assert len(outcome.records.posts) == 2 * len(visible), "the second page is the first one again: stored once, by its id"
    assert {p.post for p in outcome.records.posts} == {p.post for p in visible}


def test_statistics_that_lack_are_gaps_and_the_video_is_kept(small: Sandbox) -> None:
    small.fault("missing-key")
    outcome = walk_through(small, "posts")
    visible = small.world.visible("youtube", small.now)
    assert {(g.metric, g.post) for g in outcome.records.gaps} == {(m, visible[0].post) for m in OURS.values()}
    assert len(outcome.records.posts) == len(visible)
    assert (visible[0].post, "views", None) not in outcome.values
    assert outcome.values[visible[1].post, "views", None] == small.world.counter(visible[1], "views", small.now)


def test_hidden_figures_are_gaps_with_their_reason_never_0(small: Sandbox) -> None:
    small.fault("hidden-likes")
    small.fault("hidden-subscribers")
    posts = walk_through(small, "posts").records
    assert {(g.metric, g.reason) for g in posts.gaps if g.post} == {
        ("likes", "the video's likes are hidden"),
        ("comments", "comments are switched off"),
    }
    profile = walk_through(small, "profile").records
    assert [(g.metric, g.reason) for g in profile.gaps] == [("followers", "the channel's subscriber count is not shown")]
    assert "followers" not in {r.metric for r in profile.readings}


def test_a_count_that_is_no_number_is_a_fault_that_names_video_and_field(small: Sandbox) -> None:
    small.fault("bad-number")
    outcome = walk_through(small, "posts")
    visible = small.world.visible("youtube", small.now)
    assert outcome.records.faults == (f"video {visible[0].post}: viewCount is no count: '12.5K'",)
    assert (visible[0].post, "likes", None) in outcome.values
    assert len(outcome.values) == 3 * len(visible) - 1 + 3, "all but one of the videos' figures, and the channel's three"


def test_a_falling_counter_is_kept_and_a_vanished_video_only_missing(small: Sandbox) -> None:
    small.fault("falling-counter")
    small.fault("vanished-post")
    visible = small.world.visible("youtube", small.now)
    outcome = walk_through(small, "posts")
    assert outcome.error is None
    assert {p.post for p in outcome.records.posts} == {p.post for p in visible[1:]}
    assert outcome.values[visible[1].post, "views", None] == small.world.counter(visible[1], "views", small.now) // 2


@pytest.mark.parametrize("fault", ["retired-metric", "unsupported-query"])
def test_a_retired_metric_is_marked_and_the_walk_goes_on_without_it(fault: str, small: Sandbox) -> None:
    small.fault(fault)
    outcome = walk_through(small, "daily")
    assert outcome.error is None
    assert outcome.walk.outcome == "partial"
    assert "shares" in outcome.walk.notes[0]
    assert outcome.walk.memo["dead"] == {"shares": "2026-01-12"}
    settled = {small.world.start + timedelta(days=n) for n in range((last_settled(small.now) - small.world.start).days)}
    assert {(g.metric, g.day, g.reason) for g in outcome.records.gaps} == {("shares", day, REFUSED) for day in settled}
    assert "shares" not in {metric for _, metric, _ in outcome.values}
    assert len({metric for _, metric, day in outcome.values if day}) == len(FLOWS) - 1
    small.asked.clear()
    again = walk_through(small, "daily", memo=outcome.walk.memo)
    assert (again.walk.outcome, small.counts()["youtube/v2/reports"]) == ("partial", 1), "not asked for again, and said each time"
    small.faults.clear()
    small.now += timedelta(days=30)
    assert walk_through(small, "daily", memo=outcome.walk.memo).walk.memo["dead"] == {}, "tried again after a month"


def test_a_query_that_nothing_can_be_asked_in_is_malformed_not_all_metrics_dead(small: Sandbox) -> None:
    """Analytics refuses everything: that is about the query, and no metric is given up for it."""
    collector = make_collector(small)
    refused = Unsupported("The query is not supported.", metric="", at="reports")

    class Stubborn(Client):
        def execute(self, request: Any) -> dict[str, Any]:
            raise refused

    collector._client = Stubborn(collector.door, collector._outfit.secrets)
    memo = {"channel": "UCornekbelediye0000000001", "uploads": "UU"}
    outcome = walk_through(small, "daily", collector=collector, memo=memo)
    assert isinstance(outcome.error, Malformed)


def _exchange(path: str, body: bytes) -> Exchange:
    return Exchange(datetime(2026, 7, 10, tzinfo=UTC), "GET", f"http://x{path}", 200, body, len(body))


REPORT = "/v2/reports?startDate=2026-06-01&endDate=2026-06-03&dimensions=day&metrics=views,likes"
HEADERS = b'"kind":"youtubeAnalytics#resultTable","columnHeaders":[{"name":"day"},{"name":"views"},{"name":"likes"}]'


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/youtube/v3/videos?part=statistics", b"{}"),
        ("/youtube/v3/playlistItems?part=contentDetails", b'{"kind":"youtube#videoListResponse","items":[]}'),
        ("/youtube/v3/videos?part=statistics", b'{"kind":"youtube#videoListResponse","items":[7]}'),
        ("/youtube/v3/channels?part=statistics", b'{"kind":"youtube#channelListResponse","items":[{"statistics":{}}]}'),
        ("/youtube/v3/search?part=snippet", b'{"items":[]}'),
        ("/youtube/v3/videos?part=id", b'{"kind":"youtube#videoListResponse","pageInfo":{"totalResults":3}}'),
        ("/v2/reports?dimensions=day", b"{}"),
        (REPORT.replace("dimensions=day", "dimensions=month"), b"{" + HEADERS + b"}"),
        ("/v2/reports?dimensions=day", b"<html>"),
        ("/v2/reports?dimensions=day", b"{" + HEADERS + b"}"),
        (REPORT.replace("2026-06-03", "soon"), b"{" + HEADERS + b"}"),
        ("/v2/reports", b"[]"),
    ],
)
def test_an_answer_that_is_not_what_was_asked_for_is_malformed(path: str, body: bytes, small: Sandbox) -> None:
    with pytest.raises(Malformed) as caught:
        make_collector(small).read(ACCOUNT, _exchange(path, body))
    assert caught.value.at
    assert caught.value.cure


def test_rows_of_a_report_that_cannot_be_read_are_faults_and_good_ones_are_kept(small: Sandbox) -> None:
    rows = b'[["2026-06-01",5,"6"],["2026-06-02","many",null],["soon",1,2],[1]]'
    records = make_collector(small).read(ACCOUNT, _exchange(REPORT, b"{" + HEADERS + b',"rows":' + rows + b"}"))
    assert [(r.metric, r.value, r.day) for r in records.readings] == [
        ("views", 5, date(2026, 6, 1)),
        ("likes", 6, date(2026, 6, 1)),
    ]
    assert [f.split(":")[0] for f in records.faults] == ["2026-06-02"] + [
        "a row of the report from 2026-06-01 to 2026-06-03 names no day"
    ] * 2
    daily = [(g.metric, g.day) for g in records.gaps if g.reason == NO_DAY]
    assert daily == [("likes", date(2026, 6, 2)), ("views", date(2026, 6, 3)), ("likes", date(2026, 6, 3))]
    assert {g.metric for g in records.gaps if g.reason == REFUSED} == OF_DAYS - {"views", "likes"}, "not asked for any more"


def test_no_rows_is_no_data_and_not_zeros(small: Sandbox) -> None:
    records = make_collector(small).read(ACCOUNT, _exchange(REPORT, b"{" + HEADERS + b"}"))
    assert records.readings == ()
    days = [date(2026, 6, n) for n in (1, 2, 3)]
    assert {(g.metric, g.day) for g in records.gaps} == {(ours, day) for ours in OF_DAYS for day in days}
    assert {(g.metric, g.reason) for g in records.gaps} == {(m, NO_DAY if m in ("views", "likes") else REFUSED) for m in OF_DAYS}


@pytest.mark.parametrize(
    ("read_on", "account", "wanted"),
    [
        (date(2026, 6, 4), ACCOUNT, []),
        (date(2026, 6, 6), ACCOUNT, [1]),
        (date(2026, 6, 7), ACCOUNT, [1, 2]),
        (date(2026, 6, 7), replace(ACCOUNT, since=date(2026, 6, 2)), [2]),
        (date(2026, 6, 7), replace(ACCOUNT, until=date(2026, 6, 1)), [1]),
    ],
)
def test_a_day_is_a_gap_when_it_is_settled_and_counts(read_on: date, account: Account, wanted: list[int], small: Sandbox) -> None:
    """Six in the morning UTC is the evening before in California; Analytics is up to 72 hours late."""
    answer = replace(_exchange(REPORT, b"{" + HEADERS + b"}"), at=datetime.combine(read_on, time(6), UTC))
    gaps = make_collector(small).read(account, answer).gaps
    assert sorted({g.day.day for g in gaps if g.day}) == wanted


def test_days_before_the_channel_began_are_not_asked_for(small: Sandbox) -> None:
    account = replace(ACCOUNT, remote_id=small.world.accounts["youtube"].remote_id)
    walk_through(small, "daily", account=account, since=datetime(2011, 1, 1, tzinfo=UTC))
    asked = [r.query["startDate"] for r in small.asked if r.path == "/v2/reports"]
    assert min(asked) == "2012-04-23"


def test_a_first_walk_before_the_first_day_begins_in_california_asks_for_none(small: Sandbox) -> None:
    small.now = datetime(2026, 1, 1, 5, tzinfo=UTC)
    began = datetime(2025, 12, 31, 21, tzinfo=UTC)
    outcome = walk_through(small, "daily", since=began)
    assert outcome.walk.outcome == "done" and "youtube/v2/reports" not in small.counts()
    small.now = datetime(2026, 1, 9, 5, tzinfo=UTC)
    later = walk_through(small, "daily", since=outcome.walk.started_at - timedelta(hours=1), memo=outcome.walk.memo)
    assert min(r.day for r in later.records.readings if r.day) == date(2026, 1, 1)
    assert later.records.gaps == ()


@pytest.mark.parametrize(
    ("raw", "good"),
    [("17", True), (17, True), ("-1", False), (True, False), (1.5, False), ("1e3", False), ("९", False), (2**70, False)],
)
def test_what_counts_as_a_count(raw: Any, good: bool, small: Sandbox) -> None:
    value = {"kind": "youtube#videoListResponse", "items": [{"id": "v", "statistics": {"viewCount": raw}}]}
    exchange = replace(_exchange("/youtube/v3/videos?part=statistics&id=v", b"{}"), parsed=value)
    records = make_collector(small).read(ACCOUNT, exchange)
    assert (len(records.readings), len(records.faults)) == ((1, 0) if good else (0, 1))


def test_an_announced_broadcast_is_no_post_yet(small: Sandbox) -> None:
    snippet = {"publishedAt": "2026-06-01T10:00:00Z", "title": "t", "liveBroadcastContent": "upcoming"}
    value = {"kind": "youtube#videoListResponse", "items": [{"id": "v", "snippet": snippet}]}
    exchange = replace(_exchange("/youtube/v3/videos?part=snippet&id=v", b"{}"), parsed=value)
    assert make_collector(small).read(ACCOUNT, exchange).posts == ()


# -- errors that the sandbox does not make


def _google_error(status: int, reason: str, message: str = "no", path: str = "/youtube/v3/videos", **more: Any) -> Answer:
    error = {"code": status, "message": message, "errors": [{"reason": reason, "domain": "d"}], **more}
    return Answer("GET", f"https://x{path}", status, {}, b"{}", datetime(2026, 7, 1, 6, tzinfo=UTC), {"error": error})


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (_google_error(403, "dailyLimitExceeded"), RateLimited),
        (
            _google_error(429, "rateLimitExceeded", "Quota exceeded for quota metric 'Queries' and limit 'Queries per day'"),
            RateLimited,
        ),
        (_google_error(403, "userRateLimitExceeded"), RateLimited),
        (_google_error(400, "keyInvalid"), Refused),
        (_google_error(403, "accessNotConfigured"), Refused),
        (_google_error(403, "forbidden", details=[{"reason": "API_KEY_SERVICE_BLOCKED"}]), Refused),
        (_google_error(401, "authError"), Refused),
        (_google_error(404, "channelNotFound"), Gone),
        (_google_error(403, "playlistItemsNotAccessible"), Gone),
        (_google_error(400, "invalidPageToken"), Expired),
        (
            _google_error(400, "badRequest", "Unknown identifier (redViews) given in field parameters.metrics.", "/v2/reports"),
            Unsupported,
        ),
        (_google_error(403, "forbidden", path="/v2/reports"), Refused),
    ],
    ids=lambda value: next(iter(value.value["error"]["errors"]))["reason"] if isinstance(value, Answer) else "",
)
def test_googles_errors_in_our_words(answer: Answer, outcome: type[CollectError]) -> None:
    with pytest.raises(outcome) as caught:
        judge(answer)
    assert caught.value.cure
    if isinstance(caught.value, RateLimited):
        daily = "day" in caught.value.what
        assert caught.value.until == (next_quota_day(answer.now) if daily else answer.now + timedelta(minutes=2))


def test_an_unknown_refusal_is_left_to_the_door() -> None:
    judge(_google_error(418, "teapot"))
    judge(_google_error(503, "backendError"))


# -- the way out


def test_no_secret_in_logs_archive_and_exceptions(box: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    for fault, stream, match, _ in [("", "daily", "", CollectError), *REFUSALS]:
        for environ in (OWNER, PUBLIC):
            box.faults.clear()
            if fault:
                box.fault(fault, match)
            outcome = walk_through(box, stream, collector=make_collector(box, environ, attempts=2))
            seen += [f"{e.url} {e.body.decode('utf-8', 'replace')}" for e in outcome.exchanges]
            error: BaseException | None = outcome.error
            while error is not None:
                seen += [*traceback.format_exception(error, chain=True), repr(vars(error))]
                error = error.__cause__ or error.__context__
    issued = list(box.state["youtube.tokens"])
    assert issued
    assert all("key=" not in request.base and "key" not in request.query for request in box.asked)
    text = "\n".join(seen) + caplog.text
    for secret in (google.REFRESH_TOKEN, google.CLIENT_SECRET, google.KEY, *issued):
        assert secret not in text


def test_an_access_token_is_a_secret_from_its_first_use(small: Sandbox) -> None:
    collector = make_collector(small)
    walk_through(small, "profile", collector=collector)
    (issued,) = small.state["youtube.tokens"]
    assert collector.door.secrets.redact(f"it was {issued}") == "it was ***"


def test_third_persons_and_what_nobody_needs_are_not_archived(small: Sandbox) -> None:
    outcome = walk_through(small, "posts")
    text = "".join(exchange.body.decode() for exchange in outcome.exchanges)
    for word in ("channelTitle", "description", "tags", "thumbnails", "etag", "access_token"):
        assert word not in text


def test_requests_cost_units_in_the_bucket_of_their_own(small: Sandbox) -> None:
    exchanges = walk_through(small, "posts").exchanges + walk_through(small, "daily").exchanges
    assert {(e.bucket, e.cost) for e in exchanges} == {("youtube.data", 1), ("youtube.analytics", 1), ("youtube.token", 0)}
    assert bucket("/youtube/v3/videos:batchGetStats") == "youtube.batchGetStats"
    assert units("/youtube/v3/videos:batchGetStats") == 1


@pytest.mark.parametrize(
    ("stream", "remote_id", "wanted"),
    [
        ("profile", "", ["/youtube/v3/channels?forHandle=@ornekbelediye"]),
        ("posts", "", ["/youtube/v3/channels?forHandle=@ornekbelediye", "/youtube/v3/playlistItems?playlistId=:uploads",
                       "/youtube/v3/videos?id=:up-to-50-videos"]),
        ("posts", "UCornekbelediye0000000001", ["/youtube/v3/channels?id=UCornekbelediye0000000001",
                       "/youtube/v3/playlistItems?playlistId=UUornekbelediye0000000001", "/youtube/v3/videos?id=:up-to-50-videos"]),
        ("daily", "", ["/youtube/v3/channels?forHandle=@ornekbelediye", "/v2/reports?ids=channel==:channel"]),
    ],
)  # fmt: skip
def test_a_dry_run_plans_every_request_of_the_first_page_and_fetches_no_token(
    stream: str, remote_id: str, wanted: list[str], small: Sandbox
) -> None:
    collector = make_collector(small, dry=True)
    account = replace(ACCOUNT, remote_id=remote_id)
    collector.fetch(account, stream, Walk(1, account.account, stream, small.now, small.now - timedelta(days=3), "manual"))
    assert [(method, cost) for method, _, cost in collector.door.planned] == [("GET", 1)] * len(wanted)
    for (_, url, _), part in zip(collector.door.planned, wanted, strict=True):
        path, _, query = part.partition("?")
        name, _, value = query.partition("=")
        asked = urlsplit(url)
        assert (asked.path.removeprefix("/youtube"), dict(parse_qsl(asked.query))[name]) == (path, value)
    assert not small.asked
    with pytest.raises(Refused):
        make_collector(small, PUBLIC, dry=True).fetch(
            account, "daily", Walk(1, "youtube:x", "daily", small.now, small.now, "manual")
        )


def test_making_a_collector_imports_no_sdk() -> None:
    """`mecra status` must answer fast."""
    code = "import sys, collectors.youtube; sys.exit(any(m.partition('.')[0] in ('googleapiclient', 'google', 'httplib2') for m in sys.modules))"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_a_circle_of_cursors_is_seen_however_long_it_is() -> None:
    place = Place()
    for token in ("a", "b", "c"):
        place = Place.named(place.next(token))
    assert place.token == "c"
    with pytest.raises(Malformed, match="the same cursor again"):
        place.next("a")
    assert Place.named("not ours") == Place()


def test_a_resumed_walk_asks_for_no_page_again(box: Sandbox) -> None:
    collector = make_collector(box)
    start = Walk(1, ACCOUNT.account, "posts", box.now, datetime(2026, 1, 1, tzinfo=UTC), "manual")
    first = collector.fetch(ACCOUNT, "posts", start)
    resumed: YouTube = make_collector(box)
    box.asked.clear()
    last = resumed.fetch(ACCOUNT, "posts", start.after(first, box.now))
    assert last.cursor is None
    assert box.counts() == {"youtube/token": 1, "youtube/youtube/v3/playlistItems": 1, "youtube/youtube/v3/videos": 1}


def test_every_metric_says_what_it_means() -> None:
    known = table("youtube")
    assert (SHIPPED / "youtube.toml").exists()
    assert all(metric.meaning for metric in known.metrics)
    assert {metric.stream for metric in known.metrics} == set(YouTube.streams)


def test_the_access_tokens_of_months_do_not_pile_up() -> None:
    """One an hour: each would make every later answer slower to strip."""
    secrets = Secrets({})
    for n in range(1000):
        secrets.remember(f"ya29.token-{n:04}")
        assert secrets.strip(f"Bearer ya29.token-{n:04}") == "Bearer ***"
    assert secrets._forms is not None
    assert len(secrets._forms) < 200
