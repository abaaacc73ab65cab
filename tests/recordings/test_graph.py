"""Recorded answers of the Graph API through our collectors: the values that come out are those in the bodies."""

from __future__ import annotations

import importlib.util
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

from collectors.base import CollectError, Gone, RateLimited, Refused
from collectors.facebook import Facebook
from collectors.graph_errors import judge
from collectors.http import Answer
from collectors.instagram import FIELDS, Instagram
from model import Exchange, Records, Walk, from_text
from tests.collectors.graph_walks import PAGE, USER, collector

RECORDINGS = os.environ.get("MECRA_RECORDINGS")
REPLAY = Path(RECORDINGS or "", "..", "tools", "replay_server.py").resolve()
pytestmark = [
    pytest.mark.skipif(not RECORDINGS, reason="MECRA_RECORDINGS is not set: the recorded answers are not here"),
    pytest.mark.skipif(not REPLAY.exists(), reason="replay_server.py is not beside the recordings"),
]
NOW = datetime(2026, 4, 10, 9, tzinfo=UTC)

# Recordings of endpoints that we ask: name, platform, the object, the stream.
ASKED = [
    ("pyfacebook/graph.get_object.190", "facebook", "20531316728", "profile"),
    ("pyfacebook/graph.get_object.191", "facebook", "20531316728", "profile"),
    ("pyfacebook/graph.exchange_token.205", "facebook", "19292868552", "profile"),
    ("pyfacebook/graph.exchange_token.206", "facebook", "19292868552", "profile"),
    ("thenaox/page-response", "facebook", "188091757763", "profile"),
    ("pyfacebook/user.get_info.152", "instagram", "17841407673135339", "profile"),
    ("pyfacebook/user.get_user_media.164", "instagram", "17841407673135339", "posts"),
    ("pyfacebook/user.get_user_media.165", "instagram", "17841407673135339", "posts"),
    ("pyfacebook/user.get_user_media.166", "instagram", "17841407673135339", "posts"),
    ("pyfacebook/user.get_stories.175", "instagram", "17841407673135339", "stories"),
    ("pyfacebook/user.get_user_insights.161", "instagram", "17841407673135339", "daily"),
    ("airbyte/media_insights_for_reels", "instagram", "84386203808767123", "insights"),
    ("airbyte/accounts_ig", "instagram", "", "profile"),
]
# Recordings of a sibling edge with rows of the same kind: read as if our edge had answered them.
SIBLINGS = [
    ("pyfacebook/page.get_feed.56", "published_posts"),
    ("pyfacebook/page.get_feed.57", "published_posts"),
    ("pyfacebook/page.get_videos.70", "video_reels"),
    ("pyfacebook/page.get_videos.71", "video_reels"),
    ("pyfacebook/page.get_videos.72", "video_reels"),
]
REFUSED: list[tuple[str, type[CollectError]]] = [
    ("issues/err_4_app_limit", RateLimited),
    ("issues/err_17_user_limit", RateLimited),
    ("issues/err_190_463_expired", Refused),
    ("issues/err_283", Refused),
    ("issues/err_100_unsupported_get", Gone),
    ("airbyte/err_10_media", Refused),
    ("airbyte/err_100_33_media", Gone),
    ("thenaox/page-response-error", Gone),
]
# Nothing of ours: batches (`?ids=`), other people's objects, comments, hashtags, publishing, app administration, demographics.


def recording(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(RECORDINGS or "", "graph", f"{name}.json").read_text(encoding="utf-8"))
    return found


def body(name: str) -> Any:
    return json.loads(recording(name)["response"]["body"])


class Unwindowed(HTTPAdapter):
    """Sends our requests without the window, which no recording has; the answer still goes by the address that we asked."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        asked = request.url or ""
        parts = urlsplit(asked)
        kept = [(k, v) for k, v in parse_qsl(parts.query) if k not in ("since", "until", "metric")]
        request.url = urlunsplit(parts._replace(query=urlencode(kept)))
        response = super().send(request, *args, **options)
        response.url = asked
        return response


@contextmanager
def serving(directory: Path) -> Iterator[str]:
    """The recordings below a directory on loopback; answers the address."""
    spec = importlib.util.spec_from_file_location("replay_server", REPLAY)
    assert spec and spec.loader
    replay = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(replay)
    _, [server] = replay.serve([str(directory.resolve())])
    yield f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.shutdown, daemon=True).start()  # half a second each: nobody waits for it


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(Path(RECORDINGS or "")) as address:
        yield address


def reading(url: str, platform: str) -> Facebook | Instagram:
    reader = collector(url, platform, now=NOW, version="v24.0")
    reader.door.mount("http://", Unwindowed())
    return reader


def replayed(
    url: str, platform: str, owner: str, stream: str, served: set[str] | None = None
) -> tuple[list[tuple[Exchange, Records]], CollectError | None]:
    """What a walk brings in, and the error that ended it; `served` gains the names of the recordings that answered."""
    reader = reading(url, platform)
    if served is not None:
        reader.door.hooks["response"].append(lambda response, **_: served.add(response.headers.get("x-replay-id", "")))
    account = replace(PAGE if platform == "facebook" else USER, remote_id=owner)
    walk = Walk(1, account.account, stream, NOW, NOW - timedelta(days=2), "manual")
    got: list[Exchange] = []
    error = None
    try:
        if stream == "insights":
            reader.graph.edge(owner, "insights", metric="views,reach,saved,shares,total_interactions")
        while stream != "insights" and walk.finished_at is None:
            page = reader.fetch(account, stream, walk)
            got += reader.door.take()
            walk = walk.after(page, NOW)
    except CollectError as stopped:
        error = stopped
    got += reader.door.take()
    return [(exchange, reader.read(account, exchange)) for exchange in got if exchange.status == 200], error


def told(records: Records) -> dict[tuple[str, str | None], int]:
    return {(r.metric, r.post): r.value for r in records.readings}


def test_pages(url: str) -> None:
    [(_, big)], error = replayed(url, "facebook", "20531316728", "profile")
    assert error is None and big.profile
    assert (big.profile.remote_id, big.profile.label) == ("20531316728", body("pyfacebook/graph.get_object.191")["name"])
    assert told(big) == {("page_likes", None): body("pyfacebook/graph.get_object.191")["fan_count"]}
    assert [g.metric for g in big.gaps] == ["followers"], "an answer of 2021 without followers: a gap, not 0"
    [(exchange, old)], error = replayed(url, "facebook", "188091757763", "profile")
    assert error is None and old.profile and old.profile.label == "Tigerlily"
    assert old.readings == () and {g.metric for g in old.gaps} == {"followers", "page_likes"}
    assert b"Avenue" not in exchange.body and b"location" not in exchange.body


def test_a_page_whose_answer_held_a_token(url: str) -> None:
    [(exchange, records)], error = replayed(url, "facebook", "19292868552", "profile")
    assert error is None and records.profile and records.profile.remote_id == "19292868552"
    assert b"access_token" not in exchange.body


def test_an_instagram_account(url: str) -> None:
    [(exchange, records)], error = replayed(url, "instagram", "17841407673135339", "profile")
    held = body("pyfacebook/user.get_info.152")
    assert error is None and records.profile and records.profile.label == held["name"]
    assert told(records) == {("followers", None): held["followers_count"], ("posts_total", None): held["media_count"]}
    assert b"biography" not in exchange.body


def test_media_over_two_pages(url: str) -> None:
    pages, error = replayed(url, "instagram", "17841407673135339", "posts")
    assert error is None
    rows = body("pyfacebook/user.get_user_media.164")["data"] + body("pyfacebook/user.get_user_media.165")["data"]
    all_records = Records.joined(records for _, records in pages)
    assert [(p.post, p.published_at, p.url, p.text) for p in all_records.posts] == [
        (row["id"], from_text(row["timestamp"]), row["permalink"], row.get("caption", "")) for row in rows
    ]
    assert told(all_records) == {
        (ours, row["id"]): row[field] for row in rows for ours, field in (("likes", "like_count"), ("comments", "comments_count"))
    }
    assert all_records.gaps == (), "absent is not 0, and Meta keeps the insights of two years"
    assert not any(b"children" in exchange.body or b"access_token" in exchange.body for exchange, _ in pages)
    assert {p.kind for p in all_records.posts} == {"image", "carousel"}


def test_stories(url: str) -> None:
    pages, _ = replayed(url, "instagram", "17841407673135339", "stories")
    rows = body("pyfacebook/user.get_stories.175")["data"]
    assert [(p.post, p.kind) for p in pages[0][1].posts] == [(row["id"], "story") for row in rows]


def test_a_series_of_days(url: str) -> None:
    reader = reading(url, "instagram")
    reader.graph.edge("17841407673135339", "insights", metric="reach,profile_views", period="day")
    [exchange] = reader.door.take()
    records = reader.read(USER, exchange)
    held = {item["name"]: item["values"] for item in body("pyfacebook/user.get_user_insights.161")["data"]}
    assert [r.value for r in records.readings] == [value["value"] for value in held["reach"]]
    assert [str(r.day) for r in records.readings] == ["2017-05-03", "2017-05-04"], "the day that ended then in California"


def test_a_total_with_parts_is_not_a_days_figure(url: str) -> None:
    reader = reading(url, "instagram")
    query = {"metric": "reach", "period": "day", "metric_type": "total_value", "breakdown": "media_product_type,follow_type"}
    reader.graph.edge("17841407673135339", "insights", **query)
    [exchange] = reader.door.take()
    assert b"***" in exchange.body and b"access_token" not in exchange.body
    assert reader.read(USER, exchange).readings == ()


def test_the_figures_of_a_reel(url: str) -> None:
    [(_, records)], error = replayed(url, "instagram", "84386203808767123", "insights")
    held = {item["name"]: item["values"][0]["value"] for item in body("airbyte/media_insights_for_reels")["data"]}
    assert error is None
    assert told(records) == {
        (ours, "84386203808767123"): held[name] for ours, name in (("reach", "reach"), ("saves", "saved"), ("shares", "shares"))
    }
    assert {g.metric for g in records.gaps} == {"views", "engagements"}


@pytest.mark.parametrize(("name", "edge"), SIBLINGS)
def test_rows_of_a_sibling_edge(name: str, edge: str) -> None:
    reader = collector("http://127.0.0.1:9", "facebook")
    fields = "id,created_time,message,permalink_url,shares,reactions.summary(total_count).limit(0)"
    if edge == "published_posts":
        fields += ",comments.summary(total_count).filter(stream).limit(0)"
    held = body(name)
    raw = json.dumps(held).encode()
    records = reader.read(
        PAGE, Exchange(NOW, "GET", f"https://graph.facebook.com/v26.0/19292868552/{edge}?fields={fields}", 200, raw, len(raw))
    )
    assert records.faults == ()
    if edge == "video_reels":
        assert records.posts == (), "videos with an address of their own are read from the feed"
        return
    assert [(p.post, p.published_at, p.text, p.url) for p in records.posts] == [
        (row["id"], from_text(row["created_time"]), row.get("message", ""), row["permalink_url"]) for row in held["data"]
    ]
    assert told(records) == {
        **{("reactions", row["id"]): row["reactions"]["summary"]["total_count"] for row in held["data"]},
        **{("comments", row["id"]): row["comments"]["summary"]["total_count"] for row in held["data"]},
        **{("shares", row["id"]): row.get("shares", {}).get("count", 0) for row in held["data"]},
    }


@pytest.mark.parametrize(("name", "kind"), REFUSED)
def test_recorded_errors_are_in_the_right_class(url: str, name: str, kind: type[CollectError]) -> None:
    answered = recording(name)
    path = urlsplit(answered["request"]["url"]).path.strip("/").split("/")
    if len(path) < 3:  # asked without an object: no request of ours
        value = body(name)
        with pytest.raises(kind):
            judge(Answer("GET", "https://graph.facebook.com/", 400, {}, b"", NOW, value))
        return
    reader = reading(url, "facebook" if name.startswith("issues") else "instagram")
    with pytest.raises(kind) as caught:
        if name.startswith("issues"):
            reader.fetch(replace(PAGE, remote_id=path[1]), "posts", Walk(1, PAGE.account, "posts", NOW, NOW, "manual"))
        else:
            reader.graph.edge(path[1], "insights", metric="reach")
    code = body(name)["error"]["code"]
    assert f"code {code}" in str(caught.value)
    assert type(caught.value) is kind and caught.value.cure


def numbers(value: Any) -> set[int]:
    """Every whole number in a body."""
    if isinstance(value, dict):
        return set().union(*map(numbers, value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*map(numbers, value)) if value else set()
    return {value} if isinstance(value, int) and not isinstance(value, bool) else set()


def test_every_recording_of_ours_replayed_alone(tmp_path: Path, tell: Callable[[str], None]) -> None:
    """One server a recording, so that none hides behind another of the same address; the share covered is printed."""
    root = Path(RECORDINGS or "", "graph")
    served: set[str] = set()
    for number, (name, platform, owner, stream) in enumerate(ASKED):
        only = tmp_path / str(number) / "graph"
        only.mkdir(parents=True)
        (only / "one.json").symlink_to(root / f"{name}.json")
        with serving(only.parent) as url:
            pages, _ = replayed(url, platform, owner, stream, served)
        held = body(name)
        if stream == "posts" and "after" in recording(name)["request"]["url"]:
            pages = [(exchange, reading(url, platform).read(USER, exchange)) for exchange in [as_asked(name, owner)]]
            served.add(recording(name)["id"])
        readings = [r for _, records in pages for r in records.readings]
        assert {r.value for r in readings} <= numbers(held), name
        posts = [p.post for _, records in pages for p in records.posts]
        assert posts == ([row["id"] for row in held["data"]] if stream in ("posts", "stories") else []), name
    ours = {recording(name)["id"] for name, *_ in ASKED}
    assert served >= ours, ours - served
    every = [p for p in root.rglob("*.json") if "bodies_restfb" not in p.parts]
    taken = len(ours) + len(SIBLINGS) + len(REFUSED) + 1
    tell(
        f"Graph: {taken} of {len(every)} recordings replayed: {len(ours) + 1} of endpoints that we ask, "
        f"{len(SIBLINGS)} of sibling edges, {len(REFUSED)} errors; the others are of endpoints that we don't ask"
    )


def as_asked(name: str, owner: str) -> Exchange:
    """A recorded later page as our own request would have brought it."""
    raw = recording(name)["response"]["body"].encode()
    query = urlencode({"fields": ",".join((*FIELDS, "like_count", "comments_count")), "after": "after"})
    return Exchange(NOW, "GET", f"https://graph.facebook.com/v24.0/{owner}/media?{query}", 200, raw, len(raw))
