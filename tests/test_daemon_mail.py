"""The daemon as a process, with a mail server beside it: a sealed period's report goes out once, whatever ends the process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from config import load
from config.plan_file import load_plan
from daemon import CUT
from indicators.seal import seal
from model import Period, utc_now
from storage import opened
from storage.messages import newest
from storage.plans import register_plan
from tests.indicators.sealing import CARD
from tests.indicators.standing import ISTANBUL
from tests.reports.mail_server import PASSWORD, USER, Post, authority, serving

ROOT = Path(__file__).parents[1]
PATIENCE = 240.0
SETTINGS = """
plan = "card.toml"
[institution]
name = "Örnek Belediyesi"
[news]
feeds = false
gdelt.enabled = false
[reports]
formats = ["docx"]
[mail]
host = "localhost"
port = {port}
security = "starttls"
user = "{user}"
from = "mecra@kurum.bel.tr"
to = ["basin@kurum.bel.tr"]
ca = "kurum-ca.pem"
"""


def start(path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT), "--config", str(path / "mecra.toml"), "--log-level", "debug", "run"]
    environ = {**os.environ, "MECRA_MAIL_PASSWORD": PASSWORD}
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ)


def sealed_half(path: Path) -> None:
    """The half-year that is over, sealed an hour ago."""
    settings = load(path / "mecra.toml", {})
    now = utc_now()
    half = Period.half_of(now.date())
    over = Period(half.year, 1) if half.half == 2 else Period(half.year - 1, 2)
    with opened(settings.database, settings.zone) as storage:
        plan = load_plan(settings.plan)
        register_plan(storage, plan, now - timedelta(hours=2))
        storage.register([])
        seal(storage, plan, over, now - timedelta(hours=1), by="Ayşe", now=utc_now, provisional=True)


def test_a_sealed_period_s_report_goes_out_once(tmp_path: Path) -> None:
    with serving(post := Post(), tmp_path, security="starttls", signing_in=True) as port:
        (tmp_path / "card.toml").write_text(CARD, encoding="utf-8")
        (tmp_path / "mecra.toml").write_text(SETTINGS.format(port=port, user=USER), encoding="utf-8")
        authority(tmp_path)
        sealed_half(tmp_path)

        def outcomes() -> list[str]:
            with opened(tmp_path / "mecra.db", ISTANBUL, read_only=True) as storage:
                return [row.outcome for row in newest(storage, 9) if "revision" in row.occasion]

        first = start(tmp_path)
        assert first.stderr is not None
        said = line = ""
        while not ("revision" in line and "sent to" in line):
            said += (line := first.stderr.readline())
            assert line, said
        first.kill()
        said += first.communicate(timeout=PATIENCE)[1]
        assert "sent" in outcomes()
        assert "sent to basin@kurum.bel.tr: 250 2.0.0 Ok: queued as 4F2A" in said and PASSWORD not in said
        assert [part.get_filename() for part in post.taken[0][1].iter_attachments()] == [
            path.name for path in (tmp_path / "reports").iterdir()
        ]
        second = start(tmp_path)
        assert second.stderr is not None
        assert any("running:" in line for line in second.stderr)
        time.sleep(1)
        second.send_signal(signal.SIGTERM)
        _, said = second.communicate(timeout=PATIENCE)
        assert second.returncode in (0, CUT) and PASSWORD not in said
    assert len([1 for _to, message in post.taken if "son gün" not in message["Subject"]]) == 1
    assert outcomes() == ["sent", "begun"]
