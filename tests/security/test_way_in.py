"""The panel as it is started: nobody beyond this machine looks without being asked who he is."""

from __future__ import annotations

from pathlib import Path

import pytest

import console.serving
from tests.console.conftest import Call, call

__all__ = ["call"]


@pytest.mark.parametrize(
    ("panel", "args", "served"),
    [
        ("", (), True),
        ('hosts = ["pano.ornek.bel.tr"]', (), False),
        ('hosts = ["pano.ornek.bel.tr"]\nuser_header = "X-Remote-User"', (), True),
        ("", ("--host", "0.0.0.0"), False),
        ("", ("--host", "::"), False),
        ('user_header = "X-Remote-User"', ("--host", "0.0.0.0"), True),
    ],
)
def test_beyond_this_machine_nobody_looks_unasked(
    call: Call, tmp_path: Path, panel: str, args: tuple[str, ...], served: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    monkeypatch.setattr(console.serving, "serve", lambda settings, **how: started.append(how["host"]))
    (tmp_path / "mecra.toml").write_text(f'[institution]\nname = "Örnek"\n\n[panel]\n{panel}\n', encoding="utf-8")
    done = call("panel", *args)
    assert (done.exit_code == 0, bool(started)) == (served, served), done.output
    assert served or "needs a password" in done.output
