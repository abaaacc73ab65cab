"""News judged from the command line: what waits, one article, decisions with their reasons; nonsense is refused whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config import load
from storage import Storage, opened
from tests.console.conftest import Call
from tests.indicators.papers import FEED, FILE, SEARCH, Press, article, as_told
from tests.indicators.standing import account

SETTINGS = 'language = "tr"\n[news]\nfeeds = false\n[news.gdelt]\nenabled = false\n'
JUNE = datetime(2026, 6, 15, 9, tzinfo=UTC)


@pytest.fixture
def press(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Press]:
    """Two articles that wait, one that counts and one that does not; Ayşe is at the keyboard."""
    path = tmp_path / "mecra.toml"
    path.write_text(SETTINGS, encoding="utf-8")
    monkeypatch.setenv("MECRA_USER", "Ayşe Yılmaz")
    settings = load(path, {})
    with opened(settings.database, settings.zone) as storage:
        storage.register([account(name) for name in (FEED, SEARCH, FILE)])
        found = Press(Storage(storage.connection, settings.zone, as_told))
        found.tell(
            FEED, JUNE, article("a", JUNE, story="s"), article("b", JUNE, status="excluded", reason="stadyum adı"),
            article("c", JUNE, outlet="İlçe Manşet", status="review", reason="yalnızca ilçe\x1b[2J", story="s"),
            article("d", JUNE, status="review", reason="yalnızca ilçe"),
        )  # fmt: skip
        yield found


def listed(call: Call) -> list[dict[str, Any]]:
    came = call("news", "review", "--json")
    assert came.exit_code == 0, came.stderr
    return list(json.loads(came.stdout)["waiting"])


def shown(call: Call, number: int) -> dict[str, Any]:
    came = call("news", "show", str(number), "--json")
    assert came.exit_code == 0, came.stderr
    return dict(json.loads(came.stdout))


def test_from_what_waits_to_a_decision_and_back(call: Call, press: Press) -> None:
    waiting = {one["article"]: one for one in listed(call)}
    numbers = {key: press.number(key) for key in "abcd"}
    assert waiting.keys() == {numbers["c"], numbers["d"]}
    assert (waiting[numbers["c"]]["day"], waiting[numbers["c"]]["outlet"]) == ("2026-06-15", "İlçe Manşet")
    came = call("news", "count", str(numbers["c"]), str(numbers["d"]), "--why", "başkanın açılışı", "--json")
    assert came.exit_code == 0, came.stderr
    assert [one["key"] for one in json.loads(came.stdout)["rulings"]] == ["c", "d"]
    assert listed(call) == []
    came = call("news", "exclude", str(numbers["d"]), "--why", "aynı adlı köy", "--by", "Mehmet Demir", language="tr")
    assert came.exit_code == 0 and "sayılmadı" in came.stdout and "1 haber karara bağlandı" in came.stdout
    one = shown(call, numbers["d"])
    assert (one["status"], one["reason"], one["stored"]["status"]) == ("excluded", "aynı adlı köy", "review")
    assert [(r["status"], r["why"], r["ruled_by"]) for r in one["rulings"]] == [
        ("counted", "başkanın açılışı", "Ayşe Yılmaz"),
        ("excluded", "aynı adlı köy", "Mehmet Demir"),
    ]
    assert "İnceleme bekleyen haber yok." in call("news", "review", language="tr").stdout


def test_for_a_person_in_turkish_and_without_anything_that_steers_the_screen(call: Call, press: Press) -> None:
    came = call("news", "review", language="tr")
    assert "2 haber inceleme bekliyor" in came.stdout and "15.06.2026" in came.stdout and "\x1b" not in came.stdout
    number = press.number("c")
    assert call("news", "count", str(number), "--why", "açılış").exit_code == 0
    came = call("news", "show", str(number), language="tr")
    assert came.exit_code == 0, came.stderr
    for words in (
        "İlçe Manşet",
        "sayıldı",
        "haber kuralına göre",
        "inceleme bekliyor: yalnızca ilçe",
        "Ayşe Yılmaz",
        "aynı haber",
        "sha256",
    ):
        assert words in came.stdout
    assert "\x1b" not in came.stdout


def test_nonsense_is_refused_and_nothing_is_decided(call: Call, press: Press) -> None:
    number = str(press.number("c"))
    for args, words in (
        (("count", number, "999", "--why", "açılış"), "no article 999"),
        (("exclude", number, "--why", "  "), "needs a reason"),
        (("exclude", number, "--why", "açılış", "--by", "123"), "nobody's name"),
        (("exclude", number), "--why"),
        (("exclude", "--why", "açılış"), "ARTICLE"),
        (("count", "c", "--why", "açılış"), "'c'"),
        (("count", "0", "--why", "açılış"), "0"),
        (("show", "999"), "no article 999"),
    ):
        came = call("news", *args)
        assert (came.exit_code, came.stdout) == (2, ""), args
        assert words in came.stderr, came.stderr
    assert len(listed(call)) == 2
    assert "999 numaralı haber yok" in call("news", "show", "999", language="tr").stderr
