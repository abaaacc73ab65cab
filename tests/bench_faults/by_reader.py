"""lemon24/reader's side: one feed, added and updated."""

from __future__ import annotations

import sys
from pathlib import Path

from reader import make_reader


def main(data: str, url: str) -> None:
    reader = make_reader(str(Path(data) / "reader.db"))
    reader.add_feed(url, exist_ok=True)
    for result in reader.update_feeds_iter(scheduled=False):
        if isinstance(result.value, Exception):
            raise result.value


if __name__ == "__main__":
    main(*sys.argv[1:])
