"""What the address of a page asks for: read as far as it can be understood, and written again for the page's links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from starlette.requests import Request

from model import Period
from reports import phrases
from words import _, language

EVERYTHING = "tumu"
PAGE = "sayfa"
LONG, LONG_LISTS = 2_000, 60.0  # what is found out of so many rows may be shown again for so many seconds
Option = tuple[str, str]  # value, label


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are asked for, both included; `period` is EVERYTHING or a period, `month` empty or one in it."""

    period: str
    month: str
    first: date
    last: date


def span_asked(request: Request, default: Period, there: tuple[date, date] | None, *, everything: bool = True) -> Span:
    """`there`: from when to when anything is known."""
    asked = request.query_params.get("donem", "")
    if asked == EVERYTHING and everything:
        first, last = there or (default.first, default.last)
    else:
        period = _period(asked) or default
        asked, first, last = str(period), period.first, period.last
    month = request.query_params.get("ay", "")
    if month not in _months(first, last):
        return Span(asked, "", first, last)
    begins = date.fromisoformat(f"{month}-01")
    return Span(asked, month, begins, (begins + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def periods_offered(there: tuple[date, date] | None, default: Period, *, everything: bool = True) -> list[Option]:
    """The half-years and years that hold anything, the newest first, and all of them together."""
    first, last = there or (default.first, default.last)
    first, last = min(first, default.first), max(last, default.last)
    found: list[Option] = [(EVERYTHING, _("everything"))] if everything else []
    for year in range(last.year, first.year - 1, -1):
        halves = [half for half in Period(year).halves if half.last >= first and half.first <= last]
        found += [(str(half), str(half)) for half in reversed(halves)]
        found.append((str(year), str(year)))
    return found


def months_offered(span: Span, there: tuple[date, date] | None) -> list[Option]:
    """The months of what is asked for, in order."""
    period = _period(span.period)
    first, last = (period.first, period.last) if period else there or (span.first, span.last)
    return [(name, f"{phrases.month(name)} {name[:4]}") for name in _months(first, last)]


def chosen(request: Request, name: str, allowed: Iterable[str], default: str = "") -> str:
    """One of the allowed values; the default for anything else."""
    asked = request.query_params.get(name, "")
    return asked if asked in allowed else default


def page_asked(request: Request) -> int:
    text = request.query_params.get(PAGE, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def again(request: Request) -> Callable[..., str]:
    """Writes the address that was asked for with some of it changed: `None` leaves out. Another question begins at its first page."""
    asked = {name: value for name, value in request.query_params.items() if name != "lang" and value}

    def address(path: str = "", **changes: object) -> str:
        kept: Mapping[str, object] = {**asked, PAGE: None, **changes}
        query = urlencode({name: str(value) for name, value in kept.items() if value not in (None, "")})
        return f"{path or request.url.path}?{query}"

    return address


def sorted_labels(options: Iterable[Option]) -> list[Option]:
    """By their labels, as the language that is spoken puts letters in order."""
    return sorted(options, key=lambda option: _order(option[1]))


def _order(label: str) -> list[int]:
    letters = "abcçdefgğhıijklmnoöprsştuüvyz" if language() == "tr" else "abcçdefgğhiıjklmnoöpqrsştuüvwxyz"
    plain = label.replace("İ", "i").replace("I", "ı").lower() if language() == "tr" else label.lower()
    return [letters.index(c) + 1000 if c in letters else ord(c) for c in plain]


def _period(text: str) -> Period | None:
    try:
        return Period.parse(text[:10])
    except ValueError:
        return None


def _months(first: date, last: date) -> list[str]:
    count = 12 * (last.year - first.year) + last.month - first.month + 1
    return [f"{first.year + (first.month - 1 + n) // 12}-{(first.month - 1 + n) % 12 + 1:02}" for n in range(count)]
