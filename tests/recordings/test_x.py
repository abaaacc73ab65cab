"""Real answers of X, replayed over HTTP through the collector: the records say what the bodies say."""

from __future__ import annotations

import html
import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from collectors.base import CollectError, Malformed, RateLimited, Unavailable
from collectors.http import Answer, Door, Line, Outfit
from collectors.x import X
from collectors.x_answers import judge, read_posts
from config.secrets import Secrets
from model import Account, Records, Walk, from_text

RECORDINGS = Path(os.environ.get("MECRA_RECORDINGS", "/nowhere"))
NOW = datetime(2026, 2, 1, tzinfo=UTC)
OURS = re.compile(r"/2/users/(by/username/(?P<name>\w+)|(?P<user>\d+)(?P<tweets>/tweets)?)$")
NAMES = {
    "like_count": "likes", "reply_count": "comments", "retweet_count": "shares", "repost_count": "shares", "quote_count": "quotes",
    "bookmark_count": "saves", "impression_count": "views",
}  # fmt: skip
WANTED = {"public_metrics": {ours: [name for name in NAMES if NAMES[name] == ours] for ours in dict.fromkeys(NAMES.values())}}

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="MECRA_RECORDINGS names no recordings")


def recorded() -> list[dict[str, Any]]:
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((RECORDINGS / "x").rglob("*.json"))]
    return [e for e in found if e["request"]["method"] == "GET"]


def path_of(exchange: Mapping[str, Any]) -> str:
    return urlsplit(str(exchange["request"]["url"])).path


EXCHANGES = recorded() if RECORDINGS.is_dir() else []
USED = [e for e in EXCHANGES if OURS.search(path_of(e))]


Only = Callable[[str], str]


@pytest.fixture(scope="module")
def only() -> Iterator[Only]:
    """`only(id)`: the root of a server that knows this one recording, so that no richer one of the same path answers."""
    tool = RECORDINGS / ".." / "tools" / "replay_server.py"
    if not tool.exists():
        pytest.skip("no replay_server.py beside the recordings")
    spec = spec_from_file_location("replay_server", tool)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    store, (server,) = module.serve([str(RECORDINGS)])
    for entries in store.by.values():
        for _, query, _ in entries:  # the same instants as we write them
            query.update({k: v.replace(".000Z", "Z") for k, v in query.items() if k in ("start_time", "end_time")})
    every = dict(store.by)

    def narrowed(name: str) -> str:
        store.by = defaultdict(list, {path: [e for e in entries if e[2]["id"] == name] for path, entries in every.items()})
        return f"http://127.0.0.1:{server.server_port}/x"

    yield narrowed
    server.shutdown()


def replayed(root: str, exchange: Mapping[str, Any]) -> tuple[Records, CollectError | None, str]:
    """What the collector makes of one recording, the error it ends with, and what would be archived."""
    asked = urlsplit(exchange["request"]["url"])
    match = OURS.search(asked.path)
    assert match
    query = {k: v[0] for k, v in parse_qs(asked.query).items()}
    handle, user = match["name"] or "somebody", match["user"] or ""
    account = Account(f"x:{handle}", "x", handle, user)
    secrets = Secrets({"MECRA_X_BEARER_TOKEN": "replayed-bearer"})

    def door(line: Line) -> Door:
        return Door(line, now=lambda: NOW, secrets=secrets, sleep=lambda _: None, attempts=1)

    x = X(Outfit({"api_root": root}, secrets, lambda: NOW, door))
    token = query.get("pagination_token")
    walk = Walk(
        1,
        account.account,
        "posts" if match["tweets"] else "profile",
        from_text(query.get("end_time", "2026-01-01T00:00:00Z")),
        from_text(query.get("start_time", "2011-01-01T00:00:00Z")),
        "test",
        cursor=json.dumps({"token": token, "passed": [], "seen": 0, "oldest": ""}) if token else None,
        memo={"access": "app", "id": user, "owned": False},
    )
    error: CollectError | None = None
    try:
        x.fetch(account, walk.stream, walk)
    except CollectError as raised:
        error = raised
    parts, bodies = [], ""
    for answer in x.door.take():
        bodies += answer.body.decode()
        if answer.status == 200:
            parts.append(x.read(account, answer))
    return Records.joined(parts), error, bodies


def own_rows(value: Mapping[str, Any], user: str) -> list[dict[str, Any]]:
    """The rows that are the user's own, told by the recorded fields."""
    return [
        row
        for row in value.get("data", [])
        if row.get("in_reply_to_user_id", user) == user
        and not any(r["type"] == "retweeted" for r in row.get("referenced_tweets", []))
        and not ("in_reply_to_user_id" not in row and row["text"].startswith("@") and row.get("referenced_tweets"))
    ]


@pytest.mark.parametrize("exchange", USED, ids=[e["id"] for e in USED])
def test_a_recording_is_understood(only: Only, exchange: dict[str, Any]) -> None:
    records, error, archived = replayed(only(exchange["id"]), exchange)
    status, body = exchange["response"]["status"], exchange["response"]["body"]
    match = OURS.search(path_of(exchange))
    assert match
    if status == 429:
        assert type(error) is RateLimited
        return
    assert status == 200
    value = json.loads(body)
    assert not re.search(r'"(entities|includes|author_id|source|description)":', archived)
    if not match["tweets"]:
        user = value["data"]
        assert error is None
        assert records.profile
        assert (records.profile.remote_id, records.profile.label) == (user["id"], user["name"])
        said = user.get("public_metrics", {})
        expected = {"followers": said.get("followers_count"), "posts_total": said.get("tweet_count")}
        assert {r.metric: r.value for r in records.readings} == {k: v for k, v in expected.items() if v is not None}
        assert {g.metric for g in records.gaps} == {k for k, v in expected.items() if v is None}
        return
    if not any("public_metrics" in row for row in value["data"]):  # recorded without the fields that we ask for
        assert type(error) is Malformed
        assert records.faults
        assert not records.readings
        return
    assert error is None
    check_rows(records, own_rows(value, match["user"]))
    assert {g.metric for g in records.gaps} <= {"views", "saves"}  # recorded in 2021, before there were any


def check_rows(records: Records, rows: list[dict[str, Any]]) -> None:
    readings = {(r.post, r.metric): r.value for r in records.readings}
    assert readings == {(row["id"], NAMES[name]): n for row in rows for name, n in row["public_metrics"].items() if name in NAMES}
    assert [(p.post, p.published_at, p.text) for p in records.posts] == [
        (row["id"], from_text(row["created_at"]).replace(microsecond=0), html.unescape(row["text"])) for row in rows
    ]
    known = len(NAMES) - 1
    assert len(records.gaps) == sum(known - len(row["public_metrics"].keys() & NAMES.keys()) for row in rows)


def test_rows_of_other_endpoints_read_alike(tell: Callable[[str], None]) -> None:
    """Lookups and searches hold the same rows, of many authors, with partial errors: more than timelines do."""
    rows_read = 0
    for exchange in EXCHANGES:
        if exchange["response"]["status"] != 200 or not re.search(r"/2/tweets(/search/\w+)?$", path_of(exchange)):
            continue
        value = json.loads(exchange["response"]["body"])
        for author in sorted({row.get("author_id", "") for row in value.get("data", [])} - {""}):
            mine = [row for row in value["data"] if row.get("author_id") == author and "public_metrics" in row]
            records = read_posts({"data": mine}, WANTED, handle="a", user=author, replies=False, whole=True)
            check_rows(records, own_rows({"data": mine}, author))
            assert not records.faults
            rows_read += len(mine)
    assert rows_read > 300
    tell(f"X: {rows_read} rows of lookups and searches read equal to their bodies")


@pytest.mark.parametrize("exchange", [e for e in EXCHANGES if e["response"]["status"] >= 400], ids=lambda e: e["id"])
def test_a_recorded_failure_has_its_class(exchange: dict[str, Any]) -> None:
    """Also of endpoints that we don't ask: X's failures look alike everywhere."""
    response = exchange["response"]
    try:
        value = json.loads(response["body"])
    except ValueError:
        value = None
    answer = Answer(
        "GET", exchange["request"]["url"], response["status"], response["headers"], response["body"].encode(), NOW, value
    )
    expected: dict[int, type[CollectError]] = {400: Malformed, 404: Unavailable, 429: RateLimited}
    with pytest.raises(expected[response["status"]]) as raised:
        judge(answer)
    if "usage-capped" in response["body"]:  # its headers say that 39,999 calls are left
        assert isinstance(raised.value, RateLimited)
        assert raised.value.until == datetime(2026, 3, 1, tzinfo=UTC)


def test_the_share_covered(tell: Callable[[str], None]) -> None:
    failures = [e for e in EXCHANGES if e["response"]["status"] >= 400 and e not in USED]
    tell(
        f"X: {len(USED)} of {len(EXCHANGES)} recordings replayed, all of the endpoints used; {len(failures)} failures of others judged"
    )
    assert len(USED) >= 16
