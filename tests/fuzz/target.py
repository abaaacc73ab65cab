"""What is fuzzed: a parser of ours behind a function of bytes that raises for nothing but a broken promise."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
MOST_RECORDED = 40_000


@dataclass(frozen=True, slots=True)
class Target:
    """`seeds` are our own, `more` what was recorded elsewhere and may be lacking. `kind` is what inputs are made of: `json`, `text` or
    `bytes`; `slow`: each takes a process or a database."""

    name: str
    run: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    kind: str = "bytes"
    more: Callable[[], Iterable[bytes]] = tuple
    slow: bool = False


def recorded(pattern: str, most: int = 60) -> list[bytes]:
    """Real answers, where `MECRA_RECORDINGS` says that there are some; the small ones, in the order of their names."""
    root = os.environ.get("MECRA_RECORDINGS")
    if not root:
        return []
    files = (path for path in sorted(Path(root).glob(pattern)) if path.is_file() and 0 < path.stat().st_size <= MOST_RECORDED)
    return [path.read_bytes() for _, path in zip(range(most), files, strict=False)]
