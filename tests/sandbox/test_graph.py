"""The sandbox's Graph API: Meta's own field lists accept what it answers, and it has the traps of the real one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from sandbox.graph import APP_ID, APP_SECRET, TOKEN, USER_TOKEN
from sandbox.graph_facebook import midnight
from sandbox.server import Sandbox
from sandbox.world import World

NOW = datetime(2026, 4, 10, 9, 30, tzinfo=UTC)
WORLD = World(start=date(2026, 1, 1), end=date(2026, 4, 12))
PAGE, USER = "100200300400500", "17841400000000001"
CONTRACTS = os.environ.get("MECRA_CONTRACTS")


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(WORLD, now=NOW) as running:
        yield running


def asked(box: Sandbox, path: str, *, token: str | None = TOKEN, **query: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.get(f"{box.url}/graph/v26.0/{path}", params=query, headers=headers, timeout=5)


def error(box: Sandbox, path: str, **query: Any) -> dict[str, Any]:
    answer = asked(box, path, **query)
    assert answer.status_code >= 400
    found: dict[str, Any] = answer.json()["error"]
    return found


# -- what it answers, against Meta's description

FEED = (
    "id,created_time,updated_time,message,permalink_url,status_type,is_published,shares,"
    "reactions.summary(total_count).limit(0),comments.summary(total_count).limit(0),attachments{media_type},insights.metric(post_clicks)"
)
DAY = {"since": "1772352000", "until": "1772438400"}  # 2026-03-01 in California
ANSWERS = [
    ("Page", PAGE, {"fields": "id,name,username,link,followers_count,fan_count,instagram_business_account{id,username}"}),
    ("PagePost", f"{PAGE}/published_posts", {"fields": FEED, "limit": "5"}),
    ("AdVideo", f"{PAGE}/video_reels", {"fields": "id,post_id,created_time,description,permalink_url,published,comments,"
                                                  "video_insights.metric(fb_reels_total_plays)"}),
    ("InsightsResult", f"{PAGE}/insights", {"metric": "page_media_view,page_follows", "period": "day", **DAY}),
    ("IGUser", USER, {"fields": "id,username,name,followers_count,follows_count,media_count"}),
    ("IGMedia", f"{USER}/media", {"fields": "id,timestamp,media_type,media_product_type,permalink,caption,like_count,comments_count,"
                                            "insights.metric(views,reach)"}),
    ("IGMedia", f"{USER}/stories", {"fields": "id,timestamp,media_type,media_product_type,permalink"}),
    ("InstagramInsightsResult", f"{USER}/insights", {"metric": "views", "period": "day", "metric_type": "total_value", **DAY}),
]  # fmt: skip


@pytest.mark.skipif(not CONTRACTS, reason="MECRA_CONTRACTS is not set: Meta's field lists are not here")
@pytest.mark.parametrize(("node", "path", "query"), ANSWERS, ids=[f"{node}-{path.partition('/')[2]}" for node, path, _ in ANSWERS])
def test_every_name_that_is_answered_is_in_metas_lists(box: Sandbox, node: str, path: str, query: dict[str, str]) -> None:
    value = asked(box, path, **query).json()
    rows = value.get("data", [value])
    assert rows
    for row in rows:
        assert set(row) <= names(node), set(row) - names(node)
        for expansion in ("insights", "video_insights"):
            for item in row.get(expansion, {}).get("data", []):
                assert set(item) <= names("InsightsResult")
    assert set(value) <= {"data", "paging"} | names(node)
    assert set(value.get("paging", {})) <= {"cursors", "next", "previous"}


def names(node: str) -> set[str]:
    """Fields and edges of a node. Instagram's insights have no list of their own: a total stands beside the values there."""
    own = {"total_value"} if node == "InstagramInsightsResult" else set()
    file = Path(CONTRACTS or "", "meta", f"{'InsightsResult' if own else node}.json")
    described = json.loads(file.read_text(encoding="utf-8"))
    edges = {api["endpoint"].lstrip("/") for api in described["apis"] if api["method"] == "GET" and api.get("endpoint")}
    return {field["name"] for field in described["fields"]} | edges | own


def test_only_what_was_asked_for_is_answered(box: Sandbox) -> None:
    assert asked(box, PAGE, fields="followers_count").json() == {"followers_count": WORLD.followers("facebook", NOW), "id": PAGE}
    row = asked(box, f"{PAGE}/published_posts", fields="message", limit=1).json()["data"][0]
    assert set(row) == {"id", "message"}
    assert error(box, PAGE, fields="shoe_size")["message"].startswith("(#100) Tried accessing nonexisting field (shoe_size)")


def test_the_headers_of_every_answer(box: Sandbox) -> None:
    headers = asked(box, PAGE).headers
    assert headers["facebook-api-version"] == "v26.0"
    assert set(json.loads(headers["x-app-usage"])) == {"call_count", "total_time", "total_cputime"}


# -- tokens


def test_a_token_in_the_header_or_in_the_query(box: Sandbox) -> None:
    assert asked(box, PAGE).status_code == 200
    assert asked(box, PAGE, token=None, access_token=TOKEN).status_code == 200
    assert error(box, PAGE, token=None)["code"] == 104
    assert error(box, PAGE, token="another")["code"] == 190


def test_a_token_is_inspected_exchanged_and_turned_into_a_page_token(box: Sandbox) -> None:
    app = f"{APP_ID}|{APP_SECRET}"
    data = asked(box, "debug_token", token=app, input_token=TOKEN).json()["data"]
    assert (data["is_valid"], data["type"], data["expires_at"]) == (True, "PAGE", 0)
    assert "read_insights" in data["scopes"]
    assert asked(box, "debug_token", token=app, input_token="x").json()["data"]["is_valid"] is False
    keys = {"grant_type": "fb_exchange_token", "client_id": APP_ID, "client_secret": APP_SECRET}
    longer = asked(box, "oauth/access_token", token=None, fb_exchange_token=USER_TOKEN, **keys).json()
    assert longer["expires_in"] == 5183944
    page = asked(box, "me/accounts", token=longer["access_token"]).json()["data"][0]
    assert (page["id"], page["access_token"]) == (PAGE, TOKEN)
    assert error(box, "oauth/access_token", fb_exchange_token="old", **keys)["error_subcode"] == 463


# -- traps


def test_the_next_link_carries_the_token_and_the_cursor_works(box: Sandbox) -> None:
    first = asked(box, f"{PAGE}/published_posts", fields="id", limit=10).json()
    assert parse_qs(urlsplit(first["paging"]["next"]).query)["access_token"] == [TOKEN]
    ids, after = [row["id"] for row in first["data"]], first["paging"]["cursors"]["after"]
    while after:
        page = asked(box, f"{PAGE}/published_posts", fields="id", limit=10, after=after).json()
        ids += [row["id"] for row in page["data"]]
        after = page["paging"]["cursors"]["after"] if "next" in page["paging"] else None
    assert "cursors" in page["paging"], "the last page has cursors and no next"
    assert ids == [p.post for p in WORLD.visible("facebook", NOW) if p.kind != "reel"]
    assert error(box, f"{PAGE}/published_posts", after="bm8=")["code"] == 2642
    assert error(box, f"{PAGE}/published_posts", limit=101)["code"] == 100


def test_insights_link_to_more_for_ever(box: Sandbox) -> None:
    since = midnight(date(2026, 3, 1)).timestamp()
    page = asked(
        box, f"{PAGE}/insights", metric="page_follows", period="day", since=int(since), until=int(since + 86400 * 2)
    ).json()
    for _ in range(3):
        assert set(page["paging"]) == {"previous", "next"}
        page = requests.get(page["paging"]["previous"], timeout=5).json()


def test_windows_that_are_too_wide(box: Sandbox) -> None:
    span: dict[str, Any] = {"since": 1767225600, "until": 1767225600 + 86400 * 91}
    wide = error(box, f"{PAGE}/insights", metric="page_follows", period="day", **span)
    assert (wide["code"], wide["error_subcode"]) == (100, 1504016)
    assert "more than 30 days" in error(box, f"{USER}/insights", metric="reach", period="day", **span)["message"]


def test_the_end_of_a_day_is_midnight_in_california(box: Sandbox) -> None:
    span: dict[str, Any] = {
        "since": int(midnight(date(2026, 3, 7)).timestamp()),
        "until": int(midnight(date(2026, 3, 10)).timestamp()),
    }
    values = asked(box, f"{PAGE}/insights", metric="page_media_view", period="day", **span).json()["data"][0]["values"]
    ends = [v["end_time"] for v in values]
    assert ends == ["2026-03-08T08:00:00+0000", "2026-03-09T07:00:00+0000", "2026-03-10T07:00:00+0000"]
    assert [v["value"] for v in values] == [WORLD.flow("facebook", "views", date(2026, 3, 7 + n)) for n in range(3)]


@pytest.mark.parametrize("metric", ["page_impressions", "page_fans", "page_impressions_unique", "nonsense"])
def test_one_dead_metric_fails_the_call(box: Sandbox, metric: str) -> None:
    refused = error(box, f"{PAGE}/insights", metric=f"page_follows,{metric}", period="day")
    assert (refused["code"], refused["message"]) == (100, "(#100) The value must be a valid insights metric")


def test_instagram_wants_each_metric_in_its_own_way(box: Sandbox) -> None:
    path = f"{USER}/insights"
    assert "metric_type=total_value" in error(box, path, metric="views", period="day")["message"]
    assert "metric[1] must be one of" in error(box, path, metric="reach,impressions", period="day")["message"]
    bare = asked(box, path, metric="follows_and_unfollows", period="day", metric_type="total_value").json()
    assert bare["data"][0]["total_value"] == {}, "without the breakdown the value is missing"
    reel = next(p.post for p in WORLD.visible("instagram", NOW) if p.kind == "reel")
    assert "does not support the profile_visits" in error(box, f"{reel}/insights", metric="views,profile_visits")["message"]


def test_stories_live_a_day(box: Sandbox) -> None:
    from sandbox.graph_instagram import stories

    seen = {s.post: s for hours in range(0, 72) for s in stories(WORLD, NOW - timedelta(hours=hours))}
    assert len(seen) in (7, 8)
    for story in seen.values():
        assert story in stories(WORLD, story.published_at) and story in stories(
            WORLD, story.published_at + timedelta(hours=23, minutes=59)
        )
        assert story not in stories(WORLD, story.published_at + timedelta(hours=24))


def test_what_is_not_there(box: Sandbox) -> None:
    assert error(box, "4242")["error_subcode"] == 33
    assert error(box, f"{PAGE}/shoes")["code"] == 100
    assert requests.get(f"{box.url}/graph/nonsense", timeout=5).status_code == 400
