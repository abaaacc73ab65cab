"""The door, branch by branch, against a server that sends exactly the bytes it is told to."""

from __future__ import annotations

import contextlib
import gzip
import json
import logging
import socket
import string
import time
import traceback
import tracemalloc
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.base import CollectError, Malformed, OverBudget, RateLimited, Refused, Unavailable
from collectors.budget import Budget, Limit, limits
from collectors.http import Answer, Door, Line, believable, retry_at
from collectors.keeping import kept
from config.secrets import Secrets
from console.logs import write_log
from tests.fakes import NOON, Manner, Server, as_json, closing, drip, hang, http, reset

TOKEN = "AAAAtok/en+with=odd%chars-ğ1"
PASSING = "passing-secret-1"
GOOD = as_json({"data": 1})


def said_nothing(answer: Answer) -> None:
    pass


def line(**changes: Any) -> Line:
    options: dict[str, Any] = {"platform": "fake", "judge": said_nothing, "keeps": frozenset({"data"})} | changes
    return Line(**options)


def opened_door(*, slept: list[float] | None = None, secrets: Secrets | None = None, **changes: Any) -> Door:
    names = ("now", "budget", "attempts", "timeout", "total", "dry")
    given_ = {name: changes.pop(name) for name in names if name in changes}
    waits = [] if slept is None else slept
    options: dict[str, Any] = {"now": lambda: NOON, "timeout": (1.0, 0.3), "total": 1.0, **given_}
    return Door(line(**changes), secrets=secrets or Secrets({}), sleep=waits.append, **options)


def fails(replies: Iterable[bytes | Manner], kind: type[CollectError], **changes: Any) -> tuple[CollectError, Door, Server]:
    with Server(replies) as server:
        door = opened_door(**{"attempts": 2, **changes})
        with pytest.raises(kind) as caught:
            door.get(f"{server.url}/list")
    assert type(caught.value) is kind
    assert "/list" in str(caught.value) and caught.value.at
    return caught.value, door, server


# -- what comes through


def test_a_good_answer_is_read_kept_and_handed_on() -> None:
    with Server([as_json({"data": {"data": 2, "author": "X"}, "author": "Üçüncü"})]) as server:
        door = opened_door(price=lambda answer: 7)
        answer = door.get(f"{server.url}/list", params={"a": "1"})
    assert answer.json() == {"data": {"data": 2, "author": "X"}, "author": "Üçüncü"}, "the SDK sees the whole answer"
    [kept] = door.take()
    assert kept.value == {"data": {"data": 2}} and json.loads(kept.body) == kept.value
    assert (kept.method, kept.status, kept.cost, kept.bucket, kept.at) == ("GET", 200, 7, "fake", NOON)
    assert kept.url.endswith("/list?a=1") and kept.size > len(kept.body)
    assert door.take() == []


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_every_transfer_is_understood(packed: bool, chunked: bool) -> None:
    body = json.dumps({"data": "ışıl " * 20_000}, ensure_ascii=False).encode()
    sent = gzip.compress(body) if packed else body
    headers: dict[str, Any] = {"Content_Encoding": "gzip"} if packed else {}
    if chunked:
        parts = [sent[i : i + 5000] for i in range(0, len(sent), 5000)]
        raw = http(200, b"", Transfer_Encoding="chunked", **headers).replace(b"Content-Length: 0\r\n", b"")
        raw += b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    else:
        raw = http(200, sent, **headers)
    with Server([raw]) as server:
        door = opened_door()
        assert door.get(f"{server.url}/list").content == body
        assert door.get(f"{server.url}/list").content == body, "the connection is good for another"
    assert [kept.size for kept in door.take()] == [len(body)] * 2
    assert server.connections == 1


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    with Server([closing(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b'{"data": 5}')]) as server:
        assert opened_door().get(f"{server.url}/list").json() == {"data": 5}


def test_not_modified_is_an_answer() -> None:
    with Server([http(304)]) as server:
        door = opened_door()
        assert door.get(f"{server.url}/list").status_code == 304
    assert [kept.status for kept in door.take()] == [304]


# -- what doesn't


BROKEN: dict[str, bytes | Manner] = {
    "silence": hang(),
    "silence after the head": hang(first=http(200, b"", length=50)),
    "silence in the body": hang(first=http(200, b'{"data": ', length=50)),
    "hangs up at once": closing(b""),
    "reset": reset(),
    "reset in the body": reset(http(200, b'{"data": ', length=500)),
    "cut body": closing(http(200, b'{"data": ', length=500)),
    "cut chunk": closing(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"data"'),
    "no last chunk": closing(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"data":1\r\n'),
    "bad chunk length": closing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
    "not gzip": http(200, b"plain", Content_Encoding="gzip"),
    "broken gzip": http(200, gzip.compress(b"x" * 5000)[:20] + b"\xff" * 20, Content_Encoding="gzip"),
    "gzip without an end": http(200, gzip.compress(b'{"data": 1}')[:-3], Content_Encoding="gzip"),
    "not HTTP": closing(b"220 smtp.example ESMTP\r\n"),
    "500": http(500, b"Internal Server Error"),
    "502 in HTML": http(502, b"<html>Bad Gateway</html>"),
    "503 with Retry-After": http(503, b"", Retry_After="7"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_whatever_breaks_on_the_way_is_unavailable_and_tried_again(name: str) -> None:
    error, door, server = fails([BROKEN[name]], Unavailable)
    assert len(server.asked) == 2, "tried again"
    assert error.cure
    assert all(kept.body == b"" for kept in door.take())
    if "silence" in name:
        assert "timed out" in str(error)


@pytest.mark.parametrize("name", BROKEN)
def test_a_good_answer_after_a_broken_one_is_taken(name: str) -> None:
    with Server([BROKEN[name], GOOD]) as server:
        assert opened_door().get(f"{server.url}/list").json() == {"data": 1}
    assert len(server.asked) == 2


def test_a_body_longer_than_it_says_is_not_taken_for_whole() -> None:
    fails([closing(http(200, b'{"data": [1, 2, 3]}', length=9))], Malformed)


def test_gzip_that_ends_early_is_never_a_success() -> None:
    packed = gzip.compress(json.dumps({"data": list(range(5000))}).encode())
    fails([closing(http(200, packed[: len(packed) // 2], Content_Encoding="gzip"))], Unavailable)


@pytest.mark.parametrize("json_expected", [True, False])
def test_gzip_that_lacks_its_end_is_not_a_whole_feed(json_expected: bool) -> None:
    packed = gzip.compress(b"<rss>" + b"haber " * 5000 + b"</rss>")
    with Server([closing(http(200, packed[:-9], Content_Encoding="gzip"))]) as server, pytest.raises((Malformed, Unavailable)):
        opened_door(attempts=1, json=json_expected, keeps=None).get(f"{server.url}/list")


def test_a_head_that_is_cut_is_no_answer() -> None:
    fails([closing(b"HTTP/1.1 200 OK\r\nContent-")], Malformed)


def test_a_packing_that_nobody_asked_for_is_named() -> None:
    error, _, _ = fails([http(200, b"\x0b\x02", Content_Encoding="br")], Malformed)
    assert "br" in str(error)


def test_only_what_can_be_bounded_is_asked_for() -> None:
    with Server([GOOD]) as server:
        opened_door().get(f"{server.url}/list", headers={"accept-encoding": "gzip, deflate, br", "X-Own": "1"})
    assert server.asked[0].headers["accept-encoding"] == "gzip" and server.asked[0].headers["x-own"] == "1"


def test_nobody_there_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    slept: list[float] = []
    with pytest.raises(Unavailable, match="Connection refused"):
        opened_door(slept=slept, attempts=4).get(f"http://127.0.0.1:{port}/list")
    assert len(slept) == 3 and all(0 <= wait <= 20 for wait in slept)


def test_a_name_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        opened_door(attempts=1).get("http://nirgends.invalid/list")


def test_attempts_are_counted_and_nobody_really_sleeps() -> None:
    slept: list[float] = []
    with Server([http(500)] * 3 + [GOOD]) as server:
        opened_door(slept=slept, attempts=4).get(f"{server.url}/list")
    assert len(server.asked) == 4 and len(slept) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 429, 451])
def test_a_refusal_is_not_tried_again(status: int) -> None:
    kind = RateLimited if status == 429 else Malformed
    _, _, server = fails([http(status, b'{"error": "no"}')], kind)
    assert len(server.asked) == 1


def test_an_unknown_401_is_no_lost_credential() -> None:
    error, _, _ = fails([http(401, b"<html>proxy wants you to log in</html>")], Malformed)
    assert not isinstance(error, Refused) and error.cure and "401" in str(error)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    error, _, server = fails([http(status, b"", Location="http://127.0.0.1:1/elsewhere")], Malformed)
    assert str(status) in str(error) and len(server.asked) == 1


UNBELIEVABLE = {
    "HTML": b"<!DOCTYPE html><html>Bak\xc4\xb1mday\xc4\xb1z</html>",
    "an empty body": b"",
    "an empty body of blanks": b" \r\n ",
    "a list": b"[1, 2]",
    "a string": b'"no"',
    "a number": b"5",
    "null": b"null",
    "cut JSON": b'{"data": [1, 2',
    "two": b'{"data": 1}{"data": 2}',
    "not UTF-8": b'{"data": "\xfe\xff\xfe"}',
    "a number of 5,000 digits": b'{"data": ' + b"9" * 5000 + b"}",
    "deep": b'{"data": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
}


@pytest.mark.parametrize("name", UNBELIEVABLE)
def test_a_200_that_is_no_answer_is_malformed(name: str) -> None:
    error, door, server = fails([http(200, UNBELIEVABLE[name])], Malformed)
    assert len(server.asked) == 1
    assert "with status 200" in str(error) and error.cure
    assert [kept.body for kept in door.take()] == [b""], "what can't be cleaned is not archived"
    if name in ("HTML", "an empty body"):
        assert name in str(error)


@pytest.mark.parametrize("depth", [200, 400, 480, 600, 900, 990, 3000])
def test_deeply_nested_json_is_an_answer_or_malformed(depth: int) -> None:
    body = b'{"data": ' + b"[" * depth + b"]" * depth + b"}"
    with Server([http(200, body)]) as server:
        try:
            opened_door(attempts=1).get(f"{server.url}/list")
        except Malformed:
            assert depth > 300
    nested = b'{"data": ' * depth + b"1" + b"}" * depth
    with Server([http(200, nested)]) as server:
        try:
            opened_door(attempts=1).get(f"{server.url}/list")
        except Malformed:
            assert depth > 300


@pytest.mark.parametrize("status", [201, 202, 203, 204, 205, 206, 207])
@pytest.mark.parametrize("expected", [True, False])
def test_another_2xx_is_no_silent_success(status: int, expected: bool) -> None:
    """204 has no body, 206 is a part, 202 is what a firewall's challenge page says."""
    body = b"" if status == 204 else b'{"data": 1}'
    fails([http(status, body)], Malformed, json=expected)


def test_the_judge_speaks_first() -> None:
    def judge(answer: Answer) -> None:
        if answer.status == 500 and answer.value == {"data": "expired"}:
            raise Refused("the token is over", cure="mecra auth fake")

    error, _, server = fails([as_json({"data": "expired"}, 500)], Refused, judge=judge)
    assert len(server.asked) == 1 and str(error) == "GET /list: the token is over -> mecra auth fake"


# -- how much, how long


def test_200_mb_that_say_so_are_refused_before_they_are_read() -> None:
    sent = 0

    def manner(connection: socket.socket) -> None:
        nonlocal sent
        connection.sendall(http(200, b"", length=200 * 2**20))
        block = b" " * 2**16
        while sent < 200 * 2**20:
            connection.sendall(block)
            sent += len(block)

    error, door, server = fails([manner], Malformed, most_bytes=2**20, total=30.0)
    assert "more than 1 MB" in str(error) and len(server.asked) == 1
    assert sent < 8 * 2**20, f"{sent} bytes were taken in"
    assert [kept.size for kept in door.take()] in ([], [0])


def test_200_mb_are_refused_by_their_length_alone() -> None:
    _, _, server = fails([hang(first=http(200, b"", length=200 * 2**20))], Malformed, most_bytes=5 * 2**20)
    assert len(server.asked) == 1  # whoever waits for the body times out, which is another error


def test_a_gzip_bomb_is_bounded_in_memory() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b" " * 2**20) for _ in range(300)) + packer.flush()
    assert len(bomb) < 2**19
    tracemalloc.start()
    with Server([http(200, bomb, Content_Encoding="gzip")]) as server:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        with pytest.raises(Malformed, match="more than 4 MB"):
            opened_door(attempts=1, most_bytes=4 * 2**20, total=30.0).get(f"{server.url}/list")
        peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert peak < 16 * 2**20, f"{peak / 2**20:.0f} MB"


@pytest.mark.parametrize(
    "manner",
    [
        drip(http(200, b"", length=5000), b" " * 5000),
        drip(http(200, b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked"), b"1\r\n \r\n" * 900),
    ],
    ids=["length", "chunked"],
)
def test_an_answer_that_drips_is_cut_off(manner: Manner) -> None:
    error, _, _ = fails([manner], Unavailable, attempts=1, total=0.5)
    assert "still sending" in str(error)


# -- when to come back


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "300"}, 300),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": " 42 "}, 42),
        ({"Retry-After": format_datetime(NOON + timedelta(minutes=10), usegmt=True)}, 600),
        ({"Retry-After": format_datetime(NOON - timedelta(days=2), usegmt=True)}, 0),
        ({"Retry-After": "999999999999"}, 31 * 86400),
        ({"Retry-After": "9" * 30}, 31 * 86400),
        ({"Retry-After": "9" * 6000}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Wed, 99 Foo 2026 99:99:99 GMT"}, None),
        ({"Retry-After": ""}, None),
        ({"x-rate-limit-reset": str(int(NOON.timestamp()) + 900)}, 900),
        ({"x-rate-limit-reset": str(int(NOON.timestamp()) - 900)}, 0),
        ({"x-rate-limit-reset": "2026-03-15T09:10:00Z"}, 600),
        ({"x-rate-limit-reset": "2026-03-15T09:10:00"}, 600),
        ({"Retry-After": "soon", "x-rate-limit-reset": str(int(NOON.timestamp()) + 60)}, 60),
        ({"x-rate-limit-reset": "9" * 12}, 31 * 86400),
        ({}, None),
    ],
)
def test_when_to_come_back(headers: dict[str, str], seconds: int | None) -> None:
    assert retry_at(headers, NOON) == (None if seconds is None else NOON + timedelta(seconds=seconds))


@given(st.sampled_from(["Retry-After", "x-rate-limit-reset", "X-RateLimit-Reset"]), st.text(max_size=40))
def test_no_header_can_break_the_door_or_silence_it(name: str, raw: str) -> None:
    found = retry_at({name: raw}, NOON)
    assert found is None or NOON <= found <= NOON + timedelta(days=31)


@given(
    st.integers(0, 59),
    st.sampled_from(["Mon", "Wed,", "Xyz,"]),
    st.integers(-5, 60),
    st.sampled_from(["GMT", "+9999", "-2400", "EST", ""]),
)
def test_no_date_can_break_the_door(second: int, weekday: str, day: int, zone: str) -> None:
    found = retry_at({"Retry-After": f"{weekday} {day} Nov 2026 08:{second}:00 {zone}, "}, NOON)
    assert found is None or NOON <= found <= NOON + timedelta(days=31)


def test_a_429_without_a_word_rests_a_quarter_of_an_hour() -> None:
    error, _, server = fails([http(429, b"Too Many Requests: slow down please")], RateLimited)
    assert isinstance(error, RateLimited) and error.until == NOON + timedelta(minutes=15)
    assert "slow down" in str(error) and len(server.asked) == 1


def test_the_door_is_closed_once_the_line_says_that_nothing_is_left() -> None:
    now = [NOON]
    rest = lambda answer: NOON + timedelta(minutes=5) if answer.headers.get("x-left") == "0" else None  # noqa: E731
    with Server([as_json({"data": 1}, x_left="0")]) as server:
        door = opened_door(rest=rest, now=lambda: now[0])
        door.get(f"{server.url}/list")
        with pytest.raises(RateLimited, match="asked for a rest"):
            door.get(f"{server.url}/list")
        assert len(server.asked) == 1
        now[0] += timedelta(minutes=5)
        door.get(f"{server.url}/list")
    assert len(server.asked) == 2


def test_the_pace_iskept() -> None:
    slept: list[float] = []
    with Server([GOOD]) as server:
        door = opened_door(slept=slept, pace=6.0)
        for _ in range(3):
            door.get(f"{server.url}/list")
    assert len(slept) == 2 and all(5.5 < wait <= 6.0 for wait in slept)


# -- budgets


class Ledger:
    """What the archive would say is spent."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, datetime, int]] = []

    def spent(self, bucket: str, since: datetime) -> tuple[int, int]:
        costs = [cost for name, at, cost in self.rows if name == bucket and at >= since]
        return len(costs), sum(costs)


@given(
    most=st.integers(0, 40),
    costs=st.lists(st.integers(0, 9), max_size=20),
    saves=st.sets(st.integers(0, 19)),
    kind=st.sampled_from(["requests", "cost"]),
)
def test_a_budget_is_never_exceeded(most: int, costs: list[int], saves: set[int], kind: str) -> None:
    ledger = Ledger()
    budget = Budget(limits({"x": {f"{kind}_per_day": most}}), ledger.spent)
    sent: list[int] = []
    for index, cost in enumerate(costs):
        try:
            budget.check("x", NOON, 9)
        except OverBudget as error:
            assert error.until == NOON.replace(hour=0) + timedelta(days=1)
            break
        budget.add("x", cost)
        sent.append(cost)
        if index in saves:
            ledger.rows += [("x", NOON, c) for c in sent[len(ledger.rows) :]]
            budget.saved()
    assert (len(sent) if kind == "requests" else sum(sent)) <= most
    budget.check("y", NOON, 10**9)


def test_the_door_asks_the_budget_before_it_sends() -> None:
    ledger = Ledger()
    budget = Budget(limits({"fake": {"cost_per_month": 25}}), ledger.spent)
    with Server([GOOD]) as server:
        door = opened_door(budget=budget, quote=lambda path, query: 10, price=lambda answer: 10)
        door.get(f"{server.url}/list")
        door.get(f"{server.url}/list")
        with pytest.raises(OverBudget, match="cost_per_month is used up"):
            door.get(f"{server.url}/list")
    assert len(server.asked) == 2


def test_a_request_without_an_answer_is_spent_too() -> None:
    """The platform counted it, or may have: a budget that forgets it can be exceeded."""
    budget = Budget(limits({"fake": {"requests_per_day": 3}}), Ledger().spent)
    with Server([closing(http(200, b"{", length=99))]) as server:
        door = opened_door(budget=budget, attempts=6)
        with pytest.raises(CollectError):
            door.get(f"{server.url}/list")
        assert len(server.asked) == 3
    kept = door.take()
    assert [(k.status, k.body, k.cost) for k in kept] == [(0, b"", 0)] * 3, "in the ledger, as what it is"


def test_a_request_that_nobody_received_costs_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    door = opened_door(attempts=2, budget=Budget((), Ledger().spent))
    with pytest.raises(Unavailable):
        door.get(f"http://127.0.0.1:{port}/list")
    assert door.take() == []


@given(
    st.datetimes(NOON.replace(tzinfo=None, year=2024), NOON.replace(tzinfo=None, year=2028)),
    st.sampled_from(["x", "youtube:data"]),
    st.sampled_from(["day", "month"]),
)
def test_a_span_holds_its_instant(naive: datetime, bucket: str, span: str) -> None:
    at = naive.replace(tzinfo=UTC)
    [limit] = limits({bucket: {f"requests_per_{span}": 1}})
    assert isinstance(limit, Limit)
    assert limit.since(at) <= at < limit.ends(at)
    assert limit.since(limit.ends(at)) == limit.ends(at), "spans follow each other without a hole"
    assert limit.ends(limit.since(at)) == limit.ends(at)


# -- dry run


def test_a_dry_run_tells_what_would_be_sent_and_sends_nothing() -> None:
    with Server([GOOD]) as server:
        real = opened_door()
        real.get(f"{server.url}/list?a=1", params={"ids": ["1", "2"], "none": None})
        dry = opened_door(dry=True, quote=lambda path, query: 5 if query.get("a") == "1" else 0)
        with pytest.raises(CollectError, match="nothing was sent"):
            dry.get(f"{server.url}/list?a=1", params={"ids": ["1", "2"], "none": None})
        assert len(server.asked) == 1
    [(method, url, quote)] = dry.planned
    assert (method, url, quote) == ("GET", real.take()[0].url, 5)
    assert dry.take() == []


def test_the_root_of_the_settings_is_asked_instead() -> None:
    with Server([GOOD]) as server:
        door = opened_door(roots={"https://api.x.example": server.url + "/x/"})
        door.get("https://api.x.example/2/users")
    assert [asked.path for asked in server.asked] == ["/x/2/users"]


# -- what is kept


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*"abcdef", "next", "previous"]), inner, max_size=5)
    ),
    max_leaves=30,
)


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {k for inner in value.values() for k in keys(inner)}
    return {k for inner in value for k in keys(inner)} if isinstance(value, list) else set()


def cut_down(value: Any, keeps: frozenset[str]) -> Any:
    """What `kept` should do, said as plainly as possible."""
    if isinstance(value, list):
        return [cut_down(inner, keeps) for inner in value]
    if not isinstance(value, dict):
        return value
    blank = {k: "***" for k, v in value.items() if k in ("next", "previous") and isinstance(v, str)}
    return {k: cut_down(v, keeps) for k, v in value.items() if k in keeps} | blank


@given(JSON, st.frozensets(st.sampled_from("abcdef")))
def test_nothing_survives_that_is_notkept(value: Any, keeps: frozenset[str]) -> None:
    clean, changed = kept(value, keeps)
    assert clean == cut_down(value, keeps)
    assert keys(clean) <= keeps | {"next", "previous"}
    assert changed or clean is value
    assert kept(clean, keeps)[0] == clean


@given(JSON)
def test_the_archived_body_is_the_kept_one(value: Any) -> None:
    door = opened_door(keeps=frozenset("abc"))
    raw = json.dumps({"a": value}).encode()
    answer = Answer("GET", "http://h/list", 200, {}, raw, NOON, json.loads(raw))
    door._keep(answer, "fake", time.monotonic(), "GET /list")
    [kept] = door.take()
    assert json.loads(kept.body) == kept.value == cut_down({"a": value}, frozenset("abc"))


@pytest.mark.parametrize("body", [b'["Bir Kisi"]', b'"Bir Kisi"', b'[{"author": "Bir Kisi"}]'])
def test_no_third_person_slips_by_the_list_of_keys(body: bytes) -> None:
    door = opened_door(attempts=1)
    with Server([http(200, body)]) as server, contextlib.suppress(Malformed):
        door.get(f"{server.url}/list")
    assert all(b"Kisi" not in kept.body for kept in door.take())


def test_what_keys_alone_cannot_take_away_is_reduced() -> None:
    def reduces(url: str, value: Any) -> Any:
        return {"data": "less"} if value.get("data") == "more" else value

    with Server([as_json({"data": "more"}), GOOD]) as server:
        door = opened_door(reduces=reduces)
        assert door.get(f"{server.url}/list").json() == {"data": "more"}
        door.get(f"{server.url}/list")
    assert [kept.value for kept in door.take()] == [{"data": "less"}, {"data": 1}]


def test_a_body_that_is_no_json_is_kept_as_the_collector_reduces_it() -> None:
    with Server([http(200, b"<rss>" + TOKEN.encode() + b"</rss>")]) as server:
        door = opened_door(json=False, keeps=None, secrets=Secrets({"MECRA_FAKE_TOKEN": TOKEN}))
        door.get(f"{server.url}/list")
        door.keep_last(f"<item>{TOKEN}</item>".encode())
    assert [kept.body for kept in door.take()] == [b"<item>***</item>"]


# -- no secret anywhere


def forms(secret: str) -> list[str]:
    escaped = quote(secret, safe="")
    return [
        secret,
        escaped,
        quote(secret),
        quote_plus(secret),
        escaped.lower(),
        json.dumps(secret)[1:-1],
        secret.replace("/", r"\/"),
    ]


def assert_clean(text: str, *secrets: str) -> None:
    for secret in secrets:
        for form in forms(secret):
            assert form not in text, f"{form} in {text}"


def everything_of(error: BaseException) -> str:
    return "".join([str(error), repr(error), repr(vars(error)), *traceback.format_exception(error)])


LEAKS: dict[str, Callable[[str], bytes | Manner]] = {
    "echo": lambda token: as_json({"data": f"bad token {token}"}),
    "echo, refused": lambda token: as_json({"data": f"bad token {token}"}, 400),
    "echo in 429": lambda token: http(429, f"who is {token}".encode()),
    "echo in HTML": lambda token: http(200, f"<html>{token}</html>".encode()),
    "echo in 500": lambda token: http(500, token.encode()),
    "echo, escaped": lambda token: http(200, json.dumps({"data": token}).replace("/", r"\/").encode()),
    "echo in the redirect": lambda token: http(302, token.encode(), Location="/?token=x"),
    "silence": lambda token: hang(),
    "reset": lambda token: reset(),
    "cut": lambda token: closing(http(200, token.encode(), length=999)),
}


@pytest.mark.parametrize("name", LEAKS)
def test_no_secret_leaves_by_any_way(name: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    secrets = Secrets({"MECRA_FAKE_TOKEN": TOKEN})
    secrets.remember(PASSING)
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    texts = []
    try:
        write_log("debug", secrets.redact)
        for logger in ("urllib3.connectionpool", "urllib3"):
            logging.getLogger(logger).setLevel(logging.DEBUG)
        with Server([LEAKS[name](TOKEN)]) as server:
            door = opened_door(secrets=secrets, attempts=2, timeout=(0.5, 0.1))
            try:
                door.get(f"{server.url}/list/{quote(TOKEN, safe='')}", params={"access_token": TOKEN, "key": PASSING, "x": "ok"},
                         headers={"Authorization": f"Bearer {PASSING}"})  # fmt: skip
            except CollectError as error:
                texts += [everything_of(error), repr(error.what), repr(error.at), repr(error.cure), traceback.format_exc()]
                logging.getLogger("mecra.test").exception("failed")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    texts += [kept.url + kept.body.decode() + repr(kept.value if kept.body else "") + repr(kept) for kept in door.take()]
    texts += [*capsys.readouterr()]
    assert any("mecra.test" in text or "urllib3" in text for text in texts) or name.startswith("echo")
    for text in texts:
        assert_clean(text, TOKEN, PASSING)


def test_a_header_that_can_not_be_sent_says_so_without_the_token() -> None:
    with Server([GOOD]) as server:
        for value in ("Bearer tok-secret\nx", "Bearer tok-secret-ş"):
            with pytest.raises(CollectError) as caught:
                opened_door(attempts=1).get(f"{server.url}/list", headers={"Authorization": value})
            assert "tok-secret" not in everything_of(caught.value)
    assert server.asked == []


def test_a_netrc_does_not_take_the_token_s_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """requests would put its password over our header, for every host where it has a default."""
    (tmp_path / "netrc").write_text("default login staff password pw-of-staff\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with Server([GOOD]) as server:
        door = opened_door()
        for _ in range(2):
            door.get(f"{server.url}/list", headers={"Authorization": "Bearer own-token"})
        door.get(f"{server.url}/list")
    assert [asked.headers.get("authorization") for asked in server.asked] == ["Bearer own-token", "Bearer own-token", None]


def test_an_address_that_is_none_is_an_error_of_the_settings() -> None:
    slept: list[float] = []
    for url in ("nonsense", "ftp://h/x", "http://", "http://[::1/x"):
        with pytest.raises(CollectError) as caught:
            opened_door(attempts=3, slept=slept).get(url)
        assert not isinstance(caught.value, Unavailable), url
        assert not slept and "api_root" in caught.value.cure


@given(
    st.sampled_from([200, 204, 301, 304, 400, 401, 429, 500, 503, 599]),
    st.binary(max_size=40) | st.sampled_from(string.printable).map(str.encode),
)
def test_nothing_passes_but_an_object_or_not_modified(status: int, body: bytes) -> None:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    answer = Answer("GET", "http://h/l", status, {}, body, NOON, value)
    try:
        believable(answer)
    except CollectError:
        return
    assert status == 304 or (status == 200 and isinstance(value, dict))
