"""What a screen is spared: signs that steer a terminal or turn the direction of a line. Texts come from feeds, files and platforms."""

from __future__ import annotations

import io
import sys
from typing import TextIO

LINES = (0x2028, 0x2029)
TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)
STEERING = (*range(0x00, 0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0))  # of ASCII and of its second half, but tab and line break
INERT = dict.fromkeys((*STEERING, *TURNING, *LINES), "\ufffd")
ON_ONE_LINE = {**INERT, 0x0A: " ", 0x0D: " ", 0x85: " ", 0x2028: " ", 0x2029: " "}


def inert(text: str) -> str:
    """`text` without what steers; tabs and line breaks stay."""
    return text.translate(INERT)


def one_line(text: str) -> str:
    """The same, and no line break either: whoever writes a log line writes one."""
    return text.translate(ON_ONE_LINE)


class Screen(io.TextIOWrapper):
    """Standard output where a person looks at it. A file or a pipe gets what was printed."""

    def write(self, text: str) -> int:
        super().write(inert(text))
        return len(text)


def protect_screen() -> None:
    """Whatever is printed from now on steers no terminal."""
    out: TextIO = sys.stdout
    if out.isatty():
        out.flush()
        sys.stdout = Screen(out.detach(), encoding="utf-8", errors="replace", line_buffering=True)  # type: ignore[attr-defined]
