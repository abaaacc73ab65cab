"""Meta's errors by code and subcode, whatever their type and HTTP status."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.base import CollectError, Expired, Gone, Malformed, RateLimited, Refused, Unavailable, Unsupported
from collectors.graph_errors import TOKEN_CURES, Opaque, TooMuch, Unmeasured, judge, rest
from collectors.http import Answer

NOW = datetime(2026, 4, 10, 9, tzinfo=UTC)


def answer(value: Any, headers: Mapping[str, str] | None = None, *, status: int = 400) -> Answer:
    url = "https://graph.facebook.com/v26.0/1/insights?metric=page_follows,page_gone"
    return Answer("GET", url, status, headers or {}, json.dumps(value).encode(), NOW, value)


def error(code: Any, subcode: int = 0, message: str = "told", **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode, **more}}


KINDS: list[tuple[dict[str, Any], type[CollectError]]] = [
    (error(1), Unavailable),
    (error(2), Unavailable),
    (error(77777, is_transient=True), Unavailable),
    (error(1, 99), Opaque),
    (error(1, message="Please reduce the amount of data you're asking for, then retry your request"), TooMuch),
    *((error(code), RateLimited) for code in (4, 17, 32, 341, 368, 613, 80001, 80002, 80005, 80006)),
    *((error(code), Refused) for code in (3, 10, 102, 104, 190, 200, 283, 299, 2500)),
    (error(100, message="Invalid appsecret_proof provided in the API argument"), Refused),
    (error(10, message="(#10) Not enough viewers for the media to show insights"), Unmeasured),
    (error(100, 2108006, "Invalid parameter"), Unmeasured),
    (error(100, message="(#100) The value must be a valid insights metric"), Unsupported),
    (error(100, message="(#100) metric[0] must be one of the following values: reach"), Unsupported),
    (
        error(100, message="(#100) The Media Insights API does not support the plays metric for this media product type."),
        Unsupported,
    ),
    (error(100, message="(#100) Tried accessing nonexisting field (plays) on node type (IGMedia)"), Unsupported),
    (error(12, message="(#12) deprecated"), Unsupported),
    (error(100, 33, "Invalid parameter"), Gone),
    (error(803, message="(#803) Some of the aliases you requested do not exist: x"), Gone),
    (error(21, message="Page ID 1 was migrated to page ID 2."), Gone),
    (error(2642, message="(#2642) Invalid cursors values"), Expired),
    (error(100, 1504016, "Invalid parameter"), Malformed),
    (error(100, message="(#100) There cannot be more than 30 days (2592000 s) between since and until."), Malformed),
    (error(3001, 1504028), Malformed),
    (error("a word"), Malformed),
    ({"error": "gone fishing"}, Malformed),
    ({"error": []}, Malformed),
]


@pytest.mark.parametrize(("value", "kind"), KINDS)
@pytest.mark.parametrize("status", [200, 400, 500])
def test_each_code_has_its_word(value: dict[str, Any], kind: type[CollectError], status: int) -> None:
    with pytest.raises(kind) as caught:
        judge(answer(value, status=status))
    assert type(caught.value) is kind
    assert caught.value.cure


@pytest.mark.parametrize("value", [{}, {"data": []}, {"error": None}, None, [], "text"])
def test_an_answer_without_an_error_passes(value: Any) -> None:
    judge(answer(value, status=200))


def test_a_dead_token_says_what_to_do() -> None:
    cures = set()
    for subcode in (*TOKEN_CURES, 0, 4711):
        with pytest.raises(Refused) as caught:
            judge(answer(error(190, subcode)))
        cures.add(caught.value.cure)
    assert len(cures) == len(TOKEN_CURES) + 1


def test_an_unsupported_metric_names_what_was_asked() -> None:
    with pytest.raises(Unsupported) as caught:
        judge(answer(error(100, message="(#100) The value must be a valid insights metric")))
    assert caught.value.metric == "page_follows,page_gone"


def test_until_when_a_limit_holds() -> None:
    usage = json.dumps({"1": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 31}], "2": []})
    waits = []
    for code, headers in (
        (80001, {"x-business-use-case-usage": usage}), (4, {}), (4, {"Retry-After": "90"}), (368, {}),
        (80002, {"x-business-use-case-usage": "no JSON"}), (4, {"x-app-usage": "[]"}),
    ):  # fmt: skip
        with pytest.raises(RateLimited) as caught:
            judge(answer(error(code), headers))
        waits.append((caught.value.until - NOW, caught.value.shared))
    hour = timedelta(hours=1)
    assert waits == [
        (timedelta(minutes=31), False), (hour, True), (timedelta(seconds=90), True), (timedelta(days=1), True), (hour, False), (hour, True),
    ]  # fmt: skip


@pytest.mark.parametrize(("share", "resting"), [(28, False), (94, False), (95, True), (100, True)])
def test_a_rest_before_the_limit(share: int, resting: bool) -> None:
    app = json.dumps({"call_count": 1, "total_time": share, "total_cputime": 2})
    assert (rest(answer({}, {"x-app-usage": app}, status=200)) is not None) is resting
    own = json.dumps({"1": [{"type": "instagram", "call_count": share, "total_time": 1, "estimated_time_to_regain_access": 0}]})
    assert (rest(answer({}, {"x-business-use-case-usage": own}, status=200)) is not None) is resting
    assert rest(answer({}, status=200)) is None


@pytest.mark.parametrize("minutes", ["1e999", "NaN", "1e15", "-5", '"x"', "null"])
def test_a_mad_header_silences_nobody_for_ever(minutes: str) -> None:
    headers = {"x-app-usage": f'{{"call_count": 100, "estimated_time_to_regain_access": {minutes}}}'}
    answer = Answer("GET", "https://graph.facebook.com/v26.0/me", 200, headers, b"{}", NOW, {})
    until = rest(answer)
    assert until is None or NOW - timedelta(minutes=5) <= until <= NOW + timedelta(days=31)
