"""One message for each incident and one when it is over, by mail, webhook and program; whatever fails or dies in between."""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from config.alarms import Alarms as Wanted
from config.outgoing import NONE, Mail
from storage.incidents import Bulletin, open_incidents
from storage.messages import newest
from tests.reports.mail_server import Post, serving
from tests.upkeep.hooked import hooked
from tests.upkeep.watched import Town
from upkeep.alarm_ways import Way

SECRET, TOKEN = "imza-anahtari-42", "tasiyici-belirteci-43"
REFUSED = "the token ended -> run `mecra auth x`"


def mail(port: int) -> Mail:
    return Mail(host="127.0.0.1", port=port, security=NONE, sender="mecra@kurum.bel.tr", to=("basin@kurum.bel.tr",))


def test_an_incident_is_one_message_and_one_when_it_is_over(tmp_path: Path) -> None:
    with serving(post := Post(), tmp_path) as port:
        town = Town(tmp_path, Wanted(to=("bilgiislem@kurum.bel.tr",)), mail(port))
        town.read()
        town.minutes(60)
        assert post.taken == []
        town.fails("x:a", "refused", REFUSED)
        for _ in range(12):
            town.minutes(60)
            town.again()
            town.read("facebook:b", "feed:c")
        assert [to for to, _message in post.taken] == [["bilgiislem@kurum.bel.tr"]]
        _to, message = post.taken[0]
        assert message["Subject"] == "Örnek Belediyesi: uyarı: erişim bilgileri reddediliyor (x:a)"
        text = message.get_content()
        assert "the token ended" in text and "mecra auth x" in text and "15.03.2026 13:00" in text
        walk = town.storage.unfinished("x:a", "posts")
        assert walk
        town.storage.connection.execute(
            "UPDATE walks SET finished_at = '2026-03-15T21:00:00Z', outcome = 'done', error = '' WHERE walk = ?", (walk.walk,)
        )
        town.storage.connection.commit()
        town.read()
        town.minutes(180)
        assert len(post.taken) == 2 and open_incidents(town.storage) == []
        _to, over = post.taken[1]
        assert over["Subject"] == "Örnek Belediyesi: sona erdi: erişim bilgileri reddediliyor (x:a)"
        assert over["Message-ID"] != message["Message-ID"]


def test_a_webhook_gets_json_that_is_signed(tmp_path: Path) -> None:
    environ = {"MECRA_WEBHOOK_SECRET": SECRET, "MECRA_WEBHOOK_TOKEN": TOKEN}
    with hooked() as hook:
        town = Town(tmp_path, Wanted(webhook=hook.url), environ=environ)
        town.read()
        town.fails("x:a", "refused", REFUSED)
        town.minutes(30)
    ((headers, said),) = hook.taken
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["X-Mecra-Signature"] == "sha256=" + hmac.new(SECRET.encode(), hook.bodies[0], hashlib.sha256).hexdigest()
    assert headers["Idempotency-Key"] == said["id"]
    assert said["institution"] == "Örnek Belediyesi" and said["over"] == [] and "erişim bilgileri" in said["text"]
    (begun,) = said["begun"]
    assert begun["kind"] == "refused" and begun["about"] == "x:a" and begun["since"] == "2026-03-15T09:00:00Z"
    assert SECRET not in hook.bodies[0].decode() and TOKEN not in hook.bodies[0].decode()


def test_a_program_gets_it_on_its_standard_input_and_nothing_of_our_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MECRA_X_TOKEN", SECRET)
    out = tmp_path / "out.json"
    code = f"import json, os, sys; json.dump([json.load(sys.stdin), dict(os.environ), sys.argv[1:]], open({str(out)!r}, 'w'))"
    town = Town(tmp_path, Wanted(command=(sys.executable, "-c", code, "; rm -rf $HOME", "$(x)")))
    town.read()
    town.fails("x:a", "refused", REFUSED)
    town.minutes(30)
    said, environ, arguments = json.loads(out.read_text(encoding="utf-8"))
    assert said["begun"][0]["about"] == "x:a" and arguments == ["; rm -rf $HOME", "$(x)"]
    assert SECRET not in str(environ) and "HOME" not in environ
    assert [(row.recipient, row.outcome) for row in newest(town.storage, 9)] == [("command", "sent"), ("command", "begun")]


def test_what_can_t_be_told_is_tried_again_with_growing_waits(tmp_path: Path) -> None:
    with hooked() as hook:
        hook.status = 503
        town = Town(tmp_path, Wanted(webhook=hook.url))
        town.read()
        town.fails("x:a", "refused", REFUSED)
        town.minutes(10)
        for _ in range(300):
            town.read("facebook:b", "feed:c")
            town.minutes(1, step=1)
        assert 5 <= len(hook.taken) <= 8, "after 15, 30, 60, 60 … minutes"
        assert {said["id"] for _headers, said in hook.taken} == {hook.taken[0][1]["id"]}
        hook.status = 204
        town.minutes(90)
        told = len(hook.taken)
        town.read("facebook:b", "feed:c")
        town.minutes(300)
        assert len(hook.taken) == told and newest(town.storage, 1)[0].outcome == "sent"


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    with hooked() as hook, hooked() as other:
        hook.status, hook.headers = 307, {"Location": other.url}
        town = Town(tmp_path, Wanted(webhook=hook.url), environ={"MECRA_WEBHOOK_TOKEN": TOKEN})
        town.read()
        town.fails("x:a", "refused", REFUSED)
        town.minutes(15)
        assert hook.taken and other.taken == []
        assert newest(town.storage, 1)[0].outcome == "failed"


def test_a_crash_between_the_sending_and_its_being_kept_doubles_one_message_that_can_be_told_by_its_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(post := Post(), tmp_path) as port, hooked() as hook:
        town = Town(tmp_path, Wanted(webhook=hook.url), mail(port))
        town.read()
        town.fails("x:a", "refused", REFUSED)

        town.minutes(5)
        send = town.alarms.send

        def sent_and_killed(way: Way, one: Bulletin) -> tuple[str, str]:
            send(way, one)
            raise KeyboardInterrupt

        monkeypatch.setattr(town.alarms, "send", sent_and_killed)
        with pytest.raises(KeyboardInterrupt):
            town.minutes(10)
        town.again()
        town.minutes(60)
        assert len(hook.taken) == 2 and len({said["id"] for _headers, said in hook.taken}) == 1
        assert len(post.taken) == 1


def test_when_the_line_is_down_it_is_one_message_and_no_source_is_silent_by_itself(tmp_path: Path) -> None:
    with hooked() as hook:
        town = Town(tmp_path, Wanted(webhook=hook.url))
        town.read()
        town.clock.pass_by(hours=1)
        for hours in range(72):
            for key in ("x:a", "facebook:b", "feed:c"):
                town.fails(key, "unavailable", "no answer")
            town.minutes(60)
            assert len(hook.taken) == (1 if hours else len(hook.taken))
        assert [one["kind"] for one in hook.taken[0][1]["begun"]] == ["offline"]
        town.storage.connection.execute(
            "UPDATE walks SET finished_at = started_at, outcome = 'gone' WHERE finished_at IS NULL AND account != 'x:a'"
        )
        town.storage.connection.commit()
        for hours in range(12):
            town.read("facebook:b", "feed:c")
            town.minutes(60)
            assert len(hook.taken) == 2 or hours >= 6, "silence counts anew from the line's return"
        assert [one["kind"] for one in hook.taken[1][1]["over"]] == ["offline"]
        kinds = [one["kind"] for _headers, said in hook.taken[2:] for one in said["begun"]]
        assert kinds == ["source_silent"], "x alone stays silent, and is told hours after the line came back"


def test_a_source_is_silent_after_some_of_its_own_intervals(tmp_path: Path) -> None:
    with hooked() as hook:
        town = Town(tmp_path, Wanted(webhook=hook.url, silent_runs=10))
        town.read()
        town.fails("x:a", "malformed", "half an answer -> count its bytes")
        for hours in range(12):
            town.read("facebook:b", "feed:c")
            town.minutes(60)
            assert bool(hook.taken) == (hours >= 10), hours
        ((_headers, said),) = hook.taken
        (begun,) = said["begun"]
        assert begun["kind"] == "source_silent" and begun["about"] == "x:a posts"
        assert "half an answer" in begun["what"] and begun["cure"] == "count its bytes"


def test_a_kind_that_is_off_is_no_alarm(tmp_path: Path) -> None:
    with hooked() as hook:
        town = Town(tmp_path, Wanted(webhook=hook.url, off=frozenset({"refused"})))
        town.read()
        town.fails("x:a", "refused", REFUSED)
        town.minutes(300)
        assert hook.taken == [] and open_incidents(town.storage) == []


def test_a_message_that_is_a_week_old_is_not_sent_any_more_and_a_new_way_hears_of_no_old_ones(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.read()
    town.fails("x:a", "refused", REFUSED)
    town.minutes(30)
    with hooked() as hook:
        object.__setattr__(town.settings, "alarms", Wanted(webhook=hook.url))
        town.clock.pass_by(days=2)
        town.read("facebook:b", "feed:c")
        town.again()
        town.minutes(30)
        assert hook.taken == []
        assert town.clock.at - timedelta(days=3) < open_incidents(town.storage)[0].opened_at
