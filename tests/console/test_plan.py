"""`mecra plan` as a person calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result

from config import PLANS
from config.plan_file import load_plan, parse_plan
from storage import opened
from storage.plans import register_plan

Call = Callable[..., Result]
SETTINGS = '[institution]\nname = "Örnek"\n[news]\nfeeds = false\ngdelt.enabled = false\n'
PRINTED = (PLANS / "h7.2.toml").read_text(encoding="utf-8")


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "mecra.toml"
    path.write_text(SETTINGS, encoding="utf-8")
    return path


def test_a_good_plan_is_summed_up(call: Call, settings: Path) -> None:
    result = call("plan", "check", language="tr")
    assert result.exit_code == 0
    for said in ("PG7.2.7", "7.839.999", "24.000.000", "%95", "%100", "(C-A)/(B-A)", "hedefe etkilerin toplamı: %100", "“750”"):
        assert said in result.output, said
    assert "20,000,000" in call("plan", "check", "h7.2").output, "in English"


def test_every_mistake_is_a_line_and_the_exit_code_is_2(call: Call, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        PRINTED.replace('weight = "20%"', 'weight = "2o%"').replace('code = "H7.2"', ""), encoding="utf-8"
    )
    result = call("plan", "check", "own.toml")
    assert result.exit_code == 2
    lines = result.output.splitlines()
    assert len(lines) == 3 and lines[0].endswith('own.toml:1: code: code is missing -> add code = "H7.2"')
    assert all(": PG7.2." in line and "weight: '2o%' is no number -> write it as" in line for line in lines[1:])
    found = json.loads(call("plan", "check", "own.toml", "--json").output)
    assert found["plan"] is None and [one["line"] for one in found["mistakes"]] == [int(line.split(":")[1]) for line in lines]


def test_a_file_that_is_not_there(call: Call) -> None:
    result = call("plan", "check", "h99.toml")
    assert result.exit_code == 2 and "there is no such file" in result.output and "h7.2, ornek" in result.output


def test_the_whole_card(call: Call, settings: Path) -> None:
    said = call("plan", "show", language="tr").output
    for text in (
        "821.150.000 ₺",
        "tanıtilmaması",
        "doğrusu: Belediye",
        "Riskler",
        "Sayılmaz:",
        "1 dakikada 1 hafta (haftlık",
        "izleme: 6 ayda bir",
    ):
        assert text in said, text
    found = json.loads(call("plan", "show", "--json").output)
    assert found["indicators"][0]["targets"]["2026"] == 24000 and found["indicators"][4]["rule"]["tolerance"] == "60min"
    assert found["indicators"][2]["baseline"] is None and found["headings"]["2026"] == "750"


def test_versions_are_listed_and_shown_as_they_were(call: Call, settings: Path, tmp_path: Path) -> None:
    now, before = load_plan(PLANS / "h7.2.toml"), parse_plan(PRINTED.replace('"24.000"', '"23.500"'), "before")
    with opened(tmp_path / "mecra.db", ZoneInfo("Europe/Istanbul")) as storage:
        register_plan(storage, before, datetime(2026, 1, 1, tzinfo=UTC))
        said = call("plan", "versions").output
        assert before.sha256[:12] in said and "is kept with its first snapshot" in said and "in force" not in said.splitlines()[2]
        register_plan(storage, now, datetime(2026, 7, 1, tzinfo=UTC))
    found = json.loads(call("plan", "versions", "--json").output)
    assert [(one["plan"], one["in_force"]) for one in found] == [(now.sha256, True), (before.sha256, False)]
    assert "in force" in call("plan", "versions").output.splitlines()[2]
    old = json.loads(call("plan", "show", "--version", before.sha256[:8], "--json").output)
    assert old["indicators"][0]["targets"]["2026"] == 23500
    assert call("plan", "show", "--version", "zz").exit_code == 2


def test_the_settings_name_another_plan(call: Call, settings: Path) -> None:
    settings.write_text(f'plan = "ornek"\n{SETTINGS}', encoding="utf-8")
    assert "H3.1" in call("plan", "show").output
    settings.write_text(f'plan = "lost.toml"\n{SETTINGS}', encoding="utf-8")
    result = call("plan", "show")
    assert result.exit_code == 2 and "lost.toml:1: -: there is no such file -> see to `plan`" in result.output
