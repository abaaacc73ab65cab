"""The audit log: every command that changes something is in it, in the transaction of the change; reading leaves nothing."""

from __future__ import annotations

import json
import os
import pwd
import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import Result

from console import acting
from model import utc_now
from sandbox.server import Sandbox
from storage import Storage, opened
from storage.acts import Act
from storage.acts import acting as doing
from storage.audit import BROKEN, CHANGED, MISSING, Fault, faults
from storage.database import transaction
from tests.conftest import ISTANBUL
from tests.console.conftest import Call
from tests.fakes import NOON

ENTER = ("enter", "PG3.1.7", "--period", "2024-H1", "--value", "12", "--url", "https://ornek.bel.tr", "--by", "Ayşe Yılmaz")


@pytest.fixture(autouse=True)
def witness(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the machine's own log is told."""
    told: list[str] = []
    monkeypatch.setattr(acting, "_to_syslog", told.append)
    return told


@pytest.fixture
def place(call: Call, box: Sandbox, tmp_path: Path) -> Path:
    return tmp_path


def acts(call: Call) -> list[dict[str, object]]:
    found = call("audit", "--json")
    assert found.exit_code == 0, found.output
    return list(json.loads(found.stdout)["acts"])


def fine(result: Result) -> Result:
    assert result.exit_code == 0, result.output
    return result


def database(place: Path) -> Path:
    return next(place.rglob("mecra.db"))


def test_what_was_changed_by_whom_with_what_and_how_it_ended(call: Call, place: Path, witness: list[str]) -> None:
    fine(call(*ENTER))
    refused = call("approve", "1", "--by", "ayşe  yılmaz")
    assert refused.exit_code == 2
    fine(call("approve", "1", "--by", "Mehmet Demir"))
    third, second, first = acts(call)
    login = pwd.getpwuid(os.getuid()).pw_name
    assert (first["who"], first["command"], first["outcome"], first["told"]) == ("Ayşe Yılmaz", "mecra enter", "done", "")
    assert str(first["login"]).startswith(login)
    assert first["arguments"] == {
        "code": "PG3.1.7", "period": "2024-H1", "value": "12", "url": "https://ornek.bel.tr", "by": "Ayşe Yılmaz",
    }  # fmt: skip
    assert (second["command"], second["outcome"]) == ("mecra approve", "failed") and "somebody else" in str(second["told"])
    assert (third["who"], third["outcome"], third["arguments"]) == ("Mehmet Demir", "done", {"entry": 1, "by": "Mehmet Demir"})
    assert [line.split()[1] for line in witness] == ["2", "3", "5"] and str(third["sha256"]) in witness[-1]
    shown = call("audit").stdout
    assert "Mehmet Demir" in shown and 'mecra approve entry=1 by="Mehmet Demir"' in shown


@pytest.mark.parametrize(
    "command",
    [
        ("status",),
        ("entries",),
        ("snapshots",),
        ("verify",),
        ("audit",),
        ("collect", "--dry-run"),
        ("rebuild",),
        ("feeds", "check", "none"),
    ],
)
def test_reading_leaves_nothing(call: Call, place: Path, command: tuple[str, ...]) -> None:
    fine(call(*ENTER))
    before = database(place).read_bytes(), acts(call)
    call(*command)
    assert acts(call) == before[1]


READ = {
    "audit", "compare", "completion", "doctor", "entries", "evidence", "explain", "feeds check", "feeds discover", "init", "manual",
    "news review", "news show", "notes", "plan check", "plan show", "plan versions", "report", "show", "snapshots", "status", "verify",
}  # fmt: skip
ACT: dict[str, tuple[str, ...]] = {
    "alarms test": ("alarms", "test"),
    "approve": ("approve", "77", "--by", "Ali"),
    "auth": ("auth", "facebook"),
    "backup": ("backup",),
    "collect": ("collect", "facebook"),
    "enter": ("enter", "PG3.1.7", "--period", "2023-H1", "--value", "3", "--by", "Ali"),
    "export": ("export", "out.zip"),
    "import news": ("import", "news", "clipping.csv"),
    "import plan": ("import", "plan", "plan.csv"),
    "import readings": ("import", "readings", "readings.csv", "--account", "facebook:ornekbelediye"),
    "mail": ("mail", "--test"),
    "news count": ("news", "count", "4711", "--why", "so"),
    "news exclude": ("news", "exclude", "4711", "--why", "so"),
    "note": ("note", "PG3.1.7", "2026-H1", "--reason", "Bayram haftası"),
    "purge": ("purge", "--account", "facebook:ornekbelediye", "--why", "asked for", "--yes"),
    "rebuild": ("rebuild", "--apply"),
    "restore": ("restore", "nothing.zip"),
    "snapshot": ("snapshot", "2026-H1"),
    "withdraw": ("withdraw", "4711", "--why", "so"),
}
UNTRIED = {"alarms test", "mail", "rebuild"}  # without a way to tell, a mail server, a difference, they change nothing


def paths(group: click.Group, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from paths(command, f"{before}{name} ")
            if command.invoke_without_command:
                yield f"{before}{name}"
        else:
            yield f"{before}{name}"


def test_of_every_command_it_is_known_whether_it_is_an_act() -> None:
    from cli import mecra

    known = READ | ACT.keys() | set(acting.BY_THEMSELVES) | {"alarms"}
    assert set(paths(mecra)) - known == set(), "a new command: does it change anything? Say so here, and see that the log has it"
    assert known - {"alarms"} <= set(paths(mecra))


@pytest.mark.parametrize("command", sorted(ACT.keys() - UNTRIED))
def test_every_act_is_told_whether_it_succeeds_or_is_refused(call: Call, place: Path, command: str) -> None:
    fine(call(*ENTER))
    (place / "clipping.csv").write_text("Tarih;Yayın;Başlık\n01.03.2026;Sabah;Örnek Belediyesi açtı\n", encoding="utf-8")
    (place / "plan.csv").write_text(
        f"Tarih;Saat;Platform;Başlık\n{utc_now() + timedelta(days=9):%d.%m.%Y};10:00;x;Deneme\n", encoding="utf-8"
    )
    (place / "readings.csv").write_text("Tarih;Takipçi\n01.02.2026;117\n", encoding="utf-8")
    (place / "nothing.zip").write_bytes(b"no backup")
    if command == "purge":
        call("collect", "facebook")
        settings = place / "mecra.toml"
        settings.write_text(
            re.sub(r'\[\[accounts\]\]\nplatform = "facebook"\n(\w.*\n)+', "", settings.read_text(encoding="utf-8")),
            encoding="utf-8",
        )
    before = len(acts(call))
    done = call(*ACT[command])
    found = acts(call)
    assert [act["command"] for act in found[: len(found) - before]] == [f"mecra {command}"], done.output
    assert found[0]["outcome"] == ("failed" if done.exit_code else "done"), done.output


def test_a_collection_by_hand_is_told_with_its_outcome(call: Call, place: Path) -> None:
    assert call("collect", "x").exit_code in (0, 1)
    [act] = acts(call)
    assert (act["command"], act["arguments"]) == ("mecra collect", {"names": ["x"]})
    assert act["outcome"] in ("done", "failed")


def test_the_line_is_in_the_transaction_of_the_change(tmp_path: Path) -> None:
    act = Act("Ayşe", "ayse", "mecra enter", lambda: "{}", lambda: NOON)
    with opened(tmp_path / "mecra.db", ISTANBUL) as storage, doing(act):
        with pytest.raises(RuntimeError), transaction(storage.connection):
            storage.connection.execute("INSERT INTO accounts (account, platform, handle) VALUES ('x:a', 'x', 'a')")
            raise RuntimeError
        assert storage.connection.execute("SELECT count(*) FROM acts").fetchone() == (0,)
        with transaction(storage.connection):
            storage.connection.execute("INSERT INTO accounts (account, platform, handle) VALUES ('x:a', 'x', 'a')")
            assert storage.connection.execute("SELECT count(*) FROM acts").fetchone() == (0,)
        with transaction(storage.connection):
            storage.connection.execute("INSERT INTO accounts (account, platform, handle) VALUES ('x:b', 'x', 'b')")
        assert storage.connection.execute("SELECT who, outcome, begun FROM acts").fetchall() == [("Ayşe", "begun", None)]


def test_a_change_whose_line_can_t_be_written_is_not_made(tmp_path: Path) -> None:
    def broken() -> str:
        raise MemoryError

    with opened(tmp_path / "mecra.db", ISTANBUL) as storage:
        with doing(Act("", "", "", broken, lambda: NOON)), pytest.raises(MemoryError), transaction(storage.connection):
            storage.connection.execute("INSERT INTO accounts (account, platform, handle) VALUES ('x:a', 'x', 'a')")
        assert storage.connection.execute("SELECT count(*) FROM accounts").fetchone() == (0,)


def test_one_that_was_cut_off_says_so(call: Call, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acting, "_tell", lambda *a, **b: None)
    fine(call(*ENTER))
    [act] = acts(call)
    assert (act["outcome"], act["ended_at"]) == ("begun", None)
    assert "not told to its end" in call("audit").stdout


def test_no_secret_is_among_the_arguments(call: Call, place: Path) -> None:
    from console.demo import SECRETS

    token = SECRETS["facebook"]["token"]
    fine(call(*ENTER, "--note", f"the token is {token}, and access_token=EAAB0123456789"))
    everything = repr(acts(call)) + database(place).read_bytes().decode("latin-1")
    [line] = sqlite3.connect(database(place)).execute("SELECT arguments FROM acts WHERE act = 1").fetchone()
    assert "***" in line and token not in line and "EAAB0123456789" not in line
    assert everything


# -- somebody removes what he did


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Storage]:
    """Six lines, and nothing that keeps them as they are."""
    with opened(tmp_path / "mecra.db", ISTANBUL) as storage:
        for n in range(6):
            with doing(Act(f"person {n}", "login", "mecra enter", lambda: "{}", lambda: NOON)), transaction(storage.connection):
                storage.connection.execute("INSERT INTO accounts (account, platform, handle) VALUES (?, 'x', 'a')", (f"x:{n}",))
        assert list(faults(storage)) == []
        for statement in ("DELETE FROM acts", "UPDATE acts SET who = 'another'"):
            with pytest.raises(sqlite3.IntegrityError):
                storage.connection.execute(statement)
            storage.connection.rollback()
        for trigger in ("acts_are_kept", "acts_stay"):
            storage.connection.execute(f"DROP TRIGGER {trigger}")
        yield storage


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE acts SET who = 'another' WHERE act = 3", [Fault(CHANGED, 3)]),
        ("UPDATE acts SET arguments = '{\"value\": 13}' WHERE act = 6", [Fault(CHANGED, 6)]),
        ("DELETE FROM acts WHERE act = 3", [Fault(MISSING, 3)]),
        ("DELETE FROM acts WHERE act > 4", [Fault(MISSING, 5)]),
        ("DELETE FROM acts", [Fault(MISSING, 1)]),
        ("UPDATE acts SET previous_sha256 = sha256 WHERE act = 4", [Fault(BROKEN, 4), Fault(CHANGED, 4)]),
    ],
)
def test_a_line_that_is_changed_or_removed_shows(log: Storage, tampering: str, found: list[Fault]) -> None:
    log.connection.execute(tampering)
    assert list(faults(log)) == found
    log.connection.commit()
    with doing(Act("later", "login", "mecra enter", lambda: "{}", lambda: NOON)), transaction(log.connection):
        log.connection.execute("INSERT INTO accounts (account, platform, handle) VALUES ('x:later', 'x', 'a')")
    assert set(found) <= set(faults(log)), "what comes after it hides nothing"


def test_verify_and_audit_say_it_and_fail(call: Call, place: Path) -> None:
    fine(call(*ENTER))
    whole = fine(call("audit", "--verify"))
    assert "whole, 2 lines" in whole.stdout
    connection = sqlite3.connect(database(place))
    connection.execute("DROP TRIGGER acts_are_kept")
    connection.execute("DELETE FROM acts WHERE act = 2")
    connection.commit()
    connection.close()
    for command in (("audit", "--verify"), ("verify", "--quick")):
        found = call(*command)
        assert found.exit_code == 1 and "the audit log lacks lines from 2 on" in found.stdout, found.output
    assert "acts_are_kept is gone" in call("verify").stdout
    assert json.loads(call("audit", "--verify", "--json").stdout)["faults"][0]["kind"] == MISSING


def test_since_a_day(call: Call, place: Path) -> None:
    fine(call(*ENTER))
    assert len(json.loads(call("audit", "--since", "2024-01-01", "--json").stdout)["acts"]) == 1
    assert json.loads(call("audit", "--since", "2099-01-01", "--json").stdout)["acts"] == []
