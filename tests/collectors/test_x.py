"""X against the sandbox: what is stored is what the world held, and each failure has its name."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.base import CollectError, Expired, Gone, Malformed, OverBudget, RateLimited, Refused, Unavailable, Unsupported
from collectors.budget import Budget, limits
from collectors.http import Answer, Door, Line, Outfit
from collectors.x import X
from collectors.x_answers import judge
from config.secrets import Secrets
from model import Account, Exchange, Records, Walk
from sandbox.faults import WAY
from sandbox.server import Sandbox
from sandbox.world import World
from sandbox.x_faults import FAULTS
from sandbox.x_posts import posts_total

NOW = datetime(2026, 2, 1, 6, tzinfo=UTC)
ACCOUNT = Account("x:ornekbelediye", "x", "ornekbelediye")
USER = "1480000000000000001"
OAUTH1 = {
    "MECRA_X_API_KEY": "sandbox-x-key", "MECRA_X_API_SECRET": "sandbox-x-key-secret",
    "MECRA_X_ACCESS_TOKEN": "sandbox-x-access", "MECRA_X_ACCESS_SECRET": "sandbox-x-access-secret",
}  # fmt: skip
APP = {"MECRA_X_BEARER_TOKEN": "sandbox-x-bearer"}
FIGURES = {"views", "likes", "comments", "shares", "quotes", "saves"}


@pytest.fixture(scope="module")
def world() -> World:
    return World(start=date(2025, 12, 28), end=date(2026, 2, 1))


@pytest.fixture
def box(world: World) -> Iterator[Sandbox]:
    with Sandbox(world, now=NOW) as box:
        yield box


def made(
    box: Sandbox,
    environ: Mapping[str, str] = OAUTH1,
    *,
    path: Path | None = None,
    dry: bool = False,
    budget: Budget | None = None,
    **settings: Any,
) -> X:
    patience = 0.4 if any(fault.name == "timeout" for fault in box.faults) else 20.0
    secrets = Secrets(environ, path)

    def door(line: Line) -> Door:
        return Door(
            line,
            now=lambda: box.now,
            secrets=secrets,
            sleep=lambda _: None,
            attempts=2,
            timeout=(1, patience),
            dry=dry,
            budget=budget,
        )

    return X(Outfit({"api_root": f"{box.url}/x", **settings}, secrets, lambda: box.now, door))


def begun(stream: str, days: int = 60, **more: Any) -> Walk:
    return replace(Walk(1, ACCOUNT.account, stream, NOW, NOW - timedelta(days=days), "test"), **more)


class Attempt:
    """One attempt at a walk: the pages until it is complete or fails, as the page loop goes about it."""

    def __init__(self, x: X, walk: Walk, account: Account = ACCOUNT) -> None:
        self.error: CollectError | None = None
        self.exchanges: list[Exchange] = []
        parts: list[Records] = []
        while walk.finished_at is None:
            page = None
            try:
                page = x.fetch(account, walk.stream, walk)
            except CollectError as error:
                self.error = error
            for exchange in x.door.take():
                self.exchanges.append(exchange)
                if exchange.status == 200 and exchange.body:
                    try:
                        parts.append(x.read(account, exchange))
                    except CollectError as error:
                        self.error = self.error or error
            if self.error or page is None:
                break
            walk = walk.after(page, NOW)
        self.walk, self.records = walk, Records.joined(parts)

    @property
    def figures(self) -> dict[tuple[str | None, str], int]:
        return {(r.post, r.metric): r.value for r in self.records.readings}


def truth(world: World, at: datetime, metrics: set[str], since: datetime | None = None) -> dict[tuple[str | None, str], int]:
    return {
        (p.post, metric): world.counter(p, metric, at)
        for p in world.visible("x", at)
        for metric in metrics
        if since is None or p.published_at >= since
    }


# -- what is stored is what the world held


@pytest.mark.parametrize("dialect", ["tweet", "post"])
@pytest.mark.parametrize("environ", [OAUTH1, APP], ids=["user", "app"])
def test_posts_and_profile_equal_the_world(box: Sandbox, world: World, dialect: str, environ: dict[str, str]) -> None:
    box.state.update(x_dialect=dialect, x_page=17, x_ignores_exclude=True)
    profile = Attempt(made(box, environ), begun("profile"))
    assert profile.figures == {(None, "followers"): world.followers("x", NOW), (None, "posts_total"): posts_total(world, NOW)}
    assert profile.records.profile is not None
    assert profile.records.profile.remote_id == USER
    posts = Attempt(made(box, environ, dialect=dialect), begun("posts"))
    assert posts.error is None
    assert not posts.records.faults
    assert not posts.records.gaps
    assert posts.walk.outcome == "done"
    own = {k: v for k, v in posts.figures.items() if k[0]}
    assert own == truth(world, NOW, FIGURES)
    shown = {p.post: p for p in posts.records.posts}
    assert {k: (p.published_at, p.text) for k, p in shown.items()} == {
        p.post: (p.published_at.replace(microsecond=0), p.text) for p in world.visible("x", NOW)
    }
    assert len(posts.records.posts) == len(shown)
    assert any(p.edited for p in world.visible("x", NOW))


@pytest.mark.parametrize("dialect", ["tweet", "post"])
def test_private_figures_are_of_the_last_29_days_and_stand_alone(box: Sandbox, world: World, dialect: str) -> None:
    box.state["x_dialect"] = dialect
    attempt = Attempt(made(box, dialect=dialect), begun("private", days=29))
    own = {k: v for k, v in attempt.figures.items() if k[0]}
    since = NOW - timedelta(days=29)
    assert own == truth(world, NOW, {"clicks", "profile_clicks", "engagements", "views_organic"}, since)
    assert own
    assert not attempt.records.posts
    asked = box.asked[-1].query
    assert asked["start_time"] == "2026-01-03T06:00:00Z"
    assert "public_metrics" not in asked[f"{dialect}.fields"].split(",")


def test_a_backfill_asks_private_figures_of_no_older_post(box: Sandbox) -> None:
    Attempt(made(box), begun("private", days=400))
    assert box.asked[-1].query["start_time"] == "2026-01-03T06:00:00Z"


def test_private_figures_are_not_asked_without_the_authors_tokens(box: Sandbox) -> None:
    attempt = Attempt(made(box, APP), begun("private"))
    assert attempt.walk.outcome == "partial"
    assert "author" in attempt.walk.notes[0]
    assert not any("non_public" in str(request.query) for request in box.asked)
    assert X.streams["private"].needs == ("access_token",)


def test_retweets_and_replies_are_not_credited_and_not_kept(box: Sandbox, world: World) -> None:
    box.state["x_ignores_exclude"] = True
    attempt = Attempt(made(box), begun("posts"))
    assert {p.post for p in attempt.records.posts} == {p.post for p in world.visible("x", NOW)}
    assert max(attempt.figures[p.post, "views"] for p in attempt.records.posts) < 100_000
    kept = b"".join(e.body for e in attempt.exchanges).decode()
    assert '"retweeted"' in kept
    assert "vatandas_" not in kept
    assert "Vatandaş" not in kept
    assert '"77000' not in kept


def test_replies_count_where_the_settings_say_so(box: Sandbox, world: World) -> None:
    attempt = Attempt(made(box, count_replies=True), begun("posts"))
    kinds = [p.kind for p in attempt.records.posts]
    assert kinds.count("post") == len(world.visible("x", NOW))
    assert kinds.count("reply") > 5
    assert '"77000' not in b"".join(e.body for e in attempt.exchanges).decode()


def test_an_edited_post_is_one_under_its_first_id() -> None:
    x = X(Outfit({}, Secrets({}), lambda: NOW, lambda line: Door(line, now=lambda: NOW, secrets=Secrets({}))))
    first, second = "1577730467436138524", "1577733000000000000"
    for names in (("edit_history_tweet_ids", "retweet_count"), ("edit_history_post_ids", "repost_count")):
        row = {"text": "a &amp; b", "created_at": "2022-10-05T19:00:00.000Z", names[0]: [first, second]}
        value = {
            "data": [
                {**row, "id": second, "public_metrics": {names[1]: 9}},
                {**row, "id": first, names[0]: [first], "public_metrics": {names[1]: 4}, "created_at": "2022-10-05T18:40:30.000Z"},
            ],
            "meta": {"result_count": 2},
        }
        records = x.read(ACCOUNT, exchange(value))
        assert [(p.post, p.published_at, p.text) for p in records.posts] == [
            (first, datetime(2022, 10, 5, 18, 40, 30, tzinfo=UTC), "a & b")
        ]
        assert [(r.metric, r.value) for r in records.readings] == [("shares", 9)]


def exchange(value: Any, path: str = f"/2/users/{USER}/tweets", query: str = "tweet.fields=public_metrics") -> Exchange:
    body = json.dumps(value).encode()
    return Exchange(NOW, "GET", f"https://api.x.com{path}?{query}", 200, body, len(body))


# -- dialects


def test_the_dialect_is_switched_once_and_remembered(box: Sandbox) -> None:
    box.state.update(x_dialect="post", x_page=40)
    attempt = Attempt(made(box), begun("posts"))
    statuses = [e.status for e in attempt.exchanges]
    assert statuses.count(400) == 1
    assert attempt.walk.memo["dialect"] == "post"
    again = Attempt(made(box), begun("posts", memo=attempt.walk.memo))
    assert {e.status for e in again.exchanges} == {200}
    assert again.figures == {k: v for k, v in attempt.figures.items() if k[0]}


def test_a_dialect_that_brings_no_figures_is_not_believed(box: Sandbox) -> None:
    box.state["x_page"] = 1  # the fault takes the figures of the first row: here of every row
    box.fault("missing-key", "/tweets")
    attempt = Attempt(made(box), begun("posts"))
    assert isinstance(attempt.error, Malformed)
    assert "either dialect" in str(attempt.error)
    assert len(attempt.records.posts) == 1
    assert not {m for p, m in attempt.figures if p}


def test_a_dialect_that_is_none_is_said(box: Sandbox) -> None:
    error = Attempt(made(box, dialect="toot"), begun("posts")).error
    assert isinstance(error, Refused)
    assert "tweet or post" in str(error)


# -- each fault has its name, and the good rows are kept

OUTCOMES: dict[str, type[CollectError] | None] = {
    "error-200": Malformed, "html-200": Malformed, "empty-body": Malformed, "cut-body": Unavailable, "wrong-length": Unavailable,
    "429-seconds": RateLimited, "429-date": RateLimited, "429-nothing": RateLimited, "429-text": RateLimited, "usage-cap": RateLimited,
    "500": Unavailable, "timeout": Unavailable, "reset": Unavailable, "credits": Refused,
    "expired-token": Refused, "missing-permission": Refused, "repeated-cursor": Malformed, "expired-cursor": Expired,
    "empty-page-with-cursor": None, "duplicate-ids": None, "retired-metric": None, "vanished-post": None, "falling-counter": None,
    "missing-key": None, "number-as-string": None,
}  # fmt: skip


def test_every_fault_has_an_outcome() -> None:
    assert set(OUTCOMES) == (set(WAY) | set(FAULTS)) - {"huge", "gzip-bomb"}  # the door's own tests have these


@pytest.mark.parametrize("fault", [name for name, outcome in OUTCOMES.items() if outcome])
def test_a_fault_on_the_second_page_keeps_the_first(box: Sandbox, world: World, fault: str) -> None:
    box.state["x_page"] = 10
    box.fault(fault, "/tweets", skip=1)
    attempt = Attempt(made(box), begun("posts"))
    assert type(attempt.error) is OUTCOMES[fault] or (OUTCOMES[fault] is Refused and isinstance(attempt.error, Refused))
    assert "/tweets" in str(attempt.error)
    assert {k: v for k, v in attempt.figures.items() if k[0]}.items() <= truth(world, NOW, FIGURES).items()
    assert 5 < len(attempt.records.posts) < 21
    box.faults.clear()
    cursor = None if isinstance(attempt.error, Expired) else attempt.walk.cursor
    rest = Attempt(made(box), replace(attempt.walk, cursor=cursor))
    assert rest.error is None
    assert {**attempt.figures, **rest.figures}.items() >= truth(world, NOW, FIGURES).items()


@pytest.mark.parametrize("fault", [name for name, outcome in OUTCOMES.items() if outcome and "cursor" not in name])
def test_the_profile_says_the_same_fault(box: Sandbox, fault: str) -> None:
    box.fault(fault, "/users/me")
    attempt = Attempt(made(box), begun("profile"))
    assert isinstance(attempt.error, OUTCOMES[fault] or CollectError)
    assert "/2/users/me" in str(attempt.error)
    assert not attempt.records.readings


def test_one_failure_is_got_over_in_the_door(box: Sandbox, world: World) -> None:
    box.fault("500", "/tweets", times=1)
    attempt = Attempt(made(box), begun("posts"))
    assert attempt.error is None
    assert attempt.figures.items() >= truth(world, NOW, FIGURES).items()


def test_an_empty_page_with_a_cursor_is_gone_on_from(box: Sandbox, world: World) -> None:
    box.fault("empty-page-with-cursor", "/tweets")
    attempt = Attempt(made(box), begun("posts"))
    assert attempt.walk.outcome == "done"
    assert len(attempt.exchanges) == 3
    assert attempt.figures.items() >= truth(world, NOW, FIGURES).items()


def test_posts_that_stand_on_two_pages_have_one_key(box: Sandbox, world: World) -> None:
    box.state["x_page"] = 10
    box.fault("duplicate-ids", "/tweets")
    attempt = Attempt(made(box), begun("posts"))
    posts = [p.post for p in attempt.records.posts]
    assert len(posts) > len(set(posts)) == len(world.visible("x", NOW))
    assert attempt.figures.items() >= truth(world, NOW, FIGURES).items()


def test_a_metric_that_is_gone_is_a_gap_and_not_0(box: Sandbox, world: World) -> None:
    box.fault("retired-metric", "/tweets")
    attempt = Attempt(made(box), begun("posts"))
    assert {k: v for k, v in attempt.figures.items() if k[0]} == truth(world, NOW, FIGURES - {"views"})
    assert {(g.post, g.metric, g.reason) for g in attempt.records.gaps} == {
        (p.post, "views", "impression_count did not come") for p in world.visible("x", NOW)
    }


def test_a_row_without_its_figures_is_a_fault_and_the_post_is_kept(box: Sandbox, world: World) -> None:
    box.fault("missing-key", "/tweets")
    attempt = Attempt(made(box), begun("posts"))
    newest = attempt.records.posts[0].post
    assert len(attempt.records.posts) == len(world.visible("x", NOW))
    assert list(attempt.records.faults) == [f"post {newest}: public_metrics was asked for and did not come"]
    assert {g.metric for g in attempt.records.gaps} == FIGURES
    assert (newest, "views") not in attempt.figures


def test_a_vanished_post_is_not_seen_and_a_fallen_counter_is_kept_as_it_is(box: Sandbox, world: World) -> None:
    box.fault("vanished-post", "/tweets")
    box.fault("falling-counter", "/tweets")
    attempt = Attempt(made(box), begun("posts"))
    seen = {p.post for p in attempt.records.posts}
    assert len(seen) == len(world.visible("x", NOW)) - 1
    expected = {k: v // 2 for k, v in truth(world, NOW, FIGURES).items() if k[0] in seen}
    assert {k: v for k, v in attempt.figures.items() if k[0]} == expected
    assert not attempt.records.faults


def test_digits_in_a_string_are_a_number_and_nothing_else_is(box: Sandbox, world: World) -> None:
    box.fault("number-as-string", "/tweets")
    attempt = Attempt(made(box), begun("posts"))
    assert attempt.figures.items() >= truth(world, NOW, FIGURES).items()
    counts: list[Any] = ["1.2K", "", "-4", -4, True, 3.5, [], "１２", "9" * 40]
    for bad in counts:
        row = {"id": "1", "created_at": "2026-01-01T00:00:00Z", "public_metrics": {"like_count": bad, "reply_count": 2}}
        records = made(box).read(ACCOUNT, exchange({"data": [row], "meta": {"result_count": 1}}))
        assert [(r.metric, r.value) for r in records.readings] == [("comments", 2)]
        assert len(records.faults) == 1
        assert "like_count" in records.faults[0]


def test_rows_of_no_known_shape_are_faults_one_by_one(box: Sandbox) -> None:
    good = {"id": "5", "created_at": "2026-01-01T00:00:00Z", "public_metrics": {"like_count": 1}}
    bad: list[Any] = [
        None,
        7,
        {},
        {"id": "x", "created_at": "2026"},
        {"id": "6"},
        {**good, "edit_history_tweet_ids": ["y"]},
        {"id": None},
    ]
    records = made(box).read(ACCOUNT, exchange({"data": [*bad, good], "meta": {"result_count": 9}}))
    assert [p.post for p in records.posts] == ["5"]
    assert len(records.faults) == len(bad) + 1
    assert any("says it holds 9" in fault for fault in records.faults)


# -- what an answer means

PROBLEM = "https://api.{}.com/2/problems/"
CASES: list[tuple[int, Any, dict[str, str], type[CollectError]]] = [
    (429, {"title": "Too Many Requests", "type": "about:blank", "status": 429}, {"x-rate-limit-reset": "1769926500"}, RateLimited),
    (429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, {}, RateLimited),
    (402, {"title": "Payment Required", "detail": "credits depleted", "type": "https://api.twitter.com/2/problems/credits"}, {}, Refused),
    (401, {"errors": [{"message": "Invalid or expired token", "code": 89}]}, {}, Refused),
    (403, {"title": "Forbidden", "type": "about:blank", "status": 403}, {}, Refused),
    (404, {"title": "Not Found", "type": "about:blank"}, {}, Unavailable),
    (404, None, {}, Unavailable),
    (400, {"errors": [{"parameters": {"max_results": ["101"]}, "message": "too many"}], "title": "Invalid Request"}, {}, Malformed),
    (200, {"errors": [{"detail": "Could not find user", "type": "https://api.x.com/2/problems/resource-not-found"}]}, {}, Gone),
    (200, {"errors": [{"detail": "suspended", "type": "https://api.twitter.com/2/problems/not-authorized-for-resource"}]}, {}, Refused),
    (200, {"errors": [{"detail": "broken", "type": "https://api.x.com/2/problems/internal-error"}]}, {}, Unavailable),
    (200, {"title": "Too Many Requests", "status": 429, "type": "about:blank"}, {}, Malformed),
    (200, {}, {}, Malformed),
    (200, {"data": {"id": "1"}, "meta": {}}, {}, Malformed),
    (304, None, {}, Malformed),
]  # fmt: skip


def answered(status: int, value: Any, headers: dict[str, str], query: str = "tweet.fields=x") -> Answer:
    return Answer("GET", f"https://api.x.com/2/users/1/tweets?{query}", status, headers, json.dumps(value).encode(), NOW, value)


@pytest.mark.parametrize(("status", "value", "headers", "outcome"), CASES)
def test_an_answer_is_judged(status: int, value: Any, headers: dict[str, str], outcome: type[CollectError]) -> None:
    with pytest.raises(outcome) as raised:
        judge(answered(status, value, headers))
    assert raised.value.cure


def test_good_and_partial_answers_pass() -> None:
    for value in ({"meta": {"result_count": 0}}, {"data": [], "errors": [{"title": "Not Found Error"}]}):
        judge(answered(200, value, {}))
    for status in (500, 503, 429):
        if status != 429:
            judge(answered(status, None, {}))


def test_how_long_to_stay_away() -> None:
    def until(value: Any, headers: dict[str, str], status: int = 429, cap_day: int = 1) -> datetime:
        with pytest.raises(RateLimited) as raised:
            judge(answered(status, value, headers), cap_day)
        return raised.value.until

    cap = {"title": "UsageCapExceeded", "type": "https://api.twitter.com/2/problems/usage-capped", "period": "Monthly"}
    left = {"x-rate-limit-remaining": "39999", "x-rate-limit-reset": "1"}
    reset = NOW + timedelta(minutes=7)
    assert until({"title": "x"}, {"x-rate-limit-reset": str(int(reset.timestamp()))}) == reset + timedelta(seconds=1)
    assert until({"title": "x"}, {}) == NOW + timedelta(minutes=15, seconds=1)
    assert until({"title": "x"}, left) == NOW + timedelta(minutes=1)
    assert until(cap, left) == datetime(2026, 3, 1, tzinfo=UTC)
    assert until(cap, left, status=403, cap_day=12) == datetime(2026, 2, 12, tzinfo=UTC)
    assert until({**cap, "period": "Daily"}, left) == datetime(2026, 2, 2, tzinfo=UTC)


def test_a_refused_parameter_means_its_dialect_and_a_refused_token_its_page() -> None:
    unknown = {
        "errors": [{"message": "The query parameter [tweet.fields] is not one of [post.fields]"}],
        "title": "Invalid Request",
    }
    with pytest.raises(Unsupported) as raised:
        judge(answered(400, unknown, {}))
    assert raised.value.metric == "tweet.fields"
    stale = {"errors": [{"parameters": {"pagination_token": ["a"]}, "message": "not valid"}]}
    with pytest.raises(Expired):
        judge(answered(400, stale, {}, "pagination_token=a"))


def test_errors_about_others_posts_are_no_faults_and_errors_about_ours_are(box: Sandbox) -> None:
    errors = [
        {"section": "includes", "field": "x", "title": "Field Authorization Error"},
        {"parameter": "referenced_tweets.id", "resource_id": "9", "title": "Not Found Error"},
        {"section": "data", "field": "non_public_metrics", "title": "Field Authorization Error", "detail": "not authorized"},
    ]
    records = made(box).read(ACCOUNT, exchange({"data": [], "meta": {"result_count": 0}, "errors": errors}))
    assert len(records.faults) == 1
    assert "non_public_metrics" in records.faults[0]


def test_the_last_request_of_a_window_closes_the_door(box: Sandbox) -> None:
    box.state.update(x_limit=2, x_page=10)
    attempt = Attempt(made(box), begun("posts"))
    assert isinstance(attempt.error, RateLimited)
    assert attempt.error.until == NOW + timedelta(minutes=15)
    assert len([r for r in box.asked if r.path.endswith("/tweets")]) == 2


def test_an_account_that_is_not_there_is_gone(box: Sandbox) -> None:
    nobody = Account("x:kimse", "x", "kimse")
    error = Attempt(made(box), begun("profile"), nobody).error
    assert isinstance(error, Gone)
    assert "kimse" in str(error)


def test_the_list_that_ends_early_is_noted() -> None:
    world = World(start=date(2026, 1, 1), end=date(2026, 2, 1), scale=55.0, deletions=False)
    with Sandbox(world, now=NOW) as box:
        attempt = Attempt(made(box), begun("posts"))
    assert len(world.visible("x", NOW)) > 3_300
    assert 3_000 < len(attempt.records.posts) <= 3_200
    assert attempt.walk.outcome == "partial"
    assert "3200" in attempt.walk.notes[0]


# -- money


def test_a_quote_is_never_below_the_price(box: Sandbox) -> None:
    spent: list[tuple[str, int]] = []

    class Watching(Budget):
        def check(self, bucket: str, now: datetime, quote: int) -> None:
            spent.append((bucket, quote))

    budget = Watching((), lambda bucket, since: (0, 0))
    attempt = Attempt(made(box, budget=budget), begun("posts"))
    assert [(e.bucket, e.cost <= quote) for e, (_, quote) in zip(attempt.exchanges, spent, strict=True)] == [("x", True)] * len(
        spent
    )
    user, page = attempt.exchanges
    rows = len(json.loads(page.body)["data"])
    assert (user.cost, page.cost, spent[1][1]) == (10_000, rows * 1_000, 100_000)


@pytest.mark.parametrize(("environ", "settings"), [(APP, {}), (OAUTH1, {"owned_reads": False})])
def test_without_owned_reads_a_post_costs_five_times_as_much(
    box: Sandbox, environ: dict[str, str], settings: dict[str, Any]
) -> None:
    attempt = Attempt(made(box, environ, **settings), begun("posts", days=3))
    assert attempt.exchanges[-1].cost == 5_000 * len(json.loads(attempt.exchanges[-1].body)["data"])


def test_no_request_over_the_budget(box: Sandbox) -> None:
    budget = Budget(limits({"x": {"cost_per_day": 50_000}}), lambda bucket, since: (0, 0))
    attempt = Attempt(made(box, budget=budget), begun("posts"))
    assert isinstance(attempt.error, OverBudget)
    assert box.counts() == {"x/2/users/me": 1}


def test_a_dry_run_names_the_requests_and_their_price(box: Sandbox) -> None:
    x = made(box, dry=True)
    with pytest.raises(CollectError):
        x.fetch(ACCOUNT, "posts", begun("posts"))
    assert [(url.split("?")[0].removeprefix(box.url), cost) for _, url, cost in x.door.planned] == [
        ("/x/2/users/me", 10_000), ("/x/2/users/:id/tweets", 100_000),
    ]  # fmt: skip
    with pytest.raises(CollectError):
        x.fetch(replace(ACCOUNT, remote_id=USER), "private", begun("private"))
    assert x.door.planned[-1][1].startswith(f"{box.url}/x/2/users/{USER}/tweets?")
    assert not box.asked


# -- tokens


def test_the_id_is_asked_for_once(box: Sandbox) -> None:
    memo = Attempt(made(box), begun("posts")).walk.memo
    Attempt(made(box), begun("posts", memo=memo))
    Attempt(made(box), begun("private", memo=memo))
    assert box.counts()["x/2/users/me"] == 1
    profile = Attempt(made(box), begun("profile", memo=memo))
    assert profile.figures
    assert box.asked[-1].path == f"/2/users/{USER}"
    Attempt(made(box, APP), begun("posts", memo=memo))  # other tokens: whether the reads are owned is asked anew
    assert box.counts()[f"x/2/users/by/username/{ACCOUNT.handle}"] == 1


def test_a_known_id_needs_no_look_up(box: Sandbox) -> None:
    attempt = Attempt(made(box, APP), begun("posts"), replace(ACCOUNT, remote_id=USER))
    assert len(attempt.exchanges) == 1


def test_tokens_of_another_account_read_this_one_as_a_stranger(box: Sandbox, world: World) -> None:
    other = replace(ACCOUNT, handle="baskasi", account="x:baskasi")
    error = Attempt(made(box), begun("posts"), other).error
    assert isinstance(error, Gone)  # the sandbox has no other account: what matters is that our own is not taken for it
    assert [r.path for r in box.asked] == ["/2/users/me", "/2/users/by/username/baskasi"]


def test_no_tokens_is_refused_with_the_names_of_the_variables(box: Sandbox) -> None:
    error = Attempt(made(box, {"MECRA_X_API_KEY": "sandbox-x-key"}), begun("profile")).error
    assert isinstance(error, Refused)
    assert "MECRA_X_ACCESS_TOKEN" in str(error)
    assert "MECRA_X_API_KEY" not in str(error)
    assert "mecra auth x" in str(error)


def test_a_wrong_signature_is_refused(box: Sandbox) -> None:
    error = Attempt(made(box, {**OAUTH1, "MECRA_X_ACCESS_SECRET": "not-the-secret"}), begun("profile")).error
    assert isinstance(error, Refused)


def test_whoami(box: Sandbox) -> None:
    assert made(box).whoami() == (USER, "ornekbelediye")
    with pytest.raises(Refused):
        made(box, APP).whoami()


@pytest.fixture
def secrets_file(tmp_path: Path) -> Path:
    path = tmp_path / "secrets.toml"
    Secrets({}, path).put(
        "x", refresh_token="sandbox-x-refresh", client_id="sandbox-x-client", client_secret="sandbox-x-client-secret"
    )
    return path


def test_oauth2_tokens_are_renewed_and_kept_before_use(box: Sandbox, world: World, secrets_file: Path) -> None:
    first = Attempt(made(box, {}, path=secrets_file), begun("posts"))
    assert first.error is None
    assert first.figures.items() >= truth(world, NOW, FIGURES).items()
    assert Secrets({}, secrets_file).get("x", "refresh_token") == "sandbox-x-refresh-1"
    other = made(box, {}, path=secrets_file)  # knows the tokens of now
    box.now = NOW + timedelta(hours=3)
    Attempt(made(box, {}, path=secrets_file), begun("profile"))
    assert Secrets({}, secrets_file).get("x", "access_token2") == "sandbox-x-user-2"
    assert Attempt(other, begun("profile")).error is None  # finds the newer ones in the file instead of using the old refresh token
    assert box.counts()["x/2/oauth2/token"] == 2
    box.now = NOW


def test_two_at_once_renew_once(box: Sandbox, secrets_file: Path) -> None:
    results: list[Attempt] = []
    threads = [
        threading.Thread(target=lambda: results.append(Attempt(made(box, {}, path=secrets_file), begun("profile"))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [attempt.error for attempt in results] == [None] * 4
    assert box.counts()["x/2/oauth2/token"] == 1


def test_a_refresh_token_used_twice_is_refused(box: Sandbox, secrets_file: Path) -> None:
    box.state["x_refresh"] = "something-else"
    error = Attempt(made(box, {}, path=secrets_file), begun("profile")).error
    assert isinstance(error, Refused)
    assert "refresh token" in str(error)
    assert "mecra auth x" in str(error)


def test_a_refresh_token_in_the_environment_is_pointed_out_and_the_new_one_kept(box: Sandbox, tmp_path: Path) -> None:
    environ = {"MECRA_X_REFRESH_TOKEN": "sandbox-x-refresh", "MECRA_X_CLIENT_ID": "sandbox-x-client"}
    error = Attempt(made(box, environ, path=tmp_path / "secrets.toml"), begun("profile")).error
    assert isinstance(error, Refused)
    assert "MECRA_X_REFRESH_TOKEN" in str(error)
    assert Secrets({}, tmp_path / "secrets.toml").get("x", "refresh_token") == "sandbox-x-refresh-1"
    nowhere = Attempt(made(box, environ), begun("profile")).error
    assert isinstance(nowhere, Refused)


@pytest.mark.parametrize("fault", [None, *OUTCOMES])
def test_no_token_leaves_anywhere(
    box: Sandbox, fault: str | None, secrets_file: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    box.state["x_page"] = 30
    caplog.set_level(logging.DEBUG)
    attempts = []
    for environ in (OAUTH1, APP, {}):
        if fault:
            box.fault(fault, "x/2", skip=1)
        attempts.append(Attempt(made(box, environ, path=None if environ else secrets_file), begun("posts")))
    secrets = [*OAUTH1.values(), *APP.values(), "sandbox-x-refresh", "sandbox-x-user", "sandbox-x-client-secret"]
    printed = capfd.readouterr()
    told = "".join(
        [caplog.text, printed.out, printed.err]
        + [f"{a.error!r} {a.error} {a.walk} {a.records} {a.exchanges}" for a in attempts]
        + [e.body.decode("utf-8", "replace") for a in attempts for e in a.exchanges]
    )
    assert not [secret for secret in secrets if secret in told]
    assert "oauth_signature=" not in told
    assert told
