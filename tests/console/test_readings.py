"""Figures from files on the command line, and channels that can't be asked."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.console.conftest import Call

SETTINGS = """
[institution]
name = "Örnek Belediyesi"
contact = "basin@ornek.example"
[news]
feeds = false
[news.gdelt]
enabled = false
[[accounts]]
platform = "x"
handle = "ornek"
[[accounts]]
platform = "nsosyal"
handle = "@ornek"
label = "NSosyal hesabımız"
"""
TABLE = """Hesap;Tarih;Takipçi;Görüntülenme
tiktok:ornek;31.12.2025;11.617;12,3 B
nsosyal:ornek;30.06.2026 18:00;900;
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "mecra.toml").write_text(SETTINGS, encoding="utf-8")
    path = tmp_path / "rakamlar.csv"
    path.write_bytes(TABLE.encode("cp1254"))
    return path


def test_a_file_is_tried_taken_in_and_not_doubled(call: Call, file: Path, tmp_path: Path) -> None:
    tried = call("import", "readings", str(file), "--dry-run")
    assert tried.exit_code == 0 and "rakamlar.csv: 3 figures" in tried.stdout and "tiktok:ornek" in tried.stdout
    assert not (tmp_path / "mecra.db").exists()
    assert "3 new rows stored" in call("import", "readings", str(file)).stdout
    assert "nothing new: this file was taken in on" in call("import", "readings", str(file)).stdout
    assert call("rebuild").exit_code == 0
    said = json.loads(call("import", "readings", str(file), "--json").stdout)
    assert (said["figures"], said["stored"], said["accounts"]) == (3, 0, ["nsosyal:ornek", "tiktok:ornek"])
    assert said["taken_in_before"] and said["columns"]["followers"] == "Takipçi"


def test_a_wrong_cell_stops_the_whole_file_in_the_readers_language(call: Call, file: Path, tmp_path: Path) -> None:
    file.write_text(TABLE.replace("900", "%95"), encoding="utf-8")
    came = call("import", "readings", str(file))
    assert came.exit_code == 2 and "row 3, column C (Takipçi): a share, no count: '%95'" in came.stdout
    assert "1 errors: nothing was taken in" in came.stderr
    turkish = call("import", "readings", str(file), language="tr")
    assert "sayı değil, oran" in turkish.stdout
    assert json.loads(call("import", "readings", str(file), "--json").stdout)["errors"][0]["row"] == 3
    with closing(sqlite3.connect(tmp_path / "mecra.db")) as connection:
        assert connection.execute("SELECT count(*) FROM readings").fetchone() == (0,)


def test_whoever_hands_it_in_may_say_whose_and_when(call: Call, file: Path, tmp_path: Path) -> None:
    file.write_text("Üye;Not\n11.617;bülten\n", encoding="utf-8")
    assert "no row names its columns" in call("import", "readings", str(file)).stderr
    file.write_text("Üye;Görüntülenen;Not\n11.617;5;bülten\n", encoding="utf-8")
    options = ("--account", "whatsapp:ornek", "--label", "WhatsApp kanalımız", "--map", "text=Not", "--at")
    came = call("import", "readings", str(file), *options, "30.06.2026")
    assert came.exit_code == 0, came.stderr
    with closing(sqlite3.connect(tmp_path / "mecra.db")) as connection:
        assert connection.execute("SELECT account, value, at FROM readings").fetchall() == [
            ("whatsapp:ornek", 11617, "2026-06-30T20:59:00Z")
        ]
        assert connection.execute("SELECT label FROM accounts WHERE platform = 'whatsapp'").fetchone() == ("WhatsApp kanalımız",)
    for wrong, says in (
        (("--account", "myspace:a"), "--account myspace:a: no platform"),
        (("--account", "tiktok:a", "--at", "2099-01-01"), "--at 2099-01-01: the day lies in the future"),
        (("--label", "A"), "--label names one account"),
    ):
        said = call("import", "readings", str(file), *wrong)
        assert said.exit_code == 2 and says in said.stderr


def test_channels_are_left_out_of_collecting_and_say_why(call: Call, file: Path) -> None:
    came = call("collect", "nsosyal")
    assert came.exit_code == 2 and "nsosyal can't be asked: its figures come in by `mecra import readings FILE`" in came.stderr
    call("import", "readings", str(file))
    came = call("collect", "--json")
    said = json.loads(came.stdout)
    assert came.exit_code == 0 and [run for run in said["runs"] if run["account"].startswith(("nsosyal", "tiktok"))] == []
    assert [m["what"] for m in said["missing"] if m["platform"] == "nsosyal"] == ["by import only"]
    status = call("status").stdout
    assert "nsosyal:ornek  files" in status and "by import only" in status
    assert "✓ by import only: nsosyal:ornek" in call("doctor").stdout


def test_collecting_asks_for_nothing_because_of_a_file(call: Call, file: Path) -> None:
    """An account that was only handed in was never collected: without credentials it is left out, not a failure."""
    file.write_text("Hesap;Tarih;Takipçi\nx:ornek;31.12.2025;5\n", encoding="utf-8")
    assert call("import", "readings", str(file)).exit_code == 0
    came = call("collect")
    assert came.exit_code == 0 and "no credentials for x:ornek" in came.stdout
    assert "never collected" in call("status").stdout
