"""Settings that could give tokens away are refused: a file that everybody may write, an address without encryption."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigError, load


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "mecra.toml"
    path.write_text('[institution]\nname = "Örnek"\n', encoding="utf-8")
    return path


@pytest.mark.parametrize(("mode", "refused"), [(0o600, False), (0o644, False), (0o664, False), (0o666, True), (0o602, True)])
def test_a_file_that_everybody_may_write_is_refused(settings: Path, mode: int, refused: bool) -> None:
    settings.chmod(mode)
    if refused:
        with pytest.raises(ConfigError, match="chmod o-w"):
            load(settings, {})
    else:
        assert load(settings, {}).institution == "Örnek"


@pytest.mark.parametrize("platform", ["x", "facebook", "instagram", "youtube"])
@pytest.mark.parametrize(
    ("root", "refused"),
    [
        ("https://api.x.com", False),
        ("https://proxy.kurum.local:8443/x", False),
        ("http://127.0.0.1:8800/x", False),
        ("http://127.0.0.9/x", False),
        ("http://localhost:8800/x", False),
        ("http://[::1]:8800/x", False),
        ("http://api.x.com", True),
        ("http://10.0.0.5/x", True),
        ("http://localhost.evil.example/x", True),
        ("http://127.0.0.1.evil.example/x", True),
        ("ftp://127.0.0.1/x", True),
        ("api.x.com", True),
        ("http://[broken", True),
        ("", True),
    ],
)
def test_no_token_travels_for_everybody_to_read(settings: Path, platform: str, root: str, refused: bool) -> None:
    settings.write_text(f'[platforms.{platform}]\napi_root = "{root}"\n', encoding="utf-8")
    if refused:
        with pytest.raises(ConfigError, match="unencrypted"):
            load(settings, {})
    else:
        assert load(settings, {}).platform(platform)["api_root"] == root


def test_what_carries_no_token_may_be_asked_in_the_open(settings: Path) -> None:
    settings.write_text('[news.gdelt]\napi_root = "http://inner.example/gdelt"\n', encoding="utf-8")
    assert load(settings, {}).platform("gdelt")["api_root"] == "http://inner.example/gdelt"
