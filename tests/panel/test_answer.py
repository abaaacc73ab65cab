"""An archived answer: shown as it was stored, as text, and told apart from one that was touched."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from model import Exchange, Page, Records
from panel.answer import MOST, readable
from storage import Storage
from tests.indicators.standing import store
from tests.panel.served import Get, is_inert, served
from tests.reports.measured import LAST
from tests.reports.sample import HOSTILE

BODIES = {
    1: b'{"name": "\xc4\xb1\xc5\x9f\xc4\xb1k", "n": [1, 2]}',
    2: f"<html><body onload=alert(1)>{HOSTILE[3]}</body></html>".encode(),
    3: b"\xff\xfe\x00 not text \x1b[31m",
    4: b"[" * 100_000,
    5: b'"' + b"x" * 500_000 + b'"',
    6: b"",
    7: rb'{"lone": "\ud800", "rtl": "\u202e"}',
    8: b"1" * 5_000,
}


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    storage = store(tmp_path_factory.mktemp("answers"), "x:a")
    for number, body in BODIES.items():
        at = LAST + timedelta(minutes=number)
        walk = storage.begin("x:a", "profile", since=at, now=at, trigger="manual", memo={}, missed=0)
        url = f"https://x.example/<script>?n={number}"
        storage.save(walk, walk.after(Page(), at), [(Exchange(at, "GET", url, 200, body, len(body), ms=12), Records())])
    return storage


@pytest.fixture(scope="module")
def get(storage: Storage) -> Iterator[Get]:
    with served(Path(storage.connection.execute("PRAGMA database_list").fetchone()[2])) as get:
        yield get


@pytest.mark.parametrize("number", BODIES)
def test_a_body_is_text_and_its_checksum_is_looked_at(get: Get, number: int) -> None:
    answer = get(f"/yanit/{number}")
    assert answer.status == 200
    is_inert(answer)
    assert "aşağıdaki gövdeninki aynı" in answer.page.words
    assert len(answer.body) < 2 * MOST + 20_000


def test_json_is_shown_by_lines(get: Get) -> None:
    assert "&#34;name&#34;: &#34;ışık&#34;,\n" in get("/yanit/1").text
    assert "onload=alert(1)" in get("/yanit/2").page.words
    assert readable(b"[1,2]") == "[\n  1,\n  2\n]"
    assert readable(b"{") == "{"


def test_what_is_long_is_cut_and_told(get: Get) -> None:
    assert "mecra show 5" in get("/yanit/5").page.words


@pytest.mark.parametrize("number", ["0", "99", "9" * 30, "-1", "x", "1.5", "1;drop", "%31%00"])
def test_what_the_archive_has_not_is_not_there(get: Get, number: str) -> None:
    answer = get(f"/yanit/{number}")
    assert answer.status == 404
    is_inert(answer)


def test_a_touched_body_is_told(get: Get, storage: Storage) -> None:
    for body, said in ((zlib.compress(b"forged"), "BU GÖVDE BAŞKA"), (b"no zlib", "okunamıyor"), (None, "")):
        with storage.connection:
            storage.connection.execute("UPDATE responses SET body = ? WHERE response = 1", (body,))
        answer = get("/yanit/1")
        is_inert(answer)
        assert "aşağıdaki gövdeninki aynı" not in answer.page.words
        assert answer.status == (404 if said == "okunamıyor" else 200)
