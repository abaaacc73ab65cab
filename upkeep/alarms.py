"""Alarms: one message for each incident and one when it is over, by every way that is set, however long it lasts.

The database says what was noticed and what was told, so that a restart repeats nothing. Between the sending and its being kept lies a
moment in which the process may be killed: then one message may come twice, with the same Message-ID, and says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Thread
from typing import NamedTuple

from config import Settings
from config.outgoing import Mail
from config.secrets import Secrets
from model import Clock, MecraError
from reports.letter import again
from reports.mail import Letter, message
from reports.posting import Posting, is_due
from reports.smtp import send
from storage import Damaged, Storage, StorageError, opened
from storage.incidents import TOLD_WITHIN, Bulletin, Condition, Incident, bulletins, gather, keep, last_over, open_incidents, signs
from storage.messages import BEGUN, FAILED, SENT, UNCLEAR, add_message, tried
from upkeep import alarm_text
from upkeep.alarm_ways import NotTold, Way, ways
from upkeep.conditions import Look, clock, closing, disk, spending, tokens
from upkeep.conditions_sources import offline, quiet_feeds, refused, silent
from upkeep.conditions_upkeep import backup, seals
from upkeep.incidents import settled
from words import N_, Note, speaking

log = logging.getLogger("mecra.alarms")

LOOK = timedelta(minutes=5)
LONGEST_REST = timedelta(hours=1)  # between two tries: an alarm is of no use a day later
MUTE = 3  # ticks without a database that can be written
PATIENCE = 60.0  # seconds for a message that is sent at once
TOLD = "alarm.told"
TEST = N_("nothing is wrong: somebody tries whether alarms arrive")
TEST_CURE = N_("nothing is to be done")
RESTORE = N_("run `mecra doctor`; the section Power, disk, damage of docs/operating.md tells what to do")
BEGUN_WITHIN = timedelta(days=1)  # by a way that is new or was never tried
ALONE: Sequence[Callable[[Look], Iterable[Condition]]] = (
    tokens, spending, closing, disk, clock, refused, quiet_feeds, backup, seals,
)  # fmt: skip

Intervals = Mapping[tuple[str, str], timedelta]


class Sent(NamedTuple):
    """What became of a message by one way: an address, `webhook` or `command`."""

    recipient: str
    outcome: str
    answer: str


class Alarms:
    """Asked every minute; `now` is the only clock. `intervals` and `skews` are what the daemon knows of its sources at that moment."""

    def __init__(
        self,
        settings: Settings,
        secrets: Secrets,
        now: Clock,
        *,
        intervals: Callable[[], Intervals] = dict,
        skews: Callable[[], Sequence[int]] = tuple,
    ) -> None:
        self.settings, self.secrets, self.now, self.intervals, self.skews = settings, secrets, now, intervals, skews
        self.mail = mail_of(settings)
        self.ways = ways(settings.alarms, secrets)
        self._looked: datetime | None = None
        self._mute = 0

    def work(self) -> None:
        """Look, and tell what is to be told. Where nothing can be kept for some minutes, that is told without being kept."""
        try:
            self._work()
        except Damaged:
            raise
        except StorageError as error:
            self._mute += 1
            if self._mute == MUTE:
                self.at_once(str(error))
            raise
        self._mute = 0

    def _work(self) -> None:
        """One message by each way at most, so that nobody waits for long."""
        with opened(self.settings.database, self.settings.zone) as storage:
            now = self.now()
            if self._looked is None or not self._looked <= now < self._looked + LOOK:
                self.look(storage)
                self._looked = now
            gather(storage, now, self.settings.alarms.gather)
            self.tell(storage)

    def look(self, storage: Storage) -> None:
        """Compare what holds now with what was known, and keep what changed."""
        now, settings = self.now(), self.settings.alarms
        look = Look(storage, self.settings, now, self.intervals(), self.skews())
        known = open_incidents(storage)
        found, left = conditions(look, {one.kind for one in known})
        changes = settled(found, known, signs(storage), now, settings, left=left)
        keep(storage, changes, now)
        with speaking("en"):
            for one in changes.opened:
                log.error("alarm: %s: %s: %s -> %s", one.kind, one.about, one.what.said(), one.cure.said())
            for kind, about in changes.over:
                log.warning("over: %s: %s", kind, about)

    def tell(self, storage: Storage) -> None:
        now = self.now()
        waiting = bulletins(storage, now - TOLD_WITHIN)
        for way in self.ways:
            for one in waiting:
                if self._tell(storage, way, one):
                    break
        if self.mail is None:
            return
        for one in waiting:
            states = tried(storage, one.occasion)
            fresh = now - one.made_at < BEGUN_WITHIN
            to = tuple(who for who in self.mail.to if (is_due(states[who], now, LONGEST_REST) if who in states else fresh))
            if to:
                mail = replace(self.mail, to=to)
                posting = Posting(mail, self.secrets, self.settings.institution, self.now, LONGEST_REST)
                posting.post(storage, one.occasion, lambda repeated, one=one: self.letter(one, repeated))  # type: ignore[misc]
                break

    def letter(self, bulletin: Bulletin, repeated: bool = False) -> Letter:
        with speaking(self.settings.alarms.language):
            text = alarm_text.text(bulletin, self.settings.zone)
            subject = alarm_text.subject(bulletin, self.settings.institution)
            return Letter(bulletin.occasion, subject, again(text) if repeated else text)

    def _tell(self, storage: Storage, way: Way, one: Bulletin) -> bool:
        """Whether it was tried."""
        now, state = self.now(), tried(storage, one.occasion).get(way.name)
        if not is_due(state, now, LONGEST_REST) if state else now - one.made_at >= BEGUN_WITHIN:
            return False
        add_message(storage, one.occasion, [(way.name, BEGUN, "")], now)
        outcome, answer = self.send(way, one)
        add_message(storage, one.occasion, [(way.name, outcome, answer)], self.now())
        log.log(logging.INFO if outcome == SENT else logging.ERROR, "%s by %s: %s: %s", one.occasion, way.name, outcome, answer)
        return True

    def send(self, way: Way, one: Bulletin) -> tuple[str, str]:
        """Hand a message over; its outcome, and what was answered."""
        key = sha256(f"{self.settings.institution}\n{one.occasion}".encode()).hexdigest()[:32]
        with speaking(self.settings.alarms.language):
            message = alarm_text.as_json(one, self.settings.institution, self.settings.zone, key)
        try:
            return SENT, way.send(message)
        except NotTold as error:
            return UNCLEAR if error.unclear else FAILED, self.secrets.redact(str(error))
        except MecraError as error:
            return FAILED, self.secrets.redact(str(error))

    def at_once(self, why: str) -> None:
        """Tell that the database can't be used, which therefore can't keep that it was told: a file beside it does, one message a day."""
        now = self.now()
        midnight = now.astimezone(self.settings.zone).replace(hour=0, minute=0, second=0)
        one = Incident(
            0, "database", str(self.settings.database), now, now, Note("{why}", {"why": self.secrets.redact(why)}), Note(RESTORE)
        )
        bulletin = Bulletin(0, midnight, (one,), ())
        told = self.settings.data / TOLD
        with suppress(OSError, UnicodeDecodeError):
            if told.read_text(encoding="utf-8") == bulletin.occasion:
                return
        with suppress(OSError):
            told.write_text(bulletin.occasion, encoding="utf-8")
        sending = Thread(target=self.everywhere, args=(bulletin,), daemon=True)
        sending.start()
        sending.join(PATIENCE)

    def try_out(self) -> list[Sent]:
        """A test message by every way, now."""
        now = self.now()
        one = Incident(0, "test", self.settings.institution or "mecra", now, now, Note(TEST), Note(TEST_CURE))
        return self.everywhere(Bulletin(0, now, (one,), ()))

    def everywhere(self, bulletin: Bulletin) -> list[Sent]:
        """Sent by each way without being kept."""
        done = [Sent(way.name, *self.send(way, bulletin)) for way in self.ways]
        if self.mail:
            body = message(self.letter(bulletin), self.mail, self.mail.to, institution=self.settings.institution, at=self.now())
            try:
                found = send(body.as_bytes(), self.mail, self.mail.to, self.secrets)
                done += [
                    Sent(who, FAILED, found.refused[who]) if who in found.refused else Sent(who, SENT, found.answer)
                    for who in self.mail.to
                ]
            except MecraError as error:
                done += [Sent(who, FAILED, str(error)) for who in self.mail.to]
        for one in done:
            log.log(logging.INFO if one.outcome == SENT else logging.ERROR, "%s to %s: %s: %s", bulletin.occasion, *one)
        return done


def conditions(look: Look, lasting: set[str]) -> tuple[list[Condition], set[str]]:
    """What holds, and the kinds of which nothing can be told at present: while the line is down, no source is silent by itself."""
    settings = look.settings.alarms
    down = list(offline(look)) if "offline" not in settings.off else []
    found = [*down, *silent(look, back=last_over(look.storage, "offline"))]
    for question in ALONE:
        found += question(look)
    left = {"source_silent"} if down or "offline" in lasting else set()
    return [one for one in found if one.kind not in settings.off], left


def mail_of(settings: Settings) -> Mail | None:
    """The mail server, with those whom alarms go to."""
    if settings.mail is None or not settings.alarms.mail:
        return None
    return replace(settings.mail, to=settings.alarms.to or settings.mail.to)
