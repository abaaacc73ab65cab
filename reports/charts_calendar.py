"""Charts on a grid of time: the plan's weekdays and hours, the weeks of a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from reports.charts import WIDTH
from reports.charts_style import LIGHT, Row, Spec, chart, clip, ink_on, labels, look, nothing, text, values
from words import exactly

ISSUED, MISSING, DOUBLE, AHEAD = "issued", "missing", "double", "ahead"
_SIGNS = {ISSUED: "", MISSING: "×", DOUBLE: "2", AHEAD: "·"}


def heat(
    weekdays: Sequence[str],
    hours: Sequence[str],
    cells: Mapping[tuple[int, int], tuple[int, int]],
    *,
    unknown: str = "",
    hour: str = "",
    title: str = "",
    theme: str = LIGHT,
    width: int = WIDTH,
) -> Spec:
    """Weekday by hour: of what was planned (met, planned), the share that was met in percent, written in each cell. A cell in
    which nothing was planned stays empty."""
    style = look(theme)
    rows, columns = labels(weekdays, 14), labels(hours, 8)
    data = []
    for (day, at), (met, planned) in sorted(cells.items()):
        if planned:
            share = Fraction(met, planned)
            step = min(int(share * len(style.ramp)), len(style.ramp) - 1)
            fill = style.ramp[step]
            data.append(
                {"day": rows[day], "hour": columns[at], "fill": fill, "ink": ink_on(fill, style), "figure": exactly(share * 100, 0)}
            )
    encoding = {
        "x": {"field": "hour", "type": "ordinal", "sort": columns, "scale": {"domain": columns}, "title": clip(hour) or None, "axis": {"orient": "top", "labelAngle": 0}},
        "y": {"field": "day", "type": "ordinal", "sort": rows, "scale": {"domain": rows}, "title": None},
    }  # fmt: skip
    if not data:
        return nothing(unknown, theme=theme, width=width, title=title)
    size = max(22, min(46, (width - 110) // max(1, len(columns))))
    return chart(
        {
            "width": {"step": size},
            "height": {"step": 30},
            "data": values(data),
            "encoding": encoding,
            "layer": [
                {
                    "mark": {"type": "rect", "stroke": style.paper, "strokeWidth": 2},
                    "encoding": {"color": {"field": "fill", "type": "nominal", "scale": None, "legend": None}},
                },
                {
                    "mark": text(theme, fontSize=min(12, size // 2)),
                    "encoding": {
                        "text": {"field": "figure", "type": "nominal"},
                        "color": {"field": "ink", "type": "nominal", "scale": None, "legend": None},
                    },
                },
            ],
        },
        theme=theme,
        width=width,
        title=title,
    )


def weeks(
    series: Sequence[tuple[str, Sequence[str]]],
    *,
    names: Mapping[str, str],
    unknown: str = "",
    week: str = "",
    title: str = "",
    theme: str = LIGHT,
    width: int = WIDTH,
) -> Spec:
    """A strip of the year's weeks for each series: issued, missing (crossed), double (2), ahead (a dot); `names` says these four
    for the legend. A strip too long for `width` goes on in a second line."""
    style = look(theme)
    if not any(states for _, states in series):
        return nothing(unknown, theme=theme, width=width, title=title)
    most = max([1, *(len(states) for _, states in series)])
    room = max(120, width - 130)
    lines = 1 if room // most >= 9 else 2
    across = -(-most // lines)
    fills = {ISSUED: style.main, MISSING: style.paper, DOUBLE: style.series[1], AHEAD: style.line}
    inks = {state: ink_on(fill, style) for state, fill in fills.items()}
    said = {state: _legend(clip(names[state], 30), _SIGNS[state]) for state in fills}
    rows: list[str] = []
    data: list[Row] = []
    for (_, states), label in zip(series, labels([name for name, _ in series], 22), strict=True):
        for line in range(lines):
            row = label if not line else f"{label} ({1 + line * across}–{min(most, (line + 1) * across)})"
            rows.append(row)
            for at, state in enumerate(states[line * across : (line + 1) * across]):
                data.append({"row": row, "week": at + 1, "state": said[state], "sign": _SIGNS[state], "ink": inks[state]})
    domain = list(range(1, across + 1))
    x = {
        "field": "week", "type": "ordinal", "sort": domain, "scale": {"domain": domain, "paddingInner": 0.15},
        "title": clip(week) or None, "axis": {"labelAngle": 0, "values": [1, *range(5, across + 1, 5)], "labelOverlap": False},
    }  # fmt: skip
    shown = [state for state in fills if any(state in states for _, states in series)]
    colour = {
        "field": "state", "type": "nominal",
        "scale": {"domain": [said[s] for s in shown], "range": [fills[s] for s in shown]},
        "legend": {"symbolType": "square", "symbolStrokeColor": style.quiet, "symbolStrokeWidth": 1},
    }  # fmt: skip
    return chart(
        {
            "width": room,
            "height": {"step": 30},
            "data": values(data),
            "encoding": {"x": x, "y": {"field": "row", "type": "nominal", "sort": rows, "title": None}},
            "layer": [
                {"mark": {"type": "rect", "stroke": style.quiet, "strokeWidth": 0.7, "height": 18}, "encoding": {"color": colour}},
                {
                    "mark": text(theme, fontSize=min(12, room // across + 2), fontWeight=600),
                    "encoding": {
                        "text": {"field": "sign", "type": "nominal"},
                        "color": {"field": "ink", "type": "nominal", "scale": None, "legend": None},
                    },
                },
            ],
        },
        theme=theme,
        width=width,
        title=title,
    )


def _legend(name: str, sign: str) -> str:
    return f"{name} ({sign})" if sign else name
