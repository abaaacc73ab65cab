"""The one typeface of PDF reports and charts, shipped with the program, and which letters it has.

Source Sans Pro 2.020 (SIL Open Font License, `fonts/OFL.txt`) has every letter of Turkish and of the other languages written in
Latin, Greek or Cyrillic, the lira sign and the signs of arithmetic; it has no picture signs and no Arabic.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Source Sans Pro"
MISSING = "☐"
_INSTEAD = str.maketrans("✗✘✔●", "××✓•")


def printable(text: str) -> str:
    """`text` with a box for each run of letters that the typeface lacks: no other fonts are asked, and an archival PDF may not
    hold a letter without a shape. What is invisible anyway is left out."""
    return text if text.isascii() else _lacking().sub(_boxed, text.translate(_INSTEAD))


def _boxed(found: re.Match[str]) -> str:
    kinds = {unicodedata.category(letter) for letter in found.group()}
    if kinds - {"Cf", "Mn", "Me", "Cc", "Cs", "Zs", "Zl", "Zp"}:
        return MISSING
    return " " if kinds & {"Zs", "Zl", "Zp"} else ""


@cache
def _lacking() -> re.Pattern[str]:
    spans = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in _spans(letters()))
    return re.compile(f"[^\n{spans}]+")


def _spans(points: frozenset[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for point in sorted(points):
        if last is not None and point == last + 1:
            last = point
        else:
            if first is not None and last is not None:
                yield first, last
            first = last = point
    if first is not None and last is not None:
        yield first, last


@cache
def letters() -> frozenset[int]:
    """The code points that every weight has a shape for."""
    return frozenset.intersection(*(_mapped(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))))


def _mapped(font: bytes) -> frozenset[int]:
    """The font's character map (OpenType `cmap`, formats 4 and 12)."""
    count = struct.unpack_from(">H", font, 4)[0]
    places = {font[12 + 16 * n : 16 + 16 * n]: struct.unpack_from(">L", font, 20 + 16 * n)[0] for n in range(count)}
    start = places[b"cmap"]
    found: set[int] = set()
    for number in range(struct.unpack_from(">H", font, start + 2)[0]):
        at = start + struct.unpack_from(">L", font, start + 8 + 8 * number)[0]
        form = struct.unpack_from(">H", font, at)[0]
        if form == 12:
            for group in range(struct.unpack_from(">L", font, at + 12)[0]):
                first, last, glyph = struct.unpack_from(">3L", font, at + 16 + 12 * group)
                found.update(point for point in range(first, last + 1) if glyph + point - first)
        elif form == 4:
            found.update(_segments(font, at))
    return frozenset(point for point in found if point >= 0x20)


def _segments(font: bytes, at: int) -> Iterator[int]:
    twice = struct.unpack_from(">H", font, at + 6)[0]
    ends, starts, deltas, offsets = at + 14, at + 16 + twice, at + 16 + 2 * twice, at + 16 + 3 * twice
    for step in range(0, twice, 2):
        (end,), (start,) = struct.unpack_from(">H", font, ends + step), struct.unpack_from(">H", font, starts + step)
        (delta,), (offset,) = struct.unpack_from(">H", font, deltas + step), struct.unpack_from(">H", font, offsets + step)
        for point in range(start, end + 1):
            glyph = point if not offset else struct.unpack_from(">H", font, offsets + step + offset + 2 * (point - start))[0]
            if point != 0xFFFF and (glyph + delta) % 0x10000 and (glyph or not offset):
                yield point
