"""lemon24/reader's side: every feed added and updated, one worker as it does by default."""

from __future__ import annotations

import sys
from pathlib import Path

from reader import make_reader

from tests.bench.bodies import FEEDS


def main(data: str, root: str) -> None:
    reader = make_reader(str(Path(data) / "reader.db"))
    for number in range(FEEDS):
        reader.add_feed(f"{root}/{number}.xml", exist_ok=True)
    for result in reader.update_feeds_iter(scheduled=False):
        if isinstance(result.value, Exception):
            raise result.value


if __name__ == "__main__":
    main(*sys.argv[1:])
