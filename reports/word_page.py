"""How a Word document looks: paper, margins, letters, the styles that its editors go on using, and what stands on every page."""

from __future__ import annotations

from typing import Any

from reports.content import Report
from reports.inert import inert
from reports.word_xml import element, field, runs, watermark
from words import _

LETTERS, SIZE = "Arial", 11  # the other of official writing is "Times New Roman", 12
PAPER = (21.0, 29.7)  # A4, in cm
SIDES, TOP, BOTTOM = 2.5, 2.5, 2.0
INK, GREY, PALE = "1F3A5F", "7F7F7F", "E6ECF2"

_STYLES: dict[str, dict[str, Any]] = {
    "Title": {"size": 26, "bold": True, "color": INK, "after": 6, "align": "center"},
    "Subtitle": {"size": 14, "color": "404040", "after": 30, "align": "center"},
    "Heading 1": {"size": 17, "bold": True, "color": INK, "before": 18, "after": 8, "next": True},
    "Heading 2": {"size": 13.5, "bold": True, "color": INK, "before": 14, "after": 6, "next": True},
    "TOC Heading": {"size": 17, "bold": True, "color": INK, "after": 10},
    "Caption": {"size": 10, "bold": True, "color": "404040", "before": 10, "after": 5},
    "Header": {"align": "center"},
    "Footer": {"size": 9, "color": "595959", "align": "center"},
    "Institution": {"size": 15, "bold": True, "color": "404040", "before": 60, "after": 110, "align": "center"},
    "toc 1": {"bold": True, "before": 5, "after": 2},
    "toc 2": {"after": 2, "indent": 0.6},
    "Table Heading": {"size": 9, "bold": True, "color": INK},
    "Table Text": {"size": 9},
    "Table Explanation": {"size": 8.5, "color": "404040"},
    "Table Note": {"size": 9, "color": "404040", "before": 4, "after": 4},
    "Mark": {"size": 30, "bold": True, "color": GREY, "align": "center"},
}


def paper(section: Any, *, wide: bool) -> int:
    """Sets a section's page; its text's width in twips."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    width, height = reversed(PAPER) if wide else PAPER
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = Cm(SIDES)
    section.top_margin, section.bottom_margin = Cm(TOP), Cm(BOTTOM)
    section.header_distance = section.footer_distance = Cm(1)
    return round((width - 2 * SIDES) / 2.54 * 1440)


def style(document: Any, language: str, width: int) -> None:
    """The styles by name, in the document's language; `width` is where the contents' page numbers stand."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn

    sheet = document.styles
    for unused in [found for found in sheet if found.type == WD_STYLE_TYPE.TABLE and not found.element.default]:
        unused.delete()
    for fonts in sheet.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for part in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{part}"), LETTERS)
    for spoken in sheet.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), language)
    defaults = sheet.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    defaults.find(qn("w:lang")).set(qn("w:val"), language)
    _format(sheet["Normal"], {"size": SIZE, "after": 7})
    sheet["Normal"].paragraph_format.line_spacing = 1.1
    known = {found.name for found in sheet}
    for name, look in _STYLES.items():
        found = sheet[name] if name in known else sheet.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        if name not in known:
            found.base_style = sheet["Normal"]
        _format(found, look)
    for name in ("toc 1", "toc 2"):
        sheet[name].element.set(qn("w:styleId"), name.upper().replace(" ", ""))
        sheet[name].element.attrib.pop(qn("w:customStyle"))
        tabs = element("tabs", element("tab", val="right", leader="dot", pos=width))
        sheet[name].element.get_or_add_pPr().insert_element_before(tabs, "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc")


def _format(style: Any, look: dict[str, Any]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    for old in style.element.iter(qn("w:pBdr"), qn("w:color"), qn("w:i"), qn("w:iCs"), qn("w:kern")):
        old.getparent().remove(old)
    spacing = style.element.find(f"{qn('w:rPr')}/{qn('w:spacing')}")
    if spacing is not None:
        spacing.getparent().remove(spacing)
    if "size" in look:
        style.font.size = Pt(look["size"])
    style.font.bold = look.get("bold", False)
    if "color" in look:
        style.font.color.rgb = RGBColor.from_string(look["color"])
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(look.get("before", 0)), Pt(look.get("after", 0))
    shape.line_spacing = 1.0
    shape.keep_with_next = look.get("next", False)
    if look.get("align") == "center":
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if "indent" in look:
        shape.left_indent = Cm(look["indent"])


def every_page(section: Any, report: Report) -> None:
    """The mark above and across each page, the first too; below each but the first what it is and its number."""
    section.different_first_page_header_footer = True
    mark = inert(report.mark, 40)
    for number, header in enumerate((section.first_page_header, section.header)):
        above = header.paragraphs[0]
        if mark:
            above.style = "Mark"
            above.paragraph_format.element.extend([*runs(mark), watermark(mark, 2049 + number)])
    below = section.footer.paragraphs[0].paragraph_format.element
    before, between, after = _("Page {page} of {pages}").replace("{pages}", "{page}").split("{page}")
    below.extend(runs(f"{inert(report.institution, 120)} · {inert(report.title, 160)} · {before}"))
    below.extend([*field("PAGE", "1"), *runs(between), *field("NUMPAGES", "1")])
    if after:
        below.extend(runs(after))
