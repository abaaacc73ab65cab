"""Entries are kept as they were entered: approved by a second person, replaced by corrections, each with its file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import MecraError, Period
from storage import Storage, opened
from storage.entries import Figure, all_entries, approve, enter, entries_of, same_person, scaled
from storage.evidence import LONGEST_NAME, MOST_BYTES, evidence, evidence_of, safe_name
from storage.knowledge import Known
from tests.conftest import ISTANBUL

NOON = datetime(2026, 7, 20, 9, tzinfo=UTC)
HALF = Period(2026, 1)
FIGURE = Figure("PG1", HALF, value=26)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with opened(tmp_path / "mecra.db", ISTANBUL) as store:
        yield store


def states(storage: Storage) -> list[tuple[int, str, int | None]]:
    return [(entry.entry, entry.state, entry.by) for entry in all_entries(storage)]


@pytest.mark.parametrize("value", [0, 26, Fraction("96.4"), Fraction("0.05"), Fraction(10**15), None])
def test_a_figure_comes_back_exactly(storage: Storage, value: Fraction | int | None) -> None:
    figure = Figure("PG1", None if value is None else HALF, date(2026, 3, 6), value, "112", "https://a.example", "tam", None)
    number = enter(storage, figure, by="Ayşe Yılmaz", at=NOON)
    (found,) = all_entries(storage)
    assert (found.entry, found.figure, found.entered_by, found.entered_at) == (
        number,
        figure,
        "Ayşe Yılmaz",
        "2026-07-20T09:00:00Z",
    )


@given(st.integers(0, 10**15), st.integers(0, 6))
def test_decimals_are_scaled_to_the_smallest_power_of_ten(digits: int, places: int) -> None:
    value = Fraction(digits, 10**places)
    numerator, denominator = scaled(value)
    assert Fraction(numerator, denominator) == value and denominator <= 10**places
    assert denominator == 1 or numerator % 10


def test_what_no_decimal_writes_is_refused() -> None:
    with pytest.raises(ValueError, match="1/3"):
        scaled(Fraction(1, 3))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ayşe", "ayşe"),
        ("İSMAİL", "ismail"),
        ("ISMAIL", "ismail"),
        ("Işık Gül", "IŞIK  GÜL "),
        ("ali", " ALİ"),
        ("ali", "al\u200bi"),
        ("Ays\u0327e", "Ayşe"),
        ("ａｌｉ", "ali"),
        ("Ali\u00a0Can", "ali can"),
    ],
)
def test_one_person_under_two_spellings(one: str, other: str) -> None:
    assert same_person(one, other) and same_person(other, one)


@pytest.mark.parametrize(("one", "other"), [("Ayşe", "Ayse"), ("ali can", "alican"), ("Ali", "Veli")])
def test_two_persons(one: str, other: str) -> None:
    assert not same_person(one, other)


def test_somebody_else_approves_and_once(storage: Storage) -> None:
    number = enter(storage, FIGURE, by="İsmail", at=NOON)
    with pytest.raises(MecraError, match="entry 1 was entered by İsmail: somebody else"):
        approve(storage, number, by=" ISMAIL ", at=NOON)
    assert states(storage) == [(1, "waiting", None)]
    assert approve(storage, number, by="Ayşe", at=NOON).counts
    with pytest.raises(MecraError, match="approved by Ayşe already"):
        approve(storage, number, by="Mehmet", at=NOON)
    with pytest.raises(MecraError, match="no entry 7"):
        approve(storage, 7, by="Ayşe", at=NOON)


def test_an_approval_written_past_the_command_by_the_same_person_does_not_count(storage: Storage) -> None:
    enter(storage, FIGURE, by="İsmail", at=NOON)
    storage.connection.execute("UPDATE entries SET approved_by = 'ismail', approved_at = '2026-07-20T10:00:00Z'")
    assert states(storage) == [(1, "waiting", None)]


def test_rows_never_change_and_never_go(storage: Storage) -> None:
    enter(storage, FIGURE, by="Ayşe", at=NOON)
    for change in ("value = 27", "note = 'x'", "period = '2026'", "entered_by = 'x'", "evidence_sha256 = NULL, url = 'x'"):
        with pytest.raises(sqlite3.IntegrityError, match="enter a correction"):
            storage.connection.execute(f"UPDATE entries SET {change}")
        storage.connection.rollback()
    approve(storage, 1, by="Mehmet", at=NOON)
    for change in ("UPDATE entries SET approved_by = 'x'", "UPDATE entries SET approved_at = NULL", "DELETE FROM entries"):
        with pytest.raises(sqlite3.IntegrityError, match="enter a correction"):
            storage.connection.execute(change)


def test_a_chain_of_corrections(storage: Storage) -> None:
    enter(storage, FIGURE, by="a", at=NOON)
    approve(storage, 1, by="b", at=NOON)
    enter(storage, Figure("PG1", HALF, value=27, corrects=1), by="a", at=NOON)
    assert states(storage) == [(1, "counts", None), (2, "waiting", None)]
    enter(storage, Figure("PG1", HALF, value=28, corrects=2), by="a", at=NOON)
    assert states(storage) == [(1, "counts", None), (2, "corrected", 3), (3, "waiting", None)]
    with pytest.raises(MecraError, match="entry 2 was corrected by entry 3: approve that one"):
        approve(storage, 2, by="b", at=NOON)
    approve(storage, 3, by="b", at=NOON)
    assert states(storage) == [(1, "corrected", 3), (2, "corrected", 3), (3, "counts", None)]
    for former in (1, 2):
        with pytest.raises(MecraError, match="already: correct that one"):
            enter(storage, Figure("PG1", HALF, value=29, corrects=former), by="a", at=NOON)


def test_a_withdrawal_takes_the_place_of_what_it_withdraws(storage: Storage) -> None:
    issue = Figure("PG3", day=date(2026, 3, 6), number="112")
    enter(storage, issue, by="a", at=NOON)
    approve(storage, 1, by="b", at=NOON)
    enter(storage, Figure("PG3", note="never went out", corrects=1, withdraws=True), by="a", at=NOON)
    assert states(storage)[0] == (1, "counts", None)
    approve(storage, 2, by="b", at=NOON)
    assert states(storage) == [(1, "withdrawn", 2), (2, "withdrawal", None)]
    assert (all_entries(storage)[1].figure.day, all_entries(storage)[1].figure.number) == (date(2026, 3, 6), "112")
    assert enter(storage, issue, by="a", at=NOON) == 3


def test_a_second_figure_in_the_same_place_is_refused(storage: Storage) -> None:
    enter(storage, FIGURE, by="a", at=NOON)
    with pytest.raises(MecraError, match=r"entry 1 stands there already \(PG1, 2026-H1\): write --corrects 1"):
        enter(storage, FIGURE, by="c", at=NOON)
    enter(storage, Figure("PG1", Period(2026, 2), value=26), by="a", at=NOON)
    enter(storage, Figure("PG2", HALF, value=26), by="a", at=NOON)
    enter(storage, Figure("PG3", day=date(2026, 3, 6), number="112"), by="a", at=NOON)
    enter(storage, Figure("PG3", day=date(2026, 3, 6), number="113"), by="a", at=NOON)
    with pytest.raises(MecraError, match="2026-03-06 #112"):
        enter(storage, Figure("PG3", day=date(2026, 3, 6), number="112"), by="a", at=NOON)
    assert len(all_entries(storage)) == 5


def test_a_correction_is_of_something_and_of_the_same_indicator(storage: Storage) -> None:
    enter(storage, FIGURE, by="a", at=NOON)
    with pytest.raises(MecraError, match="entry 1 is of PG1, not of PG2"):
        enter(storage, Figure("PG2", HALF, value=1, corrects=1), by="a", at=NOON)
    with pytest.raises(MecraError, match="there is no entry 9"):
        enter(storage, Figure("PG1", HALF, value=1, corrects=9), by="a", at=NOON)


def test_corrections_in_a_circle_come_to_an_end(storage: Storage) -> None:
    enter(storage, FIGURE, by="a", at=NOON)
    enter(storage, Figure("PG1", HALF, value=27, corrects=1), by="a", at=NOON)
    storage.connection.execute("DROP TRIGGER entries_stay")
    storage.connection.execute("UPDATE entries SET corrects = 3 - entry, approved_by = 'b', approved_at = entered_at")
    assert len(all_entries(storage)) == 2


def test_as_of_an_instant(storage: Storage) -> None:
    enter(storage, FIGURE, by="a", at=NOON)
    approve(storage, 1, by="b", at=NOON + timedelta(hours=1))
    enter(storage, Figure("PG1", HALF, value=27, corrects=1), by="a", at=NOON + timedelta(hours=2))
    approve(storage, 2, by="b", at=NOON + timedelta(hours=3))

    def at(minutes: int) -> list[str]:
        return [entry.state for entry in entries_of(storage, "PG1", Known(0, NOON + timedelta(minutes=minutes)))]

    assert [at(minutes) for minutes in (-1, 0, 59, 60, 120, 179, 180)] == [
        [],
        ["waiting"],
        ["waiting"],
        ["counts"],
        ["counts", "waiting"],
        ["counts", "waiting"],
        ["corrected", "counts"],
    ]
    early = entries_of(storage, "PG1", Known(0, NOON))[0]
    assert (early.approved_by, early.approved_at) == (None, None)
    assert entries_of(storage, "PG2", Known(0, NOON + timedelta(days=1))) == ()


OPERATIONS = st.lists(st.tuples(st.sampled_from(["enter", "correct", "withdraw", "approve"]), st.integers(0, 5)), max_size=12)
CODES = count()


@given(OPERATIONS)
def test_what_stood_at_an_instant_stands_there_for_ever(shared: Storage, operations: list[tuple[str, int]]) -> None:
    code = f"PG{next(CODES)}"
    numbers: list[int] = []
    seen = {}
    for second, (operation, index) in enumerate(operations):
        at = NOON + timedelta(seconds=second)
        of = numbers[index % len(numbers)] if numbers else 0
        corrects = None if operation == "enter" else of
        with suppress(MecraError):
            if operation == "approve":
                approve(shared, of, by="b", at=at)
            else:
                figure = Figure(code, HALF, value=second, corrects=corrects, withdraws=operation == "withdraw")
                numbers.append(enter(shared, figure, by="a", at=at))
        seen[at] = entries_of(shared, code, Known(0, at))
        assert sum(entry.counts for entry in seen[at]) <= 1, "one figure of a period"
    assert all(entries_of(shared, code, Known(0, at)) == found for at, found in seen.items())


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    with opened(tmp_path_factory.mktemp("entries") / "mecra.db", ISTANBUL) as store:
        yield store


def test_two_at_once_enter_one(storage: Storage, tmp_path: Path) -> None:
    def once(name: str) -> bool:
        with opened(tmp_path / "mecra.db", ISTANBUL) as own, suppress(MecraError):
            return enter(own, FIGURE, by=name, at=NOON) > 0
        return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(once, "abcd")) == 1
    assert len(all_entries(storage)) == 1


def test_nothing_is_done_by_hand_before_what_is_sealed(storage: Storage) -> None:
    """Else the sealed statement, measured again, would see what it could not have seen."""
    enter(storage, FIGURE, by="a", at=NOON)
    storage.connection.execute("INSERT INTO plans VALUES ('p', 'H', 'H', '', '')")
    storage.connection.execute(
        "INSERT INTO snapshots (period, revision, as_of, taken_at, plan, archive, status, sealed_at) "
        "VALUES ('2026-H1', 1, '2026-07-20T10:00:00Z', '2026-07-20T10:00:00Z', 'p', 0, 'ok', '2026-07-20T10:00:00Z')"
    )
    storage.connection.commit()
    with pytest.raises(MecraError, match="2026-07-20T10:00:00Z is sealed"):
        approve(storage, 1, by="b", at=NOON + timedelta(hours=1))
    with pytest.raises(MecraError, match="is sealed"):
        enter(storage, Figure("PG2", HALF, value=1), by="a", at=NOON)
    assert approve(storage, 1, by="b", at=NOON + timedelta(hours=1, seconds=1)).counts


def test_a_file_is_kept_once_and_comes_back_or_is_missed_aloud(storage: Storage) -> None:
    file = evidence("rapor.pdf", b"%PDF 26")
    enter(storage, FIGURE, by="a", at=NOON, evidence=file)
    enter(storage, Figure("PG2", HALF, value=1), by="a", at=NOON, evidence=evidence("kopya.pdf", b"%PDF 26"))
    enter(storage, Figure("PG3", HALF, value=1), by="a", at=NOON)
    assert storage.connection.execute("SELECT count(*), sum(bytes) FROM evidence").fetchone() == (1, 7)
    assert evidence_of(storage, 1) == evidence_of(storage, 2) == file
    assert all_entries(storage)[0].evidence == file.sha256
    with pytest.raises(MecraError, match="without a file"):
        evidence_of(storage, 3)
    with pytest.raises(MecraError, match="no entry 9"):
        evidence_of(storage, 9)
    storage.connection.execute("UPDATE evidence SET body = x'00'")
    with pytest.raises(MecraError, match=f"not the one that was handed in .{file.sha256}"):
        evidence_of(storage, 1)


def test_a_refused_entry_leaves_no_file_behind(storage: Storage) -> None:
    with pytest.raises(MecraError):
        enter(storage, Figure("PG1", HALF, value=1, corrects=9), by="a", at=NOON, evidence=evidence("a", b"a"))
    assert storage.connection.execute("SELECT count(*) FROM evidence").fetchone() == (0,)


def test_empty_and_huge_files_are_refused() -> None:
    with pytest.raises(MecraError, match=r"boş\.pdf is empty"):
        evidence("boş.pdf", b"")
    with pytest.raises(MecraError, match=r"has 20\.0 MB, at most 20"):
        evidence("a.pdf", bytes(MOST_BYTES + 1))
    assert len(evidence("a.pdf", bytes(MOST_BYTES)).body) == MOST_BYTES


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ayse\\rapor.pdf", "rapor.pdf"),
        ("a\x1b[31m\nb\x00.pdf", "a [31m b .pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        (".htaccess", "htaccess"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("/", "unnamed"),
        ("Şubat Bülteni İ.pdf", "Şubat Bülteni İ.pdf"),
    ],
)
def test_a_name_is_harmless(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_any_name_is_harmless(name: str) -> None:
    safe = safe_name(name)
    assert (
        0 < len(safe) <= LONGEST_NAME and safe.isprintable() and "/" not in safe and "\\" not in safe and not safe.startswith(".")
    )
    assert safe_name(safe) == safe
