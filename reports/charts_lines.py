"""Charts of values over time: followers, the running value of a half-year against what is expected, the growth of a post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction

from reports.charts import WIDTH
from reports.charts_style import DASHES, LIGHT, SHAPES, Row, Spec, chart, clip, colours, labels, look, nothing, text, values
from words import exactly, language

Moment = date | datetime
HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Line:
    """`points` in order of time. `expected`: drawn thin and dashed, as what others are held against."""

    label: str
    points: Sequence[tuple[Moment, int | Fraction]]
    expected: bool = False


def lines(
    series: Sequence[Line],
    *,
    unknown: str = "",
    axis: str = "",
    zero: bool = True,
    title: str = "",
    theme: str = LIGHT,
    width: int = WIDTH,
    height: int = 250,
) -> Spec:
    """Each line with its own dash and shape, its name and last value written at its end. `zero`: the scale begins at 0."""
    style = look(theme)
    drawn = [line for line in series if line.points]
    if not drawn:
        return nothing(unknown, theme=theme, width=width, title=title)
    names = labels([line.label for line in drawn], 26)
    found = [
        style.quiet if line.expected else colour
        for line, colour in zip(drawn, colours([line.label for line in drawn], theme), strict=True)
    ]
    data: list[Row] = []
    ends: list[Row] = []
    for name, line, colour in zip(names, drawn, found, strict=True):
        data += [{"name": name, "at": _instant(at), "value": float(value)} for at, value in line.points]
        at, value = line.points[-1]
        ends.append(
            {"name": name, "at": _instant(at), "value": float(value), "colour": colour, "figure": f"{name}  {exactly(value, 0)}"}
        )
    low, high = _domain([row["value"] for row in data], zero)
    for row, place in zip(ends, _apart([row["value"] for row in ends], 17 * (high - low) / height), strict=True):
        row["label_at"] = place
    first, last = min(row["at"] for row in data), max(row["at"] for row in data)
    ticks, form = _ticks(first, last)
    x = {
        "field": "at",
        "type": "temporal",
        "scale": {"type": "utc", "domain": [first, max(last, first + HOUR)], "nice": False},
        "title": None,
        "axis": {"format": form, "values": ticks, "labelAngle": 0, "labelOverlap": "greedy", "labelSeparation": 4},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "title": clip(axis) or None,
        "scale": {"domain": [low, high], "nice": False, "zero": zero},
    }
    colour_scale = {"domain": names, "range": found}
    dashes = [[5, 4] if line.expected else DASHES[at % len(DASHES)] for at, line in enumerate(drawn)]
    layers: list[Spec] = [
        {
            "data": values(data),
            "mark": {"type": "line", "strokeWidth": 2.2, "interpolate": "linear"},
            "encoding": {
                "x": x,
                "y": y,
                "color": {"field": "name", "type": "nominal", "scale": colour_scale, "legend": None},
                "strokeDash": {"field": "name", "type": "nominal", "scale": {"domain": names, "range": dashes}, "legend": None},
            },
        },
        {
            "data": values(ends),
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
            "encoding": {
                "x": x,
                "y": y,
                "color": {"field": "name", "type": "nominal", "scale": colour_scale, "legend": None},
                "shape": {
                    "field": "name",
                    "type": "nominal",
                    "scale": {"domain": names, "range": [SHAPES[at % len(SHAPES)] for at in range(len(names))]},
                    "legend": None,
                },
            },
        },
        {
            "data": values(ends),
            "mark": text(theme, align="left", baseline="middle", dx=10, limit=200),
            "encoding": {
                "x": x,
                "y": {"field": "label_at", "type": "quantitative"},
                "text": {"field": "figure", "type": "nominal"},
            },
        },
    ]
    beside = min(210, 24 + 6 * max(len(row["figure"]) for row in ends))
    return chart({"width": max(120, width - beside - 86), "height": height, "layer": layers}, theme=theme, width=width, title=title)  # fmt: skip


def _instant(at: Moment) -> int:
    """Milliseconds of what its own clock shows, so that no machine's zone has a say; a day is its midnight."""
    return _milliseconds(datetime(at.year, at.month, at.day) if not isinstance(at, datetime) else at)  # noqa: DTZ001


def _milliseconds(at: datetime) -> int:
    return round(at.replace(tzinfo=UTC).timestamp() * 1000)


def _ticks(first: int, last: int) -> tuple[list[int], str]:
    """At most eight instants between the two at which a day or a month begins, and how they are written."""
    begin, end = (datetime.fromtimestamp(at / 1000, UTC) for at in (first, last))
    days = (last - first) / (24 * HOUR)
    if days <= 60:
        step = next(hours for hours in (6, 12, 24, 48, 96, 168, 240) if days * 24 / hours <= (4 if hours < 24 else 9)) * HOUR
        midnight = _milliseconds(begin.replace(hour=0, minute=0, second=0, microsecond=0))
        near = "%d.%m. %H:%M" if language() == "tr" else "%-d %b %H:%M"
        return [at for at in range(midnight, last + 1, step) if at >= first], near if step < 24 * HOUR else "%-d %b"
    months = 12 * (end.year - begin.year) + end.month - begin.month + 1
    each = next((n for n in (1, 2, 3, 6, 12, 24, 60) if months / n <= 7), 120)
    found = [datetime(begin.year + n // 12, n % 12 + 1, 1, tzinfo=UTC) for n in range(0, begin.month + months, each)]
    return [_milliseconds(at) for at in found if first <= _milliseconds(at) <= last], "%b" if begin.year == end.year else "%b %Y"


def _domain(found: Sequence[float], zero: bool) -> tuple[float, float]:
    low, high = min(found, default=0.0), max(found, default=1.0)
    low = min(low, 0.0) if zero else low
    room = (high - low) * 0.06 or max(abs(high) * 0.06, 1.0)
    return (low if zero and low == 0 else low - room), high + room


def _apart(places: Sequence[float], least: float) -> list[float]:
    """The places at which labels stand, at least `least` from each other, as near to their own as that allows."""
    order = sorted(range(len(places)), key=lambda at: places[at])
    moved = [places[at] for at in order]
    for _ in range(40):
        for at in range(1, len(moved)):
            short = least - (moved[at] - moved[at - 1])
            if short > 1e-9 * least:
                moved[at - 1] -= short / 2
                moved[at] += short / 2
    return [moved[order.index(at)] for at in range(len(places))]
