"""Reading a plan's tables key by key: what is wrong is noted with its line and its cure, and the reading goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from config import span
from config.plan_lines import Lines, Place
from config.turkish_numbers import ENGLISH, NoFigure, commas, figure, none_given
from words import N_, _, exactly

TEXT, LIST, TABLE = N_('text in "quotes"'), N_('a list: ["...", "..."]'), N_("a table in braces")
LONGEST = 60  # characters of a wrong value that are shown
LONGEST_SPAN = timedelta(days=366)


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing wrong in a plan file: line, key, what is wrong, and what to do."""

    line: int
    key: str
    what: str
    cure: str


@dataclass
class Notebook:
    """The mistakes of one file. `metrics` answers what may be counted of a platform from a source; None: whatever is named."""

    lines: Lines
    raw: Mapping[str, Any]
    metrics: Callable[[str, str], Collection[str]] | None = None
    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(self, place: Place, what: str, cure: str) -> None:
        self.mistakes.append(Mistake(self.lines.of(place), self._named(place), what, cure))

    def _named(self, place: Place) -> str:
        """`PG7.2.3 rule.title`, `risks[2]`: positions count from 1."""
        head = ""
        if place[:1] == ("indicator",) and len(place) > 1 and isinstance(place[1], int):
            entry = self.raw["indicator"][place[1]]
            code = entry.get("code") if isinstance(entry, dict) else None
            head, place = (code if isinstance(code, str) and code.strip() else f"indicator[{place[1] + 1}]"), place[2:]
        rest = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in place).removeprefix(".")
        return f"{head} {rest}".strip() or "-"


@dataclass
class Table:
    """One table of the plan. Whatever is asked for and wrong is noted, and something harmless is answered in its place."""

    book: Notebook
    place: Place
    values: Mapping[str, Any]

    def known(self, names: Sequence[str]) -> None:
        for name in self.values:
            if name not in names:
                near = get_close_matches(name, names, 1)
                cure = _("did you mean {name}?").format(name=near[0]) if near else _("remove it; there are {names}")
                self.wrong(name, _("{key} means nothing here").format(key=name), cure.format(names=", ".join(names)))

    def wrong(self, key: str | int, what: str, cure: str) -> None:
        self.book.wrong((*self.place, key), what, cure)

    def missing(self, key: str, example: str) -> None:
        self.wrong(key, _("{key} is missing").format(key=key), _("add {example}").format(example=f"{key} = {example}"))

    def has(self, key: str) -> bool:
        """Whether a figure stands there, be it a wrong one: a dash is none."""
        value = self.values.get(key)
        return value is not None and not (isinstance(value, str) and none_given(value))

    def text(self, key: str, default: str | None = None, *, example: str = '"..."') -> str:
        """Without a default it must be there and not be empty."""
        if key not in self.values:
            if default is None:
                self.missing(key, example)
            return default or ""
        return self._text(key, self.values[key], empty=default is not None)

    def _text(self, key: str | int, value: Any, *, empty: bool = False) -> str:
        if not isinstance(value, str):
            self.kind(key, value, TEXT)
            return ""
        if not empty and not value.strip():
            self.wrong(key, _("the text is empty"), _("write the text between the quotes"))
        return value.strip()

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        if key not in self.values:
            return default
        inner = Table(self.book, (*self.place, key), {})
        return tuple(inner._text(position, value) for position, value in enumerate(self.several(key)))

    def several(self, key: str) -> list[Any]:
        value = self.values.get(key, [])
        if isinstance(value, list):
            return value
        self.kind(key, value, LIST)
        return []

    def table(self, key: str) -> Table:
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.kind(key, value, TABLE)
            value = {}
        return Table(self.book, (*self.place, key), value)

    def tables(self, key: str) -> list[Table]:
        found = []
        for position, value in enumerate(self.several(key)):
            if isinstance(value, dict):
                found.append(Table(self.book, (*self.place, key, position), value))
            else:
                Table(self.book, (*self.place, key), {}).kind(position, value, TABLE)
        return found

    def choice(self, key: str, among: Collection[str], default: str | None = None) -> str:
        found = self.text(key, default, example=f'"{next(iter(among))}"')
        if key in self.values and isinstance(self.values[key], str):
            self.among(key, found, among)
        return found

    def among(self, key: str | int, found: str, among: Collection[str]) -> None:
        if found and found not in among:
            near = get_close_matches(found, list(among), 1)
            self.wrong(
                key,
                _("{value} is not known").format(value=shown(found)),
                _("did you mean {name}?").format(name=near[0])
                if near
                else _("write one of: {names}").format(names=", ".join(among)),
            )

    def figure(
        self, key: str, default: Fraction | None = None, *, least: int | None = None, most: int | None = None, counted: bool = False
    ) -> Fraction | None:
        """A TOML number or Turkish text; None where none is given, or it is wrong. `counted`: `11,617` is refused."""
        if key not in self.values:
            return default
        value = self.values[key]
        try:
            found = figure(value)
        except NoFigure as told:
            self.wrong(key, told.what, told.cure)
            return None
        if isinstance(value, Decimal) and grouped(value):
            self.wrong(
                key,
                _("{value} could be thousands or decimals").format(value=value),
                _('write it in quotes, as it is printed: "{value}"').format(value=value),
            )
            return None
        if counted and commas(value):
            self.wrong(key, _("{value} could be thousands or decimals").format(value=value), _(ENGLISH))
            return None
        if found is not None and ((least is not None and found < least) or (most is not None and found > most)):
            limits = _("from {least} to {most}") if most is not None else _("{least} or more")
            said = limits.format(least=exactly(least or 0), most=exactly(most or 0))
            self.wrong(
                key, _("{value} is out of range").format(value=exactly(found)), _("write a number: {limits}").format(limits=said)
            )
            return None
        return found

    def count(self, key: str, default: int, *, least: int = 0, most: int = 366) -> int:
        found = self.figure(key, Fraction(default), least=least, most=most)
        if found is None or found.denominator != 1:
            if found is not None:
                self.wrong(
                    key, _("{text} is no whole number").format(text=exactly(found)), _("write a number without decimals: 11.617")
                )
            return default
        return int(found)

    def length(self, key: str, default: str) -> timedelta:
        return self._length(key, self.text(key, default))

    def lengths(self, key: str, default: tuple[str, ...]) -> tuple[timedelta, ...]:
        inner = Table(self.book, (*self.place, key), {})
        return tuple(inner._length(position, text) for position, text in enumerate(self.texts(key, default)))

    def _length(self, key: str | int, text: str) -> timedelta:
        try:
            found = span(text)
        except (ValueError, OverflowError):
            found = None
        if text and (found is None or not timedelta(0) < found <= LONGEST_SPAN):
            self.wrong(
                key,
                _("{value} is no span of time").format(value=shown(text)),
                _("write 30min, 6h or 7d, more than 0 and at most a year"),
            )
        return found or timedelta(0)

    def day(self, key: str) -> date | None:
        value = self.values.get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        try:
            return date.fromisoformat(value)
        except (ValueError, TypeError):
            self.wrong(key, _("{value} is no day").format(value=shown(value)), _("write a day like 2026-01-31"))
            return None

    def kind(self, key: str | int, value: Any, wanted: str) -> None:
        self.wrong(key, _("{value} is of the wrong kind").format(value=shown(value)), _("write {wanted}").format(wanted=_(wanted)))


def grouped(value: Decimal) -> bool:
    """A bare `23.000`: in TOML twenty-three, on paper twenty-three thousand."""
    whole, _dot, decimals = str(value).lstrip("+-").partition(".")
    return len(decimals) == 3 and decimals.isdigit() and len(whole) <= 3 and whole != "0"


def shown(value: object) -> str:
    text = str(value) if isinstance(value, (Decimal, date)) else repr(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
