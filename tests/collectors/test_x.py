"""X against the sandbox: what is stored is what the world held, and each failure has its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from collectors.base import CollectError, Expired, Gone, Malformed, RateLimited, Refused
from collectors.x import X
from model import Account
from sandbox.faults import WAY
from sandbox.server import Sandbox
from sandbox.world import World
from sandbox.x_faults import FAULTS
from sandbox.x_posts import posts_total
from tests.collectors.x_walks import APP, FIGURES, NOW, OAUTH1, OUTCOMES, USER, Attempt, begun, made, truth


@pytest.fixture(scope="module")
def world() -> World:
    return World(start=date(2025, 12, 28), end=date(2026, 2, 1))


@pytest.fixture
def box(world: World) -> Iterator[Sandbox]:
    with Sandbox(world, now=NOW) as box:
        yield box


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
    assert X.streams["private"].needs == ("access_token|access_token2|refresh_token",)


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


def test_a_count_in_words_is_a_fault_and_the_others_are_kept(box: Sandbox, world: World) -> None:
    box.fault("bad-number", "/tweets")
    attempt = Attempt(made(box), begun("posts"))
    newest = attempt.records.posts[0].post
    assert list(attempt.records.faults) == [f"post {newest}: impression_count is no count: '12.5K'"]
    assert truth(world, NOW, FIGURES).keys() - attempt.figures.keys() == {(newest, "views")}


def test_a_vanished_post_is_not_seen_and_a_fallen_counter_is_kept_as_it_is(box: Sandbox, world: World) -> None:
    box.fault("vanished-post", "/tweets")
    box.fault("falling-counter", "/tweets")
    attempt = Attempt(made(box), begun("posts"))
    seen = {p.post for p in attempt.records.posts}
    assert len(seen) == len(world.visible("x", NOW)) - 1
    expected = {k: v // 2 for k, v in truth(world, NOW, FIGURES).items() if k[0] in seen}
    assert {k: v for k, v in attempt.figures.items() if k[0]} == expected
    assert not attempt.records.faults


def test_digits_in_a_string_are_a_number(box: Sandbox, world: World) -> None:
    box.fault("number-as-string", "/tweets")
    attempt = Attempt(made(box), begun("posts"))
    assert attempt.figures.items() >= truth(world, NOW, FIGURES).items()


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
