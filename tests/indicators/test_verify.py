"""Verifying: whatever is touched, removed or swapped is found and named, and nothing is found where nothing was."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from config.checks import ConfigError
from indicators.finding import Finding
from indicators.verify import verify
from model import Reading
from storage import Storage
from storage.plans import register_plan
from storage.seal_file import NAME, read_lines
from tests.indicators.sealing import EDGE, H1, SETTLED, YEAR, Y, card, filled, findings, sealed, unguarded, written
from tests.indicators.standing import Archive

Check = Callable[..., list[str]]


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """Three seals: the half-year, the year, and the half-year corrected."""
    storage = filled(tmp_path)
    sealed(storage)
    sealed(storage, Y)
    sealed(storage, at=YEAR + SETTLED, reason="denetim")
    written(storage, tmp_path)
    return storage


def touch(storage: Storage, *statements: str) -> None:
    with unguarded(storage):
        for statement in statements:
            assert storage.connection.execute(statement).rowcount > 0


def said(found: list[Finding]) -> list[str]:
    return [f"{f.period} r{f.revision}: {f.what.said()}" if f.period else f.what.said() for f in found]


@pytest.fixture
def check(storage: Storage, tmp_path: Path) -> Check:
    def run(*, quick: bool = False) -> list[str]:
        found = findings(storage, tmp_path, quick=quick)
        assert all(f.failed for f in found)
        assert all(f.cure.said() for f in found)
        return said(found)

    return run


def test_nothing_is_found_where_nothing_was_touched(check: Check) -> None:
    assert check() == check(quick=True) == []


def test_a_touched_reading(storage: Storage, check: Check) -> None:
    touch(storage, "UPDATE readings SET value = 201 WHERE reading = 1")
    found = check()
    assert "2026-H1 r1: PG1: measured again it is value 252, numerator 252" in "\n".join(found)
    assert "2026-H1 r1: PG1, x:a: measured again it is value 201, closing 201, sealed was value 200, closing 200" in found
    assert "2026-H1 r1: PG1, x:a: reading 1 (x:a, followers) says 201 now, sealed was 200" in found
    assert "2026-H1 r2: PG1, x:a: reading 1 (x:a, followers) says 201 now, sealed was 200" in found
    assert not [line for line in found if line.startswith("2026 r1")], "the year rests on other readings"
    assert check(quick=True) == []


def test_a_reading_that_moved_in_time(storage: Storage, check: Check) -> None:
    touch(storage, "UPDATE readings SET at = '2026-06-29T20:00:00Z' WHERE reading = 1")
    assert "2026-H1 r1: PG1, x:a: the rows that it was counted from are no longer those that were sealed" in check()


def test_a_deleted_reading(storage: Storage, check: Check) -> None:
    touch(storage, "DELETE FROM readings WHERE reading = 1")
    assert "2026-H1 r1: PG1, x:a: reading 1 is not there any more" in check()


@pytest.mark.parametrize(
    ("column", "value", "was"),
    [
        ("value", "300", "value 300, measured again it is value 251"),
        ("performance", "99.5", "performance 99.5, measured again it is performance 50.33"),
        ("numerator", "'300'", "numerator 300, measured again it is numerator 251"),
        ("status", "'provisional'", "status provisional, measured again it is status ok"),
        ("note", "'x'", "note x, measured again it is note "),
        ("target", "300", "target 300, measured again it is target 400"),
    ],
)
def test_a_touched_value(storage: Storage, check: Check, column: str, value: str, was: str) -> None:
    touch(storage, f"UPDATE snapshot_values SET {column} = {value} WHERE snapshot = 1 AND code = 'PG1'")
    found = check()
    assert found[0].startswith("2026-H1 r1: the stored rows are not those that were sealed: their SHA-256 is ")
    assert found[1:] == [f"2026-H1 r1: PG1: its stored row was touched: it says {was}"]
    assert check(quick=True) == found[:1]


def test_touched_evidence(storage: Storage, check: Check) -> None:
    touch(storage, "UPDATE snapshot_evidence SET closing = 1, value = 1 WHERE snapshot = 2 AND part = 'x:a'")
    found = check()
    assert found[0].startswith("2026 r1: the stored rows are not those")
    assert (
        "2026 r1: PG1, x:a: its stored evidence was touched: it says value 1, closing 1, measured again it is value 260, closing 260"
        in found
    )


def test_evidence_put_in_or_taken_out(storage: Storage, check: Check) -> None:
    touch(
        storage,
        "DELETE FROM snapshot_evidence WHERE snapshot = 1 AND part = 'x:a'",
        "INSERT INTO snapshot_evidence (snapshot, code, part, value) VALUES (2, 'PG1', 'x:z', 5)",
    )
    found = check()
    assert "2026-H1 r1: PG1, x:a: measured now, and not in the sealed evidence" in found
    assert "2026 r1: PG1, x:z: in the sealed evidence, and not measured any more" in found


def test_a_value_put_in_or_taken_out(storage: Storage, check: Check) -> None:
    touch(
        storage,
        "DELETE FROM snapshot_values WHERE snapshot = 1 AND code = 'PG2'",
        "INSERT INTO snapshot_values (snapshot, code, status) VALUES (2, 'PG9', 'ok')",
    )
    found = check()
    assert "2026-H1 r1: PG2: its value is gone from the sealed snapshot" in found
    assert "2026 r1: PG9: a value that the plan has not was put into the sealed snapshot" in found


@pytest.mark.parametrize(
    "change", ["goal = 1", "reason = 'x'", "sealed_by = 'x'", "as_of = '2026-07-13T21:00:00Z'", "note = 'x'", "scope = '[]'"]
)
def test_a_touched_head(storage: Storage, check: Check, change: str) -> None:
    touch(storage, f"UPDATE snapshots SET {change} WHERE snapshot = 2")
    assert check(quick=True)[0].startswith("2026 r1: the stored rows are not those that were sealed")


def test_a_touched_row_with_its_hash_made_new(storage: Storage, check: Check) -> None:
    """Who can write the hash too breaks the chain, and seals.txt remembers."""
    from dataclasses import replace

    from indicators.seal import sealed_hash
    from storage.snapshots import read

    first = read(storage, 1)
    assert first
    forged = sealed_hash(replace(first, reason="x"))
    touch(storage, f"UPDATE snapshots SET reason = 'x', sha256 = '{forged}' WHERE snapshot = 1")
    found = check(quick=True)
    assert found[0].startswith("2026 r1: the seal before it is gone or was replaced: it rests on ")
    assert found[1].startswith("2026-H1 r1: 2026-H1, revision 1: sealed on 2026-07-12 with ")
    assert found[1].endswith("and another one stands in its place")


def removed(storage: Storage, number: int) -> None:
    touch(storage, *(f"DELETE FROM {t} WHERE snapshot = {number}" for t in ("snapshot_evidence", "snapshot_values", "snapshots")))


def test_a_removed_first_one(storage: Storage, check: Check) -> None:
    removed(storage, 1)
    found = check()
    assert found[0].startswith("2026 r1: the seal before it is gone or was replaced")
    assert found[1] == "2026-H1 r2: revision 1 of 2026-H1 is missing"
    assert "2026-H1, revision 1: sealed on 2026-07-12" in found[2] and found[2].endswith("and gone from the database")
    assert len(found) == 3


def test_a_removed_middle_one(storage: Storage, check: Check) -> None:
    removed(storage, 2)
    found = check()
    assert found[0].startswith("2026-H1 r2: the seal before it is gone or was replaced")
    assert found[1].startswith("2026 r1: 2026, revision 1: sealed on 2027-01-12 with ") and found[1].endswith(
        "and gone from the database"
    )
    assert len(found) == 2


def test_a_removed_last_one_is_known_by_its_line(storage: Storage, check: Check, tmp_path: Path) -> None:
    removed(storage, 3)
    found = check(quick=True)
    assert len(found) == 1 and found[0].endswith("and gone from the database") and "2026-H1, revision 2" in found[0]
    sealed(storage, at=YEAR + 2 * SETTLED, reason="yerine")
    found = check(quick=True)
    assert len(found) == 1 and found[0].endswith("and another one stands in its place")


def test_everything_removed_is_known_by_its_lines(storage: Storage, check: Check) -> None:
    for number in (1, 2, 3):
        removed(storage, number)
    assert len(check(quick=True)) == 3


def test_lines_that_are_missing_are_added_and_told(storage: Storage, tmp_path: Path) -> None:
    path = tmp_path / NAME
    whole = path.read_text(encoding="utf-8")
    lines = whole.splitlines(keepends=True)
    path.write_text(lines[0] + lines[1][:50], encoding="utf-8")
    found = findings(storage, tmp_path)
    assert [(f.failed, f.kind) for f in found] == [(False, "file"), (False, "file")]
    assert read_lines(path)[0] == read_lines(_write(tmp_path / "other", whole))[0]
    assert findings(storage, tmp_path) == [], "what a crash cut off is no line of a stranger"
    path.unlink()
    assert len(findings(storage, tmp_path)) == 3 and path.read_text(encoding="utf-8") == whole


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_that_somebody_wrote_into(storage: Storage, tmp_path: Path, check: Check) -> None:
    with (tmp_path / NAME).open("a", encoding="utf-8") as file:
        file.write("hello\n2026-07-12T21:00:00Z 2025-H2 1 " + "0" * 64 + "\n")
    found = check(quick=True)
    assert found[0] == "seals.txt: 1 lines are none of ours"
    assert found[1].startswith("2025-H2 r1: 2025-H2, revision 1: sealed on 2026-07-12 with 000000000000")


def test_a_swapped_plan(storage: Storage, check: Check) -> None:
    touch(storage, """UPDATE plans SET body = replace(body, '"400"', '"252"')""")
    assert check() == [f"the stored text of plan {card().sha256[:12]} is not the one that was loaded"]


def test_a_removed_plan(storage: Storage, check: Check) -> None:
    touch(storage, "DELETE FROM targets", "DELETE FROM indicators", "DELETE FROM plans")
    name = card().sha256[:12]
    assert check() == [f"{where}: its plan {name} is not stored any more" for where in ("2026-H1 r1", "2026 r1", "2026-H1 r2")]


def test_a_changed_plan_file_is_told_and_a_fault_until_it_is_a_version(storage: Storage, tmp_path: Path) -> None:
    changed = card(**{'"400"': '"410"'})
    [finding] = findings(storage, tmp_path, plan=changed)
    assert finding.failed and finding.what.said() == (
        f"the plan file was changed: it is {changed.sha256[:12]}, the newest snapshot was taken by {card().sha256[:12]}"
    )
    register_plan(storage, changed, YEAR)
    [finding] = findings(storage, tmp_path, plan=changed)
    assert not finding.failed and "is in force" in finding.what.said()


def test_a_plan_file_that_cant_be_read(storage: Storage, tmp_path: Path) -> None:
    from config.plan_file import parse_plan

    def gone() -> None:
        raise ConfigError("plan.toml is gone")

    [finding] = verify(storage, tmp_path / NAME, parse_plan, gone)  # type: ignore[arg-type]
    assert finding.what.said() == "the plan file can't be used: plan.toml is gone"


def test_an_evidence_file_with_other_bytes(storage: Storage, check: Check) -> None:
    touch(storage, "UPDATE evidence SET body = x'00' WHERE sha256 = (SELECT evidence_sha256 FROM entries WHERE entry = 1)")
    assert [line.split(" (")[0] for line in check(quick=True)] == ["the file of entry 1 is not the one that was handed in"]


def test_a_touched_entry(storage: Storage, check: Check) -> None:
    touch(storage, "UPDATE entries SET note = 'x' WHERE entry = 1")
    assert "2026-H1 r1: PG2, entry:1: the rows that it was counted from are no longer those that were sealed" in check()
    touch(storage, "UPDATE entries SET value = 99 WHERE entry = 2")
    assert [line for line in check() if line.startswith("2026 r1: PG2: measured again it is value 99")]


def test_touched_answers(storage: Storage, check: Check) -> None:
    body = zlib.compress(b"other").hex()
    touch(storage, f"UPDATE responses SET body = x'{body}' WHERE response = 1")
    assert check(quick=True) == ["the archived answer 1 has another body than was stored"]
    touch(storage, "UPDATE responses SET body = x'00' WHERE response = 1", "DELETE FROM responses WHERE response = 3")
    assert check(quick=True) == ["the archived answer 1 has another body than was stored", "the archived answer 3 is gone"]


def test_a_dropped_guard(storage: Storage, check: Check) -> None:
    storage.connection.execute("DROP TRIGGER sealed_values_stay")
    assert check() == ["the trigger sealed_values_stay is gone, which keeps sealed and entered rows as they are"]


def test_a_guard_that_was_put_back_and_lets_pass(storage: Storage, check: Check) -> None:
    storage.connection.execute("DROP TRIGGER entries_are_kept")
    storage.connection.execute("CREATE TRIGGER entries_are_kept BEFORE UPDATE ON entries WHEN 0 BEGIN SELECT 1; END")
    assert check() == ["the trigger entries_are_kept is gone, which keeps sealed and entered rows as they are"]


def test_a_trigger_that_changes_figures_while_they_are_written(storage: Storage, check: Check) -> None:
    """Measured again from what it made of them, every sealed value would be right."""
    storage.connection.execute(
        "CREATE TRIGGER more AFTER INSERT ON readings BEGIN UPDATE readings SET value = 2 * value WHERE reading = new.reading; END"
    )
    assert check() == ["the trigger more is none of mecra's: it may change figures while they are written"]


def test_a_view_that_says_something_else(storage: Storage, check: Check) -> None:
    storage.connection.execute("DROP VIEW aboneler")
    storage.connection.execute(
        "CREATE VIEW aboneler AS SELECT 'youtube:a' AS hesap, '2026-06-30' AS gun, 1000000 AS abone, 1 AS tam"
    )
    assert check() == ["aboneler is not as mecra made it: what is read through it may be something else"]


def test_what_staff_have_added_for_themselves_is_no_finding(storage: Storage, check: Check) -> None:
    for statement in (
        "CREATE VIEW benim AS SELECT * FROM posts",
        "CREATE TABLE notlarim (a TEXT)",
        "CREATE INDEX hizli ON posts (kind)",
        "ANALYZE",
    ):
        storage.connection.execute(statement)
    assert check() == []


def test_what_breaks_measuring_is_a_finding_and_no_crash(storage: Storage, check: Check) -> None:
    touch(storage, "UPDATE snapshots SET as_of = 'yesterday' WHERE snapshot = 2")
    assert [line for line in check() if line.startswith("2026 r1: it can't be measured again: ValueError")]


def test_tables_derived_again_are_no_finding(storage: Storage, check: Check) -> None:
    """`mecra rebuild` gives readings other numbers."""
    touch(storage, "UPDATE readings SET reading = reading + 1000")
    assert check() == []


def test_later_answers_are_no_finding(storage: Storage, check: Check) -> None:
    archive = Archive(storage)
    archive.told("facebook:b", EDGE - timedelta(minutes=9), readings=[Reading("followers", 51)])
    archive.told("x:a", EDGE, readings=[Reading("followers", 5)])
    assert check() == [], "an answer that is archived after the seal, though it says to be from before it"


def test_a_line_is_what_it_says(storage: Storage, tmp_path: Path) -> None:
    first = (tmp_path / NAME).read_text(encoding="utf-8").splitlines()[0].split(" ")
    assert first[:3] == ["2026-07-12T21:00:00Z", "2026-H1", "1"] and len(first[3]) == len(hashlib.sha256().hexdigest())
    assert str(H1) == first[1]
