"""A chart's specification as a picture: SVG that may stand in any page, or PNG. The same specification gives the same bytes.

Nothing is fetched: a specification that names an address instead of its values is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from reports.typeface import FONTS, printable

SVG, PNG = "svg", "png"
VERSION = "6.4"  # of Vega-Lite: named, so that another release of the renderer does not choose another
SHARPNESS = 2.0  # pixels of a PNG for each pixel of the specification

_SPACE = "http://www.w3.org/2000/svg"
_ELEMENTS = {"svg", "g", "path", "line", "rect", "text", "tspan", "defs", "clipPath", "linearGradient", "stop"}
_ATTRIBUTES = {
    "width", "height", "viewBox", "transform", "d", "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "rx", "ry", "fill", "fill-opacity",
    "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-dashoffset", "stroke-miterlimit", "stroke-linecap",
    "stroke-linejoin", "opacity", "text-anchor", "font-family", "font-size", "font-weight", "font-style", "clip-path", "id",
    "display", "offset", "stop-color", "dir", "direction",
}  # fmt: skip
_UNDRAWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_REFERENCE = re.compile(r"url\(#([\w-]+)\)")


def render(spec: Mapping[str, Any], kind: str, *, title: str = "", alt: str = "") -> bytes:
    """`spec` as `svg` or `png`. The SVG is an image with a name and a description (`title`, `alt`) for whoever does not see it;
    it has no script, no style, no reference to anywhere, and ids that no other chart of the page has."""
    import vl_convert

    _letters()
    text = json.dumps(_drawable(spec), ensure_ascii=False)
    if kind == PNG:
        return bytes(vl_convert.vegalite_to_png(text, vl_version=VERSION, scale=SHARPNESS, ppi=72, allowed_base_urls=[]))
    if kind == SVG:
        drawn = str(vl_convert.vegalite_to_svg(text, vl_version=VERSION, allowed_base_urls=[]))
        return plain(drawn, key(spec, kind, title, alt)[:8], title, alt)
    raise ValueError(f"a chart is drawn as svg or png, not as {kind}")


@cache
def _letters() -> None:
    """Our own typeface measures and draws the texts, so that no machine's fonts have a say."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))


def key(spec: Mapping[str, Any], kind: str, *more: str) -> str:
    """Names a picture by all that it depends on."""
    text = json.dumps([VERSION, SHARPNESS, kind, spec, *more], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(drawn: str, prefix: str, title: str = "", alt: str = "") -> bytes:
    """An SVG reduced to the shapes and texts that a chart is made of."""
    root = ElementTree.fromstring(drawn)  # noqa: S314  what our own renderer has drawn
    _reduce(root, prefix)
    root.set("role", "img")
    labels = [(name, text) for name, text in (("title", title), ("desc", alt)) if text]
    for at, (name, text) in enumerate(labels):
        element = ElementTree.Element(f"{{{_SPACE}}}{name}", {"id": f"c{prefix}-{name}"})
        element.text = _UNDRAWABLE.sub("", text)
        root.insert(at, element)
    if labels:
        root.set("aria-labelledby", " ".join(f"c{prefix}-{name}" for name, _ in labels))
    ElementTree.register_namespace("", _SPACE)
    return bytes(ElementTree.tostring(root, encoding="utf-8"))


def _reduce(element: ElementTree.Element, prefix: str) -> None:
    for child in list(element):
        hidden = child.get("opacity") == "0" or child.get("display") == "none" or child.get("d") in ("", "M0,0h0v0h0Z")
        if child.tag.removeprefix(f"{{{_SPACE}}}") in _ELEMENTS and not hidden:
            _reduce(child, prefix)
        else:
            element.remove(child)
    for name, value in list(element.attrib.items()):
        kept = _REFERENCE.sub(rf"url(#c{prefix}-\1)", value) if name != "id" else f"c{prefix}-{value}"
        outward = "url(" in kept.replace(f"url(#c{prefix}-", "")
        if name not in _ATTRIBUTES or outward:
            del element.attrib[name]
        else:
            element.set(name, kept)


def _drawable(part: Any, *, data: bool = False) -> Any:
    """`part` of a specification without the characters that no XML may hold: one of them would end this process, not the drawing.

    Only `values` may hold data: an address outside of them is refused.
    """
    if isinstance(part, str):
        return printable(_UNDRAWABLE.sub("", part))
    if isinstance(part, Mapping):
        if not data and ("url" in part or "href" in part):
            raise ValueError("a chart's data stand in the chart itself, never at an address")
        return {str(name): _drawable(value, data=data or name == "values") for name, value in part.items()}
    if isinstance(part, (list, tuple)):
        return [_drawable(value, data=data) for value in part]
    return part


class Rendered:
    """Pictures that were drawn already, kept in a directory by what they depend on; another one may use it at the same time.
    Past `most` of them the oldest go."""

    def __init__(self, directory: Path, most: int = 2_000) -> None:
        self.directory = directory
        self.most = most

    def render(self, spec: Mapping[str, Any], kind: str, *, title: str = "", alt: str = "") -> bytes:
        """As `render`; drawn once."""
        path = self.directory / f"{key(spec, kind, title, alt)}.{kind}"
        if path.is_file():
            return path.read_bytes()
        drawn = render(spec, kind, title=title, alt=alt)
        self.directory.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.directory)
        with os.fdopen(handle, "wb") as file:
            file.write(drawn)
        Path(name).replace(path)
        self._thin()
        return drawn

    def _thin(self) -> None:
        kept = [(entry.stat().st_mtime_ns, entry.path) for entry in os.scandir(self.directory)]
        for _, name in sorted(kept)[: max(0, len(kept) - self.most)]:
            Path(name).unlink(missing_ok=True)
