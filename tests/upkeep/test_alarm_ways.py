"""What a web address or a program may do to us: hang, flood, die, hold on; and what is told where the database can't be used."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from config.alarms import Alarms as Wanted
from config.secrets import Secrets
from model import MecraError
from storage import Damaged, StorageError
from storage.incidents import undelivered
from tests.upkeep.hooked import hooked
from tests.upkeep.watched import Town
from upkeep.alarm_ways import NotTold, post, run, ways

MESSAGE = {"id": "1", "text": "deneme"}
KEY = "gizli-anahtar-42"


def test_a_server_that_says_nothing_is_left_and_may_have_heard_it() -> None:
    over = threading.Event()
    with hooked() as hook:
        hook.before_answer = over.wait
        with pytest.raises(NotTold) as error:
            post(hook.url, MESSAGE, Secrets({}), seconds=0.3)
        over.set()
    assert error.value.unclear


def test_a_server_that_is_not_there_has_not_heard_it() -> None:
    with hooked() as hook:
        url = hook.url
    with pytest.raises(NotTold) as error:
        post(f"{url}/{KEY}", MESSAGE, Secrets({}))
    assert not error.value.unclear and KEY not in str(error.value)


@pytest.mark.parametrize("value", ["a\nX-Evil: 1", "şifre-şifre"])
def test_a_token_that_no_header_can_hold_is_an_answer_and_not_said(value: str) -> None:
    with hooked() as hook, pytest.raises(NotTold) as error:
        post(hook.url, MESSAGE, Secrets({"MECRA_WEBHOOK_TOKEN": value}))
    assert hook.taken == [] and value not in str(error.value)


def test_netrc_signs_nobody_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login a password {KEY}\n", encoding="utf-8")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with hooked() as hook:
        post(hook.url, MESSAGE, Secrets({}))
    assert "Authorization" not in hook.taken[0][0]


def test_an_address_that_is_a_secret_comes_from_the_secrets_and_is_never_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with hooked() as hook:
        address = f"{hook.url}/{KEY}"
        hook.status = 500
        town = Town(tmp_path, environ={"MECRA_WEBHOOK_URL": address})
        town.read()
        town.fails("x:a", "refused", "no")
        town.minutes(20)
        assert hook.taken
        (told,) = undelivered(town.storage, town.clock.at.replace(hour=0))
    assert told.recipient == "webhook" and told.tries == 1 and "500" in told.answer
    assert KEY not in caplog.text + told.answer
    with pytest.raises(MecraError) as error:
        ways(Wanted(), Secrets({"MECRA_WEBHOOK_URL": f"http://x.example/{KEY}"}))
    assert "MECRA_WEBHOOK_URL" in str(error.value) and KEY not in str(error.value)


def test_a_program_that_does_not_end_is_ended_with_what_it_started(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    code = (
        "import os, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"draft = open({str(tmp_path / 'draft')!r}, 'w'); draft.write(str(child.pid)); draft.close()\n"
        f"os.rename({str(tmp_path / 'draft')!r}, {str(mark)!r})\n"
        "child.wait()\n"
    )
    waiting = threading.Event()

    def patient(seconds: float) -> None:
        """Long enough for it to have begun, on however slow a machine."""
        with pytest.raises(NotTold) as error:
            run([sys.executable, "-c", code], MESSAGE, seconds=seconds)
        assert error.value.unclear

    for seconds in (3.0, 20.0, 120.0):
        patient(seconds)
        if mark.exists():
            break
    child = int(mark.read_text(encoding="utf-8"))
    for _ in range(2400):
        if _gone(child):
            break
        waiting.wait(0.05)
    assert _gone(child)


def _gone(pid: int) -> bool:
    """Or dead and not yet waited for by whoever took it over."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_program_that_fails_reads_nothing_or_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotTold, match="3"):
        run([sys.executable, "-c", "raise SystemExit(3)"], {"id": "1", "text": "x" * 1_000_000})
    with pytest.raises(NotTold, match=r"alarms\.command"):
        run([str(tmp_path / "none")], MESSAGE)
    (tmp_path / "plain").write_text("no program", encoding="utf-8")
    with pytest.raises(NotTold, match=r"alarms\.command"):
        run([str(tmp_path / "plain")], MESSAGE)
    assert run([sys.executable, "-c", "pass"], {"id": "1", "text": "x" * 1_000_000}) == "0", "it need not read it"


def test_a_database_that_can_t_be_written_is_told_without_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hooked() as hook:
        town = Town(tmp_path, Wanted(webhook=hook.url))

        def full(*args: object, **options: object) -> object:
            raise StorageError("the disk is full")

        monkeypatch.setattr("upkeep.alarms.opened", full)
        for minute in range(60):
            with pytest.raises(StorageError):
                town.minutes(1, step=1)
            assert bool(hook.taken) == (minute >= 2), minute
        monkeypatch.undo()
        town.minutes(10)
    ((_headers, said),) = hook.taken
    assert said["begun"][0]["kind"] == "database" and said["begun"][0]["what"] == "the disk is full"


def test_a_damaged_database_is_told_once_a_day_however_often_mecra_is_started(tmp_path: Path) -> None:
    with hooked() as hook:
        town = Town(tmp_path, Wanted(webhook=hook.url))
        for _ in range(5):
            town.again()
            town.alarms.at_once(str(Damaged(tmp_path / "mecra.db", "file is not a database")))
        assert len(hook.taken) == 1 and "mecra restore" in hook.taken[0][1]["begun"][0]["what"]
        town.clock.pass_by(days=1)
        town.again()
        town.alarms.at_once("still")
        assert len(hook.taken) == 2 and hook.taken[0][1]["id"] != hook.taken[1][1]["id"]
    assert (tmp_path / "alarm.told").stat().st_size < 100
