"""What `mecra alarms` tells: what is wrong, what was, and by which ways it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from config import Settings
from config.secrets import Secrets
from console.incidents import show_open, show_undelivered, undelivered_json
from console.tables import show_table
from console.terminal import one_line
from model import Clock, MecraError
from storage import Storage
from storage.incidents import TOLD_WITHIN, Incident, Undelivered, newest_incidents, undelivered
from storage.messages import SENT
from upkeep.alarm_text import incident_json, title
from upkeep.alarms import Alarms, Sent, mail_of
from words import _, moment, span

MOST = 100
MOST_OVER = 10


@dataclass(frozen=True, slots=True)
class Known:
    """`ways`: by what alarms are told."""

    open: Sequence[Incident]
    over: Sequence[Incident]
    ways: Sequence[str]
    undelivered: Sequence[Undelivered]


def known(storage: Storage, settings: Settings, secrets: Secrets, now: datetime) -> Known:
    every = newest_incidents(storage, MOST)
    return Known(
        [one for one in every if one.over_at is None],
        [one for one in every if one.over_at is not None],
        ways(settings, secrets),
        undelivered(storage, now - TOLD_WITHIN),
    )


def ways(settings: Settings, secrets: Secrets) -> list[str]:
    """Each in words, without anything secret of an address."""
    mail, alarms = mail_of(settings), settings.alarms
    found = [_("mail to {addresses}").format(addresses=", ".join(mail.to))] if mail else []
    if address := alarms.webhook or secrets.get("webhook", "url"):
        found.append(_("webhook at {host}").format(host=urlsplit(address).hostname))
    return [*found, *([_("command {name}").format(name=alarms.command[0])] if alarms.command else [])]


def as_objects(found: Known) -> dict[str, Any]:
    return {
        "open": [incident_json(one) for one in found.open],
        "over": [incident_json(one) for one in found.over],
        "ways": list(found.ways),
        "undelivered": [undelivered_json(one) for one in found.undelivered],
    }


def show(found: Known, settings: Settings) -> None:
    """What is wrong, oldest last; then what was; then by which ways it is told."""
    show_open(found.open, settings.zone)
    if not found.open:
        print(_("Nothing is wrong."))
    print()
    rows = [(title(one), one.about, moment(one.since, settings.zone), _lasted(one)) for one in found.over[:MOST_OVER]]
    show_table((_("what was wrong"), _("about"), _("since"), _("for")), rows)
    if found.ways:
        print(_("Told by: {ways}").format(ways="; ".join(found.ways)))
    else:
        print(_("! nobody is told: set [mail], alarms.webhook or alarms.command in {path}").format(path=settings.path))
    show_undelivered(found.undelivered, settings.zone)


def _lasted(one: Incident) -> str:
    return span(one.over_at - one.since) if one.over_at else ""


def try_out(settings: Settings, secrets: Secrets, now: Clock) -> list[Sent]:
    """Raises MecraError where no way is set."""
    alarms = Alarms(settings, secrets, now)
    if not alarms.ways and not alarms.mail:
        raise MecraError(
            _("nobody is told of anything: set [mail], alarms.webhook or alarms.command in {path}").format(path=settings.path)
        )
    return alarms.try_out()


def show_trial(done: Sequence[Sent]) -> None:
    for one in done:
        print(one_line(f"{'✓' if one.outcome == SENT else '✗'} {one.recipient}: {one.answer}"))
