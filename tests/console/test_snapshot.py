"""`mecra snapshot`, `snapshots`, `verify` as a person types them: what is shown, stored, sealed and found, and how it is refused."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result

from console.sealing import instant
from model import MecraError, from_text, utc_now
from storage import opened
from storage.snapshots import heads
from tests.indicators.sealing import CARD, EDGE, filled
from tests.indicators.standing import ISTANBUL
from words import speaking

Call = Callable[..., Result]
SETTINGS = """
plan = "card.toml"
[institution]
name = "Örnek"
[[accounts]]
platform = "x"
handle = "a"
[[accounts]]
platform = "facebook"
handle = "b"
id = "1"
[news]
feeds = false
gdelt.enabled = false
"""
THEN = "2026-07-12"  # of the world of these tests; the command itself has the machine's clock


@pytest.fixture
def settled(call: Call, tmp_path: Path) -> Call:
    if utc_now() < EDGE + timedelta(days=15):
        pytest.skip("the machine's clock is before the half-year of this test")
    filled(tmp_path).connection.close()
    (tmp_path / "mecra.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "card.toml").write_text(CARD, encoding="utf-8")
    return call


def right(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def wrong(result: Result) -> str:
    assert result.exit_code == 2, result.output
    assert len(result.stderr.strip().splitlines()) == 1
    return result.stderr


def test_where_it_stands_in_turkish(settled: Call) -> None:
    lines = right(settled("snapshot", "2026-H1", "--as-of", THEN, language="tr")).splitlines()
    assert lines[0] == "H1 · 2026-H1 · 01.01.2026 – 30.06.2026 · Örnek"
    assert lines[1] == "12.07.2026 23:59 itibarıyla · kesin, mühürlenmedi"
    assert lines[3].split() == [
        "gösterge",
        "değer",
        "gerçekleşen",
        "/",
        "planlanan",
        "başlangıç",
        "(A)",
        "yıl",
        "sonu",
        "hedefi",
        "(B)",
        "performans",
        "sayılan",
        "katkı",
        "dönem",
        "beklentisi",
        "kapsam",
        "durum",
    ]
    assert lines[5].split() == ["PG1", "251", "100", "400", "%50,33", "%50,33", "%30,2", "250", "%100", "kesin", "·", "seyrinde"]
    assert lines[6].split()[:7] == ["PG2", "%97", "97", "/", "100", "%90", "%100"]
    assert "Hedef performansı: %69" in lines
    assert any(line.startswith("  · 2026-H1 dönemi için elle girildi: %97 ") for line in lines)


def test_what_lacks_is_said(settled: Call, tmp_path: Path) -> None:
    said = right(settled("snapshot", "2026-H1", "--as-of", "2026-06-20"))
    assert "! the period runs until 2026-06-30" in said and "! something lacks: PG1, PG2" in said
    assert "x:a: never read up to the edge" in said
    assert "provisional, not sealed" in said
    assert "a second half-year is never compared" in right(settled("snapshot", "2026-H2"))


def test_what_is_shown_is_kept_one_a_day(settled: Call, tmp_path: Path) -> None:
    right(settled("snapshot", "2026-H1", "--dry-run"))
    assert "No snapshot is kept yet" in right(settled("snapshots"))
    for _ in range(2):
        right(settled("snapshot", "2026-H1", "--as-of", THEN))
    right(settled("snapshot", "2026-H1", "--as-of", "13.07.2026"))
    found = json.loads(right(settled("snapshots", "--json")))
    assert [(one["period"], one["as_of"], one["sealed_at"]) for one in found] == [
        ("2026-H1", "2026-07-13T20:59:59Z", None),
        ("2026-H1", "2026-07-12T20:59:59Z", None),
    ]
    assert "2026-H1" in right(settled("snapshots"))


def test_as_json(settled: Call) -> None:
    found = json.loads(right(settled("snapshot", "2026-H1", "--as-of", THEN, "--json")))
    assert found["goal_exact"] == "69/100" and found["status"] == "ok"
    one, other = found["values"]
    assert (one["code"], one["value"], one["numerator"], one["performance_exact"]) == ("PG1", 251, "251", "151/300")
    assert [part["part"] for part in one["parts"]] == ["facebook:b", "x:a"]
    assert other["details"]["beside"]["entered"] == "97/100"
    assert other["details"]["notes"][0].startswith("entered by hand for 2026-H1: 97% ")


def test_sealing_once_and_again_with_a_reason(settled: Call, tmp_path: Path) -> None:
    said = right(settled("snapshot", "2026-H1", "--seal", "--by", "Ayşe"))
    assert "2026-H1, revision 1, is sealed: " in said
    seal = (tmp_path / "seals.txt").read_text(encoding="utf-8").split()
    assert seal[1:3] == ["2026-H1", "1"] and seal[3] in said
    again = right(settled("snapshot", "2026-H1", "--seal", "--by", "Mehmet"))
    assert "was sealed already on" in again and "by Ayşe" in again and seal[3] in again
    corrected = right(settled("snapshot", "2026-H1", "--seal", "--by", "Mehmet", "--reason", "denetim  istedi"))
    assert "revision 2, is sealed" in corrected and "All its figures are those of revision 1." in corrected
    assert "reason: denetim istedi" in corrected
    with opened(tmp_path / "mecra.db", ISTANBUL) as storage:
        assert [(s.revision, s.sealed_by) for s in heads(storage)] == [(2, "Mehmet"), (1, "Ayşe")]
    assert "2 sealed snapshots: seals, chain, evidence and every value are as sealed" in right(settled("verify"))
    assert json.loads(right(settled("verify", "--quick", "--json")))["whole"] is True


def test_what_lacks_is_sealed_only_when_wished(settled: Call, tmp_path: Path) -> None:
    text = (tmp_path / "card.toml").read_text(encoding="utf-8")
    (tmp_path / "card.toml").write_text(text.replace('"x:a"', '"x:nobody"'), encoding="utf-8")
    assert "PG1" in wrong(settled("snapshot", "2026-H1", "--seal", "--by", "A"))
    said = right(settled("snapshot", "2026-H1", "--seal", "--provisional", "--by", "A"))
    assert "provisional, sealed on" in said and "x:nobody: never read" in said


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["2026-H3"], "2026-H3 is no period: write 2026-H1, 2026-H2 or 2026"),
        (["2026-H1", "--as-of", "soon"], "'soon' is no time"),
        (["2026-H1", "--as-of", "2026-07-12T09:00:00"], "is no time"),
        (["2026-H1", "--as-of", "2090-01-01"], "is still to come"),
        (["2090", "--seal", "--by", "A"], "2090 is not over: it can be sealed as of 2091-01-01 00:00 or later"),
        (["2026-H1", "--seal", "--as-of", "2026-06-30", "--by", "A"], "2026-H1 is not over"),
        (["2026-H1", "--reason", "x"], "write --seal as well"),
        (["2026-H1", "--provisional"], "write --seal as well"),
        (["2026-H1", "--seal", "--dry-run"], "leave one out"),
        (["2026-H1", "--seal", "--by", "  "], "is nobody's name"),
    ],
)
def test_what_is_refused(settled: Call, asked: list[str], told: str, tmp_path: Path) -> None:
    assert told in wrong(settled("snapshot", *asked))
    assert "No snapshot is kept yet" in right(settled("snapshots"))


def test_a_plan_with_a_mistake_is_named(settled: Call, tmp_path: Path) -> None:
    (tmp_path / "card.toml").write_text(CARD.replace('"60%"', '"sixty"'), encoding="utf-8")
    assert "card.toml:" in wrong(settled("snapshot", "2026-H1"))


def test_findings_are_named_with_their_next_step(settled: Call, tmp_path: Path) -> None:
    right(settled("snapshot", "2026-H1", "--seal", "--by", "Ayşe"))
    with opened(tmp_path / "mecra.db", ISTANBUL) as storage:
        storage.connection.execute("UPDATE readings SET value = 201 WHERE reading = 1")
        storage.connection.commit()
    result = settled("verify", language="tr")
    assert result.exit_code == 1
    assert "✗ 2026-H1 r1: PG1, x:a: 1 numaralı okuma (x:a, takipçi) şimdi 201 diyor; mühürlenen 200\n  → " in result.output
    found = json.loads(settled("verify", "--json").output)
    assert not found["whole"] and {f["kind"] for f in found["findings"]} == {"value", "part", "reading"}
    reading = next(f for f in found["findings"] if f["kind"] == "reading")
    assert (reading["period"], reading["revision"], reading["values"]["reading"], reading["values"]["now"]) == (
        "2026-H1",
        1,
        "1",
        "201",
    )
    assert settled("verify", "--quick").exit_code == 0


def test_a_missing_line_is_told_and_no_fault(settled: Call, tmp_path: Path) -> None:
    right(settled("snapshot", "2026-H1", "--seal", "--by", "Ayşe"))
    (tmp_path / "seals.txt").unlink()
    assert "! 2026-H1 r1: seals.txt: the line of 2026-H1, revision 1, was missing and was added" in right(settled("verify"))
    assert "seals.txt" not in right(settled("verify"))


def test_a_narrow_screen_gets_two_tables(settled: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.get_terminal_size", lambda fallback: os.terminal_size((100, 40)))
    monkeypatch.setattr("console.statements._on_screen", lambda: True)
    lines = right(settled("snapshot", "2026-H1", "--as-of", THEN, language="tr")).splitlines()
    assert max(map(len, lines[3:12])) <= 100
    assert sum(line.startswith("gösterge ") for line in lines) == 2
    assert sum(line.startswith("PG1 ") for line in lines) == 3


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-07-12", "2026-07-12T20:59:59Z"),
        (" 12.07.2026 ", "2026-07-12T20:59:59Z"),
        ("2026-07-12T09:00:00+03:00", "2026-07-12T06:00:00Z"),
        ("2026-07-12T09:00:00.123Z", "2026-07-12T09:00:00Z"),
        ("2026-07-20", "2026-07-20T09:00:00Z"),  # today: now
    ],
)
def test_instants(text: str, at: str) -> None:
    assert instant(text, ISTANBUL, from_text("2026-07-20T09:00:00Z")) == from_text(at)


def test_tomorrow_is_no_instant() -> None:
    with speaking("en"), pytest.raises(MecraError, match="still to come"):
        instant("2026-07-21", ISTANBUL, from_text("2026-07-20T09:00:00Z"))
