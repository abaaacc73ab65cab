"""A message as mail servers want it: UTF-8 subject, names and text, and no text from outside that could become a header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from config.outgoing import Mail
from reports.inert import inert

KINDS = {
    "docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": ("application", "pdf"),
}
UNKNOWN = ("application", "octet-stream")
ENCODED = re.compile(r"=(?=\?)")
SPECIALS = re.compile(r'[()<>\[\]:;@\\,."=?]')  # in a name they would have to be quoted, which not every program does alike


@dataclass(frozen=True, slots=True)
class Letter:
    """`occasion` makes the Message-ID: the same message sent twice is one to most mail programs. Attachments: name and bytes."""

    occasion: str
    subject: str
    text: str
    attachments: Sequence[tuple[str, bytes]] = ()


def message(letter: Letter, mail: Mail, to: Sequence[str], *, institution: str, at: datetime) -> EmailMessage:
    """In ASCII on the wire, whatever it says; `at` is its date."""
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(" ".join(SPECIALS.sub(" ", inert(institution, 80)).split()), addr_spec=mail.sender)
    made["To"] = [Address(addr_spec=one) for one in to]
    made["Subject"] = _plain(letter.subject, 200)
    made["Date"] = format_datetime(at)
    key = sha256(f"{mail.sender}\n{institution}\n{letter.occasion}".encode("utf-8", "replace")).hexdigest()[:32]
    made["Message-ID"] = f"<{key}@{mail.sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(inert(letter.text, lines=True), cte="quoted-printable")
    for name, body in letter.attachments:
        main, sub = KINDS.get(name.rpartition(".")[2], UNKNOWN)
        made.add_attachment(body, maintype=main, subtype=sub, filename=_plain(name, 120))
    return made


def _plain(text: str, most: int) -> str:
    """On one line. What looks like an encoded word (`=?utf-8?q?...?=`) is taken apart: the email package would decode it, and a line
    break within it would begin a header of its own."""
    return ENCODED.sub("= ", inert(text, most))
