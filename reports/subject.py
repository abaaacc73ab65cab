"""What a report is made from: a snapshot with its plan, the store that it was taken of, and what people wrote beside it.

Whatever is asked of the store is asked as it was known then, so that a sealed snapshot's report says the same years later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from config.plan import Indicator, Plan
from indicators.asked import Asked
from model import Period, from_text
from reports.statement import Row, Standings
from storage import Storage
from storage.indicator_notes import Remarks, remarks
from storage.knowledge import Known
from storage.snapshots import Snapshot
from words import moment

NOTHING = Remarks()


@dataclass(frozen=True)
class Subject:
    storage: Storage
    found: Standings
    remarks: Mapping[str, Remarks] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        return self.found.plan

    @property
    def period(self) -> Period:
        return self.found.period

    @property
    def snapshot(self) -> Snapshot:
        return self.found.snapshot

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.found.rows

    @property
    def zone(self) -> ZoneInfo:
        return self.storage.zone

    @cached_property
    def known(self) -> Known:
        return Known(self.snapshot.archive, from_text(self.snapshot.as_of))

    @property
    def day(self) -> date:
        """The local day that the statement is of."""
        return self.known.at.astimezone(self.zone).date()

    @property
    def last(self) -> date:
        """The last local day of the period that the statement is about."""
        return min(self.period.last, self.day)

    def asked(self, indicator: Indicator) -> Asked:
        """To measure a detail of an indicator again, from what was known then."""
        return Asked(self.storage, self.plan, indicator, self.period, self.known)

    def remark(self, code: str) -> Remarks:
        return self.remarks.get(code, NOTHING)

    def local(self, at: str | None) -> str | None:
        """An instant (UTC text) on the institution's clocks."""
        return None if at is None else moment(from_text(at), self.zone)


def subject_of(storage: Storage, found: Standings) -> Subject:
    """With the newest notes of its period."""
    return Subject(storage, found, remarks(storage, found.period))
