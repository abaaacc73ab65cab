"""What goes wrong between a Facebook Page and us: every fault by its name, good rows kept, and no secret anywhere."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from collectors.base import CollectError, Malformed, RateLimited, Refused, Unavailable
from collectors.graph_keeping import reduced
from config.secrets import Secrets
from model import Exchange
from sandbox import graph as sandbox_graph
from sandbox.faults import Reply
from sandbox.server import Sandbox
from tests.collectors.graph_walks import COUNTED, NOW, PAGE, WORLD, collector, paged, shown, truth, walked


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(WORLD, now=NOW) as running:
        yield running


STOPPING = [
    ("error-200", Unavailable, "unexpected error"),
    ("transient", Unavailable, "temporarily unavailable"),
    ("expired-token", Refused, "has expired: renew it"),
    ("missing-permission", Refused, "pages_read_user_content"),
    ("app-rate-limit", RateLimited, "the app"),
    ("buc-rate-limit", RateLimited, "this account"),
    ("html-200", Malformed, "HTML with status 200"),
    ("empty-body", Malformed, "an empty body"),
    ("cut-body", Unavailable, "no whole answer"),
    ("wrong-length", Unavailable, "no whole answer"),
    ("429-seconds", RateLimited, "429"),
    ("429-date", RateLimited, "429"),
    ("429-nothing", RateLimited, "429"),
    ("429-text", RateLimited, "slow down"),
    ("500", Unavailable, "500"),
    ("timeout", Unavailable, "timed out"),
    ("reset", Unavailable, "no whole answer"),
]


@pytest.mark.parametrize(("fault", "kind", "said"), STOPPING)
def test_a_fault_has_its_name_and_leaves_the_rows_before_it(box: Sandbox, fault: str, kind: type[CollectError], said: str) -> None:
    box.fault(fault, "published_posts", skip=4)
    got = paged(box)
    assert type(got.error) is kind, got.error
    assert said in str(got.error)
    assert "GET /graph/v26.0/100200300400500/published_posts" in str(got.error)
    assert "->" in str(got.error) or kind is RateLimited, "the next step is named"
    expected = truth("posts")
    assert got.values() == {key: expected[key] for key in got.values()}
    assert len(got.posts()) == 12


def test_how_long_a_limit_holds(box: Sandbox) -> None:
    ends = {}
    for fault in ("app-rate-limit", "buc-rate-limit", "429-seconds", "429-date"):
        box.fault(fault)
        error = walked(box, "facebook", "profile").error
        assert isinstance(error, RateLimited)
        ends[fault] = (error.until - NOW, error.shared)
        box.faults.clear()
    assert ends == {
        "app-rate-limit": (timedelta(hours=1), True),
        "buc-rate-limit": (timedelta(minutes=17), False),
        "429-seconds": (timedelta(minutes=5), True),
        "429-date": (timedelta(minutes=10), True),
    }


@pytest.mark.parametrize("fault", ["500", "transient", "error-200", "reset", "cut-body"])
def test_what_happens_once_is_borne(box: Sandbox, fault: str) -> None:
    box.fault(fault, times=1)
    got = walked(box, "facebook", "posts")
    assert (got.error, got.values()) == (None, truth("posts"))


def test_a_permission_that_is_missing_for_the_summaries_names_what_to_grant(box: Sandbox) -> None:
    box.fault("missing-permission", "published_posts")
    assert "mecra auth" in str(walked(box, "facebook", "posts").error)


def test_a_rest_from_95_percent_on(box: Sandbox) -> None:
    box.fault("usage-96")
    got = paged(box)
    assert isinstance(got.error, RateLimited)
    assert got.error.until == NOW + timedelta(hours=1)


def test_an_older_version_is_noted(box: Sandbox) -> None:
    box.fault("old-version")
    got = walked(box, "facebook", "profile")
    assert got.walk.notes == ("Meta answered with v24.0 instead of v26.0: set platforms.facebook.version to a living one",)


def test_a_version_that_has_ended_is_noted_while_a_newer_one_answers(box: Sandbox) -> None:
    assert walked(box, "facebook", "profile").walk.notes == ()
    box.state["graph_oldest"] = "v28.0"
    got = walked(box, "facebook", "profile")
    assert got.walk.notes == ("Meta answered with v28.0 instead of v26.0: set platforms.facebook.version to a living one",)


def test_a_vanished_post_is_not_listed_and_the_others_are(box: Sandbox) -> None:
    box.fault("vanished-post")
    newest = shown("posts")[0].post
    got = walked(box, "facebook", "posts")
    assert got.posts().keys() == {p.post for p in shown("posts")} - {newest}


def test_a_falling_counter_is_read_as_it_is(box: Sandbox) -> None:
    box.fault("falling-counter")
    assert walked(box, "facebook", "posts").values() == {key: value // 2 for key, value in truth("posts").items()}


def test_numbers_as_strings_are_numbers(box: Sandbox) -> None:
    box.fault("number-as-string")
    got = walked(box, "facebook", "posts")
    assert (got.values(), got.records.faults) == (truth("posts"), ())


def test_numbers_as_people_write_them_are_faults(box: Sandbox) -> None:
    box.fault("not-a-number")
    got = walked(box, "facebook", "posts")
    spoiled = shown("posts")[0].post
    assert got.values() == {key: value for key, value in truth("posts").items() if key[1] != spoiled}
    assert len(got.records.faults) == len(COUNTED["posts"])
    assert all(spoiled in fault and "K' is no whole number" in fault for fault in got.records.faults)


def test_a_row_without_its_time_is_a_fault_and_the_others_are_kept(box: Sandbox) -> None:
    box.fault("missing-key")
    got = walked(box, "facebook", "posts")
    spoiled = shown("posts")[0].post
    assert got.records.faults == (f"published_posts row {spoiled}: created_time is missing",)
    assert got.values() == {key: value for key, value in truth("posts").items() if key[1] != spoiled}


@pytest.mark.parametrize("row", ['"x"', '{"id":"1_2"}', '{"id":"1_2","created_time":"2026-04-01T10:00:00"}', '{"created_time":"2026-04-01T10:00:00+0000"}',
                                 '{"id":"1_2","created_time":1775034000}', '{"id":"1_2","created_time":"soon"}', "null"])  # fmt: skip
def test_a_row_that_cannot_be_read_is_a_fault(row: str) -> None:
    body = f'{{"data":[{row},{{"id":"1_1","created_time":"2026-04-01T10:00:00+0000"}}]}}'.encode()
    url = "https://graph.facebook.com/v26.0/1/published_posts?fields=id,created_time"
    records = collector("http://127.0.0.1:9", "facebook").read(PAGE, Exchange(NOW, "GET", url, 200, body, len(body)))
    assert [p.post for p in records.posts] == ["1_1"]
    assert len(records.faults) == 1 and records.faults[0].startswith("published_posts row")


@pytest.mark.parametrize(
    ("shares", "value"), [("", 0), (',"shares":{"count":7}', 7), (',"shares":{}', None), (',"shares":null', None)]
)
def test_only_a_field_that_is_left_out_says_that_there_are_no_shares(shares: str, value: int | None) -> None:
    body = f'{{"data":[{{"id":"1_1","created_time":"2026-04-01T10:00:00+0000"{shares}}}]}}'.encode()
    url = "https://graph.facebook.com/v26.0/1/published_posts?fields=id,created_time,shares"
    records = collector("http://127.0.0.1:9", "facebook").read(PAGE, Exchange(NOW, "GET", url, 200, body, len(body)))
    assert [r.value for r in records.readings] == ([] if value is None else [value])
    assert len(records.gaps) == (value is None)


def test_missing_followers_are_a_gap_and_not_none(box: Sandbox) -> None:
    box.fault("missing-key")
    got = walked(box, "facebook", "profile")
    assert [(gap.metric, gap.reason) for gap in got.records.gaps] == [("followers", "not in the answer")]
    assert ("followers", None, None) not in got.values()


def test_a_missing_series_is_a_gap(box: Sandbox) -> None:
    box.fault("missing-key")
    got = walked(box, "facebook", "daily", days=3)
    assert [gap.metric for gap in got.records.gaps] == ["views"]


def test_an_answer_that_the_sdk_does_not_understand(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = {"Content-Type": "text/plain"}
    monkeypatch.setitem(sandbox_graph.FAULTS, "plain", lambda q, r: Reply(200, {"id": "1"}, headers=plain))
    box.fault("plain")
    error = walked(box, "facebook", "profile").error
    assert isinstance(error, Malformed)
    assert "facebook-sdk did not understand" in str(error)
    assert error.__cause__ is None


# -- secrets and third persons

MARKED = "EAAGmarkedTOKENmarked0123456789"


@pytest.mark.parametrize("fault", sorted({*(name for name, _, _ in STOPPING), *sandbox_graph.FAULTS}))
def test_no_token_anywhere(box: Sandbox, fault: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_graph, "TOKEN", MARKED)
    caplog.set_level(logging.DEBUG)
    box.fault(fault)
    secrets = Secrets({"MECRA_FACEBOOK_TOKEN": MARKED, "MECRA_FACEBOOK_APP_SECRET": sandbox_graph.APP_SECRET})
    for stream in ("posts", "daily"):
        got = walked(box, "facebook", stream, days=30, secrets=secrets)
        texts = [caplog.text, repr(got.walk), repr(got.records), *(e.url + e.body.decode() for e in got.exchanges)]
        if got.error:
            texts += traceback.format_exception(got.error)
        assert box.asked
        for text in texts:
            assert MARKED not in text and sandbox_graph.APP_SECRET not in text


def test_nobody_else_is_archived(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def crowd(request: Any, reply: Reply) -> Reply:
        someone = {"id": "42", "name": "Ahmet Yabancı"}
        for row in reply.value["data"]:
            row |= {"from": someone, "to": {"data": [someone]}, "message_tags": [someone], "story": "Ahmet Yabancı burada"}
        return reply

    monkeypatch.setitem(sandbox_graph.FAULTS, "crowd", crowd)
    box.fault("crowd")
    got = walked(box, "facebook", "posts")
    assert got.values() == truth("posts")
    assert "Yabancı" not in got.exchanges[0].body.decode()
    assert json.loads(got.exchanges[0].body)["data"]


ROWS = {
    "data": [{"id": "9", "message": "Çok kötü bir hizmet", "name": "Ahmet Yabancı", "like_count": 3}],
    "paging": {"cursors": {"before": "QQ", "after": "QQ"}},
    "summary": {"total_count": 7, "order": "ranked"},
}


def test_no_word_of_a_commenter_is_archived_even_when_the_rows_come_along(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comments have `message` and `id` as posts have: only where they stand tells them apart."""

    def talkative(request: Any, reply: Reply) -> Reply:
        for row in reply.value["data"]:
            for edge in ("comments", "reactions"):
                row[edge] = {**ROWS, "summary": row[edge]["summary"]}
            row |= {"likes": ROWS, "sharedposts": ROWS, "attachments": {"data": [{"media_type": "photo", "comments": ROWS}]}}
        return reply

    monkeypatch.setitem(sandbox_graph.FAULTS, "talkative", talkative)
    box.fault("talkative")
    got = walked(box, "facebook", "posts")
    assert got.values() == truth("posts")
    body = got.exchanges[0].body.decode()
    assert "Yabancı" not in body and "kötü" not in body and "QQ" not in body
    first = json.loads(body)["data"][0]
    assert first["comments"].keys() == first["reactions"].keys() == {"summary"}
    assert "ışıl ışıl" in first["message"], "the institution's own words stay"


@pytest.mark.parametrize(
    ("url", "value", "kept"),
    [
        ("/v26.0/1/published_posts", {"data": [{"comments": ROWS}]}, {"data": [{"comments": {"summary": ROWS["summary"]}}]}),
        ("/v26.0/1_2", {"shares": {"count": 5}, "reactions": {"count": 2}}, None),
        ("/v26.0/1_2/comments?limit=5", ROWS, {"summary": ROWS["summary"]}),
        ("/v26.0/1_2/sharedposts", {"data": [{"message": "x"}]}, {}),
        ("/v26.0/17/media", {"data": [{"comments": 5, "likes": None}]}, None),
        ("/v26.0/17/media", {"data": [{"comments": ["söz"], "likes": "söz"}]}, {"data": [{"comments": None, "likes": None}]}),
        ("/v26.0/1/insights", {"data": [{"name": "page_views_total", "values": [{"value": {"like": 3}}]}]}, None),
    ],
)
def test_of_what_others_did_only_the_counts_are_kept(url: str, value: Any, kept: Any) -> None:
    found = reduced(f"https://graph.facebook.com{url}", value)
    assert found == (value if kept is None else kept)
    assert (found is value) == (kept is None), "the same object says that nothing had to go"
