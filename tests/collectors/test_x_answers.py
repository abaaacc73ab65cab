"""What X's answers mean, body by body."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.base import CollectError, Expired, Gone, Malformed, RateLimited, Refused, Unavailable, Unsupported
from collectors.http import Answer, Door, Outfit
from collectors.x import X
from collectors.x_answers import judge, reduced
from config.secrets import Secrets
from tests.collectors.x_walks import ACCOUNT, NOW, USER, exchange


def reader() -> X:
    """A collector that only reads."""
    return X(Outfit({}, Secrets({}), lambda: NOW, lambda line: Door(line, now=lambda: NOW, secrets=Secrets({}))))


def test_an_edited_post_is_one_under_its_first_id() -> None:
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
        records = reader().read(ACCOUNT, exchange(value))
        assert [(p.post, p.published_at, p.text) for p in records.posts] == [
            (first, datetime(2022, 10, 5, 18, 40, 30, tzinfo=UTC), "a & b")
        ]
        assert [(r.metric, r.value) for r in records.readings] == [("shares", 9)]


def test_what_is_no_count_is_a_fault() -> None:
    counts: list[Any] = ["1.2K", "", "-4", -4, True, 3.5, [], "１２", "9" * 40]
    for bad in counts:
        row = {"id": "1", "created_at": "2026-01-01T00:00:00Z", "public_metrics": {"like_count": bad, "reply_count": 2}}
        records = reader().read(ACCOUNT, exchange({"data": [row], "meta": {"result_count": 1}}))
        assert [(r.metric, r.value) for r in records.readings] == [("comments", 2)]
        assert len(records.faults) == 1
        assert "like_count" in records.faults[0]


def test_rows_of_no_known_shape_are_faults_one_by_one() -> None:
    good = {"id": "5", "created_at": "2026-01-01T00:00:00Z", "public_metrics": {"like_count": 1}}
    bad: list[Any] = [
        None,
        7,
        {},
        {"id": "x", "created_at": "2026"},
        {"id": "6"},
        {**good, "edit_history_tweet_ids": ["y"]},
        {"id": None},
        {**good, "text": ["&amp;"]},
        {**good, "id": "9" * 400},
        {**good, "id": "٣"},
        {**good, "created_at": "0001-01-01T00:00:00+14:00"},
        {**good, "created_at": "9999-12-31T23:59:59Z"},
        {**good, "edit_history_tweet_ids": ["5", "5" * 5000]},
    ]
    records = reader().read(ACCOUNT, exchange({"data": [*bad, good], "meta": {"result_count": 9}}))
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


def test_errors_about_others_posts_are_no_faults_and_errors_about_ours_are() -> None:
    errors = [
        {"section": "includes", "field": "x", "title": "Field Authorization Error"},
        {"parameter": "referenced_tweets.id", "resource_id": "9", "title": "Not Found Error"},
        {"section": "data", "field": "non_public_metrics", "title": "Field Authorization Error", "detail": "not authorized"},
    ]
    records = reader().read(ACCOUNT, exchange({"data": [], "meta": {"result_count": 0}, "errors": errors}))
    assert len(records.faults) == 1
    assert "non_public_metrics" in records.faults[0]


def test_what_names_others_is_not_archived() -> None:
    ours = {"section": "data", "field": "non_public_metrics", "title": "Field Authorization Error"}
    theirs = {"parameter": "in_reply_to_user_id", "resource_id": "77", "title": "Not Found Error", "detail": "no user 77"}
    own = {"id": "5", "text": "x", "in_reply_to_user_id": USER}
    rows = [own, {"id": "6", "text": "@ali x", "in_reply_to_user_id": "77"}, {"id": "7", "referenced_tweets": 3}, None]
    value = {"data": rows, "errors": [ours, theirs], "meta": {}}
    assert reduced(value, USER, replies=False) == {
        "data": [own, {"id": "6", "in_reply_to_user_id": "***"}, {"id": "7"}, None],
        "errors": [ours],
        "meta": {},
    }
    assert "77" not in json.dumps(reduced(value, USER, replies=True))
    whole = {"data": [own], "meta": {}}
    assert reduced(whole, USER, replies=False) is whole
    odds: list[Any] = [None, [], {"data": {}}, {"data": [], "errors": 3}]
    for odd in odds:
        assert reduced(odd, USER, replies=False) is odd


def test_a_name_that_is_null_is_none() -> None:
    user: dict[str, Any] = {"id": USER, "name": None, "username": None, "public_metrics": {}}
    profile = reader().read(ACCOUNT, exchange({"data": user}, f"/2/users/{USER}", "user.fields=public_metrics")).profile
    assert profile and (profile.label, profile.url) == ("", "")
