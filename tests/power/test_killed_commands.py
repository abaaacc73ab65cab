"""`kill -9` of whatever stores something, before each moment in turn: what was acknowledged is there, nothing is half, the next run goes on."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.power.conftest import Came, Mecra
from tests.power.institution import asked, found_institution, whole

MOST = 200
CLIPPED = "SELECT published_on, outlet, title, status FROM articles WHERE found_via = 'agency'"
HANDED = "SELECT account, metric, value, at FROM readings ORDER BY account, metric, at"


@dataclass(frozen=True)
class Case:
    """A command, what it stores, and how its answer shows that it did. `again`: how it may end where it was stored before."""

    args: tuple[str, ...]
    stores: str
    answer: str
    least: int = 4  # moments, fewer of which would mean that they are not counted
    again: tuple[int, ...] = (0,)


CASES = {
    "enter": Case(
        ("enter", "PG2", "--corrects", "1", "--value", "%91", "--note", "yeniden sayıldı"), "SELECT indicator, period, value FROM entries", "mecra approve", again=(0, 2)
    ),
    "approve": Case(("approve", "3"), "SELECT entry, approved_by FROM entries", "Ayşe Yılmaz", again=(2,)),
    "rule": Case(
        ("news", "count", "1", "2", "--why", "ilçede"), "SELECT DISTINCT article_key, status, why FROM rulings ORDER BY article_key", "2 articles decided"
    ),
    "note": Case(("note", "PG1", "2026", "--reason", "Hava."), "SELECT DISTINCT indicator, period, reason FROM indicator_notes", "PG1"),
    "plan": Case(("import", "plan", "plan.xlsx"), "SELECT planned_at, platform, title FROM plan_slots", "added: 2"),
    "figures": Case(("import", "readings", "figures.csv"), HANDED, "2 new rows stored", least=8),
    "clippings": Case(("import", "news", "clippings.csv"), CLIPPED, "1 new appearances stored", least=8),
    "statement": Case(
        ("snapshot", "2026-H1"), "SELECT DISTINCT period, revision, code, v.value FROM snapshots JOIN snapshot_values v USING (snapshot)", "PG1"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def institution(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found_institution(tmp_path_factory.mktemp("institution") / "data")


def through(run: Callable[[Path, int], Came], template: Path, place: Path, look: Callable[[Path, int, Came], None]) -> int:
    """Kill a run before each of its moments, each time from the same beginning; answers how many there are."""
    for moment in range(1, MOST):
        shutil.copytree(template, place)
        came = run(place, moment)
        if came.code == 0:
            shutil.rmtree(place)
            return moment - 1
        assert came.code == -signal.SIGKILL, came.said
        look(place, moment, came)
        shutil.rmtree(place)
    raise AssertionError("it never came to an end")


@pytest.mark.parametrize("name", CASES)
def test_a_command_is_killed_before_each_of_its_moments(
    name: str, institution: Path, tmp_path: Path, mecra: Mecra, tell: Callable[[str], None]
) -> None:
    case, place = CASES[name], tmp_path / "data"
    shutil.copytree(institution, place)
    before = asked(place, case.stores)
    came = mecra(place, *case.args)
    assert came.code == 0 and case.answer in came.out, came.said
    after = asked(place, case.stores)
    assert after != before
    shutil.rmtree(place)
    seen = {"before": 0, "after": 0}

    def look(there: Path, moment: int, came: Came) -> None:
        assert whole(there)
        stored = asked(there, case.stores)
        assert stored in (before, after), f"half of it, killed before moment {moment}"
        if case.answer in came.out:
            assert stored == after, f"acknowledged and lost, killed before moment {moment}"
        seen["after" if stored == after else "before"] += 1
        again = mecra(there, *case.args)
        assert again.code in ((0,) if stored == before else case.again), again.said
        assert asked(there, case.stores) == after, "the next run goes on"

    moments = through(lambda there, moment: mecra(there, *case.args, moment=moment), institution, place, look)
    assert moments >= case.least and seen["before"] and seen["after"]
    tell(
        f"mecra {' '.join(case.args[:2])}: killed before each of {moments} moments, {seen['before']} left nothing, {seen['after']} the whole"
    )
