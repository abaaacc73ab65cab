"""Files that people hand in: tables of the press, of figures and of plans, calendars, workbooks, and backups."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from collectors.base import CollectError
from collectors.calendar import load as plans
from collectors.exports import archived as figures_archived
from collectors.exports import load as figures
from collectors.exports.said import Told
from collectors.exports.who import Accounts
from collectors.news import agency, clippings
from collectors.sheets.tables import read_tables
from collectors.sheets.workbook import Sheet
from config.exports import words
from model import Account, Exchange, MecraError, from_json
from tests.fuzz.answering import ZONE
from tests.fuzz.press import AGENCY
from tests.fuzz.promises import Broken, fit, keeps, whole
from tests.fuzz.target import NOW, Target
from upkeep.packed import FORMAT, manifest_of, unpack

KNOWN = Accounts(
    (
        Account("x:ornek", "x", "ornek", label="Örnek"),
        Account("facebook:ornek", "facebook", "ornek", remote_id="1055"),
        Account("instagram:ornek", "instagram", "ornek"),
    )
)
PRESS = "Tarih;Saat;Yayın;Başlık;Link;Tiraj;Erişim;Reklam Eşdeğeri;Ton\r\n20.11.2026;14:30;Yeni Seher;Ümraniye’den “park”;https://a.example/1;11.617;1.234,0;1.234,56 TL;Olumlu\r\nToplam;;;;;;;;\r\n"
FIGURES = "Hesap;Tarih;Takipçi;Görüntülenme;Gönderi;Bağlantı;Yayın Tarihi;Metin\r\nx:ornek;30.06.2026 14:30;12,3 B;;;;;\r\nx:ornek;29.06.2026;;1.250;;;;\r\nx:ornek;30.06.2026 10:00;;5;2002000000000000000;https://x.com/a/status/2002000000000000000;29.06.2026 09:00;Şenlik\r\n"
LONG = "Hesap,Tarih,Gösterge,Değer\ntiktok:ornek,30.06.2026,Takipçi,11.617\n"
PLAN = "Tarih;Saat;Platform;Başlık;İptal;Gerekçe\r\n24.11.2026 Salı;14:30;Instagram, X;Işıl ışıl park;;\r\n25.11.2026;14.30-15.00;tüm platformlar;Tören;iptal;hava\r\n"
GRID = "23-29 Kasım 2026;;;\r\nSaat;Pazartesi;Salı 24.11;Çarşamba\r\n09:00;Instagram: Park;X, FB: Tören (iptal: hava);\r\n14;;YouTube;✓\r\n"
ICS = """BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Instagram: Park\r\nDTSTART;TZID=Europe/Istanbul:20261124T143000\r\nCATEGORIES:X,Facebook\r\nLOCATION:web\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:b\r\nSUMMARY:Film\r\nDTSTART:20261125T110000Z\r\nRRULE:FREQ=WEEKLY;BYDAY=WE;UNTIL=20270101\r\nEXDATE:20261202T110000Z\r\nSTATUS:CANCELLED\r\nCOMMENT:hava\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"""
ROWS: list[Any] = [
    [["Tarih", "Saat", "Yayın", "Başlık", "Link", "Tiraj"], [{"date": "2026-11-20"}, {"time": "14:30"}, "Yeni Seher", "Park", "https://a.example/1", 11617.0], [46346.5, 0.5, "A", "B", "www.a.example", "11.617"]],
    [["Hesap", "Tarih", "Takipçi", "Görüntülenme"], ["x:ornek", {"at": "2026-06-30T14:30:00"}, 11617, None], ["x:ornek", {"date": "2026-06-29"}, None, 5.0]],
    [["Gün", "Saat", "Platform", "Başlık"], [{"at": "2026-11-24T14:30:00"}, {"span": 52200}, "Instagram", "Park"], [46350, 0.625, "X", "Tören"]],
    [["23-29 Kasım 2026"], ["Saat", "Pazartesi", "Salı", {"date": "2026-11-25"}], [{"time": "09:00"}, "Instagram: Park", True, {"float": "inf"}]],
]  # fmt: skip
BODY = {"columns": {"at": "Tarih"}, "figures": [{"row": 2, "metric": "followers", "value": 11617}, {"row": 3, "metric": "views", "value": 5, "day": "2026-06-29", "exact": False}], "posts": [{"post": "2", "kind": "post", "published_at": "2026-06-29T06:00:00Z", "url": "", "text": "Şenlik"}]}  # fmt: skip


def table(body: bytes) -> None:
    """A text file, taken for each of the three kinds of list."""
    _taken(_file("dosya.csv", body))


def calendar(body: bytes) -> None:
    _plan(_file("plan.ics", b"BEGIN:VCALENDAR" + body.removeprefix(b"BEGIN:VCALENDAR")))


def cells(body: bytes) -> None:
    """Cells of every kind that a workbook can hold, without the workbook."""
    try:
        rows = [[_cell(one) for one in row] for row in from_json(body)]
    except (ValueError, TypeError, OverflowError):
        return
    if sum(map(len, rows)) > 5000:
        return
    sheet = Sheet("Kasım", rows, unknown=frozenset({(1, 0)} if len(body) % 17 == 0 else ()))
    with ExitStack() as stack:
        for module in (clippings, figures, plans):
            stack.enter_context(mock.patch.object(module, "read_tables", lambda path: [sheet]))
        _taken(_file("dosya.xlsx", body))


def workbook(body: bytes) -> None:
    """The parts of a workbook by name, as text."""
    try:
        parts = json.loads(body)
        packed = _zipped({str(name)[:100]: str(part) for name, part in parts.items()})
    except (ValueError, AttributeError, RecursionError):
        return
    with _refusals():
        for sheet in read_tables(_file("dosya.xlsx", packed)):
            if len(sheet.rows) > 200_000:
                raise Broken("more rows than a sheet may have")


def packed_workbook(body: bytes) -> None:
    with _refusals():
        read_tables(_file("dosya.xlsx", b"PK\x03\x04" + body.removeprefix(b"PK\x03\x04")))


def handed_in(body: bytes) -> None:
    """A file of figures as it stands in the archive."""
    account = Account("x:ornek", "x", "ornek")
    try:
        keeps(figures_archived.read(account, Exchange(NOW, "IMPORT", "file:a.csv?sha256=x", 200, body, len(body))))
    except CollectError as error:
        fit(str(error), "an error")


def backup(body: bytes) -> None:
    """A backup's manifest and files: refused, or unpacked below the one directory."""
    try:
        parts = json.loads(body)
        packed = _zipped({str(name): part if isinstance(part, str) else json.dumps(part) for name, part in parts.items()})
    except (ValueError, AttributeError, RecursionError):
        return
    path = _file("yedek.mecra", packed)
    with _refusals(), tempfile.TemporaryDirectory(dir=_folder()) as place:
        inner = Path(place) / "a" / "b"
        inner.mkdir(parents=True)
        try:
            manifest = manifest_of(path)
            unpack(path, manifest, inner, lambda: None)
        finally:
            outside = [one for one in Path(place).rglob("*") if inner not in one.parents and one not in (inner, inner.parent)]
            if outside:
                raise Broken(f"unpacked to {outside[0].name}")


def _taken(path: Path) -> None:
    with _refusals():
        found = clippings.load(path, now=NOW)
        whole((found.rows, [str(error) for error in found.errors], found.notes, found.mapping))
        if not found.errors:
            told = agency.exchange(found, NOW)
            AGENCY.read(AGENCY.made(lambda path: (500, {}, b"")), told)
    for told_at in (None, NOW - timedelta(days=1)):
        with _refusals():
            said = figures.load(path, words(), KNOWN, NOW, ZONE, told=Told(None, told_at))
            whole(([str(error) for error in said.errors], said.notes, said.mapping))
            if not said.errors:
                for key, exchanges in figures_archived.exchanges(said).items():
                    for one in exchanges:
                        keeps(figures_archived.read(said.accounts[key], one))
    _plan(path)


def _plan(path: Path) -> None:
    with _refusals():
        plan = plans.load(path, ZONE, now=NOW, ours=("instagram", "x"), default=("x",))
        whole(([str(error) for error in plan.errors], plan.notes, plan.mapping, plan.slots))
        for slot in plan.slots:
            if not 2015 <= slot.at.year <= NOW.year + 2:
                raise Broken(f"a slot in the year {slot.at.year}")


@contextmanager
def _refusals() -> Iterator[None]:
    """What can't be used is refused by a MecraError, in words that can be shown."""
    try:
        yield
    except MecraError as error:
        fit(str(error), "an error")
        if len(str(error)) > 20_000:
            raise Broken(f"an error of {len(str(error))} letters") from None


def _cell(one: Any) -> Any:
    if not isinstance(one, dict):
        return json.dumps(one) if isinstance(one, list) else one
    kind, value = next(iter(one.items()), ("", None))
    made: dict[str, Callable[[Any], Any]] = {
        "date": date.fromisoformat, "time": time.fromisoformat, "at": lambda text: datetime.fromisoformat(text).replace(tzinfo=None), "span": lambda seconds: timedelta(seconds=seconds), "float": float,
    }  # fmt: skip
    return made[kind](value) if kind in made else json.dumps(one)


def _zipped(parts: dict[str, str]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name.replace("\0", "") or "a"), part.encode("utf-8", "replace"))
    return raw.getvalue()


@cache
def _folder() -> Path:
    """One directory a process; its files are written over and over."""
    folder = tempfile.TemporaryDirectory(prefix="mecra-fuzz-")
    _kept.append(folder)
    return Path(folder.name)


_kept: list[tempfile.TemporaryDirectory[str]] = []


def _file(name: str, body: bytes) -> Path:
    path = _folder() / name
    path.write_bytes(body)
    return path


def _workbooks() -> list[bytes]:
    """Workbooks as openpyxl writes them: packed ones and their parts."""
    import openpyxl

    raw = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Tarih", "Yayın", "Başlık", "Link"])
    book.active.append(
        [datetime(2026, 11, 20, tzinfo=UTC).replace(tzinfo=None), "A", "B", '=HYPERLINK("https://a.example/1", "x")']
    )
    book.active.merge_cells("A3:A4")
    book.active["A2"].hyperlink = "https://a.example/2"
    book.create_sheet("Gizli").sheet_state = "hidden"
    book.save(raw)
    with zipfile.ZipFile(raw) as parts:
        return [
            raw.getvalue(),
            json.dumps({name: parts.read(name).decode("utf-8", "replace") for name in parts.namelist()}).encode(),
        ]


def _backups() -> list[bytes]:
    import hashlib

    files = {"mecra.db": "SQLite format 3", "seals.txt": "", "settings/mecra.toml": "language = 'tr'", "elsewhere/1/plan.toml": "x"}
    listed = [
        {"name": name, "size": len(body), "sha256": hashlib.sha256(body.encode()).hexdigest(), "origin": ""}
        for name, body in files.items()
    ]
    manifest = {"format": FORMAT, "made_at": "2026-11-23T01:00:00Z", "mecra": "0.1.0", "database": "/var/lib/mecra/mecra.db", "data": ".", "settings": "mecra.toml", "contents": {"schema": []}, "files": listed}  # fmt: skip
    return [json.dumps({**files, "manifest.json": manifest}).encode()]


def _own(*seeds: Any) -> Callable[[], list[bytes]]:
    return lambda: [seed.encode() if isinstance(seed, str) else json.dumps(seed).encode() for seed in seeds]


TARGETS = (
    Target("tables", table, _own(PRESS, FIGURES, LONG, PLAN, GRID, "sep=,\n" + LONG), "text"),
    Target("cells", cells, _own(*ROWS), "json"),
    Target("calendars", calendar, _own(ICS), "text"),
    Target("workbooks", workbook, lambda: _workbooks()[1:], "json"),
    Target("workbooks-packed", packed_workbook, lambda: _workbooks()[:1], "bytes"),
    Target("archived-figures", handed_in, _own(BODY), "json"),
    Target("backups", backup, _backups, "json"),
)
