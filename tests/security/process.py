"""mecra as a process of its own, as an operator calls it: with the machine's own umask, terminal and environment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


def mecra(
    place: Path, *args: str, environ: Mapping[str, str] | None = None, umask: int = 0, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """`mecra ARGS` in a directory; the caller's umask lets everybody read everything."""
    return subprocess.run(
        [sys.executable, str(ROOT), "--lang", "en", *args], cwd=place, env=plain(environ), umask=umask, input=given, capture_output=True,
        text=True, timeout=300, check=False,
    )  # fmt: skip


def plain(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment without anything of ours but what is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MECRA_", "SUDO_"))}
    return {**kept, "COLUMNS": "200", **(environ or {})}
