"""Real answers of YouTube, replayed through the collector: what is in the bodies is in the records."""

from __future__ import annotations

import importlib.util
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from collectors.base import CollectError, Gone, Malformed, RateLimited, Refused
from collectors.google_errors import StaleToken
from collectors.http import Door, Outfit
from collectors.youtube import YouTube
from collectors.youtube_answers import table_rows
from config.secrets import Secrets
from model import Account, Exchange, Records, Walk, from_text

RECORDINGS = os.environ.get("MECRA_RECORDINGS")
TOOL = Path(RECORDINGS or "").parent / "tools" / "replay_server.py"
pytestmark = pytest.mark.skipif(
    not RECORDINGS or not TOOL.exists(), reason="MECRA_RECORDINGS names no recordings with tools/replay_server.py beside them"
)
ENDPOINTS = ("/channels", "/playlistItems", "/videos", "/reports")
NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
KEY = "AIza-a-key-that-nobody-checks"
ERRORS: dict[tuple[str, int, str], type[CollectError]] = {
    ("channels", 401, "authError"): StaleToken,
    ("channels", 403, "quotaExceeded"): RateLimited,
    ("reports", 403, "forbidden"): Refused,
    ("playlistItems", 404, "videoNotFound"): Gone,
    ("playlistItems", 403, "playlistItemsNotAccessible"): Gone,
    ("videos", 403, "forbidden"): Refused,
    ("videos", 400, "unknownPart"): Malformed,
}


@dataclass
class Recording:
    name: str
    method: str
    url: str
    status: int
    value: Any

    @property
    def kind(self) -> str:
        return urlsplit(self.url).path.rpartition("/")[2]

    @property
    def parts(self) -> list[str]:
        return parse_qs(urlsplit(self.url).query).get("part", [""])[0].split(",")


@pytest.fixture(scope="module")
def recordings() -> dict[str, Recording]:
    """Every exchange with an endpoint that we use, by its id."""
    found = {}
    for file in sorted((Path(str(RECORDINGS)) / "youtube").rglob("*.json")):
        e = json.loads(file.read_text(encoding="utf-8"))
        if urlsplit(e["request"]["url"]).path.endswith(ENDPOINTS):
            answer = e["response"]
            found[e["id"]] = Recording(
                e["id"], e["request"]["method"], e["request"]["url"], answer["status"], json.loads(answer["body"])
            )
    return found


@contextmanager
def served(directory: Path) -> Iterator[str]:
    """The address of the exchanges in a directory."""
    spec = importlib.util.spec_from_file_location("replay_server", TOOL)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    _, servers = module.serve([str(directory)], sequence=True)
    yield f"http://127.0.0.1:{servers[0].server_port}/youtube"
    for server in servers:
        server.shutdown()


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with served(Path(str(RECORDINGS))) as address:
        yield address


@pytest.fixture(scope="module")
def errors_base(recordings: dict[str, Recording], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The refusals alone: beside a success for the same request they would never be given out."""
    directory = tmp_path_factory.mktemp("refusals")
    for name in (name for name, recording in recordings.items() if recording.status != 200):
        file = Path(str(RECORDINGS)) / f"{name}.json"
        (directory / f"{name.replace('/', '-')}.json").symlink_to(file)
    with served(directory) as address:
        yield address


@pytest.fixture
def collector(base: str) -> YouTube:
    secrets = Secrets({"MECRA_YOUTUBE_API_KEY": KEY})
    return YouTube(
        Outfit(
            {"api_root": base},
            secrets,
            lambda: NOW,
            lambda line: Door(line, now=lambda: NOW, secrets=secrets, sleep=lambda s: None),
        )
    )


def replay(collector: YouTube, base: str, recording: Recording) -> tuple[str, Exchange, CollectError | None]:
    """The id of the recording that answered (equally good ones take turns), what is archived of it, and how it was judged."""
    address, error = urlsplit(recording.url), None
    try:
        collector.door.request(recording.method, f"{base}{address.path}?{address.query}")
    except CollectError as caught:
        error = caught
    assert collector.door.last
    return collector.door.last.headers["x-replay-id"], collector.door.take()[-1], error


def published(recording: Recording) -> list[dict[str, Any]]:
    """The videos of a body that are out and for everybody."""
    return [
        item
        for item in recording.value.get("items", [])
        if item.get("status", {}).get("privacyStatus", "public") == "public"
        and item.get("snippet", {}).get("liveBroadcastContent") != "upcoming"
    ]


def figures(names: dict[str, str], statistics: dict[str, Any]) -> dict[str, int]:
    return {ours: int(statistics[name]) for name, ours in names.items() if name in statistics}


def check_channel(recording: Recording, records: Records) -> None:
    items = recording.value.get("items") or []
    if not items:
        assert records == Records()
        return
    assert records.profile and records.profile.remote_id == items[0]["id"]
    assert records.profile.label == items[0].get("snippet", {}).get("title", "")
    names = {"subscriberCount": "followers", "videoCount": "posts_total", "viewCount": "views_total"}
    assert {r.metric: r.value for r in records.readings} == figures(names, items[0].get("statistics", {}))


def check_videos(recording: Recording, records: Records) -> None:
    items = published(recording)
    if "snippet" in recording.parts:
        told = {(p.post, p.published_at, p.text) for p in records.posts}
        assert told == {(i["id"], from_text(i["snippet"]["publishedAt"]), i["snippet"]["title"]) for i in items}
    names = {"viewCount": "views", "likeCount": "likes", "commentCount": "comments"}
    wanted = {(i["id"], ours): n for i in items for ours, n in figures(names, i.get("statistics", {})).items()}
    assert {(r.post, r.metric): r.value for r in records.readings} == wanted
    if "statistics" in recording.parts:
        assert len(records.readings) + len(records.gaps) == 3 * len(items)
    assert not records.faults


def test_values_are_those_of_the_bodies(
    recordings: dict[str, Recording], collector: YouTube, base: str, tell: Callable[[str], None]
) -> None:
    covered: Counter[str] = Counter()
    seen, checks = set(), {"channels": check_channel, "videos": check_videos}
    for asked in recordings.values():
        if asked.status != 200:
            continue
        name, exchange, error = replay(collector, base, asked)
        assert error is None, name
        told = recordings[name]
        seen.add(name)
        if told.kind == "reports":
            names = [header["name"] for header in told.value["columnHeaders"]]
            assert list(table_rows(exchange.value)) == [dict(zip(names, row, strict=True)) for row in told.value.get("rows", [])]
            with pytest.raises(Malformed, match="not per day"):
                collector.read(Account("youtube:x", "youtube", "@x"), exchange)
            covered["reports: table read, refused as not per day"] += 1
            continue
        records = collector.read(Account("youtube:x", "youtube", "@x"), exchange)
        if told.kind in checks:
            checks[told.kind](told, records)
            covered[f"{told.kind}: values equal"] += 1
        else:
            assert [item.get("contentDetails") for item in exchange.value["items"]] == [None] * len(told.value["items"])
            assert records == Records(), "contentDetails was not asked for in these"
            covered["playlistItems: read, none with contentDetails"] += 1
    good = [r for r in recordings.values() if r.status == 200]
    tell(f"YouTube: {len(seen)} of {len(good)} recorded answers of our endpoints replayed: {dict(covered)}")
    assert len(seen) >= 0.9 * len(good)


def test_errors_land_in_the_right_class(
    recordings: dict[str, Recording], collector: YouTube, errors_base: str, tell: Callable[[str], None]
) -> None:
    met = set()
    for asked in recordings.values():
        if asked.status == 200:
            continue
        name, _, error = replay(collector, errors_base, asked)
        told = recordings[name]
        reason = told.value["error"]["errors"][0]["reason"]
        assert type(error) is ERRORS[told.kind, told.status, reason], name
        met.add((told.kind, told.status, reason))
    tell(f"YouTube: {len(met)} kinds of recorded refusals, each in its class")
    assert met == set(ERRORS)


@pytest.mark.parametrize("channel", ["UCAmh1DexLGcMtDlzMCIxo4w", "UCZDZGN_73I019o6UYD2-4bg"])
def test_a_recorded_channel_is_collected(channel: str, recordings: dict[str, Recording], collector: YouTube) -> None:
    account = Account(f"youtube:{channel}", "youtube", channel, channel)
    page = collector.fetch(account, "profile", Walk(1, account.account, "profile", NOW, NOW, "manual"))
    assert page.cursor is None
    assert collector.door.last
    told = recordings[collector.door.last.headers["x-replay-id"]]
    records = collector.read(account, collector.door.take()[0])
    figure = {r.metric: r.value for r in records.readings}
    lacking = {g.metric for g in records.gaps}
    statistics = told.value["items"][0].get("statistics", {})
    assert figure.get("views_total") == (int(statistics["viewCount"]) if statistics else None)
    assert lacking | set(figure) == {"followers", "posts_total", "views_total"}, "known, or a gap with its reason"


def test_recorded_uploads_are_paged_to_their_end(collector: YouTube) -> None:
    """67 items on two pages, recorded without the part that we ask for: that is said, and no video is made up."""
    memo = {"channel": "UCwCnUcLcb9-eSrHa_RQGkQQ", "uploads": "PLpjK416fmKwQlQ0KvTWFmXZZa3d4IO2ro"}
    account = Account("youtube:x", "youtube", "@x")
    walk = Walk(1, account.account, "posts", NOW, datetime(2012, 1, 1, tzinfo=UTC), "manual", memo=memo)
    faults: list[str] = []
    while walk.finished_at is None:
        walk = walk.after(collector.fetch(account, "posts", walk), NOW)
        faults += [fault for e in collector.door.take() for fault in collector.read(account, e).faults]
    assert [fault.split()[0] for fault in faults] == ["50", "17"]


def test_the_recorded_quota_refusal_stops_the_walk_until_the_next_quota_day(collector: YouTube) -> None:
    channel = "UCquotaExceeded000000001"
    account = Account(f"youtube:{channel}", "youtube", channel, channel)
    with pytest.raises(RateLimited, match="quota is used up") as caught:
        collector.fetch(account, "profile", Walk(1, account.account, "profile", NOW, NOW, "manual"))
    assert caught.value.until == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert KEY not in str(caught.value)
