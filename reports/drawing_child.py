"""Draws charts in a process of its own, one after the other: specifications in JSON by lines on stdin, on stdout four bytes of length and a
PNG for each; a length of 0 where it can't be drawn. It ends with its stdin, so that it outlives nobody.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from reports.charts_render import PNG, render

    for line in sys.stdin.buffer:
        try:
            drawn = render(json.loads(line), PNG)
        except Exception:
            logging.exception("a chart that can't be drawn")
            drawn = b""
        sys.stdout.buffer.write(len(drawn).to_bytes(4) + drawn)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
