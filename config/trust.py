"""What of the settings could give tokens away: a file that everybody may write, an address that is asked without encryption."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from config.checks import PLATFORMS, ConfigError
from words import _


def closed(path: Path) -> None:
    """Refuse settings that everybody may write: they say where tokens are sent, and which program an alarm starts."""
    mode = 0
    with suppress(OSError):  # what can't be looked at can't be read either, and is told then
        mode = path.stat().st_mode
    if os.name == "posix" and stat.S_IMODE(mode) & stat.S_IWOTH:
        raise ConfigError(
            _("everybody may write {path}, and so decide where tokens are sent: run `chmod o-w {path}`").format(path=path)
        )


def private(platform: str, root: object, path: Path) -> None:
    """Refuse an `api_root` to which tokens would travel for everybody to read; this machine itself is no way."""
    if platform not in PLATFORMS or root is None:
        return
    try:
        parts = urlsplit(str(root))
        host, scheme = parts.hostname or "", parts.scheme
    except ValueError:
        host, scheme = "", ""
    here = host == "localhost" or host.endswith(".localhost")
    with suppress(ValueError):
        here = here or ip_address(host).is_loopback
    if scheme != "https" and not (scheme == "http" and here):
        raise ConfigError(
            _("{path}: platforms.{platform}.api_root = {root!r}: tokens would be sent there unencrypted; write https://...").format(
                path=path, platform=platform, root=root
            )
        )
