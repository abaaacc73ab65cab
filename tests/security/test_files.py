"""What mecra writes nobody else may read: files 0600, directories 0700, whatever the caller's umask says; and no core is dumped."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from config.secrets import Secrets
from console.demo import write_settings
from model import utc_now
from sandbox.server import Sandbox
from sandbox.world import World
from tests.security.process import ROOT, mecra, plain

WORLD = World(start=date(2026, 6, 26), end=date(2026, 7, 1))


def open_to_others(place: Path) -> list[str]:
    return [
        f"{path.relative_to(place)} {stat.S_IMODE(path.lstat().st_mode):04o}"
        for path in sorted(place.rglob("*"))
        if not path.is_symlink() and path.lstat().st_mode & 0o077
    ]


def test_nothing_that_is_written_can_be_read_by_others(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir(mode=0o700)
    done = mecra(place, "init", str(place / "data"))
    assert done.returncode == 0, done.stderr
    with Sandbox(WORLD) as box:
        os.umask(os.umask(0o077))
        data = tmp_path / "there"
        data.mkdir()
        write_settings(data, box.url, WORLD)
        (data / "plan.csv").write_text(
            f"Tarih;Saat;Platform;Başlık\n{utc_now() + timedelta(days=9):%d.%m.%Y};10:00;x;Deneme\n", encoding="utf-8"
        )
        handed = {path for path in data.rglob("*") if path.is_file()}
        environ = {"MECRA_CONFIG": str(data / "mecra.toml"), "MECRA_USER": "Ayşe"}
        proof = data / "scan.pdf"
        proof.write_bytes(b"%PDF-1.4")
        handed.add(proof)
        for command in (
            ("collect", "x"),
            ("import", "plan", str(data / "plan.csv")),
            ("enter", "PG3.1.7", "--period", "2024-H1", "--value", "12", "--evidence", str(proof)),
            ("evidence", "1", "-o", str(place / "again.pdf")),
            ("snapshot", "2026-H1"),
            ("report", "2026-H1", "--format", "csv"),
            ("snapshot", "2026-H1", "--seal", "--provisional"),
        ):
            done = mecra(data, *command, environ=environ)
            assert done.returncode in (0, 1), (command, done.stdout, done.stderr)
    assert (place / "again.pdf").exists() and list(data.rglob("*.csv")) and (data / "mecra.db").exists()
    assert open_to_others(place) == []
    assert [line for line in open_to_others(data) if data / line.rpartition(" ")[0] not in handed] == []


def test_the_log_beside_the_database_is_closed_too(tmp_path: Path) -> None:
    """As long as somebody works: `-wal` holds what was written last."""
    code = (
        "import sys, os; sys.path.insert(0, sys.argv[1]); import cli; sys.argv[1:] = ['--version']\n"
        "try: cli.main()\nexcept SystemExit: pass\n"
        "from pathlib import Path; from zoneinfo import ZoneInfo; from storage import opened\n"
        "with opened(Path('mecra.db'), ZoneInfo('Europe/Istanbul')) as s:\n"
        "    s.connection.execute('CREATE TABLE t (a)'); s.connection.commit()\n"
        "    print(*(f'{p.name}:{p.stat().st_mode & 0o777:o}' for p in sorted(Path().glob('mecra.db*'))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT)], cwd=tmp_path, env=plain(), umask=0, capture_output=True, text=True, check=True
    )
    modes = dict(pair.split(":") for pair in done.stdout.splitlines()[-1].split())
    assert {"mecra.db", "mecra.db-wal", "mecra.db-shm"} <= modes.keys()
    assert set(modes.values()) == {"600"}


def test_secrets_are_kept_so_whoever_keeps_them(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Secrets({}, tmp_path / "secrets.toml").put("x", access_token="a-token-of-somebody")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "secrets.toml").stat().st_mode) == 0o600


def test_no_core_is_dumped(tmp_path: Path) -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import cli, resource; sys.argv[1:] = ['--version']\ntry: cli.main()\nexcept SystemExit: print(resource.getrlimit(resource.RLIMIT_CORE))"
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    if hard == 0:
        pytest.skip("this machine dumps none for anybody")
    done = subprocess.run([sys.executable, "-c", code, str(ROOT)], capture_output=True, text=True, check=True, env=plain())
    assert done.stdout.splitlines()[-1] == "(0, 0)"
    assert soft is not None
