"""What has been kept for long enough goes by itself, once a day: as the settings say, and as YouTube's policies do."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from config import Settings
from config.plan_file import parse_plan
from config.secrets import Secrets
from model import Clock, to_text
from storage import Storage, opened
from storage.purging import BODIES, EXPIRED, TEXTS, Scope, is_due, key_only
from upkeep.purge import purge

log = logging.getLogger("mecra.upkeep")

MECRA = "mecra"  # who does it
POLICY = "YouTube API Services Developer Policies III.E.4: {days} days without the owner's consent"
SETTING = "retention.{name} = {years}"


class Keeping:
    """A job of the daemon's upkeep lane: looks once a local day whether something has been kept for long enough."""

    def __init__(self, settings: Settings, secrets: Secrets, now: Clock) -> None:
        self._settings, self._secrets, self._now = settings, secrets, now
        self._looked: date | None = None

    def work(self) -> None:
        today = self._now().astimezone(self._settings.zone).date()
        if self._looked == today:
            return
        consented = bool(self._secrets.get("youtube", "refresh_token"))
        with opened(self._settings.database, self._settings.zone) as storage:
            for scope, why in overdue(storage, self._settings, self._now(), consented=consented):
                done = purge(storage, scope, parse_plan, why=why, by=MECRA, now=self._now, by_itself=True)
                if done.purge:
                    log.warning("purge %d (%s): %s", done.purge, why, ", ".join(f"{table} {n}" for table, n in done.rows.items()))
        self._looked = today


def overdue(storage: Storage, settings: Settings, now: datetime, *, consented: bool) -> Iterator[tuple[Scope, str]]:
    """What has been kept for long enough, and by which rule. `consented`: the owner of the YouTube channels has."""
    kept = settings.retention
    if kept.youtube_key_days and not consented:
        for account in key_only(storage):
            scope = Scope(EXPIRED, account, before=to_text(now - timedelta(days=kept.youtube_key_days)))
            if is_due(storage, scope):
                yield scope, POLICY.format(days=kept.youtube_key_days)
    for kind, name, years in ((TEXTS, "texts_years", kept.texts_years), (BODIES, "bodies_years", kept.bodies_years)):
        scope = Scope(kind, before=to_text(years_before(now, years)))
        if years and is_due(storage, scope):
            yield scope, SETTING.format(name=name, years=years)


def years_before(at: datetime, years: int) -> datetime:
    """The same instant so many years before; of 29 February, the 28th."""
    try:
        return at.replace(year=at.year - years)
    except ValueError:
        return at.replace(year=at.year - years, day=28)
