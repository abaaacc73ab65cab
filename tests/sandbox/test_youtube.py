"""The sandbox's YouTube: the official descriptions accept every answer, and it refuses what YouTube refuses."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from sandbox import youtube as google
from sandbox.server import Sandbox
from sandbox.youtube_days import FLOWS, last_settled, on_day
from sandbox.youtube_faults import FAULTS, FIRST_PAGE
from tests.collectors.youtube_walks import after, small_world

DATA, REPORTS = "/youtube/v3", "/v2/reports"
CHANNEL, UPLOADS = "UCornekbelediye0000000001", "UUornekbelediye0000000001"
ALL_DAYS: dict[str, Any] = {"ids": "channel==MINE", "startDate": "2026-01-01", "endDate": "2026-12-31", "metrics": ",".join(FLOWS)}


@pytest.fixture
def box() -> Iterator[Sandbox]:
    world = small_world(150)
    with Sandbox(world, now=after(world)) as box:
        yield box


def ask(box: Sandbox, path: str, *, owner: bool = True, headers: dict[str, str] | None = None, **query: Any) -> requests.Response:
    if headers is None:
        headers = {"Authorization": f"Bearer {token(box)}"} if owner else {"x-goog-api-key": google.KEY}
    return requests.get(f"{box.url}/youtube{path}", params=query, headers=headers, timeout=5)


def token(box: Sandbox, **form: str) -> str:
    return str(ask_token(box, **form).json()["access_token"])


def ask_token(box: Sandbox, **form: str) -> requests.Response:
    whole = {
        "grant_type": "refresh_token", "refresh_token": google.REFRESH_TOKEN,
        "client_id": google.CLIENT_ID, "client_secret": google.CLIENT_SECRET,
    }  # fmt: skip
    return requests.post(f"{box.url}/youtube/token", data={**whole, **form}, timeout=5)


# -- the contract


def contracts() -> dict[str, Any]:
    """The official descriptions by what an address contains, with the tool that reads them."""
    recordings, directory = os.environ.get("MECRA_RECORDINGS"), os.environ.get("MECRA_CONTRACTS")
    if not recordings or not directory:
        pytest.skip("MECRA_RECORDINGS and MECRA_CONTRACTS name the official descriptions; they are not set")
    tool = Path(recordings).parent / "tools" / "contract_validate.py"
    if not tool.exists():
        pytest.skip(f"no {tool}")
    spec = importlib.util.spec_from_file_location("contract_validate", tool)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    names = {DATA: "youtube.v3.json", REPORTS: "youtubeAnalytics.v2.json"}
    return {
        path: module.Contract(json.loads((Path(directory) / name).read_text(encoding="utf-8")), strict=True)
        for path, name in names.items()
    }


ASKED: list[tuple[str, dict[str, Any]]] = [
    (f"{DATA}/channels", {"part": "id,snippet,statistics,contentDetails", "mine": "true"}),
    (f"{DATA}/channels", {"part": "statistics", "id": CHANNEL}),
    (f"{DATA}/channels", {"part": "snippet", "forHandle": "@ornekbelediye"}),
    (f"{DATA}/channels", {"part": "snippet", "forHandle": "@yok"}),
    (f"{DATA}/playlistItems", {"part": "id,snippet,contentDetails,status", "playlistId": UPLOADS, "maxResults": 50}),
    (f"{DATA}/playlistItems", {"part": "contentDetails", "playlistId": UPLOADS, "pageToken": google.page_token(50)}),
    (f"{DATA}/videos", {"part": "id,snippet,contentDetails,status,statistics"}),
    (f"{DATA}/videos", {"part": "statistics", "id": "no-such-video"}),
    (REPORTS, {**ALL_DAYS, "dimensions": "day"}),
    (REPORTS, ALL_DAYS),
    (REPORTS, {**ALL_DAYS, "startDate": "2027-01-01", "endDate": "2027-01-31", "dimensions": "day"}),
]
SUCCESSES = (
    "repeated-cursor",
    "empty-page-with-cursor",
    "duplicate-ids",
    "missing-key",
    "falling-counter",
    "vanished-post",
    "hidden-likes",
)


@pytest.mark.parametrize("fault", ["", *SUCCESSES])
def test_the_official_descriptions_accept_every_answer(fault: str, box: Sandbox) -> None:
    known = contracts()
    ids = ",".join(p.post for p in box.world.visible("youtube", box.now)[:50])
    if fault:
        box.fault(fault)
    for path, query in ASKED:
        query = {"id": ids, **query} if path.endswith("/videos") else query
        answer = ask(box, path, **query)
        assert answer.status_code == 200, answer.text
        contract = known[REPORTS if path == REPORTS else DATA]
        verb, _, _, schemas = contract.find("GET", urlsplit(answer.url).path.removeprefix("/youtube"))
        assert verb == "GET"
        assert contract.errors(schemas[200], answer.json()) == [], path


# -- what it says


def test_only_the_parts_that_were_asked_for_are_answered(box: Sandbox) -> None:
    item = ask(box, f"{DATA}/channels", part="statistics", mine="true").json()["items"][0]
    assert set(item) == {"kind", "etag", "id", "statistics"}
    assert all(isinstance(value, (str, bool)) for value in item["statistics"].values())
    assert ask(box, f"{DATA}/channels", mine="true").json()["error"]["errors"][0]["reason"] == "missingRequiredParameter"
    assert ask(box, f"{DATA}/channels", mine="true", part="spleen").json()["error"]["errors"][0]["reason"] == "unknownPart"


@pytest.mark.parametrize(("count", "told"), [(999, 999), (1_653, 1_650), (12_349, 12_300), (123_456, 123_000)])
def test_subscribers_are_rounded_down_to_three_digits(count: int, told: int) -> None:
    assert google.rounded(count) == told


def test_the_pages_of_the_uploads_hold_every_video_once_newest_first(box: Sandbox) -> None:
    page_token, seen = "", []
    while True:
        page = ask(box, f"{DATA}/playlistItems", part="contentDetails", playlistId=UPLOADS, maxResults=50, pageToken=page_token)
        value = page.json()
        seen += [item["contentDetails"]["videoId"] for item in value["items"]]
        assert len(value["items"]) <= 50
        page_token = value.get("nextPageToken", "")
        if not page_token:
            break
    assert seen == [p.post for p in box.world.visible("youtube", box.now)]
    assert google.page_token(0) == FIRST_PAGE


def test_days_end_three_days_ago_and_sum_up(box: Sandbox) -> None:
    rows = ask(box, REPORTS, **ALL_DAYS, dimensions="day").json()["rows"]
    assert rows[-1][0] == last_settled(box.now).isoformat()
    assert last_settled(box.now) < box.now.date() - timedelta(days=2)
    assert rows[0] == ["2026-01-01", *(on_day(box.world, name, date(2026, 1, 1)) for name in FLOWS)]
    total = ask(box, REPORTS, **ALL_DAYS).json()["rows"]
    assert total == [[sum(row[1 + n] for row in rows) for n in range(len(FLOWS))]]
    later = ask(box, REPORTS, **{**ALL_DAYS, "startDate": "2026-05-30"}, dimensions="day").json()
    assert "rows" not in later


# -- what it refuses


@pytest.mark.parametrize(
    ("headers", "status", "reason"),
    [
        ({}, 403, "forbidden"),
        ({"x-goog-api-key": "wrong"}, 400, "badRequest"),
        ({"Authorization": "Bearer wrong"}, 401, "authError"),
    ],
)
def test_who_is_not_known_gets_nothing(headers: dict[str, str], status: int, reason: str, box: Sandbox) -> None:
    answer = ask(box, f"{DATA}/channels", headers=headers, part="id", id=CHANNEL)
    assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (status, reason)


def test_a_key_in_the_address_is_refused(box: Sandbox) -> None:
    assert ask(box, f"{DATA}/channels", headers={}, part="id", id=CHANNEL, key=google.KEY).status_code == 400


def test_analytics_is_for_the_owner_of_this_channel(box: Sandbox) -> None:
    assert ask(box, REPORTS, owner=False, **ALL_DAYS).status_code == 403
    assert ask(box, REPORTS, **{**ALL_DAYS, "ids": "channel==UCother"}).status_code == 403
    assert ask(box, f"{DATA}/channels", owner=False, part="id", mine="true").status_code == 401


def test_tokens_are_issued_for_the_right_papers_and_die_after_an_hour(box: Sandbox) -> None:
    assert ask_token(box, refresh_token="wrong").json()["error"] == "invalid_grant"
    assert ask_token(box, client_secret="wrong").json()["error"] == "invalid_client"
    assert ask_token(box, scope="https://www.googleapis.com/auth/youtube.readonly").json()["scope"].endswith("readonly")
    headers = {"Authorization": f"Bearer {token(box)}"}
    assert ask(box, f"{DATA}/channels", headers=headers, part="id", mine="true").status_code == 200
    box.now += timedelta(hours=2)
    assert ask(box, f"{DATA}/channels", headers=headers, part="id", mine="true").status_code == 401


def test_a_used_up_bucket_refuses_until_the_next_pacific_day(box: Sandbox) -> None:
    box.state["youtube.limits"] = {"data": 2}
    codes = [ask(box, f"{DATA}/channels", owner=False, part="id", id=CHANNEL).status_code for _ in range(3)]
    assert codes == [200, 200, 403]
    assert ask(box, REPORTS, **ALL_DAYS).status_code == 200, "Analytics has its own"
    box.now += timedelta(hours=1, minutes=1)
    assert ask(box, f"{DATA}/channels", owner=False, part="id", id=CHANNEL).status_code == 200


@pytest.mark.parametrize(
    ("path", "query", "status", "reason"),
    [
        (f"{DATA}/playlistItems", {"part": "id", "playlistId": "UUother"}, 404, "playlistNotFound"),
        (f"{DATA}/playlistItems", {"part": "id", "playlistId": UPLOADS, "pageToken": "junk"}, 400, "invalidPageToken"),
        (f"{DATA}/playlistItems", {"part": "id", "playlistId": UPLOADS, "maxResults": 51}, 400, "invalidParameter"),
        (f"{DATA}/videos", {"part": "id"}, 400, "missingRequiredParameter"),
        (f"{DATA}/videos", {"part": "id", "id": ",".join(map(str, range(51)))}, 400, "invalidFilters"),
        (f"{DATA}/channels", {"part": "id"}, 400, "missingRequiredParameter"),
        (f"{DATA}/search", {"part": "id"}, 404, "notFound"),
        (REPORTS, {**ALL_DAYS, "metrics": "views,guesses"}, 400, "badRequest"),
        (REPORTS, {**ALL_DAYS, "dimensions": "month"}, 400, "badRequest"),
        (REPORTS, {**ALL_DAYS, "startDate": "soon"}, 400, "badRequest"),
    ],
)
def test_what_youtube_refuses_is_refused(path: str, query: dict[str, Any], status: int, reason: str, box: Sandbox) -> None:
    answer = ask(box, path, **query)
    assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (status, reason)


def test_the_faults_that_every_platform_must_know_are_there() -> None:
    assert {
        "error-200", "repeated-cursor", "empty-page-with-cursor", "duplicate-ids", "quota", "expired-token", "missing-permission",
        "retired-metric", "vanished-post", "falling-counter", "missing-key", "bad-number", "expired-cursor",
    } <= set(FAULTS)  # fmt: skip
