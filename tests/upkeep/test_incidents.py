"""When a condition becomes an incident and when that is over: what flickers tells nobody anything, and nothing is told twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.alarms import Alarms
from storage import StorageError
from storage.database import transaction
from storage.incidents import Condition, Incident, Key, bulletins, gather, keep, newest_incidents, open_incidents, signs
from tests.indicators.standing import store
from upkeep.incidents import settled
from words import Note

T0 = datetime(2026, 3, 15, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SLOW = Alarms(hold={"disk_low": 10 * MINUTE}, clear={"disk_low": 20 * MINUTE})


def condition(about: str = "/data", kind: str = "disk_low", since: datetime = T0) -> Condition:
    return Condition(kind, about, since, Note("{n} MB are free", {"n": 7}), Note("make room"))


class Watching:
    """A store that is looked at minute by minute."""

    def __init__(self, path: Path, settings: Alarms = SLOW) -> None:
        self.storage, self.settings, self.now = store(path), settings, T0

    def look(self, *found: Condition, left: tuple[str, ...] = ()) -> tuple[int, int]:
        """(opened, over)"""
        known = open_incidents(self.storage)
        changes = settled(found, known, signs(self.storage), self.now, self.settings, left=left)
        keep(self.storage, changes, self.now)
        return len(changes.opened), len(changes.over)

    def minutes(self, n: int, *found: Condition) -> list[tuple[int, int]]:
        seen = []
        for _ in range(n):
            seen.append(self.look(*found))
            self.now += MINUTE
        return seen


def test_it_has_to_last_and_to_be_gone_for_a_while(tmp_path: Path) -> None:
    watching = Watching(tmp_path)
    seen = watching.minutes(40, condition())
    assert seen.index((1, 0)) == 10 and sum(opened for opened, _ in seen) == 1
    seen = watching.minutes(40)
    assert seen.index((0, 1)) == 20 and sum(over for _, over in seen) == 1
    (one,) = newest_incidents(watching.storage, 9)
    assert one.since == T0 and one.opened_at == T0 + 10 * MINUTE and one.over_at == T0 + 60 * MINUTE
    assert signs(watching.storage) == {}


def test_what_flickers_is_one_incident_at_most(tmp_path: Path) -> None:
    watching = Watching(tmp_path)
    for _ in range(20):  # never ten minutes on end
        assert {*watching.minutes(9, condition()), *watching.minutes(1)} == {(0, 0)}
    watching.minutes(11, condition())
    for _ in range(10):  # never twenty minutes of rest
        assert {*watching.minutes(19), *watching.minutes(1, condition())} == {(0, 0)}
    assert len(newest_incidents(watching.storage, 9)) == 1


def test_what_cant_be_told_at_present_stays_as_it_was(tmp_path: Path) -> None:
    watching = Watching(tmp_path)
    watching.minutes(11, condition())
    watching.now += timedelta(days=1)
    assert watching.look(left=("disk_low",)) == (0, 0)
    assert watching.look(condition("/other"), left=("disk_low",)) == (0, 0)
    assert len(open_incidents(watching.storage)) == 1 and signs(watching.storage) == {}


def test_a_clock_that_was_set_back_begins_the_wait_anew(tmp_path: Path) -> None:
    watching = Watching(tmp_path)
    watching.look(condition())
    watching.now -= timedelta(days=1)
    seen = watching.minutes(12, condition())
    assert seen.index((1, 0)) == 10


@given(st.lists(st.sets(st.sampled_from("abc")), max_size=60))
def test_of_each_thing_at_most_one_is_open_and_it_lasts_as_long_as_its_cause(course: list[set[str]]) -> None:
    settings = Alarms(hold={"refused": 2 * MINUTE}, clear={"refused": 3 * MINUTE})
    waiting: dict[Key, datetime] = {}
    lasting: dict[Key, Incident] = {}
    for minute, held in enumerate(course):
        now = T0 + minute * MINUTE
        found = [condition(about, "refused") for about in sorted(held)]
        changes = settled(found, lasting.values(), waiting, now, settings)
        waiting = dict(changes.signs)
        for one in changes.opened:
            assert one.key not in lasting and all(one.about in course[minute - past] for past in range(3))
            lasting[one.key] = Incident(1, one.kind, one.about, one.since, now, one.what, one.cure)
        for key in changes.over:
            assert lasting.pop(key) and all(key[1] not in course[minute - past] for past in range(4))
    for about in "abc":
        if len(course) > 3 and all(about in held for held in course[-4:]):
            assert ("refused", about) in lasting


def test_what_begins_together_is_one_message_and_what_was_told_is_not_told_again(tmp_path: Path) -> None:
    watching = Watching(tmp_path, Alarms(gather=5 * MINUTE))
    watching.look(condition("x:a", "refused"))
    assert gather(watching.storage, watching.now, 5 * MINUTE) is None, "others may come with it"
    watching.now += 2 * MINUTE
    watching.look(condition("x:a", "refused"), condition("x:b", "refused"))
    watching.now += 3 * MINUTE
    first = gather(watching.storage, watching.now, 5 * MINUTE)
    assert first and [one.about for one in first.begun] == ["x:a", "x:b"] and first.over == ()
    watching.now += timedelta(days=30)
    watching.look(condition("x:a", "refused"), condition("x:b", "refused"))
    assert gather(watching.storage, watching.now, 5 * MINUTE) is None, "however long it lasts"
    watching.look(condition("x:a", "refused"))
    watching.now += timedelta(hours=2)
    watching.look(condition("x:a", "refused"))
    watching.now += 5 * MINUTE
    second = gather(watching.storage, watching.now, 5 * MINUTE)
    assert second and second.begun == () and [one.about for one in second.over] == ["x:b"]
    again, other = bulletins(watching.storage, T0)
    assert [one.incident for one in again.begun] == [one.incident for one in first.begun] and other == second


def test_what_was_over_before_it_was_told_is_told_once(tmp_path: Path) -> None:
    watching = Watching(tmp_path, Alarms(hold={"disk_low": 0 * MINUTE}, clear={"disk_low": 0 * MINUTE}))
    watching.minutes(3, condition())
    watching.minutes(3)
    found = gather(watching.storage, watching.now, 5 * MINUTE)
    assert found and found.begun == () and [one.about for one in found.over] == ["/data"]
    assert gather(watching.storage, watching.now + timedelta(days=1), 5 * MINUTE) is None


def test_what_was_told_cant_be_untold(tmp_path: Path) -> None:
    watching = Watching(tmp_path)
    watching.minutes(11, condition())
    gather(watching.storage, watching.now, timedelta(0))
    for change in ("DELETE FROM incidents", "UPDATE incidents SET what = '[\"\", {}]'", "UPDATE incidents SET told_in = NULL"):
        with pytest.raises((StorageError, Exception), match="stays told"), transaction(watching.storage.connection):
            watching.storage.connection.execute(change)
