"""How a workbook looks on screen and on paper."""

from __future__ import annotations

from typing import Any

from reports.content import Report
from reports.inert import inert
from words import _, language

_LETTERS = {"font_name": "Arial", "font_size": 10}
_INK, _GREY, _PALE, _LINE = "#1F3A5F", "#7F7F7F", "#E6ECF2", "#B8C4D0"
_BOX = {"border": 1, "border_color": _LINE, "valign": "top"}
_LOOKS: dict[str, dict[str, Any]] = {
    "mark": {"bold": True, "font_size": 28, "font_color": _GREY},
    "institution": {"bold": True, "font_size": 13, "font_color": "#404040"},
    "title": {"bold": True, "font_size": 20, "font_color": _INK},
    "subtitle": {"font_size": 12, "font_color": "#404040"},
    "heading": {"bold": True, "font_size": 13, "font_color": _INK},
    "draft": {"bold": True, "font_color": _GREY},
    "label": {"bold": True, "font_color": _INK, "valign": "top"},
    "text": {"text_wrap": True, "valign": "top"},
    "note": {"text_wrap": True, "valign": "top", "italic": True, "font_color": "#404040"},
    "link": {"font_color": "#0B5394", "underline": 1, "valign": "top"},
    "column": {**_BOX, "bold": True, "font_color": _INK, "bg_color": _PALE, "text_wrap": True, "valign": "vcenter"},
    "figures": {
        **_BOX,
        "bold": True,
        "font_color": _INK,
        "bg_color": _PALE,
        "text_wrap": True,
        "valign": "vcenter",
        "align": "right",
    },
    "head": {**_BOX, "text_wrap": True, "valign": "vcenter"},
    "cell": {**_BOX, "text_wrap": True, "indent": 1},
    "none": {**_BOX, "align": "right", "font_color": "#595959"},
    "whole": {**_BOX, "num_format": "#,##0"},
    "places": {**_BOX, "num_format": "#,##0.00"},
    "percent": {**_BOX, "num_format": "0.00%"},
    "day": {**_BOX, "align": "left", "indent": 1},
}


class Formats:
    """A workbook's formats by name; `strong`: of a row that is set off."""

    def __init__(self, workbook: Any) -> None:
        workbook.formats[0].set_font_name(_LETTERS["font_name"])
        workbook.formats[0].set_font_size(_LETTERS["font_size"])
        days = "dd.mm.yyyy" if language() == "tr" else "yyyy-mm-dd"
        looks = {name: {**_LETTERS, **look, **({"num_format": days} if name == "day" else {})} for name, look in _LOOKS.items()}
        self._plain = {name: workbook.add_format(look) for name, look in looks.items()}
        self._strong = {name: workbook.add_format({**look, "bold": True, "bg_color": _PALE}) for name, look in looks.items()}

    def __getitem__(self, name: str) -> Any:
        return self._plain[name]

    def of(self, name: str, *, strong: bool) -> Any:
        return (self._strong if strong else self._plain)[name]


def printing(sheet: Any, report: Report, *, landscape: bool) -> None:
    """A4, as wide as the page, the mark above and the page's number below."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.9, bottom=0.7)
    if report.mark:
        sheet.set_header(f'&C&"Arial,Bold"&24&K{_GREY[1:]}{_plain(report.mark, 40)}')
    page = _("Page {page} of {pages}").format(page="&P", pages="&N")
    sheet.set_footer(f"&L&8{_plain(report.institution, 60)} · {_plain(report.title, 90)}&R&8{page}")


def _plain(text: str, most: int) -> str:
    """A text in which no `&` commands."""
    return inert(text, most).replace("&", "&&")
