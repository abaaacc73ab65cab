"""Sorgu: questions and their answers on a page and as files; nothing that is asked or answered does anything."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest

from storage.questions import QUESTIONS
from tests.panel.served import Get, is_inert
from tests.reports.sample import HOSTILE
from tests.storage.test_asking import HOSTILE as REFUSED

COUNT = "SELECT count(*) AS adet FROM posts"
TEXTS = [text.replace("\ud800", "").replace("\x00", "") for text in HOSTILE]
SELECTED = "VALUES " + ", ".join(
    f"({n}, '{text.replace(chr(39), chr(39) * 2)}')" for n, text in enumerate(TEXTS) if len(text) < 3_000
)


def asked(get: Get, sql: str, path: str = "/sorgu"):  # type: ignore[no-untyped-def]
    return get(f"{path}?sql={quote(sql.encode('utf-8', 'surrogatepass'))}")


@pytest.mark.parametrize("one", QUESTIONS, ids=lambda one: one.name)
def test_every_ready_question_is_answered(figures: Get, one: object) -> None:
    answer = figures(f"/sorgu?soru={getattr(one, 'name', '')}")
    assert answer.status == 200
    is_inert(answer)
    assert "<th scope" in answer.text or "Satır yok" in answer.page.words


def test_the_page_names_tables_and_questions(figures: Get) -> None:
    answer = figures("/sorgu")
    is_inert(answer)
    words = answer.page.words
    assert "readings" in words and "anlik_goruntuler" in words and "Her ayın en çok görüntülenen gönderileri" in words
    assert len([link for link in answer.page.links if link.startswith("/sorgu?soru=")]) == len(QUESTIONS) >= 15
    assert [one["method"] for one in answer.page.all("form") if one.get("action", "").startswith("/sorgu")] == ["get"]


def test_an_answer_is_a_table_and_three_files(figures: Get) -> None:
    adet = json.loads(asked(figures, COUNT, "/sorgu.json").body)[0]["adet"]
    assert adet > 50
    assert f">{adet}<" in asked(figures, COUNT).text
    text = asked(figures, COUNT, "/sorgu.csv").body
    assert text.startswith(b"\xef\xbb\xbfadet\r\n") and text.endswith(f"{adet}\r\n".encode())
    sheet = openpyxl.load_workbook(io.BytesIO(asked(figures, COUNT, "/sorgu.xlsx").body)).active
    assert [[cell.value for cell in row] for row in sheet.rows] == [["adet"], [adet]]


@pytest.mark.parametrize("sql", REFUSED)
def test_nothing_is_changed_by_what_is_asked(figures: Get, database: Path, sql: str) -> None:
    before = hashlib.sha256(database.read_bytes()).hexdigest(), sorted(path.name for path in database.parent.iterdir())
    for path in ("/sorgu", "/sorgu.csv"):
        answer = asked(figures, sql, path)
        assert answer.status == 400 or not sql.strip() or "\ud800" in sql  # which no address can carry
        if "html" in answer.headers["content-type"]:
            is_inert(answer)
    assert before == (hashlib.sha256(database.read_bytes()).hexdigest(), sorted(path.name for path in database.parent.iterdir()))


def test_hostile_texts_stay_texts_everywhere(figures: Get) -> None:
    answer = asked(figures, SELECTED)
    assert answer.status == 200
    is_inert(answer)
    rows = list(csv.reader(io.StringIO(asked(figures, SELECTED, "/sorgu.csv").body.decode("utf-8-sig")), delimiter=";"))
    assert not [cell for row in rows[1:] for cell in row[1:] if cell.startswith(("=", "+", "@", "-"))]
    sheet = openpyxl.load_workbook(io.BytesIO(asked(figures, SELECTED, "/sorgu.xlsx").body)).active
    cells = [row[1] for row in list(sheet.rows)[1:]]
    assert {cell.data_type for cell in cells} == {"s"} and not any(cell.hyperlink for cell in cells)
    assert str(cells[0].value).startswith("=HYPERLINK")
    found = json.loads(asked(figures, SELECTED, "/sorgu.json").body)
    assert len(found) == len(cells) and "\u202e" not in json.dumps(found, ensure_ascii=False)


def test_columns_of_one_name_are_kept_apart(figures: Get) -> None:
    assert json.loads(asked(figures, "SELECT 1 AS a, 2 AS a, 3 AS a", "/sorgu.json").body) == [{"a": 1, "a (2)": 2, "a (3)": 3}]


def test_a_file_holds_more_than_a_page(figures: Get) -> None:
    many = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c"
    assert asked(figures, many).text.count("<tr><td") == 1_000
    assert len(json.loads(asked(figures, many, "/sorgu.json").body)) == 10_000


@pytest.mark.parametrize("path", ["/sorgu.exe?sql=SELECT+1", "/sorgu.?sql=SELECT+1", "/sorgu.csv%2f..%2f?sql=SELECT+1"])
def test_other_files_are_not_written(figures: Get, path: str) -> None:
    assert figures(path).status == 404


def test_an_unknown_question_asks_nothing(figures: Get) -> None:
    assert figures("/sorgu?soru=yok").status == 200
    assert figures("/sorgu?soru=" + quote("../../etc/passwd")).status == 200
