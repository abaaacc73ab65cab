"""The faults beside peers (`make bench-faults`): mecra's column is played here, and what is counted and written is looked at."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.bench_faults.contest import CONTESTANTS, Run, counted, played
from tests.bench_faults.report import page
from tests.bench_faults.scenes import KILLED, Scene, scenes
from tests.bench_faults.stored import Row

WRITTEN = Path(__file__).parents[1] / "docs" / "peers.md"
UNTOUCHED = {("x", "empty page with a cursor"): "whole", ("feed", "missing key"): "whole"}  # what names us is not what is broken
PLAYED = ("error body in a 200", "empty page with a cursor", "missing key", KILLED, "cut body")


@pytest.mark.parametrize("scene", [scene for source in ("x", "feed") for scene in scenes(source) if scene.told in PLAYED], ids=str)
def test_mecra_never_calls_a_success_what_is_none_and_heals(scene: Scene, tmp_path: Path) -> None:
    mecra = next(one for one in CONTESTANTS if one.name == "mecra" and one.source == scene.source)
    first, second = played(mecra, scene, tmp_path)
    assert first.verdict == UNTOUCHED.get((scene.source, scene.fault), "told"), first
    assert second.verdict == "whole" and second.outcome == "success", second
    if scene.fault == KILLED:
        assert (
            first.outcome == "killed" and first.right and first.requests + second.requests == 5
        )  # none is sent twice but the last


def test_rows_are_counted_against_what_is_right() -> None:
    truth = {"a": {"1", "2"}, "b": {"3"}, "c": {"4"}, "d": {"5"}, "e": {"6"}}
    rows = {"a": Row("2"), "b": Row(3), "c": Row(None, told=True), "d": Row(50), "z": Row(9)}
    run = counted("success", "", 7, rows, truth)
    assert run == Run("success", "", 7, right=2, told=1, wrong=1, lost=1)
    assert run.verdict == "silent"


@pytest.mark.parametrize(
    ("outcome", "told", "wrong", "lost", "verdict"),
    [("success", 0, 0, 0, "whole"), ("success", 1, 0, 0, "told"), ("success", 0, 1, 0, "silent"), ("success", 0, 0, 1, "silent"),
     ("partial", 0, 1, 0, "told"), ("failure", 0, 0, 1, "told"), ("failure", 0, 0, 0, "whole"), ("waits", 0, 0, 9, "told")],
)  # fmt: skip
def test_a_success_with_something_missing_is_silent(outcome: str, told: int, wrong: int, lost: int, verdict: str) -> None:
    assert Run(outcome, "", 1, 5, told, wrong, lost).verdict == verdict


def test_the_page_says_what_was_played_and_nothing_that_changes() -> None:
    scene = next(scenes("x"))
    run = Run("failure", "http://127.0.0.1:41234/x: a | b", 3, right=17, told=1, wrong=2, lost=27)
    text = page({(scene, "mecra"): (run, Run("success", "", 2, 47, 0, 0, 0))}, {"mecra": "1"})
    assert f"| {scene.told} | ● 17/47 failure 3 → ✓ 47/47 success 2 |" in text
    assert "41234" not in text and "http://the-sandbox/x: a   b" in text


def test_what_is_written_is_of_today_s_faults() -> None:
    """A fault that is new to the table is not on the page until `make bench-faults` has been run again."""
    text = WRITTEN.read_text(encoding="utf-8")
    cells = re.findall(r"^\| ([^|]+) \| ([✓●✗] [^|]+) \|", text, re.MULTILINE)  # the fault, mecra's cell
    assert {fault for fault, _ in cells} == {scene.told for source in ("x", "feed") for scene in scenes(source)}
    assert not [cell for cell in cells if cell[1].startswith("✗")]
