"""What keeps messages from going out, without sending one."""

from __future__ import annotations

from collections.abc import Iterator

from config import Settings
from config.secrets import Secrets
from console.finding import Finding
from storage import opened
from storage.messages import FAILED, REFUSED, UNCLEAR, newest
from words import _

LOOKED_AT = 50


def mail(settings: Settings, secrets: Secrets) -> Iterator[Finding]:
    """Whether a server is set and its password known, and the last message that did not arrive, if none came after it."""
    if settings.mail is None:
        return
    server = f"{settings.mail.host}:{settings.mail.port}"
    if settings.mail.user and not secrets.get("mail", "password"):
        yield Finding(
            "fail", _("no password for {user} at {server}").format(user=settings.mail.user, server=server), "MECRA_MAIL_PASSWORD"
        )
    if settings.mail.ca and not settings.mail.ca.is_file():
        yield Finding(
            "fail", _("no file {path}").format(path=settings.mail.ca), _("correct mail.ca in {path}").format(path=settings.path)
        )
    if settings.database.exists():
        with opened(settings.database, settings.zone, read_only=True) as storage:
            latest = {row.recipient: row for row in reversed(newest(storage, LOOKED_AT)) if row.recipient in settings.mail.to}
        for row in latest.values():
            if row.outcome in (FAILED, REFUSED, UNCLEAR):
                text = _("{recipient} did not get {occasion}: {answer}")
                yield Finding(
                    "warn", text.format(recipient=row.recipient, occasion=row.occasion, answer=row.answer), "mecra mail --test"
                )
                return
    yield Finding("ok", _("mail goes to {n} addresses by {server}").format(n=len(settings.mail.to), server=server))
