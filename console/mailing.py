"""What `mecra mail` sends and prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from config import Settings
from config.outgoing import Mail
from config.secrets import Secrets
from console.tables import show_table
from model import Clock, MecraError, from_text, to_text
from reports.mail import Letter, message
from reports.smtp import Delivery, send
from storage.messages import BEGUN, FAILED, REFUSED, SENT, TOLD, UNCLEAR, MessageRow
from words import N_, _, moment

OUTCOMES = {
    BEGUN: N_("begun"),
    SENT: N_("sent"),
    REFUSED: N_("refused"),
    FAILED: N_("not sent"),
    UNCLEAR: N_("perhaps sent"),
    TOLD: N_("told in the log"),
}


def try_out(settings: Settings, secrets: Secrets, now: Clock) -> Delivery:
    """Send a test message. Raises MecraError where no server is set or it takes the message for nobody."""
    mail, at = server_of(settings), now()
    text = _(
        "This is a test message of mecra. Reports of {institution} and reminders will reach you from this address; there is nothing to do."
    ).format(institution=settings.institution or "mecra")
    subject = _("{institution}: test message of mecra").format(institution=settings.institution or "mecra")
    letter = Letter(f"test {to_text(at)}", subject, f"{text}\n\n{moment(at, settings.zone)}\n")
    body = message(letter, mail, mail.to, institution=settings.institution, at=at).as_bytes()
    return send(body, mail, mail.to, secrets)


def server_of(settings: Settings) -> Mail:
    if settings.mail is None:
        raise MecraError(_("no mail server is set: write host, from and to under [mail] in {path}").format(path=settings.path))
    return settings.mail


def trial_json(settings: Settings, found: Delivery) -> dict[str, Any]:
    mail = server_of(settings)
    sent = [one for one in mail.to if one not in found.refused]
    return {"server": f"{mail.host}:{mail.port}", "answer": found.answer, "sent": sent, "refused": dict(found.refused)}


def show_trial(settings: Settings, found: Delivery) -> None:
    """What the server answered, and for whom."""
    mail = server_of(settings)
    print(
        _("{server} ({security}) answers: {answer}").format(
            server=f"{mail.host}:{mail.port}", security=mail.security, answer=found.answer
        )
    )
    for one in mail.to:
        print(f"✗ {one}: {found.refused[one]}" if one in found.refused else f"✓ {one}")


def messages_json(rows: Sequence[MessageRow]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]


def show_messages(rows: Sequence[MessageRow], settings: Settings) -> None:
    """One line each, newest first."""
    if settings.mail is None:
        print(_("! no mail server is set: nothing is mailed ([mail] in {path})").format(path=settings.path))
    if not rows:
        print(_("No message was sent yet."))
        return
    cells = [
        (moment(from_text(row.at), settings.zone), row.occasion, row.recipient or "–", _(OUTCOMES.get(row.outcome, row.outcome)), row.answer)
        for row in rows
    ]  # fmt: skip
    show_table((_("when"), _("occasion"), _("recipient"), _("outcome"), _("answer")), cells)
