"""Files as agencies send them, written by the tests."""

from __future__ import annotations

import base64
import zipfile
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl

from collectors.news.agency import Import, load

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HEAD = ("Tarih", "Yayın", "Başlık", "Link", "Tiraj")
GOOD = ("23.11.2026", "Yeni Seher", "Örnek Belediyesi’nden ışıl ışıl park", "https://yeniseher.example/haber/1", "11.617")
# An Excel 97 workbook with one row: 20.11.2026, Yeni Seher, Örnek Belediyesi’nden ışıl ışıl park, 11617.
OLD_EXCEL = zlib.decompress(
    base64.b64decode(
        "eNrtWE1IVFEU/u6bGZ0Z/BltDDSQQcrKRJA2bWxMLNso9gNlCDY2D5wcRnkJYYuyzFYFQauijWCLNlaL/qhF7VoERkVBEGgtWwUFLXRe3z1zJ0YjcKAE432P"
        "e+4555577v/fezVXNT99r24BK7AbPmTdEEoKdIohlBciYLrrajYfBxlcD+sKoSAHsiSAJ+UvS/UY6vFegIW7/uekwCeGfoyiZyRjx9YQHVKHhNJ1aCNVuElN"
        "BWqlVtVCTwjdIPSOWD4V2i6aK0LbaDuvjmEu3tO0y8zio1aDpFVA+30oeT6IphU1eKFn8bmrKmcbwB4nlUivs4R6fxlmwAHtsjO2o+VK3EIY6Oxs6e5u6SPm"
        "EeVgz+C7GwO+5Vf1s5inX1u9AvU/lutL/6APchBX6q9ZfmAC7nFZJFPcl0/7c5vx/sSg7aRtZxGXZVnrEAAOJ5zUUACqDwmMo1VlmKA6KAyoNMVhsUk5iZOc"
        "Ln12JhU7ZA/Zzmaod3CQgY1h1qCDcZohiRSd2DjFuDaWoWzTJkY/A6qV/gq5UZbhMHdYHyOy7USWbTvlshzLSJOoFL5KFmWEbVm8/fV192BvfEA0E3LU5A6k"
        "Lbr9cHFe52DmCkmxhOqUJuF3CL0gXjcJXyc0ytYybuytMcy+SbG5KKmNLGen4E18awG/jfzUlwOP6qc+x7eTn+1aOBOdfR+fRgMPyCTz628SzapZ3biu8Tie"
        "j5XZvD4Krf1tIwtaEVN315y6lViSPgP7QyMn6d5RvyTL9FVO8lHyGV9qha+zVlh01Wh6a4m9El9+k1uJL84BY6l9XbrPC4FVjQfSre0FV4IwPHjw4MGDBw8e"
        "PKwrKHNZ9pnrcsBcxkvNf50lhqz3m+S/xUGM8Bvj82wvH25jfKCNFzV/NiKg8r7UKvPk/xdqHGHp+lE4KPUYLnr+8jGlCtuz6oyRv7eEii0/W0w9/3H5PwFB"
        "sOgK"
    )
)


def sheet(path: Path, *rows: Sequence[object], edit: Callable[[Any], None] | None = None) -> None:
    """A new workbook with `rows`, changed by `edit` before it is saved."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append([*row])
    if edit:
        edit(workbook)
    workbook.save(path)


def text(path: Path, *rows: Sequence[str], delimiter: str = ";", encoding: str = "utf-8") -> None:
    path.write_bytes("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))


def with_part(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """A workbook of which one part was changed afterwards."""
    sheet(path, HEAD, GOOD)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name, body in parts.items():
            new.writestr(name, change(body) if name.endswith(part) else body)


def read(path: Path, mapping: dict[str, str] | None = None) -> Import:
    return load(path, mapping, now=NOW)


def row(**changes: object) -> tuple[object, ...]:
    named = dict(zip(HEAD, GOOD, strict=True)) | {"Yayın": GOOD[1]} | changes
    return tuple(named[title] for title in HEAD)
