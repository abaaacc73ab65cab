"""The rows that a figure was counted from: told in part or as a whole, they are the same ones, and so are their number and their sum."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config.plan import Count, Growth, Level, News, Posts, Rule, Slots
from indicators import measure
from indicators.explain import explain
from indicators.steps import batches, steps
from model import Period, Reading
from storage import Storage
from storage.slots import NewSlot, take_in
from tests.indicators.looking import DAY, HOUR, look, post
from tests.indicators.papers import Press, article
from tests.indicators.standing import Archive, asked, indicator, plan, store

EDGE, NOW = datetime(2025, 6, 30, 21, tzinfo=UTC), datetime(2025, 8, 1, tzinfo=UTC)
RULES: tuple[Rule, ...] = (
    Growth((Count("x", ("views", "likes")), Count("facebook", ("views",), "days"))),
    Growth((Count("x", ("views", "likes")),), basis="published"),
    Level("followers"),
    News(),
    News(official="agency"),
    Posts(),
    Slots(),
)


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    path: Path = tmp_path_factory.mktemp("db")
    storage = store(path, "x:a", "x:b", "facebook:c", "feed:posta", "agency:import")
    archive, press = Archive(storage), Press(storage)
    published = [EDGE - n * DAY for n in range(1, 12)]
    for name in ("x:a", "x:b"):
        posts = [post(f"{name[-1]}{n}", at) for n, at in enumerate(published)]
        readings = [Reading(metric, 10 + n, p.post) for n, p in enumerate(posts) for metric in ("views", "likes")]
        look(archive, name, EDGE - HOUR, posts=posts, readings=[*readings, Reading("followers", 500)])
    days = [Reading("views", n, None, date(2025, 6, n)) for n in range(1, 8)]
    archive.told("facebook:c", EDGE, readings=[*days, Reading("followers", 9)], stream="daily")
    for n, at in enumerate(published):
        source, via = ("agency:import", "agency") if n % 3 == 2 else ("feed:posta", "feed")
        articles = [article(f"k{n}-{m}", at, outlet=f"Gazete {m}", via=via) for m in range(4)]
        press.tell(source, at + HOUR, *articles)
    take_in(storage, [NewSlot(at + n * HOUR / 4, "x", "") for n, at in enumerate(published)], f"p.xlsx {'0' * 64}", EDGE - 90 * DAY)
    return storage


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
@pytest.mark.parametrize("most", [0, 1, 5, 13, 500])
def test_rows_told_are_the_first_of_all(storage: Storage, rule: Rule, most: int) -> None:
    kind = {Level: "level", Slots: "ratio"}.get(type(rule), "flow")
    whole = plan(indicator(rule, kind=kind))
    everything = explain(storage, whole, "PG1", Period(2025, 1), NOW, most=None)
    some = explain(storage, whole, "PG1", Period(2025, 1), NOW, most=most)
    assert everything.more == 0 and len(everything.steps) > 1
    assert some.steps == everything.steps[:most]
    assert len(some.steps) + some.more == len(everything.steps)
    assert sum(step.value or 0 for step in everything.steps) == everything.standing.measured.numerator


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
def test_a_batch_has_as_many_rows_as_it_says(storage: Storage, rule: Rule) -> None:
    question = asked(storage, indicator(rule), "2025-H1", at=NOW)
    measured = measure(question)
    found = list(batches(question, measured))
    assert [batch.rows for batch in found] == [len(list(batch.told())) for batch in found]
    assert list(steps(question, measured)) == [step for batch in found for step in batch.told()]
    afresh = asked(storage, indicator(rule), "2025-H1", at=NOW)
    assert list(steps(afresh, measured)) == list(steps(question, measured)), "what was looked up before is the same"
