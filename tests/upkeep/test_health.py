"""The health answer and the metrics, over HTTP as a monitor asks for them."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from config.alarms import KINDS, Listening
from model import MecraError, Post
from storage.backups import BackupState, note_good
from storage.expiry import note_expiry
from storage.verified import Verified, note
from tests.upkeep.watched import Town
from upkeep.health import Lanes, measure
from upkeep.health_server import MOST_AT_ONCE, HealthServer

LOOPBACK = Listening("127.0.0.1", 0)
TITLE = "Ümraniye'de gizli açılış"


@contextmanager
def listening(town: Town, lanes: Lanes | None = None, token: str = "", free: int = 1 << 40) -> Iterator[HealthServer]:
    server = HealthServer(LOOPBACK, lambda: measure(town.settings, town.clock, lanes, free=lambda path: free), token)
    server.begin()
    try:
        yield server
    finally:
        server.end()


def asked(server: HealthServer, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def health(server: HealthServer) -> tuple[int, Any]:
    status, text = asked(server, "/health")
    return status, json.loads(text)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    town = Town(tmp_path)
    town.read()
    town.archive.told("x:a", town.clock.at, posts=[Post("1", "post", town.clock.at, text=TITLE)])
    return town


def test_it_says_what_is_fresh_and_what_is_open(town: Town) -> None:
    town.clock.pass_by(minutes=30)
    with listening(town) as server:
        status, said = health(server)
        assert (status, said["status"], said["failing"], said["incidents"]) == (200, "ok", [], [])
        sources = {f"{one['account']} {one['stream']}": one for one in said["sources"]}
        assert sources["x:a posts"]["age_seconds"] == 1800 and sources["x:a posts"]["good_at"] == "2026-03-15T09:00:00Z"
        assert said["database"]["readable"] and said["database"]["bytes"] > 0 and said["disk"]["free_bytes"] == 1 << 40
    town.fails("x:a", "refused", "the token ended")
    town.minutes(5)
    with listening(town) as server:
        status, said = health(server)
        assert (status, said["status"]) == (200, "incidents"), "an incident is for a person, not for a restart"
        assert [(one["kind"], one["about"]) for one in said["incidents"]] == [("refused", "x:a")]


def test_what_keeps_it_from_its_work_is_a_503(town: Town) -> None:
    with listening(town, free=1) as server:
        status, said = health(server)
        assert (status, said["status"]) == (503, "failing") and said["failing"][0].startswith("disk: 0 MB free")
    with listening(town, Lanes(lambda: {"youtube": 1000.0, "x": 3.0}, 900.0)) as server:
        status, said = health(server)
        assert status == 503 and said["failing"] == ["lane youtube: at the same thing for 1000 s"]
    note(town.path, Verified("2026-03-15T01:40:00Z", "", 2, "a seal was touched"))
    with listening(town) as server:
        assert health(server)[1]["failing"] == ["seals: 2 findings, see `mecra verify`"]


def test_a_database_that_can_t_be_read_is_an_answer_too(town: Town) -> None:
    town.storage.connection.close()
    (town.path / "mecra.db").write_bytes(b"no database at all, but long enough to be looked at" * 100)
    with listening(town) as server:
        status, said = health(server)
        assert status == 503 and said["database"]["readable"] is False and said["failing"][0].startswith("database: ")
        text = asked(server, "/metrics")[1]
    assert "mecra_up 0.0" in text


def test_metrics_are_what_prometheus_reads(town: Town) -> None:
    note_good(town.path, BackupState("2026-03-15T00:10:00Z", "/backup", 4711))
    note(town.path, Verified("2026-03-15T01:40:00Z", "2026-03-15T01:40:00Z"))
    note_expiry(town.path, "facebook", town.clock.at, town.clock.at + timedelta(days=60))
    object.__setattr__(town.settings, "budgets", {"x": {"cost_per_month": 25_000_000}})
    town.fails("x:a", "refused", "the token ended")
    town.minutes(5)
    with listening(town, Lanes(lambda: {"x": 3.0}, 900.0, lambda: {("x", "done"): 7})) as server:
        status, text = asked(server, "/metrics")
    assert status == 200
    samples = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }

    def value(name: str, **labels: str) -> float:
        return samples[f"mecra_{name}", tuple(sorted(labels.items()))]

    assert value("walks_total", platform="x", outcome="done") == 7
    assert value("source_last_success_timestamp_seconds", platform="x", account="x:a", stream="posts") == 1773565200
    assert value("source_failing", platform="x", account="x:a", stream="posts") == 1
    assert value("source_failing", platform="feed", account="feed:c", stream="items") == 0
    assert value("budget_limit", bucket="x", kind="cost", per="month") == 25_000_000
    assert value("budget_used", bucket="x", kind="cost", per="month") == 0
    assert value("backup_last_success_timestamp_seconds") == 1773533400 and value("backup_failed") == 0
    assert value("verify_last_timestamp_seconds") == 1773538800 and value("verify_findings") == 0
    assert {kind: value("open_incidents", kind=kind) for kind in KINDS} == {kind: float(kind == "refused") for kind in KINDS}
    assert value("token_expiry_timestamp_seconds", platform="facebook") == 1773565200 + 60 * 86400
    assert value("disk_free_bytes") == 1 << 40 and value("database_bytes") > 0 and value("up") == 1
    assert any(name == "mecra_build_info" for name, _labels in samples)
    for family in text_string_to_metric_families(text):
        assert family.documentation and family.name.startswith("mecra_"), family.name
        assert all(sample.name.endswith("_total") == (family.type == "counter") for sample in family.samples)


def test_no_text_of_anybody_s_is_in_it(town: Town) -> None:
    with listening(town) as server:
        assert TITLE not in asked(server, "/health")[1] + asked(server, "/metrics")[1]


def test_beyond_this_machine_it_wants_a_token(town: Town) -> None:
    with pytest.raises(MecraError, match="MECRA_HEALTH_TOKEN"):
        HealthServer(Listening("0.0.0.0", 9477), lambda: measure(town.settings, town.clock))
    with listening(town, token="parola-1234") as server:
        assert asked(server, "/health")[0] == 401 and asked(server, "/metrics", Authorization="Bearer parola-1235")[0] == 401
        assert asked(server, "/health", Authorization="Bearer parola-1234")[0] == 200


def test_other_addresses_and_methods_are_refused(town: Town) -> None:
    with listening(town) as server:
        assert asked(server, "/")[0] == 404 and asked(server, "/../etc/passwd")[0] == 404
        assert asked(server, "/health", method="POST")[0] == 501
        assert asked(server, "/health", method="HEAD") == (200, "") and asked(server, "/health?now=1")[0] == 200


def test_who_holds_connections_open_takes_no_more_than_some_threads(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upkeep.health_server.PATIENCE", 600.0)
    with listening(town) as server:
        held = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(MOST_AT_ONCE)]
        for one in held:
            one.sendall(b"GET /health HT")
        extra = socket.create_connection(("127.0.0.1", server.port))
        extra.settimeout(120)
        said = b""
        with suppress(ConnectionError):
            extra.sendall(b"GET /health HTTP/1.0\r\n\r\n")
            said = extra.recv(1)
        assert said == b"", "hung up on"
        extra.close()
        for one in held:
            one.close()


def test_a_port_that_is_taken_keeps_nobody_from_working(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    with listening(town) as server:
        other = HealthServer(replace(LOOPBACK, port=server.port), lambda: measure(town.settings, town.clock))
        other.begin()
        other.end()
    assert "can't be listened on" in caplog.text
