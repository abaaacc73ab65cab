"""The consents: what is asked, what is kept and where, and that no token is ever shown."""

from __future__ import annotations

import json
import re
import socket
import stat
import threading
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from click.testing import Result

from console import consent
from sandbox.server import Sandbox
from tests.console.conftest import Call

X = ("sandbox-x-key", "sandbox-x-key-secret", "sandbox-x-access", "sandbox-x-access-secret")
META = ("100100100100100", "sandbox-meta-app-secret", "sandbox-meta-user-token")


@pytest.fixture(autouse=True)
def empty(box: Sandbox, tmp_path: Path) -> None:
    """Nobody has consented to anything yet."""
    (tmp_path / "secrets.toml").unlink()


def kept(tmp_path: Path) -> dict[str, Any]:
    path = tmp_path / "secrets.toml"
    if not path.exists():
        return {}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return tomllib.loads(path.read_text(encoding="utf-8"))


def answered(monkeypatch: pytest.MonkeyPatch, **query: str) -> list[str]:
    """Stand in for the person at the consent page; answers the addresses that were opened."""
    opened: list[str] = []
    address = consent.Trip.address

    def open_page(trip: consent.Trip, page: str, **parameters: str) -> str:
        opened.append(address(trip, page, **parameters))
        return opened[-1]

    def paste(redirect: str) -> str:
        asked = parse_qs(urlsplit(opened[-1]).query)
        pairs = {"state": asked["state"][0], **query}
        return f"{redirect}?" + "&".join(f"{k}={v}" for k, v in pairs.items())

    monkeypatch.setattr(consent.Trip, "address", open_page)
    monkeypatch.setattr(consent, "_pasted", paste)
    return opened


def assert_silent(came: Result, *secrets: str) -> None:
    for secret in secrets:
        assert secret not in came.output and secret not in came.stderr


def test_x_with_the_four_keys(call: Call, tmp_path: Path) -> None:
    came = call("auth", "x", given="\n".join(X) + "\n")
    assert came.exit_code == 0, came.output
    assert kept(tmp_path)["x"] == dict(zip(("api_key", "api_secret", "access_token", "access_secret"), X, strict=True))
    assert "@ornekbelediye" in came.stdout
    assert_silent(came, *X)
    assert call("collect", "x").exit_code == 0


def test_keys_that_x_refuses_are_not_kept(call: Call, tmp_path: Path) -> None:
    came = call("auth", "x", given="\n".join((*X[:3], "MARKED-wrong")) + "\n")
    assert came.exit_code == 2 and kept(tmp_path) == {}
    assert_silent(came, *X, "MARKED-wrong")


def test_the_environment_wins_and_is_told(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MECRA_X_API_KEY", "MARKED-older")
    came = call("auth", "x", given="\n".join(X) + "\n")
    assert "MECRA_X_API_KEY is set in the environment and wins" in came.stdout
    assert_silent(came, "MARKED-older")


def test_x_with_oauth2(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = answered(monkeypatch, code="sandbox-x-code")
    came = call("auth", "x", "--oauth2", given="sandbox-x-client\nsandbox-x-client-secret\n")
    assert came.exit_code == 0, came.output
    asked = parse_qs(urlsplit(opened[0]).query)
    assert asked["code_challenge_method"] == ["S256"] and "offline.access" in asked["scope"][0]
    values = kept(tmp_path)["x"]
    assert values["client_id"] == "sandbox-x-client" and values["refresh_token"].startswith("sandbox-x-refresh-")
    assert_silent(came, values["refresh_token"], values["access_token2"], "sandbox-x-client-secret")
    assert call("collect", "x").exit_code == 0


@pytest.mark.parametrize(
    "query", [{"error": "access_denied"}, {"code": "MARKED-code", "state": "another"}, {"code": "MARKED-code"}]
)
def test_a_consent_that_was_refused_or_is_not_ours_keeps_nothing(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: dict[str, str]
) -> None:
    answered(monkeypatch, **query)
    came = call("auth", "x", "--oauth2", given="sandbox-x-client\n\n")
    assert came.exit_code == 2 and kept(tmp_path) == {}
    assert "MARKED" not in came.output


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_meta_makes_a_page_token_of_a_user_token(call: Call, box: Sandbox, tmp_path: Path, platform: str) -> None:
    came = call("auth", platform, given="\n".join(META) + "\n")
    assert came.exit_code == 0, came.output
    assert kept(tmp_path)[platform] == {"token": "sandbox-meta-page-token", "app_id": META[0], "app_secret": META[1]}
    assert "does not expire" in came.stdout and "Access to data ends" in came.stdout
    assert_silent(came, "sandbox-meta-page-token", *META[1:])
    known = json.loads((tmp_path / "tokens.json").read_text(encoding="utf-8"))[platform]
    assert known["expires_at"] is None and known["data_access_expires_at"] > known["checked_at"]
    assert call("collect", platform).exit_code == 0


@pytest.mark.parametrize("wrong", [(META[0], "MARKED-secret", META[2]), (*META[:2], "MARKED-dead-token")])
def test_meta_refusing_keeps_nothing(call: Call, tmp_path: Path, wrong: tuple[str, str, str]) -> None:
    came = call("auth", "facebook", given="\n".join(wrong) + "\n")
    assert came.exit_code == 2 and kept(tmp_path) == {}
    assert "MARKED" not in came.output


def test_youtube(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = answered(monkeypatch, code="sandbox-youtube-code")
    came = call("auth", "youtube", given="sandbox\nsandbox-secret\n")
    assert came.exit_code == 0, came.output
    assert parse_qs(urlsplit(opened[0]).query)["access_type"] == ["offline"]
    assert kept(tmp_path)["youtube"]["refresh_token"] == "sandbox-youtube-refresh"
    assert "Örnek Belediyesi TV" in came.stdout
    assert_silent(came, "sandbox-youtube-refresh", "sandbox-secret")
    assert call("collect", "youtube").exit_code == 0


def test_a_consent_for_another_channel_is_told(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mecra.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("UCornekbelediye0000000001", "UCsomebodyelse"), encoding="utf-8")
    answered(monkeypatch, code="sandbox-youtube-code")
    came = call("auth", "youtube", given="sandbox\nsandbox-secret\n")
    assert "another channel (UCsomebodyelse)" in came.stdout


def test_the_answer_can_be_taken_on_a_loopback_port() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    trip = consent.Trip(port)
    state = re.search(r"state=([^&]+)", trip.address("https://consent.example/"))
    assert state
    came: list[str] = []
    waiting = threading.Thread(target=lambda: came.append(trip.code(listen=True)))
    waiting.start()
    for path in ("/favicon.ico", f"/?code=once&state={state[1]}"):
        for _ in range(100):
            try:
                urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).close()
                break
            except ConnectionRefusedError:
                continue
            except OSError:
                waiting.join(0.05)
    waiting.join(5)
    assert came == ["once"]
