"""Figures by hand from the command line: entered, approved by somebody else, listed, with their files; nonsense is refused."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from console.told import Told
from model import MecraError
from tests.console.conftest import Call

SETTINGS = 'language = "tr"\n[news]\nfeeds = false\n[news.gdelt]\nenabled = false\n'
ESCAPES = "\x1b[2J\x1b]0;owned\x07 \u202ekötü"


@pytest.fixture(autouse=True)
def settings(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped plan, and Ayşe at the keyboard."""
    (tmp_path / "mecra.toml").write_text(SETTINGS, encoding="utf-8")
    monkeypatch.setenv("MECRA_USER", "Ayşe Yılmaz")


def entered(call: Call, *args: str) -> dict[str, Any]:
    came = call("enter", *args, "--json")
    assert came.exit_code == 0, came.stderr
    return dict(json.loads(came.stdout))


def listed(call: Call, *args: str) -> list[dict[str, Any]]:
    came = call("entries", *args, "--json")
    assert came.exit_code == 0, came.stderr
    return list(json.loads(came.stdout)["entries"])


def refused(call: Call, *args: str, language: str = "en") -> str:
    came = call(*args, language=language)
    assert came.exit_code == 2, came.stdout
    assert came.stderr.count("\n") == 1, came.stderr
    return came.stderr


def test_from_a_figure_to_its_approval_and_back_to_its_file(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "Haziran Raporu.pdf"
    file.write_bytes(b"%PDF 11.842")
    came = call("enter", "PG7.2.1", "--period", "2025-H1", "--value", "11.842", "--evidence", str(file), "--note", "ajans raporu")
    assert came.exit_code == 0, came.stderr
    assert "11,842" in came.stdout and "mecra approve 1" in came.stdout and "Without a file" not in came.stdout
    (entry,) = listed(call)
    assert (entry["indicator"], entry["period"], entry["value"], entry["state"]) == ("PG7.2.1", "2025-H1", 11_842, "waiting")
    assert entry["evidence"] == hashlib.sha256(b"%PDF 11.842").hexdigest()
    assert (entry["entered_by"], entry["approved_by"]) == ("Ayşe Yılmaz", None)
    assert "entry 1 was entered by Ayşe Yılmaz" in refused(call, "approve", "1")
    assert "entered by Ayşe Yılmaz" in refused(call, "approve", "1", "--by", " AYŞE  yilmaz")
    came = call("approve", "1", "--by", "Mehmet Demir")
    assert came.exit_code == 0 and "It counts from now on." in came.stdout
    assert (listed(call)[0]["state"], listed(call)[0]["approved_by"]) == ("counts", "Mehmet Demir")
    assert "approved by Mehmet Demir already" in refused(call, "approve", "1", "--by", "Fatma")
    assert "there is no entry 9" in refused(call, "approve", "9", "--by", "Fatma")
    came = call("evidence", "1", "-o", str(tmp_path / "back.pdf"))
    assert came.exit_code == 0 and entry["evidence"] in came.stdout
    assert (tmp_path / "back.pdf").read_bytes() == b"%PDF 11.842"
    assert "is there already" in refused(call, "evidence", "1", "-o", str(tmp_path / "back.pdf"))
    assert "is there already" in refused(call, "evidence", "1"), "its own name is taken by the file itself"


@pytest.mark.parametrize(
    ("args", "stored"),
    [
        (("PG7.2.1", "--period", "2025-h1", "--value", "11.617"), {"period": "2025-H1", "value": 11_617}),
        (("pg7.2.1", "--period", "2025", "--value", "24 215"), {"indicator": "PG7.2.1", "period": "2025", "value": 24_215}),
        (("PG7.2.5", "--period", "2025-H1", "--value", "%95,5"), {"value": "95.5"}),
        (("PG7.2.5", "--period", "2025-H1", "--value", "95,5"), {"value": "95.5"}),
        (("PG7.2.5", "--period", "2025-H1", "--value", "%0,5"), {"value": "0.5"}),
        (("PG7.2.5", "--period", "2025-H1", "--value", "100%"), {"value": 100}),
        (("PG7.2.2", "--on", "30.06.2025", "--value", "219.450"), {"day": "2025-06-30", "period": None, "value": 219_450}),
        (("PG7.2.2", "--period", "2025-H1", "--value", "0"), {"period": "2025-H1", "value": 0}),
        (("PG7.2.3", "--on", "2025-03-07", "--number", "0112"), {"day": "2025-03-07", "number": "112", "value": None}),
        (("PG7.2.4", "--on", "2025-03-07", "--url", "https://a.example/v"), {"number": "", "url": "https://a.example/v"}),
        (("PG7.2.3", "--period", "2025-H1", "--value", "25"), {"period": "2025-H1", "value": 25, "day": None}),
    ],
)
def test_figures_as_people_write_them(call: Call, args: tuple[str, ...], stored: dict[str, Any]) -> None:
    assert entered(call, *args).items() >= stored.items()


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("PG9", "--period", "2025-H1", "--value", "1"), "PG9 is not in plan H7.2: it has PG7.2.1, "),
        (("PG7.2.3",), "PG7.2.3 is a series: write --on DAY"),
        (("PG7.2.3", "--period", "2025-H1"), "PG7.2.3 is a series: write --on DAY"),
        (("PG7.2.3", "--on", "2025-03-07"), "write --number N"),
        (("PG7.2.3", "--on", "2025-03-07", "--number", "1", "--value", "1"), "an issue of PG7.2.3 has no value"),
        (("PG7.2.3", "--period", "2025-H1", "--number", "112"), "write --on DAY instead of --period"),
        (("PG7.2.1", "--period", "2025-H1"), "PG7.2.1 needs a figure: write --value"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "12,000"), "PG7.2.1 is counted, write a whole number"),
        (("PG7.2.1", "--value", "5"), "PG7.2.1 needs its period: write --period"),
        (("PG7.2.1", "--on", "2025-03-07", "--value", "5"), "write --period instead of --on"),
        (("PG7.2.1", "--period", "2025-H1", "--on", "2025-03-07", "--value", "5"), "can't be given together"),
        (("PG7.2.1", "--period", "2025-H1", "--number", "5", "--value", "5"), "--number is for issues of a series"),
        (("PG7.2.1", "--period", "2025-H3", "--value", "5"), "'2025-H3' is no period: write 2026-H1"),
        (("PG7.2.1", "--period", "", "--value", "5"), "'' is no period"),
        (("PG7.2.1", "--period", "2098-H1", "--value", "5"), "2098-H1 runs until 2098-06-30"),
        (("PG7.2.3", "--on", "2098-03-07", "--number", "1"), "2098-03-07 is still to come"),
        (("PG7.2.2", "--on", "2025-06-29", "--value", "5"), "last day of a half-year, 2025-06-30"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "-5"), "--value -5 is negative"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "5,5"), "write a whole number"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "11.61"), "--value '11.61' is no number: a dot groups thousands"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "çok"), "--value 'çok' is no number"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "-"), "--value - is no figure"),
        (("PG7.2.1", "--period", "2025-H1", "--value", ""), "is no figure"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "1" + "0" * 16), "at most 15 digits"),
        (("PG7.2.5", "--period", "2025-H1", "--value", "100,1"), "is over %100"),
        (("PG7.2.5", "--period", "2025-H1", "--value", "0,955"), "could be a share"),
        (("PG7.2.5", "--period", "2025-H1", "--value", "95,1234567"), "and 6 decimals"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "5", "--url", "javascript:alert(1)"), "is no address"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "5", "--note", "x" * 2001), "--note is longer than 2000"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "5", "--corrects", "3"), "why is entry 3 corrected?"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "5", "--corrects", "3", "--note", "x"), "there is no entry 3"),
        (("PG7.2.1", "--withdraw"), "--withdraw needs --corrects"),
        (("PG7.2.1", "--withdraw", "--corrects", "3", "--note", "x", "--value", "5"), "--withdraw stands for no figure"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "5", "--by", " "), "nobody's name"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "5", "--by", "2026-01-01"), "nobody's name"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "5", "--evidence", "yok.pdf"), "yok.pdf is not there"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "5", "--evidence", "."), "is a directory"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "5", "--evidence", "/dev/zero"), "is no file"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "5", "--evidence", "empty.pdf"), "empty.pdf is empty"),
        (("PG7.2.1", "--period", "2025-H1", "--value", "5", "--evidence", "big.pdf"), "big.pdf has 20.0 MB, at most 20"),
    ],
)
def test_nonsense_is_refused_with_what_to_do(call: Call, tmp_path: Path, args: tuple[str, ...], why: str) -> None:
    (tmp_path / "empty.pdf").touch()
    with (tmp_path / "big.pdf").open("wb") as big:
        big.truncate(20_000_001)
    assert why in refused(call, "enter", *args)
    assert "Hata: " in refused(call, "enter", *args, language="tr")
    if (tmp_path / "mecra.db").exists():
        with sqlite3.connect(tmp_path / "mecra.db") as db:
            assert db.execute("SELECT (SELECT count(*) FROM entries), (SELECT count(*) FROM evidence)").fetchone() == (0, 0)


def test_in_turkish(call: Call) -> None:
    came = call("enter", "PG7.2.5", "--period", "2025-H1", "--value", "%96,4", language="tr")
    assert "96,4" in came.stdout and "onay bekliyor" in came.stdout and "Başka biri onaylayınca geçerli olur" in came.stdout
    assert "Dosya ya da adres olmadan" in came.stdout
    assert "başka biri onaylamalı" in refused(call, "approve", "1", language="tr")
    assert "%100'ün üzerinde" in refused(call, "enter", "PG7.2.5", "--period", "2025", "--value", "101", language="tr")
    assert "geçerli" in call("approve", "1", "--by", "Mehmet", language="tr").stdout


def test_a_correction_takes_the_period_of_what_it_corrects(call: Call) -> None:
    entered(call, "PG7.2.1", "--period", "2025-H1", "--value", "11.842")
    assert call("approve", "1", "--by", "Mehmet").exit_code == 0
    assert "entry 1 stands there already" in refused(call, "enter", "PG7.2.1", "--period", "2025-H1", "--value", "12.000")
    entered(call, "PG7.2.1", "--value", "11.900", "--corrects", "1", "--note", "iki gazete eksikti")
    assert [(e["state"], e["period"]) for e in listed(call)] == [("counts", "2025-H1"), ("waiting", "2025-H1")]
    assert "in the place of entry 1" in call("approve", "2", "--by", "Mehmet").stdout
    assert [(e["state"], e["replaced_by"]) for e in listed(call)] == [("corrected", 2), ("counts", None)]
    assert "replaced by entry 2" in call("entries").stdout
    assert "already: correct that one" in refused(
        call, "enter", "PG7.2.1", "--value", "1", "--corrects", "1", "--note", "x"
    )  # fmt: skip
    assert "is of PG7.2.1, not of PG7.2.6" in refused(
        call, "enter", "PG7.2.6", "--period", "2025-H1", "--value", "1", "--corrects", "1", "--note", "x"
    )


def test_an_issue_is_corrected_and_withdrawn(call: Call) -> None:
    entered(call, "PG7.2.3", "--on", "2025-03-07", "--number", "112")
    moved = entered(call, "PG7.2.3", "--on", "2025-03-08", "--corrects", "1", "--note", "Cumartesi çıktı")
    assert (moved["day"], moved["number"]) == ("2025-03-08", "112")
    entered(call, "PG7.2.3", "--withdraw", "--corrects", "2", "--note", "hiç çıkmadı")
    came = call("approve", "3", "--by", "Mehmet")
    assert "Entry 2 counts no more." in came.stdout
    assert [e["state"] for e in listed(call)] == ["withdrawn", "withdrawn", "withdrawal"]


def test_the_list_is_narrowed_by_indicator_and_period(call: Call) -> None:
    refused(call, "enter", "PG9", "--period", "2025", "--value", "1")
    assert call("entries").stdout == "Nothing was entered by hand.\n"
    entered(call, "PG7.2.1", "--period", "2025-H1", "--value", "5")
    entered(call, "PG7.2.1", "--period", "2025", "--value", "9")
    entered(call, "PG7.2.3", "--on", "2025-03-07", "--number", "112")
    entered(call, "PG7.2.3", "--on", "2025-09-05", "--number", "138")
    assert [e["entry"] for e in listed(call, "pg7.2.3")] == [3, 4]
    assert [e["entry"] for e in listed(call, "--period", "2025-H1")] == [1, 3]
    assert [e["entry"] for e in listed(call, "--period", "2025")] == [1, 2, 3, 4]
    assert listed(call, "PG7.2.8") == []
    assert "is no period" in refused(call, "entries", "--period", "yaz")


def test_without_a_database_the_list_says_so(call: Call) -> None:
    assert "no database at" in refused(call, "entries")


def test_escapes_and_paths_do_no_harm(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "kö\x1b[31mtü\n.pdf"
    file.write_bytes(b"x")
    came = call(
        "enter", "PG7.2.1", "--period", "2025-H1", "--value", "5", "--note", f"satır\nbaşı {ESCAPES}", "--by", f"Ali{ESCAPES}",
        "--evidence", str(file),
    )  # fmt: skip
    assert came.exit_code == 0, came.stderr
    for text in (came.stdout, call("entries").stdout):
        assert not set(text) & set("\x1b\x07\u202e") and len(text.splitlines()) <= 6
    (entry,) = listed(call)
    assert entry["note"].startswith("satır başı") and entry["note"].isprintable() and entry["entered_by"].isprintable()
    came = call("evidence", "1")
    assert came.exit_code == 0, came.stderr
    assert (tmp_path / "kö [31mtü .pdf").read_bytes() == b"x"


def test_a_file_touched_in_the_database_is_not_handed_out(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"26")
    entered(call, "PG7.2.1", "--period", "2025-H1", "--value", "5", "--evidence", "a.pdf")
    with sqlite3.connect(tmp_path / "mecra.db") as db:
        db.execute("UPDATE evidence SET body = x'00'")
    assert "is not the one that was handed in" in refused(call, "evidence", "1", "-o", "b.pdf")
    assert not (tmp_path / "b.pdf").exists()


def test_who_it_is() -> None:
    assert Told({"MECRA_USER": "Ayşe"}).person(None) == "Ayşe"
    assert Told({"MECRA_USER": "Ayşe"}).person(" Mehmet\tDemir ") == "Mehmet Demir"
    assert Told({}).person("al\u200bi") == "ali", "signs that nobody sees make no second person"
    assert Told({}).person(None) == __import__("getpass").getuser()
    for nobody in ("", "  ", "123", "\x1b", "x" * 101):
        with pytest.raises(MecraError, match="nobody's name"):
            Told({"MECRA_USER": "Ayşe"}).person(nobody)


def test_an_unreadable_file_is_told(call: Call, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    (tmp_path / "a.pdf").write_bytes(b"x")
    (tmp_path / "a.pdf").chmod(0)
    assert "can't be read" in refused(call, "enter", "PG7.2.1", "--period", "2025", "--value", "1", "--evidence", "a.pdf")
