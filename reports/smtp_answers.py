"""What a mail server answered, and what kept it from answering, in words with the next step."""

from __future__ import annotations

import smtplib
import socket
import ssl

from config.outgoing import Mail
from words import N_, _

LATER = N_("{server}: {why}; tried again later")
LATE = N_("{server} did not answer in time: is it reachable and well? On a slow line raise mail.seconds")
UNKNOWN = N_("{server} is not known: check mail.host and DNS")
NOBODY = N_("nothing answers at {server}: check mail.host and mail.port")
UNTRUSTED = N_("the certificate of {server} is not trusted ({why}): name the one who issued it in mail.ca")
UNENCRYPTED = N_("no encrypted connection to {server} ({why}): check mail.security and mail.port")
NOT_LET_IN = N_("{server} does not let {user} in ({answer}): check mail.user and MECRA_MAIL_PASSWORD")
NOT_OFFERED = N_("{server} does not offer what is needed ({why}): check mail.security and mail.user")
CLOSED = N_("{server} closed the connection; tried again later")
ANSWERED = N_("{server} answered: {answer}")


def said(answer: tuple[int, bytes | str]) -> str:
    """`250 2.0.0 Ok: queued as 4F2`."""
    code, text = answer
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}".strip()


def explained(error: Exception, mail: Mail, *, late: bool) -> str:
    """Why nothing was sent; `late`: the session was cut off because it lasted too long."""
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, OSError):
        error = error.__context__  # how it came about
    answer = said((error.smtp_code, error.smtp_error)) if isinstance(error, smtplib.SMTPResponseException) else ""
    reason = getattr(error, "verify_message", "") or getattr(error, "reason", "") or getattr(error, "strerror", "")
    if isinstance(error, smtplib.SMTPNotSupportedError) or type(error) is smtplib.SMTPException:
        reason = str(error)  # smtplib's own words
    return _(LATE if late else _kind(error)).format(
        server=f"{mail.host}:{mail.port}", why=answer or reason or type(error).__name__, answer=answer, user=mail.user
    )


def _kind(error: Exception) -> str:
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (TimeoutError, LATE),
        (socket.gaierror, UNKNOWN),
        (ConnectionRefusedError, NOBODY),
        (ssl.SSLCertVerificationError, UNTRUSTED),
        (ssl.SSLError, UNENCRYPTED),
        (smtplib.SMTPAuthenticationError, NOT_LET_IN),
        (smtplib.SMTPResponseException, ANSWERED),
        (smtplib.SMTPServerDisconnected, CLOSED),
        (smtplib.SMTPNotSupportedError, NOT_OFFERED),
    )
    if type(error) is smtplib.SMTPException:  # no way of signing in that both know
        return NOT_OFFERED
    return next((text for kind, text in kinds if isinstance(error, kind)), LATER)
