"""`mecra report`, `mecra note` and `mecra notes` as a person calls them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.reports.worked import handed_in

Call = Callable[..., Result]
SETTINGS = '[institution]\nname = "Örnek"\n[news]\nfeeds = false\ngdelt.enabled = false\n'


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """The worked results, sealed."""
    path = tmp_path / "mecra.toml"
    path.write_text(SETTINGS, encoding="utf-8")
    handed_in(tmp_path).connection.close()
    return path


def test_every_format_into_the_data_directory(call: Call, settings: Path) -> None:
    result = call("report", "2026-H1", language="tr")
    assert result.exit_code == 0, result.output
    here = settings.parent / "reports"
    assert result.stdout.splitlines() == [str(here / f"H7.2-2026-H1{end}") for end in (".docx", ".xlsx", ".pdf", "-csv")]
    assert result.stderr == "", "sealed, and a half-year needs no reasons"


def test_one_format_where_it_is_wanted_in_english(call: Call, settings: Path) -> None:
    result = call("report", "2026", "--format", "xlsx", "--lang", "en", "-o", "here/there")
    assert result.stdout.splitlines() == [str(Path("here/there") / "H7.2-2026.en.xlsx")]
    assert Path("here/there/H7.2-2026.en.xlsx").exists()
    assert "! no reason is written for PG7.2.1, PG7.2.2, PG7.2.3, PG7.2.5" in result.stderr and "PG7.2.4," not in result.stderr


def test_a_snapshot_by_its_number(call: Call, settings: Path) -> None:
    number = json.loads(call("snapshots", "--json").output)[-1]["snapshot"]
    assert call("report", "2025-H1", "--snapshot", str(number), "--format", "csv").exit_code == 0
    result = call("report", "2026-H1", "--snapshot", str(number))
    assert result.exit_code == 2 and f"snapshot {number} is none of 2026-H1" in result.output


def test_what_there_is_no_snapshot_of_is_told_with_the_next_step(call: Call, settings: Path) -> None:
    result = call("report", "2027-H1")
    assert result.exit_code == 2 and "`mecra snapshot 2027-H1` takes one" in result.output
    assert call("report", "2027-H3").exit_code == 2
    assert not (settings.parent / "reports").exists()


def test_a_draft_says_so(call: Call, settings: Path) -> None:
    assert call("snapshot", "2026-H2").exit_code == 0
    result = call("report", "2026-H2", "--format", "csv")
    assert result.exit_code == 0 and "! a draft: 2026-H2 is not sealed" in result.stderr


def test_notes_are_written_read_and_taken_back(call: Call, settings: Path) -> None:
    assert "nothing" in call("note", "PG7.2.1", "2026").output.lower()
    assert call("notes", "2026").output.startswith("Nothing is written of 2026 yet")
    first = call("note", "pg7.2.1", "2026", "--reason", "Açılışlar", "--measures", "Yok", "--by", "Ayşe")
    assert first.exit_code == 0 and "Note 1 on PG7.2.1, 2026" in first.output
    assert call("note", "PG7.2.1", "2026", "--measures", "", "--relevance", "Aynı", "--by", "Mehmet").exit_code == 0
    found = json.loads(call("notes", "2026", "--json").output)
    assert [(one["note"], one["reason"], one["measures"], one["relevance"], one["written_by"]) for one in found] == [
        (1, "Açılışlar", "Yok", None, "Ayşe"),
        (2, None, "", "Aynı", "Mehmet"),
    ]
    said = call("notes", "2026", language="tr").output
    assert "sapmanın nedeni" in said and "değiştirildi" in said and "geçerli" in said
    assert "PG7.2.1" not in call("report", "2026", "--format", "csv").stderr


def test_a_code_that_the_plan_has_not(call: Call, settings: Path) -> None:
    result = call("note", "PG9", "2026", "--reason", "x")
    assert result.exit_code == 2 and "PG9 is no indicator of H7.2: there are PG7.2.1, PG7.2.2" in result.output
    assert call("note", "PG7.2.1", "26", "--reason", "x").exit_code == 2
    assert json.loads(call("notes", "2026", "--json").output) == []
