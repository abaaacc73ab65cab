"""The pieces of WordprocessingML that python-docx has no name for: runs with breaks, fields, bookmarks, captions' numbers, a watermark."""

from __future__ import annotations

from functools import cache
from typing import Any


def element(tag: str, *children: Any, **attributes: str | int) -> Any:
    """`<w:tag w:name="value">` with children; an attribute with two underscores has its own prefix (`xml__space`)."""
    parser, spaces = _word()
    made = parser.makeelement(_named(tag), {_named(name): str(value) for name, value in attributes.items()}, spaces)
    made.extend(children)
    return made


@cache
def _word() -> tuple[Any, dict[str, str]]:
    from docx.oxml.ns import nsmap
    from docx.oxml.parser import oxml_parser

    return oxml_parser, {"w": nsmap["w"]}


@cache
def _named(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name.replace("__", ":") if "__" in name else f"w:{name}"))


def runs(text: str, *, bold: bool = False) -> list[Any]:
    """One run; line breaks are breaks."""
    parts: list[Any] = [element("rPr", element("b"))] if bold else []
    for number, line in enumerate(text.split("\n")):
        if number:
            parts.append(element("br"))
        written = element("t", xml__space="preserve")
        written.text = line
        parts.append(written)
    return [element("r", *parts)]


def paragraph(style: str, text: str, *, bold: bool = False, align: str = "", keep: bool = False) -> Any:
    """`keep`: on the page of what follows."""
    properties = [element("pStyle", val=style)]
    if keep:
        properties.append(element("keepNext"))
    if align:
        properties.append(element("jc", val=align))
    return element("p", element("pPr", *properties), *runs(text, bold=bold))


def field(instruction: str, shown: str) -> list[Any]:
    """A field with the result that it shows until it is updated."""
    said = element("instrText", xml__space="preserve")
    said.text = f" {instruction} "
    return [
        element("r", element("fldChar", fldCharType="begin")),
        element("r", said),
        element("r", element("fldChar", fldCharType="separate")),
        *runs(shown),
        element("r", element("fldChar", fldCharType="end")),
    ]


def bookmarked(children: list[Any], number: int, name: str) -> list[Any]:
    return [element("bookmarkStart", id=number, name=name), *children, element("bookmarkEnd", id=number)]


def watermark(mark: str, number: int) -> Any:
    """`mark` across the page, behind the text."""
    from docx.oxml import parse_xml

    run = parse_xml(_WATERMARK.format(number=number, width=88 * max(len(mark), 3)))
    run[-1][-1][-1].set("string", mark)
    return run


_WATERMARK = """<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office"><w:rPr><w:noProof/></w:rPr><w:pict>
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>
<v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/>
<v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>
<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>
<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>
<v:textpath on="t" fitshape="t"/></v:shapetype>
<v:shape id="mark{number}" o:spid="_x0000_s{number}" type="#_x0000_t136" o:allowincell="f" fillcolor="#e3e3e3" stroked="f"
 style="position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:120pt;rotation:315;z-index:-251658752;\
mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin">
<v:fill opacity=".4"/><v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt;font-weight:bold" string=""/></v:shape></w:pict></w:r>"""
