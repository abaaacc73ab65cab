"""The head of the table in an agency's file: which row it is, and which column is what.

No layout of the Turkish agencies' row exports is published (facts: yt_news 15); so heads are searched and recognised by
their words, and a mapping of the operator's overrides whatever is found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collectors.news.matching import fold
from collectors.news.workbook import Cell

SEARCHED = 60

# What each column may be called, the surest name first; a name further right gives way ("mecra" is often the medium).
NAMES: dict[str, tuple[str, ...]] = {
    "date": ("yayin tarihi", "haber tarihi", "yayim tarihi", "tarih", "tarih saat", "yayin tarihi saati", "yayin tarih", "gun", "date"),
    "time": ("yayin saati", "haber saati", "saat", "time"),
    "outlet": (
        "yayin adi", "yayin organi", "mecra adi", "kaynak adi", "gazete adi", "site adi", "kanal adi", "yayin", "kaynak", "gazete",
        "web sitesi", "internet sitesi", "site", "medya adi", "kurulus", "kanal", "dergi", "mecra", "medya", "outlet", "source",
    ),
    "title": ("haber basligi", "haber adi", "baslik", "manset", "haber baslik", "haber", "title", "headline"),
    "url": (
        "haber linki", "haber url", "haber adresi", "link", "url", "link adresi", "web adresi", "internet adresi", "adres", "baglanti",
        "haber baglantisi", "web link", "linki",
    ),
    "medium": (
        "mecra turu", "medya turu", "yayin turu", "mecra tipi", "medya tipi", "yayin tipi", "haber turu", "tur", "tip", "mecra", "medya",
    ),
    "city": ("yayin ili", "il", "sehir", "yayin yeri"),
    "page": ("sayfa no", "sayfa numarasi", "sayfa"),
    "circulation": ("net tiraj", "tiraj", "tiraji"),
    "reach": ("erisim", "erisim sayisi", "toplam erisim", "ulasilan kisi", "net etki"),
    "ad_value": ("reklam esdegeri", "reklam esdeger", "reklam degeri", "es deger", "esdeger", "ave", "aev"),
    "area": ("stxcm", "st x cm", "sutunxcm", "sutun x cm", "stcm", "st cm", "sutun cm", "sutun santim"),
    "tone": ("haber tonu", "ton", "algi", "haber yonu", "duygu", "olumlu olumsuz", "editor"),
    "summary": ("haber ozeti", "ozet", "spot", "haber metni", "metin"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table: its row (from 0) and the column of each field."""

    row: int
    columns: Mapping[str, int]
    titles: Mapping[str, str]

    @property
    def missing(self) -> tuple[str, ...]:
        """What a row can't do without and no column gives, in words."""
        wanted = {"date": ("date",), "title": ("title",), "outlet or url": ("outlet", "url")}
        return tuple(name for name, fields in wanted.items() if not any(field in self.columns for field in fields))


def find_head(rows: Sequence[Sequence[Cell]], mapping: Mapping[str, str]) -> Head | None:
    """The row that names the most columns, of the first sixty; None where no row names two."""
    heads = [_head(number, row, mapping) for number, row in enumerate(rows[:SEARCHED])]
    best = max(heads, key=lambda head: (-len(head.missing), len(head.columns)), default=None)
    return best if best and len(best.columns) >= 2 else None


def _head(number: int, row: Sequence[Cell], mapping: Mapping[str, str]) -> Head:
    named: dict[str, list[int]] = {}
    for column, cell in enumerate(row):
        if isinstance(cell, str) and cell.strip():
            for name in {heading(cell), heading(re.sub(r"\(.*?\)|\[.*?\]", " ", cell))} - {""}:
                named.setdefault(name, []).append(column)
    columns: dict[str, int] = {}
    for field, title in mapping.items():
        if found := named.get(heading(title)):
            columns[field] = found[0]
    for field, names in NAMES.items():
        if field not in mapping:
            free = [column for name in names for column in named.get(name, ()) if column not in columns.values()]
            if free:
                columns[field] = free[0]
    return Head(number, columns, {field: " ".join(str(row[column]).split()) for field, column in columns.items()})


def heading(text: str) -> str:
    """A column's title as it is compared: `"Reklam  Eşdeğeri (TL) *"` is `reklam esdegeri tl`."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(text)).split())


def letter(column: int) -> str:
    """`C` for column 2, as Excel shows it."""
    return (letter(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)
