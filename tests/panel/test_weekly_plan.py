"""Plan: each slot with what the statement says of it, sums that are the statement's, and any week that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.plan import Slots
from indicators.listing import put_lists
from model import Period, to_text
from panel.slot_states import AHEAD, LATE, MET, MISSED, WITHDRAWN, by_cell, judged, monday_of, summed, week_of, weeks_of
from reports.statement import Row, Standings
from storage import Storage
from storage.browsing_slots import ShownSlot, shown_slots
from storage.database import transaction
from storage.knowledge import Known
from storage.slots import NewSlot, take_in, withdraw
from tests.indicators.standing import ISTANBUL, store
from tests.panel.served import Get, is_inert, served
from tests.reports.measured import BEGIN, DAY, H1, LAST, X, half_a_year, provisional, the_plan
from tests.reports.sample import HOSTILE

TEN = BEGIN + timedelta(weeks=9, days=1, hours=9)  # a Friday's bulletin, in the week from 2 March
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Storage, Standings]:
    storage = half_a_year(tmp_path_factory.mktemp("plan"))
    more = [
        NewSlot(TEN - 3 * HOUR, "x", HOSTILE[3]),  # its post comes three hours too late
        NewSlot(TEN + 2 * DAY, "x", HOSTILE[4].replace("\ud800", "").replace("\x00", "")),
        NewSlot(TEN + 3 * DAY, "x", "Geri çekilen"),
        NewSlot(TEN + 3 * DAY + HOUR, "youtube", HOSTILE[6]),
    ]
    take_in(storage, more, "ek.csv def", BEGIN)
    numbers = dict(storage.connection.execute("SELECT title, slot FROM plan_slots").fetchall())
    with transaction(storage.connection):
        withdraw(storage, [numbers["Geri çekilen"]], "<i>yas</i> ilan edildi", TEN)
        withdraw(storage, [numbers[HOSTILE[6]]], "geç haber", TEN + 5 * DAY)
    found = provisional(storage)
    put_lists(storage, the_plan(), H1, Known(10**9, LAST))
    return storage, found


@pytest.fixture(scope="module")
def get(kept: tuple[Storage, Standings]) -> Iterator[Get]:
    with served(Path(kept[0].connection.execute("PRAGMA database_list").fetchone()[2])) as get:
        yield get


def row(found: Standings) -> Row:
    return next(row for row in found.rows if isinstance(row.indicator.rule, Slots))


def states(kept: tuple[Storage, Standings]) -> list[tuple[ShownSlot, str]]:
    storage, found = kept
    start, end = (to_text(at) for at in H1.span(ISTANBUL))
    slots = shown_slots(storage, start, end, found.snapshot.as_of)
    return [(one.slot, one.state) for one in judged(slots, row(found).beside, LAST, timedelta(minutes=60), ISTANBUL)]


def test_the_sums_are_those_of_the_statement(kept: tuple[Storage, Standings], get: Get) -> None:
    storage, found = kept
    beside = row(found).beside
    start, end = (to_text(at) for at in H1.span(ISTANBUL))
    slots = judged(shown_slots(storage, start, end, found.snapshot.as_of), beside, LAST, timedelta(minutes=60), ISTANBUL)
    whole = summed(slots)
    assert (str(whole.met), str(whole.planned)) == (row(found).stored.numerator, row(found).stored.denominator)
    for week, counts in beside["weeks"].items():
        own = summed(one for one in slots if one.week == week)
        assert {"planned": own.planned, "met": own.met} == counts
    cells = {f"{day + 1} {hour:02}": {"planned": planned, "met": met} for (day, hour), (met, planned) in by_cell(slots).items()}
    assert cells == beside["cells"]
    assert {one.slot.slot for one in slots if one.state == MISSED} == {one["slot"] for one in beside["missed"]}
    assert all(one.post for one in slots if one.state in (MET, LATE))
    page = get("/plan?donem=2026-H1").page
    assert f"Planlanan {whole.planned} gönderiden {whole.met} tanesi 60 dakika içinde" in page.words


def test_a_week_shows_each_slot_with_its_state_in_words(kept: tuple[Storage, Standings], get: Get) -> None:
    answer = get("/plan?donem=2026-H1&hafta=2026-W10")
    is_inert(answer)
    shown = dict(re.findall(r'<li id="slot-(\d+)" class="slot (\w+)">', answer.text))
    expected = {str(slot.slot): state for slot, state in states(kept) if week_in_istanbul(slot) == "2026-W10"}
    assert shown == expected and set(expected.values()) >= {MET, MISSED}
    for word, state in (("gerçekleşti", MET), ("kaçırıldı", MISSED), ("gecikti", LATE), ("plandan çıktı", WITHDRAWN)):
        assert answer.text.count(f"</span> {word}</span>") == list(expected.values()).count(state), word
    words = answer.page.words
    assert "<script>alert(1)</script>" in words and "2026-W09" in words and "2026-W11" in words


def test_withdrawn_slots_tell_why_and_whether_they_left(kept: tuple[Storage, Standings], get: Get) -> None:
    storage, _ = kept
    numbers = dict(storage.connection.execute("SELECT title, slot FROM plan_slots").fetchall())
    found = {slot.slot: state for slot, state in states(kept)}
    assert found[numbers["Geri çekilen"]] == WITHDRAWN and found[numbers[HOSTILE[6]]] == MISSED
    week = week_of((TEN + 3 * DAY).astimezone(ISTANBUL).date())
    words = get(f"/plan?donem=2026-H1&hafta={week}").page.words
    assert "<i>yas</i> ilan edildi" in words and "planda kalır (geç haber)" in words


def week_in_istanbul(slot: ShownSlot) -> str:
    return week_of(datetime.fromisoformat(slot.planned_at).astimezone(ISTANBUL).date())


def test_what_was_running_at_the_statement_is_ahead() -> None:
    slot = ShownSlot(1, "2026-03-02T09:00:00Z", "x", "", None, "", "2026-01-01T00:00:00Z", None)
    slots = [slot, replace(slot, slot=2, planned_at="2026-03-02T08:59:59Z")]
    at = datetime.fromisoformat("2026-03-02T10:00:00Z")
    assert [one.state for one in judged(slots, {}, at, HOUR, ISTANBUL)] == [AHEAD, MET]


def test_a_week_across_the_edge_of_the_period(get: Get) -> None:
    answer = get("/plan?donem=2026-H1&hafta=2026-W27")
    assert answer.text.count("day outside") == 5 and answer.page.words.count("başka dönemde") == 5
    assert weeks_of(Period(2026, 1))[-1] == "2026-W27" == weeks_of(Period(2026, 2))[0]
    assert monday_of("2026-W27").isoformat() == "2026-06-29"


def test_tolerances_beside_each_other(kept: tuple[Storage, Standings], get: Get) -> None:
    within = row(kept[1]).beside["within"]
    shown = re.findall(r'<th scope="row">(\d+) dakika</th><td class="n">(\d+)</td>', get("/plan").text)
    assert shown == [(minutes, str(within[minutes])) for minutes in ("15", "30", "60")]


def test_the_heat_map_has_its_table(get: Get) -> None:
    page = get("/plan").page
    assert get(page.all("img")[0]["src"]).status == 200
    assert "Güne ve saate göre gerçekleşen / planlanan" in page.words


def test_both_languages(get: Get) -> None:
    english = get("/plan?donem=2026-H1&hafta=2026-W10&lang=en")
    is_inert(english)
    assert "not kept" in english.text and "kaçırıldı" not in english.text and "2026-W10" in english.page.words


def test_nothing_was_planned(get: Get, tmp_path: Path) -> None:
    store(tmp_path, X)
    with served(tmp_path / "mecra.db") as empty:
        for asked in (empty, get):
            answer = asked("/plan?donem=2025-H1")
            assert answer.status == 200 and "mecra import plan" in answer.text
            is_inert(answer)


@given(
    st.sampled_from(["", "2026-H1", "2026", "2025-H2"]),
    st.one_of(st.sampled_from(["2026-W10", "2026-W99", "W1", "2026-W27"]), st.text(max_size=30)),
)
def test_any_week_has_an_answer(get: Get, period: str, week: str) -> None:
    answer = get(f"/plan?donem={period}&hafta={quote(week.encode('utf-8', 'surrogatepass'))}")
    assert answer.status == 200
    is_inert(answer)


@pytest.mark.parametrize("period", ["1800", "yok", "%00", "9" * 5000])
def test_a_period_that_is_none(get: Get, period: str) -> None:
    answer = get(f"/plan?donem={period}")
    assert answer.status == 404
    is_inert(answer)
