"""A message handed to the institution's mail server. No password gets into an answer, an exception or a log.

The certificate is always checked; a whole session ends after ten times the time that one answer may take.
"""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from config.outgoing import STARTTLS, TLS, Mail
from config.secrets import MASK, Secrets
from model import MecraError
from reports.inert import inert
from reports.smtp_answers import explained, said
from words import _

WHOLE = 10
LONGEST_ANSWER = 300
TAKEN = (250, 251)  # of a recipient


@dataclass(frozen=True, slots=True)
class Delivery:
    """The server took the message on: `answer` is what it said, `refused` what it said of recipients that it did not take."""

    answer: str
    refused: Mapping[str, str] = field(default_factory=dict)


class NotSent(MecraError):
    """Nothing was sent: why, with the next step. `refused`: where the server took none of the recipients, what it said of each.

    `unclear`: the message was handed over, and the server never said whether it takes it on.
    """

    def __init__(self, text: str, *, refused: Mapping[str, str] | None = None, unclear: bool = False) -> None:
        super().__init__(text)
        self.refused, self.unclear = refused or {}, unclear


def send(body: bytes, mail: Mail, to: Sequence[str], secrets: Secrets) -> Delivery:
    """Hand over a message (`reports.mail.message`). Raises NotSent."""
    password = (secrets.get("mail", "password") or "") if mail.user else ""
    if mail.user and not password:
        raise NotSent(_("mail.user is set, and there is no password: set MECRA_MAIL_PASSWORD (docs/operating.md)"))
    forms = _spellings(mail.user, password)
    for form in forms:
        secrets.remember(form)

    def clean(text: str) -> str:
        for form in forms:
            text = text.replace(form, MASK)
        return secrets.redact(inert(text, LONGEST_ANSWER))

    attempt = _Attempt(mail, _Watch(mail.seconds * WHOLE))
    try:
        answer, refused = attempt.run(body, to, password)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        unclear = attempt.handed and not isinstance(error, smtplib.SMTPResponseException)
        raise NotSent(clean(explained(error, mail, late=attempt.watch.expired)), unclear=unclear) from None
    refused = {one: clean(text) for one, text in refused.items()}
    if len(refused) == len(to):
        told = "; ".join(f"{one}: {why}" for one, why in refused.items())
        raise NotSent(
            _("{server} takes it for nobody ({told}): check mail.to").format(server=mail.host, told=told), refused=refused
        )
    return Delivery(clean(answer), refused)


class _Watch:
    """Cuts a session off that lasts too long as a whole, however busily its server answers."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.expired = seconds, False
        self._timer: threading.Timer | None = None

    def begin(self, session: smtplib.SMTP) -> None:
        if self._timer is None:
            self._timer = threading.Timer(self.seconds, self._cut, (session,))
            self._timer.daemon = True
            self._timer.start()

    def end(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _cut(self, session: smtplib.SMTP) -> None:
        self.expired = True
        if session.sock is not None:
            with suppress(OSError):  # the plain socket's: an encrypted one would go on in clear for a moment
                socket.socket.shutdown(session.sock, socket.SHUT_RDWR)


class _Session(smtplib.SMTP):
    def __init__(self, watch: _Watch, *args: Any, **options: Any) -> None:
        self.watch = watch
        super().__init__(*args, **options)

    def getreply(self) -> tuple[int, bytes]:
        self.watch.begin(self)
        return super().getreply()


class _TlsSession(_Session, smtplib.SMTP_SSL):
    pass


@dataclass
class _Attempt:
    mail: Mail
    watch: _Watch
    handed: bool = False

    def run(self, body: bytes, to: Sequence[str], password: str) -> tuple[str, dict[str, str]]:
        session: _Session | None = None
        try:
            session = self._connected()
            if self.mail.user:
                _sign_in(session, self.mail.user, password)
            return self._hand_over(session, body, to)
        finally:
            if session is not None:
                with suppress(smtplib.SMTPException, OSError):
                    session.quit()
                session.close()
            self.watch.end()

    def _connected(self) -> _Session:
        mail, trusted = self.mail, _trusted(self.mail)
        if mail.security == TLS:
            session: _Session = _TlsSession(self.watch, mail.host, mail.port, timeout=mail.seconds, context=trusted)
        else:
            session = _Session(self.watch, mail.host, mail.port, timeout=mail.seconds)
        try:
            session.ehlo_or_helo_if_needed()
            if mail.security == STARTTLS:
                _expect(session.starttls(context=trusted), 220)
                session.ehlo_or_helo_if_needed()
        except BaseException:
            session.close()
            raise
        return session

    def _hand_over(self, session: _Session, body: bytes, to: Sequence[str]) -> tuple[str, dict[str, str]]:
        size = [f"size={len(body)}"] if session.has_extn("size") else []
        _expect(session.mail(self.mail.sender, size), 250)
        answers = {one: session.rcpt(one) for one in to}
        refused = {one: said(answer) for one, answer in answers.items() if answer[0] not in TAKEN}
        if 421 in (code for code, _text in answers.values()):
            raise smtplib.SMTPResponseException(421, "; ".join(refused.values()))
        if len(refused) == len(to):
            return "", refused
        self.handed = True
        return said(_expect(session.data(body), 250)), refused


def _sign_in(session: _Session, user: str, password: str) -> None:
    session.ehlo_or_helo_if_needed()
    if f"{user}{password}".isascii():
        session.login(user, password)
    elif "PLAIN" in session.esmtp_features.get("auth", "").split():  # of smtplib's ways the one that knows other letters
        _code, _text = session.docmd("AUTH", f"PLAIN {_base64(f'{chr(0)}{user}{chr(0)}{password}')}")
        if _code not in (235, 503):
            raise smtplib.SMTPAuthenticationError(_code, _text)
    else:
        raise smtplib.SMTPNotSupportedError("AUTH PLAIN")


def _expect(answer: tuple[int, bytes], code: int) -> tuple[int, bytes]:
    if answer[0] != code:
        raise smtplib.SMTPResponseException(*answer)
    return answer


def _trusted(mail: Mail) -> ssl.SSLContext | None:
    """Whose certificates are believed: the system's, or those that the settings name; None where nothing is encrypted."""
    if mail.security not in (STARTTLS, TLS):
        return None
    try:
        return ssl.create_default_context(cafile=str(mail.ca) if mail.ca else None)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise NotSent(_("{file} can't be read as certificates ({why}): correct mail.ca").format(file=mail.ca, why=why)) from None


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")


def _spellings(user: str, password: str) -> list[str]:
    """The password as it is, and as signing in writes it."""
    return [_base64(f"\0{user}\0{password}"), _base64(password), password] if password else []
