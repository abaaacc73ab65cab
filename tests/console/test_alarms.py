"""`mecra alarms` as a person types it, and what `mecra status` says of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from click.testing import Result

from model import utc_now
from storage import opened
from storage.incidents import Changes, Condition, keep, undelivered
from storage.messages import BEGUN, FAILED, SENT, add_message
from tests.indicators.standing import ISTANBUL
from tests.reports.mail_server import Post, serving
from tests.upkeep.hooked import hooked
from words import Note

Call = Callable[..., Result]
BARE = 'plan = "ornek"\n[institution]\nname = "Örnek Belediyesi"\n[news]\nfeeds = false\ngdelt.enabled = false\n'
NOW = utc_now()


def told(path: Path) -> None:
    """One incident that lasts, one that is over, and a message that arrived by one way alone."""
    low = Condition(
        "disk_low",
        "/var/lib/mecra",
        NOW - timedelta(hours=3),
        Note("{megabytes} MB are free where the data are", {"megabytes": 7}),
        Note("`mecra doctor`"),
    )
    silent = Condition("source_silent", "x:a posts\x1b[2J", NOW - timedelta(hours=30), Note("…"), Note("…"))
    with opened(path / "mecra.db", ISTANBUL) as storage:
        keep(storage, Changes([low, silent], [], {}), NOW - timedelta(hours=2))
        keep(storage, Changes([], [silent.key], {}), NOW - timedelta(hours=1))
        for occasion in ("alarm 1 2026-03-15T09:00:00Z", "2026-H1 final"):
            at = NOW - timedelta(minutes=9)
            add_message(storage, occasion, [("webhook", BEGUN, ""), ("a@k.tr", BEGUN, "")], at)
            add_message(storage, occasion, [("webhook", FAILED, "500"), ("a@k.tr", SENT, "250")], at)


def test_what_is_wrong_what_was_and_what_did_not_arrive(call: Call, tmp_path: Path) -> None:
    (tmp_path / "mecra.toml").write_text(BARE, encoding="utf-8")
    told(tmp_path)
    found = call("alarms")
    assert found.exit_code == 1
    assert "✗ the disk is nearly full: /var/lib/mecra (since " in found.output and "\x1b" not in found.output
    assert "  7 MB are free where the data are\n  → `mecra doctor`\n" in found.output
    assert "a source is silent" in found.output and "29 h" in found.output
    assert "! nobody is told: set [mail]" in found.output
    assert found.output.count("has not reached webhook (1 tries") == 1 and "a@k.tr" not in found.output
    turkish, status = call("alarms", language="tr"), call("status", language="tr")
    for one in (turkish, status):
        assert "✗ disk dolmak üzere: /var/lib/mecra (başlangıcı: " in one.output and "7 MB boş yer kaldı" in one.output
        assert "webhook alıcısına ulaşmadı" in one.output
    assert status.exit_code == 0
    said = json.loads(call("alarms", "--json").output)
    assert [one["kind"] for one in said["open"]] == ["disk_low"] and [one["kind"] for one in said["over"]] == ["source_silent"]
    assert [one["recipient"] for one in said["undelivered"]] == ["webhook"]
    assert [one["kind"] for one in json.loads(call("status", "--json").output)["incidents"]] == ["disk_low"]
    with opened(tmp_path / "mecra.db", ISTANBUL) as storage:
        keep(storage, Changes([], [("disk_low", "/var/lib/mecra")], {}), NOW)
        assert len(undelivered(storage, NOW - timedelta(days=7))) == 1
        assert undelivered(storage, NOW) == []
    fine = call("alarms")
    assert fine.exit_code == 0 and fine.output.startswith("Nothing is wrong.")


def test_every_way_is_tried(call: Call, tmp_path: Path) -> None:
    (tmp_path / "mecra.toml").write_text(BARE, encoding="utf-8")
    nobody = call("alarms", "test")
    assert nobody.exit_code == 2 and "nobody is told of anything: set [mail], alarms.webhook or alarms.command" in nobody.output
    with serving(post := Post(), tmp_path) as port, hooked() as hook:
        mail = f'[mail]\nhost = "localhost"\nport = {port}\nsecurity = "none"\nfrom = "mecra@k.tr"\nto = ["basin@k.tr"]\n'
        alarms = f'[alarms]\nwebhook = "{hook.url}"\ncommand = ["/bin/false"]\nto = ["bilgi@k.tr", "b@k.tr"]\n'
        (tmp_path / "mecra.toml").write_text(f"{BARE}{mail}{alarms}", encoding="utf-8")
        post.refused = {"b@k.tr": "550 5.1.1 no such user"}
        found = call("alarms", "test")
        assert found.exit_code == 1
        assert found.output == (
            "✓ webhook: 200 OK\n✗ command: /bin/false ended with 1\n✓ bilgi@k.tr: 250 2.0.0 Ok: queued as 4F2A\n"
            "✗ b@k.tr: 550 5.1.1 no such user\n"
        )
        said = json.loads(call("alarms", "test", "--json").output)
        assert (said[0]["recipient"], said[0]["outcome"]) == ("webhook", "sent")
    assert post.taken[0][1]["Subject"] == "Örnek Belediyesi: uyarı: deneme (Örnek Belediyesi)"
    assert hook.taken[0][1]["begun"][0]["kind"] == "test"
