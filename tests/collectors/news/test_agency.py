"""Agency files become articles: by contract or by rule, once, and again from the archive."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from collectors.base import Malformed, Unsupported
from collectors.http import Door, Outfit
from collectors.news.agency import Agency, exchange
from collectors.news.matching import Rule
from config.secrets import Secrets
from model import Account, Exchange, Walk
from tests.collectors.news.spreadsheets import GOOD, HEAD, NOW, read, row, sheet, text

RULE = replace(Rule.load(), institution="Örnek Belediyesi", place="Örnek", head="Ayşe Yılmaz")
ACCOUNT = Account("agency:import", "agency", "import")


def agency(**settings: object) -> Agency:
    secrets = Secrets({})
    return Agency(
        Outfit({"rule": RULE, **settings}, secrets, lambda: NOW, lambda line: Door(line, now=lambda: NOW, secrets=secrets))
    )


def test_what_is_archived_is_what_was_mapped(tmp_path: Path) -> None:
    sheet(
        tmp_path / "Kasım.xlsx",
        (*HEAD, "Muhabir", "Editör"),
        (*GOOD, "Gizli Kişi", "OLUMLU "),
        (*row(Yayın="B"), "X", "Gizli Kişi"),
    )
    made = exchange(read(tmp_path / "Kasım.xlsx"), NOW)
    assert (made.method, made.url, made.status, made.at) == ("FILE", "file:Kasım.xlsx", 200, NOW)
    assert "Gizli" not in made.body.decode()
    body = json.loads(made.body)
    assert [(r["row"], r.get("tone")) for r in body["rows"]] == [(2, "olumlu"), (3, None)]
    assert body["rows"][0]["circulation"] == 11617 and body["columns"]["tone"] == "Editör"


def test_articles_count_by_contract_unless_excluded(tmp_path: Path) -> None:
    titles = ["Örnek Belediyesi’nden park", "Başkan bugün konuştu", "Örnek Belediyesi Şehir Stadı’nda gol", "Örnek’te kaza"]
    sheet(tmp_path / "a.xlsx", HEAD, *[(*GOOD[:2], title, *GOOD[3:]) for title in titles])
    made = exchange(read(tmp_path / "a.xlsx"), NOW)
    stored = Exchange(made.at, made.method, made.url, made.status, made.body, made.size)
    by_contract, by_rule = (agency(counts=how).read(ACCOUNT, stored).articles for how in ("contract", "rule"))
    assert [a.status for a in by_contract] == ["counted", "counted", "excluded", "counted"]
    assert [a.status for a in by_rule] == ["counted", "review", "excluded", "review"]
    assert by_contract[1].matched == "agency contract" and by_contract[2].reason == "stadyum adı"
    first = by_contract[0]
    assert (first.found_via, first.outlet, first.url, first.rule) == ("agency", "Yeni Seher", GOOD[3], RULE.version)
    assert first.published_at == datetime(2026, 11, 22, 21, tzinfo=UTC)
    assert len({a.key for a in by_contract}) == 4 and all(a.key.startswith("agency:2026-11-23|yeni seher|") for a in by_contract)


def test_the_same_list_in_another_file_brings_nothing_new(tmp_path: Path) -> None:
    sheet(tmp_path / "a.xlsx", HEAD, GOOD)
    text(tmp_path / "b.csv", HEAD[::-1], GOOD[::-1], encoding="cp1254")
    one, other = (agency().read(ACCOUNT, exchange(read(tmp_path / name), NOW)).articles for name in ("a.xlsx", "b.csv"))
    assert one == other


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"<html>", b'{"file": "a", "rows"'])
def test_what_is_no_archived_file_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed, match="import the file again"):
        agency().read(ACCOUNT, Exchange(NOW, "FILE", "file:a.xlsx", 200, body, len(body)))


def test_an_archived_row_that_can_not_be_read_is_a_fault() -> None:
    rows = [{"row": 2, "day": "2026-11-23", "title": "x", "outlet": "y"}, {"row": 3, "day": "?", "title": "x"}, {"colour": 1}]
    body = json.dumps({"file": "a.xlsx", "rows": rows}).encode()
    records = agency().read(ACCOUNT, Exchange(NOW, "FILE", "file:a.xlsx", 200, body, len(body)))
    assert (len(records.articles), len(records.faults)) == (1, 2)


def test_nothing_is_ever_fetched() -> None:
    assert not agency().streams
    with pytest.raises(Unsupported, match="mecra import news"):
        agency().fetch(ACCOUNT, "articles", Walk(1, "agency:import", "articles", NOW, NOW, "manual"))


def test_a_large_file_is_read_fast(tmp_path: Path) -> None:
    rows = [(date(2026, 11, 1), f"Yayın {n % 50}", f"{GOOD[2]} {n}", f"https://y.example/h/{n}", 11617) for n in range(5000)]
    sheet(tmp_path / "a.xlsx", HEAD, *rows)
    assert len(read(tmp_path / "a.xlsx").rows) == 5000


def test_a_row_that_stands_there_twice_counts_once_and_that_is_said(tmp_path: Path) -> None:
    sheet(tmp_path / "a.xlsx", HEAD, GOOD, GOOD, (*GOOD[:3], "https://yeniseher.example/haber/2", GOOD[4]))
    found = read(tmp_path / "a.xlsx")
    assert found.notes == ("row 3 of sheet Sheet: the same as row 2 of sheet Sheet, counted once",)
    assert len(agency().read(ACCOUNT, exchange(found, NOW)).articles) == 2
