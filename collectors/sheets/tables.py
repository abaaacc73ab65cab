"""An agency's file into rows of cells: Excel or text, whatever its encoding and delimiter; nothing is guessed silently."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from pathlib import Path

from collectors.sheets.workbook import MOST_COLUMNS, MOST_ROWS, OPEN_AND_SAVE, Cell, FileError, Sheet, read_workbook
from model import legible
from words import _

MOST_BYTES = 100 * 1024 * 1024
DELIMITERS = ";\t,|"
SAMPLE = 200


def read_tables(path: Path) -> list[Sheet]:
    """The sheets of a file (a text file is one); raises FileError that says what is wrong with it and what to do."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise FileError(path, _("it is a folder"), _("name one .xlsx, .xls or .csv file in it"))
        if size > MOST_BYTES:
            raise FileError(path, f"{size // 2**20} MB", _("at most {n} MB; split it by month").format(n=MOST_BYTES // 2**20))
        with path.open("rb") as file:
            head = file.read(4096)
            if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
                raise FileError(path, _("it is empty"), _("export it again"))
            if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
                return read_workbook(path)
            body = head + file.read()
    except FileNotFoundError:
        raise FileError(path, _("there is no such file"), _("check the name")) from None
    except OSError as error:
        raise FileError(path, _("it can't be read: {error}").format(error=error.strerror), _("check its permissions")) from None
    return [Sheet("", _rows(path, _text(path, body)))]


def _text(path: Path, body: bytes) -> str:
    """UTF-8, UTF-16 or, what is neither, Windows' Turkish."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = body.decode("utf-16", "replace")
    elif b"\0" in body[:4096]:
        raise FileError(path, _("it is neither Excel nor text"), _("export it as .xlsx or .csv"))
    else:
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = body.decode("cp1254", "replace")
    begin = text[:2000].lstrip().lower()
    if begin.startswith("<"):
        old = "<?mso-application" in begin or "spreadsheet" in begin
        kind = _("an old XML workbook under another name") if old else _("an HTML page under another name")
        raise FileError(path, kind, _(OPEN_AND_SAVE))
    if begin.startswith(("%pdf", "{\\rtf")):
        raise FileError(path, _("it is a document, not a table"), _("ask for the list as Excel"))
    return legible(text)


def _rows(path: Path, text: str) -> list[list[Cell]]:
    if text[:20].lower().startswith("sep="):
        first, _newline, text = text.partition("\n")
        delimiter = first.rstrip("\r")[4:5] or ";"
    else:
        delimiter = _delimiter(text)
    rows: list[list[Cell]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if len(rows) >= MOST_ROWS or len(row) > MOST_COLUMNS:
                raise FileError(
                    path,
                    _("line {line}: too much of it").format(line=reader.line_num),
                    _("at most {rows} rows and {columns} columns; delete what lies beyond the table").format(
                        rows=MOST_ROWS, columns=MOST_COLUMNS
                    ),
                )
            rows.append([*row])
    except csv.Error as error:
        raise FileError(
            path,
            _("line {line}: its quotation marks don't pair ({error})").format(line=reader.line_num, error=error),
            _(OPEN_AND_SAVE),
        ) from None
    return rows


def _delimiter(text: str) -> str:
    """The sign that cuts the most lines into the same number of columns; of equals, the one that makes more columns."""
    lines = text[:200_000].splitlines()[:SAMPLE]

    def fitness(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
        except csv.Error:
            return 0, 0
        width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
        return count, width

    return max(DELIMITERS, key=fitness)
