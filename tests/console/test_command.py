"""Where errors end: one line, code 2, redacted; what nobody expected goes into the log without a secret."""

from __future__ import annotations

import logging
import os

import click
import pytest
from click.testing import CliRunner

from config.secrets import Secrets
from console.command import Group, named
from console.logs import Stderr, write_log
from model import MecraError
from storage import StorageError
from words import N_, speak

MARK = "MARKED-secret-value"


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> Group:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    write_log("warning", Secrets({"MECRA_X_API_KEY": MARK}).redact)
    return Group("mecra")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MecraError(f"the token {MARK}\nis wrong"), "Error: the token *** is wrong\n"),
        (StorageError("nothing was stored (database is locked)"), "Error: nothing was stored (database is locked)\n"),
        (PermissionError(13, "Permission denied", "/x"), "Error: PermissionError: [Errno 13] Permission denied: '/x'\n"),
    ],
)
def test_what_stops_a_command_is_one_line(group: Group, error: Exception, said: str) -> None:
    @group.command()
    def stop() -> None:
        raise error

    came = CliRunner().invoke(group, ["stop"])
    assert (came.exit_code, came.stdout, came.stderr) == (2, "", said)


def test_the_unexpected_is_logged_without_secrets(group: Group) -> None:
    @group.command()
    def surprise() -> None:
        raise RuntimeError(f"no one thought of {MARK}")

    came = CliRunner().invoke(group, ["surprise"])
    assert came.exit_code == 2 and MARK not in came.output
    assert "Traceback" in came.stderr and "no one thought of ***" in came.stderr
    assert came.stderr.splitlines()[-1].startswith("Error: unexpected: RuntimeError")


def test_an_argument_is_called_as_in_the_usage_line(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    @group.command()
    @click.argument("period", metavar=N_("PERIOD"))
    @click.argument("article", metavar=N_("ARTICLE..."), type=int, required=False)
    def take(period: str, article: int | None) -> None:
        pass

    monkeypatch.setenv("LANGUAGE", "")
    speak("tr", os.environ)
    try:
        said = [CliRunner().invoke(group, ["take", *args]).stderr for args in ([], ["2026-H1", "abc"])]
    finally:
        speak("en", os.environ)
    assert "'DÖNEM'" in said[0] and "PERIOD" not in said[0]
    assert said[1].splitlines()[-1] == "Hata: 'HABER...' için geçersiz değer: 'abc' geçerli bir sayı değil."


def test_clicks_own_ways_to_end_are_left_alone(group: Group) -> None:
    @group.command()
    @click.pass_context
    def end(context: click.Context) -> None:
        context.exit(1)

    assert CliRunner().invoke(group, ["end"]).exit_code == 1
    assert any(isinstance(handler, Stderr) for handler in logging.getLogger().handlers)


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (["--lang", "en", "status"], "en"),
        (["--lang=en", "status"], "en"),
        (["--config", "a.toml", "--lang", "en"], "en"),
        (["status", "--lang", "en"], None),
        (["--lang"], None),
        (["--log-json", "collect", "--lang", "en"], None),
        ([], None),
    ],
)
def test_a_global_option_is_seen_before_the_command_only(args: list[str], found: str | None) -> None:
    assert named(args, "--lang") == found
