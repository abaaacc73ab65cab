"""Veri sağlığı: what fails stands with its cure, what is late is told, and what a file says of tokens is not trusted."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from model import Gap, Page, Records
from storage import Storage
from storage.expiry import NAME, note_expiry
from storage.incidents import Changes, Condition, keep
from tests.indicators.standing import Archive, store
from tests.panel.served import is_inert, served
from tests.reports.measured import LAST
from words import Note

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    storage = store(tmp_path, "x:a", "facebook:b", "instagram:c")
    archive = Archive(storage)
    for key in ("x:a", "facebook:b", "instagram:c"):
        archive.told(key, LAST - timedelta(hours=3))
    return storage


def stopped(storage: Storage, account: str, outcome: str, error: str, at: datetime) -> None:
    walk = storage.begin(account, "posts", since=at, now=at, trigger="schedule", memo={}, missed=3)
    storage.save(walk, walk.stopped(outcome, error, at + timedelta(hours=6)), [])


def test_what_fails_stands_with_its_cure(storage: Storage, tmp_path: Path) -> None:
    stopped(storage, "x:a", "refused", f"the token {EVIL} is refused -> run `mecra auth x`", LAST - timedelta(hours=1))
    stopped(storage, "facebook:b", "rate limited", "too many requests -> it goes on by itself", LAST - timedelta(hours=1))
    with served(tmp_path / "mecra.db") as get:
        answer, overview = get("/veri-sagligi"), get("/")
    is_inert(answer)
    words = answer.page.words
    assert f"the token {EVIL} is refused" in words and "→ `mecra auth x` çalıştırın" in words
    assert words.count("too many requests") == 0, "what goes on by itself is no error"
    assert "#x-a-posts" in answer.page.links
    assert "/veri-sagligi#x-a-posts" in overview.page.links
    assert 'id="x-a-posts"' in answer.text


def test_a_collection_that_stands_still_is_told(storage: Storage, tmp_path: Path) -> None:
    with served(tmp_path / "mecra.db", now=lambda: LAST + timedelta(days=20)) as get:
        words, overview = get("/veri-sagligi").page.words, get("/").page.words
    assert "20 gün önce" in words and "gecikti" in words
    assert "Arka plan hizmeti çalışıyor mu?" in overview


def test_what_is_missing_stands_with_its_reason(storage: Storage, tmp_path: Path) -> None:
    walk = storage.begin("x:a", "private", since=LAST, now=LAST, trigger="schedule", memo={}, missed=0)
    from model import Exchange

    told = [(Exchange(LAST, "GET", "https://x", 200, b"x", 1), Records(gaps=(Gap("clicks", f"yok {EVIL}"),)))]
    storage.save(walk, walk.after(Page(), LAST), told)
    with served(tmp_path / "mecra.db") as get:
        answer = get("/veri-sagligi")
    is_inert(answer)
    assert f"yok {EVIL}" in answer.page.words


def test_tokens_that_end_are_told(storage: Storage, tmp_path: Path) -> None:
    for platform, days in (("facebook", 5), ("instagram", -1), ("youtube", 90)):
        note_expiry(tmp_path, platform, LAST, LAST + timedelta(days=days))
    note_expiry(tmp_path, "x", LAST, None)
    with served(tmp_path / "mecra.db") as get:
        words, overview = get("/veri-sagligi").page.words, get("/").page.words
    assert "5 gün sonra bitiyor" in words and "süresi doldu" in words and "süresiz" in words
    assert "mecra auth instagram" in overview and "mecra auth youtube" not in overview


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[1]",
        "{",
        '{"x": 1}',
        '{"x": {"expires_at": 5}}',
        '{"x": {"expires_at": "yarın"}}',
        '{"<b>": {"checked_at": []}}',
        "\ud800",
    ],
)
def test_a_file_of_tokens_that_somebody_edited_breaks_nothing(storage: Storage, tmp_path: Path, content: str) -> None:
    (tmp_path / NAME).write_bytes(content.encode("utf-8", "surrogatepass"))
    with served(tmp_path / "mecra.db") as get:
        for path in ("/veri-sagligi", "/"):
            answer = get(path)
            assert answer.status == 200
            is_inert(answer)


def test_what_is_wrong_with_mecra_itself_stands_on_both_pages(storage: Storage, tmp_path: Path) -> None:
    since = LAST - timedelta(hours=2)
    backup = Condition(
        "backup_failed", EVIL, since, Note("the last try failed: {why}", {"why": EVIL}), Note("`mecra backup` again")
    )
    token = Condition(
        "token_ends", "x", since, Note("the token of {platform} ends on {day}", {"platform": "x", "day": "2026-07-01"}), Note("")
    )
    keep(storage, Changes([backup, token], [], {}), LAST)
    with served(tmp_path / "mecra.db") as get:
        answer, overview = get("/veri-sagligi"), get("/")
    is_inert(answer)
    words = answer.page.words
    assert (
        "yedekleme başarısız oldu" in words
        and f"son deneme başarısız oldu: {EVIL}" in words
        and "belirtecin süresi doluyor" in words
    )
    assert "/veri-sagligi#uyarilar" in overview.page.links and 'id="uyarilar"' in answer.text
    keep(storage, Changes([], [backup.key, token.key], {}), LAST + timedelta(hours=1))
    with served(tmp_path / "mecra.db") as get:
        assert 'id="uyarilar"' not in get("/veri-sagligi").text


def test_an_empty_database_has_its_page_too(tmp_path: Path) -> None:
    store(tmp_path)
    with served(tmp_path / "mecra.db") as get:
        answer = get("/veri-sagligi")
        is_inert(answer)
        assert answer.status == 200 and "mecra doctor" in answer.page.words
        assert get("/").status == 200
    with served(tmp_path / "none.db") as get:
        answer = get("/veri-sagligi")
        assert answer.status == 503 and "mecra" in answer.page.words
        assert json.dumps(answer.headers["content-security-policy"])
