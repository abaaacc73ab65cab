"""`mecra mail` as a person types it, against a real server on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result

from storage import opened
from storage.messages import add_message
from tests.indicators.standing import ISTANBUL
from tests.reports.mail_server import PASSWORD, USER, Post, authority, serving

Call = Callable[..., Result]
BARE = 'plan = "ornek"\n[institution]\nname = "Örnek Belediyesi"\n[news]\nfeeds = false\ngdelt.enabled = false\n'


def settings(path: Path, port: int, **more: str) -> None:
    lines = {
        "host": '"localhost"',
        "port": str(port),
        "security": '"none"',
        "from": '"mecra@kurum.bel.tr"',
        "to": '["a@k.tr", "b@k.tr"]',
        **more,
    }
    text = "".join(f"{name} = {value}\n" for name, value in lines.items())
    (path / "mecra.toml").write_text(f"{BARE}[mail]\n{text}", encoding="utf-8")


def test_a_test_message_says_what_the_server_answers(call: Call, tmp_path: Path) -> None:
    with serving(post := Post(), tmp_path) as port:
        settings(tmp_path, port)
        english, turkish = call("mail", "--test"), call("mail", "--test", language="tr")
        assert english.exit_code == turkish.exit_code == 0
        assert english.output == f"localhost:{port} (none) answers: 250 2.0.0 Ok: queued as 4F2A\n✓ a@k.tr\n✓ b@k.tr\n"
        assert turkish.output.startswith(f"localhost:{port} (none) yanıtı: 250 2.0.0 Ok")
        post.refused = {"b@k.tr": "550 5.1.1 no such user"}
        refused = call("mail", "--test", "--json")
        assert refused.exit_code == 1
        assert json.loads(refused.output)["refused"] == {"b@k.tr": "550 5.1.1 no such user"}
    message = post.taken[1][1]
    assert message["Subject"] == "Örnek Belediyesi: mecra deneme iletisi"
    body = message.get_body(("plain",))
    assert body is not None and "Örnek Belediyesi raporları ve hatırlatmalar" in body.get_content()


def test_what_does_not_work_is_said_in_one_line_with_the_next_step(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mecra.toml").write_text(BARE, encoding="utf-8")
    nothing = call("mail", "--test")
    assert nothing.exit_code == 2 and "no mail server is set: write host, from and to under [mail]" in nothing.output
    monkeypatch.setenv("MECRA_MAIL_PASSWORD", "yanlis-parola")
    with serving(Post(), tmp_path, security="starttls", signing_in=True) as port:
        authority(tmp_path)
        settings(tmp_path, port, security='"starttls"', user=f'"{USER}"', ca='"kurum-ca.pem"')
        wrong = call("mail", "--test")
        assert wrong.exit_code == 2 and wrong.output.count("\n") == 1 and "yanlis" not in wrong.output
        assert "535 5.7.8 Error: authentication failed" in wrong.output and "MECRA_MAIL_PASSWORD" in wrong.output
        monkeypatch.setenv("MECRA_MAIL_PASSWORD", PASSWORD)
        assert call("mail", "--test").exit_code == 0
    down = call("mail", "--test", language="tr")
    assert down.exit_code == 2 and "adresinde yanıt veren yok" in down.output


def test_what_was_sent_is_listed_newest_first(call: Call, tmp_path: Path) -> None:
    settings(tmp_path, 25)
    with opened(tmp_path / "mecra.db", ISTANBUL) as storage:
        assert "No message was sent yet." in call("mail").output
        add_message(storage, "2026-H1 final", [("a@k.tr", "begun", "")], datetime(2026, 7, 11, 3, 31, tzinfo=UTC))
        add_message(
            storage, "2026-H1 final", [("a@k.tr", "failed", "posta:25 closed\x1b[31m")], datetime(2026, 7, 11, 3, 32, tzinfo=UTC)
        )
    lines = call("mail").output.splitlines()
    assert lines[2].split() == ["2026-07-11", "06:32", "2026-H1", "final", "a@k.tr", "not", "sent", "posta:25", "closed", "[31m"]
    assert "\x1b" not in "".join(lines) and "begun" in lines[3]
    assert [row["outcome"] for row in json.loads(call("mail", "--json").output)] == ["failed", "begun"]


def test_the_doctor_tells_of_messages_that_did_not_arrive(call: Call, tmp_path: Path) -> None:
    def told() -> list[tuple[str, str]]:
        found = json.loads(call("doctor", "--json").output)
        return [
            (one["level"], one["what"])
            for one in found
            if "mail" in one["what"] or "k.tr" in one["what"] or "ca.pem" in one["what"]
        ]

    settings(tmp_path, 25)
    assert told() == [("ok", "mail goes to 2 addresses by localhost:25")]
    with opened(tmp_path / "mecra.db", ISTANBUL) as storage:
        at = datetime(2026, 7, 11, 3, 31, tzinfo=UTC)
        add_message(storage, "2026-H1 final", [("a@k.tr", "sent", "250 ok"), ("b@k.tr", "refused", "550 no such user")], at)
        assert told() == [("warn", "b@k.tr did not get 2026-H1 final: 550 no such user")]
        add_message(storage, "2026-H1 final", [("b@k.tr", "sent", "250 ok")], at)
    assert told() == [("ok", "mail goes to 2 addresses by localhost:25")]
    settings(tmp_path, 25, user='"m"', ca='"nowhere-ca.pem"')
    found = json.loads(call("doctor", "--json").output)
    assert {"no password for m at localhost:25", f"no file {tmp_path}/nowhere-ca.pem"} <= {
        one["what"] for one in found if one["level"] == "fail"
    }
