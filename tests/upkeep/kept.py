"""What the tests of backups stand on: a database with a sealed half-year, settings with files beside them, and a secret."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from config import Settings, load
from storage import opened
from storage.snapshots import all_sealed
from tests.indicators.sealing import CARD, filled, sealed, written
from tests.indicators.standing import ISTANBUL

SECRET = "sandbox-top-secret-token"
TOML = """
plan = "plans/card.toml"
[institution]
name = "Örnek"
[[accounts]]
platform = "x"
handle = "a"
[[accounts]]
platform = "facebook"
handle = "b"
id = "1"
[news]
rule = "news.toml"
feeds = false
gdelt.enabled = false
"""


def institution(home: Path, extra: str = "", *, seals: bool = True) -> Settings:
    """Settings, the files they name, a secret, and half a year with its seal."""
    (home / "plans").mkdir(parents=True)
    (home / "metrics").mkdir()
    (home / "mecra.toml").write_text(TOML + extra, encoding="utf-8")
    (home / "plans" / "card.toml").write_text(CARD, encoding="utf-8")
    (home / "news.toml").write_text("# ours\n", encoding="utf-8")
    (home / "metrics" / "x.toml").write_text("# our names\n", encoding="utf-8")
    (home / "secrets.toml").write_text(f'[x]\naccess_token = "{SECRET}"\n', encoding="utf-8")
    (home / "secrets.toml").chmod(0o600)
    storage = filled(home)
    if seals:
        sealed(storage)
        written(storage, home)
    storage.connection.close()
    return load(home / "mecra.toml", {})


def manifest(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        found = json.loads(archive.read("manifest.json"))
    assert isinstance(found, dict)
    return found


def rows(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the log of acts, in order."""
    with opened(database, ISTANBUL, read_only=True) as storage:
        db = storage.connection
        names = [
            n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1")
        ]
        return {name: sorted(db.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names if name != "acts"}


def chain(database: Path) -> list[str | None]:
    with opened(database, ISTANBUL, read_only=True) as storage:
        return [one.sha256 for one in all_sealed(storage)]
