"""Links that somebody else laid out where mecra writes: none is followed to a place that was not meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.secrets import Secrets
from console.entries import write_file
from model import MecraError
from reports.packing import placed
from storage.evidence import Evidence

KEPT = b"somebody's work"


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    path = tmp_path / "victim"
    path.write_bytes(KEPT)
    return path


def test_a_report_takes_the_link_s_place(tmp_path: Path, victim: Path) -> None:
    link = tmp_path / "H7.2-2026-H1.pdf"
    link.symlink_to(victim)
    placed(b"%PDF", link)
    assert victim.read_bytes() == KEPT and not link.is_symlink() and link.read_bytes() == b"%PDF"


def test_a_file_that_is_got_back_follows_no_link(tmp_path: Path, victim: Path) -> None:
    for target in (victim, tmp_path / "nowhere"):
        link = tmp_path / f"to-{target.name}"
        link.symlink_to(target)
        with pytest.raises(MecraError, match="already"):
            write_file(Evidence("scan.pdf", b"x"), link)
    assert victim.read_bytes() == KEPT and not (tmp_path / "nowhere").exists()


def test_secrets_take_the_link_s_place(tmp_path: Path, victim: Path) -> None:
    link = tmp_path / "secrets.toml"
    victim.write_text("")
    victim.chmod(0o600)
    link.symlink_to(victim)
    Secrets({}, link).put("x", access_token="a-token-of-somebody")
    assert victim.read_text() == "" and not link.is_symlink()
