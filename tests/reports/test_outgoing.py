"""What leaves the daemon by itself, against a real mail server and with a clock that moves only when told: once, and all of it."""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from socket import create_server

import pytest

from config import Settings
from config.outgoing import Mail, Reporting
from config.secrets import Secrets
from indicators.due import Daily
from indicators.seal import seal
from model import Period
from reports.issuing import WORKING
from reports.outgoing import Outgoing
from reports.reading import standings
from reports.writing import FORMATS, write_report
from storage import Storage
from storage.messages import files_of, newest
from tests.conftest import Clock
from tests.indicators.sealing import CARD, card, filled
from tests.indicators.standing import ISTANBUL, store
from tests.reports.mail_server import Post, serving

TO = ("basin@kurum.bel.tr", "strateji@kurum.bel.tr")
FORK = multiprocessing.get_context("fork")
FINAL_DAY = "2026-07-11T06:31"


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ISTANBUL)


@dataclass
class House:
    """A daemon's lanes over one database, without the daemon."""

    storage: Storage
    settings: Settings
    clock: Clock
    post: Post

    def restarted(self) -> None:
        self.statements = Daily(self.settings, self.clock)
        self.outgoing = Outgoing(self.settings, Secrets({}), self.clock)

    def writes(self, *formats: str) -> None:
        """Word takes its time: only where a test looks at it."""
        self.settings = replace(self.settings, reporting=replace(self.settings.reporting, formats=formats))
        self.restarted()

    def at(self, text: str) -> None:
        self.clock.at = local(text)
        self.work()

    def work(self) -> None:
        self.statements.work()
        self.outgoing.work()

    def sealed(self, period: Period, **more: object) -> None:
        now = self.clock.at
        seal(self.storage, card(), period, now, by="Ayşe", now=lambda: now, **more)  # type: ignore[arg-type]

    @property
    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for _to, message in self.post.taken]

    def body(self, number: int = -1) -> str:
        body = self.post.taken[number][1].get_body(("plain",))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")

    def rows(self) -> list[tuple[str, str | None, str]]:
        return [(row.occasion, row.recipient, row.outcome) for row in reversed(newest(self.storage, 99))]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    (tmp_path / "card.toml").write_text(CARD, encoding="utf-8")
    with serving(post := Post(), tmp_path) as port:
        settings = Settings(
            path=tmp_path / "mecra.toml", data=tmp_path, institution="Örnek Belediyesi", zone=ISTANBUL, plan=tmp_path / "card.toml",
            reporting=Reporting(formats=("csv",)),
            mail=Mail("localhost", "mecra@kurum.bel.tr", TO, port, "none", seconds=3.0),
        )  # fmt: skip
        found = House(filled(tmp_path), settings, Clock(local("2026-07-02T06:00")), post)
        found.restarted()
        yield found


def test_a_final_statement_s_report_is_written_and_mailed_once(house: House) -> None:
    house.writes("docx", "csv")
    house.at("2026-07-10T07:00")
    assert house.post.taken == [] and not house.settings.reports.exists()
    house.at(FINAL_DAY)
    [(recipients, message)] = house.post.taken
    assert recipients == list(TO)
    assert message["Subject"] == "Örnek: 2026 Yılı Ocak–Haziran Dönemi Stratejik Plan İzleme Raporu (TASLAK)"
    assert message["From"].addresses[0].display_name == "Örnek Belediyesi"
    [attached] = list(message.iter_attachments())
    file = house.settings.reports / "H1-2026-H1.docx"
    assert attached.get_filename() == "H1-2026-H1.docx" and attached.get_content() == file.read_bytes()
    assert (house.settings.reports / "H1-2026-H1-csv" / "izleme.csv").exists()
    assert not (house.settings.reports / WORKING).exists()
    for _ in range(3):
        house.clock.pass_by(minutes=1)
        house.work()
    house.restarted()
    house.work()
    house.at("2026-07-12T06:31")
    assert len(house.post.taken) == 1
    assert house.rows() == [("2026-H1 final", one, outcome) for outcome in ("begun", "sent") for one in TO]
    assert newest(house.storage, 1)[0].answer == "250 2.0.0 Ok: queued as 4F2A"


def test_the_message_has_the_figures_in_turkish(house: House) -> None:
    house.at(FINAL_DAY)
    assert house.body().split("\n\n") == [
        "2026 Yılı Ocak–Haziran Dönemi Stratejik Plan İzleme Raporu",
        "H1 hedefinin performansı: %69\n11.07.2026 06:31 itibarıyla bilinenler.",
        "Göstergeler: gerçekleşen / yıl sonu hedefi · performans · durum\n- PG1 Takipçi: 251 / 400 · %50,33 · seyrinde\n- PG2 Oran: %97 / %100 · %97 · geride",
        "Bu bir taslaktır: dönem mühürlenmemiştir, değerler değişebilir. Mühürlemek için: mecra snapshot 2026-H1 --seal",
        f"Dosyaların tümü {house.settings.reports} dizinindedir.",
        "Bu iletiyi mecra kendiliğinden gönderdi.\n",
    ]


def test_a_seal_makes_the_report_anew_and_a_correction_once_more(house: House) -> None:
    house.writes("docx", "csv")
    house.at(FINAL_DAY)
    draft = (house.settings.reports / "H1-2026-H1.docx").read_bytes()
    house.clock.pass_by(hours=1)
    house.sealed(Period(2026, 1))
    house.work()
    assert house.subjects[1:] == ["Örnek: 2026 Yılı Ocak–Haziran Dönemi Stratejik Plan İzleme Raporu"]
    assert "11.07.2026 07:31 tarihinde mühürlendi, sürüm 1. SHA-256: " in house.body()
    whole = (house.settings.reports / "H1-2026-H1.docx").read_bytes()
    assert whole != draft and next(house.post.taken[1][1].iter_attachments()).get_content() == whole
    house.clock.pass_by(days=3)
    house.sealed(Period(2026, 1), reason="Düzeltme")
    house.work()
    house.restarted()
    house.work()
    assert house.subjects[2:] == ["Örnek: 2026 Yılı Ocak–Haziran Dönemi Stratejik Plan İzleme Raporu, düzeltme 1"]
    ids = [message["Message-ID"] for _to, message in house.post.taken]
    assert len(set(ids)) == 3


def test_a_year_has_its_own_report(house: House) -> None:
    house.at(FINAL_DAY)
    house.sealed(Period(2026, 1))
    house.at("2027-01-11T06:31")
    assert house.subjects[-2:] == [
        "Örnek: 2026 Yılı Stratejik Plan Değerlendirme Raporu (TASLAK)",
        "Örnek: 2026 Yılı Temmuz–Aralık Dönemi Stratejik Plan İzleme Raporu (TASLAK)",
    ]
    assert "Sapma gerekçesi henüz yazılmamış olanlar: PG1" in house.body(-2)
    there = sorted(path.name for path in house.settings.reports.iterdir())
    assert there == ["H1-2026-H1-csv", "H1-2026-H2-csv", "H1-2026-csv"]


@pytest.mark.parametrize(("on", "written"), [("sealed", [0, 1]), ("never", [0, 0])])
def test_when_reports_are_written_is_a_setting(house: House, on: str, written: list[int]) -> None:
    house.settings = replace(house.settings, reporting=replace(house.settings.reporting, on=on))
    house.restarted()
    house.at(FINAL_DAY)
    counts = [len(house.post.taken)]
    house.sealed(Period(2026, 1))
    house.work()
    assert [*counts, len(house.post.taken)] == written
    assert house.settings.reports.exists() is (on == "sealed")


def test_every_form_and_language_is_written_and_the_wanted_ones_are_attached(house: House) -> None:
    reporting = Reporting(languages=("tr", "en"), directory=house.settings.data / "raporlar")
    house.settings = replace(house.settings, reporting=reporting)
    house.restarted()
    house.at(FINAL_DAY)
    there = {path.name for path in (house.settings.data / "raporlar").iterdir()}
    assert there == {
        f"H1-2026-H1{end}" for name in ("", ".en") for end in (f"{name}.docx", f"{name}.xlsx", f"{name}.pdf", f"{name}-csv")
    }
    [(_to, message)] = house.post.taken
    write_report(house.storage, standings(house.storage, Period(2026, 1)), FORMATS, "en", house.settings.data / "typed")  # type: ignore[arg-type]
    for typed in (path for path in (house.settings.data / "typed").rglob("*") if path.is_file()):
        own = house.settings.data / "raporlar" / typed.relative_to(house.settings.data / "typed")
        assert own.read_bytes() == typed.read_bytes(), "as `mecra report` writes it"
    sent = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert sent == {name: (house.settings.data / "raporlar" / name).read_bytes() for name in there if not name.endswith("csv")}
    kept = files_of(house.storage, "2026-H1 final")
    assert {file.path.name for file in kept if file.language == "en"} >= {"H1-2026-H1.en.pdf", "contents.csv"}


def test_without_a_mail_server_reports_are_written_all_the_same(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.settings = replace(house.settings, mail=None)
    house.restarted()
    with caplog.at_level(logging.INFO):
        house.at(FINAL_DAY)
    assert (house.settings.reports / "H1-2026-H1-csv" / "izleme.csv").exists() and house.rows() == []
    assert "2026-H1 final: " in caplog.text


# -- what goes wrong


def test_a_server_that_is_down_is_told_and_tried_again(house: House, caplog: pytest.LogCaptureFixture) -> None:
    mail, (free, port) = house.settings.mail, free_port()
    assert mail is not None and free is None
    house.settings = replace(house.settings, mail=replace(mail, port=port))
    house.restarted()
    house.at(FINAL_DAY)
    assert f"nothing answers at localhost:{port}" in caplog.text or f"localhost:{port}" in caplog.text
    assert [outcome for _o, _r, outcome in house.rows()] == ["begun", "begun", "failed", "failed"]
    for _ in range(14):
        house.clock.pass_by(minutes=1)
        house.work()
    assert len(house.rows()) == 4, "not every minute"
    house.restarted()
    with serving(house.post, house.settings.data, port=port):
        house.clock.pass_by(minutes=1)
        house.work()
        house.clock.pass_by(minutes=60)
        house.work()
    assert len(house.post.taken) == 1 and "daha önce de ulaşmış" not in house.body()
    assert [outcome for _o, _r, outcome in house.rows()][4:] == ["begun", "begun", "sent", "sent"]


def free_port() -> tuple[None, int]:
    with create_server(("127.0.0.1", 0)) as free:
        return None, int(free.getsockname()[1])


def test_the_rests_grow_to_a_day_and_end_with_the_month(house: House) -> None:
    mail = house.settings.mail
    assert mail is not None
    house.settings = replace(house.settings, mail=replace(mail, port=free_port()[1], to=TO[:1]))
    house.restarted()
    house.at(FINAL_DAY)
    tries = []
    while house.clock.at < local(FINAL_DAY) + timedelta(days=40):
        first_tries = house.clock.at - local(FINAL_DAY) < 127 * timedelta(minutes=15)
        house.clock.pass_by(**({"minutes": 15} if first_tries else {"hours": 12}))
        house.outgoing.work()
    for row in reversed(newest(house.storage, 999)):
        if row.occasion == "2026-H1 final" and row.outcome == "failed":
            tries.append(datetime.fromisoformat(row.at))
    rests = [(after - before) / timedelta(minutes=15) for before, after in pairwise(tries)]
    assert rests[:8] == [1, 2, 4, 8, 16, 32, 64, 96] and set(rests[8:]) == {96}
    assert tries[-1] < local(FINAL_DAY) + timedelta(days=30)


def test_a_refused_recipient_is_told_and_the_others_get_it_once(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.post.refused = {TO[1]: "550 5.1.1 no such user"}
    house.at(FINAL_DAY)
    assert "strateji@kurum.bel.tr is refused by localhost: 550 5.1.1 no such user" in caplog.text
    house.post.refused = {}
    house.clock.pass_by(minutes=16)
    house.work()
    assert [recipients for recipients, _message in house.post.taken] == [[TO[0]], [TO[1]]]
    assert [one.addr_spec for one in house.post.taken[1][1]["To"].addresses] == [TO[1]]
    house.clock.pass_by(days=2)
    house.work()
    assert len(house.post.taken) == 2


def test_an_address_that_is_corrected_or_added_gets_the_newest_report_alone(house: House) -> None:
    house.at(FINAL_DAY)
    mail = house.settings.mail
    assert mail is not None
    house.settings = replace(house.settings, mail=replace(mail, to=(TO[0], "yeni@kurum.bel.tr")))
    house.restarted()
    house.clock.pass_by(days=3)
    house.outgoing.work()
    assert [recipients for recipients, _message in house.post.taken][1:] == [["yeni@kurum.bel.tr"]]
    house.settings = replace(house.settings, mail=replace(mail, to=("son@kurum.bel.tr",)))
    house.restarted()
    house.clock.pass_by(days=30)
    house.outgoing.work()
    assert len(house.post.taken) == 2, "what is a month old is mailed to nobody"


def test_killed_while_sending_it_comes_twice_and_says_so(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """With the machine's own kill -9, when the server has taken the message on and nobody has written that down."""
    mail, house.settings = house.settings.mail, replace(house.settings, mail=None)
    house.restarted()
    house.at(FINAL_DAY)
    house.settings = replace(house.settings, mail=mail)
    process = FORK.Process(target=Outgoing(house.settings, Secrets({}), house.clock).work)
    house.post.before_answer = lambda: os.kill(process.pid or 0, signal.SIGKILL)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL and len(house.post.taken) == 1
    house.post.before_answer = lambda: None
    house.restarted()
    house.work()
    assert len(house.post.taken) == 1, "not at once: it might be what kills us"
    house.clock.pass_by(minutes=15)
    house.work()
    house.clock.pass_by(days=2)
    house.work()
    (_, first), (_, second) = house.post.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert house.body().startswith(
        "Bu ileti size daha önce de ulaşmış olabilir: son gönderimin nasıl bittiği bilinmiyor.\n\n2026 Yılı"
    )
    assert "how the last sending to basin@kurum.bel.tr, strateji@kurum.bel.tr ended is not known" in caplog.text


def test_an_answer_that_is_cut_off_is_repeated_with_the_same_id(house: House) -> None:
    house.post.answer = "250 ok"
    house.post.hang_up = True
    house.at(FINAL_DAY)
    assert {outcome for _o, _r, outcome in house.rows()} == {"begun", "unclear"}
    house.post.hang_up = False
    house.clock.pass_by(minutes=16)
    house.work()
    first, second = (message["Message-ID"] for _to, message in house.post.taken)
    assert first == second and "daha önce de ulaşmış olabilir" in house.body()


def test_a_report_that_can_t_be_written_is_told_and_tried_again(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.settings.reports.write_text("a file where the directory should be", encoding="utf-8")
    house.at(FINAL_DAY)
    assert caplog.text.count("2026-H1 final: no report or message") == 1 and house.post.taken == []
    house.clock.pass_by(minutes=10)
    house.work()
    assert caplog.text.count("no report or message") == 1
    house.settings.reports.unlink()
    house.clock.pass_by(minutes=51)
    house.work()
    assert len(house.post.taken) == 1


def test_a_writer_that_dies_takes_nothing_with_it(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    child = house.settings.data / "dies.py"
    child.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", encoding="utf-8")
    monkeypatch.setattr("reports.issuing.CHILD", child)
    house.at(FINAL_DAY)
    assert "no report or message: ended with -11; tried again in an hour" in caplog.text
    child.write_text("import sys; sys.exit('a word of why')", encoding="utf-8")
    house.clock.pass_by(minutes=61)
    house.work()
    assert "no report or message: a word of why" in caplog.text and house.post.taken == []
    assert list(house.settings.reports.iterdir()) == []
    monkeypatch.undo()
    house.clock.pass_by(minutes=61)
    house.work()
    assert len(house.post.taken) == 1


def test_what_somebody_has_edited_stays_and_is_not_mailed(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.writes("docx", "csv")
    house.post.refused = dict.fromkeys(TO, "451 later")
    house.at(FINAL_DAY)
    file = house.settings.reports / "H1-2026-H1.docx"
    draft = file.read_bytes()
    file.write_bytes(b"edited by hand")
    house.post.refused = {}
    house.clock.pass_by(minutes=16)
    house.work()
    assert next(house.post.taken[0][1].iter_attachments()).get_content() == draft, "what was issued, not what it became"
    assert file.read_bytes() == b"edited by hand"
    house.sealed(Period(2026, 1))
    house.work()
    [kept] = [path for path in house.settings.reports.glob("*.docx") if path != file]
    assert kept.read_bytes() == b"edited by hand" and file.read_bytes()[:2] == b"PK" and "was edited: kept as" in caplog.text


def test_killed_while_writing_it_is_written_again(house: House) -> None:
    house.writes("docx", "csv")
    house.settings = replace(house.settings, mail=None)
    house.restarted()
    house.at(FINAL_DAY)
    whole = (house.settings.reports / "H1-2026-H1.docx").read_bytes()
    house.storage.connection.execute("DROP TRIGGER report_files_are_kept")
    house.storage.connection.execute("DELETE FROM report_files")
    house.storage.connection.commit()
    shutil.copytree(house.settings.reports / "H1-2026-H1-csv", house.settings.reports / WORKING / "left")
    house.restarted()
    house.work()
    assert (house.settings.reports / "H1-2026-H1.docx").read_bytes() == whole and files_of(house.storage, "2026-H1 final")
    assert sorted(path.name for path in house.settings.reports.iterdir()) == ["H1-2026-H1-csv", "H1-2026-H1.docx"]


# -- reminders


def test_reminders_come_on_their_days_and_once(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.settings = replace(house.settings, reporting=replace(house.settings.reporting, on="never"))
    house.restarted()
    sent: dict[str, int] = {}
    house.clock.at = local("2026-07-01T00:30")
    with caplog.at_level(logging.WARNING):
        while house.clock.at < local("2026-08-03T00:00"):
            house.outgoing.work()
            sent.setdefault(f"{house.clock.at:%d %H}", len(house.post.taken))
            house.clock.pass_by(hours=1)
    steps = [(at, count) for (at, count), before in zip(sent.items(), [0, *sent.values()], strict=False) if count != before]
    assert steps == [("24 09", 1), ("30 09", 2)]
    assert house.subjects[0] == "Örnek Belediyesi: 2026 Yılı Ocak–Haziran Dönemi Stratejik Plan İzleme Raporu, son gün 31.07.2026"
    assert caplog.text.count("2026-H1 is not sealed, and its report is due by 2026-07-31: mecra snapshot 2026-H1 --seal") == 2
    assert house.body(0).split("\n\n") == [
        "2026 Yılı Ocak–Haziran Dönemi Stratejik Plan İzleme Raporu: son gün 31.07.2026, Cuma. Dönem henüz mühürlenmedi.",
        "Eksikler tamamlandıktan sonra mühürlemek için: mecra snapshot 2026-H1 --seal. Olduğu gibi verilecekse: "
        "mecra snapshot 2026-H1 --seal --provisional",
        "Bu iletiyi mecra kendiliğinden gönderdi.\n",
    ]


def test_a_reminder_says_how_it_stands_and_that_a_saturday_gives_no_more_time(house: House) -> None:
    house.at("2027-01-11T06:31")
    house.sealed(Period(2026, 1))
    house.post.taken.clear()
    house.at("2027-02-19T09:00")
    blocks = house.body().split("\n\n")
    assert blocks[0] == (
        "2026 Yılı Stratejik Plan Değerlendirme Raporu: son gün 28.02.2027, Pazar. Dönem henüz mühürlenmedi. "
        "O gün çalışma günü değildir ve sürenin uzayacağı varsayılmamalıdır: önceki son iş günü 26.02.2027, Cuma."
    )
    assert "\n- PG1 Takipçi: 321 / 400 · %73,67 · " in blocks[2]
    assert "Mühürlemek için: mecra snapshot 2026 --seal" in blocks[-2]


def test_nobody_is_reminded_of_what_is_sealed_or_was_never_seen(house: House, tmp_path: Path) -> None:
    house.at("2026-07-20T10:00")
    house.sealed(Period(2026, 1))
    house.work()
    house.post.taken.clear()
    house.at("2026-07-24T10:00")
    house.at("2026-07-31T10:00")
    assert house.post.taken == []
    (tmp_path / "empty").mkdir()
    store(tmp_path / "empty")
    house.settings = replace(house.settings, data=tmp_path / "empty")
    house.restarted()
    house.at("2027-07-30T10:00")
    assert house.post.taken == []


def test_a_reminder_that_could_not_be_sent_is_tried_until_the_day_is_over(house: House) -> None:
    mail = house.settings.mail
    assert mail is not None
    down = replace(house.settings, mail=replace(mail, port=free_port()[1]), reporting=Reporting(on="never"))
    up, house.settings = replace(house.settings, reporting=Reporting(on="never")), down
    house.restarted()
    house.at("2026-07-31T09:00")
    assert [outcome for _o, _r, outcome in house.rows()] == ["told", "begun", "begun", "failed", "failed"]
    house.settings = up
    house.restarted()
    house.at("2026-07-31T23:59")
    assert len(house.post.taken) == 1
    house.settings = replace(up, mail=replace(mail, to=("yeni@kurum.bel.tr",)))
    house.restarted()
    house.at("2026-08-01T00:00")
    assert len(house.post.taken) == 1
