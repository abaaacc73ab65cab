"""Sealing: a hash over everything that was said, chained; a period once, and a correction as a new revision with its reason."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import fields, replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.plan import ByHand, Level
from indicators.seal import sealed_hash, sealed_text
from indicators.snapshot import details_of, settled_at, take, take_known
from model import MecraError, Period, Post, Reading
from storage import Storage
from storage.entries import Figure, approve, enter
from storage.knowledge import Known, known_at
from storage.snapshots import (
    PartRow,
    Snapshot,
    ValueRow,
    all_sealed,
    keep_provisional,
    latest_provisional,
    latest_sealed,
    read,
)
from tests.indicators.sealing import EDGE, H1, SETTLED, YEAR, Y, card, filled, findings, sealed, written
from tests.indicators.standing import ISTANBUL, Archive, account, indicator, plan, store


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return filled(tmp_path)


def test_a_snapshot_is_read_back_as_it_was_written(storage: Storage) -> None:
    found = sealed(storage).snapshot
    assert read(storage, found.snapshot) == found == latest_sealed(storage, H1)
    assert [(v.code, v.value, v.performance, v.performance_exact) for v in found.values] == [
        ("PG1", 251, 50.33, "151/300"),
        ("PG2", 97, 97.0, "97/100"),
    ]
    assert (found.goal, found.goal_exact, found.status, found.revision) == (69.0, "69/100", "ok", 1)
    assert [(p.part, p.value) for p in found.parts] == [("facebook:b", 51), ("x:a", 200), ("entry:1", "97/100")]
    assert json.loads(found.scope) == [["x:a", None, None], ["facebook:b", None, None]]


def test_figures_are_rounded_once_half_up_and_kept_exact(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    Archive(storage).told("x:a", EDGE - timedelta(hours=1), readings=[Reading("followers", 25110)])
    card = plan(indicator(Level(), kind="level", target=24000, weight=100))
    row = take(storage, card, H1, EDGE + SETTLED, taken_at=EDGE + SETTLED).values[0]
    assert (row.performance, row.performance_exact, row.capped) == (104.63, "837/800", 100.0)


def test_coverage_that_is_not_whole_never_looks_whole(tmp_path: Path) -> None:
    storage = store(tmp_path)
    names = [f"x:a{n}" for n in range(20_001)]
    storage.register([replace(account("x:a"), account=name) for name in names])
    archive = Archive(storage)
    for name in names[:1]:
        archive.told(name, EDGE - timedelta(hours=1), readings=[Reading("followers", 1)])
    storage.connection.execute(
        "INSERT INTO readings (account, metric, value, at, until, response) SELECT account, 'followers', 1, ?, ?, 1 FROM accounts "
        "WHERE account NOT IN ('x:a0', 'x:a7')",
        ("2026-06-30T20:00:00Z", "2026-06-30T20:00:00Z"),
    )
    row = take(storage, plan(indicator(Level(), kind="level")), H1, EDGE + SETTLED, taken_at=EDGE + SETTLED).values[0]
    assert (row.coverage, row.status) == (99.99, "provisional")


def test_what_is_hashed_can_be_made_without_us(storage: Storage, tmp_path: Path) -> None:
    """From the tables alone, by the words of docs/metrics.md."""
    done = sealed(storage).snapshot
    connection = sqlite3.connect(tmp_path / "mecra.db")
    connection.row_factory = sqlite3.Row

    def plain(row: sqlite3.Row, *left_out: str) -> dict[str, object]:
        return {k: repr(row[k]) if isinstance(row[k], float) else row[k] for k in row.keys() if k not in left_out}  # noqa: SIM118

    head = plain(connection.execute("SELECT * FROM snapshots").fetchone(), "snapshot", "sha256")
    head["values"] = [plain(r, "snapshot") for r in connection.execute("SELECT * FROM snapshot_values ORDER BY code")]
    head["evidence"] = [plain(r, "snapshot") for r in connection.execute("SELECT * FROM snapshot_evidence ORDER BY code, part")]
    text = json.dumps(head, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert text == sealed_text(done)
    assert hashlib.sha256(text.encode()).hexdigest() == done.sha256 == sealed_hash(done)


ROW = st.one_of(st.none(), st.integers(), st.text(max_size=5), st.floats(allow_nan=False, allow_infinity=False))


@given(st.sampled_from([f.name for f in fields(ValueRow)]), ROW, st.sampled_from([f.name for f in fields(PartRow)]), ROW)
def test_every_column_is_hashed(value: str, this: object, part: str, that: object) -> None:
    parts = PartRow("PG", "x", 1, None, 1, None, 1, None, None, 1, 1, "d", "")
    row = ValueRow("PG", 1, "1", "1", None, 2, 50.0, "1/2", 50.0, 50.0, 1, 100.0, "ok", "", "", "{}")
    whole = Snapshot("2026", "t", "t", "p", 1, 50.0, "1/2", "ok", "", "[]", (row,), (parts,))
    other = replace(row, **{value: this})  # type: ignore[arg-type]
    touched = replace(parts, **{part: that})  # type: ignore[arg-type]
    before = sealed_hash(whole)
    if repr(getattr(row, value)) != repr(this) and repr(this) != getattr(row, value) and this != repr(getattr(row, value)):
        assert sealed_hash(replace(whole, values=(other,))) != before
    if repr(getattr(parts, part)) != repr(that) and repr(that) != getattr(parts, part) and that != repr(getattr(parts, part)):
        assert sealed_hash(replace(whole, parts=(touched,))) != before


def test_the_head_is_hashed_too(storage: Storage) -> None:
    done = sealed(storage).snapshot
    changes = {
        "period": "2026-H2", "as_of": "x", "taken_at": "x", "plan": "x", "archive": 0, "goal": 1.0, "goal_exact": "x", "status": "x",
        "note": "x", "scope": "[]", "revision": 9, "previous_sha256": "x", "sealed_at": "x", "sealed_by": "x", "reason": "x",
    }  # fmt: skip
    assert set(changes) == {f.name for f in fields(Snapshot)} - {"values", "parts", "snapshot", "sha256"}
    for name, value in changes.items():
        assert sealed_hash(replace(done, **{name: value})) != done.sha256, name  # type: ignore[arg-type]


def test_the_chain_goes_over_all_periods(storage: Storage) -> None:
    first, second = sealed(storage).snapshot, sealed(storage, Y).snapshot
    third = sealed(storage, reason="bir hesap eksikti", at=YEAR + SETTLED).snapshot
    assert (first.previous_sha256, second.previous_sha256, third.previous_sha256) == (None, first.sha256, second.sha256)
    assert [(s.period, s.revision, s.reason) for s in all_sealed(storage)] == [
        ("2026-H1", 1, ""),
        ("2026", 1, ""),
        ("2026-H1", 2, "bir hesap eksikti"),
    ]


@pytest.mark.parametrize("early", [timedelta(seconds=1), timedelta(days=30)])
def test_a_period_that_is_not_over_is_not_sealed(storage: Storage, early: timedelta) -> None:
    with pytest.raises(MecraError, match=r"2026-H1 is not over: it can be sealed as of 2026-07-01 00:00 or later"):
        sealed(storage, at=EDGE - early)
    assert all_sealed(storage) == []


def test_what_lacks_is_sealed_only_when_it_is_wished_and_stays_provisional(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a", "facebook:b")
    Archive(storage).told("x:a", EDGE - timedelta(hours=1), readings=[Reading("followers", 200)])
    with pytest.raises(MecraError, match=r"PG1, PG2.*--provisional"):
        sealed(storage)
    done = sealed(storage, provisional=True).snapshot
    assert (done.status, done.revision) == ("provisional", 1)
    assert [v.status for v in done.values] == ["provisional", "no data"]
    assert "facebook:b" in done.values[0].note


def test_before_the_last_figures_are_in_it_is_provisional(storage: Storage) -> None:
    at = EDGE + timedelta(days=9, hours=23, minutes=59)
    with pytest.raises(MecraError, match="--provisional"):
        sealed(storage, at=at)
    assert sealed(storage, at=at, provisional=True).snapshot.note == "dönemin son verileri 11.07.2026 tarihinde tamamlanır"
    assert settled_at(card(), H1, ISTANBUL) == EDGE + timedelta(days=10)
    assert sealed(storage, at=EDGE + timedelta(days=10), reason="son veriler tamamlandı").snapshot.status == "ok"


def test_a_second_half_year_says_where_its_comparison_is(storage: Storage) -> None:
    done = sealed(storage, Period(2026, 2), provisional=True).snapshot
    assert done.goal is None and "2026 yılına bakınız" in done.note


def test_a_second_seal_without_a_reason_makes_none(storage: Storage) -> None:
    first = sealed(storage)
    again = sealed(storage, at=EDGE + 2 * SETTLED)
    assert (first.fresh, again.fresh, again.snapshot) == (True, False, first.snapshot)
    assert len(all_sealed(storage)) == 1


def test_a_correction_says_whether_it_changes_anything(storage: Storage) -> None:
    sealed(storage)
    at = EDGE + 2 * SETTLED
    assert sealed(storage, at=at, reason="denetim").equal
    number = enter(storage, Figure("PG2", H1, value=98, note="yanlış toplam", corrects=1), by="Ayşe", at=at + timedelta(hours=1))
    approve(storage, number, by="Mehmet", at=at + timedelta(hours=2))
    done = sealed(storage, at=at + timedelta(days=1), reason="yanlış toplam")
    assert not done.equal and done.before and (done.before.revision, done.snapshot.revision) == (2, 3)
    assert [s.value("PG2").value for s in all_sealed(storage)] == [97, 97, 98]  # type: ignore[union-attr]


def test_what_is_sealed_never_changes(storage: Storage) -> None:
    sealed(storage)
    for statement in (
        "UPDATE snapshots SET goal = 100", "DELETE FROM snapshots", "UPDATE snapshot_values SET value = 1",
        "DELETE FROM snapshot_values", "UPDATE snapshot_evidence SET value = 1", "DELETE FROM snapshot_evidence",
        "INSERT INTO snapshot_values (snapshot, code, status) VALUES (1, 'PG9', 'ok')",
        "INSERT INTO snapshot_evidence (snapshot, code, part) VALUES (1, 'PG1', 'x:z')",
    ):  # fmt: skip
        with pytest.raises(sqlite3.IntegrityError, match="a sealed snapshot"):
            storage.connection.execute(statement)
        storage.connection.rollback()


def test_provisional_ones_stand_beside_and_never_in_place(storage: Storage) -> None:
    done = sealed(storage).snapshot
    kept = keep_provisional(storage, take(storage, card(), H1, EDGE + SETTLED, taken_at=EDGE + SETTLED))
    assert latest_sealed(storage, H1) == done and latest_provisional(storage, H1) == kept
    assert (kept.revision, kept.sealed_at) == (0, None)


def test_a_failure_while_sealing_leaves_nothing(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indicators.seal.sealed_hash", lambda snapshot: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sealed(storage)
    assert storage.connection.execute("SELECT count(*) FROM snapshots").fetchone() == (0,)
    assert not storage.connection.in_transaction


def test_deleted_posts_and_fallen_counters_change_no_sealed_value(storage: Storage, tmp_path: Path) -> None:
    archive = Archive(storage)
    posts = [Post(str(n), "post", EDGE - timedelta(days=20, minutes=n)) for n in range(100)]
    archive.told("x:a", EDGE - timedelta(days=1), stream="posts", posts=posts, since=EDGE - timedelta(days=60), lasting=True)
    done = sealed(storage).snapshot
    written(storage, tmp_path)
    late = EDGE + SETTLED + timedelta(days=3)
    archive.told("x:a", late, stream="posts", since=EDGE - timedelta(days=60), lasting=True)
    archive.told("x:a", late, readings=[Reading("followers", 3)])
    archive.told("facebook:b", late + timedelta(hours=1), readings=[Reading("followers", 51)])  # extends the sealed row's `until`
    assert findings(storage, tmp_path) == []
    assert latest_sealed(storage, H1) == done
    assert latest_sealed(storage, H1) == sealed(storage, at=late + timedelta(days=1)).snapshot


def test_as_of_then_is_what_was_said_then(storage: Storage) -> None:
    then = EDGE + SETTLED
    said = take(storage, card(), H1, then, taken_at=then)
    Archive(storage).told("x:a", then + timedelta(days=1), readings=[Reading("followers", 999)])
    number = enter(storage, Figure("PG2", H1, value=1, note="n", corrects=1), by="Ayşe", at=then + timedelta(days=2))
    approve(storage, number, by="Mehmet", at=then + timedelta(days=2))
    assert take(storage, card(), H1, then, taken_at=then) == said
    now = take(storage, card(), H1, then + timedelta(days=3), taken_at=then)
    assert [v.value for v in now.values] == [251, 1]


def test_an_account_that_the_settings_name_later_counts_from_then_on(storage: Storage, tmp_path: Path) -> None:
    anywhere = card(**{'account = [{ account = "x:a" }, { account = "facebook:b" }]\n': ""})
    assert anywhere.scope == ()
    done = sealed(storage, plan=anywhere).snapshot
    written(storage, tmp_path)
    storage.register([account("x:new")])
    assert findings(storage, tmp_path, plan=anywhere) == []
    again = sealed(storage, plan=anywhere, reason="yeni hesap", provisional=True, at=EDGE + 2 * SETTLED).snapshot
    assert len(json.loads(again.scope)) == len(json.loads(done.scope)) + 1
    assert findings(storage, tmp_path, plan=anywhere)[0].failed is False


def test_notes_are_kept_as_told_and_said_in_any_language(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a")
    Archive(storage).told("x:a", EDGE - timedelta(days=9), readings=[Reading("followers", 7, exact=False)])
    whole = plan(indicator(Level(), kind="level"), indicator(ByHand(), code="PG2"))
    row, other = take_known(storage, whole, H1, known_at(storage, EDGE + SETTLED), taken_at=EDGE).values
    details = details_of(row)
    assert [note.said() for note in details.lacks] == ["x:a: last read on 2026-06-22, 8 days before the edge"]
    assert [note.said() for note in details.parts["x:a"]] == ["x:a: the platform rounds this number"]
    assert row.note.startswith("x:a: son okuma 22.06.2026")
    assert details.beside == {"growth": {}} and other.value is None


@given(st.fractions(min_value=0, max_value=10**9))
def test_a_value_is_never_a_float_that_is_not_its_rounding(value: Fraction) -> None:
    from indicators.snapshot import _figure

    found = _figure(value)
    assert found == int(value) if value.denominator == 1 else abs(Fraction(str(found)) - value) <= Fraction(1, 200)


def test_known_is_named_not_asked_again(storage: Storage) -> None:
    done = sealed(storage).snapshot
    assert (done.archive, done.as_of) == (Known(2, EDGE + SETTLED).response, "2026-07-12T21:00:00Z")
