"""A small institution as files: settings, a plan, and a database with something of everything in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from config import load
from storage import Storage, opened
from storage.entries import Figure, enter
from tests.collectors.calendar.plans import HEAD, row
from tests.collectors.news.spreadsheets import sheet
from tests.indicators.papers import FEED, FILE, SEARCH, Press, article, as_told
from tests.indicators.sealing import CARD, EDGE, H1, filled
from tests.indicators.standing import ISTANBUL, account

SETTINGS = """
plan = "card.toml"
language = "en"
[institution]
name = "Örnek Belediyesi"
contact = "basin@ornek.example"
[news]
feeds = false
gdelt.enabled = false
[reports]
formats = ["csv"]
[[accounts]]
platform = "x"
handle = "a"
[[accounts]]
platform = "facebook"
handle = "b"
"""
JUNE = datetime(2026, 6, 15, 9, tzinfo=UTC)
FIGURES = "Hesap;Tarih;Takipçi\nx:a;31.12.2025;11.617\ntiktok:ornek;31.12.2025;900\n"
CLIPPINGS = "Tarih;Yayın;Başlık;Link\n05.06.2026;Posta;Örnek Belediyesi kursları;https://posta.example/1\n"
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"


def found_institution(place: Path, **settings: str) -> Path:
    """Followers at both edges, a figure that waits for approval, two articles that wait, and the files that staff hand in."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "card.toml").write_text(CARD, encoding="utf-8")
    (place / "mecra.toml").write_text(settings.get("settings", SETTINGS), encoding="utf-8")
    filled(place).connection.close()
    with opened(place / "mecra.db", ISTANBUL) as storage:
        storage.register([*load(place / "mecra.toml", {}).accounts, *(account(name) for name in (FEED, SEARCH, FILE))])
        enter(storage, Figure("PG2", type(H1)(2027, 1), value=90), by="Mehmet", at=EDGE + timedelta(days=9))
        press = Press(Storage(storage.connection, ISTANBUL, as_told))
        press.tell(FEED, JUNE, *(article(key, JUNE, status="review", reason="yalnızca ilçe") for key in ("c", "d")))
    (place / "figures.csv").write_text(FIGURES, encoding="utf-8")
    (place / "clippings.csv").write_text(CLIPPINGS, encoding="utf-8")
    sheet(place / "plan.xlsx", HEAD, row(Tarih="02.03.2027", Platform="X"), row(Tarih="03.03.2027", Platform="Facebook"))
    return place


def asked(place: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(place / "mecra.db")) as db:
        return db.execute(query).fetchall()


def whole(place: Path) -> bool:
    """Whether SQLite finds nothing wrong from end to end, and every key points somewhere."""
    return asked(place, "PRAGMA integrity_check") == [("ok",)] and asked(place, "PRAGMA foreign_key_check") == []


def tear(place: Path, *names: str) -> None:
    """Overwrite the first page of tables or indexes, as a disk does that loses a write; the schema stays whole."""
    with closing(sqlite3.connect(place / "mecra.db", timeout=60)) as db:
        blocked = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
        roots = [db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0] for name in names]
    assert not blocked
    with (place / "mecra.db").open("r+b") as file:
        for root in roots:
            file.seek((root - 1) * size)
            file.write(b"\x5a" * size)
