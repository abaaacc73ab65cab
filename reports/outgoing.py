"""What leaves the daemon by itself: the reports of what is final or sealed, and reminders of what should be.

The database says what was done, so that a restart repeats nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from datetime import time as clock_time

from config import Settings
from config.outgoing import FINAL, NEVER
from config.secrets import Secrets
from indicators.snapshot import settled_at
from model import Clock, MecraError
from reports.deadlines import Reminder, reminders
from reports.issuing import attachments, issue
from reports.letter import again, reminder_subject, reminder_text, report_subject, report_text
from reports.mail import Letter
from reports.posting import Compose, Posting
from reports.reading import standings
from reports.statement import Standings
from reports.subject import subject_of
from storage import Storage, opened
from storage.messages import TOLD, Statement, add_message, files_of, statements, tried
from storage.snapshots import first_answer, latest_sealed
from words import _, speaking

log = logging.getLogger("mecra.reports")

MAILED_WITHIN = timedelta(days=30)  # of an older statement the report is written, and nobody gets a message any more
REST = timedelta(hours=1)  # after a report could not be written
HOUR = clock_time(9)  # at which people read what they are reminded of


class Outgoing:
    """Asked every minute; `now` is the only clock."""

    def __init__(self, settings: Settings, secrets: Secrets, now: Clock) -> None:
        self.settings, self.now = settings, now
        self.posting = Posting(settings.mail, secrets, settings.institution, now) if settings.mail else None
        self._mailing = True
        self._resting: dict[str, datetime] = {}

    def work(self) -> None:
        """Write and send what is due. Raises MecraError for a database that can't be used."""
        self._mailing = self.posting is not None
        with opened(self.settings.database, self.settings.zone) as storage:
            for one in statements(storage):
                self._see_to(occasion_of(one), lambda one=one: self._report(storage, one))  # type: ignore[misc]
            for reminder in self._reminders(storage):
                self._see_to(reminder.occasion, lambda one=reminder: self._remind(storage, one))  # type: ignore[misc]

    def _see_to(self, occasion: str, work: Callable[[], None]) -> None:
        """What can't be done keeps nothing else from being done; it is told, and tried again in an hour."""
        if self.now() < self._resting.get(occasion, self.now()):
            return
        try:
            work()
        except Exception as error:
            known = isinstance(error, (MecraError, OSError))
            log.error("%s: no report or message: %s; tried again in an hour", occasion, error, exc_info=not known)
            self._resting[occasion] = self.now() + REST

    def _post(self, storage: Storage, occasion: str, compose: Compose) -> None:
        """A server that can't be worked with is left alone until the next minute."""
        if self.posting and self._mailing:
            self._mailing = self.posting.post(storage, occasion, compose)

    # -- reports

    def _report(self, storage: Storage, one: Statement) -> None:
        """Of a statement that is sealed, or final where the settings say so."""
        settings, occasion = self.settings, occasion_of(one)
        wanted = settings.reporting.on
        if wanted == NEVER or not (one.sealed_at or (wanted == FINAL and self._is_final(storage, one))):
            return
        if not files_of(storage, occasion):
            files = issue(storage, _found(storage, one), settings, occasion, self.now())
            log.info("%s: %d files of its report are in %s", occasion, len(files), settings.reports)
        if self.now() < (one.sealed_at or one.taken_at) + MAILED_WITHIN:
            self._post(storage, occasion, lambda repeated: self._letter(storage, one, repeated))

    def _is_final(self, storage: Storage, one: Statement) -> bool:
        over = one.as_of >= one.period.span(storage.zone)[1]
        return over and one.as_of >= settled_at(_found(storage, one).plan, one.period, storage.zone)

    def _letter(self, storage: Storage, one: Statement, repeated: bool) -> Letter:
        found, settings, occasion = _found(storage, one), self.settings, occasion_of(one)
        kinds = settings.mail.attach if settings.mail else ()
        attached = attachments(storage, found, settings, occasion, kinds)
        with speaking(settings.reporting.languages[0]):
            subject = subject_of(storage, found)
            text = report_text(subject, [name for name, _body in attached], settings.reports)
            return Letter(occasion, report_subject(subject), again(text) if repeated else text, attached)

    # -- reminders

    def _reminders(self, storage: Storage) -> list[Reminder]:
        """Of periods that are not sealed, and that the archive knows something of."""
        local = self.now().astimezone(storage.zone)
        today = local.date() if local.time() >= HOUR else local.date() - timedelta(days=1)
        found = [one for one in reminders(today, self.settings.reporting) if local.date() <= one.deadline.day]
        begun = first_answer(storage) if found else None
        return [
            one
            for one in found
            if begun is not None
            and begun < one.deadline.period.span(storage.zone)[1]
            and latest_sealed(storage, one.deadline.period) is None
        ]

    def _remind(self, storage: Storage, reminder: Reminder) -> None:
        occasion, by = reminder.occasion, reminder.deadline
        if None not in tried(storage, occasion):
            add_message(storage, occasion, [(None, TOLD, "")], self.now())
            log.warning("%s is not sealed, and its report is due by %s: mecra snapshot %s --seal", by.period, by.day, by.period)
        self._post(storage, occasion, lambda repeated: self._reminder(storage, reminder, repeated))

    def _reminder(self, storage: Storage, reminder: Reminder, repeated: bool) -> Letter:
        with speaking(self.settings.reporting.languages[0]):
            found = standings(storage, reminder.deadline.period)
            text = reminder_text(reminder, subject_of(storage, found) if found else None)
            return Letter(
                reminder.occasion, reminder_subject(reminder, self.settings.institution), again(text) if repeated else text
            )


def occasion_of(one: Statement) -> str:
    """What a report is written on: once for the final statement, once for each sealed revision."""
    return f"{one.period} revision {one.revision}" if one.sealed_at else f"{one.period} final"


def _found(storage: Storage, one: Statement) -> Standings:
    found = standings(storage, one.period)
    if found is None:
        raise MecraError(_("the snapshot of {period} is gone").format(period=one.period))
    return found
