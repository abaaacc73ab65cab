"""What the fuzzer found in files that people hand in, each as small as it gets."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from collectors.calendar import load as plans
from collectors.calendar.planned import PlanFile
from collectors.exports.archived import read
from collectors.sheets.cells import CellError, moment, text, titles, whole_number
from collectors.sheets.tables import read_tables
from collectors.sheets.workbook import FileError, Sheet
from model import Account, Exchange
from tests.conftest import ISTANBUL
from tests.fakes import NOON

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EVENT = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Instagram: Park\r\n{line}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def planned(path: Path) -> PlanFile:
    return plans.load(path, ISTANBUL, now=NOW, ours=("x",), default=("x",))


@pytest.mark.parametrize("cell", [1e308, float("inf"), float("nan"), 10**16, "9" * 30], ids=repr)
def test_a_count_that_nobody_counts_is_refused(cell: Any) -> None:
    with pytest.raises(CellError):
        whole_number(cell)


@pytest.mark.parametrize("cell", [20_000, "20000,5", date(1955, 1, 1), "01.01.1955"], ids=repr)
def test_a_day_before_there_was_a_net_is_none(cell: Any) -> None:
    with pytest.raises(CellError):
        moment(cell, None, NOW)


def test_a_cell_steers_no_terminal(tmp_path: Path) -> None:
    assert text("a\x1b[2Jb\x85\x00c") == "a[2Jb c"
    path = tmp_path / "a.csv"
    path.write_text("Tarih;Yayın\x1b]0;x\x07;Başlık\n20.11.2026;A\x1b[2J;B\n", encoding="utf-8")
    found = read_tables(path)
    assert all(cell.isprintable() for row in found[0].rows for cell in row if isinstance(cell, str))


def test_a_workbook_with_a_part_that_does_not_unpack(tmp_path: Path) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b"<workbook>" + b"abc" * 400 + b"</workbook>")
    body = bytearray(raw.getvalue())
    at = body.index(b"xl/workbook.xml") + len("xl/workbook.xml") + 4
    body[at : at + 6] = b"\xff" * 6
    path = tmp_path / "a.xlsx"
    path.write_bytes(body)
    with pytest.raises(FileError):
        read_tables(path)


def test_a_workbook_whose_parts_have_names_that_are_none(tmp_path: Path) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as parts:
        parts.writestr("xl/ü.xml", b"")
    path = tmp_path / "a.xlsx"
    path.write_bytes(raw.getvalue().replace("ü".encode(), b"\x8a\x8a"))
    with pytest.raises(FileError):
        read_tables(path)


def test_a_grid_whose_two_heads_are_of_different_length(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["", "23.11.2026", "24.11.2026"],
        ["Saat", "Pazartesi", "Salı", "Çarşamba"],
        ["09:00", "x: Park", "", "x: Gece"],
    ]
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x")
    with mock.patch.object(plans, "read_tables", lambda _path: [Sheet("23-29 Kasım 2026", rows)]):
        assert [slot.title for slot in planned(path).slots] == ["Park", "Gece"]


@pytest.mark.parametrize(
    "line",
    [
        "DTSTART;TZID=Europe/Istanbul:20261124T1430000000",
        "DTSTART:20261124T143000Z\r\nRECURRENCE-ID:soon",
        "DTSTART:20261124T143000Z\r\nRRULE:FREQ=WEEKLY;UNTIL=soon",
        "DTSTART:20261124T143000Z\r\nEXDATE:soon\r\nRRULE:FREQ=WEEKLY",
        f"DTSTART;TZID=Europe/{'[' * 300}:20261124T143000",
    ],
    ids=lambda line: line[:40],
)
def test_an_event_that_can_not_be_read_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.ics"
    path.write_text(EVENT.format(line=line), encoding="utf-8")
    try:
        found = planned(path)
    except FileError as error:
        assert str(error).isprintable()
    else:
        assert found.errors and not found.slots


def test_an_event_steers_no_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    path.write_text(EVENT.format(line="DTSTART:20261124T143000Z").replace("Park", "P\x1b[2Jark"), encoding="utf-8")
    assert [slot.title for slot in planned(path).slots] == ["P[2Jark"]


@pytest.mark.parametrize(
    "change",
    [
        {"value": 2**63},
        {"value": 1.5},
        {"value": True},
        {"metric": 5},
        {"metric": ""},
        {"post": []},
        {"day": "1969-12-31"},
        {"day": "x" * 5000},
    ],
    ids=repr,
)
def test_an_archived_figure_that_is_none_is_a_fault(change: dict[str, Any]) -> None:
    good = {"metric": "followers", "value": 5}
    body = json.dumps({"columns": {}, "figures": [{**good, **change}, good], "posts": []}).encode()
    records = read(Account("x:a", "x", "a"), Exchange(NOON, "IMPORT", "file:a.csv", 200, body, len(body)))
    assert [(reading.metric, reading.value) for reading in records.readings] == [("followers", 5)]
    assert len(records.faults) == 1 and len(records.faults[0]) < 300


@pytest.mark.parametrize(
    "change", [{"post": ""}, {"post": 5}, {"text": None}, {"published_at": "9999-12-31T00:00:00Z"}, {"url": {}}], ids=repr
)
def test_an_archived_post_that_is_none_is_a_fault(change: dict[str, Any]) -> None:
    good = {"post": "1", "kind": "post", "published_at": "2026-03-01T00:00:00Z", "url": "", "text": ""}
    body = json.dumps({"columns": {}, "figures": [], "posts": [{**good, **change}, good]}).encode()
    records = read(Account("x:a", "x", "a"), Exchange(NOON, "IMPORT", "file:a.csv", 200, body, len(body)))
    assert len(records.posts) == 1 and len(records.faults) == 1


def test_a_head_without_end_is_quoted_in_part() -> None:
    assert titles(["Tarih", None, "Başlık"]) == "Tarih, Başlık"
    said = titles(["x" * 30_000, *map(str, range(5_000))])
    assert said.startswith("x" * 59 + "…, 0, 1") and said.endswith(", …") and len(said) < 1_000
