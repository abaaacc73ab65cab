"""Anlık görüntüler: what was kept, whether the seals stand, one beside another, and reports that are the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest

from indicators.seal import seal
from reports.phrases import figure
from reports.reading import numbered
from storage import Storage
from storage.seal_file import NAME, add_missing
from storage.snapshots import all_sealed, latest_sealed
from tests.indicators.sealing import unguarded
from tests.panel.served import Get, is_inert, served
from tests.reports.measured import H1, LAST, half_a_year, provisional, sealed, the_plan
from words import exact_percent, speaking

REASON = "Yeni haberler <script>alert(1)</script> =1+1"


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """A provisional statement, a seal, and a revision."""
    storage = half_a_year(tmp_path_factory.mktemp("sealed"))
    provisional(storage)
    sealed(storage)
    at = LAST + timedelta(days=3)
    seal(storage, the_plan(), H1, at, by="Ayşe <b>", now=lambda: at, provisional=True, reason=REASON)
    add_missing(path_of(storage).parent / NAME, all_sealed(storage))
    return storage


def path_of(storage: Storage) -> Path:
    return Path(storage.connection.execute("PRAGMA database_list").fetchone()[2])


@pytest.fixture(scope="module")
def get(storage: Storage) -> Iterator[Get]:
    with served(path_of(storage)) as get:
        yield get


@pytest.fixture
def number(storage: Storage) -> int:
    found = latest_sealed(storage, H1)
    assert found is not None and found.revision == 2
    return found.snapshot


def test_every_statement_is_listed_with_its_seal_and_reason(get: Get, storage: Storage) -> None:
    answer = get("/anlik-goruntuler")
    is_inert(answer)
    words = answer.page.words
    assert "Her mührün özeti doğru" in words
    assert "Ayşe <b>" in words and REASON in words
    for snapshot in all_sealed(storage):
        assert (snapshot.sha256 or "")[:16] in words
        assert f"/anlik-goruntuler/{snapshot.snapshot}" in answer.page.links


def test_one_shows_what_is_stored(get: Get, storage: Storage, number: int) -> None:
    answer = get(f"/anlik-goruntuler/{number}")
    is_inert(answer)
    words, found = answer.page.words, numbered(storage, number)
    assert found is not None and found.snapshot.sha256 and found.snapshot.previous_sha256
    assert found.snapshot.sha256 in words and found.snapshot.previous_sha256 in words and REASON in words
    with speaking("tr"):
        assert exact_percent(found.goal or 0) in words
        for row in found.rows:
            if row.value is not None:
                assert figure(row.indicator, row.value) in words
            if row.performance is not None:
                assert exact_percent(row.performance) in words


def test_one_stands_beside_another(get: Get, number: int) -> None:
    answer = get(f"/anlik-goruntuler/{number}?ile=1")
    is_inert(answer)
    assert "Bu görüntü" in answer.page.words and "Fark" in answer.page.words
    assert get(f"/anlik-goruntuler/{number}?ile=99").status == 404
    for odd in ("abc", "-1", "9" * 40, "1;", ""):
        assert get(f"/anlik-goruntuler/{number}?ile={odd}").status == 200


@pytest.mark.parametrize(
    "path", ["/anlik-goruntuler/99", f"/anlik-goruntuler/{'9' * 30}", "/anlik-goruntuler/x", "/rapor/99.pdf", "/rapor/1.exe"]
)
def test_what_is_not_kept_is_not_there(get: Get, path: str) -> None:
    assert get(path).status == 404


@pytest.mark.parametrize(
    "path", ["/rapor/1.pdf/../../x", "/rapor/..%2f..%2fetc%2fpasswd", "/rapor/1.%2e%2e%2fpdf", "/rapor/1.docx%00.pdf"]
)
def test_no_path_leads_out_of_the_reports(get: Get, path: str) -> None:
    assert get(path).status == 404


def test_reports_are_files_that_others_open_and_the_same_each_time(get: Get, number: int, storage: Storage) -> None:
    found = numbered(storage, number)
    assert found is not None
    told = {kind: get(f"/rapor/{number}.{kind}") for kind in ("docx", "xlsx", "pdf", "zip")}
    for kind, answer in told.items():
        assert answer.status == 200
        assert answer.headers["content-disposition"].endswith(f"-2026-H1.{kind}")
        assert get(f"/rapor/{number}.{kind}").body == answer.body
    with speaking("tr"):
        goal = exact_percent(found.goal or 0)
    document = docx.Document(io.BytesIO(told["docx"].body))
    assert any(goal in cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert openpyxl.load_workbook(io.BytesIO(told["xlsx"].body)).sheetnames
    assert goal in " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(told["pdf"].body)).pages)
    with zipfile.ZipFile(io.BytesIO(told["zip"].body)) as files:
        names = files.namelist()
    assert {name.rpartition(".")[2] for name in names} == {"docx", "xlsx", "pdf", "csv"}
    assert all(".." not in name and not name.startswith("/") for name in names)


def test_a_touched_seal_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    storage = half_a_year(tmp_path)
    found = sealed(storage).snapshot
    with unguarded(storage):
        storage.connection.execute("UPDATE snapshot_values SET value = 1 WHERE snapshot = ?", (found.snapshot,))
    with served(path_of(storage)) as get:
        listed, one = get("/anlik-goruntuler"), get(f"/anlik-goruntuler/{found.snapshot}")
    assert "mühürlendiği gibi olmayan bir şey var" in listed.page.words
    assert "Saklanan satırlar mühürlenenler değil." in one.page.words
    assert not (tmp_path / NAME).exists(), "the panel adds no line to seals.txt"


def test_without_any_it_says_how_to_take_one(tmp_path: Path) -> None:
    storage = half_a_year(tmp_path)
    with served(path_of(storage)) as get:
        assert "mecra snapshot" in get("/anlik-goruntuler").page.words
        assert get("/").status == 200
