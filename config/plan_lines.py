"""Where a key of a TOML text stands. tomllib tells what is written, not on which line: this looks only for that.

A place is a path of keys and, in lists and repeated tables, of positions from 0: `("indicator", 2, "targets", "2026")`.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from itertools import count
from typing import TypeAlias

Place: TypeAlias = tuple[str | int, ...]

GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
TEXT = re.compile(r'"""(?:[^\\]|\\.)*?"""+|\'\'\'.*?\'\'\'+|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.S)
BARE = re.compile(r"[^\"',\]}\n#][^,\]}\n#]*")


class _Lost(Exception):
    """The text is no TOML from here on."""


class Lines:
    """The lines of a TOML text. Of one that is none, whatever comes before its first error; `last` is its last statement."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text.removeprefix("\ufeff"), 0
        self._found: dict[Place, int] = {(): 1}
        self._counts: dict[Place, int] = {}
        self._line, self._line_at = 1, 0
        self.last = 1
        with suppress(_Lost, RecursionError):
            self._document()

    def of(self, place: Place) -> int:
        """The line of a place, or of the innermost one around it that is written."""
        while place not in self._found:
            place = place[:-1]
        return self._found[place]

    def _document(self) -> None:
        table: Place = ()
        while self._skip():
            self.last = self._here()
            if self._take("[["):
                table = self._repeated(self._keys())
                self._need("]]")
            elif self._take("["):
                table = self._resolved(self._keys())
                self._note(table)
                self._need("]")
            else:
                self._pair(table)

    def _pair(self, table: Place) -> None:
        line = self._here()
        place = self._resolved(self._keys(), table)
        self._note(place, line)
        self._need("=")
        self._value(place)

    def _value(self, place: Place) -> None:
        self._skip()
        if self._take("["):
            self._list(place)
        elif self._take("{"):
            while self._skip() and not self._take("}"):
                self._pair(place)
                self._skip()
                self._take(",")
        else:
            match = TEXT.match(self._text, self._at) or BARE.match(self._text, self._at)
            if not match:
                raise _Lost
            self._at = match.end()

    def _list(self, place: Place) -> None:
        for position in count():
            self._skip()
            if self._take("]"):
                return
            self._note((*place, position))
            self._value((*place, position))
            self._skip()
            if not self._take(","):
                self._need("]")
                return

    def _keys(self) -> list[str]:
        found = []
        while True:
            self._skip()
            match = KEY.match(self._text, self._at)
            if not match:
                raise _Lost
            self._at = match.end()
            found.append(_plain(match[0]))
            self._skip()
            if not self._take("."):
                return found

    def _repeated(self, keys: list[str]) -> Place:
        place = (*self._resolved(keys[:-1]), keys[-1])
        position = self._counts.get(place, 0)
        self._counts[place] = position + 1
        self._note(place)
        self._note((*place, position))
        return (*place, position)

    def _resolved(self, keys: list[str], place: Place = ()) -> Place:
        """Keys as written to a place: a repeated table's name means its last one."""
        for key in keys:
            place = (*place, key)
            if place in self._counts:
                place = (*place, self._counts[place] - 1)
        return place

    def _note(self, place: Place, line: int = 0) -> None:
        for length in range(1, len(place) + 1):
            self._found.setdefault(place[:length], line or self._here())

    def _here(self) -> int:
        self._line += self._text.count("\n", self._line_at, self._at)
        self._line_at = self._at
        return self._line

    def _skip(self) -> bool:
        """Over blanks and comments; whether anything is left."""
        match = GAP.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._at < len(self._text)

    def _take(self, sign: str) -> bool:
        found = self._text.startswith(sign, self._at)
        self._at += len(sign) * found
        return found

    def _need(self, sign: str) -> None:
        self._skip()
        if not self._take(sign):
            raise _Lost


def _plain(key: str) -> str:
    """A key without its quotes."""
    try:
        return str(tomllib.loads(f"key = {key}")["key"]) if key[0] in "\"'" else key
    except tomllib.TOMLDecodeError:
        raise _Lost from None
