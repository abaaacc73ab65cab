"""The command itself: exit codes, one line for what stops it, nothing heavy for `status`, no secret in its log."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("tweepy", "facebook", "googleapiclient", "feedparser", "apscheduler", "sqlite_utils", "requests", "openpyxl", "babel")
QUIET = '[news]\nfeeds = false\n[news.gdelt]\nenabled = false\n[[accounts]]\nplatform = "x"\nhandle = "umraniyebeltr"\n'


def mecra(directory: Path, *args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The real command, in a process of its own, with an environment of its own."""
    clean = {"PATH": os.environ["PATH"], "HOME": str(directory), **environ}
    return subprocess.run(
        [sys.executable, str(ROOT), *args], cwd=directory, env=clean, capture_output=True, text=True, encoding="utf-8", timeout=60
    )


@pytest.fixture
def quiet(tmp_path: Path) -> Path:
    """Settings with an account that nobody has set up, and no news."""
    (tmp_path / "mecra.toml").write_text(QUIET, encoding="utf-8")
    return tmp_path


def test_without_settings_one_line_says_what_to_do(tmp_path: Path) -> None:
    came = mecra(tmp_path, "status")
    assert (came.returncode, came.stdout) == (2, "")
    assert came.stderr.splitlines() == [f"Hata: {tmp_path / 'mecra.toml'} ayar dosyası yok: yazmak için `mecra init` çalıştırınız"]


def test_status_before_the_first_collection(quiet: Path) -> None:
    came = mecra(quiet, "status")
    assert came.returncode == 2
    assert came.stderr.count("\n") == 1 and "mecra collect" in came.stderr


def test_init_writes_settings_that_work_and_files_for_the_owner_alone(tmp_path: Path) -> None:
    place = tmp_path / "mecra"
    came = mecra(tmp_path, "init", str(place))
    assert came.returncode == 0, came.stderr
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert stat.S_IMODE((place / "secrets.toml").stat().st_mode) == 0o600
    assert {"mecra.toml", "feeds.toml", "news.toml", "secrets.toml"} == {p.name for p in place.iterdir()}
    again = mecra(tmp_path, "init", str(place))
    assert again.returncode == 2 and "hiçbir şey yazılmadı" in again.stderr
    assert mecra(tmp_path, "collect", "x", "--dry-run", MECRA_DATA=str(place)).returncode == 0


def test_init_without_a_directory_makes_one_for_the_data(tmp_path: Path) -> None:
    assert mecra(tmp_path, "init").returncode == 0
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert mecra(tmp_path, "collect", "x", "--dry-run").returncode == 0
    assert (tmp_path / "data" / "mecra.db").exists()


def test_collect_without_credentials_says_what_each_platform_lacks(quiet: Path) -> None:
    came = mecra(quiet, "collect")
    assert came.returncode == 0, came.stderr
    for word in ("umraniyebeltr", "mecra auth x", "mecra auth facebook", "mecra auth instagram", "mecra auth youtube"):
        assert word in came.stdout


def test_an_account_that_is_named_fails_aloud(quiet: Path) -> None:
    came = mecra(quiet, "--lang", "en", "collect", "umraniyebeltr", "--json")
    assert came.returncode == 1
    runs = json.loads(came.stdout)["runs"]
    assert {run["outcome"] for run in runs if run["failed"]} == {"refused"}
    assert "MECRA_X_API_KEY" in came.stderr and "mecra auth x" in came.stderr


def test_an_unknown_name_is_answered_with_what_there_is(quiet: Path) -> None:
    came = mecra(quiet, "--lang", "en", "collect", "mastodon")
    assert came.returncode == 2
    assert came.stderr == "Error: mastodon is no account, platform or feed of the settings; there are news, x, x:umraniyebeltr\n"


@pytest.mark.parametrize(
    "args", [["colect"], ["collect", "--since", "yesterday"], ["--lang", "de", "status"], ["auth", "mastodon"]]
)
def test_wrong_usage_is_code_2_in_turkish(quiet: Path, args: list[str]) -> None:
    came = mecra(quiet, *args)
    assert came.returncode == 2 and came.stdout == ""
    if "de" not in args:
        assert "Hata: " in came.stderr and "Kullanım: mecra" in came.stderr


def test_the_settings_choose_the_language_and_the_option_wins(quiet: Path) -> None:
    (quiet / "mecra.toml").write_text('language = "en"\n' + QUIET, encoding="utf-8")
    assert mecra(quiet, "--help").stdout.startswith("Usage: mecra [OPTIONS] COMMAND")
    assert mecra(quiet, "--lang", "tr", "--help").stdout.startswith("Kullanım: mecra [SEÇENEKLER] KOMUT")


def test_turkish_comes_out_where_the_locale_knows_none(quiet: Path) -> None:
    came = mecra(quiet, "collect", LC_ALL="POSIX", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert came.returncode == 0 and "Henüz toplanmayanlar" in came.stdout


def test_status_imports_nothing_heavy(quiet: Path) -> None:
    assert mecra(quiet, "collect", "--json").returncode == 0
    script = (
        f"import json, sys; sys.path.insert(0, {str(ROOT)!r}); import cli\n"
        "try:\n    cli.mecra.main(['status'], prog_name='mecra')\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        f"print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    )
    came = subprocess.run([sys.executable, "-c", script], cwd=quiet, capture_output=True, text=True, timeout=60, env={"PATH": ""})
    assert came.returncode == 0, came.stderr
    assert json.loads(came.stdout.splitlines()[-1]) == []


def test_secrets_that_others_can_read_are_refused(quiet: Path) -> None:
    secrets = quiet / "secrets.toml"
    secrets.write_text('[x]\napi_key = "MARKED-KEY-1"\n', encoding="utf-8")
    secrets.chmod(0o644)
    came = mecra(quiet, "collect", "x")
    assert came.returncode == 2
    assert "chmod 600" in came.stderr and "MARKED" not in came.stderr


def test_a_file_that_is_no_database_is_one_line(quiet: Path) -> None:
    (quiet / "mecra.db").write_bytes(b"not a database, by a long way" * 100)
    for command in ("status", "collect"):
        came = mecra(quiet, command)
        assert came.returncode == 2
        assert came.stderr.count("\n") == 1 and "Traceback" not in came.stderr, came.stderr


def test_every_command_has_help_in_both_languages(quiet: Path) -> None:
    from cli import mecra as command

    names = [[name] for name in command.commands] + [["feeds", "check"], ["feeds", "discover"], ["import", "news"]]
    for name in names:
        assert command.commands[name[0]].help, name
    both = [mecra(quiet, "--lang", language, "feeds", "check", "--help").stdout for language in ("tr", "en")]
    assert "Listedeki bütün beslemeleri" in both[0] and "Try every feed" in both[1]
