"""Writes a snapshot's reports in a process of its own: run as a file, asked in JSON on stdin, answers on stdout which files it wrote.

Drawing takes three times the memory that the daemon needs, and a library that dies takes nothing but this process with it.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

NICE = 10  # collecting goes before


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from reports.reading import numbered
    from reports.writing import write_report
    from storage import opened

    os.nice(NICE)
    asked = json.load(sys.stdin)
    with opened(Path(asked["database"]), ZoneInfo(asked["zone"]), read_only=True) as storage:
        found = numbered(storage, asked["snapshot"])
        if found is None:
            raise SystemExit(f"snapshot {asked['snapshot']} is not kept any more")
        written = [
            (language, str(path))
            for language in asked["languages"]
            for path in write_report(storage, found, asked["formats"], language, Path(asked["directory"]))
        ]
    json.dump(written, sys.stdout)


if __name__ == "__main__":
    main()
