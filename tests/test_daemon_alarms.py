"""The daemon as a process, with a monitor and a chat service beside it: what is wrong is told, and asked for, while it runs and when it can't."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

from daemon import BROKEN, CUT
from tests.upkeep.hooked import hooked

ROOT = Path(__file__).parents[1]
PATIENCE = 240.0
SETTINGS = """
[institution]
name = "Örnek Belediyesi"
[news]
feeds = false
gdelt.enabled = false
[alarms]
webhook = "{url}"
disk_free_mb = 999999999
gather = "0min"
hold.disk_low = "0min"
[health]
listen = "127.0.0.1:0"
"""


def start(path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT), "--config", str(path / "mecra.toml"), "--log-level", "info", "run"]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "MECRA_WEBHOOK_TOKEN": "belirtec-4711"})


def test_what_is_wrong_is_told_and_can_be_asked_for(tmp_path: Path) -> None:
    told = threading.Event()
    with hooked() as hook:
        hook.before_answer = told.set
        (tmp_path / "mecra.toml").write_text(SETTINGS.format(url=hook.url), encoding="utf-8")
        process = start(tmp_path)
        try:
            assert process.stderr is not None
            line = next(line for line in process.stderr if "health and metrics: " in line)
            address = line.rpartition("health and metrics: ")[2].strip()
            assert told.wait(PATIENCE)
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                said = json.load(answer)
            with urllib.request.urlopen(address.replace("/health", "/metrics"), timeout=PATIENCE) as answer:
                metrics = answer.read().decode()
        finally:
            process.send_signal(signal.SIGTERM)
            _, rest = process.communicate(timeout=PATIENCE)
    assert process.returncode in (0, CUT)
    headers, message = hook.taken[0]
    assert [one["kind"] for one in message["begun"]] == ["disk_low"] and headers["Authorization"] == "Bearer belirtec-4711"
    assert said["status"] == "incidents" and [one["kind"] for one in said["incidents"]] == ["disk_low"]
    assert 'mecra_open_incidents{kind="disk_low"} 1.0' in metrics and "mecra_up 1.0" in metrics
    assert "belirtec-4711" not in rest + json.dumps(said) + metrics


def test_a_damaged_database_is_told_before_the_daemon_ends(tmp_path: Path) -> None:
    with hooked() as hook:
        (tmp_path / "mecra.toml").write_text(SETTINGS.format(url=hook.url), encoding="utf-8")
        (tmp_path / "mecra.db").write_bytes(b"no database, and never was one " * 500)
        for _ in range(2):
            process = start(tmp_path)
            process.communicate(timeout=PATIENCE)
            assert process.returncode == BROKEN
    assert [message["begun"][0]["kind"] for _headers, message in hook.taken] == ["database"]
