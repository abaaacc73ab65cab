"""`mecra compare` on a screen: two periods side by side, and under each indicator why they may not be alike."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from console.tables import show_table
from indicators.compare import Compared
from model import Period
from words import _, exact_percent, exactly


def show_comparison(found: Sequence[Compared], first: Period, second: Period) -> None:
    headings = (_("indicator"), str(first), str(second), _("change"), _("change in percent"), _("like for like"))
    rows = [
        (
            f"{c.indicator.code} {c.indicator.label}", _figure(c, c.first.value), _figure(c, c.second.value), _change(c),
            "–" if c.growth is None else exact_percent(c.growth),
            "" if c.alike is None else f"{_figure(c, c.alike[0])} → {_figure(c, c.alike[1])}",
        )
        for c in found
    ]  # fmt: skip
    show_table(headings, rows, numbers=(1, 2, 3, 4))
    for c in found:
        for note in c.told:
            print(f"! {c.indicator.code}: {note.said()}")


def as_json(found: Sequence[Compared], first: Period, second: Period) -> dict[str, Any]:
    """Exact figures are text; a ratio is a share."""
    return {
        "periods": [str(first), str(second)],
        "indicators": [
            {
                "code": c.indicator.code,
                "first": _text(c.first.value),
                "second": _text(c.second.value),
                "change": _text(c.change),
                "growth": _text(c.growth),
                "alike": [_text(value) for value in c.alike] if c.alike else None,
                "status": [c.first.status, c.second.status],
                "told": [note.said() for note in c.told],
            }
            for c in found
        ],
    }


def _figure(found: Compared, value: Fraction | None) -> str:
    if value is None:
        return "–"
    return exact_percent(value) if found.indicator.kind == "ratio" else exactly(value)


def _change(found: Compared) -> str:
    """Between two percentages lie points: %95 is 5 points more than %90, not %5."""
    if found.change is None or found.indicator.kind != "ratio":
        return _figure(found, found.change)
    return _("{n} points").format(n=exactly(found.change * 100))


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
