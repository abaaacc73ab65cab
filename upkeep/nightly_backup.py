"""The backup of each night, made by the daemon; one that was missed is caught up once. The backups themselves say what is due."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from config import Settings
from model import Clock
from storage import opened
from storage.snapshots import first_answer
from upkeep.backup import make
from upkeep.copies import Alive, Interrupted
from upkeep.rotation import kept_in, last_good

log = logging.getLogger("mecra.upkeep")

REST = timedelta(hours=1)  # after one that failed


class NightlyBackup:
    """Asked every minute, it looks once a night. Of a database without an archived answer none is made, nor on its first day."""

    def __init__(self, settings: Settings, now: Clock, alive: Alive) -> None:
        self.settings, self.now, self.alive = settings, now, alive
        self._done: datetime | None = None
        self._resting: datetime | None = None

    def work(self) -> None:
        """Make the backup that is due. Raises MecraError when it fails, and is tried again in an hour."""
        now, moment = self.now(), self._last_time()
        resting = self._resting is not None and now < self._resting <= now + REST  # a clock that was set back must not stop it
        if not self.settings.backup.nightly or self._done == moment or resting or not self._begun(moment):
            return
        newest = last_good(kept_in(self.settings.backups, self.settings.database), now)
        if (newest is not None and newest.at >= moment) or self._made():
            self._done = moment

    def _made(self) -> bool:
        """Whether it came to its end; one that was interrupted is asked for again."""
        try:
            made = make(self.settings, self.now, alive=self.alive)
        except Interrupted as error:
            log.info("%s", error)
            return False
        except Exception:
            self._resting = self.now() + REST
            raise
        log.info("backup: %s, %d MB", made.path, made.size >> 20)
        for finding in made.findings:
            log.error("the backup holds what is not as it was sealed: %s (mecra verify)", finding.what.said())
        if made.second_why:
            log.error("the backup was not copied to the second place: %s", made.second_why)
        return True

    def _last_time(self) -> datetime:
        """The newest moment, at or before now, at which one is due."""
        local, at = self.now().astimezone(self.settings.zone), self.settings.backup.at
        day = local.date() if local.time() >= at else local.date() - timedelta(days=1)
        return datetime.combine(day, at, tzinfo=self.settings.zone)

    def _begun(self, moment: datetime) -> bool:
        if not self.settings.database.exists():
            return False
        with opened(self.settings.database, self.settings.zone, read_only=True) as storage:
            begun = first_answer(storage)
        return begun is not None and begun <= moment
