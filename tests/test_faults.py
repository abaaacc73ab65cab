"""No silent success: each collector, each fault, from the request to the database and on to where it is healed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.fault_table import CASES, COLLECTORS, FAULTS, WITHOUT_REASON, Case, newest
from tests.faulty import ACCOUNTS, Place, Stored, placed

SHORT = timedelta(minutes=30)  # a story that lived is not told of a day later
ENDPOINT = re.compile(r"(GET|POST) /\S+|http://\S+/\S+|youtube\.\w+\.\w+")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with placed(tmp_path_factory.mktemp("faults")) as place:
        yield place


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_fault_is_named_loses_nothing_that_came_and_heals(place: Place, case: Case) -> None:
    whole = place.reference(case.collector, case.stream)
    place.begin(case.collector, case.stream)
    if case.before:
        assert place.run(case.collector, case.stream).failed is False
        place.pass_by(days=1)
    began = place.clock()
    place.box(case.collector).fault(case.name, case.strike.match, times=case.times, skip=case.strike.skip)
    run = place.run(case.collector, case.stream, hurried=case.name == "timeout")
    walk = run.walk
    assert walk is not None, run.skipped
    assert walk.outcome == case.outcome, walk.error
    assert (walk.finished_at is None) == run.failed == (case.rest is not None)
    if case.rest is not None:
        said(case, walk.error)
        assert walk.resume_at == began + case.rest
    elif case.said:
        assert any(re.search(case.said, note) for note in walk.notes), walk.notes
    else:
        assert walk.notes == () and walk.error == ""
    stored = place.stored(case.collector)
    nothing_wrong(place, case, stored, whole)
    good_rows_are_kept(case, stored, whole)
    fell_and_gone(place, case, whole)

    place.end_fault(case.collector)
    for _ in range(1 if case.heals else 2):
        place.clock.set(walk.resume_at or place.clock() + (timedelta(days=case.days) if case.stream != "stories" else SHORT))
        again = place.run(case.collector, case.stream)
        assert again.walk is not None and not again.failed, again
        walk = again.walk
    healed(place, case, whole)


def said(case: Case, error: str) -> None:
    """The message names the account, the endpoint, what happened, and the next step."""
    account = ACCOUNTS[case.collector]
    assert error.startswith(f"{account}: "), error
    assert ENDPOINT.match(error.removeprefix(f"{account}: ")), error
    assert re.search(case.said, error), error
    assert re.search(r" -> \S.{8,}", error), error


def nothing_wrong(place: Place, case: Case, stored: Stored, whole: Stored) -> None:
    """Every value is the world's (or flagged as fallen), every post and article one that there is, as it is."""
    assert [row for row in place.wrong(case.collector) if not row[-1]] == [], "not flagged as fallen"
    assert stored.posts.items() <= whole.posts.items() or case.fault == "vanished post"
    if not case.more:
        assert stored.keys <= whole.keys
        assert {(k, *row[:2]) for k, row in stored.articles.items()} <= {(k, *row[:2]) for k, row in whole.articles.items()}


def good_rows_are_kept(case: Case, stored: Stored, whole: Stored) -> None:
    lost = whole.keys - stored.keys
    if case.missing is not None:
        assert lost == case.missing(whole)
        if case.fault == "retired metric":
            assert {key[1] for key in stored.gaps} >= {key[2] for key in lost} or case.said, "a gap with its reason, or a note"
        return
    assert lost, "the fault did not strike"
    if case.strike.skip and case.stream == "posts":
        kept = sorted((whole.posts[key][2] for key in stored.posts), reverse=True)
        assert kept == sorted((row[2] for row in whole.posts.values()), reverse=True)[: len(kept)] and kept
    elif case.strike.skip and not case.more:
        assert stored.keys


def fell_and_gone(place: Place, case: Case, whole: Stored) -> None:
    stored = place.stored(case.collector)
    gone = {key[0] for key, row in stored.posts.items() if row[-1]}
    assert gone == ({newest(whole)} if case.fault == "vanished post" and whole.posts else set())
    assert bool(stored.fell) == (case.fault == "falling counter")


def healed(place: Place, case: Case, whole: Stored) -> None:
    """The database is the one of an undisturbed run."""
    after = place.stored(case.collector)
    assert [row for row in place.wrong(case.collector) if not row[-1]] == []
    assert after.posts == whole.posts
    assert after.readings == whole.readings
    if not case.more:
        assert after.gaps == whole.gaps
        rolled_over = place.rows("metric FROM gaps WHERE metric = 'items' AND day IS NOT NULL", case.collector)
        assert bool(rolled_over) == (case.name == "rolled-over")
        assert after.articles == whole.articles
    assert after.articles.keys() >= whole.articles.keys()


def test_one_outlet_s_rest_is_not_the_others(place: Place) -> None:
    place.begin("feed", "items")
    place.box("feed").fault("429-seconds", "yaka-ajans")
    accounts = [a for a in place.settings.accounts if a.handle in ("yaka-ajans", "cinar-medya")]
    runs = {run.account.handle: run for run in place.jobs().collect(accounts)}
    assert {name: run.walk and run.walk.outcome for name, run in runs.items()} == {
        "yaka-ajans": "rate limited",
        "cinar-medya": "done",
    }
    again = {run.account.handle: run for run in place.jobs().collect(accounts)}
    assert again["yaka-ajans"].skipped == "feed:yaka-ajans asked for a rest until 03:05 UTC on 20.06.2026"
    assert again["cinar-medya"].walk and again["cinar-medya"].walk.outcome == "done"


def test_every_collector_has_a_word_on_every_fault(tell: Callable[[str], None]) -> None:
    told = {(case.collector, case.fault) for case in CASES if case.fault in FAULTS}
    assert told.isdisjoint(WITHOUT_REASON)
    assert told | WITHOUT_REASON.keys() == {(collector, fault) for collector in COLLECTORS for fault in FAULTS}
    tell(f"faults: {len(CASES)} cases, {len(told)} of {len(COLLECTORS) * len(FAULTS)} pairs; the others have no such fault:")
    for reason in sorted(set(WITHOUT_REASON.values())):
        tell(f"  {', '.join(f'{c} {f}' for (c, f), why in WITHOUT_REASON.items() if why == reason)}: {reason}")
