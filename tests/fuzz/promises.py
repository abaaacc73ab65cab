"""What holds of everything that a parser makes of bytes from outside, whatever they are."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from model import Article, Exchange, Gap, Page, Post, Profile, Reading, Records, to_text

MOST = 2**63 - 1
FIRST, LAST = 1970, 2200
LAYOUT = "\n\r\t"
SECRET = 'gizli/+=%41"-0123456789'  # whoever answers may quote it; nobody keeps it


class Broken(AssertionError):
    """A promise that was not kept, and by what."""


def fit(text: Any, where: str) -> None:
    """Text that SQLite, JSON, a page and a terminal can take: no half letters, nothing that steers, no secret."""
    if not isinstance(text, str):
        raise Broken(f"{where} is a {type(text).__name__}")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Broken(f"{where} holds half a letter") from None
    if not text.isprintable() and (sign := next((c for c in text if unicodedata.category(c) == "Cc" and c not in LAYOUT), "")):
        raise Broken(f"{where} holds the control character {sign!r}")


def sane(at: Any, where: str) -> None:
    """A day or an aware instant of our times."""
    if isinstance(at, datetime):
        to_text(at)
    elif not isinstance(at, date):
        raise Broken(f"{where} is a {type(at).__name__}")
    if not FIRST <= at.year < LAST:
        raise Broken(f"{where} lies in the year {at.year}")


def keeps(records: Records) -> None:
    """The invariants of the model, row by row."""
    kinds = (Profile, Post, Reading, Gap, Article)
    rows: list[Any] = [*records.posts, *records.readings, *records.gaps, *records.articles]
    for row in [*rows, *filter(None, [records.profile])]:
        if not isinstance(row, kinds):
            raise Broken(f"a {type(row).__name__} among the records")
        names = row._fields if isinstance(row, Reading) else [field.name for field in fields(row)]
        for name in names:
            _value(getattr(row, name), f"{type(row).__name__}.{name}")
    for post in records.posts:
        if not post.post or not post.kind:
            raise Broken("a post without its id or kind")
    for reading in records.readings:
        if type(reading.value) is not int or not -MOST - 1 <= reading.value <= MOST:
            raise Broken("a value that is no integer of SQLite's")
    for article in records.articles:
        if not article.key or not article.status or article.status not in ("counted", "excluded", "review"):
            raise Broken(f"an article without a key or status: {article.status!r}")
    for fault in records.faults:
        fit(fault, "a fault")
        if len(fault) > 2000:
            raise Broken(f"a fault of {len(fault)} letters")


def _value(value: Any, where: str) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        fit(value, where)
    elif isinstance(value, (date, datetime)):
        sane(value, where)
    elif not isinstance(value, int):
        raise Broken(f"{where} is a {type(value).__name__}")


def goes_on(page: Page) -> None:
    """A page's cursor, memo and notes can be stored, and read again as they were."""
    if page.cursor is not None:
        fit(page.cursor, "the cursor")
        if not page.cursor:
            raise Broken("an empty cursor")
    if page.memo is not None:
        told = json.dumps(dict(page.memo), ensure_ascii=False, allow_nan=False)
        fit(told, "the memo")
    for note in page.notes:
        fit(note, "a note")


def archived(exchanges: Iterable[Exchange], keys: frozenset[str] | None = None) -> None:
    """What is kept of answers: no secret, and of a JSON answer no key but those that the platform's list names."""
    for exchange in exchanges:
        fit(exchange.url, "an archived address")
        silent((exchange.url, exchange.body.decode("utf-8", "replace")), "an archived answer")
        if keys is not None and exchange.body:
            _named(json.loads(exchange.body), keys)


def _named(value: Any, keys: frozenset[str]) -> None:
    if isinstance(value, dict):
        if others := value.keys() - keys - {"next", "previous"}:
            raise Broken(f"archived although nobody named it: {min(others)[:40]!r}")
        for inner in value.values():
            _named(inner, keys)
    elif isinstance(value, list):
        for inner in value:
            _named(inner, keys)


def silent(value: Any, where: str) -> None:
    """No secret in it, however deep."""
    if SECRET in repr(value).replace("\\\\", "\\"):
        raise Broken(f"{where} holds a secret")


def whole(value: Any) -> None:
    """Every text and number anywhere in a plain value (a dataclass, a list, a mapping) is fit to be kept."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            whole(getattr(value, field.name))
    elif isinstance(value, dict):
        for key, inner in value.items():
            whole(key)
            whole(inner)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for inner in value:
            whole(inner)
    elif isinstance(value, str):
        fit(value, "a text")
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > MOST:
        raise Broken(f"an integer of {value.bit_length()} bits")
    elif isinstance(value, float) and value != value:
        raise Broken("NaN")
