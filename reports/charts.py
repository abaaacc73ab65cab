"""Charts that compare: indicators against what is expected, platforms, months, outlets, weekdays and hours, weeks of a year.

Pure functions from figures to Vega-Lite specifications; titles and labels come already in the reader's language. Values are
exact (int, Fraction) and become floats only as lengths: each is also written beside its mark, rounded once. None is not known,
and is written as such.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reports.charts_style import LIGHT, Spec, chart, clip, colours, labels, look, nothing, text, values
from words import exact_percent, exactly

WIDTH = 680  # px of a whole chart; axes' labels are taken off


@dataclass(frozen=True, slots=True)
class Standing:
    """One indicator: its raw performance and what counts of it in the goal, and what was to be expected by now (1 is %100)."""

    label: str
    raw: Fraction | None
    counted: Fraction | None
    expected: Fraction | None


def performance(
    standings: Sequence[Standing],
    *,
    counted: str,
    raw: str,
    expected: str,
    unknown: str,
    title: str = "",
    theme: str = LIGHT,
    width: int = WIDTH,
) -> Spec:
    """Bars of what counts, paler what lies beyond it, a diamond where each should stand now, a line at %100. A value past the
    picture's edge (%150) ends there in an arrow; its figure is written in full."""
    if not standings:
        return nothing(unknown, theme=theme, width=width, title=title)
    style, edge, label_width = look(theme), Fraction(3, 2), min(260, width * 2 // 5)
    names = labels([standing.label for standing in standings], 40)
    whole = max([Fraction(1), *(min(max(s.raw or 0, s.expected or 0), edge) for s in standings)]) * Fraction(21, 20)
    bars, figures, diamonds, arrows = [], [], [], []
    for name, standing in zip(names, standings, strict=True):
        known = standing.raw is not None
        beyond, inside = max(standing.raw or Fraction(0), Fraction(0)), max(standing.counted or Fraction(0), Fraction(0))
        if beyond > inside:
            bars.append({"name": name, "from": float(inside), "to": float(min(beyond, edge)), "series": raw})
        if inside:
            bars.append({"name": name, "from": 0.0, "to": float(min(inside, edge)), "series": counted})
        figures.append({"name": name, "figure": exact_percent(standing.raw, 1) if standing.raw is not None else clip(unknown)})
        if standing.expected is not None and 0 <= standing.expected <= edge:
            diamonds.append({"name": name, "at": float(standing.expected), "series": expected})
        if known and beyond > edge:
            arrows.append({"name": name, "at": float(edge)})
    y = {"field": "name", "type": "nominal", "sort": names, "title": None, "axis": {"labelLimit": label_width}}
    scale = {"domain": [0, float(whole)], "nice": False}
    quarters = [Fraction(n, 4) for n in range(7) if Fraction(n, 4) <= whole]
    axis = {"labels": False, "values": [float(share) for share in quarters], "title": None}
    ticks = [{"at": float(share), "figure": exact_percent(share)} for share in quarters if share.denominator < 4]
    series = {"domain": [counted, raw, expected], "range": [style.main, style.pale, style.ink]}
    shapes = {"domain": [counted, raw, expected], "range": ["square", "square", "diamond"]}
    return chart(
        {
            "width": max(90, width - label_width - 90),
            "height": {"step": 34},
            "layer": [
                {
                    "data": values(bars),
                    "mark": {"type": "bar", "height": 16, "stroke": style.main, "strokeWidth": 1},
                    "encoding": {
                        "y": y,
                        "x": {"field": "from", "type": "quantitative", "scale": scale, "axis": axis},
                        "x2": {"field": "to"},
                        "color": {"field": "series", "type": "nominal", "scale": series},
                    },
                },
                {"data": values([{"at": 1}]), "mark": {"type": "rule", "color": style.ink, "strokeWidth": 1.2}, "encoding": {"x": {"field": "at", "type": "quantitative"}}},
                {
                    "data": values(diamonds),
                    "mark": {"type": "point", "filled": True, "size": 110, "stroke": style.paper, "strokeWidth": 1.5, "opacity": 1},
                    "encoding": {
                        "y": y,
                        "x": {"field": "at", "type": "quantitative"},
                        "color": {"field": "series", "type": "nominal", "scale": series},
                        "shape": {"field": "series", "type": "nominal", "scale": shapes},
                    },
                },
                {
                    "data": values(arrows),
                    "mark": {"type": "point", "shape": "triangle-right", "filled": True, "color": style.main, "size": 120, "opacity": 1},
                    "encoding": {"y": y, "x": {"field": "at", "type": "quantitative"}},
                },
                {
                    "data": values(ticks),
                    "mark": text(theme, baseline="top", dy=8, color=style.quiet),
                    "encoding": {"x": {"field": "at", "type": "quantitative"}, "y": {"value": "height"}, "text": {"field": "figure", "type": "nominal"}},
                },
                {
                    "data": values(figures),
                    "mark": text(theme, align="left", dx=8, fontWeight=600, limit=90),
                    "encoding": {"y": y, "x": {"value": "width"}, "text": {"field": "figure", "type": "nominal"}},
                },
            ],
        },
        theme=theme,
        width=width,
        title=title,
    )  # fmt: skip


def bars(
    rows: Sequence[tuple[str, int | Fraction | None]],
    *,
    unknown: str,
    title: str = "",
    theme: str = LIGHT,
    width: int = WIDTH,
    label_width: int = 0,
    by_name: bool = False,
) -> Spec:
    """Figures beside their names, in the order given: outlets, accounts, what posts brought. `by_name`: platforms' colours."""
    if not rows:
        return nothing(unknown, theme=theme, width=width, title=title)
    style, label_width = look(theme), label_width or min(190, width * 2 // 5)
    names = labels([name for name, _ in rows], 40)
    found = colours([name for name, _ in rows], theme) if by_name else [style.main for _ in rows]
    data = [
        {
            "name": name,
            "value": float(value or 0),
            "figure": clip(unknown) if value is None else exactly(value, 1),
            "colour": colour,
        }
        for name, (_, value), colour in zip(names, rows, found, strict=True)
    ]
    most = max([1.0, *(float(value) for _, value in rows if value is not None)])
    y = {"field": "name", "type": "nominal", "sort": names, "title": None, "axis": {"labelLimit": label_width}}
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": {"domain": [0, most], "nice": False}}
    return chart(
        {
            "width": max(90, width - label_width - 100),
            "height": {"step": 26},
            "data": values(data),
            "encoding": {"y": y, "x": x},
            "layer": [
                {
                    "mark": {"type": "bar", "height": 15},
                    "encoding": {"color": {"field": "colour", "type": "nominal", "scale": None, "legend": None}},
                },
                {"mark": text(theme, align="left", dx=6), "encoding": {"text": {"field": "figure", "type": "nominal"}}},
            ],
        },
        theme=theme,
        width=width,
        title=title,
    )


def platforms(
    measures: Sequence[tuple[str, Sequence[tuple[str, int | Fraction | None]]]],
    *,
    unknown: str,
    title: str = "",
    theme: str = LIGHT,
    width: int = WIDTH,
) -> Spec:
    """One field for each measure (views, engagements, posts), each with its own scale; side by side where there is room."""
    if not measures or not all(rows for _, rows in measures):
        return nothing(unknown, theme=theme, width=width, title=title)
    beside = width >= 170 * len(measures) + 150
    label_width = 90
    each = (width - 24 * len(measures)) // max(1, len(measures)) if beside else width
    fields = []
    for measure, rows in measures:
        field = bars(rows, unknown=unknown, theme=theme, width=each, label_width=label_width, by_name=True)
        fields.append(
            {name: field[name] for name in ("width", "height", "data", "encoding", "layer")}
            | {"title": {"text": clip(measure), "fontSize": 12, "offset": 4}}
        )
    return chart({"hconcat" if beside else "vconcat": fields, "spacing": 18}, theme=theme, width=width, title=title)  # fmt: skip


def months(
    names: Sequence[str],
    figures: Mapping[str, Sequence[int | Fraction | None]],
    *,
    unknown: str = "",
    axis: str = "",
    title: str = "",
    theme: str = LIGHT,
    width: int = WIDTH,
    height: int = 240,
) -> Spec:
    """Months stacked by platform, with each month's sum above. A month of which nothing is known has no bar and no sum."""
    style = look(theme)
    months_, series = labels(names, 12), labels(list(figures), 24)
    data = [
        {"month": month, "series": name, "order": at, "value": float(row[number] or 0)}
        for at, (name, row) in enumerate(zip(series, figures.values(), strict=True))
        for number, month in enumerate(months_)
        if row[number] is not None
    ]
    sums = []
    for number, month in enumerate(months_):
        known = [value for value in (row[number] for row in figures.values()) if value is not None]
        if known:
            sums.append({"month": month, "value": float(sum(known)), "figure": exactly(sum(known), 0)})
    if not sums:
        return nothing(unknown, theme=theme, width=width, title=title)
    across = max(160, width - 110)
    room = across / len(months_) / max(len(str(row["figure"])) for row in sums)
    size = min(11.0, 1.8 * room)  # smaller letters rather than sums that touch; none where they could not be read
    x = {
        "field": "month",
        "type": "ordinal",
        "sort": months_,
        "title": None,
        "scale": {"domain": months_},
        "axis": {"labelAngle": 0, "labelOverlap": "parity", "labelSeparation": 4},
    }
    y = {"field": "value", "type": "quantitative", "title": clip(axis) or None, "stack": "zero"}
    scale = {"domain": series, "range": colours(list(figures), theme)}
    return chart(
        {
            "width": across,
            "height": height,
            "layer": [
                {
                    "data": values(data),
                    "mark": {"type": "bar", "stroke": style.paper, "strokeWidth": 1.5},
                    "encoding": {
                        "x": x,
                        "y": y,
                        "color": {"field": "series", "type": "nominal", "scale": scale},
                        "order": {"field": "order", "type": "quantitative"},
                    },
                },
                {
                    "data": values(sums if size >= 8 else []),
                    "mark": text(theme, dy=-7, fontSize=round(size, 1)),
                    "encoding": {
                        "x": x,
                        "y": {"field": "value", "type": "quantitative"},
                        "text": {"field": "figure", "type": "nominal"},
                    },
                },
            ],
        },
        theme=theme,
        width=width,
        title=title,
    )
