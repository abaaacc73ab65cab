"""From when on a platform's figure means something else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from storage import Storage


@dataclass(frozen=True, slots=True)
class Break:
    """From `on` on, `metric` of `platform` means something else: `what`."""

    platform: str
    metric: str
    on: date
    what: str


def breaks_between(storage: Storage, first: date, last: date) -> list[Break]:
    """Those after the first day and up to the last one, oldest first: whoever adds up over one adds unlike things."""
    rows = storage.connection.execute(
        'SELECT platform, metric, "on", what FROM breaks WHERE "on" > ? AND "on" <= ? ORDER BY "on", platform, metric',
        (first.isoformat(), last.isoformat()),
    )
    return [Break(platform, metric, date.fromisoformat(day), what) for platform, metric, day, what in rows]
