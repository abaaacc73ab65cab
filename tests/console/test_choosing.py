"""Names become accounts; what nobody has set up is told apart from what has stopped working."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from config import load
from config.secrets import Secrets
from console.choosing import collectable, has_credentials, missing, since_instant
from model import to_text
from sandbox.server import Sandbox
from tests.console.conftest import Call
from words import LANGUAGES


def test_what_is_missing_is_said_for_each_platform(call: Call, tmp_path: Path) -> None:
    (tmp_path / "mecra.toml").write_text(
        '[news]\nfeeds = false\n[news.gdelt]\nenabled = false\n[[accounts]]\nplatform = "x"\nhandle = "ornek"\n', encoding="utf-8"
    )
    settings = load(tmp_path / "mecra.toml", {})
    found = {m.platform: m for m in missing(settings, Secrets({"MECRA_FACEBOOK_TOKEN": "something"}))}
    assert set(found) == {"x", "facebook", "instagram", "youtube"}
    assert "credentials" in found["x"].what and "no account" in found["facebook"].what
    for language in LANGUAGES:
        came = call("collect", language=language)
        assert came.exit_code == 0
        assert all(f"mecra auth {platform}" in came.stdout for platform in found)
    dry = call("collect", "--dry-run")
    assert dry.exit_code == 0 and "mecra auth x" in dry.stdout


@pytest.mark.parametrize(
    ("platform", "names", "enough"),
    [
        ("x", ("api_key", "api_secret", "access_token"), False),
        ("x", ("api_key", "api_secret", "access_token", "access_secret"), True),
        ("x", ("bearer_token",), True),
        ("youtube", ("refresh_token",), False),
        ("youtube", ("api_key",), True),
        ("facebook", ("token",), True),
        ("gdelt", (), True),
    ],
)
def test_one_whole_set_of_credentials_is_enough(platform: str, names: tuple[str, ...], enough: bool) -> None:
    environ = {f"MECRA_{platform}_{name}".upper(): "something" for name in names}
    assert has_credentials(platform, Secrets(environ)) is enough


def test_credentials_that_vanished_are_a_failure(call: Call, box: Sandbox, tmp_path: Path) -> None:
    assert call("collect", "x").exit_code == 0
    secrets = tmp_path / "secrets.toml"
    secrets.write_text("\n".join(line for line in secrets.read_text().splitlines() if "sandbox-x" not in line), encoding="utf-8")
    secrets.chmod(0o600)
    came = call("collect")
    assert came.exit_code == 1 and "✗ x:ornekbelediye" in came.stderr
    with sqlite3.connect(tmp_path / "mecra.db") as db:
        db.execute("DELETE FROM responses")
        db.execute("DELETE FROM walks WHERE account LIKE 'x:%'")
    assert "x:ornekbelediye" not in call("collect", "--json").stderr


def test_an_account_that_is_named_is_always_tried(call: Call, box: Sandbox, tmp_path: Path) -> None:
    settings = load(tmp_path / "mecra.toml", {})
    accounts = [a for a in settings.accounts if a.platform == "x"]
    assert collectable(accounts, Secrets({}), named=True, was_collected=lambda key: False) == accounts
    assert collectable(accounts, Secrets({}), named=False, was_collected=lambda key: False) == []
    came = call("collect", "@ornekbelediye", "nosuch")
    assert came.exit_code == 2 and "nosuch is no account" in came.stderr and box.asked == []


def test_since_is_the_beginning_of_a_local_day(call: Call, box: Sandbox, tmp_path: Path) -> None:
    from datetime import date

    settings = load(tmp_path / "mecra.toml", {})
    instant = since_instant(date(2026, 1, 1), settings)
    assert instant is not None and to_text(instant) == "2025-12-31T21:00:00Z"
    assert since_instant(None, settings) is None
