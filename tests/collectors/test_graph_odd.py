"""Every part of an answer replaced by something else: records, faults or Malformed come of it, and never a crash."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from collectors.base import CollectError, Malformed
from model import Exchange, Walk
from sandbox import graph as sandbox_graph
from sandbox.faults import Reply
from sandbox.server import Sandbox
from tests.collectors.graph_walks import NOW, PAGE, USER, WORLD, collector

FAR = ("0001-01-01T00:00:00+05:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-05:00", "2026-04-01T10:00:00")
ODD: tuple[Any, ...] = (None, 5, -1.5, 10**30, "9" * 30, "9" * 5000, "x", "", True, [], {}, [5], [[]], {"data": 5}, [None], *FAR)

SOME: tuple[Any, ...] = (None, 5, "x", [], {}, [None])


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The address of every part; of a list, only its first two rows."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value[:2]):
            yield from places(inner, (*path, index))


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    changed = copy.deepcopy(value)
    inner = changed
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = by
    return changed


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_no_part_of_an_answer_can_crash_a_reader(platform: str) -> None:
    account = PAGE if platform == "facebook" else USER
    with Sandbox(WORLD, now=NOW) as box:
        reader = collector(box.url, platform, insights="each")
        exchanges: dict[str, Exchange] = {}
        for stream in reader.streams:
            reader.fetch(account, stream, Walk(1, account.account, stream, NOW, NOW - timedelta(days=2), "manual"))
            exchanges |= {f"{e.url.split('?')[0]} {'breakdown' in e.url} {'total' in e.url}": e for e in reader.door.take()}
    assert len(exchanges) >= 4
    tried = 0
    for exchange in exchanges.values():
        held = json.loads(exchange.body)
        for path in places(held):
            for odd in ODD:
                body = json.dumps(replaced(held, path, odd)).encode()
                try:
                    records = reader.read(account, Exchange(NOW, "GET", exchange.url, 200, body, len(body)))
                except Malformed:
                    continue
                tried += 1
                for reading in records.readings:
                    assert type(reading.value) is int and abs(reading.value) < 2**63, (path, odd)
                for post in records.posts:
                    assert post.post and post.published_at.tzinfo, (path, odd)
    assert tried > 500


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_no_answer_can_crash_a_walk(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every stream, with and without the account's id, over answers with one top part, or the first row, replaced."""
    account = PAGE if platform == "facebook" else USER
    with Sandbox(WORLD, now=NOW) as box:
        reader = collector(box.url, platform, insights="each")
        spots: list[tuple[Any, ...]] = [
            ("data",),
            ("paging",),
            ("id",),
            ("data", 0),
            ("data", 0, "id"),
            ("instagram_business_account",),
        ]
        spots += [("paging", "cursors"), ("paging", "next")]
        for stream in reader.streams:
            for spot in spots:
                for odd in SOME:
                    monkeypatch.setitem(sandbox_graph.FAULTS, "odd", lambda q, r, s=spot, o=odd: spoiled(r, s, o))  # type: ignore[misc]
                    box.faults.clear()
                    box.fault("odd")
                    walk = Walk(1, account.account, stream, NOW, NOW - timedelta(days=1), "manual")
                    for whom in (account, replace(account, remote_id=""))[: 2 if stream == "profile" else 1]:
                        with suppress(CollectError):
                            page = reader.fetch(whom, stream, walk)
                            assert page.cursor is None or page.cursor.startswith("{")
                        reader.door.take()


def spoiled(reply: Reply, spot: tuple[Any, ...], odd: Any) -> Reply:
    with suppress(LookupError, TypeError):
        return Reply(reply.status, replaced(reply.value, spot, odd), headers=reply.headers)
    return reply
