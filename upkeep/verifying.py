"""The file from end to end, the seals, the chain and what they rest on, checked every night as `mecra verify` does.

Once a week everything is measured again."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta

from config import Settings
from config.plan_file import load_plan, parse_plan
from indicators.verify import verify
from model import Clock, MecraError, to_text
from storage import opened
from storage.damage import mark, read_whole
from storage.seal_file import NAME
from storage.verified import Verified, known, note
from words import speaking

log = logging.getLogger("mecra.upkeep")

NIGHTLY = time(4, 40)
WHOLE = timedelta(days=7)
REST = timedelta(hours=1)  # after it could not be done


class Verifying:
    """A job of the upkeep lane. `now` is the only clock; the file beside the database says what was done."""

    def __init__(self, settings: Settings, now: Clock) -> None:
        self.settings, self.now = settings, now
        self._resting: datetime | None = None

    def work(self) -> None:
        """Once a night; a night that the machine slept through is made up once. What can't be done is tried again in an hour."""
        now, before = self.now(), known(self.settings.data)
        due = _last_night(self.settings, now)
        if before.done and due <= before.done <= now and not before.why:
            return
        if self._resting and now < self._resting <= now + REST:
            return
        whole = before.wholly_done is None or not before.wholly_done <= now < before.wholly_done + WHOLE
        found = self._verified(before, whole, now)
        note(self.settings.data, found)
        self._resting = now + REST if found.why else None

    def _verified(self, before: Verified, whole: bool, now: datetime) -> Verified:
        settings, at = self.settings, to_text(now)
        try:
            if faults := read_whole(settings.database):  # what nobody happens to read is torn for years
                mark(settings.database, faults[0])
            with opened(settings.database, settings.zone, read_only=True) as storage:
                findings = verify(
                    storage, settings.data / NAME, parse_plan, lambda: load_plan(settings.plan, settings.path.parent / "metrics"),
                    quick=not whole, add=False,
                )  # fmt: skip
        except MecraError as error:
            log.error("the seals could not be verified: %s", error)
            return Verified(at, before.whole_at, 0, "", str(error))
        failed = [finding for finding in findings if finding.failed]
        with speaking(settings.alarms.language):
            first = failed[0].what.said() if failed else ""
        if failed:
            log.error("the seals do not verify: %d findings: %s; see `mecra verify`", len(failed), first)
        return Verified(at, at if whole else before.whole_at, len(failed), first)


def _last_night(settings: Settings, now: datetime) -> datetime:
    """The newest moment, at or before now, at which it is due."""
    local = now.astimezone(settings.zone)
    day = local.date() if local.time() >= NIGHTLY else local.date() - timedelta(days=1)
    return datetime.combine(day, NIGHTLY, tzinfo=settings.zone)
