"""What people ruled outlives a rebuild of the tables, which may number the articles anew, and is no difference to it."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from archive import import_news, rebuild
from config import Settings, load
from config.secrets import Secrets
from model import Period
from scheduler import Jobs
from storage import opened
from storage.knowledge import known_at
from storage.press import appearances
from storage.rulings import rule

NOW = datetime(2026, 7, 3, 9, tzinfo=UTC)
SETTINGS = '[institution]\nname = "Ümraniye Belediyesi"\n[news]\nfeeds = false\n[news.gdelt]\nenabled = false\n'


def test_a_rebuild_keeps_what_people_ruled(tmp_path: Path) -> None:
    (tmp_path / "mecra.toml").write_text(SETTINGS, encoding="utf-8")
    settings = load(tmp_path / "mecra.toml", {})
    jobs = Jobs(settings, Secrets({}), now=lambda: NOW)
    jobs.prepare()
    sheet = tmp_path / "ajans.csv"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(
            [("Tarih", "Yayın", "Başlık", "Link")]
            + [
                (f"{n:02}.06.2026", "Posta", f"Ümraniye Belediyesi {n}. parkı açtı", f"https://posta.example/{n}")
                for n in range(1, 9)
            ]
        )
    import_news(jobs, sheet)
    before = status_by_key(settings)
    assert len(before) == 8 and set(before.values()) == {"counted"}
    third = sorted(before)[2]
    with opened(settings.database, settings.zone) as storage:
        number = storage.connection.execute("SELECT article FROM articles WHERE key = ?", (third,)).fetchone()[0]
        rule(storage, [number], "excluded", "ilan", "Ayşe", NOW + timedelta(hours=1))
    ruled = {**before, third: "excluded"}
    assert status_by_key(settings) == ruled
    assert rebuild(jobs) == {}, "a ruling is nothing that the archive says otherwise"
    with opened(settings.database, settings.zone) as storage:
        storage.connection.execute("UPDATE articles SET article = article + 100, title = title || '?'")
        storage.connection.commit()
    assert rebuild(jobs, apply=True) == {"articles": (8, 8)}
    assert status_by_key(settings) == ruled
    assert rebuild(jobs) == {}


def status_by_key(settings: Settings) -> dict[str, str]:
    half = Period(2026, 1)
    with opened(settings.database, settings.zone, read_only=True) as storage:
        found = appearances(storage, half.first, date(2026, 6, 30), known_at(storage, NOW + timedelta(days=9)))
    return {one.key: one.status for one in found}
