"""A chart beside its data: Excel's own, where the data are a simple series, and the picture otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from reports.charts_style import LIGHT, colours
from reports.content import DECIMAL, NUMBER, PERCENT, Chart, Table
from reports.inert import inert

_SEVERAL = {"hconcat", "vconcat", "concat", "facet", "repeat"}
_MOST_SERIES, _MOST_ROWS = 12, 400


@dataclass(frozen=True, slots=True)
class Range:
    """Where a table's titles stand, and how many rows below them are drawn."""

    sheet: str
    top: int
    rows: int


@dataclass(frozen=True, slots=True)
class Native:
    """`form`: `line`, `column` or `bar`; `columns` of the table that are drawn."""

    form: str
    stacked: bool
    columns: Sequence[int]


def native(chart: Chart, table: Table) -> Native | None:
    """What Excel can draw of it: bars or lines over the table's first column; None: only the picture shows it."""
    marks = {mark for view in _views(chart.spec) if (mark := _mark(view))}
    figures = [at for at, column in enumerate(table.columns) if at and column.kind in (NUMBER, DECIMAL, PERCENT)]
    named = {str(name) for view in _views(chart.spec) for name in _domain(view)}
    drawn = [at for at in figures if table.columns[at].title in named] or figures
    # Shares and numbers have no scale in common.
    columns = [at for at in drawn if (table.columns[at].kind == PERCENT) == (table.columns[drawn[0]].kind == PERCENT)]
    if _SEVERAL & set(chart.spec) or not marks & {"bar", "line", "area"} or "rect" in marks or "arc" in marks:
        return None
    if not columns or len(columns) > _MOST_SERIES or not 1 <= len(table.rows) <= _MOST_ROWS:
        return None
    if marks & {"line", "area"}:
        return Native("line", stacked=False, columns=columns)
    bars = [view.get("encoding", {}) for view in _views(chart.spec) if _mark(view) == "bar"]
    across = {**chart.spec.get("encoding", {}), **bars[0]}
    lying = across.get("y", {}).get("type") in ("nominal", "ordinal")
    measure = across.get("x" if lying else "y", {})
    coloured = across.get("color", {}).get("field") is not None and across["color"].get("scale", {}) is not None
    stacked = (
        len(columns) > 1
        and coloured
        and measure.get("stack", True) is not None
        and not {"x2", "y2", "xOffset", "yOffset"} & set(across)
    )
    return Native("bar" if lying else "column", stacked=stacked, columns=columns)


def chart_beside(workbook: Any, sheet: Any, chart: Chart, table: Table, where: Range) -> None:
    """Right of the table, with the same text for who does not see it."""
    place = (where.top, len(table.columns) + 1)
    said = {"description": inert(chart.alt, 2_000), "object_position": 2}
    found = native(chart, table)
    if found is None or not where.rows:
        from reports.charts_render import PNG, render

        sheet.insert_image(
            *place,
            f"{inert(chart.name, 80)}.png",
            {"image_data": BytesIO(render(chart.spec, PNG)), "x_scale": 0.5, "y_scale": 0.5, **said},
        )
        return
    sheet.insert_chart(*place, _drawn(workbook, chart, table, where, found), said)


def _drawn(workbook: Any, chart: Chart, table: Table, where: Range, found: Native) -> Any:
    drawn = workbook.add_chart({"type": found.form, **({"subtype": "stacked"} if found.stacked else {})})
    first, last = where.top + 1, where.top + where.rows
    palette = colours([table.columns[at].title for at in found.columns], LIGHT)
    for at, colour in zip(found.columns, palette, strict=True):
        look = {"line": {"color": colour, "width": 2}} if found.form == "line" else {"fill": {"color": colour}, "gap": 60}
        drawn.add_series(
            {
                "name": [where.sheet, where.top, at],
                "categories": [where.sheet, first, 0, last, 0],
                "values": [where.sheet, first, at, last, at],
                **look,
            }
        )
    days = [row[0] for row in table.rows if isinstance(row[0], date)]
    categories: dict[str, Any] = {"num_font": {"size": 9}}
    if len(days) == len(table.rows):
        categories |= _days(min(days), max(days))
    if found.form == "bar":
        categories["reverse"] = True
    drawn.set_x_axis(categories)
    percent = table.columns[found.columns[0]].kind == PERCENT
    form = {
        "num_format": "0%" if percent else "#,##0",
        "num_font": {"size": 9},
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
    }
    drawn.set_y_axis(form)
    title = re.sub(r"!(?=\S)", "! ", inert(chart.caption, 200))  # "a!B1" would be taken for a cell
    drawn.set_title({"name": title, "name_font": {"size": 12, "bold": True}, "overlay": False})
    drawn.set_legend({"none": True} if len(found.columns) == 1 else {"position": "bottom"})
    drawn.show_blanks_as("gap")
    drawn.set_size({"width": 760, "height": max(360, 40 + 30 * where.rows) if found.form == "bar" else 380})
    return drawn


def _days(first: date, last: date) -> dict[str, Any]:
    """An axis of days, marked by month where there are several."""
    if (last - first).days < 62:
        return {"date_axis": True, "num_format": "dd.mm.yyyy"}
    return {"date_axis": True, "num_format": "mm.yyyy", "major_unit": 1 + (last - first).days // 400, "major_unit_type": "months"}


def _views(spec: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield spec
    for layer in spec.get("layer", ()):
        yield from _views(layer)


def _mark(view: Mapping[str, Any]) -> str:
    mark = view.get("mark", "")
    return str(mark.get("type", "")) if isinstance(mark, Mapping) else str(mark)


def _domain(view: Mapping[str, Any]) -> Sequence[Any]:
    """The names of the series, where the specification says them."""
    scale = view.get("encoding", {}).get("color", {}).get("scale") or {}
    domain = scale.get("domain", ())
    return domain if isinstance(domain, (list, tuple)) else ()
