"""`mecra doctor`: each thing that can be wrong is found, with its cure, and what is right is said to be."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from collectors.http import Answer
from console.doctor import clock_skew
from model import utc_now
from sandbox.server import Sandbox
from storage.expiry import known_expiries, note_expiry
from tests.console.conftest import Call


def findings(call: Call, level: str) -> list[dict[str, str]]:
    return [f for f in json.loads(call("doctor", "--json").stdout) if f["level"] == level]


def test_the_doctor_finds_a_healthy_institution_healthy(call: Call, box: Sandbox, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    box.dates = utc_now
    call("collect", "x")
    came = call("doctor")
    assert came.exit_code == 0, came.stdout
    for said in (
        "database", "answers", "X: the tokens belong to ornekbelediye", "YouTube: the tokens belong to", "the clock is",
        "Facebook: the tokens belong to Örnek Belediyesi (100200300400500)", "Instagram: the tokens belong to ornekbelediye (1784",
    ):  # fmt: skip
        assert said in came.stdout
    assert "✗" not in came.stdout


def test_the_doctor_names_tokens_of_another_account(call: Call, box: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "mecra.toml"
    text = path.read_text(encoding="utf-8").replace(
        'platform = "x"\nhandle = "ornekbelediye"', 'platform = "x"\nhandle = "baskabelediye"'
    )
    path.write_text(text.replace('id = "1480000000000000001"\n', ""), encoding="utf-8")
    failed = findings(call, "fail")
    assert [f for f in failed if "baskabelediye" in f["what"] and "mecra auth x" in f["cure"]]


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_the_doctor_names_a_meta_token_of_another_account(call: Call, box: Sandbox, tmp_path: Path, platform: str) -> None:
    path = tmp_path / "mecra.toml"
    own = {"facebook": 'id = "100200300400500"', "instagram": 'id = "17841400000000001"'}[platform]
    text = path.read_text(encoding="utf-8")
    assert own in text
    text = text.replace(own, 'id = "5550001"').replace(
        f'platform = "{platform}"\nhandle = "ornekbelediye"', f'platform = "{platform}"\nhandle = "baska"'
    )
    path.write_text(text, encoding="utf-8")
    failed = findings(call, "fail")
    assert [f for f in failed if "5550001" in f["what"] and "belong to" in f["what"] and f"mecra auth {platform}" in f["cure"]]


def test_a_page_known_by_its_handle_alone_is_not_held_against_its_title(call: Call, box: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "mecra.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('id = "100200300400500"\n', ""), encoding="utf-8")
    assert [f for f in findings(call, "ok") if f["what"].startswith("Facebook: the tokens belong to")]


def test_the_doctor_reads_what_meta_says_of_its_tokens(call: Call, box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MECRA_FACEBOOK_APP_ID", "100100100100100")
    monkeypatch.setenv("MECRA_FACEBOOK_APP_SECRET", "sandbox-meta-app-secret")
    said = json.loads(call("doctor", "--json").stdout)
    assert {"level": "ok", "what": "Facebook: the token is valid", "cure": ""} in said
    monkeypatch.setenv("MECRA_FACEBOOK_TOKEN", "MARKED-a-dead-token")
    came = call("doctor")
    assert came.exit_code == 1 and "the token is not valid" in came.stdout
    assert "MARKED" not in came.output


def test_the_doctor_finds_a_wrong_clock_a_dead_host_and_a_damaged_database(call: Call, box: Sandbox, tmp_path: Path) -> None:
    call("collect", "x")
    path = tmp_path / "mecra.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(f"{box.url}/graph", "http://127.0.0.1:9/graph"), encoding="utf-8")
    with sqlite3.connect(tmp_path / "mecra.db") as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DELETE FROM accounts WHERE account = 'x:ornekbelediye'")
    failed = findings(call, "fail")
    assert [f for f in failed if "127.0.0.1:9/graph" in f["what"] and "network" in f["cure"]]
    assert [f for f in failed if "mecra.db" in f["what"] and "backup" in f["cure"]]


def test_the_doctor_measures_the_clock_by_the_answers_date() -> None:
    answer = Answer("GET", "", 200, {"Date": format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True)}, b"", utc_now())
    (skew,) = clock_skew(answer)
    assert skew > 10**8
    assert clock_skew(None) == []


def test_the_doctor_finds_a_damaged_file(call: Call, box: Sandbox, tmp_path: Path) -> None:
    call("collect", "x", "facebook")
    path = tmp_path / "mecra.db"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 4))
    (finding,) = findings(call, "fail")
    assert "mecra.db" in finding["what"] and "backup" in finding["what"] + finding["cure"]


def test_the_doctor_says_what_is_not_set_up(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = "".join(f'[[accounts]]\nplatform = "{p}"\nhandle = "ornek"\n' for p in ("x", "facebook", "instagram", "youtube"))
    roots = "".join(f'[platforms.{p}]\napi_root = "http://127.0.0.1:9"\n' for p in ("x", "facebook", "instagram", "youtube"))
    quiet = 'data = "nowhere"\n[news]\nfeeds = false\n[news.gdelt]\nenabled = false\n'
    (tmp_path / "mecra.toml").write_text(quiet + accounts + roots, encoding="utf-8")
    monkeypatch.setenv("MECRA_X_BEARER_TOKEN", "MARKED-bearer")
    monkeypatch.setenv("MECRA_YOUTUBE_API_KEY", "MARKED-api-key")
    came = call("doctor")
    assert came.exit_code == 1 and "MARKED" not in came.output
    for said in (
        "no data directory", "no database yet", "institution.name is empty", "an app's token only", "an API key only",
        "Facebook: no credentials", "Instagram: no credentials", "127.0.0.1:9 does not answer",
    ):  # fmt: skip
        assert said in came.stdout, said


@pytest.mark.parametrize(("left", "level"), [(30, "ok"), (5, "warn"), (-1, "fail")])
def test_the_doctor_warns_before_a_token_ends(call: Call, box: Sandbox, tmp_path: Path, left: int, level: str) -> None:
    note_expiry(tmp_path, "youtube", utc_now(), utc_now() + timedelta(days=left))
    assert [f for f in findings(call, level) if "YouTube: the token ends on" in f["what"]]


def test_a_broken_note_of_expiries_is_no_knowledge(tmp_path: Path) -> None:
    for text in ("{", "[1]", '{"x": 3}'):
        (tmp_path / "tokens.json").write_text(text)
        assert known_expiries(tmp_path) == {}


def test_a_channel_known_by_its_handle_alone_is_not_held_against_its_title(call: Call, box: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "mecra.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('id = "UCornekbelediye0000000001"\n', ""), encoding="utf-8")
    assert [f for f in findings(call, "ok") if f["what"].startswith("YouTube: the tokens belong to")]
