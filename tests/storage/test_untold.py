"""The reason of a day without a figure is the true one: the metric's days, the account's end, or that nobody asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from collectors.base import Gone
from model import Page
from storage import Storage
from storage.knowledge import known_at
from storage.untold import EARLIER, GONE, LATER, NEVER, NOT_YET, UNASKED, why_untold
from tests.indicators.standing import store

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 15, 9, tzinfo=UTC)


def walked(storage: Storage, at: datetime, *notes: str, gone: bool = False) -> None:
    walk = storage.begin("instagram:a", "daily", since=at - 3 * DAY, now=at, trigger="schedule", memo={}, missed=0)
    if gone:
        from dataclasses import replace

        storage.save(walk, replace(walk, outcome=Gone.outcome, error="gone", finished_at=at), [])
    else:
        storage.save(walk, walk.after(Page(notes=notes), at), [])


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    found = store(tmp_path, "instagram:a")
    found.define([("instagram", "saves", "saves", "daily", "2026-02-10", "2026-06-01", "")], [])
    return found


def reason(storage: Storage, day: date, at: datetime = NOON + 40 * DAY) -> str:
    return why_untold(storage, "instagram:a", "instagram", "saves", [day], known_at(storage, at))[day]


def test_before_and_after_the_days_of_a_metric(storage: Storage) -> None:
    assert reason(storage, date(2026, 2, 9)) == LATER
    assert reason(storage, date(2026, 6, 1), NOON + 100 * DAY) == EARLIER


def test_a_metric_that_the_platform_refused(storage: Storage) -> None:
    """What the walk's note says; a note of another metric, or one that only begins with its name, says nothing of it."""
    walked(storage, NOON, "instagram no longer knows the metric saves_total (found 2026-03-15)", "not read: post 7: saves")
    assert reason(storage, NOON.date() - DAY) == UNASKED
    walked(storage, NOON + DAY, "instagram no longer knows the metric saves (found 2026-03-16)")
    assert reason(storage, NOON.date() - DAY) == EARLIER
    assert reason(storage, NOON.date() - DAY, NOON + 12 * timedelta(hours=1)) != EARLIER, "not known by then"


def test_an_account_that_is_gone(storage: Storage) -> None:
    walked(storage, NOON)
    walked(storage, NOON + 9 * DAY, gone=True)
    assert reason(storage, NOON.date() + DAY) == GONE


def test_a_day_that_nobody_asked_for_again_and_one_that_is_too_young(storage: Storage) -> None:
    walked(storage, NOON)
    assert reason(storage, NOON.date() + DAY) == UNASKED
    assert reason(storage, NOON.date() + 39 * DAY) == NOT_YET
    walked(storage, NOON + 30 * DAY)
    assert reason(storage, NOON.date() + DAY) == NEVER
