"""The page loop: a page's records and its progress stand or fall together, whatever happens in between."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import collectors
import scheduler
from archive import rebuild
from collectors.base import Unavailable
from config.secrets import Secrets
from model import Account, Page, Rung, Stream, Walk, to_text
from scheduler import Jobs, Run
from storage import Storage, opened
from tests.conftest import ISTANBUL, Clock, fake_settings
from tests.fakes import DAY, NOON, Asked, FakeCollector, Manner, Server, Small, as_json, closing, http

HOUR = timedelta(hours=1)
FACTS = {
    "posts": "SELECT * FROM posts ORDER BY account, post",
    "readings": "SELECT * FROM readings ORDER BY reading",
    "articles": "SELECT * FROM articles ORDER BY article",
    "gaps": "SELECT * FROM gaps ORDER BY gap",
    "responses": "SELECT response, at, method, url, status, bytes, sha256, body, bucket, cost FROM responses ORDER BY response",
    "accounts": "SELECT * FROM accounts ORDER BY account",
    "walks": "SELECT account, stream, started_at, finished_at, since, depth, outcome, notes, pages, rows, cursor, memo FROM walks",
}
MakeJobs = Callable[..., Jobs]


def facts(jobs: Jobs) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a collection left, but for how often and how long it was tried."""
    with sqlite3.connect(jobs.settings.database) as connection:
        found = {name: connection.execute(query).fetchall() for name, query in FACTS.items()}
    connection.close()
    return found


def read(jobs: Jobs, query: str) -> list[tuple[Any, ...]]:
    with opened(jobs.settings.database, ISTANBUL, read_only=True) as storage:
        return storage.connection.execute(query).fetchall()


def collect(jobs: Jobs, **options: Any) -> Run:
    [run] = jobs.collect(jobs.settings.accounts, **options)
    return run


def walk_of(run: Run) -> Walk:
    assert run.walk, run
    return run.walk


def cursors(server: Server) -> list[str]:
    return [asked.query.get("cursor", "0") for asked in server.asked]


@contextmanager
def serving(small: Small, **instead: bytes | Manner) -> Iterator[Server]:
    """The small platform, with another answer for some pages: `page2=http(500)`."""

    def script(asked: Asked) -> bytes | Manner:
        return instead.get(f"page{asked.query.get('cursor', '0')}") or small.answer(asked)

    with Server(script) as server:
        yield server


# -- undisturbed


def test_a_walk_stores_every_page(jobs_at: MakeJobs) -> None:
    small = Small()
    with serving(small) as server:
        jobs = jobs_at(server.url)
        run = collect(jobs)
    walk = walk_of(run)
    assert not run.failed and walk.outcome == "done", run
    assert walk.pages == small.pages == len(server.asked) and walk.attempts == 1
    assert walk.memo == {"pages": 4}, "each page's memo is the next one's"
    found = facts(jobs)
    assert len(found["posts"]) == 20 and len(found["articles"]) == 8 and len(found["gaps"]) == 3
    assert {row[1]: row[4] for row in read(jobs, "SELECT 1, post, 1, 1, value FROM readings WHERE post IS NOT NULL")} == {
        f"p{n}": small.views(n) for n in range(20)
    }
    assert walk.rows == len(found["posts"]) + len(found["articles"]) + len(found["readings"])
    assert [row[1] for row in found["accounts"]] == ["fake"] and found["accounts"][0][3:5] == ("1", "Küçük")


def test_a_second_run_adds_no_row(jobs_at: MakeJobs, clock: Clock) -> None:
    small = Small(overlap=2)
    with serving(small) as server:
        jobs = jobs_at(server.url)
        collect(jobs)
        before = facts(jobs)
        clock.pass_by(hours=1)
        again = walk_of(collect(jobs, since=NOON - 30 * DAY))
        after = facts(jobs)
    assert again.rows == 0
    for table in ("posts", "readings", "articles", "gaps"):
        assert len(after[table]) == len(before[table]), table
    assert len(after["responses"]) == 2 * len(before["responses"])


def test_an_empty_page_with_a_cursor_goes_on(jobs_at: MakeJobs) -> None:
    small = Small(empty=(1, 2))
    with serving(small) as server:
        walk = walk_of(collect(jobs_at(server.url)))
    assert walk.pages == 4 and walk.outcome == "done"


def test_duplicates_across_pages_are_stored_once(jobs_at: MakeJobs) -> None:
    with serving(Small(overlap=3)) as server:
        jobs = jobs_at(server.url)
        walk = walk_of(collect(jobs))
    found = facts(jobs)
    assert len(found["posts"]) == 20 == len({row[1] for row in found["posts"]})
    assert walk.rows == len(found["posts"]) + len(found["articles"]) + len(found["readings"])


# -- what goes wrong


def test_a_failure_keeps_the_pages_before_and_goes_on_at_the_same_one(jobs_at: MakeJobs, clock: Clock) -> None:
    small = Small()
    with serving(small, page2=http(500)) as server:
        jobs = jobs_at(server.url)
        run = collect(jobs)
    walk = walk_of(run)
    assert run.failed and (walk.outcome, walk.cursor, walk.pages) == ("unavailable", "2", 2)
    assert walk.error.startswith("fake:a0: GET /a0/posts: the platform answers 500") and "->" in walk.error
    assert walk.resume_at == clock() + timedelta(minutes=15)
    assert len(facts(jobs)["posts"]) == 10
    with serving(small) as server:
        jobs = jobs_at(server.url)
        again = walk_of(collect(jobs))
        assert cursors(server) == ["2", "3"]
    assert (again.walk, again.outcome, again.pages, again.attempts, again.error) == (walk.walk, "done", 4, 2, "")


ERRORS: dict[str, tuple[bytes, str]] = {
    "500": (http(500), "unavailable"),
    "cut": (http(200, b'{"posts": ['), "malformed"),
    "html": (http(200, b"<html>"), "malformed"),
    "empty": (http(200, b""), "malformed"),
    "malformed by the judge": (as_json({"error": "malformed"}), "malformed"),
    "malformed by the reader": (as_json({"cursor": None}), "malformed"),
    "refused": (as_json({"error": "refused"}, 401), "refused"),
    "429": (http(429, b"", Retry_After="1200"), "rate limited"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_each_failure_has_its_outcome_and_its_time_to_go_on(jobs_at: MakeJobs, clock: Clock, name: str) -> None:
    answer, outcome = ERRORS[name]
    small = Small()
    with serving(small, page1=answer) as server:
        jobs = jobs_at(server.url)
        run = collect(jobs)
        walk = walk_of(run)
        assert run.failed and (walk.outcome, walk.cursor, walk.pages) == (outcome, "1", 1)
        assert "fake:a0" in walk.error and "/a0/posts" in walk.error and ("->" in walk.error or outcome == "rate limited")
        waits = {"refused": 6 * HOUR, "rate limited": timedelta(minutes=20)}.get(outcome, timedelta(minutes=15))
        assert walk.resume_at == clock() + waits
        asked = len(server.asked)
        assert jobs.collect(jobs.settings.accounts, only_due=True) == [] and len(server.asked) == asked, "not before its time"
    with serving(small) as server:
        jobs = jobs_at(server.url)
        clock.at += waits
        assert walk_of(collect(jobs, only_due=True)).outcome == "done"
        assert cursors(server) == ["1", "2", "3"]


def test_waits_grow_and_end_at_six_hours(jobs_at: MakeJobs, clock: Clock) -> None:
    waits = []
    with serving(Small(), page0=http(500)) as server:
        jobs = jobs_at(server.url)
        for _ in range(8):
            walk = walk_of(collect(jobs, only_due=True))
            assert walk.resume_at
            waits.append((walk.resume_at - clock()) // timedelta(minutes=1))
            clock.at = walk.resume_at
    assert waits == [15, 30, 60, 120, 240, 360, 360, 360]


def test_what_was_read_of_a_page_that_failed_is_kept_and_read_again_without_harm(jobs_at: MakeJobs) -> None:
    """Two requests make one page: the first is good, the second fails."""

    class Twofold(FakeCollector):
        def fetch(self, account: Account, stream: str, walk: Walk) -> Page:
            page = super().fetch(account, stream, walk)
            self.door.get(f"http://small.example/{account.handle}/more")
            return page

    small, broken = Small(cuts=()), [True]

    def script(asked: Asked) -> bytes:
        return http(500) if asked.path.endswith("more") and broken[0] else small.answer(asked)

    with Server(script) as server:
        jobs = jobs_at(server.url)
        collectors.COLLECTORS["fake"] = "tests.test_walk:Twofold"
        scheduler_class = {"fake": Twofold}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(scheduler, "collector_class", scheduler_class.__getitem__)
            patch.setattr(scheduler, "make_collector", lambda platform, outfit: scheduler_class[platform](outfit))
            first = walk_of(collect(jobs))
            assert (first.outcome, first.pages) == ("unavailable", 0) and len(facts(jobs)["posts"]) == 20
            broken[0] = False
            second = walk_of(collect(jobs))
    assert (second.outcome, second.pages) == ("done", 1)
    assert len(facts(jobs)["posts"]) == 20
    statuses = [row[4] for row in facts(jobs)["responses"]]
    assert statuses == [200, 500, 500, 500, 500, 200, 200], "each answer is in the ledger"


def test_rows_that_can_not_be_read_are_named_and_the_others_kept(jobs_at: MakeJobs) -> None:
    small = Small(cuts=(), size=5)
    value = small.page(0)
    del value["posts"][2]["text"]
    value["posts"][3]["views"] = "12"
    with serving(small, page0=as_json(value)) as server:
        jobs = jobs_at(server.url)
        run = collect(jobs)
    walk = walk_of(run)
    assert not run.failed and walk.outcome == "partial" and walk.finished_at
    assert walk.notes == ("not read: post p2: KeyError('text')",)
    assert [row[1] for row in facts(jobs)["posts"]] == ["p0", "p1", "p3", "p4"]
    assert read(jobs, "SELECT post FROM readings WHERE post = 'p3'") == [] and read(
        jobs, "SELECT post FROM gaps WHERE metric = 'views'"
    ) == [("p3",)]


def test_a_cursor_that_comes_again_stops_the_walk(jobs_at: MakeJobs) -> None:
    for loop, asked in (({"2": "1"}, ["0", "1"]), ({"3": "1"}, ["0", "1", "2"]), ({"1": ""}, ["0"])):
        with serving(Small(cursors=loop)) as server:
            jobs = jobs_at(server.url)
            walk = walk_of(collect(jobs))
            if loop != {"1": ""}:
                assert (walk.outcome, walk.finished_at) == ("malformed", None) and "the same cursor again" in walk.error
                assert "fake:a0 posts" in walk.error
                assert cursors(server) == asked
        jobs.settings.database.unlink()


def test_a_gone_account_rests_a_day(jobs_at: MakeJobs, clock: Clock) -> None:
    with serving(Small(), page0=as_json({"error": "gone"}, 404)) as server:
        jobs = jobs_at(server.url)
        run = collect(jobs)
        assert run.failed and walk_of(run).outcome == "gone" and walk_of(run).finished_at
        clock.pass_by(hours=23)
        assert jobs.collect(jobs.settings.accounts, only_due=True) == []
        clock.pass_by(hours=1)
        assert walk_of(collect(jobs, only_due=True)).walk != walk_of(run).walk
    assert len(server.asked) == 2


# -- cursors that die


def test_a_dead_cursor_starts_the_walk_again_once(jobs_at: MakeJobs) -> None:
    small, dead = Small(), ["2"]

    def script(asked: Asked) -> bytes:
        if dead and asked.query.get("cursor") == dead[0]:
            dead.pop()
            return as_json({"error": "expired"}, 400)
        return small.answer(asked)

    with Server(script) as server:
        jobs = jobs_at(server.url)
        walk = walk_of(collect(jobs))
        assert cursors(server) == ["0", "1", "2", "0", "1", "2", "3"]
    assert (walk.outcome, walk.attempts, walk.error) == ("done", 1, "")
    assert len(facts(jobs)["posts"]) == 20


def test_a_cursor_that_always_dies_is_not_asked_for_ever(jobs_at: MakeJobs, clock: Clock) -> None:
    with serving(Small(), page2=as_json({"error": "expired"}, 400)) as server:
        jobs = jobs_at(server.url)
        walk = walk_of(collect(jobs, only_due=True))
        assert cursors(server) == ["0", "1", "2"] * 2
        assert (walk.outcome, walk.cursor, walk.finished_at) == ("expired", None, None)
        assert walk.resume_at == clock() + timedelta(minutes=15), "and not again in a minute"


def test_a_first_page_that_expired_is_a_failure(jobs_at: MakeJobs) -> None:
    with serving(Small(), page0=as_json({"error": "expired"}, 400)) as server:
        walk = walk_of(collect(jobs_at(server.url)))
        assert len(server.asked) == 1 and walk.outcome == "expired" and walk.resume_at


# -- limits


def test_a_rate_limit_is_waited_out_across_runs(jobs_at: MakeJobs, clock: Clock) -> None:
    small, until = Small(), [clock() + timedelta(minutes=10)]

    def script(asked: Asked) -> bytes:
        if asked.query.get("cursor") == "2" and clock() < until[0]:
            return http(429, b"", x_rate_limit_reset=str(int(until[0].timestamp())))
        return small.answer(asked)

    with Server(script) as server:
        jobs = jobs_at(server.url, accounts=2)
        [first, *_] = jobs.collect(jobs.settings.accounts[:1], only_due=True)
        assert walk_of(first).resume_at == until[0] and walk_of(first).outcome == "rate limited"
        asked = len(server.asked)
        for _ in range(9):
            clock.pass_by(minutes=1)
            runs = jobs.collect(jobs.settings.accounts, only_due=True)
            assert all(run.walk is None and "asked for a rest until 09:10 UTC" in run.skipped for run in runs)
        assert len(server.asked) == asked, "the platform rests, with all its accounts"
        clock.pass_by(minutes=1)
        runs = jobs.collect(jobs.settings.accounts, only_due=True)
        assert [walk_of(run).outcome for run in runs] == ["done", "done"]
    assert len(facts(jobs)["posts"]) == 40


def test_a_manual_run_does_not_break_the_platform_s_rest(jobs_at: MakeJobs, clock: Clock) -> None:
    with serving(Small(), page1=http(429, b"", Retry_After="600")) as server:
        jobs = jobs_at(server.url)
        collect(jobs)
        asked = len(server.asked)
        run = collect(jobs)
        assert len(server.asked) == asked and "asked for a rest" in run.skipped
    with serving(Small(), page0=http(500)) as server:
        jobs = jobs_at(server.url)
        clock.pass_by(minutes=10)
        assert walk_of(collect(jobs)).outcome == "done", "an outage may be tried by hand at any time"


def test_a_budget_stops_the_walk_and_a_larger_one_lets_it_go_on(jobs_at: MakeJobs, clock: Clock) -> None:
    small = Small()
    with serving(small) as server:
        jobs = jobs_at(server.url, budgets={"fake": {"cost_per_month": 25}}, quote=10, price=10)
        walk = walk_of(collect(jobs))
        assert len(server.asked) == 2
        assert (walk.outcome, walk.cursor, walk.resume_at) == ("over budget", "2", datetime(2026, 4, 1, tzinfo=UTC))
        assert "[budgets]" in walk.error
        assert jobs.collect(jobs.settings.accounts, only_due=True) == []
        collect(jobs)
        assert len(server.asked) == 2, "nor by hand"
        richer = jobs_at(server.url, budgets={"fake": {"cost_per_month": 35}}, quote=10, price=10)
        assert walk_of(collect(richer, only_due=True)).outcome == "over budget"
        assert len(server.asked) == 3, "what the operator raises holds from the next start on"
        clock.at = datetime(2026, 4, 1, tzinfo=UTC)
        assert walk_of(collect(richer, only_due=True)).outcome == "done"
    assert len(server.asked) == 4


@pytest.mark.parametrize("most", range(6))
def test_requests_never_exceed_their_budget(jobs_at: MakeJobs, most: int) -> None:
    with serving(Small(), page3=closing(http(200, b"{", length=9))) as server:
        jobs = jobs_at(server.url, accounts=2, budgets={"fake": {"requests_per_day": most}})
        jobs.collect(jobs.settings.accounts)
        jobs.collect(jobs.settings.accounts)
        assert len(server.asked) == most
    assert read(jobs, "SELECT count(*) FROM responses") == [(most,)]


@pytest.mark.parametrize("only_due", [False, True])
def test_two_that_spend_at_once_do_not_exceed_it_together(jobs_at: MakeJobs, only_due: bool) -> None:
    """A run by hand beside the daemon, on two accounts of one platform: neither sees what the other has not stored yet."""
    small = Small()

    def slowly(asked: Asked) -> bytes:
        time.sleep(0.02)
        return small.answer(asked)

    with Server(slowly) as server:
        jobs = [jobs_at(server.url, accounts=2, budgets={"fake": {"requests_per_day": 5}}) for _ in range(2)]
        threads = [
            threading.Thread(target=lambda j=j, n=n: j.collect(j.settings.accounts[n : n + 1], only_due=only_due)) for n, j in enumerate(jobs)
        ]  # fmt: skip
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(server.asked) == 5


# -- what a run asks for


def test_since_asks_for_a_backfill(jobs_at: MakeJobs) -> None:
    with serving(Small()) as server:
        jobs = jobs_at(server.url)
        collect(jobs)
        walk = walk_of(collect(jobs, since=datetime(2025, 1, 1, tzinfo=UTC)))
        assert walk.since == datetime(2025, 1, 1, tzinfo=UTC) and walk.outcome == "done"
        assert server.asked[-1].query["since"] == "2025-01-01T00:00:00Z"


def test_an_unfinished_walk_is_widened_by_a_backfill_and_starts_from_the_top(jobs_at: MakeJobs) -> None:
    small = Small()
    with serving(small, page2=http(500)) as server:
        jobs = jobs_at(server.url)
        first = walk_of(collect(jobs))
    with serving(small) as server:
        jobs = jobs_at(server.url)
        walk = walk_of(collect(jobs, since=datetime(2025, 1, 1, tzinfo=UTC)))
        assert cursors(server) == ["0", "1", "2", "3"]
        assert (walk.walk, walk.since, walk.outcome) == (first.walk, datetime(2025, 1, 1, tzinfo=UTC), "done")
        assert read(jobs, "SELECT depth FROM walks") == [(int((walk.started_at - walk.since).total_seconds()),)]


def test_a_narrower_backfill_leaves_the_unfinished_walk_as_it_is(jobs_at: MakeJobs) -> None:
    with serving(Small(), page2=http(500)) as server:
        jobs = jobs_at(server.url)
        first = walk_of(collect(jobs))
    with serving(Small()) as server:
        walk = walk_of(collect(jobs_at(server.url), since=NOON - DAY))
        assert cursors(server) == ["2", "3"] and walk.since == first.since


def test_the_first_walk_looks_back_to_the_settings_day_in_istanbul(jobs_at: MakeJobs) -> None:
    with serving(Small()) as server:
        walk = walk_of(collect(jobs_at(server.url, since=date(2026, 3, 1))))
    assert walk.since == datetime(2026, 2, 28, 21, tzinfo=UTC)


def test_the_upper_end_is_the_same_in_every_attempt(jobs_at: MakeJobs, clock: Clock) -> None:
    with serving(Small(), page2=http(500)) as server:
        jobs = jobs_at(server.url)
        first = walk_of(collect(jobs))
    clock.pass_by(days=2)
    with serving(Small()) as server:
        again = walk_of(collect(jobs_at(server.url)))
    assert again.started_at == first.started_at == NOON and again.finished_at == clock()


def test_what_the_source_wishes_is_when_it_is_due(jobs_at: MakeJobs, clock: Clock) -> None:
    small = Small(cuts=())
    with serving(small, page0=as_json({**small.page(0), "due_in": 420})) as server:
        jobs = jobs_at(server.url)
        assert walk_of(collect(jobs, only_due=True)).due_at == clock() + 7 * HOUR
        clock.pass_by(hours=6, minutes=59)
        assert jobs.collect(jobs.settings.accounts, only_due=True) == []
        clock.pass_by(minutes=1)
        assert walk_of(collect(jobs, only_due=True)).missed == 0


def test_the_operator_s_own_ladder_goes_before_the_source_s_wish(jobs_at: MakeJobs, clock: Clock) -> None:
    small = Small(cuts=())
    with serving(small, page0=as_json({**small.page(0), "due_in": 7 * 1440})) as server:
        collect(jobs_at(server.url), only_due=True)
        own = jobs_at(server.url, ladders={("fake", "posts"): (Rung(HOUR, DAY),)})
        clock.pass_by(hours=1)
        assert walk_of(collect(own, only_due=True)).outcome == "done"


def test_a_ladder_that_was_changed_holds_at_once(jobs_at: MakeJobs, clock: Clock) -> None:
    with serving(Small(cuts=())) as server:
        slow = jobs_at(server.url, ladders={("fake", "posts"): (Rung(7 * DAY, 7 * DAY),)})
        collect(slow, only_due=True)
        clock.pass_by(hours=2)
        assert slow.collect(slow.settings.accounts, only_due=True) == []
        fast = jobs_at(server.url, ladders={("fake", "posts"): (Rung(HOUR, DAY),)})
        assert walk_of(collect(fast, only_due=True)).since == clock() - DAY
        clock.pass_by(hours=1)
        assert walk_of(collect(fast, only_due=True)).outcome == "done"


def test_what_was_missed_is_counted_and_caught_up_once(jobs_at: MakeJobs, clock: Clock) -> None:
    with serving(Small(cuts=())) as server:
        jobs = jobs_at(server.url)
        due = walk_of(collect(jobs, only_due=True)).due_at
        assert due
        clock.at = due + 21 * DAY + timedelta(minutes=1)
        walk = walk_of(collect(jobs, only_due=True))
        assert walk.missed == 21 * 24
        assert walk.since <= NOON - HOUR, "deep enough for everything since the last walk"
        assert jobs.collect(jobs.settings.accounts, only_due=True) == []
    assert len(server.asked) == 2


def test_a_glance_by_hand_hides_no_hole(jobs_at: MakeJobs, clock: Clock) -> None:
    """Ten days off, then a look at yesterday: the days before it are still to be walked."""
    with serving(Small(cuts=())) as server:
        jobs = jobs_at(server.url, ladders={("fake", "posts"): (Rung(HOUR, DAY),)})
        collect(jobs, only_due=True)
        clock.pass_by(days=10)
        for _ in range(2):
            assert walk_of(collect(jobs, since=clock() - DAY)).since == clock() - DAY
            clock.pass_by(minutes=5)
        walk = walk_of(collect(jobs, only_due=True))
        assert walk.since <= NOON - HOUR
        assert jobs.collect(jobs.settings.accounts, only_due=True) == []


def test_no_note_holds_a_secret(jobs_at: MakeJobs) -> None:
    small = Small(cuts=())
    with serving(
        small, page0=as_json({**small.page(0), "notes": ["the platform says: access_token=EAAB-told-by-nobody is old"]})
    ) as server:
        walk = walk_of(collect(jobs_at(server.url)))
    assert walk.notes == ("the platform says: access_token=*** is old",)


def test_a_manual_run_misses_nothing(jobs_at: MakeJobs, clock: Clock) -> None:
    with serving(Small(cuts=())) as server:
        jobs = jobs_at(server.url)
        collect(jobs)
        clock.pass_by(days=3)
        assert walk_of(collect(jobs)).missed == 0


def test_posts_that_are_gone_are_marked_by_a_complete_walk_only(jobs_at: MakeJobs, clock: Clock) -> None:
    small = Small(size=8, cuts=(3, 6))
    with serving(small) as server:
        jobs = jobs_at(server.url)
        collect(jobs)
    small.gone = {1, 4}
    clock.pass_by(hours=1)
    with serving(small, page2=http(500)) as server:
        collect(jobs_at(server.url), since=NOON - 5 * DAY)
    assert read(jobs, "SELECT post FROM posts WHERE gone_at IS NOT NULL") == []
    with serving(small) as server:
        collect(jobs_at(server.url))
    assert read(jobs, "SELECT post, gone_at FROM posts WHERE gone_at IS NOT NULL") == [
        ("p1", to_text(clock())),
        ("p4", to_text(clock())),
    ]


def test_a_dry_run_sends_and_stores_nothing(jobs_at: MakeJobs) -> None:
    with serving(Small()) as server:
        jobs = jobs_at(server.url, quote=7)
        before = facts(jobs)
        run = collect(jobs, dry=True)
        assert server.asked == [] and facts(jobs) == before
    [(method, url, cost)] = run.planned
    assert method == "GET" and url.startswith(f"{server.url}/a0/posts?since=2026-02-28") and cost == 7


def test_stopping_ends_after_the_page(jobs_at: MakeJobs) -> None:
    small = Small()
    with serving(small) as server:
        jobs = jobs_at(server.url, accounts=2)
        jobs.report = lambda account, stream, walk: jobs.stopping.set() if walk.pages == 2 else None
        runs = jobs.collect(jobs.settings.accounts)
        assert [walk_of(run).pages for run in runs] == [2] and len(server.asked) == 2
        assert walk_of(runs[0]).finished_at is None
        jobs = jobs_at(server.url, accounts=2)
        assert [walk_of(run).pages for run in jobs.collect(jobs.settings.accounts)] == [4, 4]


def test_missing_credentials_skip_the_stream_and_say_how_to_get_them(jobs_at: MakeJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeCollector, "streams", {"posts": Stream("posts", (Rung(HOUR),), needs=("token", "secret"))})
    with serving(Small()) as server:
        jobs = jobs_at(server.url)
        assert collect(jobs).skipped == "needs token, secret: run `mecra auth fake`"
        assert jobs.collect(jobs.settings.accounts, only_due=True) == []
        assert server.asked == []


# -- one never stops the others


def test_a_collector_that_breaks_stops_no_other_account(jobs_at: MakeJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in one collector is a failed account with its name, not the end of the night's collection."""
    honest = FakeCollector.fetch

    def fetch(self: FakeCollector, account: Account, stream: str, walk: Walk) -> Page:
        page = honest(self, account, stream, walk)
        if account.handle == "a1":
            raise KeyError("data")
        return page

    monkeypatch.setattr(FakeCollector, "fetch", fetch)
    with serving(Small()) as server:
        jobs = jobs_at(server.url, accounts=3)
        runs = jobs.collect(jobs.settings.accounts)
    assert [run.failed for run in runs] == [False, True, False]
    assert walk_of(runs[1]).outcome == "malformed" and "KeyError" in walk_of(runs[1]).error and "fake:a1" in walk_of(runs[1]).error
    assert read(jobs, "SELECT count(*) FROM responses JOIN walks USING (walk) WHERE account = 'fake:a1'") == [(1,)], "it was asked"


def test_a_reader_that_breaks_is_a_malformed_answer(jobs_at: MakeJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Small(), page1=as_json({**Small().page(1), "posts": 5})) as server:
        jobs = jobs_at(server.url, accounts=2)
        runs = jobs.collect(jobs.settings.accounts)
    assert [(walk_of(run).outcome, walk_of(run).pages) for run in runs] == [("malformed", 1)] * 2
    assert "TypeError" in walk_of(runs[0]).error


def test_nothing_of_a_page_that_was_cut_off_gets_into_the_next_walk(jobs_at: MakeJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """A collector that is kept must not hand on the answers of a page that nobody stored."""
    honest, small = FakeCollector.fetch, Small()

    def interrupted(self: FakeCollector, account: Account, stream: str, walk: Walk) -> Page:
        honest(self, account, stream, walk)
        raise KeyboardInterrupt

    with serving(small) as server:
        jobs = jobs_at(server.url)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(FakeCollector, "fetch", interrupted)
            with pytest.raises(KeyboardInterrupt):
                collect(jobs)
        assert facts(jobs)["responses"] == []
        collect(jobs)
    assert len(facts(jobs)["responses"]) == small.pages


def test_two_processes_do_not_collect_one_account_at_once(jobs_at: MakeJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "LOCK_SECONDS", 0.05)
    with serving(Small()) as server:
        jobs = jobs_at(server.url, accounts=2)
        [account, other] = jobs.settings.accounts
        with FileLock(jobs.settings.data / "locks" / "fake_a0.lock"):
            for only_due in (True, False):
                runs = jobs.collect([account, other], only_due=only_due)
                assert "another mecra" in runs[0].skipped
        assert {asked.path for asked in server.asked} == {"/a1/posts"}
        assert walk_of(jobs.collect([account])[0]).outcome == "done"


def test_two_at_once_on_one_account_store_it_once(jobs_at: MakeJobs) -> None:
    """A manual run beside the daemon waits, then finds the account just collected, and goes over it again."""
    small = Small()
    with serving(small) as server:
        jobs = [jobs_at(server.url), jobs_at(server.url)]
        threads = [threading.Thread(target=lambda j=j: collect(j)) for j in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        found = facts(jobs[0])
    assert len(found["posts"]) == 20 and [row[6] for row in found["walks"]] == ["done", "done"]
    assert len(found["responses"]) == 2 * small.pages


# -- cut off anywhere


class Cut(BaseException):
    """The process ends here."""


class Fragile:
    """A connection that dies at its n-th operation: for good (as by kill), or once (as by an interrupt)."""

    def __init__(self, connection: sqlite3.Connection, fuse: list[int], for_good: bool) -> None:
        self._connection, self._fuse, self._for_good = connection, fuse, for_good

    def _burn(self) -> None:
        self._fuse[0] -= 1
        if self._fuse[0] == 0 or (self._fuse[0] < 0 and self._for_good):
            raise Cut

    def execute(self, *args: Any) -> Any:
        self._burn()
        return self._connection.execute(*args)

    def executemany(self, *args: Any) -> Any:
        self._burn()
        return self._connection.executemany(*args)

    def commit(self) -> None:
        self._burn()
        self._connection.commit()

    def rollback(self) -> None:
        if not self._for_good:
            self._connection.rollback()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@contextmanager
def fused(fuse: list[int], for_good: bool) -> Iterator[None]:
    """Every store that the jobs open dies when the fuse has burnt down."""

    @contextmanager
    def fragile(*args: Any, **options: Any) -> Iterator[Storage]:
        with opened(*args, **options) as storage:
            storage.connection = Fragile(storage.connection, fuse, for_good)  # type: ignore[assignment]
            yield storage

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scheduler, "opened", fragile)
        yield


class Trial:
    """One small platform, collected undisturbed and cut off, in directories of their own."""

    def __init__(self, directory: Path, template: Path, small: Small) -> None:
        self.small, self.directory, self.template = small, directory, template
        self.server = Server(small.answer)

    def jobs(self, name: str) -> Jobs:
        place = self.directory / name
        if not place.exists():
            place.mkdir()
            shutil.copy(self.template, place / "mecra.db")
        return Jobs(fake_settings(place, self.server.url), Secrets({}), now=lambda: NOON, sleep=lambda seconds: None)

    def undisturbed(self) -> tuple[dict[str, list[tuple[Any, ...]]], int]:
        """What it leaves, and how many operations that takes."""
        jobs, fuse = self.jobs("undisturbed"), [10**6]
        with fused(fuse, True):
            collect(jobs)
        self.server.asked.clear()
        return facts(jobs), 10**6 - fuse[0]

    def cut(self, name: str, moments: list[int], for_good: bool) -> dict[str, list[tuple[Any, ...]]]:
        """Cut off after so many operations, again and again, then left alone."""
        for moment in moments:
            with fused([moment], for_good), suppress(Cut):
                if not self.over(name):
                    collect(self.jobs(name))
        if not self.over(name):
            collect(self.jobs(name))
        return facts(self.jobs(name))

    def over(self, name: str) -> bool:
        return any(walk[3] for walk in facts(self.jobs(name))["walks"])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("template")
    Jobs(fake_settings(place, ""), Secrets({}), now=lambda: NOON).prepare()
    return place / "mecra.db"


@pytest.fixture(scope="module", autouse=True)
def known_collector() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(collectors.COLLECTORS, "fake", "tests.fakes:FakeCollector")
        yield


@pytest.mark.parametrize("for_good", [True, False], ids=["killed", "interrupted"])
def test_cut_off_at_every_single_operation_and_resumed(tmp_path: Path, template: Path, for_good: bool) -> None:
    trial = Trial(tmp_path, template, Small(size=8, cuts=(3, 6), overlap=1))
    with trial.server:
        expected, operations = trial.undisturbed()
        assert operations > 30
        for moment in range(1, operations + 1):
            trial.server.asked.clear()
            assert trial.cut(f"at{moment}", [moment], for_good) == expected, moment
            assert len(trial.server.asked) <= trial.small.pages + 1, f"{moment}: {cursors(trial.server)}"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    size=st.integers(0, 14),
    cuts=st.sets(st.integers(1, 13), max_size=5),
    overlap=st.integers(0, 3),
    moments=st.lists(st.integers(1, 90), max_size=4),
    for_good=st.booleans(),
)
def test_cut_off_anywhere_again_and_again_and_resumed(
    tmp_path_factory: pytest.TempPathFactory,
    template: Path,
    size: int,
    cuts: set[int],
    overlap: int,
    moments: list[int],
    for_good: bool,
) -> None:
    small = Small(size=size, cuts=tuple(sorted(c for c in cuts if c < size)), overlap=overlap)
    trial = Trial(tmp_path_factory.mktemp("cut"), template, small)
    with trial.server:
        expected, _ = trial.undisturbed()
        assert trial.cut("cut", moments, for_good) == expected
        assert len(trial.server.asked) <= small.pages + len(moments), cursors(trial.server)


ACTIONS = st.one_of(
    st.tuples(st.just("wait"), st.integers(-90, 3 * 24 * 60)),
    st.tuples(st.just("like"), st.integers(-2, 3)),
    st.tuples(st.just("delete"), st.integers(0, 9)),
    st.tuples(st.just("break"), st.tuples(st.integers(0, 3), st.sampled_from([*ERRORS, "expired", "gone", "row"]))),
    st.tuples(st.just("backfill"), st.integers(1, 40)),
    st.tuples(st.just("collect"), st.booleans()),
)


def broken(small: Small, name: str) -> bytes:
    if name == "row":
        value = small.page(0)
        del value["posts"][-1:]
        value["posts"].append({"id": "p0", "at": "yesterday", "text": "?"})
        return as_json(value)
    return ERRORS[name][0] if name in ERRORS else as_json({"error": name}, 400)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(ACTIONS, min_size=1, max_size=10))
def test_whatever_happened_the_archive_tells_the_same(
    tmp_path_factory: pytest.TempPathFactory, template: Path, actions: list[Any]
) -> None:
    """Counters that rise and fall, a clock that is set back, failures, deletions: the tables come out of the archive equal."""
    place, clock, small = tmp_path_factory.mktemp("told"), Clock(), Small(size=10, cuts=(3, 6, 8), overlap=1)
    shutil.copy(template, place / "mecra.db")
    trouble: dict[str, bytes] = {}

    def script(asked: Asked) -> bytes:
        return trouble.get(asked.query.get("cursor", "0")) or small.answer(asked)

    with Server(script) as server:
        jobs = Jobs(fake_settings(place, server.url), Secrets({}), now=clock, sleep=lambda seconds: None)
        for what, value in [*actions, ("collect", False)]:
            if what == "wait":
                clock.pass_by(minutes=value)
            elif what == "like":
                small.likes += value
            elif what == "delete":
                small.gone ^= {value}
            elif what == "break":
                trouble = {str(value[0]): broken(small, value[1])}
            elif what == "backfill":
                jobs.collect(jobs.settings.accounts, since=clock() - value * DAY)
            else:
                jobs.collect(jobs.settings.accounts, only_due=value)
                trouble = {}
        assert rebuild(jobs) == {}
        before = facts(jobs)
        assert rebuild(jobs, apply=True) == {} and facts(jobs) == before


def test_tables_that_were_spoilt_come_back_from_the_archive(jobs_at: MakeJobs) -> None:
    with serving(Small(overlap=1)) as server:
        jobs = jobs_at(server.url)
        collect(jobs)
    before = facts(jobs)
    with sqlite3.connect(jobs.settings.database) as spoiling:
        spoiling.execute("DELETE FROM readings WHERE post IN ('p1', 'p2')")
        spoiling.execute("UPDATE posts SET text = 'başka' WHERE post = 'p3'")
        spoiling.execute(
            "INSERT INTO gaps (account, stream, metric, reason, at, until) VALUES ('fake:a0', 'posts', 'm', 'r', 'a', 'u')"
        )
    spoiling.close()
    told = rebuild(jobs)
    assert told == {"readings": (0, 2), "gaps": (1, 0), "posts": (1, 1)} and facts(jobs) != before, "told, and left as it is"
    assert rebuild(jobs, apply=True) == told
    assert facts(jobs) == before and rebuild(jobs) == {}
    assert not list(jobs.settings.data.glob("rebuild.db*"))


# -- the walk itself


def test_a_page_is_the_only_cursor_arithmetic() -> None:
    walk = Walk(1, "x:a", "posts", NOON, NOON - DAY, "t", memo={"a": 1}, error="old", outcome="unavailable", resume_at=NOON)
    onward = walk.after(Page("2", notes=("n",)), NOON)
    assert onward == replace(walk, cursor="2", pages=1, notes=("n",), outcome=None, error="", resume_at=None)
    done = onward.after(Page(None, memo={}, notes=("n", "m")), NOON + HOUR)
    assert (done.memo, done.notes, done.outcome, done.finished_at) == ({}, ("n", "m"), "partial", NOON + HOUR)
    assert walk.after(Page(due_in=HOUR), NOON).due_at == NOON + HOUR and walk.after(Page("2", due_in=HOUR), NOON).due_at is None
    stopped = walk.stopped("unavailable", str(Unavailable("down", at="here", cure="wait")), NOON + HOUR)
    assert (stopped.error, stopped.resume_at, stopped.cursor) == ("here: down -> wait", NOON + HOUR, None)


def test_an_account_is_read_up_to_its_last_day(jobs_at: Callable[..., Jobs], clock: Clock) -> None:
    jobs = jobs_at("http://127.0.0.1:9")
    account = replace(jobs.settings.accounts[0], until=(clock.at - timedelta(days=1)).date())
    assert jobs.streams(account) == []
    assert jobs.streams(replace(account, until=clock.at.date())) != []
