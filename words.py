"""The language of screens and documents: English in the code, Turkish from the catalogue, numbers and dates as written there.

Imports nothing of ours. The catalogue holds click's messages too: click asks gettext for the current domain.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

DOMAIN = "mecra"
CATALOGUES = Path(__file__).parent / "locale"
LANGUAGES = ("tr", "en")
_chosen = ["en"]
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def speak(language: str, environ: MutableMapping[str, str]) -> None:
    """Use `language` from now on. click's gettext takes it from LANGUAGE, before any locale, also under LC_ALL=C."""
    _chosen[0] = language if language in LANGUAGES else "en"
    environ["LANGUAGE"] = _chosen[0]
    gettext.bindtextdomain(DOMAIN, str(CATALOGUES))
    gettext.textdomain(DOMAIN)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Use `language` within, in this thread or task only: a document's language is not the screen's."""
    token = _spoken.set(language if language in LANGUAGES else "en")
    try:
        yield
    finally:
        _spoken.reset(token)


def language() -> str:
    """`tr` or `en`: the one that is spoken here."""
    return _spoken.get() or _chosen[0]


@cache
def _catalogue(spoken: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, str(CATALOGUES), [spoken], fallback=True)


def _(text: str) -> str:
    return _catalogue(language()).gettext(text) if text else ""


def N_(text: str) -> str:  # noqa: N802  gettext's name for "translate this later"
    """Mark a text for the catalogue; it is translated where it is shown."""
    return text


def number(value: int) -> str:
    """`22.465.660`, in English `22,465,660`."""
    text = f"{value:,}"
    return text.replace(",", ".") if language() == "tr" else text


def decimal(value: float, places: int) -> str:
    """`1.234,5`, in English `1,234.5`."""
    text = f"{value:,.{places}f}"
    return text.translate(str.maketrans(",.", ".,")) if language() == "tr" else text


def rounded(value: Fraction | int, places: int) -> Decimal:
    """The one rounding of an exact value, half up (away from zero), for display only."""
    exact = Fraction(value) * 10**places
    whole = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-places)


def exactly(value: Fraction | int, places: int = 2) -> str:
    """`104,63` or `26`, in English `104.63`: an exact value, rounded once, without zeros at its end."""
    text = f"{rounded(value, places):,f}"
    text = (text.rstrip("0").rstrip(".") if "." in text else text).replace("-0", "0", 1 if text in ("-0", "-0.0", "-0.00") else 0)
    return text.translate(str.maketrans(",.", ".,")) if language() == "tr" else text


def exact_percent(value: Fraction | int, places: int = 2) -> str:
    """`%104,63`, `-%20`, in English `104.63%`; of a share, where 1 is %100."""
    text = exactly(Fraction(value) * 100, places)
    if language() != "tr":
        return f"{text}%"
    return f"-%{text[1:]}" if text.startswith("-") else f"%{text}"


def percent(share: float) -> str:
    """`%95,5`, in English `95.5%`; of a share between 0 and 1."""
    return f"%{decimal(share * 100, 1)}" if language() == "tr" else f"{decimal(share * 100, 1)}%"


def day(value: date) -> str:
    """`23.11.2026`, in English `2026-11-23`."""
    return f"{value:%d.%m.%Y}" if language() == "tr" else value.isoformat()


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Day and minute on the institution's clocks."""
    local = at.astimezone(zone)
    return f"{day(local.date())} {local:%H:%M}"


def span(length: timedelta) -> str:
    """The largest whole unit of a span: `3 saat`."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    if minutes < 48 * 60:
        return _("{n} h").format(n=minutes // 60)
    return _("{n} days").format(n=number(minutes // 1440))


def ago(length: timedelta) -> str:
    return _("{span} ago").format(span=span(length)) if length >= timedelta(minutes=1) else _("just now")


def cost(amount: int, bucket: str) -> str:
    """What a bucket's ledger counts: micro-dollars for X, quota units elsewhere."""
    if bucket == "x":
        return f"${decimal(amount / 1_000_000, 3)}"
    return _("{n} units").format(n=number(amount))


def costs(by_bucket: Mapping[str, int]) -> str:
    """The costs of several buckets, added up by unit; empty where nothing was spent."""
    dollars, units = by_bucket.get("x", 0), sum(amount for bucket, amount in by_bucket.items() if bucket != "x")
    return ", ".join([*([cost(dollars, "x")] if dollars else []), *([cost(units, "")] if units else [])])


OUTCOMES = {
    "done": N_("done"),
    "partial": N_("done, with notes"),
    "failed": N_("failed"),
    "unavailable": N_("unavailable"),
    "rate limited": N_("rate limited"),
    "over budget": N_("over budget"),
    "expired": N_("cursor expired"),
    "refused": N_("refused"),
    "gone": N_("gone"),
    "unsupported": N_("unsupported"),
    "malformed": N_("malformed answer"),
}


def outcome(name: str | None) -> str:
    """The outcome of a walk in words; one that has not ended has none."""
    return _("under way") if name is None else _(OUTCOMES.get(name, name))


Value: TypeAlias = int | str


class Note(NamedTuple):
    """Something to tell beside a figure, kept as the text's English and its values, and said in the reader's language.

    Values are whole numbers, or text; a day (`2026-06-30`) and an exact share (`%964/1000`) are written as the language does.
    """

    text: str
    values: Mapping[str, Value] = {}

    def said(self) -> str:
        return _(self.text).format(**{name: _said(value) for name, value in self.values.items()})


def _said(value: Value) -> str:
    if isinstance(value, int):
        return number(value)
    if re.fullmatch(r"%\d+/[1-9]\d*", value):
        return exact_percent(Fraction(value[1:]))
    return day(date.fromisoformat(value)) if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else _(value)
