"""The one house style of all charts: colours, letters, numbers as the language writes them, and labels cut to a length.

Colours keep 3:1 against the paper (letters 4.5:1) and stay apart for eyes that see no red, no green or no blue; still no chart
says anything by colour alone. Specifications hold text and numbers only, never an expression.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from reports.inert import inert
from words import language

Spec: TypeAlias = dict[str, Any]
Row: TypeAlias = dict[str, Any]

LIGHT, DARK = "light", "dark"
FONT = "Source Sans Pro, Liberation Sans, Arial, sans-serif"
LABEL = 44  # letters of a label
SIZE = 12


@dataclass(frozen=True, slots=True)
class Theme:
    paper: str
    ink: str
    quiet: str  # axes' letters
    line: str  # grid
    pale: str  # what does not count, what is not due
    main: str
    series: tuple[str, ...]
    ramp: tuple[str, ...]  # from nothing to all


THEMES: Mapping[str, Theme] = {
    LIGHT: Theme(
        paper="#ffffff", ink="#1b2430", quiet="#4d5866", line="#e3e7ec", pale="#a9c3e0", main="#1f5fa8",
        series=("#1f5fa8", "#d06a1e", "#4b8f5e", "#7a2352", "#8f7ad6", "#43505c"),
        ramp=("#f1f5fa", "#d3e2f2", "#a6c5e5", "#6b9fd3", "#33749f", "#134a7c"),
    ),
    DARK: Theme(
        paper="#161b22", ink="#e8edf3", quiet="#aeb9c6", line="#2b333d", pale="#35587d", main="#5fa8ee",
        series=("#5fa8ee", "#f0a04b", "#cfe3a0", "#d0578f", "#7f72dd", "#9aa7b5"),
        ramp=("#1e252e", "#1f3550", "#27507c", "#33659a", "#6aa3dc", "#b9d9f7"),
    ),
}  # fmt: skip
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
DASHES: tuple[list[int], ...] = ([1, 0], [7, 3], [2, 3], [9, 3, 2, 3], [4, 4], [12, 4])
PLATFORMS = {"facebook": 0, "youtube": 1, "x": 2, "instagram": 3, "tiktok": 4, "linkedin": 5}

_MONTHS = ["Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"]
_DAYS = ["Pazar", "Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi"]
LOCALES: Mapping[str, Spec] = {
    "tr": {
        "number": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₺"], "percent": "%"},
        "time": {
            "dateTime": "%d.%m.%Y %H:%M", "date": "%d.%m.%Y", "time": "%H:%M", "periods": ["ÖÖ", "ÖS"], "days": _DAYS,
            "shortDays": ["Paz", "Pzt", "Sal", "Çar", "Per", "Cum", "Cmt"], "months": _MONTHS,
            "shortMonths": [name[:3] for name in _MONTHS],
        },
    },
    "en": {"number": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["₺", ""], "percent": "%"}},
}  # fmt: skip


def clip(text: str, most: int = LABEL) -> str:
    """A label on one line, cut to `most` letters."""
    whole = " ".join(inert(text, 4 * most).split())
    return whole if len(whole) <= most else f"{whole[: most - 1].rstrip()}…"


def labels(texts: Sequence[str], most: int = LABEL) -> list[str]:
    """`texts` as labels; two that would look the same are kept apart by a number, because a chart would add them up."""
    taken: dict[str, int] = {}
    found = []
    for text in texts:
        label = clip(text, most) or "–"
        taken[label] = taken.get(label, 0) + 1
        found.append(label if taken[label] == 1 else f"{label} ({taken[label]})")
    return found


def look(theme: str) -> Theme:
    return THEMES[theme]


def colours(names: Sequence[str], theme: str) -> list[str]:
    """One colour for each series; a platform has the same one in every chart."""
    palette = look(theme).series
    fixed = {name: PLATFORMS[name.lower()] for name in names if name.lower() in PLATFORMS}
    free = [at for at in range(len(palette)) if at not in fixed.values()] or list(range(len(palette)))
    others = iter(range(len(names)))
    return [palette[fixed[name]] if name in fixed else palette[free[next(others) % len(free)]] for name in names]


def ink_on(ground: str, style: Theme) -> str:
    """The letters' colour that is read best on `ground`."""
    return max((style.ink, style.paper), key=lambda ink: contrast(ink, ground))


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def chart(content: Mapping[str, Any], *, theme: str, width: int, title: str = "") -> Spec:
    """`content` in the house style, in the language that is spoken. `width`: of the whole, so that a narrow one's legend is broken."""
    named = {"title": clip(title, 90)} if title else {}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": look(theme).paper,
        "padding": 8,
        **named,
        **content,
        "config": _config(look(theme), width),
    }


def values(rows: Sequence[Mapping[str, Any]]) -> Spec:
    """The only place where data stand."""
    return {"values": [dict(row) for row in rows]}


def text(theme: str, **more: object) -> Spec:
    """A mark of letters; it stays inside of the picture whatever it says."""
    return {"type": "text", "color": look(theme).ink, "fontSize": SIZE, "limit": 320, **more}


def nothing(said: str, *, theme: str, width: int, title: str = "") -> Spec:
    """What stands in place of a chart of which nothing is known."""
    mark = text(theme, align="left", color=look(theme).quiet)
    content = {"width": width - 20, "height": 40, "data": values([{"said": clip(said) or "–"}]), "mark": mark}
    place = {"x": {"value": 0}, "y": {"value": 20}, "text": {"field": "said", "type": "nominal"}}
    return chart({**content, "encoding": place}, theme=theme, width=width, title=title)


def _config(style: Theme, width: int) -> Spec:
    letters = {
        "labelColor": style.quiet,
        "titleColor": style.quiet,
        "labelFontSize": SIZE,
        "titleFontSize": SIZE,
        "titleFontWeight": "normal",
    }
    return {
        "font": FONT,
        "locale": LOCALES[language()],
        "view": {"stroke": None},
        "axis": {
            **letters, "grid": False, "domain": False, "ticks": False, "labelPadding": 6, "labelLimit": 240, "titleLimit": 320,
            "gridColor": style.line, "titlePadding": 8,
        },
        "axisQuantitative": {"grid": True, "tickCount": 5, "format": ",~f"},
        "legend": {
            **letters, "orient": "top", "title": None, "symbolSize": 110, "columnPadding": 18, "offset": 10,
            "columns": 2 if width < 480 else 4, "labelLimit": max(width // 5, 110),
            "rowPadding": 4,
        },
        "title": {"color": style.ink, "fontSize": 14, "fontWeight": 600, "anchor": "start", "limit": width - 20, "offset": 12},
        "header": {"labelColor": style.ink, "titleColor": style.ink, "labelFontSize": SIZE},
        "text": {"color": style.ink, "fontSize": SIZE},
    }  # fmt: skip
