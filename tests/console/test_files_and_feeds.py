"""Agency files, the feed list, the daemon and the sandbox, from the command line."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.press import OUTLETS
from sandbox.server import Sandbox
from tests.console.conftest import Call

ROOT = Path(__file__).parents[2]
CLIPPING = """Tarih;Yayın Adı;Başlık;Bağlantı
02.11.2026;Sabah;Örnek Belediyesi'nden ağaç dikimi;https://www.sabah.com.tr/ornek-agac
03.11.2026;Hürriyet;Örnek Belediyesi kursları başladı;https://www.hurriyet.com.tr/ornek-kurs
"""


def articles(tmp_path: Path) -> int:
    with sqlite3.connect(tmp_path / "mecra.db") as db:
        return int(db.execute("SELECT count(*) FROM articles WHERE found_via = 'agency'").fetchone()[0])


def test_an_agency_file_is_tried_taken_in_and_not_doubled(call: Call, box: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "kupur.csv"
    file.write_bytes(CLIPPING.encode("cp1254"))
    tried = call("import", "news", str(file), "--dry-run")
    assert tried.exit_code == 0 and "kupur.csv: 2 rows" in tried.stdout and "Örnek Belediyesi kursları" in tried.stdout
    assert not (tmp_path / "mecra.db").exists()
    assert "2 new appearances" in call("import", "news", str(file)).stdout
    assert articles(tmp_path) == 2
    assert "0 new appearances" in call("import", "news", str(file)).stdout
    assert articles(tmp_path) == 2
    assert call("rebuild").exit_code == 0


def test_a_file_with_an_error_is_not_taken_in_at_all(call: Call, box: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "kupur.csv"
    file.write_text(CLIPPING.replace("03.11.2026", "gelecek salı"), encoding="utf-8")
    came = call("import", "news", str(file))
    assert came.exit_code == 2 and "gelecek salı" in came.stdout and "1 errors" in came.stderr
    assert not (tmp_path / "mecra.db").exists()


def test_a_column_can_be_named(call: Call, box: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "kupur.csv"
    file.write_text(CLIPPING.replace("Yayın Adı", "Nerede"), encoding="utf-8")
    came = call("import", "news", str(file), "--map", "outlet=Nerede", "--dry-run")
    assert came.exit_code == 0 and "Hürriyet" in came.stdout
    assert call("import", "news", str(file), "--map", "outlet").exit_code == 2


def test_feeds_are_checked_by_name_and_all_together(call: Call, box: Sandbox) -> None:
    states = json.loads(call("feeds", "check", "--json").stdout)
    assert {state["name"] for state in states} == {outlet.slug for outlet in OUTLETS}
    assert all(state["usable"] for state in states)
    box.fault("html-200", "feeds/yeni-seher")
    came = call("feeds", "check", "yeni-seher")
    assert came.exit_code == 1 and "✗ yeni-seher" in came.stdout
    unknown = call("feeds", "check", "nosuch")
    assert unknown.exit_code == 2 and "marmara-postasi" in unknown.stderr


def test_a_site_without_feeds_says_so(call: Call, box: Sandbox) -> None:
    came = call("feeds", "discover", f"{box.url}/youtube/")
    assert came.exit_code == 2 and "no feed found" in came.stderr


def test_entries_are_printed_as_the_list_writes_them(capsys: pytest.CaptureFixture[str]) -> None:
    import tomllib

    from collectors.news.discover import FeedState
    from console.feed_check import show_entries

    show_entries([FeedState("https://www.cekmekoyhaber.com.tr/rss", "ok", 'Çekmeköy "Haber" \\')])
    entry = tomllib.loads(capsys.readouterr().out.split("\n", 1)[1])["feed"][0]
    assert (entry["name"], entry["url"]) == ("cekmekoyhaber", "https://www.cekmekoyhaber.com.tr/rss")


def test_init_writes_what_collect_needs(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call("init").exit_code == 0
    assert (tmp_path / "data" / "secrets.toml").exists() and 'data = "data"' in (tmp_path / "mecra.toml").read_text(
        encoding="utf-8"
    )
    assert call("init").exit_code == 2
    monkeypatch.setenv("MECRA_DATA", str(tmp_path / "elsewhere"))
    (tmp_path / "mecra.toml").unlink()
    assert call("init").exit_code == 0
    assert (tmp_path / "elsewhere" / "mecra.toml").exists()


def test_every_shipped_setting_is_one_that_is_read() -> None:
    from config import EXAMPLE, load

    settings = load(EXAMPLE, {})
    assert settings.institution == "Ümraniye Belediyesi" and settings.zone.key == "Europe/Istanbul"
    assert [a.account for a in settings.accounts if a.platform == "x"] == ["x:umraniyebeltr"]
    assert settings.budgets == {"x": {"cost_per_month": 25_000_000}, "youtube.data": {"cost_per_day": 9000}}
    assert not [a for a in settings.accounts if a.platform == "gnews"], "off until the operator turns it on"


def test_the_daemon_runs_once_a_database_and_ends_when_told(tmp_path: Path) -> None:
    (tmp_path / "mecra.toml").write_text("[news]\nfeeds = false\n[news.gdelt]\nenabled = false\n", encoding="utf-8")
    command = [sys.executable, str(ROOT), "--lang", "en", "--log-json", "run"]
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    with subprocess.Popen(command, cwd=tmp_path, env=environ, stderr=subprocess.PIPE, text=True) as first:
        assert first.stderr is not None
        for line in first.stderr:
            if json.loads(line)["message"].startswith("running:"):
                break
        second = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=30)
        assert second.returncode == 2 and "another `mecra run`" in second.stderr
        first.send_signal(signal.SIGTERM)
        assert first.wait(10) == 0


def test_the_sandbox_alone_says_where_it_is(tmp_path: Path) -> None:
    from urllib.request import urlopen

    command = [sys.executable, str(ROOT), "sandbox", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with urlopen(f"{url}/__sandbox/clock", timeout=10) as answer:
            assert "now" in json.load(answer)
        process.terminate()
