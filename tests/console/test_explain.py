"""`mecra explain` and `mecra compare` as a person types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result

from model import utc_now
from storage import opened
from tests.console.test_snapshot import SETTINGS, THEN, right, wrong
from tests.indicators.sealing import CARD, EDGE, filled
from tests.indicators.standing import ISTANBUL

Call = Callable[..., Result]
CODE = "PG1"


@pytest.fixture
def settled(call: Call, tmp_path: Path) -> Call:
    if utc_now() < EDGE + timedelta(days=15):
        pytest.skip("the machine's clock is before the half-year of this test")
    filled(tmp_path).connection.close()
    (tmp_path / "mecra.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "card.toml").write_text(CARD, encoding="utf-8")
    return call


def test_a_figure_is_followed_to_its_answers(settled: Call, tmp_path: Path) -> None:
    told = json.loads(right(settled("explain", CODE, "2026-H1", "--json")))
    assert told["snapshot"] is None
    assert sum(int(part["value"]) for part in told["parts"]) == int(told["value"])
    answers = {answer["response"]: answer for answer in told["answers"]}
    with opened(tmp_path / "mecra.db", ISTANBUL, read_only=True) as storage:
        for row in told["rows"]:
            number = row["closing_response"]
            stored = storage.connection.execute("SELECT at, url, sha256 FROM responses WHERE response = ?", (number,)).fetchone()
            assert stored == (answers[number]["at"], answers[number]["url"], answers[number]["sha256"])
            value = storage.connection.execute("SELECT value FROM readings WHERE response = ?", (number,)).fetchone()[0]
            assert value == row["closing"] == row["value"]
    assert {row["part"] for row in told["rows"]} == {part["part"] for part in told["parts"]}


def test_the_arithmetic_is_said_in_both_languages(settled: Call) -> None:
    english = right(settled("explain", CODE, "2026-H1"))
    turkish = right(settled("explain", CODE, "2026-H1", language="tr"))
    told = json.loads(right(settled("explain", CODE, "2026-H1", "--json")))
    assert all(line in english for line in told["arithmetic"])
    assert "Performance (C − A) / (B − A): " in english
    assert "Performans (C − A) / (B − A): " in turkish
    assert "Hedefe katkı: " in turkish


def test_a_sealed_figure_is_explained_as_it_was_sealed(settled: Call) -> None:
    right(settled("snapshot", "2026-H1", "--as-of", THEN, "--seal", "--by", "Ayşe"))
    told = json.loads(right(settled("explain", CODE, "2026-H1", "--json")))
    assert told["snapshot"]["revision"] == 1
    assert told["snapshot"]["sha256"] in right(settled("explain", CODE, "2026-H1"))
    assert told["as_of"].startswith(THEN)
    assert not told["unlike"]


def test_a_touched_reading_is_told(settled: Call, tmp_path: Path) -> None:
    right(settled("snapshot", "2026-H1", "--as-of", THEN, "--seal", "--by", "Ayşe"))
    with opened(tmp_path / "mecra.db", ISTANBUL) as storage:
        storage.connection.execute("UPDATE readings SET value = value + 1")
        storage.connection.commit()
    told = json.loads(right(settled("explain", CODE, "2026-H1", "--json")))
    assert told["unlike"]
    assert "mecra verify" in right(settled("explain", CODE, "2026-H1"))


def test_one_account_alone(settled: Call) -> None:
    told = json.loads(right(settled("explain", CODE, "2026-H1", "--account", "x:a", "--json")))
    assert {part["part"] for part in told["parts"]} == {row["part"] for row in told["rows"]} == {"x:a"}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("explain", "PG9", "2026-H1"), "PG9"),
        (("explain", CODE, "2026-H1", "--account", "x:nobody"), "x:nobody has no part"),
        (("explain", CODE, "2026-Q1"), "no period"),
        (("compare", "2026-H1", "halb"), "no period"),
    ],
)
def test_what_can_not_be_explained_is_named(settled: Call, args: tuple[str, ...], said: str) -> None:
    assert said in wrong(settled(*args))


def test_a_screen_in_turkish_has_local_hours_and_turkish_words(settled: Call, tmp_path: Path) -> None:
    shown = right(settled("explain", CODE, "2026-H1", language="tr"))
    assert "takipçi" in shown and "followers" not in shown
    assert "planında yok: plandaki göstergeler PG1, PG2" in wrong(settled("explain", "PG9", "2026-H1", language="tr"))


def test_between_percentages_lie_points(settled: Call) -> None:
    entry = json.loads(right(settled("enter", "PG2", "--period", "2025-H1", "--value", "%90", "--by", "Ayşe", "--json")))["entry"]
    right(settled("approve", str(entry), "--by", "Mehmet"))
    shown = right(settled("compare", "2025-H1", "2026-H1", language="tr"))
    assert "7 puan" in shown and "%7,78" in shown
    right(settled("snapshot", "2025-H1"))
    told = right(settled("explain", "PG2", "2025-H1", language="tr"))
    assert "elle girildi: %90 (" in told and "/100" not in told
    assert next(line.split()[1] for line in told.splitlines() if line.startswith(f"entry:{entry} ")) == "%90"


def test_two_periods_side_by_side(settled: Call) -> None:
    told = json.loads(right(settled("compare", "2025-H1", "2026-H1", "--json")))
    assert told["periods"] == ["2025-H1", "2026-H1"]
    one = next(found for found in told["indicators"] if found["code"] == CODE)
    assert (one["first"], one["change"]) == (None, None)
    assert one["second"] == json.loads(right(settled("explain", CODE, "2026-H1", "--json")))["value"]
    shown = right(settled("compare", "2025-H1", "2026-H1", language="tr"))
    assert "aynı kapsamda" in shown
