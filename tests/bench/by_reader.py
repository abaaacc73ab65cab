"""lemon24/reader's side: every feed added and updated, one worker as it does by default."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from reader import make_reader

from tests.bench.bodies import FEEDS
from tests.bench.measure import ready


def main(data: str, root: str) -> None:
    started = ready()
    reader = make_reader(str(Path(data) / "reader.db"))
    for number in range(FEEDS):
        reader.add_feed(f"{root}/{number}.xml", exist_ok=True)
    failed = sum(isinstance(result.value, Exception) for result in reader.update_feeds_iter(scheduled=False))
    print(json.dumps({"start": started, "failed": failed}))


if __name__ == "__main__":
    main(*sys.argv[1:])
