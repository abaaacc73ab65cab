"""A dry run of Facebook and Instagram: every request of the first page that can be known, in its order, and none is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from collectors.base import Refused
from config.secrets import Secrets
from model import Walk
from sandbox.server import Sandbox
from tests.collectors.graph_walks import NOW, PAGE, USER, WORLD, collector

FB, IG = PAGE.remote_id, USER.remote_id
LINKED = "me instagram_business_account{id,username}"


@pytest.mark.parametrize(
    ("platform", "stream", "known", "wanted"),
    [
        ("facebook", "profile", True, [FB]),
        ("facebook", "posts", True, [f"{FB}/published_posts"]),
        ("facebook", "posts", False, ["ornekbelediye id", ":id/published_posts"]),
        ("facebook", "reels", False, ["ornekbelediye id", ":id/video_reels"]),
        ("facebook", "daily", True, [f"{FB}/insights"]),
        ("instagram", "profile", False, [LINKED, ":id"]),
        ("instagram", "posts", True, [f"{IG}/media"]),
        ("instagram", "posts", False, [LINKED, ":id/media"]),
        ("instagram", "stories", True, [f"{IG}/stories", ":each-story/insights views,reach,shares,replies,total_interactions"]),
        ("instagram", "daily", True, [f"{IG}/insights reach", f"{IG}/insights", f"{IG}/insights follows_and_unfollows"]),
    ],
)
def test_the_requests_of_a_first_page(platform: str, stream: str, known: bool, wanted: list[str]) -> None:
    account = PAGE if platform == "facebook" else USER
    account = account if known else replace(account, remote_id="")
    with Sandbox(WORLD, now=NOW) as box:
        reader = collector(box.url, platform, dry=True)
        page = reader.fetch(account, stream, Walk(0, account.account, stream, NOW, NOW - timedelta(days=3), "manual"))
        assert box.asked == []
    assert page.notes == ()
    assert [method for method, _, _ in reader.door.planned] == ["GET"] * len(wanted)
    for (_, url, _), part in zip(reader.door.planned, wanted, strict=True):
        path, _, names = part.partition(" ")
        query = dict(parse_qsl(urlsplit(url).query))
        assert urlsplit(url).path.removeprefix("/graph/v26.0/") == path
        assert names in ("", query.get("metric", query.get("fields")))
        assert "access_token" not in query


def test_media_that_are_asked_one_by_one_are_planned_for_each_kind() -> None:
    reader = collector("http://127.0.0.1:9", "instagram", dry=True, insights="each")
    reader.fetch(USER, "posts", Walk(0, USER.account, "posts", NOW, NOW - timedelta(days=3), "manual"))
    paths = [urlsplit(url).path.removeprefix("/graph/v26.0/") for _, url, _ in reader.door.planned]
    assert paths == [f"{IG}/media", ":each-feed/insights", ":each-reels/insights"]


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_without_a_token_nothing_is_planned(platform: str) -> None:
    reader = collector("http://127.0.0.1:9", platform, dry=True, secrets=Secrets({}))
    account = PAGE if platform == "facebook" else USER
    with pytest.raises(Refused):
        reader.fetch(account, "posts", Walk(0, account.account, "posts", NOW, NOW, "manual"))
    assert reader.door.planned == []
