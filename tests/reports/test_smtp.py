"""Messages handed to a real server on loopback: encrypted or not, let in or not, taken or not; and no word of the password."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from socket import create_server, socket
from threading import Event

import pytest

from config.outgoing import Mail
from config.secrets import Secrets
from reports.mail import Letter, message
from reports.smtp import Delivery, NotSent, send
from tests.reports.mail_server import PASSWORD, USER, Post, authority, behaving, serving

AT = datetime(2026, 7, 11, 3, 30, tzinfo=UTC)
TO = ("basin@kurum.bel.tr", "strateji@kurum.bel.tr")
LETTER = Letter(
    "2026-H1 final",
    "Ümraniye Belediyesi: 2026 Ocak–Haziran izleme raporu, GEÇİCİ ığüşöç İIĞÜŞÖÇ",
    "Sayın ilgili,\n\nHedef performansı: %60,04\n.\n..nokta ile başlayan satır\n" + "uzun " * 400 + "\nSaygılarımızla",
    [("İzleme Raporu – Ümraniye (ığüşöç).docx", b"PK\x03\x04" + bytes(range(256)) * 40), ("Rapor.pdf", b"%PDF-1.7\n..\r\n.\r\n")],
)


def settings(port: int, **more: object) -> Mail:
    values: dict[str, object] = {
        "host": "localhost",
        "sender": "mecra@kurum.bel.tr",
        "to": TO,
        "port": port,
        "security": "none",
        "seconds": 5.0,
    }
    return Mail(**{**values, **more})  # type: ignore[arg-type]


def secrets(password: str = PASSWORD) -> Secrets:
    return Secrets({"MECRA_MAIL_PASSWORD": password} if password else {})


def made(mail: Mail, letter: Letter = LETTER, *, institution: str = "Ümraniye Belediyesi") -> EmailMessage:
    return message(letter, mail, mail.to, institution=institution, at=AT)


def sent(mail: Mail, kept: Secrets | None = None) -> Delivery:
    return send(made(mail).as_bytes(), mail, mail.to, kept or secrets())


def not_sent(mail: Mail, kept: Secrets | None = None) -> NotSent:
    with pytest.raises(NotSent) as caught:
        sent(mail, kept)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None, "no traceback with what smtplib knows"
    return caught.value


def is_whole(post: Post) -> None:
    [(recipients, found)] = post.taken
    assert recipients == list(TO)
    assert found["Subject"] == LETTER.subject
    assert found["From"].addresses[0].display_name == "Ümraniye Belediyesi"
    assert [one.addr_spec for one in found["To"].addresses] == list(TO)
    assert found["Date"].datetime == AT and found["Auto-Submitted"] == "auto-generated"
    body = found.get_body(("plain",))
    assert body is not None and body.get_content().replace("\r\n", "\n").rstrip("\n") == LETTER.text
    attached = [(one.get_filename(), one.get_content()) for one in found.iter_attachments()]
    assert attached == list(LETTER.attachments)
    assert post.raw[0].isascii() and max(map(len, post.raw[0].split(b"\r\n"))) <= 998


def test_in_plain_within_the_house(tmp_path: Path) -> None:
    with serving(post := Post(), tmp_path) as port:
        assert sent(settings(port)) == Delivery("250 2.0.0 Ok: queued as 4F2A")
    is_whole(post)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encrypted_and_signed_in_by_a_certificate_that_the_settings_trust(tmp_path: Path, security: str) -> None:
    with serving(post := Post(), tmp_path, security=security, signing_in=True) as port:
        mail = settings(port, security=security, user=USER, ca=authority(tmp_path))
        assert sent(mail).answer.startswith("250")
    is_whole(post)
    assert post.sign_ins == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_unknown_certificate_or_one_of_another_name_is_not_trusted(tmp_path: Path, security: str) -> None:
    with serving(post := Post(), tmp_path, security=security, signing_in=True) as port:
        mail = settings(port, security=security, user=USER)
        assert "self-signed" in str(not_sent(mail)) or "unable to get local issuer" in str(not_sent(mail))
        assert "mail.ca" in str(not_sent(mail))
    with serving(post, tmp_path, security=security, signing_in=True, name="baska.example") as port:
        error = not_sent(settings(port, security=security, user=USER, ca=authority(tmp_path)))
        assert "localhost" in str(error) and "is not trusted" in str(error)
    assert post.taken == [] and post.sign_ins == 0, "the password is told to nobody who is not who he should be"


def test_certificates_that_can_t_be_read(tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("no certificate", encoding="utf-8")
    for file in ("nowhere.pem", "bad.pem"):
        mail = settings(1, security="tls", ca=tmp_path / file)
        assert file in str(not_sent(mail)) and "correct mail.ca" in str(not_sent(mail))


def test_a_server_without_starttls_is_sent_nothing(tmp_path: Path) -> None:
    with serving(post := Post(), tmp_path) as port:
        error = not_sent(settings(port, security="starttls", user=USER))
        assert "STARTTLS" in str(error) and "mail.security" in str(error)
        assert "no encrypted connection" in str(not_sent(settings(port, security="tls")))
    assert post.taken == []


def forms(password: str) -> list[str]:
    coded = (base64.b64encode(text.encode()).decode() for text in (password, f"\0{USER}\0{password}"))
    return [password, *coded]


@pytest.mark.parametrize("password", ["yanlış-Parola-ığ", "wrong-password", "ab"])
def test_who_is_not_let_in_is_told_without_the_password(
    tmp_path: Path, password: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    echo = "535 5.7.8 no: " + " ".join(form for form in forms(password) if form.isascii())
    with (
        caplog.at_level(logging.DEBUG, logger="mecra"),
        serving(post := Post(denial=echo), tmp_path, security="starttls", signing_in=True) as port,
    ):
        kept = secrets(password)
        error = not_sent(settings(port, security="starttls", user=USER, ca=authority(tmp_path)), kept)
    assert "535 5.7.8 " in str(error) and "mecra" in str(error) and "MECRA_MAIL_PASSWORD" in str(error)
    said = f"{error!r} {error} {caplog.text} {capsys.readouterr()}"
    assert not [form for form in forms(password) if form in said.replace("***", "")] or password == "ab"
    assert password == "ab" or password not in kept.redact(f"x {forms(password)[2]} {password}")
    assert post.taken == [] and post.sign_ins >= 1


def test_a_password_with_turkish_letters_is_let_in(tmp_path: Path) -> None:
    post = Post(password="Şifre-çığ-42")
    with serving(post, tmp_path, security="starttls", signing_in=True) as port:
        sent(settings(port, security="starttls", user=USER, ca=authority(tmp_path)), secrets("Şifre-çığ-42"))
    is_whole(post)


def test_a_user_without_a_password_or_a_server_that_asks_for_none(tmp_path: Path) -> None:
    with serving(post := Post(), tmp_path) as port:
        assert "MECRA_MAIL_PASSWORD" in str(not_sent(settings(port, user=USER), secrets("")))
        assert "mail.user" in str(not_sent(settings(port, user=USER)))
    with serving(post, tmp_path, signing_in=True) as port:
        assert "530 5.7.0 Authentication required" in str(not_sent(settings(port)))
    assert post.taken == []


def test_a_server_that_is_down_or_not_known() -> None:
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert f"nothing answers at localhost:{port}" in str(not_sent(settings(port)))
    assert "is not known" in str(not_sent(settings(25, host="posta.gecersiz.invalid")))


def silent(connection: socket, over: Event) -> None:
    over.wait(20)


def greeting(connection: socket, over: Event) -> None:
    connection.sendall(b"220 hello\r\n")
    over.wait(20)


def dripping(connection: socket, over: Event, drop: bytes = b"2") -> None:
    while not over.wait(0.02):
        connection.sendall(drop)


def dripping_lines(connection: socket, over: Event) -> None:
    dripping(connection, over, b"220-still there\r\n")


@pytest.mark.parametrize("how", [silent, greeting, dripping, dripping_lines])
def test_a_slow_server_is_given_up(how: Callable[[socket, Event], None]) -> None:
    over = Event()
    with behaving(lambda connection: how(connection, over)) as port:
        error = not_sent(settings(port, seconds=0.1))
        over.set()
    assert "did not answer in time" in str(error) and not error.unclear


def test_a_server_that_hangs_up(tmp_path: Path) -> None:
    with behaving(lambda connection: connection.close()) as port:
        assert "closed the connection" in str(not_sent(settings(port)))
    with behaving(lambda connection: connection.sendall(b"554 5.3.2 go away\r\n")) as port:
        assert "554 5.3.2 go away" in str(not_sent(settings(port)))


def test_an_answer_that_never_comes_is_unclear(tmp_path: Path) -> None:
    over = Event()
    post = Post(before_answer=lambda: over.wait(20))
    with serving(post, tmp_path) as port:
        error = not_sent(settings(port, seconds=0.3))
        over.set()
    assert error.unclear and "in time" in str(error) and len(post.taken) == 1


def test_recipients_that_are_refused_are_named(tmp_path: Path) -> None:
    post = Post(refused={TO[1]: "550 5.1.1 <strateji> no such user"})
    with serving(post, tmp_path) as port:
        assert sent(settings(port)) == Delivery("250 2.0.0 Ok: queued as 4F2A", {TO[1]: "550 5.1.1 <strateji> no such user"})
        assert post.taken[0][0] == [TO[0]]
        post.refused[TO[0]] = "451 4.7.1 try later"
        error = not_sent(settings(port))
    assert error.refused == {TO[0]: "451 4.7.1 try later", TO[1]: "550 5.1.1 <strateji> no such user"}
    assert "check mail.to" in str(error) and not error.unclear and len(post.taken) == 1


@pytest.mark.parametrize("answer", ["552 5.3.4 Message too big", "554 5.7.1 spam", "451 4.3.0 try later"])
def test_a_message_that_is_refused(tmp_path: Path, answer: str) -> None:
    with serving(Post(answer=answer), tmp_path) as port:
        error = not_sent(settings(port))
    assert answer in str(error) and not error.unclear


def test_a_message_larger_than_the_server_takes(tmp_path: Path) -> None:
    with serving(post := Post(), tmp_path, data_size_limit=1000) as port:
        assert "552" in str(not_sent(settings(port)))
    assert post.taken == []


NASTY = (
    "Konu\r\nBcc: herkes@x.org",
    "Konu\nX-Evil: 1\n\nGövde",
    "Konu\u2028Bcc: a@b\x85Bcc: c@d\x0bBcc: e@f",
    "=?utf-8?q?Konu=0D=0ABcc:_herkes@x.org?=",
    "\ud800 yalnız \udfff",
    "\u202eters\u2066 yön\x00\x1b[31m",
    "x" * 10_000,
    'Kurum" <herkes@x.org>, "x',
    "Kurum, Basın; <a@b> (not) [x]: =cmd|' /C calc'!A1",
)


@pytest.mark.parametrize("text", NASTY)
def test_no_text_becomes_a_header_or_an_address(tmp_path: Path, text: str) -> None:
    letter = Letter(text, text, f"{text}\r\n.\r\nMAIL FROM:<x@y>\r\n", [(f"{text}.docx", b"1"), (f"../../{text}/etc.pdf", b"2")])
    with serving(post := Post(), tmp_path) as port:
        mail = settings(port)
        send(made(mail, letter, institution=text).as_bytes(), mail, TO, secrets())
    [(recipients, found)] = post.taken
    assert recipients == list(TO)
    assert sorted(found.keys()) == sorted(
        [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "MIME-Version",
            "Content-Type",
            *(["X-Peer"] if "X-Peer" in found else []),
        ]
    )
    assert [one.addr_spec for one in found["From"].addresses] == ["mecra@kurum.bel.tr"]
    assert [one.addr_spec for one in found["To"].addresses] == list(TO)
    assert found["Subject"].isprintable() and len(found["Subject"]) <= 200
    parts = list(found.walk())
    assert [part.get_content_type() for part in parts][1:] == [
        "text/plain",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/pdf",
    ]
    assert all(
        set(part.keys()) <= {"Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "MIME-Version"}
        for part in parts[1:]
    )


def test_the_same_message_twice_has_one_id_and_another_occasion_another() -> None:
    mail = settings(25)
    first, again, other = made(mail), made(mail), made(mail, replace(LETTER, occasion="2026-H1 revision 1"))
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["Message-ID"].endswith("@kurum.bel.tr>") and "2026" not in first["Message-ID"]
